"""The `ose` group, and every error as one French sentence with its exit code."""

import sys
from collections.abc import Sequence

import click

from pipelines.cli.build import build_command
from pipelines.cli.check import check_command
from pipelines.cli.comments import comments_group
from pipelines.cli.diff import diff_command
from pipelines.cli.export import export_group
from pipelines.cli.french import FrenchGroup, explain
from pipelines.cli.importing import import_group
from pipelines.cli.lab import lab_command
from pipelines.cli.listing import list_command
from pipelines.cli.mark import mark_command
from pipelines.cli.new import new_command
from pipelines.cli.new_focus import new_focus_command
from pipelines.cli.training import training_command
from pipelines.errors import OseError


@click.group(cls=FrenchGroup, context_settings={"help_option_names": ["--help", "-h"]})
def ose() -> None:
    """Construit les évaluations d'un contrat de ville à partir de ses données brutes."""


ose.add_command(build_command)
ose.add_command(check_command)
ose.add_command(comments_group)
ose.add_command(diff_command)
ose.add_command(export_group)
ose.add_command(import_group)
ose.add_command(lab_command)
ose.add_command(list_command)
ose.add_command(mark_command)
ose.add_command(new_command)
ose.add_command(new_focus_command)
ose.add_command(training_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 done, 1 notebook failed, 2 usage, 3 data refused, 4 busy."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return ose.main([a for a in arguments if a != "--debug"], prog_name="ose", standalone_mode=False) or 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrompu : les derniers rapports complets restent en place.", err=True)
        return 1
    except click.ClickException as error:
        if debug:
            raise
        click.echo(explain(error), err=True)
        return 2
    except OseError as error:
        if debug:
            raise
        click.echo(str(error), err=True)
        if error.details:
            click.echo(f"\n{error.details}", err=True)
        return error.exit_code
    except Exception as error:
        if debug:
            raise
        click.echo(
            f"Erreur imprévue ({type(error).__name__} : {error}). Relancer avec --debug et signaler la trace complète.",
            err=True,
        )
        return 1
