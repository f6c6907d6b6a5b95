"""What `ose diff` compared, on one page: for each report what changed, in six rubrics, each change with its cause."""

from collections.abc import Sequence

from markupsafe import Markup

from pipelines.editions import RUBRICS, count_changes, present
from pipelines.editions.pages import Pair
from pipelines.report.blocks import MARK, table_block
from pipelines.report.changes import NOTE
from pipelines.report.grid import lay_out
from pipelines.report.templates import environment

TITLE = "Qu'est-ce qui a changé ?"
# The changes are what this page is for: only a list that nobody reads is folded.
_UNFOLDED = 40


def render_changes(pairs: Sequence[Pair]) -> str:
    """The page of some pairs of editions; the same pairs give the same bytes."""
    editions = [edition for pair in pairs for edition in (pair.before, pair.after) if edition]
    fictional = any(edition.fictif for edition in editions)
    marks = ["Document interne"] * any(edition.interne for edition in editions)
    marks += ["Données fictives de démonstration"] * fictional
    numbered = _Numbered()
    return (
        environment()
        .get_template("editions.html.j2")
        .render(
            title=TITLE,
            contrats=sorted({edition.nom_contrat for edition in editions}),
            internal="Document interne" in marks,
            fictional=fictional,
            marks=marks,
            note=NOTE,
            reports=[
                {
                    "anchor": f"rapport-{rank}",
                    "name": pair.title,
                    "lone": "" if pair.before and pair.after else "première" if pair.before else "seconde",
                    "across": pair.is_across_years,
                    "number": len(pair.changes),
                    "tables": numbered.tables(pair),
                }
                for rank, pair in enumerate(pairs, start=1)
            ],
        )
    )


class _Numbered:
    """The tables of one page, numbered as they come."""

    def __init__(self) -> None:
        self.number = 0

    def tables(self, pair: Pair) -> list[Markup]:
        """The summary of a pair, then a table a rubric that changed; nothing where nothing did."""
        if pair.changes.empty:
            return []
        fictional = bool(pair.after and pair.after.fictif)
        frames = [("Changements par rubrique", count_changes(pair.changes))]
        frames += [(label, present(pair.changes, rubric)) for rubric, label in RUBRICS.items()]
        blocks = []
        for title, frame in frames:
            if len(frame):
                self.number += 1
                html, _ = table_block(
                    lay_out(frame),
                    number=self.number,
                    title=f"{title} : {pair.title}",
                    sources=(),
                    fictional=fictional,
                    folded=len(frame) > _UNFOLDED,
                    csv_name=f"changements-{self.number}.csv",
                )
                blocks.append(Markup(html.removeprefix(MARK)))  # noqa: S704 made by blocks.py, which escapes
        return blocks
