"""`outputs/<contrat>/qualite.html`: what became of every line, cell and check of a contract's data, on one page.

From the certified folder alone (manifest, tables, journal, rows set aside): no raw file is read, no text of a row set
aside is shown, no value that a check found at fault either.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipelines.fingerprint import digest_package, locked_versions
from pipelines.indicators.quality import count_missing, count_personal, count_set_aside, first_places, place_of
from pipelines.numbers import count, format_number
from pipelines.processed import declared_sources, load_table
from pipelines.report.accessibility import conformity
from pipelines.report.blocks import MARK, key_figures_block, table_block
from pipelines.report.grid import lay_out
from pipelines.report.provenance import (
    COUNTED,
    JOURNAL,
    LIBRARIES,
    QUALITY,
    SET_ASIDE,
    balance_totals,
    fingerprint_quality,
)
from pipelines.report.templates import environment
from pipelines.tables import GRANTED_COLUMNS, TABLES

TITLE = "Qualité des données"
# From outputs/<contrat>/ to outputs/.
HOME = "../index.html"
_COUNTS = list(COUNTED)
_EUROS = ["montant_lu", "montant_retenu", "montant_ecarte"]
_SEVERITIES = {"critical": "bloquant", "warning": "avertissement"}
_CORRECTION = ["fichier", "feuille", "ligne", "colonne", "motif"]


def describe_quality(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The page's provenance: what it was made from, and the figures that it opens with."""
    contract = manifest["contrat"]
    read = {line["id_source"] for line in manifest["balance"]}
    sources = [source for source in declared_sources(manifest) if source["id"] in read]
    controls = manifest["controles"]
    return {
        "titre": TITLE,
        "contrat": contract["nom_dossier"],
        "nom_contrat": contract["nom"],
        "statut": contract["statut_rapport"],
        "date_arret": contract["date_arret"],
        "accessibilite": conformity(contract),
        "fictif": any(source["fictif"] for source in sources),
        "sources": sources,
        "balance": manifest["balance"],
        "verdict": {
            "nb_controles": len(controls),
            "nb_avertissements": sum(not line["success"] for line in controls),
        },
        "versions": locked_versions(LIBRARIES),
        "methode": digest_package(),
        "empreinte": fingerprint_quality(folder),
    }


def render_quality(folder: Path, manifest: dict[str, Any], about: Mapping[str, Any]) -> str:
    """The page of a contract's certified folder. DataError where a table is not the certified one."""
    tables = {name: load_table(folder, manifest, name) for name in manifest["tables"]}
    journal = _read_lines(folder / JOURNAL)
    aside = [_read_lines(path).assign(table=path.stem) for path in sorted(folder.glob(SET_ASIDE))]
    missing = count_missing(tables, journal, pd.DataFrame(manifest["balance"]))
    told = missing[["nb_nd", "nb_ns", "nb_s", "nb_so", "nb_illisible"]].sum(axis=1) > 0
    warnings, passed = _controls(manifest["controles"])
    numbered = _Numbered({source["id"] for source in about["sources"] if source["fictif"]}, manifest)
    template = environment().get_template("quality.html.j2")
    return template.render(
        about=about,
        home=HOME,
        marks=["Projet"] * (about["statut"] == "projet") + ["Données fictives de démonstration"] * about["fictif"],
        totals=balance_totals(about["balance"]),
        key_figures=_unmarked(key_figures_block(_key_figures(about), fictional=about["fictif"])),
        # In the order of the page: each block takes the next number.
        balance=numbered.show(_balance(manifest["balance"]), "Bilan des lignes par fichier et par feuille"),
        euros=numbered.show(_euros(manifest["euros"]), "Euros accordés par fichier, par feuille et par année"),
        illegible=sum(line["nb_illisibles"] for line in manifest["euros"]["accordes"]),
        votes=numbered.show(_votes(manifest["euros"]), "Euros accordés et euros votés par année"),
        warnings=numbered.show(warnings, "Contrôles non conformes"),
        passed=[
            (name, len(lines), numbered.show(lines.drop(columns="table"), f"Contrôles conformes de la table {name}"))
            for name, lines in passed.groupby("table", sort=False)
        ],
        set_aside=numbered.show(count_set_aside(_together(aside)), "Lignes écartées par table et par motif"),
        corrections=numbered.show(_corrections(manifest), "Corrections appliquées"),
        personal=numbered.show(count_personal(journal), "Données personnelles retirées"),
        told=numbered.show(missing.loc[told], "Cellules manquantes dont la raison est connue, par colonne"),
        blank=numbered.show(
            missing.loc[~told, ["table", "colonne", "nb_lignes", "nb_vide", "part_manquants"]],
            "Colonnes dont les seuls manques sont des cellules vides",
        ),
        sources=about["sources"],
    )


