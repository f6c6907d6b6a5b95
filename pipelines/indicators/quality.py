"""What the quality page counts: missing cells by reason, rows set aside by reason, personal data removed.

Counts of cells and of lines, never of persons; no text of a file comes out, only where it stands.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.tables import CERTIFIED, PLACE, TABLES

# nd, ns, s, so as the file says them; illisible: a cell that nobody could read; vide: a blank one.
REASONS = ("nd", "ns", "s", "so", "illisible", "vide")
MISSING = ["table", "colonne", "nb_lignes", *(f"nb_{reason}" for reason in REASONS), "part_manquants"]
SET_ASIDE = ["table", "motif", "nb_lignes", "premieres_lignes"]
PERSONAL = ["fichier", "colonne", "nature", "nb_cellules"]
REMOVED = "donnée personnelle retirée"
CORRECTED = "corrigé"
PLACES_SHOWN = 3

# Tables that keep each value's reason beside it: a line of a wide file, or of an export, gives several of their rows.
_WITH_STATUS = {("observations", "valeur"), ("effectifs_publies", "nb_personnes")}
_SECRET = {"secret": "s", "secret_par_soustraction": "s"}
_MARK = re.compile(r"\((nd|ns|s|so)\)$")
_LACKING = re.compile(r"^sans « \w+ » : ")
_QUOTED = re.compile(r"«.*»", re.DOTALL)
_NONE = pd.Series(dtype="str")
_CLASH = re.compile(r"(avec un contenu différent).*", re.DOTALL)


def count_missing(tables: Mapping[str, pd.DataFrame], journal: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    """One row per table and column with missing cells: how many for each reason, and their share of the rows (0-100).

    `journal` holds one row per cell that became missing, or another value, for a reason; `balance`: id_source, table,
    retenues. Cells of an intake that no certified table keeps (an unknown territory, an unreadable count) stand under
    the name of the intake, over its rows.
    """
    why = _missing_reasons(journal)
    sources = {*why["id_source"]}
    counts, seen = [], [why.iloc[:0]]
    for name in [name for name in TABLES if name in tables]:
        frame = tables[name]
        columns = [column for column in TABLES[name].names if column in frame]
        absent = frame[columns].isna()
        reasons = {}
        if set(frame["id_source"].unique()) & sources:  # of most files, the journal says nothing
            told = _told(name, frame, absent, why)
            seen.append(told)
            reasons = dict(iter(told.loc[told["absent"]].groupby("colonne_table")["raison"]))
        for column in absent.columns[absent.any()]:
            known = reasons.get(column, _NONE)
            if (name, column) in _WITH_STATUS:
                known = frame.loc[absent[column], "statut"].replace(_SECRET)
            counts.append(_counted(name, column, len(frame), known, int(absent[column].sum())))
    for (intake, column), cells in _unkept(tables, why, pd.concat(seen), balance).groupby(["table", "colonne"]):
        rows = int(balance.loc[balance["table"] == intake, "retenues"].sum())
        counts.append(_counted(intake, column, rows, cells["raison"], len(cells)))
    out = pd.DataFrame(counts, columns=MISSING)
    return out[out[[f"nb_{reason}" for reason in REASONS]].sum(axis=1) > 0].reset_index(drop=True)


def count_set_aside(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per table and reason: number of lines set aside, and where the first of them stand.

    `rows`: table, fichier, feuille, ligne, motif. The reason loses the text and the lines that it quotes.
    """
    if rows.empty:
        return pd.DataFrame(columns=SET_ASIDE)
    told = rows.assign(
        motif=rows["motif"].map(plain_reason), place=[place_of(line) for line in rows.to_dict("records")]
    )
    grouped = told.groupby(["table", "motif"], sort=False)["place"]
    out = grouped.agg(nb_lignes="size", premieres_lignes=first_places).reset_index()
    return out.sort_values(["table", "nb_lignes", "motif"], ascending=[True, False, True], ignore_index=True)


def count_personal(journal: pd.DataFrame) -> pd.DataFrame:
    """One row per file, column and nature (adresse, téléphone, nom): number of cells where it was removed."""
    removed = journal.loc[journal["motif"].str.startswith(REMOVED)]
    if removed.empty:
        return pd.DataFrame(columns=PERSONAL)
    natures = removed["motif"].str.removeprefix(REMOVED).str.strip(" :").str.split(r",\s*", regex=True)
    long = removed.assign(nature=natures).explode("nature")
    return long.groupby(["fichier", "colonne", "nature"]).size().rename("nb_cellules").reset_index()


