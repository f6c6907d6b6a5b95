"""The report that a notebook opens: certified tables in, numbered tables, figures and readings out.

`report = open_report(globals())` checks the parameters of the notebook that runs, finds the contract's tables,
and numbers what is shown. It is the same object under Run All, bare papermill and `ose build`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from IPython.display import display

from pipelines.charts.diagram import Diagram
from pipelines.charts.image import render_image
from pipelines.charts.style import Chart
from pipelines.disclosure import hide_people
from pipelines.errors import UsageError
from pipelines.parameters import check_cell_history
from pipelines.paths import processed_folder
from pipelines.period import default_year, resolve_period
from pipelines.processed import read_manifest
from pipelines.report import blocks, grid
from pipelines.report.composition import map_focus, run_summaries
from pipelines.report.door import guard_display, tell_errors
from pipelines.report.french_help import explain_functions
from pipelines.report.lint import DESCRIPTION, find_causal_words
from pipelines.report.provenance import cite
from pipelines.report.sentences import Sentences, publish
from pipelines.report.spoken import flatten_key_figures, gather, write_cells
from pipelines.report.stale import STALE, judge_comment
from pipelines.values import format_number, plain, plain_frame, refer

FICTIONAL = "Données fictives de démonstration"
UNTITLED = "Montré sans titre ni source : le donner à report.show pour les dire."
# What ends a cell is a look at a frame, not a publication of it.
BARE_ROWS = 20


@dataclass
class Report(Sentences):
    """One report being written: what it knows (`Certified`), says (`Sentences`), and has shown so far."""

    _shown: dict[str, int] = field(default_factory=lambda: {"tableau": 0, "figure": 0})
    # What was shown so far, as the next edition will compare its own with; not what only compares two editions.
    _kept: list[dict[str, Any]] = field(default_factory=list)
    _comparing: bool = False
    # Parameters of the notebook that runs: name, value.
    _parameters: list[dict[str, Any]] = field(default_factory=list)

    def show(
        self,
        shown: pd.DataFrame | Chart | Diagram,
        titre: str,
        *,
        sources: Sequence[str | pd.DataFrame],
        note: str = "",
        methode: str = "",
        replie: bool = False,
        force: int = DESCRIPTION,
        cle: str = "",
    ) -> None:
        """Show a numbered table or figure; `sources`: the rows it was computed from, or the names of whole tables.

        Rows say themselves where they come from (`id_source`): what is fictional cannot go unmarked. `note`: what a
        reader must know; `methode`: how the values are defined or computed, folded below. `replie`: the rows of a table
        are folded under its title, for what is there to be taken away more than read. `force`: the strength of the
        evidence, from 1 (a report by someone) to 4 (a contribution examined). `cle`: its name for `renvoi`.
        """
        titre, shown = plain(titre), self._protected(_plain(shown))
        for text in (note, methode):
            self._refuse_claims(text, force)
        self._force = force
        lines = self.cited(sources)
        cited = [cite(line, self.jour_arret) for line in lines]
        fictional = self._fictional = any(line["fictif"] for line in lines)
        kind = "tableau" if isinstance(shown, pd.DataFrame) else "figure"
        self._shown[kind] += 1
        number = self._shown[kind]
        name = f"{kind}-{number}.csv"
        shared = {"number": number, "title": titre, "sources": cited, "fictional": fictional}
        shared |= {"note": note, "method": methode, "strength": force}
        grids = [grid.lay_out(frame) for frame in _drawn(shown)]
        csv, about = {}, {"sources": [line["id"] for line in lines]}
        if isinstance(shown, Chart):
            picture = render_image(shown, mark=FICTIONAL if fictional else "")
            html = blocks.figure_block(picture, alt=shown.alt, data=grids[0], **shared)
        elif isinstance(shown, Diagram):
            html = blocks.diagram_block(shown, *grids, said=FICTIONAL if fictional else "", **shared)
        else:
            html, text = blocks.table_block(grids[0], csv_name=name, folded=replie, **shared)
            csv = {"text/csv": text}
            told = {
                "numero": number,
                "titre": titre,
                "note": plain(note),
                "methode": plain(methode),
                "fictif": fictional,
            }
            about |= {"csv": name, "tableau": grid.describe_table(grids[0]) | told}
        about |= self._keep(kind, grids, numero=number, titre=titre, sources=about["sources"], cle=cle)
        if cle:
            self._keys[cle] = refer(f"{kind}-{number}", f"{kind} {number}")
        self._spoken_of.append(grid.displayed(titre, grids))
        self._evidence.append((force, False, fictional))
        said = f"{kind.capitalize()} {number}. {titre}"
        display({"text/html": html, "text/plain": said, **csv}, raw=True, metadata={"ose": about})

    def show_bare(self, shown: pd.DataFrame | Chart | Diagram) -> None:
        """Show what ends a cell without `show`: the first rows, untitled, as if it came from every table."""
        kind, origins, note = "Figure", list(self.manifest["tables"]), UNTITLED
        if isinstance(shown, pd.DataFrame):
            kind, whole = "Tableau", len(shown)
            origins = [shown] if "id_source" in shown else origins
            shown = shown.head(BARE_ROWS)
            note += f" {BARE_ROWS} premières lignes sur {format_number(whole)}." if whole > BARE_ROWS else ""
        self.show(shown, f"{kind} sans titre", sources=origins, note=note)

    def key_figures(self, figures: Sequence[tuple[str, str, str]], *, sources: Sequence[str | pd.DataFrame]) -> None:
        """Show a few key figures: (value as text, label, detail), computed from some rows or tables."""
        lines = self.cited(sources)
        cited = [cite(line, self.jour_arret) for line in lines]
        self._fictional = any(line["fictif"] for line in lines)
        self._evidence.append((DESCRIPTION, False, self._fictional))
        self._spoken_of.append(flatten_key_figures([plain(text) for text in figure] for figure in figures))
        said = " ; ".join(plain(f"{value} {label}") for value, label, _ in figures)
        texts = [[plain(label), plain(value), plain(detail)] for value, label, detail in figures]
        frame = pd.DataFrame(texts, columns=["libelle_chiffre", "valeur", "detail"])
        self._shown["chiffres clés"] = rank = self._shown.get("chiffres clés", 0) + 1
        ids = [line["id"] for line in lines]
        kept = self._keep("chiffres clés", [grid.lay_out(frame)], numero=rank, titre="Chiffres clés", sources=ids)
        publish(blocks.key_figures_block(figures, sources=cited, fictional=self._fictional), said, lines, **kept)

    def comment(self, section: str, notebook: str) -> None:
        """Show the evaluators' commentary of a section, or that there is none.

        It speaks of the figures shown since the last commentary: where these are not those whose fingerprint it noted,
        it is « à relire », and so is the report. A word that claims more than their evidence is told, never refused.
        """
        cells, self._spoken_of = gather(self._spoken_of), []
        evidence, self._evidence = [*self._evidence, (DESCRIPTION, False, False)], []
        force, causal, fictional = map(max, zip(*evidence, strict=True))
        written = self.comments(notebook).set_index("section")
        comment = written.loc[section].fillna("").to_dict() if section in written.index else None
        judged = judge_comment(comment, cells, section, notebook)
        text = comment["texte"] if comment else "à rédiger"
        claims = find_causal_words(text, force=force, causal=causal, exempt=self.labels)
        html = blocks.comment_block(comment, judged, section=section, claims=claims, fictional=fictional)
        state = {
            "notebook": notebook,
            "section": section,
            "etat": judged.etat,
            "empreinte": judged.empreinte,
            "chiffres": write_cells(cells),
        }
        about = {"commentaire": state} | ({"a_relire": section} if judged.etat == STALE else {})
        display({"text/html": html, "text/plain": f"Commentaire : {text}"}, raw=True, metadata={"ose": about})

    def map_focus(self, composition: str) -> None:
        """Show, in a report composed of Focus, which fill each section of the decree, and which sections have none."""
        spoken, evidence = list(self._spoken_of), list(self._evidence)
        map_focus(self, composition)
        # A commentary speaks of the figures of its section, however the report is composed.
        self._spoken_of, self._evidence = spoken, evidence

    def compose(self, section: str, composition: str) -> None:
        """Show, in a report composed of Focus, those that fill a section: the summary of each, run here.

        Its tables and figures take the numbers of this report.
        """
        for other in run_summaries(self, section, composition):
            other._shown = self._shown
        # The report of a Focus took the door for itself.
        guard_display(self.show_bare, self.refuse_bare)

    def show_changes(self, notebook: str) -> None:
        """Show what changed in a report since its former edition, the one that contrat.yml names: to call at its end.

        What was shown so far is compared with what that edition showed. Where there is none, what to keep and to
        declare is said. UsageError where no notebook bears this name.
        """
        from pipelines.report.changes import show_changes

        # A commentary further down does not speak of these tables.
        spoken, evidence, self._comparing = list(self._spoken_of), list(self._evidence), True
        show_changes(self, notebook, self._kept, self._parameters)
        self._spoken_of, self._evidence, self._comparing = spoken, evidence, False

    def _keep(self, kind: str, grids: Sequence[grid.Grid], **about: Any) -> dict[str, Any]:
        """What is shown, kept for the next edition, as the page's metadata say it."""
        if self._comparing:
            return {}
        kept = [grid.keep_shown(one, genre=kind.capitalize(), **about) for one in grids]
        self._kept += kept
        return {"montre": kept}

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


