"""Who sees what the others do: answers counted, the share that lacks sight of it, and the figures of the protocol."""

from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.monitoring.definitions import percent
from pipelines.tables import SIGHT_LABELS, WISH_LABELS

_ALPHA = 0.05
LACKING = ("non", "partielle")
# A row needs a head: an empty one is read aloud as nothing.
NOTHING_TOLD = "rien"
QUESTIONS = {
    "visibilite_autres": ("Voit ce que proposent les autres", SIGHT_LABELS),
    "veut_plus_de_visibilite": ("Voudrait mieux le voir", WISH_LABELS),
}


def count_response(structures: pd.DataFrame) -> dict[str, int]:
    """How many structures were asked, answered and stayed silent: nb_interrogees, nb_repondantes, nb_silencieuses."""
    answered = int(structures["est_repondante"].sum())
    return {
        "nb_interrogees": len(structures),
        "nb_repondantes": answered,
        "nb_silencieuses": len(structures) - answered,
    }


def count_opinions(structures: pd.DataFrame, *, base_minimale: int = 1) -> pd.DataFrame:
    """One row per question and answer: question, libelle_reponse, nb_structures, nb_reponses, part_structures.

    `nb_reponses`: structures that answered this question. No share of fewer than `base_minimale` of them.
    """
    frames = []
    for field, (question, labels) in QUESTIONS.items():
        given = structures[field].dropna()
        counts = given.value_counts().reindex(list(labels), fill_value=0).astype("Int64")
        rows = pd.DataFrame({"libelle_reponse": list(labels.values()), "nb_structures": counts.to_numpy()})
        frames.append(rows.assign(question=question, nb_reponses=len(given)))
    out = pd.concat(frames, ignore_index=True).astype({"nb_structures": "Int64", "nb_reponses": "Int64"})
    out["part_structures"] = percent(out["nb_structures"], out["nb_reponses"], base_minimale)
    return out[["question", "libelle_reponse", "nb_structures", "nb_reponses", "part_structures"]]


def measure_lack(
    structures: pd.DataFrame, *, manque: Sequence[str] = LACKING, base_minimale: int = 1
) -> dict[str, float | int | None]:
    """Structures that lack sight of the others, of those that answered the question.

    Keys: nb_manque, nb_reponses, part_manque, part_basse, part_haute (Wilson, 95 %, in percent); the three shares are
    None under `base_minimale` answers. `manque`: the answers that count as a lack.
    """
    # Heavy, and few notebooks need it.
    from statsmodels.stats.proportion import proportion_confint

    given = structures["visibilite_autres"].dropna()
    lacking, base = int(given.isin(list(manque)).sum()), len(given)
    counts = {"nb_manque": lacking, "nb_reponses": base}
    if base < max(1, base_minimale):
        return counts | {"part_manque": None, "part_basse": None, "part_haute": None}
    low, high = proportion_confint(lacking, base, _ALPHA, method="wilson")
    shares = (100 * lacking / base, 100 * float(low), 100 * float(high))
    return counts | dict(zip(("part_manque", "part_basse", "part_haute"), shares, strict=True))


def weigh_facts(facts: pd.DataFrame) -> pd.DataFrame:
    """What the protocol tells, and what it leaves unknown, fact by fact: on_sait, on_ne_sait_pas.

    A lost value is on the side of what is not known; an approximate one keeps its own words: no number is made of it.
    """
    lost = facts["precision_valeur"].eq("perdue").fillna(False).astype(bool)
    told = facts["libelle_fait"] + (" : " + facts["valeur_ecrite"]).fillna("")
    unknown = facts["note"].fillna("")
    out = pd.DataFrame({"on_sait": told.mask(lost, NOTHING_TOLD), "on_ne_sait_pas": unknown})
    out["on_ne_sait_pas"] = unknown.mask(lost, facts["libelle_fait"] + " : " + unknown)
    return out.astype("str").reset_index(drop=True)


def pick_fact(facts: pd.DataFrame, code: str) -> pd.Series | None:
    """The row of a fact; None where the contract does not have it."""
    found = facts[facts["code_fait"] == code]
    return None if found.empty else found.iloc[0]
