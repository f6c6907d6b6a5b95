"""`python -m pipelines.demo.france DOSSIER`: invented contracts, a folder each: as many as France has, of their sizes.

`ose build --contrats DOSSIER` prepares them all. Everything in them is fictional and says so; same seed, same bytes.
"""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
import pandas as pd
from tqdm import tqdm

from pipelines.demo.actions import CUT_OFF, draw_years
from pipelines.demo.cells import write_cells
from pipelines.demo.contract import EPCI, LAST_YEAR, Invented, draw_contract, move_lines
from pipelines.demo.draws import chance
from pipelines.demo.exports import ENCODING
from pipelines.demo.faults import PLANTED
from pipelines.demo.layouts import FOLDER, MENTION, Layout
from pipelines.demo.sources import describe_sources
from pipelines.demo.vintages import LAYOUTS
from pipelines.fingerprint import digest_file
from pipelines.paths import RAW

SEED = 2024
OBSERVATION = "observation"
_ORIENTATIONS = ("Emploi et activité", "Éducation et jeunesse", "Santé", "Cadre de vie", "Lien social", "Droits")
_INDICATORS = """\
code_indicateur;libelle_indicateur;type_indicateur;unite;sens;est_additif;compte;ecart_min_annees;definition;famille_source;collecte;code_notion
taux_emploi_15_64;Taux d'emploi des 15-64 ans;contexte;%;haut_mieux;non;;5;100 × personnes de 15 à 64 ans ayant un emploi / personnes de 15 à 64 ans;RP;sondage;taux_emploi
taux_pauvrete;Taux de pauvreté;contexte;%;bas_mieux;non;;2;100 × personnes sous 60 % du niveau de vie médian / personnes des ménages fiscaux;Filosofi;exhaustif;taux_pauvrete
nb_habitants;Population municipale;contexte;nombre;neutre;oui;;5;population municipale au 1er janvier;RP;sondage;nb_habitants
nb_demandeurs_emploi;Demandeurs d'emploi en fin d'année;contexte;nombre;bas_mieux;oui;personnes;1;demandeurs d'emploi inscrits en fin d'année, arrondis à 5;DEFM;exhaustif;
"""  # noqa: E501 a file, line by line
_TABLES = {
    "territoires": "Territoires du contrat",
    "appartenances": "Commune et agglomération de chaque territoire",
    "indicateurs": "Définitions des indicateurs d'observation",
    "observations": "Emploi, pauvreté, population et demandeurs d'emploi",
}
_HEAD = """\
# Contrat inventé par python -m pipelines.demo.france : {mention}.
nom: Contrat de ville fictif {name} ({mention})
code_contrat: {name}
code_epci: "{epci}"
nom_epci: Agglomération fictive
annees: {{debut: {first}, fin: {last}}}
date_arret: {cut_off}
annee_marqueur: {first}
orientations:
{orientations}
nature_credits: {{etat: specifique, agglomeration: specifique, commune: specifique, region: droit_commun,
  departement: droit_commun, caf: droit_commun}}
parametres_validation:
  {{nb_qpv: {nb_qpv}, nb_qpv_2024: 0, nb_qva: 0, nb_communes: {nb_communes}, nb_communes_qpv: {nb_communes_qpv},
    nb_communes_politique_ville: {nb_communes_qpv}, nb_communes_qva_connues: 0, nb_taux_emploi: {nb_rates},
    nb_mesures: 40}}
sources:
"""
_SOURCE = """\
  - id: {table}_fictifs
    fichier: {file}
    table: {table}
    titre: {title} ({mention})
    editeur: Générateur de démonstration d'ose
    licence: Licence ouverte 2.0
    millesime: sans objet (fictif)
    sha256: {sha256}
    fictif: true
    colonnes: {columns}
"""


def write_france(folder: Path, count: int, seed: int = SEED) -> pd.DataFrame:
    """Write `count` contracts, one a folder of `folder`; their sizes: contrat, nb_qpv, nb_communes, actions by year."""
    sizes, described = [], dict[tuple[int, ...], str]()
    for rank in tqdm(range(1, count + 1), unit="contrat", leave=False, disable=None):
        name = f"EX{rank:03d}"
        contract = write_contract(folder / name, name, seed, rank, described)
        sizes.append((name, contract.nb_qpv, contract.nb_communes, len(contract.years), contract.actions_per_year))
    return pd.DataFrame(sizes, columns=["contrat", "nb_qpv", "nb_communes", "nb_annees", "nb_actions_par_an"])


