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
