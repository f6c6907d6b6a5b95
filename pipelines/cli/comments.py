"""`ose comments`: which sections are commented, which are to be read again; drafts, and figures accepted."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand, FrenchGroup
from pipelines.errors import OseError
from pipelines.numbers import count, format_date

if TYPE_CHECKING:
    from pipelines.contract import Contract
    from pipelines.run.comments import Section

_STATES = {"redige": "rédigé", "a_relire": "à relire", "a_rediger": "à rédiger"}
_annee = click.option(
    "--annee", type=int, default=None, metavar="N", help="Année du rapport ; par défaut, la dernière du contrat."
)


class _ListingGroup(FrenchGroup):
    """A group whose first word may be a notebook: it then lists, as it does without a word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put « lister » before what is neither a command nor a call for help."""
        if not {*args[:1]} & {*self.commands, "--help", "-h"}:
            args = ["lister", *args]
        return super().parse_args(ctx, args)


@click.group("comments", cls=_ListingGroup, subcommand_metavar="[NOTEBOOK…] | COMMANDE")
def comments_group() -> None:
    """Dit l'état des commentaires : rédigé, à relire, à rédiger.

    Options de la liste : ose comments lister --help.
    """


@comments_group.command("lister", cls=FrenchCommand)
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@options.contrat
@_annee
@options.outputs
@options.processed
def list_command(notebooks: tuple[str, ...], contrat: str, annee: int | None, outputs: Path, processed: Path) -> int:
    """Liste les sections et leur état ; ce que fait ose comments seul."""
    from pipelines.run.comments import find_strays
    from pipelines.run.notebooks import known_notebooks

    contract, year, sections, failures = _review(notebooks, contrat, annee, outputs, processed)
    previous = ""
    for section in sections:
        if section.notebook != previous:
            click.echo(f"{section.notebook}, {section.annee}")
            previous = section.notebook
        click.echo(f"  {_STATES[section.etat]:<9}  {section.name}{_details(section)}")
    strays = find_strays(contract, year, sections, [notebook.name for notebook in known_notebooks()])
    if strays:
        click.echo("\nFichiers qu'aucune page ne montre")
        for file, reason in strays.items():
            click.echo(f"  {file} : {reason}")
    states = Counter(section.etat for section in sections)
    told = [
        count(states["redige"], "rédigée"),
        *(f"{states[name]} {_STATES[name]}" for name in ("a_relire", "a_rediger")),
    ]
    click.echo(f"\n{count(len(sections), 'section')} : {', '.join(told)}.")
    return _tell(failures)


@comments_group.command("rediger", cls=FrenchCommand)
@click.argument("notebook", metavar="NOTEBOOK")
@click.argument("sections", nargs=-1, required=True, metavar="SECTION...")
@options.contrat
@_annee
@options.outputs
@options.processed
def draft_command(
    notebook: str, sections: tuple[str, ...], contrat: str, annee: int | None, outputs: Path, processed: Path
) -> int:
    """Crée le fichier de commentaires à rédiger, avec leurs chiffres."""
    from pipelines.run.comments import draft, pick_sections

    _, _, found, failures = _review([notebook], contrat, annee, outputs, processed)
    _raise_first(failures)
    for section in pick_sections(found, Path(notebook).stem, list(dict.fromkeys(sections))):
        draft(section)
        click.echo(f"Créé : {section.file}")
    click.echo("Y écrire le rôle de l'auteur, la date (2022-06-30), puis le texte sous l'en-tête, en Markdown.")
    return 0


@comments_group.command("accepter", cls=FrenchCommand)
@click.argument("notebook", required=False, metavar="[NOTEBOOK]")
@click.argument("sections", nargs=-1, metavar="[SECTION]...")
@click.option("--tous", is_flag=True, help="Tout ce qui est à relire, du notebook ou de tous.")
@options.contrat
@_annee
@options.outputs
@options.processed
def accept_command(
    notebook: str | None, sections: tuple[str, ...], tous: bool, contrat: str, annee: int | None, outputs: Path,
    processed: Path,
) -> int:  # fmt: skip
    """Note que des commentaires relus parlent des chiffres présents.

    Leur texte n'est pas changé : seule la ligne « empreinte » l'est.
    """
    from pipelines.errors import UsageError
    from pipelines.report.stale import STALE
    from pipelines.run.comments import accept, pick_sections

    if tous == bool(sections):
        raise UsageError("Dire quelles sections accepter, ou --tous : ose comments accepter 7_rapport_annuel situation")
    _, _, found, failures = _review([notebook] if notebook else [], contrat, annee, outputs, processed)
    if not tous:
        _raise_first(failures)
    stale = [section for section in found if section.etat == STALE]
    wanted = stale if tous else pick_sections(found, Path(notebook or "").stem, list(dict.fromkeys(sections)))
    for section in wanted:
        before = accept(section)
        same = before == section.empreinte
        told = f"{before}, inchangée" if same else f"{before or 'aucune empreinte'} → {section.empreinte}"
        click.echo(f"{section.notebook}, {section.name} : {told} ; chiffres gardés")
    if not wanted:
        click.echo("Rien n'est à relire.")
    return _tell(failures)


def _review(
    names: Sequence[str], contrat: str, annee: int | None, outputs: Path, processed: Path
) -> tuple["Contract", int, list["Section"], dict[str, OseError]]:
    """The contract, the year, the sections of the reports, made again first where they are not up to date; failures."""
    from pipelines.contract import read_contract
    from pipelines.run.build import build
    from pipelines.run.comments import hold_comments, read_sections
    from pipelines.run.notebooks import known_notebooks
    from pipelines.run.order import find_year

    contract = read_contract(contrat)
    year = find_year(contract, annee, processed.resolve())
    where = {"processed": processed.resolve(), "outputs": outputs.resolve()}
    built = build(contrat, names=names or hold_comments(known_notebooks()), annee=annee, **where)
    pages = [page for page in built.reports if page.stem not in built.failures]
    return contract, year, read_sections(contract, year, pages), built.failures


def _tell(failures: dict[str, OseError]) -> int:
    """Say which pages could not be made; the exit code."""
    for name, error in sorted(failures.items()):
        click.echo(f"échec      {name} : {error}", err=True)
    return max((error.exit_code for error in failures.values()), default=0)


def _raise_first(failures: dict[str, OseError]) -> None:
    for error in failures.values():
        raise error


def _details(section: "Section") -> str:
    """Who and when; the fingerprints, where one is to be noted; whether the figures spoken of are kept."""
    who = [section.auteur] if section.auteur else []
    when = [format_date(section.date)] if section.date else []
    prints = []
    if section.etat == "a_rediger":
        prints = [f"empreinte à noter : {section.empreinte}"]
    elif section.etat == "a_relire":
        prints = [f"empreinte {section.notee or 'absente'} → {section.empreinte}"]
    kept = [] if section.etat == "a_rediger" or section.gardes else ["chiffres commentés non gardés"]
    told = ", ".join([*who, *when, *prints, *kept])
    return f" : {told}" if told else ""
