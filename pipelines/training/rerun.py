"""A report done again: for another year, or for the same year after a correction, a late file, another threshold.

Reports run as `ose build` runs them, in a temporary folder; their editions are compared as `ose diff` compares them.
"""

import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.editions import Edition, compare_editions, parse_edition
from pipelines.errors import DataError
from pipelines.indicators import observation
from pipelines.paths import processed_folder
from pipelines.processed import read_manifest
from pipelines.training.feedback import NotYet, Right, check_answer, require
from pipelines.training.small_contract import EVENTS, YEAR, write_contract
from pipelines.values import plain

REPORT = "0_prise_en_main"
# The table of `REPORT` that every contract fills: its rows are the orientations, then all of them.
TABLE = "Dossiers et montants accordés par orientation"
WORDS = ("correction", "données", "paramètre", "monde")
IMPOSSIBLE = "on ne peut pas"
_BREAK = "rupture"


def rerun_report(notebook: str, contrat: str, annee: int) -> Edition:
    """The edition of a report of a contract for a year, its notebook run anew; its tables are the certified ones.

    UsageError for a notebook that is no report, or a year outside the contract.
    """
    folder = processed_folder(contrat)
    return _execute(notebook, folder, annee, read_manifest(folder)["empreinte"])


def rerun_small_contract() -> dict[str, Edition]:
    """The four editions of the report of the invented contract: A, after a correction, a late file, a threshold."""
    from pipelines.contract import read_contract  # Heavy, as all that prepares, and one part of the training needs it.
    from pipelines.prepare import prepare
    from pipelines.run.kernels import warm_kernels

    editions = {}
    with tempfile.TemporaryDirectory() as base, warm_kernels() as kernels:
        for event in EVENTS:
            contract = read_contract(str(write_contract(Path(base), event)))
            manifest = prepare(contract, Path(base) / "processed")
            folder = Path(base) / "processed" / contract.nom_dossier
            editions[event] = _execute(REPORT, folder, YEAR, manifest["empreinte"], kernels.address)
    return editions


@cache
def _execute(notebook: str, folder: Path, annee: int, empreinte: str, kernels: str = "") -> Edition:
    """The edition, run once for a state of the tables (`empreinte`); `kernels`: as `execute_job` takes it."""
    from pipelines.run.execute import execute_job
    from pipelines.run.jobs import plan_jobs
    from pipelines.run.notebooks import choose, known_notebooks

    years = read_manifest(folder)["contrat"]["annees"]
    (job,) = plan_jobs(
        choose([notebook], known_notebooks()), folder.name, annee, {}, annees=(years["debut"], years["fin"])
    )
    with tempfile.TemporaryDirectory() as outputs:
        page = execute_job(job, folder.parent, Path(outputs), False, kernels)
        return parse_edition(page.with_suffix(".json").read_text(encoding="utf-8"), page.stem, DataError)


def read_orientations(*editions: Edition) -> pd.DataFrame:
    """The table of orientations of each edition as it is read, one below the other.

    Columns: annee, orientation, nb_demandes, nb_financees, taux_acceptation, montant_accorde, all as displayed.
    """
    frames = []
    for edition in editions:
        shown = next(one for one in edition.montre if one.titre.startswith(TABLE) and one.genre == "Tableau")
        frames.append(pd.DataFrame(shown.rows, columns=list(shown.colonnes)).assign(annee=edition.annee))
    out = pd.concat(frames, ignore_index=True)
    return out[["annee", *(name for name in out if name != "annee")]]


def list_changes(before: Edition, after: Edition) -> pd.DataFrame:
    """What changed in the table of orientations from an edition to the next, row by row.

    Columns: orientation, constat (the column of the table), avant, apres, cause (as `ose diff` tells it).
    """
    changes = compare_editions(before, after)
    own = changes[changes["rubrique"].eq("chiffres") & changes["objet"].str.contains(TABLE, regex=False)]
    columns = {"ligne": "orientation", "colonne": "constat"}
    return own.rename(columns=columns)[["orientation", "constat", "avant", "apres", "cause"]].reset_index(drop=True)


