"""`ose new`: a new contract folder to fill in, commented."""

import click

from pipelines.cli.french import FrenchCommand


@click.command("new", cls=FrenchCommand)
@click.argument("nom", metavar="NOM")
def new_command(nom: str) -> int:
    """Crée le dossier d'un contrat, avec un contrat.yml commenté à remplir."""
    from pipelines.new_contract import create_contract

    file = create_contract(nom)
    click.echo(f"Créé : {file}")
    click.echo(
        "\nEnsuite :\n"
        "  1. Ouvrir ce fichier et remplir chaque « à compléter ».\n"
        f"  2. Déposer les fichiers reçus dans {file.parent.name}/, sans les modifier.\n"
        f"  3. Lancer : ose check --contrat {nom}\n"
        "     Il propose une source à relire et à coller pour chaque fichier ; corriger ce qu'il dit, et recommencer.\n"
        f"  4. Lancer : ose build --contrat {nom}"
    )
    return 0
