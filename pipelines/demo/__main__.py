"""`python -m pipelines.demo DOSSIER`: the fictional files of a contract folder and, apart, their truth."""

import json
from pathlib import Path

import click
import numpy as np
from tqdm import tqdm

from pipelines.demo.actions import YEARS, draw_years
from pipelines.demo.exports import write_export
from pipelines.demo.faults import plant_faults
from pipelines.demo.layouts import FOLDER
from pipelines.demo.logic import write_models
from pipelines.demo.panel import write_panel
from pipelines.demo.ratings import RATED_YEAR, count_marking, draw_marking, write_marking
from pipelines.demo.sources import describe_marking, describe_sources
from pipelines.demo.survey import write_survey
from pipelines.demo.truth import count_file, locate_faults, sum_year
from pipelines.demo.vintages import LAYOUTS
from pipelines.demo.workbooks import write_workbook

SEED = 2015
_WRITERS = {"classeur": write_workbook, "csv": write_export}


def write_programmes(
    folder: Path, seed: int = SEED, actions_per_year: int | None = None, years: tuple[int, ...] = YEARS
) -> dict[str, object]:
    """Write the files of some years under `folder`; their truth, JSON-like."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    files, faults, totals, marking = [], [], {}, {}
    for year, actions in tqdm(
        draw_years(seed, actions_per_year), total=len(YEARS), unit="an", leave=False, disable=None
    ):
        if year not in years:
            continue
        layout = LAYOUTS[year]
        faulty = plant_faults(np.random.default_rng([seed, year, 1]), actions, layout)
        sheets = _WRITERS[layout.form](folder / layout.file, faulty, layout)
        files += count_file(faulty, sheets, layout)
        faults += locate_faults(faulty, sheets, layout)
        totals[str(year)] = sum_year(faulty, layout)
        if year == RATED_YEAR:
            drawn = draw_marking(seed, year, faulty)
            write_marking(folder, drawn)
            marking = count_marking(drawn)
    return {"graine": seed, "fichiers": files, "fautes": faults, "totaux": totals, "notations": marking}


@click.command(help=__doc__)
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path))
@click.option("--graine", default=SEED, show_default=True, help="Graine du tirage : la même donne les mêmes fichiers.")
@click.option("--actions", type=click.IntRange(100, 1_000_000), help="Actions par an ; sans elle, de 226 à 274.")
@click.option(
    "--annee", "annees", type=click.IntRange(YEARS[0], YEARS[-1]), multiple=True, help="N'écrire que ces années."
)
@click.option("--verite", type=click.Path(dir_okay=False, path_type=Path), help="Fichier JSON de la vérité.")
@click.option("--sources", type=click.Path(dir_okay=False, path_type=Path), help="Fichier YAML des sources à déclarer.")
def main(
    dossier: Path, graine: int, actions: int | None, annees: tuple[int, ...], verite: Path | None, sources: Path | None
) -> None:
    """Write what the options ask for."""
    years = tuple(sorted(set(annees))) or YEARS
    truth = write_programmes(dossier, graine, actions, years)
    write_panel(dossier, graine)
    write_models(dossier, graine)
    write_survey(dossier, graine)
    if verite:
        text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        verite.write_text(text, encoding="utf-8", newline="\n")
    if sources:
        text = describe_sources(dossier, [LAYOUTS[year] for year in years])
        text += describe_marking() if RATED_YEAR in years else ""
        sources.write_text(text, encoding="utf-8", newline="\n")
    click.echo(f"{len(years)} fichier(s) de programmation fictive dans {dossier / FOLDER}")


if __name__ == "__main__":
    main()