def find_break(
    observations: pd.DataFrame, indicators: pd.DataFrame, territories: pd.DataFrame, breaks: pd.DataFrame, code: str
) -> tuple[pd.DataFrame, str]:
    """Two vintages of an indicator of one territory that a break parts, the last there are, and why they are refused.

    Columns: libelle_indicateur, famille_source, nom_territoire, millesime, valeur, id_source. No row and "" where
    nothing is parted so.
    """
    columns = ["libelle_indicateur", "famille_source", "nom_territoire", "millesime", "valeur", "id_source"]
    kind = territories.set_index("code_territoire")["type_territoire"].get(code, "")
    described = indicators[["code_indicateur", "libelle_indicateur", "famille_source"]]
    for indicator, label, family in described.itertuples(index=False):
        values = observation.series(observations, territories, indicator, [code]).dropna(subset="valeur")
        years = sorted(values["annee"])
        for start, end in reversed(list(pairwise(years))):
            _, reason = observation.change_between(values, indicators, breaks, indicator, start, end, kind=kind)
            if reason.startswith(_BREAK):
                both = values[values["annee"].isin([start, end])].assign(
                    libelle_indicateur=label, famille_source=family
                )
                both["millesime"] = both["annee"].astype("str")
                return both[columns].reset_index(drop=True), reason
    return pd.DataFrame(columns=columns), ""


def other_year(first: int, last: int, annee: int) -> int:
    """The year to compare with: the one before, or the one after in the contract's first year."""
    return annee - 1 if annee > first else min(annee + 1, last)


def check_rerun(answer: Any, annee: int, asked: int) -> Right:
    """Is the answer the edition of `REPORT` for the year asked, rather than for the year of this notebook?"""
    require(answer)
    if not isinstance(answer, Edition):
        raise NotYet("Pas encore : la réponse est un appel, exercices.rerun_report(...), avec ses trois arguments.")
    if answer.notebook != REPORT:
        raise NotYet(f"Pas encore : vous avez refait {answer.notebook}, il fallait {REPORT}.")
    return check_answer(
        answer.annee,
        asked,
        mistakes=[] if asked == annee else [
            (annee, "c'est la même année. Mêmes données, même notebook : c'est le même rapport, au chiffre près.")
        ],
        otherwise=f"le rapport porte sur {answer.annee}, et la consigne demandait {asked}.",
        right="Le même notebook, une autre année : aucun chiffre n'a été retapé, aucune définition n'a bougé entre les "
        "deux. C'est ce qui rend les deux rapports comparables, si les données le sont aussi.",
    )  # fmt: skip


def check_causes(answers: Any, editions: Mapping[str, Edition]) -> Right:
    """Does the answer, one word of `WORDS` a step, tell the cause of what changed at each step?"""
    require(answers)
    names = list(editions)
    if not isinstance(answers, list | tuple) or len(answers) != len(names) - 1:
        raise NotYet(f"Pas encore : il faut une liste de {len(names) - 1} mots, un par étape, dans l'ordre.")
    require(*answers)
    for step, (word, (before, after)) in enumerate(zip(answers, pairwise(names), strict=True), start=1):
        (cause,) = list_changes(editions[before], editions[after])["cause"].unique()
        _check_cause(step, word, cause)
    return Right(
        "Une faute corrigée, un fichier arrivé, un seuil déplacé : le taux a bougé trois fois, et pas un habitant n'a "
        "rien vu changer. Dire la cause d'abord évite de commenter une évolution qui n'a pas eu lieu."
    )


_CLUES = {
    "correction": "aucun dossier n'est arrivé ni parti, et un seul a changé d'état.",
    "données": "le nombre de dossiers déposés a augmenté : d'où viennent les nouveaux ?",
    "paramètre": "aucun compte n'a bougé, un taux a seulement cessé d'être donné : quelle règle l'a retiré ?",
}


def _check_cause(step: int, word: Any, cause: str) -> None:
    """NotYet where the word is not the cause of a step."""
    where = f"étape {step}, "
    check_answer(
        word,
        cause,
        mistakes=[
            ("monde", where + "les deux éditions portent sur la même année, déjà passée : le territoire n'a pas changé "
             "entre les deux lectures, c'est ce qu'on en sait, ou la façon de le dire, qui a changé."),
            ("méthode", where + "la méthode est le code des calculs. " + _CLUES[cause][0].upper() + _CLUES[cause][1:]),
        ],
        otherwise=where + _CLUES[cause],
        right="",
    )  # fmt: skip


