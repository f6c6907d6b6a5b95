"""`ose new-focus`: a new Focus to write, from the model."""

import click

from pipelines.cli.french import FrenchCommand


@click.command("new-focus", cls=FrenchCommand)
@click.argument("titre", metavar="TITRE")
@click.option("--theme", default="observation", help="observation (par défaut), suivi ou evaluation.")
@click.option("--section", default="", help="Section du décret que ce Focus remplit, par exemple situation.")
@click.option("--annee", type=int, help="La seule année dont il parle ; sans cette option, toutes.")
def new_focus_command(titre: str, theme: str, section: str, annee: int | None) -> int:
    """Crée le notebook d'un Focus, avec « à compléter » là où il faut écrire."""
    from pipelines.new_focus import create_focus

    path = create_focus(titre, theme=theme, section=section, annee=annee)
    click.echo(f"Créé : {path}")
    click.echo(
        "\nEnsuite :\n"
        f"  1. L'ouvrir : make lab, puis focus/{path.name}\n"
        "  2. Remplacer chaque « à compléter », cellule par cellule ; Exécuter tout.\n"
        f"  3. Le construire : ose build {path.stem}\n"
        "     Un Focus tient sur quatre pages imprimées au plus, sans ses annexes.\n"
        "  4. Dans ses métadonnées (« ose »), « section_decret » dit quelle section du rapport annuel il remplit :\n"
        "     ose build 7_rapport_annuel -p composition=focus"
    )
    return 0
