"""`ose import`: what others drew or filled, as files of the contract."""

from pathlib import Path

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand, FrenchGroup
from pipelines.numbers import count


@click.group("import", cls=FrenchGroup, subcommand_metavar="QUOI")
def import_group() -> None:
    """Fait d'un fichier d'un autre outil des fichiers du contrat."""


@import_group.command("logique", cls=FrenchCommand)
@click.argument("fichier", type=click.Path(path_type=Path), metavar="FICHIER.xlsx")
@click.option("--modele", default=None, metavar="NOM", help="Nom du modèle ; par défaut, celui du classeur.")
@click.option("--force", is_flag=True, help="Remplace les nœuds et les liens d'un modèle qui existe ; garde son .yml.")
@options.contrat
def logic_command(fichier: Path, modele: str | None, force: bool, contrat: str) -> int:
    """Fait du classeur d'un atelier un modèle logique d'impact du contrat.

    Ses deux feuilles s'appellent « Nœuds » et « Liens ». Le gabarit à remplir : ose export gabarit-atelier.
    """
    from pipelines.contract import read_contract
    from pipelines.exchange.logic_import import import_model

    contract = read_contract(contrat)
    done = import_model(contract, fichier, modele, force=force)
    name = done.files[0].stem
    click.echo(f"Modèle « {name} » : {count(done.nodes, 'nœud')}, {count(done.links, 'lien')}")
    click.echo(
        f"  {count(done.supposed, 'lien')} à l'état d'hypothèse, {count(done.unexamined, 'lien')} non examiné(s)"
    )
    for file in done.files:
        click.echo(f"Écrit : {file}" if done.is_new or file.suffix != ".yml" else f"Gardé : {file}")
    click.echo("\nEnsuite :")
    if done.is_new:
        click.echo(f"  1. Ouvrir {name}.yml : relire le titre et l'origine, écrire chaque « à compléter ».")
    click.echo(f"  {2 if done.is_new else 1}. Lancer : ose check --contrat {contrat}")
    click.echo(f"  {3 if done.is_new else 2}. Lancer : ose build 4_logique_impact --contrat {contrat}")
    if done.is_fictional:
        click.echo("Attention : le classeur dit ses données fictives ; le modèle est marqué de même.", err=True)
    return 0