def write_contract(
    folder: Path, name: str, seed: int, rank: int, described: dict[tuple[int, ...], str] | None = None
) -> Invented:
    """Write one contract, that of a rank: its files, its marker tree (that of the shipped contract), contrat.yml."""
    contract = draw_contract(np.random.default_rng([seed, rank]))
    for part in (OBSERVATION, FOLDER, "marqueur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    _write(folder / "marqueur/arbre.yml", (RAW / "valenciennes/marqueur/arbre.yml").read_text(encoding="utf-8"))
    frames = {"territoires": contract.territories, "appartenances": contract.links}
    frames["observations"] = contract.observations
    for table, frame in frames.items():
        _write(folder / _file(table), frame.to_csv(index=False, sep=";", decimal=",", lineterminator="\n"))
    _write(folder / _file("indicateurs"), _INDICATORS)
    layouts = []
    for year, actions in draw_years(seed * 10_000 + rank, contract.actions_per_year, contract.years):
        layouts.append(replace(LAYOUTS[year], places="codes"))
        _write_programme(folder, move_lines(actions, contract), layouts[-1], contract.places, (seed, rank, year))
    _write(folder / "contrat.yml", _describe(folder, name, contract, layouts, {} if described is None else described))
    return contract


def _write_programme(
    folder: Path, actions: pd.DataFrame, layout: Layout, places: list[str], seeds: tuple[int, int, int]
) -> None:
    """One export. As in life, some hold a line twice, and some an amount that nobody can read."""
    rng = np.random.default_rng([*seeds, 1])
    at, doubled, unread = int(rng.integers(0, len(actions))), *chance(rng, 30, 2)
    spoiled = [(at, "montant_illisible", "montant_cout_total", "à préciser")] if unread else []
    text = write_cells(actions, pd.DataFrame(spoiled, columns=PLANTED), layout, places)
    if doubled:
        text = pd.concat([text, text.iloc[[at]]])
    out = io.StringIO(newline="")
    text.to_csv(out, sep=";", header=list(layout.headers.values()), index=False, lineterminator="\r\n",
                quoting=csv.QUOTE_MINIMAL)  # fmt: skip
    (folder / layout.file).write_bytes(out.getvalue().encode(ENCODING))


def _describe(
    folder: Path, name: str, contract: Invented, layouts: list[Layout], described: dict[tuple[int, ...], str]
) -> str:
    """The text of contrat.yml. `described`: sources of the programmes by years, the same but for their digests."""
    first = contract.years[0]
    rates = contract.observations["code_indicateur"] == "taux_emploi_15_64"
    head = _HEAD.format(
        mention=MENTION,
        name=name,
        epci=EPCI,
        first=first,
        last=LAST_YEAR,
        cut_off=CUT_OFF,
        orientations="\n".join(
            f"  - {{code: O{rank}, libelle: {label}, est_fictif: true}}"
            for rank, label in enumerate(_ORIENTATIONS, start=1)
        ),
        nb_qpv=contract.nb_qpv,
        nb_communes=contract.nb_communes,
        nb_communes_qpv=contract.nb_communes_qpv,
        nb_rates=int(rates.sum()),
    )
    columns = {"observations": contract.observations}
    sources = [
        _SOURCE.format(
            table=table,
            file=_file(table),
            title=title,
            mention=MENTION,
            sha256=digest_file(folder / _file(table)),
            columns=f"{{{', '.join(f'{c}: {c}' for c in columns[table])}}}" if table in columns else "{}",
        )
        for table, title in _TABLES.items()
    ]
    if contract.years not in described:
        described[contract.years] = describe_sources(folder, layouts)
    digests = iter([digest_file(folder / layout.file) for layout in layouts])
    return (
        head
        + "".join(sources)
        + re.sub("(?<=sha256: )[0-9a-f]{64}", lambda _: next(digests), described[contract.years])
    )


def _file(table: str) -> str:
    return f"{OBSERVATION}/{table}_fictifs.csv"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


@click.command(help=__doc__)
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path))
@click.option("--contrats", default=435, show_default=True, type=click.IntRange(1, 999), help="Combien de contrats.")
@click.option("--graine", default=SEED, show_default=True, help="Graine du tirage : la même donne les mêmes fichiers.")
def main(dossier: Path, contrats: int, graine: int) -> None:
    """Write the contracts and say their sizes."""
    sizes = write_france(dossier, contrats, graine)
    per_year, quartiers = sizes["nb_actions_par_an"], sizes["nb_qpv"]
    click.echo(
        f"{len(sizes)} contrats fictifs dans {dossier} : {quartiers.sum()} quartiers (de {quartiers.min()} à "
        f"{quartiers.max()} par contrat ; un ou deux dans {(quartiers <= 2).sum()}), de {per_year.min()} à "
        f"{per_year.max()} actions par an et par contrat, "
        f"{(per_year * sizes['nb_annees']).sum()} actions en tout."
    )


if __name__ == "__main__":
    main()