def _plain(shown: pd.DataFrame | Chart | Diagram) -> pd.DataFrame | Chart | Diagram:
    """What is shown without the marks of values, which no cell nor drawing needs."""
    if isinstance(shown, pd.DataFrame):
        return plain_frame(shown)
    return shown.without_marks() if isinstance(shown, Chart) else shown


def _drawn(shown: pd.DataFrame | Chart | Diagram) -> list[pd.DataFrame]:
    """The frames that a table is, or that a figure draws."""
    if isinstance(shown, Diagram):
        return [shown.nodes, shown.edges]
    return [shown.data if isinstance(shown, Chart) else shown]


def open_report(namespace: Mapping[str, Any]) -> Report:
    """The report of the notebook that runs: call it as `open_report(globals())` right after the imports.

    Reads the notebook's parameters `contrat` and `annee` (None: `default_year`), or, of a period,
    `annee_debut`, `annee_fin` and `finale` (`resolve_period`). UsageError on an unknown or ill-typed parameter or a
    year outside the contract, DataError where the tables are not prepared.
    """
    tell_errors()
    parameters = check_cell_history(namespace.get("In", []), namespace)
    contrat = namespace["contrat"]
    manifest = read_manifest(processed_folder(contrat))
    years = manifest["contrat"]["annees"]
    if "annee_fin" in namespace:
        asked = (namespace[name] for name in ("annee_debut", "annee_fin", "finale"))
        start, annee = resolve_period((years["debut"], years["fin"]), *asked)
    else:
        start = annee = default_year(manifest) if namespace["annee"] is None else namespace["annee"]
    if not years["debut"] <= annee <= years["fin"]:
        raise UsageError(
            f"L'année {annee} est hors du contrat ({years['debut']} à {years['fin']}). Choisir une année du contrat."
        )
    given = [{"nom": one.name, "valeur": namespace[one.name]} for one in parameters]
    report = Report(contrat, annee, manifest, annee_debut=start, _parameters=given)
    guard_display(report.show_bare, report.refuse_bare)
    explain_functions()
    # A contract's tables are small: with texts kept by Python, not by Arrow, cells take a tenth less time.
    pd.set_option("mode.string_storage", "python")
    return report
