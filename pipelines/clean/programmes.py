"""Yearly programmes: labels of exports → vocabularies, then one wide row → actions, territories, funding, people."""

import re

import numpy as np
import pandas as pd

from pipelines.clean.codes import parse_territory
from pipelines.clean.results import UNIT_LABELS, results_of, withhold
from pipelines.clean.rows import PLACE, Cleaned, clean_table, journal_of
from pipelines.clean.words import column_of, fold, fold_one, to_vocabulary
from pipelines.tables import (
    DIMENSIONS,
    DIRECTIONS,
    FUNDERS,
    HOLDER_KINDS,
    MARKER_QUESTIONS,
    MOMENTS,
    NATIONAL_MARKERS,
    RESULT_UNITS,
    STATED_MARKERS,
    STATUSES,
    TABLES,
    empty,
)

# Dossier states as exports word them (Dauphin's above), reduced to unaccented lower case. What waits for a decision is
# no more than filed: taken charge of is not granted.
_STATUS_LABELS = {
    "en cours de saisie": "depose", "transmise": "depose", "en attente d'attestation": "depose",
    "en attente d'instruction": "depose", "prise en charge": "depose", "en cours": "depose",
    "a justifier": "finance", "justification en cours": "finance", "justification a modifier": "finance",
    "a ete verse": "finance", "justifiee": "justifie", "rejetee": "refuse", "non recevable": "ineligible",
    "cloturee": "ineligible",
    "deposee": "depose", "finance": "finance", "accepte": "finance", "rejete": "refuse", "abandonne": "retire",
}  # fmt: skip
_NATIONAL = {marker.lower(): marker for marker in NATIONAL_MARKERS}
_LOST = {
    "territoires": "territoire inconnu ou ambigu : écrire son code, ou ajouter la graphie à alias_territoires.csv",
    "parts_territoires": "parts écartées : il en faut une par territoire, de somme 100, et tous les territoires connus",
}
# What always parts two territories, and what may as well stand inside the name of one.
_SEPARATOR = re.compile(r"\s*[|;\n]\s*")
_PERHAPS = re.compile(r"(\s*[,/+&]\s*|\s+(?:et|ET)\s+)")
_SHARE_SEPARATOR = re.compile(r"\s*(?:[|;\n/+&]|\bet\b)\s*")


def clean_programmes(text: pd.DataFrame) -> Cleaned:
    """The intake table typed and deduplicated, whatever labels its exports use for status, holder and orientation."""
    return clean_table(
        text.assign(
            statut=to_vocabulary(column_of(text, "statut"), STATUSES, _STATUS_LABELS),
            nature_porteur=to_vocabulary(column_of(text, "nature_porteur"), HOLDER_KINDS, {}),
            code_orientation=column_of(text, "code_orientation").str.replace(
                r"(?i)^(?:orientation\s*|o)(\d+)\b.*$", r"O\1", regex=True
            ),
            resultat_unite=to_vocabulary(column_of(text, "resultat_unite"), RESULT_UNITS, UNIT_LABELS),
            resultat_sens=to_vocabulary(column_of(text, "resultat_sens"), DIRECTIONS, {}),
            marqueur_national=to_vocabulary(column_of(text, "marqueur_national"), NATIONAL_MARKERS, _NATIONAL),
        ),
        TABLES["programmes"],
        as_read=withhold(text, "programmes"),
    )


