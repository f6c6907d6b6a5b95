"""The common set of indicators: what each orientation is followed by, its place in the causal chain, its sheet.

Source: the 2019 protocol wants a common and minimal set tied to the orientations, chosen together for its availability.
"""

from collections.abc import Mapping

import pandas as pd

from pipelines import values
from pipelines.indicators.observation.comparability import tell_missing
from pipelines.numbers import MISSING, format_date, format_number
from pipelines.tables import INDICATOR_KIND_LABELS, LOGIC_LEVEL_LABELS, PROGRAMME_FIGURE_LABELS

SCALES = {
    "qpv": "quartiers prioritaires", "qva": "quartiers de veille active", "commune": "communes",
    "epci": "agglomération", "departement": "département", "region": "région", "pays": "France",
}  # fmt: skip
NO_VALUE = "aucune valeur relevée"
NO_WHOLE = "aucune valeur pour l'agglomération : des taux de territoires ne se moyennent pas"
TWO_SOURCES = "deux sources donnent ce millésime : choisir laquelle"
DEFINITION = (
    "Nature : contexte (décrit le territoire), suivi (ce que fait le programme), impact (ce qui en reste). Échelles et "
    "millésimes : lus dans les observations quand l'indicateur y est, sinon tels qu'écrits. Dernière valeur : celle de "
    "l'agglomération au dernier millésime, ou le chiffre de la programmation ; jamais une moyenne de territoires."
)


def count_by_orientation(common: pd.DataFrame, orientations: Mapping[str, str]) -> pd.DataFrame:
    """How many indicators each orientation has: every orientation, in order, with 0 where it has none.

    `orientations`: label by code. Columns: code_orientation, libelle_orientation, nb_indicateurs, nb_contexte,
    nb_suivi, nb_impact.
    """
    by_kind = pd.crosstab(common["code_orientation"], common["nature"])
    by_kind = by_kind.reindex(index=list(orientations), columns=list(INDICATOR_KIND_LABELS), fill_value=0)
    out = pd.DataFrame({"code_orientation": list(orientations), "libelle_orientation": list(orientations.values())})
    out["nb_indicateurs"] = by_kind.sum(axis=1).to_numpy()
    for kind in INDICATOR_KIND_LABELS:
        out[f"nb_{kind}"] = by_kind[kind].to_numpy()
    return out


def orientations_without(common: pd.DataFrame, orientations: Mapping[str, str]) -> pd.DataFrame:
    """The orientations that have no indicator: code_orientation, libelle_orientation."""
    counts = count_by_orientation(common, orientations)
    return counts.loc[counts["nb_indicateurs"] == 0, ["code_orientation", "libelle_orientation"]].reset_index(drop=True)


