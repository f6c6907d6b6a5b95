"""`ose check`: prepare and validate only; prints the row balance, the verdicts, corrections and what was set aside."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand
from pipelines.numbers import count, format_euros

if TYPE_CHECKING:
    from pipelines.contract import Contract


@click.command("check", cls=FrenchCommand)
@options.contrat
@options.processed
@click.option("--force", is_flag=True, help="Refaire même si rien n'a changé.")
def check_command(contrat: str, processed: Path, force: bool) -> int:
    """Prépare et valide les données, sans rapport ; affiche le bilan des lignes et les contrôles."""
    from pipelines.contract import read_contract
    from pipelines.prepare import prepare

    contract = read_contract(contrat)
    processed = processed.resolve()
    manifest = prepare(contract, processed, force=force)
    folder = processed / contract.nom_dossier
    _print_balance(manifest["balance"])
    _print_euros(manifest["euros"])
    _print_undeclared(contract)
    _print_corrections(manifest["corrections"])
    _print_set_aside(folder)
    controls = manifest["controles"]
    failed = [line for line in controls if not line["success"]]
    click.echo(f"\nContrôles : {len(controls) - len(failed)} conformes sur {len(controls)}.")
    for line in failed:
        found = line["observe"] or f"{line['nb_lignes']} ligne(s)"
        click.echo(f"  avertissement  {line['table']} : {line['description']} ({found})")
    click.echo(f"Tables validées : {folder}")
    return 0


def _print_balance(balance: list[dict[str, object]]) -> None:
    click.echo("Bilan des lignes : lues = retenues + écartées + hors données\n")
    names = [f"{line['fichier']}{' · ' + str(line['feuille']) if line['feuille'] else ''}" for line in balance]
    width = max(len(name) for name in names)
    click.echo(f"{'fichier':<{width}} {'lues':>7}   {'retenues':>8}   {'écartées':>8}   {'hors données':>12}")
    for name, line in zip(names, balance, strict=True):
        click.echo(
            f"{name:<{width}} {line['lues']:>7} = {line['retenues']:>8} + {line['ecartees']:>8}"
            f" + {line['hors_donnees']:>12}"
        )


def _print_euros(euros: dict[str, list[dict[str, Any]]]) -> None:
    """Granted euros of every programme file, then of every voted year."""
    if not euros["accordes"]:
        return
    click.echo("\nEuros accordés : lus = retenus + écartés\n")
    names = [f"{line['fichier']}{' · ' + line['feuille'] if line['feuille'] else ''}" for line in euros["accordes"]]
    width = max(len(name) for name in names)
    click.echo(f"{'fichier':<{width}} {'année':>5} {'lus':>16}   {'retenus':>16}   {'écartés':>16}")
    for name, line in zip(names, euros["accordes"], strict=True):
        amounts = [format_euros(line[f"montant_{kind}"], 2) for kind in ("lu", "retenu", "ecarte")]
        broken = line["nb_illisibles"]
        told = f"   {count(broken, 'montant illisible', 'montants illisibles')}" if broken else ""
        click.echo(
            f"{name:<{width}} {line['annee'] or '?':>5} {amounts[0]:>16} = {amounts[1]:>16} + {amounts[2]:>16}{told}"
        )
    for line in euros["votes"]:
        gap = line["ecart_vote"]
        told = f"écart de {format_euros(gap, 2)} avec les lignes retenues" if gap else "les lignes retenues y répondent"
        click.echo(f"Voté en {line['annee']} : {format_euros(line['montant_vote'], 2)} ; {told}.")


def _print_undeclared(contract: "Contract") -> None:
    """A draft source for each file that nothing reads: a notice, since a folder may hold what no report needs yet."""
    from pipelines.read.undeclared import draft_source, undeclared_files

    files = undeclared_files(contract)
    if files:
        click.echo(f"\nFichiers que contrat.yml ne déclare pas, et que rien ne lit : {len(files)}")
    for file in files:
        click.echo(f"\n{draft_source(contract, file)}")


def _print_corrections(corrections: list[dict[str, object]]) -> None:
    click.echo(f"\nCorrections appliquées : {len(corrections) or 'aucune'}")
    for one in corrections:
        sheet = f" · {one['feuille']}" if one["feuille"] else ""
        click.echo(f"  {one['fichier']}{sheet}, ligne {one['ligne']}, {one['colonne']} : {one['motif']}")


def _print_set_aside(folder: Path) -> None:
    """Rows set aside, by table and reason."""
    frames = [pd.read_csv(path, sep=";", dtype=str, keep_default_na=False).assign(table=path.stem)
              for path in sorted(folder.glob("ecartees/*.csv"))]  # fmt: skip
    rows = pd.concat(frames)
    if rows.empty:
        click.echo("\nAucune ligne écartée.")
        return
    click.echo(f"\nLignes écartées : {len(rows)} (détail dans {folder.name}/ecartees/)")
    for row in rows.itertuples():
        sheet = f" · {row.feuille}" if row.feuille else ""
        click.echo(f"  {row.fichier}{sheet}, ligne {row.ligne} : {row.motif}. {row.remede}")
