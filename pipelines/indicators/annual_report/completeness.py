"""What the annual report lacks, piece by piece, and the status that follows: never declared, always found."""

import datetime
from collections.abc import Collection, Mapping

import pandas as pd

from pipelines.indicators.annual_report.opinions import CITIZENS, MUNICIPAL, OPINION_STATES, SETTLED
from pipelines.indicators.annual_report.sections import DECREE_SECTIONS, NEEDS_TEXT, PIECES
from pipelines.tables import BODY_LABELS

DRAFT, DEFINITIVE = "projet", "definitif"
COUNCIL = "conseil_communautaire"
_GAPS = ["piece_attendue", "constat_manque", "a_faire"]
_WRITE = "écrire le commentaire de cette section"
_DO = {
    "dotation_solidarite_urbaine": "déclarer les actions des communes (table actions_dsu), ou écrire « sans objet » en "
    "commentaire",
    "veille_active": "déclarer ces quartiers (table territoires), ou écrire « sans objet » en commentaire",
}
_DO_OPINION = {
    "en_attente": "attendre la réponse, ou la fin du délai",
    "sans_texte": "copier le texte reçu dans la colonne « texte » (table avis_rapport)",
    "delai_irregulier": "laisser un mois au moins à ce conseil, ou obtenir son avis",
    "non_saisi": "lui envoyer le projet, puis ajouter une ligne (table avis_rapport)",
}
_DELIBERATION = "délibération du conseil communautaire"


def describe_sections(figures: Mapping[str, int], texts: Collection[str]) -> pd.DataFrame:
    """Each section of the decree and what it holds: section, libelle_section, nb_lignes, est_ecrit, contenu_section.

    `figures`: how many rows of data each section shows, by key; `texts`: keys of the sections with a commentary.
    """
    out = pd.DataFrame({"section": list(DECREE_SECTIONS), "libelle_section": list(DECREE_SECTIONS.values())})
    rows = out["section"].map(lambda key: int(figures.get(key, 0))).astype("Int64")
    written = out["section"].isin(list(texts))
    held = {
        (True, True): "chiffres et texte", (True, False): "chiffres", (False, True): "texte", (False, False): "rien",
    }  # fmt: skip
    told = [held[bool(many), bool(text)] for many, text in zip(rows > 0, written, strict=True)]
    return out.assign(nb_lignes=rows, est_ecrit=written.astype("boolean"), contenu_section=pd.Series(told, dtype="str"))


def pick_deliberation(deliberations: pd.DataFrame, jour_arret: datetime.date) -> pd.Series | None:
    """The last deliberation of the agglomeration's council on the report, known at a date; None where there is none."""
    own = deliberations[deliberations["organe"] == COUNCIL]
    own = own[own["date_deliberation"] <= pd.Timestamp(jour_arret)]
    return None if own.empty else own.sort_values(["date_deliberation", "numero"], kind="stable").iloc[-1]


def find_gaps(sections: pd.DataFrame, opinions: pd.DataFrame, deliberation: pd.Series | None) -> pd.DataFrame:
    """What is missing before the report is definitive, in the order of the decree.

    Columns: piece_attendue, constat_manque, a_faire.
    `sections`: of `describe_sections`; `opinions`: of `judge_opinions`; `deliberation`: of `pick_deliberation`. Every
    section holds figures or a text, a text where the decree asks for prospects; every opinion is annexed or tacit, of
    municipal and of citizens' councils; the deliberation approves, states the follow-up to observations, and comes
    after every opinion, or after the delay of a silent council.
    """
    gaps = [*_of_sections(sections), *_of_opinions(opinions), *_of_deliberation(deliberation, opinions)]
    return pd.DataFrame(gaps, columns=_GAPS, dtype="str")


def judge_status(gaps: pd.DataFrame) -> str:
    """DEFINITIVE where nothing is missing, DRAFT otherwise."""
    return DRAFT if len(gaps) else DEFINITIVE


def _of_sections(sections: pd.DataFrame) -> list[tuple[str, str, str]]:
    out = []
    for row in sections[~sections["section"].isin(PIECES)].itertuples():
        do = _DO.get(row.section, _WRITE)
        if row.nb_lignes == 0 and not row.est_ecrit:
            out.append((row.libelle_section, "ni chiffres ni texte", do))
        elif row.section in NEEDS_TEXT and not row.est_ecrit:
            out.append((row.libelle_section, NEEDS_TEXT[row.section], do))
    return out


def _of_opinions(opinions: pd.DataFrame) -> list[tuple[str, str, str]]:
    unknown = [
        (f"Avis, {BODY_LABELS[kind].lower()}", "aucun conseil de cette nature n'est connu", _DO_OPINION["non_saisi"])
        for kind in (MUNICIPAL, CITIZENS)
        if not opinions["type_organe"].eq(kind).any()
    ]
    lacking = opinions[~opinions["etat_avis"].isin(SETTLED)]
    named = [
        (f"Avis : {name}", OPINION_STATES[state].lower(), _DO_OPINION[state])
        for name, state in zip(lacking["nom_organe"], lacking["etat_avis"], strict=True)
    ]
    return [*unknown, *named]


def _of_deliberation(deliberation: pd.Series | None, opinions: pd.DataFrame) -> list[tuple[str, str, str]]:
    piece = DECREE_SECTIONS["suites"]
    if deliberation is None:
        return [(piece, f"pas de {_DELIBERATION} à la date d'arrêt", "ajouter sa ligne (table deliberations)")]
    out = []
    if not bool(deliberation["est_approuve"]):
        out.append((piece, f"la {_DELIBERATION} n'approuve pas le rapport", "le présenter de nouveau au conseil"))
    if pd.isna(deliberation["suite_observations"]) or not str(deliberation["suite_observations"]).strip():
        what = f"la {_DELIBERATION} ne dit pas la suite donnée aux observations"
        out.append((piece, what, "remplir « suite_observations » (table deliberations)"))
    # A council that answers has spoken; the silence of another is an opinion the day after its delay.
    free = opinions["date_limite_avis"] + pd.Timedelta(days=1)
    since = pd.concat([free, opinions["date_reception"]], axis="columns").min(axis="columns")
    if (deliberation["date_deliberation"] < since[opinions["etat_avis"].isin(SETTLED)]).any():
        what = f"la {_DELIBERATION} précède un avis, ou la fin d'un délai"
        out.append((piece, what, "délibérer de nouveau, les avis joints"))
    return out
