"""What the protocol leaves open, kept visible: the markers under every other reading, the branches, the flags."""

from itertools import pairwise

import pandas as pd

from pipelines.indicators.gender.definitions import EVERY, LABELS, UNRATED, label_markers
from pipelines.indicators.gender.distribution import COUNTS
from pipelines.indicators.gender.rating import FLAG_LABELS, FLAG_SEPARATOR, TRAJET, Reading, rate_gender_marker
from pipelines.indicators.gender.tree import Tree
from pipelines.indicators.monitoring.definitions import percent


def compare_readings(answers: pd.DataFrame, tree: Tree, retained: Reading) -> pd.DataFrame:
    """The markers of some answers under every reading that the tree knows, the retained one first.

    Columns: lecture, seuil_criteres, issue_coherent, nb_marqueur_0..2, nb_non_examinees, nb_changees (actions whose
    marker is not that of the retained reading, one that is no longer decided included), part_marqueur_1 (of examined).
    """
    reading = tree.lectures.issue_coherent
    issues = sorted(reading.vers, key=lambda issue: (issue != reading.retenue, issue))
    others = [Reading(seuil, issue) for issue in issues for seuil in sorted(tree.criteres.seuils, reverse=True)]
    ours = _markers(answers, tree, retained)
    rows = []
    for one in [retained, *(other for other in others if other != retained)]:
        markers = _markers(answers, tree, one)
        counts = markers.value_counts().reindex(EVERY, fill_value=0)
        rows.append(
            {
                "lecture": name_reading(tree, one) + (" (lecture retenue)" if one == retained else ""),
                "seuil_criteres": one.seuil_criteres,
                "issue_coherent": one.issue_coherent,
                **{COUNTS[label]: int(counts[label]) for label in LABELS},
                "nb_non_examinees": int(counts[UNRATED]),
                "nb_changees": int((markers != ours).sum()),
            }
        )
    out = pd.DataFrame(rows).convert_dtypes()
    return out.assign(part_marqueur_1=percent(out[COUNTS[LABELS[1]]], out[list(COUNTS.values())].sum(axis=1)))


def name_reading(tree: Tree, reading: Reading) -> str:
    """« 3 critères sur 3 ; public cohérent : marqueur 1 »: a reading in words."""
    whole = len(tree.criteres.liste)
    target = tree.lectures.issue_coherent.vers[reading.issue_coherent]
    leads = f"marqueur {tree.issues[target].marqueur}" if target in tree.issues else "renvoi aux critères"
    plural = "s" if reading.seuil_criteres > 1 else ""
    return f"{reading.seuil_criteres} critère{plural} sur {whole} ; public cohérent : {leads}"


def _markers(answers: pd.DataFrame, tree: Tree, reading: Reading) -> pd.Series:
    rated = rate_gender_marker(answers, tree, seuil_criteres=reading[0], issue_coherent=reading[1])
    return label_markers(rated["marqueur"])


def count_flags(rated: pd.DataFrame) -> pd.DataFrame:
    """Actions that bear each flag of the marker, the most frequent first: drapeau, libelle_drapeau, nb_actions."""
    flags = rated["drapeaux"].str.split(FLAG_SEPARATOR, regex=False).explode()
    counts = flags[flags.isin(list(FLAG_LABELS))].value_counts()
    out = pd.DataFrame({"drapeau": counts.index, "nb_actions": counts.to_numpy()})
    out = out.sort_values(["nb_actions", "drapeau"], ascending=[False, True]).reset_index(drop=True)
    out.insert(1, "libelle_drapeau", out["drapeau"].map(FLAG_LABELS))
    return out.astype({"drapeau": "str", "nb_actions": "Int64"})


def count_branches(rated: pd.DataFrame) -> pd.DataFrame:
    """How many actions took each branch of the tree: depuis, vers, nb_actions; a path stops at a missing answer."""
    steps = rated["trajet"].dropna().str.split(TRAJET, regex=False)
    pairs = [pair for codes in steps for pair in pairwise(codes)]
    out = pd.DataFrame(pairs, columns=["depuis", "vers"]).astype("str")
    return out.value_counts(sort=False).rename("nb_actions").reset_index().astype({"nb_actions": "Int64"})


def list_differences(tree: Tree) -> pd.DataFrame:
    """How this marker differs from the one that the tree compares it with: ici, ailleurs, consequence."""
    rows = tree.comparaison.ecarts if tree.comparaison else ()
    return (
        pd.DataFrame([row.model_dump() for row in rows], columns=["ici", "ailleurs", "verdict"])
        .astype("str")
        .set_axis(["ici", "ailleurs", "consequence"], axis=1)
    )
