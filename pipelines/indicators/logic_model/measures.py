"""What measures the nodes of a logic model: each indicator with its target and value, and the state of each node."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from pipelines.indicators.monitoring import resident_share, women_share
from pipelines.indicators.monitoring.definitions import TOTAL, percent
from pipelines.numbers import format_number, is_missing
from pipelines.tables import GRANTED, LOGIC_LEVEL_LABELS

NODE = ["code_modele", "code_noeud"]
_INDICATOR = [
    "libelle_indicateur", "unite", "sens", "valeur_cible", "echeance", "valeur", "relevee_en", "calcul",
    "portee_calcul",
]  # fmt: skip
DEFINITION = (
    "Un nœud atteint sa cible quand la valeur de chacun de ses indicateurs qui ont une cible l'atteint : au moins "
    "égale à elle, ou au plus si l'évolution attendue est une baisse ; en partie, quand certains seulement "
    "l'atteignent. Une valeur absente n'est pas un échec : le nœud n'est pas mesuré. Une valeur prévue n'est jamais "
    "comptée comme atteinte, et un indicateur de contexte, qui décrit le territoire, ne mesure aucun nœud."
)


def list_indicators(nodes: pd.DataFrame, common: pd.DataFrame) -> pd.DataFrame:
    """Every indicator of every node: its own, then those of the common set that take their place there.

    An indicator of context describes the territory: it measures no node.

    Columns: code_modele, code_noeud, libelle_indicateur, unite, sens, valeur_cible, echeance, valeur, relevee_en,
    calcul, portee_calcul, origine (« modèle » or « socle commun »), id_source.
    """
    own = nodes[nodes["libelle_indicateur"].notna()].assign(origine="modèle")
    shared = common[common["code_noeud"].notna() & common["nature"].ne("contexte")].assign(origine="socle commun")
    columns = [*NODE, *_INDICATOR, "origine", "id_source"]
    return pd.concat([own[columns], shared[columns]], ignore_index=True)


def measure_indicators(
    indicators: pd.DataFrame,
    actions: pd.DataFrame,
    beneficiaries: pd.DataFrame,
    results: pd.DataFrame,
    annee: int,
    *,
    base_minimale: int = 1,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """The indicators with the value of the year where the programme gives it, and whether the target is reached.

    Adds est_atteint (missing without target or value), dont_prevu (the value is planned, not reached). A figure is
    counted over the granted actions of the year that serve `portee_calcul`: an orientation, or an objective with all
    that it contains. No share of fewer than `base_minimale` cases.
    """
    kept = actions[(actions["annee"] == annee) & actions["statut"].isin(granted)]
    figures: dict[str, Callable[[pd.DataFrame], object]] = {
        "nb_actions_financees": len,
        "montant_accorde": lambda own: own["montant_accorde"].sum(min_count=1) if len(own) else 0.0,
        "part_femmes_prevues": lambda own: women_share(
            _planned(own, beneficiaries, "sexe"), "nb_personnes", base_minimale=base_minimale
        ),
        "part_qpv_prevus": lambda own: resident_share(
            _planned(own, beneficiaries, "residence"), "nb_personnes", "qpv", base_minimale=base_minimale
        ),
        "part_resultats_atteints": lambda own: _share_attained(own, results, base_minimale),
    }
    computed = [
        figures[row.calcul](_serving(kept, row.portee_calcul)) if isinstance(row.calcul, str) else row.valeur
        for row in indicators.itertuples()
    ]
    from_programme = indicators["calcul"].notna()
    out = indicators.assign(
        valeur=pd.Series(computed, index=indicators.index, dtype="Float64"),
        relevee_en=indicators["relevee_en"].mask(from_programme, f"programmation {annee}"),
        dont_prevu=indicators["calcul"].isin(["part_femmes_prevues", "part_qpv_prevus"]),
    )
    above = (out["valeur"] >= out["valeur_cible"]).astype("boolean")
    below = (out["valeur"] <= out["valeur_cible"]).astype("boolean")
    # What is planned is not reached, however large.
    return out.assign(est_atteint=above.mask(out["sens"].eq("baisse").fillna(False), below).mask(out["dont_prevu"]))


def _serving(actions: pd.DataFrame, scope: str) -> pd.DataFrame:
    """The actions of an orientation, or of an objective and all that it contains."""
    inside = actions["code_objectif"].fillna("") + "."
    return actions[(actions["code_orientation"] == scope) | inside.str.startswith(f"{scope}.")]


def _planned(own: pd.DataFrame, beneficiaries: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Persons planned by modality of a dimension: modalite, nb_personnes."""
    kept = beneficiaries[(beneficiaries["moment"] == "prevu") & (beneficiaries["dimension"] == dimension)]
    kept = kept[kept["code_action"].isin(own["code_action"])]
    return kept.groupby("modalite")["nb_personnes"].sum(min_count=1).reset_index()