def place_in_chain(common: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    """The set with the node that each indicator measures: adds niveau, libelle_noeud and etat_place.

    etat_place: « presente », « inconnue » (its model has no such node), « absente » (it names none).
    """
    known = nodes[["code_modele", "code_noeud", "niveau", "libelle_noeud"]]
    out = common.merge(known, on=["code_modele", "code_noeud"], how="left", validate="many_to_one", indicator="_place")
    named = out["code_noeud"].notna()
    found = out.pop("_place").eq("both") & named
    place = pd.Series("absente", index=out.index, dtype="str").mask(named, "inconnue").mask(found, "presente")
    return out.assign(etat_place=place)


def lost_places(common: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    """The indicators without a place in a causal chain, or whose place does not exist.

    Columns: code_socle, libelle_indicateur, code_modele, code_noeud, etat_place.
    """
    placed = place_in_chain(common, nodes)
    columns = ["code_socle", "libelle_indicateur", "code_modele", "code_noeud", "etat_place"]
    return placed.loc[placed["etat_place"] != "presente", columns].reset_index(drop=True)


def describe_availability(common: pd.DataFrame, observations: pd.DataFrame, territories: pd.DataFrame) -> pd.DataFrame:
    """The set with the scales and vintages at which each indicator has a value.

    Replaces echelles and millesimes where `code_indicateur` is observed; what is written stands elsewhere. Adds
    est_observe (bool).
    """
    kinds = territories[["code_territoire", "type_territoire"]]
    held = observations[observations["valeur"].notna()].merge(kinds, on="code_territoire", validate="many_to_one")
    # Categories of which a filter left none would come back as groups without rows.
    held = held.astype({"code_indicateur": "str", "type_territoire": "str", "millesime": "str"})
    told = held.groupby("code_indicateur").agg(
        echelles=("type_territoire", _tell_scales), millesimes=("millesime", _tell_vintages)
    )
    codes = common["code_indicateur"]
    out = common.assign(est_observe=codes.isin(told.index).astype("boolean"))
    for name in ("echelles", "millesimes"):
        out[name] = codes.map(told[name]).astype("str").fillna(common[name])
    return out


def add_latest_values(
    common: pd.DataFrame, observations: pd.DataFrame, whole: str, measured: pd.DataFrame
) -> pd.DataFrame:
    """The set with derniere_valeur, date_derniere_valeur and motif_valeur (why there is none, "" where there is one).

    Of an observed indicator: the value of the agglomeration `whole` at its last vintage, if one source alone gives it;
    quartiers are not averaged in its place. Of the others: `valeur` and `relevee_en` of `measured`, the set as
    `logic_model.measure_indicators` returns it, row for row in the order of the set.
    """
    rows = []
    for row, (value, date) in zip(
        common.itertuples(), measured[["valeur", "relevee_en"]].itertuples(index=False, name=None), strict=True
    ):
        if isinstance(row.code_indicateur, str):
            rows.append(_latest(observations, row.code_indicateur, whole))
        elif pd.notna(value):
            rows.append((value, date, ""))
        else:
            rows.append((None, None, NO_VALUE))
    names = ["derniere_valeur", "date_derniere_valeur", "motif_valeur"]
    latest = pd.DataFrame(rows, columns=names, index=common.index)
    return common.assign(**latest.astype({"derniere_valeur": "Float64"}))


def sheet_of(indicator: pd.Series) -> pd.DataFrame:
    """The sheet of one indicator: rubrique, contenu; only what is known, the lacks that matter said.

    `indicator`: a row with the columns that `place_in_chain`, `describe_availability`, `add_latest_values` add.
    """
    place = indicator["etat_place"]
    if place == "presente":
        level = LOGIC_LEVEL_LABELS[indicator["niveau"]]
        where = f"{level} {indicator['code_noeud']} : {_or_lack(indicator['libelle_noeud'], 'libellé perdu')}"
    else:
        where = "à établir" if place == "absente" else f"nœud {indicator['code_noeud']} introuvable, à corriger"
    figure = indicator["calcul"]
    lines = {
        "Nature": INDICATOR_KIND_LABELS[indicator["nature"]],
        "Place dans la chaîne causale": where,
        "Producteur": indicator["producteur"],
        "Calcul": f"{PROGRAMME_FIGURE_LABELS[figure]}, {indicator['portee_calcul']}" if pd.notna(figure) else None,
        "Échelles disponibles": _or_lack(indicator["echelles"], "aucune à ce jour"),
        "Millésimes disponibles": _or_lack(indicator["millesimes"], "aucun à ce jour"),
        "Cible": _tell_target(indicator),
        "Dernière valeur": _tell_value(indicator),
        "Limites": indicator["limites"],
        "Choisi par": f"{indicator['instance']}, {_tell_date(indicator['date_choix'])}",
    }
    known = {name: text for name, text in lines.items() if pd.notna(text)}
    return pd.DataFrame({"rubrique": list(known), "contenu": list(known.values())}, dtype="str")


def _tell_scales(kinds: pd.Series) -> str:
    held = set(kinds)
    return ", ".join(label for kind, label in SCALES.items() if kind in held)


def _tell_vintages(vintages: pd.Series) -> str:
    """« 2009 à 2023 », « 2010, 2015 »; a vintage that nobody wrote stays « non précisé »."""
    years = sorted({int(one) for one in vintages if one.isdigit()})
    others = sorted({one for one in vintages if not one.isdigit()})
    whole = len(years) > 2 and years[-1] - years[0] == len(years) - 1
    told = [f"{years[0]} à {years[-1]}"] if whole else [str(year) for year in years]
    return ", ".join(told + others)


def _latest(observations: pd.DataFrame, indicator: str, whole: str) -> tuple[object, object, str]:
    """Value, vintage, and why there is none, of the agglomeration at the last vintage of an indicator."""
    own = observations[(observations["code_indicateur"] == indicator) & (observations["code_territoire"] == whole)]
    if own.empty:
        return None, None, NO_WHOLE
    vintages = own["millesime"].astype("str")
    years = [one for one in set(vintages) if one.isdigit()]
    last = max(years) if years else max(vintages)
    at = own[vintages == last]
    if len(at) > 1:
        return None, last, TWO_SOURCES
    (row,) = at.itertuples()
    return (None, last, tell_missing(row.statut)) if pd.isna(row.valeur) else (row.valeur, last, "")


def _or_lack(text: object, lack: str) -> str:
    return text if isinstance(text, str) and text else lack


def _unit(indicator: pd.Series) -> str:
    return f" {indicator['unite']}" if isinstance(indicator["unite"], str) else ""


def _tell_number(value: float, indicator: pd.Series) -> str:
    whole = float(value).is_integer()
    return f"{format_number(value, 0 if whole else 1)}{_unit(indicator)}"


def _tell_date(day: object) -> str:
    return "date inconnue" if pd.isna(day) else f"le {format_date(day, long=True)}"


def _tell_target(indicator: pd.Series) -> str | None:
    if pd.isna(indicator["valeur_cible"]):
        return None
    bound = "au plus" if indicator["sens"] == "baisse" else "au moins"
    when = f", {indicator['echeance']}" if isinstance(indicator["echeance"], str) else ""
    return f"{bound} {_tell_number(indicator['valeur_cible'], indicator)}{when}"


def _tell_value(indicator: pd.Series) -> str:
    if pd.isna(indicator["derniere_valeur"]):
        return f"{MISSING} ({indicator['motif_valeur']})"
    date = str(indicator["date_derniere_valeur"])
    told = f"millésime {date}" if date == "non précisé" else date
    return f"{_tell_number(indicator['derniere_valeur'], indicator)} ({told})"


def tell_without(common: pd.DataFrame, orientations: Mapping[str, str]) -> str:
    """« 4 orientations sur 6 ont un socle »: the sentence that counts them."""
    without, whole = len(orientations_without(common, orientations)), len(orientations)
    many = f"{values.count(whole - without, 'orientation')} sur {values.format_number(whole)}"
    return f"{many} {'ont' if whole - without > 1 else 'a'} au moins un indicateur."
