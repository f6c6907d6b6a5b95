"""`ose export`: what the contract owes or gives to others, in their formats."""

from pathlib import Path
from typing import Any

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand, FrenchGroup


@click.group("export", cls=FrenchGroup, subcommand_metavar="FORMAT")
def export_group() -> None:
    """Écrit les données du contrat dans le format d'un autre outil."""


@export_group.command("scdl", cls=FrenchCommand)
@options.contrat
@click.option("--annee", type=int, default=None, metavar="N", help="Exercice ; par défaut, le dernier du contrat.")
@click.option(
    "--financeur", default="agglomeration", show_default="agglomeration", metavar="F",
    help="Organisme qui publie : etat, agglomeration, region, departement, caf.",
)  # fmt: skip
@options.outputs
@options.processed
def scdl_command(contrat: str, annee: int | None, financeur: str, outputs: Path, processed: Path) -> int:
    """Écrit le registre des subventions accordées par un organisme, au format SCDL « subventions » 2.1."""
    from pipelines.contract import read_contract
    from pipelines.exchange.register import describe_balance, export_register
    from pipelines.run.order import find_year

    contract = read_contract(contrat)
    year = find_year(contract, annee, processed.resolve())
    register = export_register(contract, processed.resolve(), outputs.resolve(), year=year, funder=financeur)
    click.echo(f"{register.body}, exercice {year}")
    for line in describe_balance(register.balance):
        click.echo(f"  {line}")
    if (register.balance["motif"] != "").any():
        click.echo(f"Écartées, à ne pas publier : {register.aside}")
    click.echo(f"Registre : {register.file}")
    if register.is_fictional:
        click.echo("Attention : données fictives de démonstration. Ne pas publier ce registre.", err=True)
    return 0


_annee = click.option(
    "--annee", type=int, default=None, metavar="N", help="Année du rapport ; par défaut, la dernière."
)
_given = click.option("-p", "given", multiple=True, metavar="nom=valeur", help="Paramètre du notebook ; répétable.")
_notebook = click.argument("notebook", default="7_rapport_annuel", metavar="[NOTEBOOK]")


@export_group.command("pdf", cls=FrenchCommand)
@_notebook
@options.contrat
@_annee
@_given
@click.option(
    "--sortie", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="F.pdf",
    help="Où écrire le PDF ; par défaut, à côté de la page.",
)  # fmt: skip
@options.outputs
@options.processed
def pdf_command(notebook: str, sortie: Path | None, **of_page: Any) -> int:
    """Écrit un rapport en PDF balisé, à annexer à une délibération. Sans NOTEBOOK : le rapport annuel."""
    from pipelines.exchange.pdf import check_pdf_target, write_pdf

    if sortie:
        check_pdf_target(sortie.resolve())
    page = _current_page(notebook, **of_page)
    target = (sortie or page.with_suffix(".pdf")).resolve()
    sheets = write_pdf(page, target)
    click.echo(f"PDF, {sheets} page{'s' if sheets > 1 else ''} : {target}")
    _warn(page, "Ne pas annexer à une délibération.")
    return 0


@export_group.command("xlsx", cls=FrenchCommand)
@_notebook
@options.contrat
@_annee
@_given
@click.option(
    "--sortie", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="F.xlsx",
    help="Où écrire le classeur ; par défaut, à côté de la page.",
)  # fmt: skip
@options.outputs
@options.processed
def xlsx_command(notebook: str, sortie: Path | None, **of_page: Any) -> int:
    """Écrit les tableaux d'un rapport dans un classeur Excel. Sans NOTEBOOK : le rapport annuel."""
    from pipelines.exchange.workbook import check_workbook_target, write_workbook

    if sortie:
        check_workbook_target(sortie.resolve())
    page = _current_page(notebook, **of_page)
    target = (sortie or page.with_suffix(".xlsx")).resolve()
    tables = write_workbook(page, target)
    click.echo(f"Classeur, {tables} tableau{'x' if tables > 1 else ''} : {target}")
    _warn(page, "Ne pas en reprendre les chiffres.")
    return 0


