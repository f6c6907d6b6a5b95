"""`ose check`: prepare and validate only; prints the row balance, the verdicts, corrections and what was set aside."""

from pathlib import Path

import click
import pandas as pd

from pipelines.cli import options
from pipelines.cli.french import FrenchCommand


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
        click.echo(f"  {row.fichier}{sheet}, ligne {row.ligne} : {row.motif}")