class _Numbered:
    """The tables of one page, numbered as they come; those of fictional lines say so."""

    def __init__(self, fictional: set[str], manifest: Mapping[str, Any]) -> None:
        self.number = 0
        read = manifest["balance"]
        self.files = {line["fichier"] for line in read if line["id_source"] in fictional}
        fed = {name for name, entry in manifest["tables"].items() if fictional & set(entry["sources"])}
        self.tables = fed | {line["table"] for line in read if line["id_source"] in fictional}

    def show(self, frame: pd.DataFrame, title: str) -> Markup:
        """The table as a block, with its CSV inside; nothing for no rows."""
        if frame.empty:
            return Markup()
        self.number += 1
        html, _ = table_block(
            lay_out(frame.reset_index(drop=True)),
            number=self.number,
            title=title,
            sources=(),
            fictional=self._is_fictional(frame, title),
            csv_name=f"{QUALITY}-tableau-{self.number}.csv",
        )
        return _unmarked(html)

    def _is_fictional(self, frame: pd.DataFrame, title: str) -> bool:
        if "fichier" in frame:
            return bool(self.files & set(frame["fichier"]))
        if "table" in frame:
            return bool(self.tables & set(frame["table"]))
        if "annee" in frame:
            return bool(self.tables & set(GRANTED_COLUMNS))
        return title.rsplit(" ", 1)[-1] in self.tables


def _unmarked(html: str) -> Markup:
    return Markup(html.removeprefix(MARK))  # noqa: S704 made by blocks.py, which escapes


def _read_lines(path: Path) -> pd.DataFrame:
    """A journal or rows set aside, as text but for the line number; no rows where the file is absent or has none."""
    columns = ["id_source", "fichier", "feuille", "ligne", "colonne", "motif"]
    # Of most tables no row is set aside: their file has its heads alone, which need no reader.
    if not path.is_file() or b"\n" not in path.read_bytes().rstrip(b"\n"):
        frame = pd.DataFrame(columns=columns, dtype="str")
    else:
        frame = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False)
    return frame.assign(ligne=pd.to_numeric(frame["ligne"]).astype("Int64"))


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _key_figures(about: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    totals, verdict = balance_totals(about["balance"]), about["verdict"]
    files = count(len({line["fichier"] for line in about["balance"]}), "fichier")
    not_data = format_number(totals["hors_donnees"])
    passed = verdict["nb_controles"] - verdict["nb_avertissements"]
    return [
        (format_number(totals["lues"]), "Lignes lues", f"dans {files}"),
        (
            format_number(totals["retenues"]),
            "Lignes retenues",
            f"et {not_data} hors données",
        ),
        (format_number(totals["ecartees"]), "Lignes écartées", "chacune avec son motif" if totals["ecartees"] else ""),
        (
            f"{format_number(passed)} sur {format_number(verdict['nb_controles'])}",
            "Contrôles conformes",
            count(verdict["nb_avertissements"], "avertissement") if verdict["nb_avertissements"] else "",
        ),
    ]


def _balance(balance: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(balance)[["fichier", "feuille", "table", *_COUNTS]]
    total = pd.DataFrame([{"fichier": "Total", "feuille": "", "table": "", **frame[_COUNTS].sum().to_dict()}])
    return pd.concat([frame, total], ignore_index=True)


def _euros(euros: Mapping[str, Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """Granted euros of each sheet and year."""
    frame = pd.DataFrame(euros["accordes"], columns=["fichier", "feuille", "annee", *_EUROS, "nb_illisibles"])
    if frame.empty:
        return frame
    sums = frame[[*_EUROS, "nb_illisibles"]].sum().to_dict()
    total = pd.DataFrame([{"fichier": "Total", "feuille": "", "annee": "", **sums}])
    years = ["" if pd.isna(year) else str(int(year)) for year in frame["annee"]]
    return pd.concat([frame.assign(annee=years), total], ignore_index=True)


def _votes(euros: Mapping[str, Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """Granted euros of each voted year beside the vote."""
    # A gap in euros, not in points.
    frame = pd.DataFrame(euros["votes"], columns=["annee", "montant_vote", "montant_retenu", "ecart_vote"])
    frame = frame.rename(columns={"ecart_vote": "montant_ecart_vote"})
    return frame.assign(annee=frame["annee"].astype("str"))


def _controls(controls: Sequence[Mapping[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The checks that failed, and those that held, in the order of the tables."""
    order = {name: rank for rank, name in enumerate(TABLES)}
    lines = [
        {
            "table": line["table"],
            "controle": line["description"],
            "regle": str(line.get("numero") or ""),
            "gravite": _SEVERITIES.get(line["severity"], line["severity"]),
            "constat": line["observe"] or count(line["nb_lignes"], "ligne"),
            "premieres_lignes": first_places([place_of(place) for place in line["lignes"]], line["nb_lignes"]),
            "conforme": line["success"],
        }
        for line in sorted(controls, key=lambda line: order.get(line["table"], len(order)))
    ]
    shown = ["table", "controle", "regle", "gravite", "constat", "premieres_lignes"]
    frame = pd.DataFrame(lines, columns=[*shown, "conforme"])
    if not frame["regle"].any():
        frame = frame.drop(columns="regle")
    held = frame["conforme"].astype(bool)
    found = ["constat", "premieres_lignes"]
    return frame.loc[~held].drop(columns="conforme"), frame.loc[held].drop(columns=["conforme", *found])


def _corrections(manifest: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(manifest.get("corrections", []), columns=_CORRECTION)