def check_evolution(answer: Any, values: pd.DataFrame, reason: str) -> Right:
    """Is the change between two vintages that a break parts refused?"""
    gaps = values["valeur"].diff().dropna().tolist()
    computed = "vous avez soustrait deux nombres que la source ne compte pas de la même façon."
    return check_answer(
        answer,
        IMPOSSIBLE,
        mistakes=[pair for gap in gaps for pair in ((round(gap), computed), (round(-gap), computed))],
        otherwise=f"si un calcul est possible, donner le nombre ; sinon, écrire « {IMPOSSIBLE} » entre guillemets. "
        "Relire la dernière colonne de ce qui est montré au-dessus.",
        right=f"Le projet refuse ce calcul : {plain(reason)}. La différence mêlerait ce que vit le territoire "
        "et ce que compte la source : rien ne les sépare."
        if reason
        else "Ce contrat n'a pas deux millésimes à comparer : sans deux valeurs, aucune évolution ne se calcule.",
    )


def write_sentences(editions: Mapping[str, Edition], years: Sequence[Edition]) -> pd.DataFrame:
    """Sentences that one could write after these comparisons: lettre, phrase, est_permise, motif.

    `years`: the editions of two years of one contract, the earlier first.
    """
    first, second, _, last = (_whole(editions[name]) for name in EVENTS)
    old, new = (_whole(edition) for edition in years)
    rate = f"de {first['taux_acceptation']} à {second['taux_acceptation']}"
    rows = [
        (f"En {old['annee']}, {old['nb_demandes']} dossiers ont été déposés ; en {new['annee']}, {new['nb_demandes']}.",
         True, "deux descriptions, chacune avec son année"),
        (f"De l'édition A à l'édition B, les porteurs ont mieux réussi : leur taux d'acceptation est passé {rate}.",
         False, "une décision avait été mal recopiée : aucun porteur n'a rien fait entre les deux éditions"),
        (f"Le taux d'acceptation publié {YEAR} est corrigé, {rate} : une décision avait été mal recopiée.",
         True, "le changement est dit avec sa cause, une correction"),
        ("Dans l'édition D, le taux de l'orientation O1 a disparu : plus aucun dossier n'y est financé.",
         False, f"un seuil l'a retiré ; {last['nb_financees']} actions restent financées en tout"),
        (f"Grâce au nouveau comité, le nombre de dossiers a changé de {old['annee']} à {new['annee']}.",
         False, "rien ici n'examine une cause ; « grâce à » n'est permis par aucune comparaison de deux années"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["phrase", "est_permise", "motif"])
    return table.assign(lettre=list("ABCDE"))[["lettre", "phrase", "est_permise", "motif"]]


def _whole(edition: Edition) -> pd.Series:
    """The last row of the table of orientations: all of them."""
    return read_orientations(edition).iloc[-1]


def check_sentences(answer: Any, sentences: pd.DataFrame) -> Right:
    """Does the answer name, by their letters, the sentences that may be written, and no other?"""
    require(answer)
    lawful = sentences.loc[sentences["est_permise"], "lettre"].tolist()
    given = [str(one).strip().upper() for one in (answer if isinstance(answer, list | tuple | set) else [answer])]
    for letter, motive in sentences.loc[~sentences["est_permise"], ["lettre", "motif"]].itertuples(index=False):
        if letter in given:
            raise NotYet(f"Pas encore : la phrase {letter} ne peut pas s'écrire, car {motive}.")
    return check_answer(
        given,
        lawful,
        otherwise="toutes vos phrases peuvent s'écrire, mais il en manque : une description datée et une correction "
        "annoncée se disent."
        if set(given) <= set(lawful)
        else "donner une liste de lettres prises dans le tableau.",
        right="On écrit ce qui est décrit, avec son année, et ce qui est corrigé, avec sa cause. On n'écrit ni une "
        "évolution du territoire tirée d'une correction ou d'un seuil, ni une cause que personne n'a examinée.",
    )
