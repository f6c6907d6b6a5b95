"""Registers of granted subsidies (SCDL and the like): one line a grant → one action and its funding.

A line of a register is a grant. Its decision's reference names it where no other line has it; several grants may come
from one decision, and most registers leave the reference blank: the line itself is then the only name. So two like
lines under one reference are a copy, and two like lines without a reference stay two grants, which the journal says.
"""

import pandas as pd

from pipelines.clean.cells import is_formula_error, parse_date
from pipelines.clean.privacy import NAME, REMOVED
from pipelines.clean.programmes import ordered
from pipelines.clean.rows import COPY, PLACE, Cleaned, clean_table, journal_of, set_aside_of
from pipelines.clean.words import column_of, fold, to_vocabulary
from pipelines.tables import HOLDER_KINDS, TABLES

_KINDS = {"association loi 1901": "association", "organisme hlm": "bailleur", "societe": "entreprise"}
_YEAR = r"^\d{4}$"
_PERSONS = r"\b(?:personnes? physiques?|particuliers?)\b"
_ALIKE = "ligne semblable à une autre, sans référence : gardée comme une autre subvention, à vérifier"
_COPY_REMEDY = "Rien à faire si c'est un doublon ; sinon, corriger la référence dans corrections.csv."


def clean_registers(text: pd.DataFrame) -> Cleaned:
    """Register lines typed; a line without a year is set aside, one with a damaged amount or identifier stays."""
    text = _without_persons(text)
    reference = _sound(text, "reference")
    same = text[[name for name in text.columns if name != "ligne"]].fillna("")
    copies = same.duplicated() & (reference != "")
    reasons = copies.map({True: COPY, False: ""}).astype("str")
    alike = same.duplicated(keep=False) & (reference == "")
    rest = text.loc[~copies]
    cleaned = clean_table(_with_keys(rest), TABLES["subventions"], as_read=rest)
    share = cleaned.kept["part_subvention"]
    return Cleaned(
        # The standard writes a share from 0 to 1: 1 is the whole.
        cleaned.kept.assign(part_subvention=share.mask(share <= 1, share * 100)),
        pd.concat(
            [cleaned.set_aside, set_aside_of(text, reasons, reasons.replace(COPY, _COPY_REMEDY))],
            ignore_index=True,
        ),
        pd.concat(
            [
                cleaned.journal,
                journal_of(text, "reference", reference, alike.map({True: _ALIKE, False: ""}).astype("str")),
            ],
            ignore_index=True,
        ),
    )


def split_registers(kept: pd.DataFrame, fictional: set[str]) -> dict[str, pd.DataFrame]:
    """Register lines → actions that are granted, and their funding. `fictional`: ids of the fictional sources."""
    shared = [name for name in TABLES["actions"].names if name in TABLES["subventions"].names]
    actions = pd.DataFrame(index=kept.index, columns=TABLES["actions"].names).assign(
        **{name: kept[name] for name in [*shared, *PLACE]},
        statut="finance",
        est_fictif=kept["id_source"].isin(fictional),
    )
    funding = kept[["code_action", "code_financeur", "montant_accorde", *PLACE]].assign(
        montant_demande=pd.NA, montant_verse=pd.NA
    )
    return {"actions": ordered(actions, "actions"), "financements": ordered(funding, "financements")}


def years_of_registers(text: pd.DataFrame) -> pd.Series:
    """The year of each line as text: its own, else that of its date, which may be a year only; "" where neither."""
    year, date = _sound(text, "annee"), column_of(text, "date_convention")
    values, _ = parse_date(date)
    dated = values.dt.year.astype("Int64").astype("str").fillna("")
    return year.mask(year == "", date.where(date.str.match(_YEAR), dated)).astype("str")


def _with_keys(text: pd.DataFrame) -> pd.DataFrame:
    """Lines with their key and year as text. A date that is a year only is that year."""
    reference = _sound(text, "reference")
    line = text["id_source"] + ("-" + text["feuille"]).where(text["feuille"] != "", "") + "-"
    named = (reference != "") & ~reference.duplicated(keep=False)
    date = column_of(text, "date_convention")
    return text.assign(
        code_action=reference.where(named, line + text["ligne"].astype("str")).astype("str"),
        annee=years_of_registers(text),
        date_convention=date.mask(date.str.match(_YEAR), ""),
        nature_porteur=to_vocabulary(column_of(text, "nature_porteur"), HOLDER_KINDS, _KINDS),
    )


def _without_persons(text: pd.DataFrame) -> pd.DataFrame:
    """Lines whose beneficiary is said to be a natural person, without the name."""
    if not {"nature_porteur", "nom_porteur"} <= set(text.columns):
        return text
    person = fold(text["nature_porteur"].fillna("")).str.contains(_PERSONS, regex=True)
    return text.assign(nom_porteur=text["nom_porteur"].mask(person & (text["nom_porteur"] != ""), REMOVED[NAME]))


def _sound(text: pd.DataFrame, name: str) -> pd.Series:
    """A column of names or years, blank where a formula failed: an error names no grant."""
    cells = column_of(text, name)
    return cells.mask(is_formula_error(cells), "")
