"""`ose diff`: what changed between two editions of a report, or of all reports of two folders."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.french import FrenchCommand
from pipelines.numbers import count

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.editions.pages import Pair

# More would scroll away; the page and the CSV have all.
_LINES = 5


@click.command("diff", cls=FrenchCommand)
@click.argument("avant", type=click.Path(path_type=Path), metavar="A")
@click.argument("apres", type=click.Path(path_type=Path), metavar="B")
@click.option(
    "--sortie", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="F.html",
    help="Écrire aussi une page, avec tous les changements.",
)  # fmt: skip
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="F.csv",
    help="Écrire aussi un tableau, une ligne par changement.",
)  # fmt: skip
def diff_command(avant: Path, apres: Path, sortie: Path | None, table: Path | None) -> int:
    """Dit ce qui a changé de A à B, deux éditions d'un rapport (.html ou .json) ou deux dossiers, et pourquoi."""
    from pipelines.editions.pages import compare_paths
    from pipelines.exchange.target import check_target

    for target, suffix, kind in ((sortie, ".html", "d'une page"), (table, ".csv", "d'un CSV")):
        if target:
            check_target(target.resolve(), suffix, kind)
    pairs = compare_paths(avant, apres)
    for pair in pairs:
        _tell(pair)
    if sortie:
        from pipelines.report.editions_page import render_changes

        _write(sortie, render_changes(pairs))
        click.echo(f"Page : {sortie.resolve()}")
    if table:
        from pipelines.report.downloads import to_csv

        _write(table, to_csv(_flat(pairs)))
        click.echo(f"Tableau : {table.resolve()}")
    return 0


def _tell(pair: "Pair") -> None:
    from pipelines.editions import count_changes

    if pair.before is None or pair.after is None:
        click.echo(f"{pair.name} : seulement dans {'B' if pair.before is None else 'A'}, rien à comparer")
        return
    if pair.is_across_years:
        click.echo(
            f"{pair.name} : deux années différentes, dont les chiffres ne sont pas deux éditions du même rapport."
        )
        click.echo("  Les fichiers et la méthode seuls sont comparés.")
    number = len(pair.changes)
    click.echo(f"{pair.name} : {count(number, 'changement') if number else 'aucun changement'}")
    told = count_changes(pair.changes)
    for rubric, line in zip(_rubrics(), told.to_dict("records"), strict=True):
        if line["nb_changements"]:
            click.echo(f"  {line['rubrique']} : {line['nb_changements']} ({line['cause']})")
            _detail(pair.changes[pair.changes["rubrique"] == rubric])


def _rubrics() -> Sequence[str]:
    from pipelines.editions import RUBRICS

    return list(RUBRICS)


def _detail(changes: "pd.DataFrame") -> None:
    """The first changes of one rubric, a line each."""
    for line in changes.head(_LINES).to_dict("records"):
        where = ", ".join(part for part in (line["objet"], line["ligne"], line["colonne"]) if part)
        values = f" : {line['avant'] or '—'} → {line['apres'] or '—'}" if line["avant"] or line["apres"] else ""
        why = f" [{line['cause']} : {line['detail_cause']}]" if line["detail_cause"] else ""
        click.echo(f"    {where} ({line['changement']}){values}{why}")
    if len(changes) > _LINES:
        click.echo(f"    et {len(changes) - _LINES} de plus : --sortie page.html ou --csv tableau.csv les donnent tous")


def _flat(pairs: Sequence["Pair"]) -> "pd.DataFrame":
    """All changes, the report and its year first."""
    import pandas as pd

    from pipelines.editions import COLUMNS

    parts = [
        pair.changes.assign(rapport=pair.after.notebook, sujet=pair.after.sujet, annee=pair.after.annee)
        for pair in pairs
        if pair.before and pair.after
    ]
    return pd.concat(parts, ignore_index=True)[["rapport", "sujet", "annee", *COLUMNS]]


def _write(target: Path, text: str) -> None:
    """Write a text, the former file kept until the new one is whole."""
    from pipelines.exchange.target import staged

    target = target.resolve()
    with staged(target) as folder:
        whole = folder / target.name
        whole.write_text(text, encoding="utf-8", newline="")
        whole.replace(target)
