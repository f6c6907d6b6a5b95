"""Can an action be evaluated, what is missing, what could be measured instead; are its results attained?"""

from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.monitoring.definitions import UNKNOWN, among, classes, percent
from pipelines.tables import GRANTED, RESULT_UNIT_LABELS, THEME_LABELS, UNNAMED_INDICATOR

# What makes an action fit for evaluation, as columns of `assess_evaluability`, and as readers name them.
ELEMENTS = {
    "est_objectif_ecrit": "objectif écrit",
    "est_cible_chiffree": "cible chiffrée",
    "est_indicateur_nomme": "indicateur",
    "est_depart_connu": "valeur de départ",
    "est_part_connue": "part par territoire",
}
NO_THEME = "Thème inconnu : rattacher l'action à un objectif"


def assess_evaluability(
    actions: pd.DataFrame, results: pd.DataFrame, links: pd.DataFrame, *, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """Each granted action with its five elements, taux_evaluabilite (0 to 100) and `manque`, what lacks, in words.

    An element that no action of a year has was not asked for by that year's export: it is missing (NA), and the rate is
    that of the others. Shares are known where the action has a territory and each of them has its part.
    """
    kept = actions[actions["statut"].isin(granted)]
    own = results[among(results["code_action"], kept["code_action"])]
    named = own[own["libelle_indicateur"] != UNNAMED_INDICATOR]
    parts = links.groupby("code_action")["part_territoire"].agg(["count", "size"])
    shared = parts.index[parts["count"] == parts["size"]]
    code = kept["code_action"]
    found = pd.DataFrame(
        {
            "est_objectif_ecrit": kept["objectif_action"].notna(),
            "est_cible_chiffree": among(code, own.loc[own["valeur_cible"].notna(), "code_action"]),
            "est_indicateur_nomme": among(code, named["code_action"]),
            "est_depart_connu": among(code, own.loc[own["est_depart_connu"].fillna(False), "code_action"]),
            "est_part_connue": among(code, shared),
        },
        index=kept.index,
    ).astype("boolean")
    asked = found.groupby(kept["annee"]).transform("any")
    found = found.mask(~asked)
    missing = [
        ", ".join(ELEMENTS[name] for name in ELEMENTS if row[name] is False)
        for row in found.astype("object").to_dict("records")
    ]
    score = percent(found.sum(axis=1), found.notna().sum(axis=1))
    return kept.assign(**found, taux_evaluabilite=score, manque=missing)


def summarise_elements(assessed: pd.DataFrame, *, base_minimale: int = 1) -> pd.DataFrame:
    """Of each element: element, nb_actions that have it, nb_demandees (actions asked for it), part_actions."""
    rows = [(name, int(assessed[one].sum()), int(assessed[one].notna().sum())) for one, name in ELEMENTS.items()]
    out = pd.DataFrame(rows, columns=["element", "nb_actions", "nb_demandees"]).convert_dtypes()
    out["nb_actions"] = out["nb_actions"].mask(out["nb_demandees"] == 0)
    return out.assign(part_actions=percent(out["nb_actions"], out["nb_demandees"], base_minimale))


def summarise_evaluability(assessed: pd.DataFrame, by: str, *, base_minimale: int = 1) -> pd.DataFrame:
    """By one column of `assess_evaluability`, with a row for all: nb_actions, nb_completes, part_actions, taux_moyen.

    Complete: every element asked for is there. The mean is that of the actions' rates; none under `base_minimale`.
    """
    rows = [
        (name, len(own), int((own["taux_evaluabilite"] == 100).sum()), own["taux_evaluabilite"].astype(float).mean())
        for name, own in classes(assessed[[by, "taux_evaluabilite"]], by)
    ]
    out = pd.DataFrame(rows, columns=[by, "nb_actions", "nb_completes", "taux_moyen"])
    out = out.astype({"nb_actions": "Int64", "nb_completes": "Int64", "taux_moyen": "Float64"})
    out["taux_moyen"] = out["taux_moyen"].mask(out["nb_actions"] < base_minimale)
    out["part_actions"] = percent(out["nb_completes"], out["nb_actions"], base_minimale)
    return out[[by, "nb_actions", "nb_completes", "part_actions", "taux_moyen"]]


def suggest_indicators(assessed: pd.DataFrame, objectives: pd.DataFrame, suggestions: pd.DataFrame) -> pd.DataFrame:
    """The actions that lack an element, the least evaluable first, with an indicator for the theme of their objective.

    Columns: code_action, intitule, nom_porteur, manque, libelle_theme, suggestion (where the indicator is missing:
    label, unit, how to gather it). The first suggestion of a theme stands; an action without objective has no theme,
    and gets none.
    """
    lacking = assessed[assessed["manque"] != ""].sort_values(["taux_evaluabilite", "code_action"], kind="stable")
    themes = objectives.drop_duplicates("code_objectif").set_index("code_objectif")["theme"]
    theme = lacking["code_objectif"].map(themes)
    first = suggestions.drop_duplicates("theme").set_index("theme")
    units = first["unite"].map(RESULT_UNIT_LABELS)
    # An indicator that was not asked for is missing too.
    without = ~lacking["est_indicateur_nomme"].fillna(False).astype(bool)
    text = theme.map(first["libelle_indicateur"] + " (" + units + "). " + first["recueil"] + ".")
    text = text.where(theme.notna(), NO_THEME).where(without, "").fillna("")
    out = lacking[["code_action", "intitule", "nom_porteur", "manque"]]
    named = theme.map(THEME_LABELS).fillna(UNKNOWN)
    return out.assign(libelle_theme=named, suggestion=text).reset_index(drop=True)


def summarise_attainment(
    actions: pd.DataFrame,
    results: pd.DataFrame,
    by: str,
    *,
    base_minimale: int = 1,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """Results of the granted actions by one of their columns, with a row for all.

    Columns: `by`, nb_resultats, nb_cibles (with a target), nb_evalues (target and value known), nb_atteints,
    taux_atteinte (attained of measured). A result without value is not a failure: it is not measured.
    """
    kept = actions.loc[actions["statut"].isin(granted), ["code_action", by]]
    own = results.merge(kept, on="code_action", validate="many_to_one")
    rows = [(name, len(part), *_count_results(part)) for name, part in classes(own, by)]
    out = pd.DataFrame(rows, columns=[by, "nb_resultats", "nb_cibles", "nb_evalues", "nb_atteints"]).convert_dtypes()
    return out.assign(taux_atteinte=percent(out["nb_atteints"], out["nb_evalues"], base_minimale))


def _count_results(results: pd.DataFrame) -> tuple[int, int, int]:
    counted = (results["valeur_cible"].notna(), results["est_atteint"].notna(), results["est_atteint"].fillna(False))
    return tuple(int(flag.sum()) for flag in counted)


def follow_measures(measures: pd.DataFrame) -> pd.DataFrame:
    """The own indicators of the actions followed closely, first and last measure of each.

    Columns: code_action, libelle_indicateur, unite, date_debut, valeur_debut, date_fin, valeur_fin, valeur_cible (the
    last one said). One measure alone has no first: nothing moves yet. Values that count persons are missing.
    """
    ordered = measures.sort_values("date_mesure", kind="stable")
    groups = ordered.groupby(["code_action", "libelle_indicateur"], sort=True)
    out = groups.agg(
        unite=("unite", lambda units: RESULT_UNIT_LABELS[units.iloc[-1]]),
        date_debut=("date_mesure", "first"),
        valeur_debut=("valeur", lambda values: values.iloc[0]),
        date_fin=("date_mesure", "last"),
        valeur_fin=("valeur", lambda values: values.iloc[-1]),
        valeur_cible=("valeur_cible", "last"),
        mesures=("date_mesure", "size"),
    ).reset_index()
    alone = out["mesures"] == 1
    out = out.assign(date_debut=out["date_debut"].mask(alone), valeur_debut=out["valeur_debut"].mask(alone))
    return out.drop(columns="mesures")
