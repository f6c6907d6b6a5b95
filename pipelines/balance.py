"""What was read, kept and set aside: rows of every file, granted euros of every programme. Nothing is lost unseen."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.clean import Cleaned
from pipelines.clean.cells import marks, parse_euros, parse_integer
from pipelines.clean.distinct import once
from pipelines.clean.registers import years_of_registers
from pipelines.errors import DataError
from pipelines.numbers import format_euros
from pipelines.tables import GRANTED_COLUMNS
from pipelines.verdict import Finding

SHEET = ["id_source", "fichier", "feuille"]
COUNTS = ["lues", "retenues", "ecartees", "hors_donnees"]
_EUROS = ["montant_lu", "montant_retenu", "montant_ecarte"]
# Sums of cents in binary: what differs by less is the same.
_CENT = 0.005


def balance_rows(name: str, counts: pd.DataFrame, cleaned: Cleaned) -> list[dict[str, Any]]:
    """Rows read = kept + set aside + not data, asserted for every sheet of a table's files; one line a sheet.

    `counts`: SHEET, lues, hors_donnees. DataError where a row is lost.
    """
    lines = counts.set_index(SHEET)
    lines["retenues"] = cleaned.kept.groupby(SHEET).size()
    lines["ecartees"] = cleaned.set_aside.groupby(SHEET).size()
    lines = lines.fillna(0).astype(int).reset_index()
    lost = lines["lues"] - lines["retenues"] - lines["ecartees"] - lines["hors_donnees"]
    if lost.any():
        where = lines.loc[lost != 0].iloc[0]
        raise DataError(
            f"{where['fichier']} {where['feuille']} : {int(lost[lost != 0].iloc[0])} ligne(s) perdue(s) entre la "
            "lecture et le nettoyage. Rien n'a été écrit : signaler ce fichier."
        )
    return lines.assign(table=name)[[*SHEET, "table", *COUNTS]].to_dict("records")


def balance_euros(name: str, text: pd.DataFrame, cleaned: Cleaned) -> list[dict[str, Any]]:
    """Granted euros read = kept + set aside, asserted for each sheet of a table that grants; a line a sheet and year.

    `text`: the rows as read, corrections applied. Columns: SHEET, annee (missing where it cannot be read), montant_lu,
    montant_retenu, montant_ecarte in euros, nb_illisibles: filled cells of the kept rows that are no amount.
    """
    columns = [column for column in GRANTED_COLUMNS.get(name, ()) if column in text]
    if not columns:
        return []
    amounts = {column: once(text[column].fillna(""), parse_euros) for column in columns}
    years = _years(name, text)
    year = pd.NA if years is None else once(years, parse_integer)[0]
    unread = sum((reasons != "") & (marks(text[column].fillna("")) == "") for column, (_, reasons) in amounts.items())
    rows = text[[*SHEET, "ligne"]].assign(
        annee=year, montant_lu=sum(values.fillna(0) for values, _ in amounts.values()), nb_illisibles=unread
    )
    place = rows[[*SHEET, "ligne"]]
    places = cleaned.set_aside[list(place)].astype(place.dtypes.to_dict()).drop_duplicates().assign(est_ecartee=True)
    aside = place.merge(places, how="left", validate="many_to_one")["est_ecartee"].notna().to_numpy()
    rows["montant_ecarte"] = rows["montant_lu"].where(aside, 0.0)
    rows["nb_illisibles"] = rows["nb_illisibles"].mask(aside, 0)
    kept = cleaned.kept[[*SHEET, "annee"]].assign(montant_retenu=cleaned.kept[columns].fillna(0).sum(axis=1))
    # A cleaner may know a year that no cell says: the lines of both are put together before they are added up.
    both = pd.concat([rows.astype({"annee": "Int64"}), kept], ignore_index=True)
    lines = both.groupby([*SHEET, "annee"], dropna=False)[[*_EUROS, "nb_illisibles"]].sum().reset_index()
    _refuse_lost(lines.groupby(SHEET)[_EUROS].sum().astype("float64"))
    return [
        {
            **{key: line[key] for key in SHEET},
            "annee": None if pd.isna(line["annee"]) else int(line["annee"]),
            **{key: round(float(line[key]), 2) for key in _EUROS},
            "nb_illisibles": int(line["nb_illisibles"]),
        }
        for line in lines.to_dict("records")
    ]


def _years(name: str, text: pd.DataFrame) -> pd.Series | None:
    """The year of each row as text; None where the table's files say none."""
    if name == "subventions":
        return years_of_registers(text)
    return text["annee"].fillna("") if "annee" in text else None


def _refuse_lost(sheets: pd.DataFrame) -> None:
    """DataError where a sheet's euros read are not those kept and set aside. `sheets`: euros by SHEET."""
    gap = (sheets["montant_lu"] - sheets["montant_retenu"] - sheets["montant_ecarte"]).abs()
    # Beyond a million billion euros a float no longer holds cents: the order of a sum shows.
    lost = sheets[gap > _CENT + 1e-12 * sheets["montant_lu"].abs()]
    for (_, file, sheet), where in lost.head(1).iterrows():
        raise DataError(
            f"{file} {sheet} : {format_euros(where['montant_lu'], 2)} accordés lus, "
            f"{format_euros(where['montant_retenu'], 2)} retenus et {format_euros(where['montant_ecarte'], 2)} "
            "écartés. Rien n'a été écrit : signaler ce fichier."
        )


def compare_to_vote(euros: Sequence[Mapping[str, Any]], voted: Mapping[int, float]) -> list[dict[str, Any]]:
    """Granted euros of each voted year: annee, montant_vote, montant_retenu, montant_ecarte, ecart_vote in euros.

    `ecart_vote` is what the vote has more than the rows kept: 0 where the programme is whole.
    """
    frame = pd.DataFrame(euros, columns=[*SHEET, "annee", "montant_retenu", "montant_ecarte"])
    by_year = frame.groupby("annee")[["montant_retenu", "montant_ecarte"]].sum()
    return [
        {
            "annee": year,
            "montant_vote": amount,
            "montant_retenu": round(float(kept), 2),
            "montant_ecarte": round(float(aside), 2),
            "ecart_vote": round(float(amount - kept), 2),
        }
        for year, amount in sorted(voted.items())
        for kept, aside in [by_year.reindex([year], fill_value=0.0).iloc[0]]
    ]


def findings_of_vote(compared: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """One finding a voted year: a warning where the rows kept do not add up to the vote."""
    return tuple(
        Finding(
            table="financements",
            type="total_vote",
            description=f"Le total accordé de {line['annee']} est celui du vote (totaux_votes)",
            severity="warning",
            success=abs(line["ecart_vote"]) <= _CENT,
            observe=f"{format_euros(line['montant_retenu'], 2)} retenus, "
            f"{format_euros(line['montant_ecarte'], 2)} écartés ; attendu : {format_euros(line['montant_vote'], 2)}",
        )
        for line in compared
    )
