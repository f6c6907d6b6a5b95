"""`ose build`: prepare, validate, run, render."""

from pathlib import Path

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand


@click.command("build", cls=FrenchCommand)
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@options.contrat
@click.option(
    "--annee", type=int, default=None, metavar="N", help="Année du rapport ; par défaut, la dernière du contrat."
)
@click.option("--jobs", type=click.IntRange(min=1), default=None, metavar="J", help="Notebooks menés de front.")
@click.option("--force", is_flag=True, help="Refaire même ce qui est à jour.")
@click.option("--with-code", is_flag=True, help="Montrer le code de chaque calcul, replié.")
@click.option(
    "--stock-kernel", is_flag=True, help="Démarrer les noyaux un à un, comme Jupyter : plus lent, mêmes pages."
)
@click.option("-p", "given", multiple=True, metavar="nom=valeur", help="Paramètre d'un notebook ; répétable.")
@options.outputs
@options.processed
def build_command(
    notebooks: tuple[str, ...], contrat: str, annee: int | None, jobs: int | None, force: bool, with_code: bool,
    stock_kernel: bool, given: tuple[str, ...], outputs: Path, processed: Path,
) -> int:  # fmt: skip
    """Construit les rapports : prépare, valide, exécute, met en page. Sans NOTEBOOK : tous."""
    from pipelines.run.build import build

    built = build(
        contrat,
        names=notebooks,
        annee=annee,
        given=options.parse_parameters(given),
        processed=processed.resolve(),
        outputs=outputs.resolve(),
        jobs=jobs or 0,
        force=force,
        with_code=with_code,
        stock_kernel=stock_kernel,
    )
    for path in built.made:
        click.echo(f"construit  {path.relative_to(built.index.parent)}")
    if built.current:
        click.echo(f"{len(built.current)} page(s) déjà à jour (--force pour les refaire)")
    for name, error in sorted(built.failures.items()):
        click.echo(f"échec      {name} : {error}", err=True)
    if built.remark:
        click.echo(built.remark, err=True)
    click.echo(f"À ouvrir : {built.index}")
    return max((error.exit_code for error in built.failures.values()), default=0)
