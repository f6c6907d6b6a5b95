"""The figures that a document of the contract publishes, computed again from the tables wherever they can be.

Each claim keeps its written value, the value that the tables give today, a verdict and its explanation. A claim that no
table lets compute stays what it is: something read. Source: the protocol of 2019; domain brief, section 12.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from pipelines.indicators.observation.comparability import NOT_STATED
from pipelines.numbers import MISSING, format_date, format_euros, format_number, format_percent

RECOMPUTED, READ, IMPOSSIBLE = "recalculé", "constaté à la lecture", "non recalculable : table absente ou incomplète"
Tables = Mapping[str, pd.DataFrame]
_RATE = "taux_emploi_15_64"


def recompute_published(claims: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Each claim of `chiffres_publies` with the value that the tables give, in the order of its code.

    `tables`: the contract's, by name; a claim whose table is absent is not computed, and says so. Columns:
    code_controle, famille_controle, enonce, valeur_ecrite, valeur_recalculee (text), origine_valeur, verdict, gravite,
    explication.
    """
    rows = [_recompute(claim, tables) for claim in claims.sort_values("code_controle").itertuples()]
    found = pd.DataFrame(rows, columns=["code_controle", "valeur_recalculee", "origine_valeur"])
    out = claims.merge(found, on="code_controle", validate="one_to_one").sort_values("code_controle")
    columns = ["code_controle", "famille_controle", "enonce", "valeur_ecrite", "valeur_recalculee", "origine_valeur"]
    return out[[*columns, "verdict_chiffre", "gravite", "explication"]].fillna("").reset_index(drop=True)


def is_recomputable(code: str) -> bool:
    """Whether a claim has a computation here."""
    return code in _COMPUTATIONS


def _recompute(claim: object, tables: Tables) -> tuple[str, str, str]:
    computation = _COMPUTATIONS.get(claim.code_controle)
    if computation is None:
        found = claim.valeur_constatee
        return claim.code_controle, "" if pd.isna(found) else found, READ
    try:
        return claim.code_controle, computation(tables), RECOMPUTED
    except (KeyError, IndexError, ZeroDivisionError):
        return claim.code_controle, MISSING, IMPOSSIBLE


def _figure(tables: Tables, code: str) -> float:
    """A framing figure of the document. KeyError where it is absent."""
    return float(tables["chiffres_cadre"].set_index("code_chiffre").loc[code, "valeur"])


def _rates(tables: Tables) -> pd.Series:
    """The employment rates of the document by quartier. KeyError where there are none."""
    observations = tables["observations"]
    kinds = tables["territoires"].set_index("code_territoire")["geographie"]
    own = observations[observations["code_indicateur"].eq(_RATE)]
    rates = own[own["code_territoire"].map(kinds).eq("QPV2015")].set_index("code_territoire")["valeur"].dropna()
    if rates.empty:
        raise KeyError(_RATE)
    return rates.astype(float)


def _share_of_people(tables: Tables) -> str:
    return format_percent(100 * _figure(tables, "population_qpv") / _figure(tables, "population_epci"), 2)


def _quartiers(tables: Tables) -> str:
    return format_number(len(_rates(tables)))


def _communes(tables: Tables) -> str:
    return format_number(int(tables["territoires"]["statut_politique_ville"].eq("qpv").sum()))


def _communes_of_sectors(tables: Tables) -> str:
    return format_number(_figure(tables, "secteur_nord") + _figure(tables, "secteur_sud"))


def _all_below(tables: Tables) -> str:
    highest, whole = _rates(tables).max(), _figure(tables, "taux_emploi_epci")
    sign = "<" if highest < whole else "≥"
    return f"{format_percent(highest)} {sign} {format_percent(whole)}"


def _mean_and_median(tables: Tables) -> str:
    rates = _rates(tables)
    return f"moyenne {format_percent(rates.mean())}, médiane {format_percent(rates.median())}"


def _vintage(tables: Tables) -> str:
    own = tables["observations"]
    own = own[own["code_indicateur"] == _RATE]
    silent = int(own["millesime"].eq(NOT_STATED).sum())
    return f"absent de {silent} valeurs sur {len(own)}" if len(own) else MISSING


def _overrepresented(tables: Tables) -> str:
    people = 100 * _figure(tables, "population_qpv") / _figure(tables, "population_epci")
    return f"indice {format_number(_figure(tables, 'part_defm_qpv') / people, 2)}"


def _measures(tables: Tables) -> str:
    counted = tables["mesures_nationales"]["est_comptee"].fillna(False).astype(bool)
    return f"{int(counted.sum())} (et {int((~counted).sum())} sous-mesures)"


def _levels(tables: Tables) -> str:
    measures = tables["mesures_nationales"]
    levels = measures.loc[measures["est_comptee"].fillna(False).astype(bool), "niveau_engagement"]
    order = ["objectif_atteint", "en_voie_de_finalisation", "en_cours_de_deploiement", "en_cours_de_lancement"]
    read = levels.value_counts().reindex(order, fill_value=0)
    return f"{' / '.join(map(str, read))} lus, {int(levels.isna().sum())} illisibles sur {len(levels)}"


def _credits(tables: Tables) -> str:
    return f"{format_euros(_amount(tables, 'ENG-010') + _amount(tables, 'ENG-011'))} par an"


def _envelope(tables: Tables) -> str:
    return format_percent(100 * _amount(tables, "ENG-085") / _amount(tables, "ENG-014"))


def _amount(tables: Tables, code: str) -> float:
    return float(tables["engagements"].set_index("code_engagement").loc[code, "montant"])


def _posts(tables: Tables) -> str:
    return f"{format_number(_figure(tables, 'etp_animation') + _figure(tables, 'etp_ose'), 1)} ETP pour deux agents"


def _consulted_after(tables: Tables) -> str:
    events = tables["calendrier"]
    # Dates are whole ISO days, or a month where the document gives no day: these compare with none.
    days = pd.to_datetime(events["debut"], format="%Y-%m-%d", errors="coerce")
    label = events["libelle_evenement"]
    signed = days[label.str.contains("signature État et CAVM", regex=False)].iloc[0]
    met = days[label.str.contains("conseils citoyens de Valenciennes", regex=False)].iloc[0]
    when = "après" if met > signed else "avant"
    return f"{format_date(met)}, {abs((met - signed).days)} jours {when} la validation du {format_date(signed)}"


_COMPUTATIONS: dict[str, Callable[[Tables], str]] = {
    "C01": _share_of_people, "C02": _quartiers, "C03": _communes, "C04": _communes_of_sectors, "C06": _all_below,
    "C07": _mean_and_median, "C08": _vintage, "C10": _overrepresented, "C11": _measures, "C12": _levels,
    "C16": _credits, "C17": _envelope, "C21": _consulted_after, "C23": _posts,
}  # fmt: skip
