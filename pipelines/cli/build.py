"""`ose build`: prepare, validate, run, render."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand

if TYPE_CHECKING:
    from pipelines.run.build import Built


@click.command("build", cls=FrenchCommand)
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@options.contrat
@click.option(
    "--contrats", type=click.Path(path_type=Path), default=None, metavar="DOSSIER",
    help="À la place de --contrat : tous les contrats d'un dossier.",
)  # fmt: skip
@click.option(
    "--annee", type=int, default=None, metavar="N", help="Année du rapport ; par défaut, la dernière du contrat."
)
@click.option("--jobs", type=click.IntRange(min=1), default=None, metavar="J", help="Notebooks menés de front.")
@click.option("--cluster", default="", metavar="tcp://HOTE:PORT", help="Exécuter sur un cluster Dask.")
@click.option("--force", is_flag=True, help="Refaire même ce qui est à jour.")
@click.option("--with-code", is_flag=True, help="Montrer le code de chaque calcul, replié.")
@click.option(
    "--stock-kernel", is_flag=True, help="Démarrer les noyaux un à un, comme Jupyter : plus lent, mêmes pages."
)
@click.option(
    "--timeout", type=click.IntRange(min=1), default=3600, show_default=True, metavar="SECONDES",
    help="Temps laissé à chaque notebook.",
)  # fmt: skip
@click.option(
    "--memory", type=click.IntRange(min=1), default=None, metavar="MIO",
    help="Mémoire laissée à chaque notebook ; par défaut, sa part de ce qui est libre.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Ne dire que les échecs.")
@click.option(
    "--log", "journal", type=click.Path(path_type=Path), default=None, metavar="FICHIER",
    help="Où tenir le journal ; par défaut, .ose/journal.log dans le dossier de sortie.",
)  # fmt: skip
@click.option("-p", "given", multiple=True, metavar="nom=valeur", help="Paramètre d'un notebook ; répétable.")
@options.outputs
@options.processed
def build_command(
    notebooks: tuple[str, ...], contrat: str, contrats: Path | None, annee: int | None, jobs: int | None, cluster: str,
    force: bool, with_code: bool, stock_kernel: bool, timeout: int, memory: int | None, quiet: bool,
    journal: Path | None, given: tuple[str, ...], outputs: Path, processed: Path,
) -> int:  # fmt: skip
    """Construit les rapports : prépare, valide, exécute, met en page. Sans NOTEBOOK : tous."""
    # Light: with nothing to do, the rest is not even imported.
    from pipelines.paths import list_contracts
    from pipelines.run.means import Limits, Means
    from pipelines.run.unattended import log_to, recall, run_build

    processed, outputs = processed.resolve(), outputs.resolve()
    parameters = options.parse_parameters(given)
    chosen = list_contracts(contrats) if contrats else [contrat]
    asked = {"noms": notebooks, "annee": annee, "parametres": parameters, "code": with_code}
    with log_to(journal, outputs):
        current = None if force else recall(asked, chosen, processed, outputs)
        if current is not None:
            if not quiet:
                click.echo(f"{current} page(s) déjà à jour (--force pour les refaire)")
                click.echo(f"À ouvrir : {outputs / 'index.html'}")
            return 0
        means = Means(jobs or 0, cluster, stock_kernel, Limits(timeout, memory or 0))
        built, remark = run_build(asked, chosen, processed, outputs, means, force=force, quiet=quiet)
    if contrats is None and built[0].refused:
        raise built[0].refused
    return _tell(built, outputs, quiet, remark)


def _tell(built: "Sequence[Built]", outputs: Path, quiet: bool, remark: str) -> int:
    """What was done, failures last; the exit code."""
    refused = [one for one in built if one.refused]
    failures = [error for one in built for error in one.failures.values()]
    for one in refused:
        click.echo(f"refusé     {one.contrat} : {one.refused}", err=True)
    if not quiet:
        for page in (page for one in built for page in one.made if page not in one.reports):
            click.echo(f"construit  {page.relative_to(outputs)}")
        if remark:
            click.echo(remark, err=True)
        current = sum(len(one.current) for one in built)
        if current:
            click.echo(f"{current} page(s) déjà à jour (--force pour les refaire)")
        made = sum(len(one.made) for one in built)
        told = [f"{made} page(s) construite(s)", f"{current} à jour", f"{len(failures)} en échec"]
        click.echo(f"{', '.join(told)}{f', {len(refused)} contrat(s) refusé(s)' if refused else ''}")
        click.echo(f"À ouvrir : {outputs / 'index.html'}")
    return max((error.exit_code for error in [*failures, *(one.refused for one in refused if one.refused)]), default=0)
