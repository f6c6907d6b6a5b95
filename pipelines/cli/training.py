"""`ose training`: a folder with all that half a day of training needs."""

from pathlib import Path

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand


@click.command("training", cls=FrenchCommand)
@click.argument("dossier", type=click.Path(path_type=Path), metavar="DOSSIER")
@options.contrat
@click.option(
    "--annee", type=int, default=None, metavar="N", help="Année de programmation ; par défaut, la dernière du contrat."
)
@options.processed
def training_command(dossier: Path, contrat: str, annee: int | None, processed: Path) -> int:
    """Écrit une session de formation : notebooks des participants sans solutions, guide du formateur, diapositives.

    Un notebook de participant déjà là et modifié n'est jamais remplacé.
    """
    from pipelines.training.session import GUIDE, LEARNERS, write_session

    folder = dossier.expanduser().resolve()
    session = write_session(contrat, annee, folder, processed.resolve())
    for path in session.written:
        click.echo(path.relative_to(folder).as_posix())
    if session.kept:
        names = ", ".join(path.name for path in session.kept)
        click.echo(
            f"Gardé tel quel, car différent de la copie neuve : {names}. Le déplacer, puis relancer, donne celle-ci.",
            err=True,
        )
    click.echo(f"\nSession écrite dans {folder}.")
    click.echo(
        f"Ensuite : lire {GUIDE} ; donner à chacun une copie de {LEARNERS}/, à ouvrir avec JupyterLab (make lab)."
    )
    return 0