def plain_reason(reason: str) -> str:
    """A reason of the set-aside rows without the text of the cell and the lines that it quotes."""
    # « sans « annee » » names a column of ours; every other quotation is text of the file.
    head = match.group() if (match := _LACKING.match(reason)) else ""
    rest = _CLASH.sub(r"\1", reason[len(head) :])
    return head + _QUOTED.sub("« … »", rest).removesuffix(" « … »")


def place_of(line: Mapping[str, object]) -> str:
    """« fichier, feuille « x », ligne 12 »."""
    sheet = f", feuille « {line['feuille']} »" if line.get("feuille") else ""
    return f"{line['fichier']}{sheet}, ligne {line['ligne']}"


def first_places(places: Sequence[str], total: int = 0) -> str:
    """The first places, and how many more there are; `total`: of all, where `places` holds only the first."""
    shown = list(places)[:PLACES_SHOWN]
    more = max(total, len(places)) - len(shown)
    return " ; ".join(shown) + (f" ; et {more} autre{'s' if more > 1 else ''}" if more else "")


def _missing_reasons(journal: pd.DataFrame) -> pd.DataFrame:
    """Place, colonne, raison of each cell that the journal calls missing: its mark, or « illisible »."""
    missing = journal.loc[~journal["motif"].str.startswith((REMOVED, CORRECTED))]
    marks = missing["motif"].str.extract(_MARK, expand=False)
    told = missing[[*PLACE, "colonne"]].assign(raison=marks.fillna("illisible"))
    return told.drop_duplicates([*PLACE, "colonne"])


def _told(table: str, frame: pd.DataFrame, absent: pd.DataFrame, why: pd.DataFrame) -> pd.DataFrame:
    """Place, colonne, raison, colonne_table, absent of the cells of a table that the journal knows, put right or not.

    `colonne` is the cell's name in the journal, `colonne_table` that of the column of the table.
    """
    names = {column: _column_as_read(table, column, frame) for column in absent}
    plain = [column for column, name in names.items() if isinstance(name, str)]
    cells = frame[PLACE].assign(rang=np.arange(len(frame)))
    found = [why.loc[why["colonne"].astype("object").isin(plain)].merge(cells, on=PLACE)]
    found[0]["colonne_table"] = found[0]["colonne"]
    for column in absent.columns.difference(plain):
        named = cells.assign(colonne=names[column], colonne_table=column)
        found.append(named.merge(why, on=[*PLACE, "colonne"], validate="many_to_one"))
    told = pd.concat(found, ignore_index=True)
    places = told["rang"].to_numpy(), absent.columns.get_indexer(told["colonne_table"])
    return told.assign(absent=absent.to_numpy()[places]).drop(columns="rang")


def _unkept(
    tables: Mapping[str, pd.DataFrame], why: pd.DataFrame, seen: pd.DataFrame, balance: pd.DataFrame
) -> pd.DataFrame:
    """Table, colonne, raison of the cells that an intake's kept lines had, and that no certified table has."""
    intakes = balance.loc[~balance["table"].isin(CERTIFIED), ["id_source", "table"]].drop_duplicates()
    kept = pd.concat([why.loc[:, PLACE].iloc[:0], *(frame[PLACE] for frame in tables.values())]).drop_duplicates()
    # A line of observations says each of its reasons itself.
    long = tables["observations"][PLACE].drop_duplicates() if "observations" in tables else kept.iloc[:0]
    own = why.merge(intakes, on="id_source").merge(kept, on=PLACE)
    for found, key in ((long, PLACE), (seen[[*PLACE, "colonne"]].drop_duplicates(), [*PLACE, "colonne"])):
        own = own.merge(found, how="left", on=key, indicator=True).query("_merge == 'left_only'").drop(columns="_merge")
    return own


def _column_as_read(table: str, column: str, rows: pd.DataFrame) -> pd.Series | str:
    """Name of the cells in the journal: an export has one column a funder or a modality, the certified table one row.

    One name where it is that of all of them.
    """
    if table == "financements" and column.startswith("montant_"):
        return column.removeprefix("montant_") + "_" + rows["code_financeur"].astype("str")
    if table == "beneficiaires" and column == "nb_personnes":
        parts = [rows[name].astype("str") for name in ("moment", "dimension", "modalite")]
        return "benef_" + parts[0] + "_" + parts[1] + "_" + parts[2]
    return column


def _counted(table: str, column: str, rows: int, known: pd.Series, absent: int) -> list[object]:
    """One line of the result; a missing cell that nothing explains is blank."""
    numbers = Counter(known)
    numbers["vide"] += absent - len(known)
    share = 100 * absent / rows if rows else float("nan")
    return [table, column, rows, *(numbers[reason] for reason in REASONS), share]
