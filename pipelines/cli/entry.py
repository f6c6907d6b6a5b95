"""The `ose` group, and every error as one French sentence with its exit code."""

import atexit
import gc
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from pipelines.cli.french import FrenchGroup, explain
from pipelines.errors import OseError

# Each command by its module, read when it is called for: with nothing to do, a build must not wait for the others.
_COMMANDS = {
    "build": "build:build_command",
    "check": "check:check_command",
    "comments": "comments:comments_group",
    "diff": "diff:diff_command",
    "export": "export:export_group",
    "import": "importing:import_group",
    "lab": "lab:lab_command",
    "list": "listing:list_command",
    "mark": "mark:mark_command",
    "new": "new:new_command",
    "new-focus": "new_focus:new_focus_command",
    "training": "training:training_command",
    "verify": "verify:verify_command",
}


# Who ends has nothing left to collect, and Python would go through all that was imported: a third of a second.
atexit.register(gc.freeze)


class _OseGroup(FrenchGroup):
    """The commands of `ose`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module, _, name = _COMMANDS.get(cmd_name, "").partition(":")
        return getattr(import_module(f"pipelines.cli.{module}"), name) if module else None


@click.group(cls=_OseGroup, context_settings={"help_option_names": ["--help", "-h"]})
def ose() -> None:
    """Construit les évaluations d'un contrat de ville à partir de ses données brutes."""


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
