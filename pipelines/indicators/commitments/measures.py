"""The forty national measures: levels of engagement, read and published, local object, the two indicators of equality.

Source: domain brief, section 8 (measure_progress) and section 12 (19, 26). An illegible level is never guessed:
what the published totals leave for the illegible ones is given for all of them together.
"""

import pandas as pd

from pipelines.errors import DataError
from pipelines.indicators import monitoring
from pipelines.indicators.commitments.ledger import flag_uncertain
from pipelines.indicators.monitoring.definitions import percent
from pipelines.tables import GRANTED, LOCAL_OBJECT_LABELS, MEASURE_LEVEL_LABELS

UNREAD = "Indéterminé"
PUBLISHED, LEGIBLE = "Total publié", "Mesures lisibles"
WOMEN_PLANNED, WOMEN_REACHED = "Femmes parmi les personnes prévues", "Femmes parmi les personnes touchées"
EQUALITY = "Projets soutenus au titre de l'égalité femmes-hommes, d'après leur objectif"
MARKED = "Projets dont l'égalité est l'objectif principal, d'après les réponses au marqueur"
_EQUALITY_THEME = "egalite_fh"


def count_levels(measures: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Measures of each level as published and as read, then all of them.

    Columns: libelle_niveau, nb_publiees, nb_lisibles, nb_restantes (published, not read: hidden among the illegible).
    DataError where more are read at a level than published, or where what is left is not the number of the illegible.
    """
    own = _counted(measures)
    rows = [
        (label, _published(totals, level), int(own["niveau_engagement"].eq(level).sum()))
        for level, label in MEASURE_LEVEL_LABELS.items()
    ]
    out = pd.DataFrame(rows, columns=["libelle_niveau", "nb_publiees", "nb_lisibles"])
    out = out.assign(nb_restantes=out["nb_publiees"] - out["nb_lisibles"])
    if out["nb_restantes"].lt(0).any() or out["nb_restantes"].sum() != own["niveau_engagement"].isna().sum():
        raise DataError(
            "Les mesures lisibles ne tiennent pas dans les totaux publiés par niveau. Vérifier totaux_mesures.csv et "
            "mesures_nationales.csv."
        )
    out.loc[len(out)] = [monitoring.TOTAL, *out.drop(columns="libelle_niveau").sum()]
    return out.astype({"nb_publiees": "Int64", "nb_lisibles": "Int64", "nb_restantes": "Int64"})


def stack_levels(levels: pd.DataFrame) -> pd.DataFrame:
    """The levels of `count_levels` as two bars: annonce (published, legible), libelle_niveau, nb_mesures.

    The bar of the legible measures is completed by « Indéterminé ».
    """
    own = levels.iloc[:-1]
    read = own[["libelle_niveau", "nb_lisibles"]].rename(columns={"nb_lisibles": "nb_mesures"})
    read.loc[len(read)] = [UNREAD, own["nb_restantes"].sum()]
    published = own[["libelle_niveau", "nb_publiees"]].rename(columns={"nb_publiees": "nb_mesures"})
    out = pd.concat([published.assign(annonce=PUBLISHED), read.assign(annonce=LEGIBLE)], ignore_index=True)
    order = {label: rank for rank, label in enumerate([*MEASURE_LEVEL_LABELS.values(), UNREAD])}
    out = out[out["nb_mesures"] > 0].astype({"nb_mesures": "Int64"})
    # Numbered: a figure sorts its categories by name, and a level has a rank.
    out["libelle_niveau"] = [f"{1 + order[label]}. {label}" for label in out["libelle_niveau"]]
    return out[["annonce", "libelle_niveau", "nb_mesures"]].reset_index(drop=True)


def list_measures(
    measures: pd.DataFrame, indicators: pd.DataFrame, local: pd.DataFrame, levels: pd.DataFrame
) -> pd.DataFrame:
    """Every measure, sub-measures included: level, indicators, local object and why.

    Columns: numero, libelle_mesure, libelle_niveau, nb_indicateurs, libelle_objet, motif, origine, a_confirmer, note.
    An illegible level of a counted measure is « Indéterminé », with the levels that the totals leave. Without a row in
    `local`, a measure is « À établir ».
    """
    # What is left at a level may be any of the illegible measures.
    left = [label.lower() for label in levels.iloc[:-1].loc[lambda frame: frame["nb_restantes"] > 0, "libelle_niveau"]]
    unread = f"{UNREAD} ({' ou '.join(left)})" if left else UNREAD
    counts = indicators.groupby("numero_mesure").size()
    out = measures.merge(
        local[["numero", "objet_local", "motif", "origine"]], on="numero", how="left", validate="one_to_one"
    )
    out = out.assign(
        libelle_niveau=out["niveau_engagement"].map(MEASURE_LEVEL_LABELS).fillna(unread),
        nb_indicateurs=out["numero"].map(counts).fillna(0).astype("Int64"),
        libelle_objet=out["objet_local"].fillna("a_etablir").map(LOCAL_OBJECT_LABELS),
        a_confirmer=flag_uncertain(out),
    ).fillna({"motif": "", "origine": "", "note": ""})
    columns = ["numero", "libelle_mesure", "libelle_niveau", "nb_indicateurs", "libelle_objet", "motif", "origine"]
    return out[[*columns, "a_confirmer", "note", "est_comptee"]]


def count_local(listed: pd.DataFrame) -> pd.DataFrame:
    """Counted measures and all indicators by local object, then all: libelle_objet, nb_mesures, nb_indicateurs.

    `listed`: `list_measures`. The indicators of a sub-measure go with its own local object.
    """
    rows = [
        (label, int((own["est_comptee"]).sum()), int(own["nb_indicateurs"].sum()))
        for label, own in (
            *((label, listed[listed["libelle_objet"] == label]) for label in LOCAL_OBJECT_LABELS.values()),
            (monitoring.TOTAL, listed),
        )
    ]
    counts = {"nb_mesures": "Int64", "nb_indicateurs": "Int64"}
    return pd.DataFrame(rows, columns=["libelle_objet", *counts]).astype(counts)


def measure_equality(
    actions: pd.DataFrame,
    beneficiaries: pd.DataFrame,
    reached: pd.DataFrame,
    objectives: pd.DataFrame,
    answers: pd.DataFrame,
    *,
    base_minimale: int = 1,
) -> pd.DataFrame:
    """The two indicators of measure 40 on the granted actions of a year: libelle_indicateur, part, nb_cas, detail.

    Women are counted twice, planned and reached, on the actions that state both. The share of projects is read twice:
    by the theme of their objective, missing where no objective of the contract is of the theme of equality, since
    nothing could be counted; by the marker's answer (`answers`: reponses_marqueur). `reached`: effectifs_publies.
    """
    by_sex = monitoring.compare_planned_reached(actions, beneficiaries, reached, "sexe")
    both, granted = monitoring.count_both(actions, beneficiaries, "sexe")
    detail = f"{both} actions financées sur {granted} donnent le prévu et le touché"
    known = by_sex.set_index("modalite").reindex(["femmes", "hommes"])
    rows = [
        (label, monitoring.women_share(by_sex, column, base_minimale=base_minimale), known[column].sum(), detail)
        for label, column in ((WOMEN_PLANNED, "nb_prevu"), (WOMEN_REACHED, "nb_realise"))
    ]
    themes = actions.loc[actions["statut"].isin(GRANTED), "code_objectif"].map(
        objectives.set_index("code_objectif")["theme"]
    )
    told = int(themes.notna().sum())
    share, why = None, "aucun objectif du contrat ne relève de ce thème : rien ne peut y être compté"
    if objectives["theme"].eq(_EQUALITY_THEME).any():
        cases = pd.Series([int(themes.eq(_EQUALITY_THEME).sum())]), pd.Series([told])
        share, why = percent(*cases, base_minimale).iloc[0], f"{told} actions financées sur {len(themes)} ont un thème"
    rows.append((EQUALITY, share, told, why))
    of_marker = answers.set_index("code_action")["objectif_principal_egalite"]
    aims = actions.loc[actions["statut"].isin(GRANTED), "code_action"].map(of_marker).dropna().astype(bool)
    share = percent(pd.Series([int(aims.sum())]), pd.Series([len(aims)]), base_minimale).iloc[0]
    rows.append((MARKED, share, len(aims), f"{len(aims)} actions financées sur {len(themes)} ont répondu"))
    out = pd.DataFrame(rows, columns=["libelle_indicateur", "part", "nb_cas", "detail"])
    return out.astype({"part": "Float64", "nb_cas": "Int64"})


def _counted(measures: pd.DataFrame) -> pd.DataFrame:
    return measures[measures["est_comptee"].fillna(False).astype(bool)]


def _published(totals: pd.DataFrame, level: str) -> int:
    return int(totals.loc[totals["niveau_engagement"] == level, "nb_mesures"].sum())
