"""`ose list`: contracts, years, notebooks with their parameters, and which outputs are up to date."""

from pathlib import Path

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand
from pipelines.errors import DataError


@click.command("list", cls=FrenchCommand)
@options.outputs
@options.processed
def list_command(outputs: Path, processed: Path) -> int:
    """Liste les contrats, les années, les notebooks et leurs paramètres, et ce qui est à jour."""
    from pipelines.contract import known_contracts, read_contract
    from pipelines.run.notebooks import known_notebooks
    from pipelines.run.staleness import statuses

    for contrat in known_contracts():
        try:
            contract = read_contract(contrat)
        except DataError as error:
            # One contract still to be filled in does not hide the others.
            click.echo(f"{contrat} : {error}")
            continue
        click.echo(f"{contrat} : {contract.nom}, {contract.annees.debut} à {contract.annees.fin}")
        for page, state, why in statuses(contract, processed.resolve(), outputs.resolve()):
            click.echo(f"  {state:<10} {page.as_posix()}{f' : {why}' if why else ''}")
    click.echo("\nNotebooks et paramètres")
    for notebook in known_notebooks():
        click.echo(f"  {notebook.name} : {notebook.title}")
        for parameter in notebook.parameters:
            kind = parameter.kind + (" ou rien" if parameter.optional else "")
            click.echo(f"      {parameter.name} ({kind}, défaut {parameter.default}) : {parameter.comment}")
    return 0
