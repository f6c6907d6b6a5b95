"""`ose export`: what the contract owes or gives to others, in their formats."""

from pathlib import Path

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
    from pipelines.run.build import check_year

    contract = read_contract(contrat)
    year = check_year(contract, annee)
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


@export_group.command("pdf", cls=FrenchCommand)
@click.argument("notebook", default="7_rapport_annuel", metavar="[NOTEBOOK]")
@options.contrat
@click.option("--annee", type=int, default=None, metavar="N", help="Année du rapport ; par défaut, la dernière.")
@click.option("-p", "given", multiple=True, metavar="nom=valeur", help="Paramètre du notebook ; répétable.")
@click.option(
    "--sortie", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="F.pdf",
    help="Où écrire le PDF ; par défaut, à côté de la page.",
)  # fmt: skip
@options.outputs
@options.processed
def pdf_command(
    notebook: str, contrat: str, annee: int | None, given: tuple[str, ...], sortie: Path | None, outputs: Path,
    processed: Path,
) -> int:  # fmt: skip
    """Écrit un rapport en PDF balisé, à annexer à une délibération. Sans NOTEBOOK : le rapport annuel."""
    import json

    from pipelines.exchange.pdf import check_target, write_pdf
    from pipelines.run.build import build

    if sortie:
        check_target(sortie.resolve())
    # A page that is not up to date is made again first: a PDF is never older than its data.
    parameters = options.parse_parameters(given)
    where = {"processed": processed.resolve(), "outputs": outputs.resolve()}
    built = build(contrat, names=[notebook], annee=annee, given=parameters, **where)
    for error in built.failures.values():
        raise error
    (page,) = built.reports
    about = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    target = (sortie or page.with_suffix(".pdf")).resolve()
    sheets = write_pdf(page, target)
    click.echo(f"PDF, {sheets} page{'s' if sheets > 1 else ''} : {target}")
    if about["statut"] == "projet":
        click.echo("Attention : ce rapport est à l'état de projet, il n'est pas approuvé.", err=True)
    if about["fictif"]:
        click.echo("Attention : données fictives de démonstration. Ne pas annexer à une délibération.", err=True)
    return 0
