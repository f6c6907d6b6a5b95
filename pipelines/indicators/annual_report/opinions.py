"""Which councils must be asked, and where the opinion of each stands at the date of the report.

A council has one month at least to answer; its silence after that is an opinion in favour. An opinion that came counts
with its text, for it is annexed. A council of which nothing was written was not asked, as far as anyone knows.
"""

import datetime
import re
import textwrap

import pandas as pd

from pipelines.tables import BODY_LABELS, OPINION_LABELS

MUNICIPAL, CITIZENS = BODY_LABELS
OPINION_STATES = {
    "annexe": "Annexé", "tacite": "Tacite : réputé favorable", "en_attente": "En attente",
    "sans_texte": "Reçu, texte non annexé", "delai_irregulier": "Délai de moins d'un mois", "non_saisi": "Non saisi",
}  # fmt: skip
# The states with which a report can be definitive.
SETTLED = ("annexe", "tacite")
# A cell of a page shows no more characters than this, and an annexed opinion is shown whole.
PASSAGE = 380
_BODY = ["code_organe", "nom_organe", "type_organe", "code_territoire"]


def list_bodies(territories: pd.DataFrame, opinions: pd.DataFrame, events: pd.DataFrame, annee: int) -> pd.DataFrame:
    """The councils to ask about a year: code_organe, nom_organe, type_organe, code_territoire; municipal ones first.

    The municipal council of each commune with a QPV; each citizens' council known by then: asked about that year or an
    earlier one in `opinions`, or, for a commune with a QPV, met according to an event of the calendar that names it.
    `code_organe` is missing where no row of `opinions` gives one. By commune within a kind.
    """
    own = territories[territories["statut_politique_ville"] == "qpv"]
    events = events[events["debut"].str[:4] <= str(annee)]
    opinions = opinions[opinions["annee"] <= annee]
    asked = opinions.sort_values("annee", kind="stable").drop_duplicates("code_organe", keep="last")[_BODY]
    labels = " \n ".join(events.loc[events["type_evenement"] == CITIZENS, "libelle_evenement"].dropna())
    rows = [
        (pd.NA, f"{BODY_LABELS[kind]} {_of(name)}", kind, code)
        for code, name in zip(own["code_territoire"], own["nom_territoire"], strict=True)
        for kind in (MUNICIPAL, *([CITIZENS] if _names(labels, name) else []))
    ]
    expected = pd.DataFrame(rows, columns=_BODY, dtype="str")
    held = set(zip(asked["type_organe"], asked["code_territoire"], strict=True))
    lacking = [pair not in held for pair in zip(expected["type_organe"], expected["code_territoire"], strict=True)]
    out = pd.concat([asked, expected[pd.Series(lacking, index=expected.index, dtype=bool)]], ignore_index=True)
    rank = {kind: order for order, kind in enumerate((MUNICIPAL, CITIZENS))}
    names = out["code_territoire"].map(territories.set_index("code_territoire")["nom_territoire"])
    ordered = out.assign(rang=out["type_organe"].map(rank), commune=names).sort_values(
        ["rang", "commune", "nom_organe"], kind="stable"
    )
    return ordered[_BODY].astype("str").reset_index(drop=True)


def judge_opinions(opinions: pd.DataFrame, bodies: pd.DataFrame, jour_arret: datetime.date) -> pd.DataFrame:
    """Where each council's opinion on one report stands at a date; a row per council, in the order of `bodies`.

    Columns: code_organe, nom_organe, type_organe, date_envoi, date_limite_avis, date_reception, sens_avis, texte,
    suite_donnee, etat_avis (OPINION_STATES). Annexed: received by that date, with its text. Tacit: silent, the delay a
    month or more (a calendar month from the sending, its last day included) and ended the day before at the latest.

    `opinions`: those of one year; `bodies`: of `list_bodies`.
    """
    said = ["date_envoi", "date_limite_avis", "date_reception", "sens_avis", "texte", "suite_donnee"]
    out = bodies[["code_organe", "nom_organe", "type_organe"]].merge(
        opinions[["code_organe", *said]], on="code_organe", how="left", validate="many_to_one"
    )
    stop = pd.Timestamp(jour_arret)
    received = out["date_reception"].notna() & (out["date_reception"] <= stop)
    # What came after the date of the report was not yet known then.
    unread = {name: out[name].where(received) for name in ("date_reception", "sens_avis", "texte", "suite_donnee")}
    out = out.assign(**unread)
    asked = out["date_envoi"].notna() & (out["date_envoi"] <= stop)
    short = out["date_limite_avis"] < month_after(out["date_envoi"])
    written = out["texte"].fillna("").str.strip() != ""
    state = pd.Series("non_saisi", index=out.index, dtype="str").mask(asked, "en_attente")
    state = state.mask(asked & (out["date_limite_avis"] < stop), "tacite").mask(asked & short, "delai_irregulier")
    state = state.mask(received, "sans_texte").mask(received & written, "annexe")
    return out.assign(etat_avis=state)


def annex_texts(judged: pd.DataFrame) -> pd.DataFrame:
    """The texts of the annexed opinions, whole, in passages that a cell of a page can hold.

    `judged`: of `judge_opinions`. Columns: nom_organe, libelle_avis, texte; in the order of the councils.
    """
    own = judged[judged["etat_avis"] == "annexe"]
    rows = [
        (name, OPINION_LABELS.get(sense, ""), passage)
        for name, sense, text in zip(own["nom_organe"], own["sens_avis"], own["texte"], strict=True)
        for paragraph in text.split("\n")
        for passage in textwrap.wrap(paragraph, PASSAGE)
    ]
    return pd.DataFrame(rows, columns=["nom_organe", "libelle_avis", "texte"], dtype="str")


def month_after(days: pd.Series) -> pd.Series:
    """The same day of the next month, its last where it has no such day: 30 January, 28 February."""
    return days + pd.DateOffset(months=1)


def _of(name: str) -> str:
    return f"d'{name}" if re.match("[AEIOUÉÈÊÎÔ]", name) else f"de {name}"


def _names(labels: str, name: str) -> bool:
    """Do these texts name a commune, and not another whose name holds its own?"""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", labels) is not None
