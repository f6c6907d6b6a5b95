"""`ose lab`: JupyterLab on the notebooks, opened on the page that says what to open for what."""

import click

from pipelines.cli.french import FrenchCommand


@click.command("lab", cls=FrenchCommand)
@click.argument("notebook", metavar="[NOTEBOOK]", required=False, default="")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port ; sans cette option, le premier libre à partir de 8888."
)
@click.option("--no-browser", is_flag=True, help="Ne pas ouvrir de navigateur, dire seulement l'adresse.")
def lab_command(notebook: str, port: int | None, no_browser: bool) -> int:
    """Ouvre JupyterLab sur la page d'accueil des notebooks, ou sur un notebook."""
    from pipelines.lab import PORT, has_browser, plan_lab, run_lab
    from pipelines.launcher import write_launcher
    from pipelines.paths import NOTEBOOKS

    lab = plan_lab(NOTEBOOKS, notebook, port)
    write_launcher(NOTEBOOKS)
    browser = not no_browser and has_browser()
    if port is None and lab.port != PORT:
        click.echo(f"Le port {PORT} est pris, par un autre JupyterLab sans doute : celui-ci prend le port {lab.port}.")
    if not browser and not no_browser:
        click.echo("Aucun navigateur ne peut être ouvert d'ici : ouvrir cette adresse dans le vôtre.")
    click.echo(f"JupyterLab : {lab.address}")
    click.echo("Pour l'arrêter : menu Fichier, Arrêter ; ou Ctrl+C ici.")
    return run_lab(lab, browser=browser)
