"""One sheet: the key figures of some actions, beside the year before and the average of the agglomeration; alerts."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.indicators.monitoring.amounts import monitor_by
from pipelines.indicators.monitoring.definitions import AMOUNTS, among
from pipelines.indicators.monitoring.evaluability import summarise_evaluability
from pipelines.indicators.monitoring.practice import MISSING, summarise_accounts
from pipelines.numbers import count, format_euros, format_value
from pipelines.tables import GRANTED

SHEET = {
    "nb_demandes": "Dossiers déposés",
    "nb_financees": "Actions financées",
    "taux_acceptation": "Taux d'acceptation",
    "montant_demande": "Montant demandé, actions financées",
    "montant_accorde": "Montant accordé",
    "montant_par_habitant": "Montant accordé par habitant",
    "montant_verse": "Montant versé",
    "taux_satisfaction": "Taux de satisfaction",
    "taux_versement": "Taux de versement",
    "taux_bilans": "Bilans reçus sur bilans dus",
    "taux_moyen": "Évaluabilité moyenne",
}
ALERTS = {
    "bilan": "bilan dû et manquant",
    "sexe": "réalisé inconnu par sexe, bilan reçu",
    "part": "part par territoire non déclarée",
    "objectif": "aucun objectif du contrat",
}

# Dossiers named in an alert: the CSV of the actions has them all.
_FIRST = 6


def describe_actions(
    actions: pd.DataFrame, accounts: pd.DataFrame, assessed: pd.DataFrame, *, base_minimale: int = 1
) -> pd.Series:
    """The figures of `SHEET` for some actions of one year, but the one per inhabitant.

    `accounts`, `assessed`: `follow_accounts` and `assess_evaluability` of all the actions. No rate of fewer than
    `base_minimale` cases. Nothing but zeros and missing values where there is no action.
    """
    amounts = monitor_by(actions.assign(tout=1), "tout", base_minimale=base_minimale).iloc[-1]
    own = accounts[among(accounts["code_action"], actions["code_action"])].assign(tout=1)
    fit = assessed[among(assessed["code_action"], actions["code_action"])].assign(tout=1)
    received = summarise_accounts(own, "tout", base_minimale=base_minimale)["taux_bilans"].iloc[-1]
    mean = summarise_evaluability(fit, "tout", base_minimale=base_minimale)["taux_moyen"].iloc[-1]
    return pd.Series({**amounts, "taux_bilans": received, "taux_moyen": mean}, dtype="object")


def describe_peers(actions: pd.DataFrame, by: str, names: Sequence[str]) -> pd.DataFrame:
    """Counts and amounts of one year by commune or orientation, one row per name: 0 where it has no action."""
    found = monitor_by(actions, by, total=False).set_index(by).reindex(list(names))
    columns = ["nb_demandes", "nb_financees", *AMOUNTS]
    # Nothing there is 0; actions that state no amount are an unknown number of euros.
    return found[columns].where(found["nb_demandes"].notna(), 0)


def compare_sheet(
    own: Mapping[int, pd.Series],
    annee: int,
    peers: pd.DataFrame,
    programme: pd.Series,
    *,
    inhabitants: float | None = None,
    all_inhabitants: float | None = None,
) -> pd.DataFrame:
    """The figures of one sheet as text in their unit: chiffre, libelle_chiffre, precedent, courant, moyenne.

    `own`: `describe_actions` by year. `peers`: `describe_peers`, whose means stand in `moyenne`; `programme`:
    `describe_actions` of all the actions of the year, whose rates do.
    Inhabitants: of the commune, and of all communes of the politique de la ville; none, no amount per inhabitant.
    """
    columns = {"precedent": own.get(annee - 1), "courant": own.get(annee)}
    shown = {name: {} if figures is None else dict(figures) for name, figures in columns.items()}
    shown["moyenne"] = dict(programme) | {name: peers[name].mean() for name in peers if name in SHEET}
    if inhabitants:
        for figures in (shown["precedent"], shown["courant"]):
            figures["montant_par_habitant"] = figures.get("montant_accorde", pd.NA) / inhabitants
        shown["moyenne"]["montant_par_habitant"] = peers["montant_accorde"].sum() / all_inhabitants
    names = [name for name in SHEET if any(name in figures for figures in shown.values())]
    rows = [
        (name, SHEET[name], *(_write(figures.get(name, pd.NA), name) for figures in shown.values())) for name in names
    ]
    return pd.DataFrame(rows, columns=["chiffre", "libelle_chiffre", *shown])


def _write(value: object, name: str) -> str | None:
    if pd.isna(value):
        return None
    # A few euros per head: whole ones would hide the difference.
    return format_euros(value, 2) if name == "montant_par_habitant" else format_value(value, name)


def raise_alerts(
    actions: pd.DataFrame,
    links: pd.DataFrame,
    beneficiaries: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """What lacks among some granted actions, in words: alerte, nb_actions, dossiers (the first codes).

    What lacks nowhere is not there.

    A final account due and missing; one received that says nothing of persons reached by sex; territories without
    shares; no objective of the contract.
    """
    kept = actions[actions["statut"].isin(granted)]
    code, states = kept["code_action"], accounts.set_index("code_action")["etat_bilan"]
    state = code.map(states)
    told = beneficiaries[(beneficiaries["moment"] == "realise") & (beneficiaries["dimension"] == "sexe")]
    unshared = links.loc[links["part_territoire"].isna(), "code_action"]
    lacking = {
        "bilan": state == MISSING,
        "sexe": (kept["statut"] == "justifie") & ~among(code, told["code_action"]),
        "part": among(code, unshared) | ~among(code, links["code_action"]),
        "objectif": kept["code_objectif"].isna(),
    }
    rows = [(ALERTS[name], int(flag.sum()), _enumerate(sorted(code[flag]))) for name, flag in lacking.items()]
    out = pd.DataFrame(rows, columns=["alerte", "nb_actions", "dossiers"]).astype({"nb_actions": "Int64"})
    return out[out["nb_actions"] > 0].reset_index(drop=True)


def _enumerate(codes: Sequence[str]) -> str:
    shown, more = codes[:_FIRST], len(codes) - _FIRST
    return ", ".join(shown) + (f" et {count(more, 'autre')}" if more > 0 else "")
