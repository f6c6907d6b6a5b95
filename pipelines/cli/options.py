"""Options that several commands share, named as the notebooks' parameters."""

from pathlib import Path

import click

from pipelines.errors import UsageError
from pipelines.paths import OUTPUTS, PROCESSED

contrat = click.option(
    "--contrat", default="valenciennes", show_default="valenciennes", metavar="C",
    help="Nom d'un dossier de data/raw/, ou chemin d'un dossier de contrat.",
)  # fmt: skip
processed = click.option(
    "--processed", type=click.Path(path_type=Path), default=PROCESSED, show_default="data/processed", metavar="DOSSIER",
    help="Où écrire les tables préparées.",
)  # fmt: skip
outputs = click.option(
    "--outputs", type=click.Path(path_type=Path), default=OUTPUTS, show_default="outputs", metavar="DOSSIER",
    help="Où écrire les rapports.",
)  # fmt: skip


def parse_parameters(texts: tuple[str, ...]) -> dict[str, str]:
    """`-p nom=valeur`, repeated, as a mapping of texts. UsageError where the equals sign is missing."""
    given = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"« -p {text} » : écrire -p nom=valeur, par exemple -p seuil_petite_subvention=2000.")
        given[name.strip()] = value
    return given
