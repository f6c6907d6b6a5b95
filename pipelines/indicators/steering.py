"""What a steering committee must know, in words: the orientations, what is late, what comes next, what may go wrong.

Source: domain brief, section 11 (COPIL). A state is a word that visible thresholds decide, never a colour; what nobody
said is unknown, never late.
"""

import datetime
from collections.abc import Mapping

import pandas as pd

from pipelines.indicators.commitments import SILENT
from pipelines.indicators.monitoring import follow_accounts, summarise_accounts
from pipelines.indicators.monitoring.definitions import TOTAL, percent
from pipelines.numbers import format_date, rounded
from pipelines.tables import SEVERITY_LABELS

# Words of a state are not parted at the end of a line.
TO_TREAT, TO_WATCH, QUIET, UNMEASURED = "À\u00a0traiter", "À\u00a0surveiller", "Sans alerte", "Non mesurable"
LATE, DUE_UNKNOWN = "en retard", "échu, état inconnu"
TO_COME, OF_YEAR = "à venir", "de l'année"
# A commitment that is held, or that has no object any more, is late for nobody.
_SETTLED = ("tenu", "sans_objet")
_WORDS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")


def describe_orientations(
    actions: pd.DataFrame,
    orientations: Mapping[str, str],
    date_arret: datetime.date,
    *,
    part_surveiller: float = 30.0,
    part_traiter: float = 60.0,
    mois_bilan: int = 6,
    base_minimale: int = 1,
) -> pd.DataFrame:
    """Each orientation of the contract with the state of its accounts in words, at `date_arret`.

    Columns: code_orientation, libelle_orientation, nb_financees, nb_dus, nb_manquants, etat_orientation,
    constat_bilans.
    `part_surveiller`, `part_traiter`: percent of the accounts due that are missing, from which the state is « À
    surveiller », « À traiter ». Of fewer than `base_minimale` accounts due no share is told, and no state.
    """
    followed = follow_accounts(actions, date_arret, mois_delai=mois_bilan)
    counts = summarise_accounts(followed, "code_orientation")
    names = pd.DataFrame({"code_orientation": list(orientations), "libelle_orientation": list(orientations.values())})
    numbers = ["nb_financees", "nb_dus", "nb_manquants"]
    out = names.merge(counts[["code_orientation", *numbers]], on="code_orientation", how="left", validate="one_to_one")
    out = out.fillna(dict.fromkeys(numbers, 0)).astype(dict.fromkeys(numbers, "Int64"))
    share = percent(out["nb_manquants"], out["nb_dus"], base_minimale)
    state = pd.Series(UNMEASURED, index=out.index).mask(share.notna(), QUIET)
    for threshold, name in ((part_surveiller, TO_WATCH), (part_traiter, TO_TREAT)):
        state = state.mask((share >= threshold).fillna(False), name)
    told = [tell_missing(*line) for line in zip(out["nb_manquants"], out["nb_dus"], share.notna(), strict=True)]
    return out.assign(
        etat_orientation=state.astype("str"), constat_bilans=pd.Series(told, index=out.index, dtype="str")
    )


def tell_missing(missing: int, due: int, is_shared: bool = True) -> str:
    """« quatre sur dix manquent », of the accounts due; as counted where no share may be told (`is_shared`)."""
    if due == 0:
        return "aucun n'est dû"
    if missing == 0:
        return "aucun ne manque"
    if missing == due:
        return "tous manquent"
    if not is_shared:
        return f"{missing} sur {due} {'manque' if missing == 1 else 'manquent'}"
    tenths = int(rounded(10 * missing / due, 0))
    if tenths == 0:
        return "moins d'un sur dix manque"
    if tenths == len(_WORDS) - 1:
        return "plus de neuf sur dix manquent"
    return f"{_WORDS[tenths]} sur dix {'manque' if tenths == 1 else 'manquent'}"