@export_group.command("diapositives", cls=FrenchCommand)
@click.argument("notebook", default="9_synthese_copil", metavar="[NOTEBOOK]")
@options.contrat
@_annee
@_given
@options.outputs
@options.processed
def slides_command(notebook: str, **of_page: Any) -> int:
    """Écrit un rapport en diapositives, dans une page HTML. Sans NOTEBOOK : la synthèse pour le comité de pilotage."""
    from pipelines.exchange.slides import write_slides

    page = _current_page(notebook, **of_page)
    target, slides = write_slides(page)
    click.echo(f"{slides} diapositives : {target}")
    _warn(page, "Le dire en les montrant.")
    return 0


@export_group.command("logique", cls=FrenchCommand)
@click.argument("modeles", nargs=-1, metavar="[MODELE…]")
@options.contrat
@_annee
@click.option(
    "-o", "--sortie", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DOSSIER",
    help="Dossier où écrire ; créé s'il n'existe pas.",
)  # fmt: skip
@options.processed
def logic_command(modeles: tuple[str, ...], contrat: str, annee: int | None, sortie: Path, processed: Path) -> int:
    """Écrit les modèles logiques en SVG, Mermaid, CSV et classeur d'atelier. Sans MODELE : tous."""
    from pipelines.contract import read_contract
    from pipelines.exchange.logic_export import export_models
    from pipelines.run.order import find_year

    contract = read_contract(contrat)
    year = find_year(contract, annee, processed.resolve())
    done = export_models(contract, processed.resolve(), sortie.resolve(), names=modeles, year=year)
    for model in done:
        click.echo(f"{model.code} : {', '.join(path.name for path in model.files)}")
    click.echo(f"Dossier : {sortie.resolve()}")
    if any(model.is_fictional for model in done):
        click.echo("Attention : données fictives de démonstration dans certains modèles.", err=True)
    return 0


@export_group.command("gabarit-atelier", cls=FrenchCommand)
@click.option(
    "-o", "--sortie", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="F.xlsx",
    help="Où écrire le classeur.",
)  # fmt: skip
def workshop_command(sortie: Path) -> int:
    """Écrit un classeur vide, à remplir en atelier, dont « ose import logique » fait un diagramme."""
    from pipelines.exchange.workshop import write_workshop
    from pipelines.tables import TABLES, empty

    write_workshop(sortie.resolve(), empty(TABLES["logique_noeuds"]), empty(TABLES["logique_liens"]), {})
    click.echo(f"Classeur d'atelier : {sortie.resolve()}")
    return 0


def _current_page(
    notebook: str, contrat: str, annee: int | None, given: tuple[str, ...], outputs: Path, processed: Path
) -> Path:
    """The page of a report, made again first where it is not up to date: an export is never older than its data."""
    from pipelines.run.build import build
    from pipelines.run.jobs import refuse_sweep
    from pipelines.run.notebooks import choose, known_notebooks

    parameters = options.parse_parameters(given)
    refuse_sweep(choose([notebook], known_notebooks())[0], parameters)
    where = {"processed": processed.resolve(), "outputs": outputs.resolve()}
    built = build(contrat, names=[notebook], annee=annee, given=parameters, **where)
    for error in built.failures.values():
        raise error
    (page,) = built.reports
    return page


def _warn(page: Path, advice: str) -> None:
    """Say on the error stream that a report is a draft, that it is fictional and what not to do with it then."""
    import json

    about = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    if about["statut"] == "projet":
        click.echo("Attention : ce rapport est à l'état de projet, il n'est pas approuvé.", err=True)
    if about["fictif"]:
        click.echo(f"Attention : données fictives de démonstration. {advice}", err=True)
