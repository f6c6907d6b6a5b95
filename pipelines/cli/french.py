"""click in French: help pages and usage errors."""

import click


class FrenchCommand(click.Command):
    """A command whose help page is in French."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write « Utilisation : » instead of « Usage: »."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Utilisation : ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, described in French."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Affiche cette aide."
        return option


class FrenchGroup(FrenchCommand, click.Group):
    """A group of commands whose help page is in French."""

    command_class = FrenchCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands under « Commandes »."""
        names = sorted(self.list_commands(ctx))
        rows = [(name, command.get_short_help_str(80)) for name in names if (command := self.get_command(ctx, name))]
        with formatter.section("Commandes"):
            formatter.write_dl(rows)


def explain(error: click.ClickException) -> str:
    """One French sentence for a usage error, with the nearest name where there is one."""
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "ose"
    helping = f"Voir : {path} --help"
    match error:
        case click.NoSuchOption():
            near = f" Vouliez-vous dire « {error.possibilities[0]} » ?" if error.possibilities else ""
            return f"L'option « {error.option_name} » n'existe pas.{near} {helping}"
        case click.MissingParameter():
            return f"Il manque une valeur pour « {error.param.name if error.param else ''} ». {helping}"
        case click.BadParameter():
            option = error.param.opts[0] if error.param else "une option"
            return f"La valeur donnée à « {option} » ne convient pas ({_value(error)}). {helping}"
        case click.BadOptionUsage():
            return f"L'option « {error.option_name} » est incomplète. {helping}"
        case click.UsageError(ctx=click.Context(command=click.Group() as group) as ctx) if (
            "No such command" in error.message
        ):
            word = error.message.split("'")[1]
            known = ", ".join(sorted(group.list_commands(ctx)))
            return f"La commande « {word} » n'existe pas. Commandes : {known}. {helping}"
        case _:
            return f"Commande mal formée. {helping}"


def _value(error: click.BadParameter) -> str:
    parts = error.message.split("'")
    return f"« {parts[1]} »" if len(parts) > 2 else "valeur illisible"
