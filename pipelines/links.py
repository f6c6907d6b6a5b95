"""What no single row or table shows: references between tables, sums that must agree. Frames → findings, in pandas."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pandas as pd

from pipelines.tables import GRANTED
from pipelines.verdict import PLACES_SHOWN, Finding, Place, Severity, text_of

Frames = Mapping[str, pd.DataFrame]


class Reference(NamedTuple):
    """A column whose every code must be a key of another table."""

    table: str
    column: str
    parent: str
    key: str


REFERENCES = (
    Reference("actions_territoires", "code_action", "actions", "code_action"),
    Reference("financements", "code_action", "actions", "code_action"),
    Reference("beneficiaires", "code_action", "actions", "code_action"),
    Reference("reponses_marqueur", "code_action", "actions", "code_action"),
    Reference("indicateurs_mesures", "numero_mesure", "mesures_nationales", "numero"),
)


class Coherence(NamedTuple):
    """A rule over several rows or tables; `faults`: frames → rows at fault, their text in `valeur`."""

    tables: tuple[str, ...]
    description: str
    severity: Severity
    faults: Callable[..., pd.DataFrame]


def check_links(frames: Frames) -> tuple[Finding, ...]:
    """One finding per reference and per coherence whose tables are all among `frames`."""
    references = [_check_reference(frames, r) for r in REFERENCES if r.table in frames and r.parent in frames]
    coherences = [_check_coherence(frames, c) for c in COHERENCES if all(name in frames for name in c.tables)]
    return (*references, *coherences)


def _check_reference(frames: Frames, reference: Reference) -> Finding:
    rows = frames[reference.table]
    codes = rows[reference.column]
    orphans = rows[codes.notna() & ~codes.isin(frames[reference.parent][reference.key])]
    return _finding(
        reference.table,
        "reference",
        f"Chaque {reference.column} désigne une ligne de la table {reference.parent}",
        "critical",
        orphans.assign(valeur=orphans[reference.column]),
    )


def _check_coherence(frames: Frames, rule: Coherence) -> Finding:
    faults = rule.faults(*(frames[name] for name in rule.tables))
    return _finding(rule.tables[0], "coherence", rule.description, rule.severity, faults)


def _finding(table: str, kind: str, description: str, severity: Severity, faults: pd.DataFrame) -> Finding:
    places: tuple[Place, ...] = tuple(
        (str(row.fichier), "" if pd.isna(row.feuille) else str(row.feuille), int(row.ligne), str(row.valeur))
        for row in faults.head(PLACES_SHOWN).itertuples()
    )
    return Finding(table, kind, description, severity, faults.empty, len(faults), places)


def granted_without_decision(funding: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Amounts granted to an action that was not funded; an action of unknown status cannot be judged."""
    statuses = actions[["code_action", "statut"]].drop_duplicates("code_action")
    rows = funding.merge(statuses, on="code_action", how="left", validate="many_to_one")
    rows = rows[rows["montant_accorde"].gt(0).fillna(False) & rows["statut"].notna() & ~rows["statut"].isin(GRANTED)]
    return rows.assign(valeur=rows["code_action"].astype("str") + " : " + rows["statut"])


def shares_that_do_not_add_up(places: pd.DataFrame) -> pd.DataFrame:
    """Territories of an action whose shares neither sum to 100 % (within 0.5) nor are all unknown."""
    shares = places.groupby("code_action")["part_territoire"]
    total = shares.transform("sum")
    known = shares.transform("count")
    whole = known.eq(shares.transform("size")) & total.sub(100).abs().le(0.5)
    faults = places[~whole & known.gt(0)]
    return faults.assign(valeur=faults["code_action"] + " : " + total[faults.index].map(text_of).astype("str") + " %")


def headcounts_that_disagree(people: pd.DataFrame) -> pd.DataFrame:
    """First row of each action and moment whose totals by sex, age and residence, where given, are not the same."""
    group = ["code_action", "moment"]
    totals = people.groupby([*group, "dimension"], observed=True, as_index=False)["nb_personnes"].sum()
    by_group = totals.groupby(group, observed=True)["nb_personnes"]
    apart = totals[by_group.transform("min") != by_group.transform("max")].astype(dict.fromkeys(totals, "str"))
    apart = apart.assign(valeur=apart["dimension"] + " " + apart["nb_personnes"])
    told = apart.groupby(group, as_index=False)["valeur"].agg(", ".join)
    concerned = people[people["code_action"].isin(told["code_action"])].drop_duplicates(group)
    return concerned.astype(dict.fromkeys(group, "str")).merge(
        told.assign(valeur=told["code_action"] + ", " + told["moment"] + " : " + told["valeur"]),
        on=group,
        validate="one_to_one",
    )


def values_out_of_range(observations: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Values under 0, and percentages over 100."""
    units = indicators[["code_indicateur", "unite"]].drop_duplicates("code_indicateur")
    rows = observations.merge(units, on="code_indicateur", how="left", validate="many_to_one")
    rows = rows[rows["valeur"].lt(0).fillna(False) | (rows["unite"].eq("%") & rows["valeur"].gt(100).fillna(False))]
    return rows.assign(
        valeur=rows["code_indicateur"] + " : " + rows["valeur"].map(text_of).astype("str") + " " + rows["unite"]
    )


def year_out_of_period(actions: pd.DataFrame) -> pd.DataFrame:
    """Actions whose programming year is outside the years of their own dates."""
    early = actions["date_debut"].dt.year > actions["annee"]
    late = actions["date_fin"].dt.year < actions["annee"]
    faults = actions[early.fillna(False) | late.fillna(False)]
    return faults.assign(valeur=faults["annee"].astype("str"))


COHERENCES = (
    Coherence(
        ("financements", "actions"),
        "Un montant n'est accordé qu'à une action financée, réalisée ou justifiée",
        "critical",
        granted_without_decision,
    ),
    Coherence(
        ("actions_territoires",),
        "Les parts des territoires d'une action font 100 %, ou sont toutes inconnues",
        "critical",
        shares_that_do_not_add_up,
    ),
    Coherence(
        ("beneficiaires",),
        "Les bénéficiaires d'une action sont aussi nombreux par sexe, par âge et par lieu de résidence",
        "warning",
        headcounts_that_disagree,
    ),
    Coherence(
        ("observations", "indicateurs"),
        "Aucune valeur n'est négative, aucun pourcentage ne dépasse 100",
        "critical",
        values_out_of_range,
    ),
    Coherence(
        ("actions",),
        "L'année de programmation est comprise entre le début et la fin de l'action",
        "critical",
        year_out_of_period,
    ),
)
