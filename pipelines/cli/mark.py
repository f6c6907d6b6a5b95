"""`ose mark`: a list of answers to the gender marker's questions, marked outside any contract."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand
from pipelines.numbers import count, format_number

if TYPE_CHECKING:
    from pipelines.exchange.marking import Marked

# Refused rows that are told one by one.
_TOLD = 20


@click.command("mark", cls=FrenchCommand)
@click.argument("fichier", type=click.Path(path_type=Path), metavar="FICHIER.csv")
@click.option(
    "--seuil",
    type=int,
    default=None,
    metavar="N",
    help="Critères qu'il faut pour le marqueur 1 ; par défaut, celui de l'arbre.",
)
@click.option(
    "--issue-coherent", default=None, metavar="I",
    help="Où mène un public non mixte cohérent : marqueur_1 ou criteres ; par défaut, ce que dit l'arbre.",
)  # fmt: skip
@click.option(
    "--sortie", type=click.Path(path_type=Path), default=None, metavar="S.csv",
    help="Où écrire la liste marquée ; par défaut, à côté du fichier : <nom>--marqueurs.csv.",
)  # fmt: skip
@options.contrat
def mark_command(
    fichier: Path, seuil: int | None, issue_coherent: str | None, sortie: Path | None, contrat: str
) -> int:
    """Donne le marqueur égalité de chaque action d'une liste de réponses (CSV).

    Colonnes : code_action, public_mixte, objectif_principal_egalite, diagnostic_sexue, participation_equilibree,
    indicateurs_sexues, public_non_mixte_coherent, motif ; d'autres sont gardées telles quelles. Une réponse est oui,
    non ou vide ; o, x, vrai, true, 1 valent oui, et n, faux, false, 0 valent non. L'arbre est celui du contrat.
    """
    from pipelines.contract import TREE, read_contract
    from pipelines.errors import UsageError
    from pipelines.exchange.marking import mark_list
    from pipelines.indicators.gender import name_reading, read_as

    contract = read_contract(contrat)
    if contract.arbre_marqueur is None:
        raise UsageError(
            f"Le contrat « {contract.nom_dossier} » n'a pas d'arbre du marqueur : déposer {TREE} dans "
            f"{contract.dossier} (celui de data/raw/valenciennes/ sert de modèle), ou choisir un autre --contrat."
        )
    reading = read_as(contract.arbre_marqueur, seuil, issue_coherent)
    marked = mark_list(fichier, sortie, contract.arbre_marqueur, reading)
    for sentence in marked.refusals[:_TOLD]:
        click.echo(sentence, err=True)
    if len(marked.refusals) > _TOLD:
        click.echo(f"et {format_number(len(marked.refusals) - _TOLD)} autres", err=True)
    click.echo(
        f"{count(marked.rows, 'ligne')} de réponses ; lecture : {name_reading(contract.arbre_marqueur, reading)}"
    )
    _print_counts(marked)
    if marked.blank:
        click.echo(f"{count(marked.blank, 'ligne vide', 'lignes vides')} à part, que la liste marquée n'a pas")
    if marked.protected:
        told = count(marked.protected, "cellule commençait", "cellules commençaient")
        click.echo(f"{told} comme une formule : une apostrophe la précède, pour qu'un tableur ne l'exécute pas")
    click.echo(f"Liste marquée : {marked.file}")
    return 3 if marked.refusals else 0


def _print_counts(marked: "Marked") -> None:
    """Every row once: its marker, not examined, or refused."""
    counts = {f"marqueur {marker}": marked.counts.get(marker, 0) for marker in ("0", "1", "2")}
    counts |= {"non examiné": marked.counts.get("", 0), "ligne refusée": len(marked.refusals)}
    for label, number in counts.items():
        click.echo(f"  {label:<13} {format_number(number):>9}")
