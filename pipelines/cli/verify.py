"""`ose verify`: rebuild elsewhere, and compare with what is published, byte for byte."""

from pathlib import Path

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand
from pipelines.paths import OUTPUTS


@click.command("verify", cls=FrenchCommand)
@click.argument(
    "dossier", type=click.Path(path_type=Path, exists=True, file_okay=False), default=OUTPUTS, metavar="[DOSSIER]"
)
@options.contrat
@click.option(
    "--contrats", type=click.Path(path_type=Path), default=None, metavar="DOSSIER",
    help="À la place de --contrat : tous les contrats d'un dossier.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), default=None, metavar="J", help="Notebooks menés de front.")
@click.option("--stock-kernel", is_flag=True, help="Refaire avec les noyaux ordinaires de Jupyter.")
def verify_command(dossier: Path, contrat: str, contrats: Path | None, jobs: int | None, stock_kernel: bool) -> int:
    """Refait ailleurs les rapports publiés d'un contrat, et compare chaque fichier, octet par octet."""
    from pipelines.paths import list_contracts
    from pipelines.run.means import Means
    from pipelines.run.progress import Progress
    from pipelines.run.verify import verify

    chosen = list_contracts(contrats) if contrats else [contrat]
    found = verify(dossier.resolve(), chosen, Means(jobs or 0, stock_kernel=stock_kernel), Progress(silent=True))
    for name, why in found.differences.items():
        click.echo(f"différent  {name} : {why}", err=True)
    for name in found.unknown:
        click.echo(f"non refait {name} : aucun rapport n'écrit ce fichier")
    click.echo(f"{found.same} fichier(s) identique(s), {len(found.differences)} différent(s)")
    return 1 if found.differences else 0
