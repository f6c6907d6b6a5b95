"""The report that a notebook opens: certified tables in, numbered tables, figures and readings out.

`report = open_report(globals())` checks the parameters of the notebook that runs, finds the contract's tables,
and numbers what is shown. It is the same object under Run All, bare papermill and `ose build`.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from IPython.display import display

from pipelines.charts.diagram import Diagram
from pipelines.charts.image import render_image
from pipelines.charts.style import Chart
from pipelines.commentary import select_comments
from pipelines.disclosure import hide_people
from pipelines.errors import UsageError
from pipelines.fingerprint import digest
from pipelines.indicators.gender.tree import Tree
from pipelines.indicators.territories import name_orientations
from pipelines.numbers import format_number
from pipelines.parameters import check_cell_history
from pipelines.paths import processed_folder
from pipelines.processed import declared_sources, load_table, read_manifest
from pipelines.report import blocks
from pipelines.report.door import guard_display
from pipelines.report.provenance import cite
from pipelines.tables import CERTIFIED, empty

FICTIONAL = "Données fictives de démonstration"
UNTITLED = "Montré sans titre ni source : le donner à report.show pour les dire."
# Digits of a fingerprint that a person copies into a commentary.
COPIED = 12
# What ends a cell is a look at a frame, not a publication of it.
BARE_ROWS = 20


@dataclass
class Report:
    """One report being written: the contract's manifest, the year, and how many tables and figures were shown."""

    contrat: str
    annee: int
    manifest: dict[str, Any]
    _shown: dict[str, int] = field(default_factory=lambda: {"tableau": 0, "figure": 0})
    # A reading speaks of what was shown last, and bears the same mark.
    _fictional: bool = False
    # The figures shown since the last commentary, as they are read: what the next commentary speaks of.
    _spoken_of: list[Any] = field(default_factory=list)

    def load(self, name: str, *, facultatif: bool = False) -> pd.DataFrame:
        """One certified table of the contract, typed as `pipelines.tables` says. DataError where it is absent.

        `facultatif`: an absent table is one without rows, for what a contract may not have.

        Of `beneficiaires`, the persons reached are missing: what may be said of them is in `effectifs_publies`.
        """
        if facultatif and name in CERTIFIED and name not in self.manifest["tables"]:
            return empty(CERTIFIED[name])
        table = load_table(processed_folder(self.contrat), self.manifest, name)
        if name == "beneficiaires":
            table["nb_personnes"] = table["nb_personnes"].mask(table["moment"] == "realise")
        return table

    @property
    def contract(self) -> dict[str, Any]:
        """What contrat.yml says: nom, annees, orientations, seuils, statut_rapport, date_arret, sources..."""
        return self.manifest["contrat"]

    @property
    def inputs(self) -> pd.DataFrame:
        """What the programme of each year was made from: annee, empreinte_donnees, empreinte_corrections."""
        columns = ["annee", "empreinte_donnees", "empreinte_corrections"]
        return pd.DataFrame(self.manifest["annees"], columns=columns).astype({"annee": "Int64"})

    @property
    def tree(self) -> Tree | None:
        """The decision tree of the gender marker; None where the contract has none."""
        tree = self.contract["arbre_marqueur"]
        return tree and Tree.model_validate(tree)

    @property
    def orientations(self) -> pd.Series:
        """Orientation label by code; a label that is ours says so."""
        return pd.Series(name_orientations(self.contract["orientations"]))

    @property
    def jour_arret(self) -> datetime.date:
        """The date at which payments and accounts are stopped: the only « today » of a report."""
        return datetime.date.fromisoformat(self.contract["date_arret"])

    @property
    def date_arret(self) -> str:
        """`jour_arret` as d/m/yyyy."""
        return self.jour_arret.strftime("%d/%m/%Y")

    @property
    def thresholds(self) -> dict[str, Any]:
        """The contract's thresholds: petit_effectif (persons), petite_subvention (€), base_minimale_part (cases)."""
        return self.contract["seuils"]

    def show(
        self,
        shown: pd.DataFrame | Chart | Diagram,
        titre: str,
        *,
        sources: Sequence[str | pd.DataFrame],
        note: str = "",
        methode: str = "",
        replie: bool = False,
    ) -> None:
        """Show a numbered table or figure; `sources`: the rows it was computed from, or the names of whole tables.

        Rows say themselves where they come from (`id_source`): what is fictional cannot go unmarked. `note`: what a
        reader must know; `methode`: how the values are defined or computed, folded below. `replie`: the rows of a table
        are folded under its title, for what is there to be taken away more than read.
        """
        shown = self._protected(shown)
        lines = self._sources(sources)
        cited = [cite(line) for line in lines]
        fictional = self._fictional = any(line["fictif"] for line in lines)
        kind = "tableau" if isinstance(shown, pd.DataFrame) else "figure"
        self._shown[kind] += 1
        number = self._shown[kind]
        name = f"{kind}-{number}.csv"
        shared = {"number": number, "title": titre, "sources": cited, "fictional": fictional}
        shared |= {"note": note, "method": methode}
        csv, about = {}, {"sources": [line["id"] for line in lines]}
        if isinstance(shown, Chart):
            picture = render_image(shown, mark=FICTIONAL if fictional else "")
            html = blocks.figure_block(picture, alt=shown.alt, data=shown.data, **shared)
        elif isinstance(shown, Diagram):
            html = blocks.diagram_block(shown, said=FICTIONAL if fictional else "", **shared)
        else:
            html, text = blocks.table_block(shown, csv_name=name, folded=replie, **shared)
            csv = {"text/csv": text}
            told = {"numero": number, "titre": titre, "note": note, "methode": methode, "fictif": fictional}
            about |= {"csv": name, "tableau": blocks.describe_table(shown) | told}
        plain = f"{kind.capitalize()} {number}. {titre}"
        self._spoken_of.append([titre, *map(blocks.displayed, _drawn(shown))])
        display({"text/html": html, "text/plain": plain, **csv}, raw=True, metadata={"ose": about})

    def show_bare(self, shown: pd.DataFrame | Chart | Diagram) -> None:
        """Show what ends a cell without `show`: the first rows, untitled, as if it came from every table."""
        kind, origins, note = "Figure", list(self.manifest["tables"]), UNTITLED
        if isinstance(shown, pd.DataFrame):
            kind, whole = "Tableau", len(shown)
            origins = [shown] if "id_source" in shown else origins
            shown = shown.head(BARE_ROWS)
            note += f" {BARE_ROWS} premières lignes sur {format_number(whole)}." if whole > BARE_ROWS else ""
        self.show(shown, f"{kind} sans titre", sources=origins, note=note)

    def read(self, text: str) -> None:
        """Show a « Lecture » sentence, computed from values in the cell, about what was shown last."""
        _display(blocks.reading_block(text, fictional=self._fictional), f"Lecture : {text}")

    def refuse(self, reason: str, *, quoi: str = "Comparaison refusée") -> None:
        """Show that a comparison is refused, or that there is nothing to show (`quoi`), and why."""
        _display(blocks.refusal_block(reason, what=quoi), f"{quoi} : {reason}")

    def refuse_bare(self, reason: str) -> None:
        """Show that what ends a cell is not published, and why; a build stops there."""
        html = blocks.refusal_block(reason, what="Résultat non publié")
        display({"text/html": html, "text/plain": reason}, raw=True, metadata={"ose": {"refus": reason}})

    def key_figures(self, figures: Sequence[tuple[str, str, str]], *, sources: Sequence[str | pd.DataFrame]) -> None:
        """Show a few key figures: (value as text, label, detail), computed from some rows or tables."""
        self._fictional = any(line["fictif"] for line in self._sources(sources))
        self._spoken_of.append([list(figure) for figure in figures])
        plain = " ; ".join(f"{value} {label}" for value, label, _ in figures)
        _display(blocks.key_figures_block(figures, fictional=self._fictional), plain)

    def comments(self, notebook: str) -> pd.DataFrame:
        """The commentaries written for a report of this year: columns section, texte, auteur, date, empreinte."""
        return select_comments(self.load("commentaires"), self.annee, notebook)

    def comment(self, section: str, notebook: str) -> None:
        """Show the evaluators' commentary of a section, or that there is none.

        It speaks of the figures shown since the last commentary: where these are not those whose fingerprint it noted,
        it is « à relire », and so is the report.
        """
        fingerprint, self._spoken_of = digest(self._spoken_of)[:COPIED], []
        written = self.comments(notebook).set_index("section")
        comment = written.loc[section].fillna("").to_dict() if section in written.index else None
        html = blocks.comment_block(comment, section=section, fingerprint=fingerprint)
        stale = {"a_relire": section} if comment and comment["empreinte"] != fingerprint else {}
        plain = f"Commentaire : {comment['texte'] if comment else 'à rédiger'}"
        display({"text/html": html, "text/plain": plain}, raw=True, metadata={"ose": stale})

    def _protected(self, shown: pd.DataFrame | Chart | Diagram) -> pd.DataFrame | Chart | Diagram:
        """What may be shown. UsageError on a figure that draws a small count: it must be hidden before drawing."""
        seuil = self.thresholds["petit_effectif"]
        if isinstance(shown, pd.DataFrame):
            return hide_people(shown, seuil=seuil)
        if any(not hide_people(frame, seuil=seuil).equals(frame) for frame in _drawn(shown)):
            raise UsageError(
                "Cette figure dessine un petit effectif de personnes : la faire à partir de la table effectifs_publies."
            )
        return shown

    def _sources(self, origins: Sequence[str | pd.DataFrame]) -> list[dict[str, Any]]:
        """The declared sources of some rows or whole tables, in the order of contrat.yml."""
        wanted = {name for origin in origins for name in self._source_ids(origin)}
        return [source for source in declared_sources(self.manifest) if source["id"] in wanted]

    def _source_ids(self, origin: str | pd.DataFrame) -> list[str]:
        tables = self.manifest["tables"]
        if isinstance(origin, pd.DataFrame):
            if "id_source" not in origin:
                raise UsageError(
                    "Ces lignes ne disent plus d'où elles viennent : donner à « sources » les lignes chargées."
                )
            return list(origin["id_source"].dropna().unique())
        if origin not in tables:
            raise UsageError(f"La table « {origin} » n'existe pas. Tables : {', '.join(tables)}.")
        return tables[origin]["sources"]


