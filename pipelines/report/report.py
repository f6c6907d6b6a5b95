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

from pipelines.charts.style import Chart, to_svg
from pipelines.commentary import select_comments
from pipelines.errors import UsageError
from pipelines.parameters import check_cell_history
from pipelines.paths import processed_folder
from pipelines.processed import declared_sources, load_table, read_manifest
from pipelines.report import blocks

FICTIONAL = "Données fictives de démonstration"


@dataclass
class Report:
    """One report being written: the contract's manifest, the year, and how many tables and figures were shown."""

    contrat: str
    annee: int
    manifest: dict[str, Any]
    _shown: dict[str, int] = field(default_factory=lambda: {"tableau": 0, "figure": 0})
    # A reading speaks of what was shown last, and bears the same mark.
    _fictional: bool = False

    def load(self, name: str) -> pd.DataFrame:
        """One certified table of the contract, typed as `pipelines.tables` says. DataError where it is absent."""
        return load_table(processed_folder(self.contrat), self.manifest, name)

    @property
    def contract(self) -> dict[str, Any]:
        """What contrat.yml says: nom, annees, orientations, seuils, statut_rapport, date_arret, sources..."""
        return self.manifest["contrat"]

    @property
    def orientations(self) -> pd.Series:
        """Orientation label by code; a label that is ours says so."""
        return pd.Series(
            {
                line["code"]: f"{line['code']} {line['libelle']}" + (" (libellé fictif)" if line["est_fictif"] else "")
                for line in self.contract["orientations"]
            }
        )

    @property
    def date_arret(self) -> str:
        """The date at which payments and accounts are stopped, as d/m/yyyy."""
        return datetime.date.fromisoformat(self.contract["date_arret"]).strftime("%d/%m/%Y")

    @property
    def thresholds(self) -> dict[str, Any]:
        """The contract's thresholds: petit_effectif (persons), petite_subvention (€), base_minimale_part (cases)."""
        return self.contract["seuils"]

    def show(
        self,
        shown: pd.DataFrame | Chart,
        titre: str,
        *,
        sources: Sequence[str | pd.DataFrame],
        note: str = "",
    ) -> None:
        """Show a numbered table or chart; `sources`: the rows it was computed from, or the names of whole tables.

        Rows say themselves where they come from (`id_source`): what is fictional cannot go unmarked.
        """
        lines = self._sources(sources)
        cited = [_cited(line) for line in lines]
        fictional = self._fictional = any(line["fictif"] for line in lines)
        kind = "figure" if isinstance(shown, Chart) else "tableau"
        self._shown[kind] += 1
        number = self._shown[kind]
        name = f"{kind}-{number}.csv"
        shared = {"number": number, "title": titre, "sources": cited, "note": note, "fictional": fictional}
        csv = {}
        if isinstance(shown, Chart):
            svg = to_svg(shown, mark=FICTIONAL if fictional else "")
            html = blocks.figure_block(svg, alt=shown.alt, data=shown.data, **shared)
        else:
            html, text = blocks.table_block(shown, csv_name=name, **shared)
            csv = {"text/csv": text}
        plain = f"{kind.capitalize()} {number}. {titre}"
        about = {"sources": [line["id"] for line in lines]} | ({"csv": name} if csv else {})
        display({"text/html": html, "text/plain": plain, **csv}, raw=True, metadata={"ose": about})

    def read(self, text: str) -> None:
        """Show a « Lecture » sentence, computed from values in the cell, about what was shown last."""
        _display(blocks.reading_block(text, fictional=self._fictional), f"Lecture : {text}")

    def refuse(self, reason: str) -> None:
        """Show that a comparison is refused, and why."""
        _display(blocks.refusal_block(reason), f"Comparaison refusée : {reason}")

    def key_figures(self, figures: Sequence[tuple[str, str, str]], *, sources: Sequence[str | pd.DataFrame]) -> None:
        """Show a few key figures: (value as text, label, detail), computed from some rows or tables."""
        self._fictional = any(line["fictif"] for line in self._sources(sources))
        plain = " ; ".join(f"{value} {label}" for value, label, _ in figures)
        _display(blocks.key_figures_block(figures, fictional=self._fictional), plain)

    def comments(self, notebook: str) -> pd.DataFrame:
        """The commentaries that evaluators have written for a report of this year: columns section, texte."""
        return select_comments(self.load("commentaires"), self.annee, notebook)

    def comment(self, section: str, notebook: str) -> None:
        """Show the evaluators' commentary of a section, or that there is none."""
        written = self.comments(notebook).set_index("section")["texte"]
        text = written.get(section)
        _display(blocks.comment_block(text), f"Commentaire : {text or 'non renseigné'}")

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
    return Report(contrat, annee, manifest)


def _cited(source: Mapping[str, Any]) -> str:
    return f"{source['editeur']}, {source['titre']}, millésime : {source['millesime']} ; licence : {source['licence']}"


def _display(html: str, plain: str) -> None:
    display({"text/html": html, "text/plain": plain}, raw=True)