def list_late(ledger: pd.DataFrame) -> pd.DataFrame:
    """The commitments of `commitments.read_ledger` that are verifiable, due and not held, partner by partner.

    The columns of `ledger` and constat_echeance: « en retard » where a partner or the mission said that it is not held
    yet, « échu, état inconnu » where nobody said anything.
    """
    due = ledger["est_echu"].fillna(False).astype(bool)
    own = ledger[ledger["verifiable"].eq("oui") & due & ~ledger["statut"].isin(_SETTLED)]
    found = pd.Series(LATE, index=own.index).mask(own["statut"].eq(SILENT), DUE_UNKNOWN)
    out = own.assign(constat_echeance=found.astype("str"))
    return out.sort_values(["nom_partenaire", "code_engagement"], kind="stable").reset_index(drop=True)


def count_late(late: pd.DataFrame) -> pd.DataFrame:
    """Late commitments by partner, most first, then all: nom_partenaire, nb_engagements_en_retard, nb_etat_inconnu."""
    names = {"nb_engagements_en_retard": LATE, "nb_etat_inconnu": DUE_UNKNOWN}
    flags = pd.DataFrame({name: late["constat_echeance"].eq(found) for name, found in names.items()}).astype("Int64")
    counts = flags.groupby(late["nom_partenaire"]).sum().reset_index()
    counts = counts.sort_values([*names, "nom_partenaire"], ascending=[False, False, True], kind="stable")
    total = pd.DataFrame([{"nom_partenaire": TOTAL, **flags.sum()}])
    out = pd.concat([counts, total], ignore_index=True)
    return out.astype({"nom_partenaire": "str", **dict.fromkeys(names, "Int64")})


def pick_events(events: pd.DataFrame, date_arret: datetime.date, annee: int) -> pd.DataFrame:
    """What comes after `date_arret`, soonest first, then what happened in a year, in order.

    Columns: quand (« 31/12/2022 », « mai 2019 », « 2021 à 2022 », « à confirmer » where it is uncertain),
    libelle_evenement, moment_evenement.
    An event of several dates comes after `date_arret` while its last day does.
    """
    end = events["fin"].fillna(events["debut"])
    comes = end.map(_last_day) > pd.Timestamp(date_arret)
    of_year = ~comes & (events["debut"].str[:4].astype(int) <= annee) & (end.str[:4].astype(int) >= annee)
    spans = [_span(*dates) for dates in zip(events["debut"], events["fin"], events["est_incertain"], strict=True)]
    out = events.assign(
        quand=pd.Series(spans, index=events.index, dtype="str"),
        moment_evenement=comes.map({True: TO_COME, False: OF_YEAR}).astype("str"),
    )
    kept = pd.concat([part.sort_values("debut", kind="stable") for part in (out[comes], out[of_year])])
    return kept[["quand", "libelle_evenement", "moment_evenement"]].reset_index(drop=True)


def rank_risks(risks: pd.DataFrame) -> pd.DataFrame:
    """Risks as they were judged, the gravest and likeliest first: labels in place of codes, what nobody said in words.

    Columns: libelle_risque, gravite_risque, probabilite, qui_agit, parade.
    """
    order = list(SEVERITY_LABELS)
    ranks = pd.DataFrame({name: risks[name].map(order.index) for name in ("gravite_risque", "probabilite")})
    out = risks.loc[ranks.sort_values(list(ranks), ascending=False, kind="stable").index]
    out = out.assign(**{name: out[name].map(SEVERITY_LABELS) for name in ranks})
    out = out.fillna({"qui_agit": "personne n'est désigné", "parade": "à décider"})
    return out[["libelle_risque", "gravite_risque", "probabilite", "qui_agit", "parade"]].reset_index(drop=True)


def _last_day(text: str) -> pd.Timestamp:
    """The last day of AAAA, AAAA-MM or AAAA-MM-JJ."""
    frequency = {4: "Y", 7: "M", 10: "D"}[len(text)]
    return pd.Period(text, freq=frequency).end_time.normalize()


def _span(first: str, last: object, is_uncertain: bool) -> str:
    told = _moment(first) if pd.isna(last) else f"{_moment(first)} à {_moment(str(last))}"
    return f"{told} (à confirmer)" if is_uncertain else told


def _moment(text: str) -> str:
    """« 2021 », « mai 2019 », « 31/12/2022 »."""
    if len(text) == 4:
        return text
    day = pd.Timestamp(text)
    return format_date(day) if len(text) == 10 else format_date(day, long=True).split(maxsplit=1)[1]