def split_programmes(
    kept: pd.DataFrame, names: pd.Series, fictional: set[str]
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Wide rows → the six certified tables, and the journal of territories that no name resolves.

    `names`: territory code indexed by folded name, alias or code. `fictional`: ids of the fictional sources.
    """
    actions = kept[[*TABLES["actions"].names[:-1], *PLACE]].assign(
        est_fictif=kept["id_source"].isin(fictional).astype("boolean")
    )
    territories, journal = _territories(kept, names)
    tables = {
        "actions": actions,
        "actions_territoires": territories,
        "financements": _funding(kept),
        "beneficiaires": _beneficiaries(kept),
        "reponses_marqueur": _marker_answers(kept),
        "resultats_actions": results_of(kept),
    }
    return {name: ordered(frame, name) for name, frame in tables.items()}, journal


def ordered(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """A frame in the columns and types of a table, categories kept, rows numbered from 0."""
    declared = empty(TABLES[name]).dtypes
    frame = frame[list(declared.index)]
    return frame.astype(declared[frame.dtypes != "category"].to_dict()).reset_index(drop=True)


def _territories(kept: pd.DataFrame, names: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per action and territory. Shares stay only where every territory resolves and they sum to 100."""
    cells = kept[["territoires", "parts_territoires"]].fillna("")
    # What two cells say is the same in every action that has them: few pairs, many actions.
    pair = cells.groupby(list(cells), sort=False).ngroup()
    said = _read_places(cells.drop_duplicates().reset_index(drop=True), names)
    long = kept[["code_action", *PLACE]].assign(paire=pair).merge(said, on="paire", how="inner")
    shared = pair.isin(said.loc[said["part_territoire"].notna(), "paire"])
    unshared = kept.loc[kept["parts_territoires"].notna() & ~shared]
    unresolved = long["code_territoire"].isna()
    journal = pd.concat([_journal(long.loc[unresolved], "territoires"), _journal(unshared, "parts_territoires")])
    return long.loc[~unresolved, ["code_action", "code_territoire", "part_territoire", *PLACE]], journal


def _read_places(pairs: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """One row per pair of cells (`paire`: its rank) and territory: text, code if one is known, share if all hold."""
    cut = {cell: _cut_territories(cell, names) for cell in pairs["territoires"].unique()}
    parts = pairs.assign(paire=range(len(pairs)), territoires=[cut[cell] for cell in pairs["territoires"]])
    parts["parts"] = [
        shares if len(shares := _cut(cell, _SHARE_SEPARATOR)) == len(cells) else [""] * len(cells)
        for cell, cells in zip(parts["parts_territoires"], parts["territoires"], strict=True)
    ]
    long = parts.explode(["territoires", "parts"]).dropna(subset="territoires").reset_index(drop=True)
    long = long.astype({"territoires": "str", "parts": "str"})
    long["code_territoire"] = _resolve(long["territoires"], names)
    shares = long["parts"].str.replace(r"[\s%]", "", regex=True).str.replace(",", ".", regex=False)
    long["part_territoire"] = pd.to_numeric(shares, errors="coerce").astype("Float64")
    unresolved = long["code_territoire"].isna()
    complete = ~unresolved.groupby(long["paire"]).transform("any")
    by_pair = long.groupby("paire")
    summed = (by_pair["part_territoire"].transform("sum", skipna=False) - 100).abs() <= 0.5
    alone = by_pair["code_territoire"].transform("nunique") == 1
    # Two spellings of one territory are one territory, with both shares.
    merged = long.groupby(["paire", "code_territoire"])["part_territoire"].transform("sum")
    long["part_territoire"] = merged.where(complete & summed.fillna(False)).mask(alone & complete, 100.0)
    again = ~unresolved & long.duplicated(["paire", "code_territoire"])
    return long.loc[~again, ["paire", "territoires", "code_territoire", "part_territoire"]]


def _journal(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    return journal_of(rows, name, rows[name], pd.Series(_LOST[name], index=rows.index, dtype="str"))


def _resolve(text: pd.Series, names: pd.Series) -> pd.Series:
    """Territory code of each name, alias or code, a lost leading zero put back; missing where nothing answers."""
    codes, _ = parse_territory(text)
    return fold(text).map(names).fillna(fold(codes.fillna("")).map(names))


def _cut(cell: object, separator: re.Pattern[str]) -> list[str]:
    return [part for part in separator.split(cell) if part] if isinstance(cell, str) else []


def _cut_territories(cell: str, names: pd.Series) -> list[str]:
    """The territories of a cell. A name may hold a comma or a slash: it is cut there only if all parts are known."""
    parts = _cut(cell, _SEPARATOR)
    return [name for part in parts for name in _cut_known(_PERHAPS.split(part), names) or [part]]


def _cut_known(pieces: list[str], names: pd.Series) -> list[str]:
    """The longest known names that the pieces (names and what parts them, in turn) make; none where one is unknown."""
    if len(pieces) == 1 and not pieces[0]:
        return []
    for end in range(len(pieces), 0, -2):
        name = "".join(pieces[:end]).strip()
        if fold_one(name) in names.index or _resolve(pd.Series([name], dtype="str"), names).notna().item():
            if end == len(pieces):
                return [name]
            if rest := _cut_known(pieces[end + 1 :], names):
                return [name, *rest]
    return []


def _funding(kept: pd.DataFrame) -> pd.DataFrame:
    """One row per action and funder asked, granting or paying."""
    funders = pd.DataFrame({"code_financeur": sorted(FUNDERS)})
    amounts = {
        f"montant_{stage}": [f"{stage}_{funder}" for funder in funders["code_financeur"]]
        for stage in ("demande", "accorde", "verse")
    }
    return _unfold(kept, funders, amounts)


def _beneficiaries(kept: pd.DataFrame) -> pd.DataFrame:
    """One row per action, moment, dimension and modality with a count; a blank cell gives no row, never a zero."""
    cells = ((moment, name, one) for moment in MOMENTS for name, modalities in DIMENSIONS.items() for one in modalities)
    counted = sorted(cells)
    labels = pd.DataFrame(counted, columns=["moment", "dimension", "modalite"])
    return _unfold(kept, labels, {"nb_personnes": [f"benef_{'_'.join(cell)}" for cell in counted]})


def _unfold(kept: pd.DataFrame, labels: pd.DataFrame, values: dict[str, list[str]]) -> pd.DataFrame:
    """One row per action and label where a value is known, in the order of the codes, then of the labels.

    `values`: new column → the wide columns that hold it, one a row of `labels`. An action gives twenty rows: its texts,
    and the labels, are categories, or a million actions would fill any memory.
    """
    wide = [name for names in values.values() for name in names]
    kept = kept[["code_action", *PLACE, *wide]].sort_values("code_action", kind="stable")
    known = np.logical_or.reduce([kept[names].notna().to_numpy() for names in values.values()])
    rows, columns = known.nonzero()
    texts = ["code_action", *PLACE[:-1]]
    long = kept[[*texts, PLACE[-1]]].astype(dict.fromkeys(texts, "category")).iloc[rows].reset_index(drop=True)
    long = long.assign(**{name: label.array[columns] for name, label in labels.astype("category").items()})
    for name, names in values.items():
        cells = np.column_stack([kept[one].to_numpy(dtype=float, na_value=np.nan) for one in names])
        long[name] = pd.array(cells[rows, columns], dtype=kept[names[0]].dtype)
    return long


def _marker_answers(kept: pd.DataFrame) -> pd.DataFrame:
    """One row per action with an answer to the tree or a marker that the export states; `settle_answers` says more."""
    said = [column.name for column in (*MARKER_QUESTIONS, *STATED_MARKERS)]
    rows = kept.loc[kept[said].notna().any(axis=1), ["code_action", *said, *PLACE]]
    return rows.assign(referentiel=None, origine_reponses=None)