def _drawn(shown: pd.DataFrame | Chart | Diagram) -> list[pd.DataFrame]:
    """The frames that a table is, or that a figure draws."""
    if isinstance(shown, Diagram):
        return [shown.nodes, shown.edges]
    return [shown.data if isinstance(shown, Chart) else shown]


def open_report(namespace: Mapping[str, Any]) -> Report:
    """The report of the notebook that runs: call it as `open_report(globals())` right after the imports.

    Reads the notebook's parameters `contrat` and `annee` (None: the contract's last year). UsageError on an unknown or
    ill-typed parameter or a year outside the contract, DataError where the tables are not prepared.
    """
    check_cell_history(namespace.get("In", []), namespace)
    contrat, annee = namespace["contrat"], namespace["annee"]
    manifest = read_manifest(processed_folder(contrat))
    years = manifest["contrat"]["annees"]
    annee = years["fin"] if annee is None else annee
    if not years["debut"] <= annee <= years["fin"]:
        raise UsageError(
            f"L'année {annee} est hors du contrat ({years['debut']} à {years['fin']}). Choisir une année du contrat."
        )
    report = Report(contrat, annee, manifest)
    guard_display(report.show_bare, report.refuse_bare)
    return report


def _display(html: str, plain: str) -> None:
    display({"text/html": html, "text/plain": plain}, raw=True, metadata={"ose": {}})