def _share_attained(own: pd.DataFrame, results: pd.DataFrame, smallest: int) -> object:
    """Results reached among those that have both a target and a value, in percent."""
    judged = results.loc[results["code_action"].isin(own["code_action"]), "est_atteint"].dropna().astype(bool)
    return percent(pd.Series([judged.sum()]), pd.Series([len(judged)]), smallest).iloc[0]


def judge_nodes(nodes: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """The nodes with what their indicators say: etat (NODE_STATES), nb_indicateurs, resume (« 4 / 6 réunions », or "").

    `measured`: `measure_indicators` of them.
    """
    groups = dict(list(measured.groupby(NODE, sort=False)))
    found = [
        (_judge(lost, groups.get(node)), len(groups.get(node, ())), _summarise(groups.get(node)))
        for node, lost in zip(nodes[NODE].itertuples(index=False, name=None), nodes["est_perdu"], strict=True)
    ]
    told = pd.DataFrame(found, columns=["etat", "nb_indicateurs", "resume"], index=nodes.index)
    return nodes.assign(**told.astype({"nb_indicateurs": "Int64"}))


def _judge(lost: bool, own: pd.DataFrame | None) -> str:
    if lost:
        return "perdu"
    if own is None:
        return "sans_indicateur"
    aimed = own[own["valeur_cible"].notna()]
    reached = aimed["est_atteint"].dropna().astype(bool)
    if len(reached):
        return (
            "atteint"
            if reached.all() and len(reached) == len(aimed)
            else "en_partie"
            if reached.any()
            else "non_atteint"
        )
    # A value that is only planned measures nothing yet.
    is_known = own["valeur"].notna() & ~own["dont_prevu"]
    return "sans_cible" if is_known.any() and aimed.empty else "non_mesure"


def _summarise(own: pd.DataFrame | None) -> str:
    """The first indicator in few words: value, target, unit."""
    if own is None:
        return ""
    row = own.iloc[0]
    value, target = (_write(row[name], row["unite"]) for name in ("valeur", "valeur_cible"))
    if not value and not target:
        return ""
    planned = " prévus" if row["dont_prevu"] and value else ""
    return f"{value or 'valeur inconnue'}{planned}" + (f", cible {target}" if target else "")


def write_values(measured: pd.DataFrame) -> pd.DataFrame:
    """The indicators with `valeur` and `valeur_cible` as texts in their own unit, « — » where there is none."""
    texts = {
        name: [_write(*cell) or "—" for cell in zip(measured[name], measured["unite"], strict=True)]
        for name in ("valeur", "valeur_cible")
    }
    planned = measured["dont_prevu"] & measured["valeur"].notna()
    out = measured.assign(**{name: pd.Series(cells, index=measured.index) for name, cells in texts.items()})
    return out.assign(valeur=out["valeur"].mask(planned, out["valeur"] + ", prévus"))


def _write(value: object, unit: object) -> str:
    """A value in its unit: few decimals, and none where it is whole."""
    if is_missing(value):
        return ""
    text = format_number(value, 0 if float(value) == round(float(value)) else 1)
    # A sign stays by its number, a word may go to the next line.
    return text if is_missing(unit) else f"{text} {unit}" if str(unit).isalpha() else f"{text}\u00a0{unit}"


def cover_levels(judged: pd.DataFrame, levels: Mapping[str, str] = LOGIC_LEVEL_LABELS) -> pd.DataFrame:
    """The nodes of one model by level, named as it calls them, the last row for all; a lost node counts.

    Columns: niveau, nb_noeuds, nb_avec_indicateur, nb_noeuds_mesures (with a value that is not only planned),
    part_couverte (with an indicator, in percent).
    """
    covered = judged["nb_indicateurs"] > 0
    known = judged["etat"].isin(["atteint", "en_partie", "non_atteint", "sans_cible"])
    rows = []
    for level in [*levels, TOTAL]:
        at = judged["niveau"].eq(level) | (level == TOTAL)
        rows.append((levels.get(level, level), int(at.sum()), int((covered & at).sum()), int((known & at).sum())))
    out = pd.DataFrame(rows, columns=["niveau", "nb_noeuds", "nb_avec_indicateur", "nb_noeuds_mesures"])
    return out.assign(part_couverte=percent(out["nb_avec_indicateur"], out["nb_noeuds"]))
