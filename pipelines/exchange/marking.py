"""A list of answers → the same list with its markers: rows in their order, those that are refused in their place."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from pipelines.clean.cells import parse_boolean
from pipelines.clean.distinct import once
from pipelines.errors import UsageError
from pipelines.exchange.answers import CODE, COMPUTED, LINE, REASON_CELL, TYPED, WIDTH, Answers, read_answers
from pipelines.exchange.target import check_target, staged
from pipelines.indicators.gender import FIELDS, FLAG_SEPARATOR, REASON, Reading, Tree, rate_gender_marker
from pipelines.indicators.gender.rating import CONTRADICTORY
from pipelines.report.downloads import neutralise

REFUSED, DIFFERENT = "ligne_refusee", "marqueur_saisi_different"
REFUSAL = "refus"
# What is added to the name of the list.
SUFFIX = "--marqueurs"
_BLOCK = 20_000
# Characters shown of a cell.
_SHOWN = 60
_ACCENTS = r"[\u0300-\u036f]"


@dataclass(frozen=True)
class Marked:
    """A list that was marked, in `file`. `counts`: rows by marker, "" where it is not examined; refused rows apart.

    `refusals`: one French sentence a refused row, in the order of the list. `blank`: its blank lines, left out.
    `protected`: cells that a spreadsheet would have run, written after an apostrophe.
    """

    file: Path
    rows: int
    blank: int
    counts: dict[str, int]
    refusals: list[str]
    protected: int


def mark_list(path: Path, target: Path | None, tree: Tree, reading: Reading) -> Marked:
    """Write the list of a CSV with its markers to `target`, by default beside the list. Errors as `read_answers`.

    UsageError where `target` is the list itself, or cannot be written.
    """
    target = (target or path.with_name(f"{path.stem}{SUFFIX}.csv")).resolve()
    check_target(target, ".csv", "d'un CSV")
    if target.exists() and path.exists() and target.samefile(path):
        raise UsageError(f"« {path} » est le fichier à marquer : il n'est jamais remplacé. Choisir un autre --sortie.")
    answers = read_answers(path)
    marks = mark_answers(answers.rows, len(answers.names), tree, reading)
    protected = _write(target, answers, marks)
    is_refused = marks[REFUSAL] != ""
    places = f"{path.name}, ligne " + answers.rows.loc[is_refused, LINE].astype("str") + " : "
    return Marked(
        target,
        len(marks),
        answers.blank,
        marks.loc[~is_refused, "marqueur"].value_counts().to_dict(),
        (places + marks.loc[is_refused, REFUSAL].astype("str")).to_list(),
        protected,
    )


def mark_answers(rows: pd.DataFrame, width: int, tree: Tree, reading: Reading) -> pd.DataFrame:
    """The columns COMPUTED, as text, and REFUSAL: why a row is refused and what to do, in French; "" where it is not.

    `rows`: those of `Answers`; `width`: the cells of a sound row. A refused row has no marker, and a flag. Of the rows
    that bear one code, copies after the first are refused; where their contents differ, all are.
    """
    # A million rows hold some hundred different sets of answers: each is marked once.
    asked = [*FIELDS, TYPED] if TYPED in rows else list(FIELDS)
    sets = rows[asked].assign(**{REASON_CELL: rows[REASON_CELL] != ""})
    which = sets.groupby(list(sets.columns), sort=False).ngroup()
    marks = _mark_sets(sets[~which.duplicated()], tree, reading).take(which).set_axis(rows.index)

    is_sound = rows[WIDTH] == width
    sound = rows[is_sound]
    nameless = pd.Series(
        f"« {CODE} » est vide. Écrire le code de l'action.", index=sound.index[sound[CODE] == ""], dtype="str"
    )
    told = pd.concat(
        [_say_width(rows.loc[~is_sound, WIDTH], width), nameless, _say_repeated(sound.drop(nameless.index))]
    )
    # The cells of a row that is too long or too short may stand in wrong columns: nothing more is said of them.
    before = marks.loc[told.index, REFUSAL].where(is_sound[told.index], "")
    marks.loc[told.index, REFUSAL] = (before + " ").mask(before == "", "") + told
    marks.loc[before.index[before == ""], list(COMPUTED)] = ["", "", "", "", REFUSED]
    return marks


def _mark_sets(sets: pd.DataFrame, tree: Tree, reading: Reading) -> pd.DataFrame:
    """What `mark_answers` says of each row of answers by itself. REASON_CELL: is there a reason."""
    refusals = pd.Series("", index=sets.index, dtype="str")
    answers: dict[str, pd.Series] = {}
    for field in FIELDS:
        answers[field], is_unread = once(sets[field], read_answer)
        refusals = _add(refusals, _say_cell(sets.loc[is_unread, field], "oui ou non"))
    if TYPED in sets:
        refusals = _add(refusals, _say_cell(sets.loc[~sets[TYPED].isin(["", "0", "1", "2"]), TYPED], "0, 1 ou 2"))
    answers[REASON] = pd.Series("motif", index=sets.index, dtype="str").where(sets[REASON_CELL])
    marks = rate_gender_marker(pd.DataFrame(answers), tree, **reading._asdict())
    is_contradictory = (marks["contradiction"] != "") & (refusals == "")
    remedy = ". Vider cette réponse, ou corriger celles qui la précèdent."
    refusals = _add(refusals, marks.loc[is_contradictory, "contradiction"] + remedy)

    is_refused = refusals != ""
    marker = marks["marqueur"].astype("str").fillna("").mask(is_refused, "")
    flags = marks["drapeaux"].mask(is_refused, REFUSED)
    flags = flags.mask(is_contradictory, f"{REFUSED}{FLAG_SEPARATOR}{CONTRADICTORY}")
    if TYPED in sets:
        is_different = ~is_refused & (sets[TYPED] != "") & (sets[TYPED] != marker)
        flags = flags.mask(is_different, (flags + FLAG_SEPARATOR).mask(flags == "", "") + DIFFERENT)
    out = {
        "marqueur": marker,
        "regle": marks["regle"].mask(is_refused, ""),
        "nb_criteres": marks["nb_criteres"].astype("str").fillna("").mask(is_refused, ""),
        "chemin": marks["chemin"].mask(is_refused & ~is_contradictory, ""),
        "drapeaux": flags,
        REFUSAL: refusals,
    }
    # As objects, rows that say the same share their text.
    return pd.DataFrame(out).astype(object)


def read_answer(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """boolean from the words that `parse_boolean` knows, accents aside; and whether a cell says something else.

    A mark of absence (nd, so) is no answer, as in the files of a contract.
    """
    letters = text.map(lambda cell: unicodedata.normalize("NFD", cell)).astype("str")
    values, reasons = parse_boolean(letters.str.replace(_ACCENTS, "", regex=True))
    return values, reasons.str.startswith("oui ou non attendu")


def _add(refusals: pd.Series, told: pd.Series) -> pd.Series:
    """The refusals with one more sentence for each row that `told` holds."""
    before = refusals[told.index]
    return refusals.mask(refusals.index.isin(told.index), (before + " ").mask(before == "", "") + told)


def _say_width(widths: pd.Series, width: int) -> pd.Series:
    remedies = {True: "Mettre entre guillemets la cellule qui contient un séparateur.", False: "Compléter la ligne."}
    told = widths.map(lambda found: f"{found} cellules au lieu de {width}. {remedies[found > width]}")
    return told.astype("str")


def _say_cell(cells: pd.Series, expected: str) -> pd.Series:
    told = cells.map(lambda cell: f"« {cells.name} » dit « {_show(cell)} ». Écrire {expected}, ou laisser vide.")
    return told.astype("str")


def _show(cell: str) -> str:
    """A cell on one line, cut, without what would command a terminal."""
    return "".join(c if c.isprintable() else " " for c in cell[:_SHOWN])


def _say_repeated(rows: pd.DataFrame) -> pd.Series:
    """What to say of rows whose code stands on another line: copies after the first, and all that differ."""
    repeated = rows[rows.duplicated(CODE, keep=False)]
    cells = [name for name in rows.columns if name not in (LINE, WIDTH)]
    is_copy = repeated.duplicated(cells)
    distinct = repeated[~is_copy]
    differing = distinct[distinct.duplicated(CODE, keep=False)]
    originals = repeated.groupby(cells)[LINE].transform("first")[is_copy].astype("str")
    copies = "la ligne " + originals + " a les mêmes cellules. N'en garder qu'une."
    lines = differing.groupby(CODE)[LINE]
    firsts = lines.transform("first")
    others = firsts.mask(firsts == differing[LINE], lines.shift(-1, fill_value=0)).astype("str")
    codes = differing[CODE].map(_show).astype("str")
    clashes = "le code « " + codes + " » est aussi celui de la ligne " + others + ", dont les cellules diffèrent. "
    return pd.concat([copies, clashes + "Ne garder que la bonne, ou corriger le code."])


def _write(target: Path, answers: Answers, marks: pd.DataFrame) -> int:
    """Write beside, then move into place; the number of cells written after an apostrophe.

    The file is for a spreadsheet, and others wrote its cells: as in every CSV of the project, none may run there.
    """
    header, count = _protect(pd.Series(answers.names, dtype="str"))
    columns = []
    for position in range(len(header)):
        cells, found = _protect(answers.rows.iloc[:, position])
        columns.append(cells)
        count += found
    ends = list(zip(*(marks[name] for name in COMPUTED), strict=True))
    # Paths are long, and few of them differ: each is written once.
    distinct = [COMPUTED, *dict.fromkeys(ends)]
    lines = dict(zip(distinct, _to_lines(distinct, answers.delimiter), strict=True))
    with staged(target) as folder:
        beside = folder / target.name
        with beside.open("w", encoding="utf-8-sig" if answers.has_signature else "utf-8", newline="") as handle:
            (begin,) = _to_lines([header.to_list()], answers.delimiter)
            handle.write(begin[:-1] + answers.delimiter + lines[COMPUTED])
            for start in range(0, len(ends), _BLOCK):
                block = slice(start, start + _BLOCK)
                rows = zip(*(cells.iloc[block].to_list() for cells in columns), strict=True)
                begun = zip(_to_lines(rows, answers.delimiter), ends[block], strict=True)
                handle.writelines(begin[:-1] + answers.delimiter + lines[end] for begin, end in begun)
        beside.replace(target)
    return count


def _to_lines(rows: Iterable[Sequence[str]], delimiter: str) -> list[str]:
    """Each row as one record of a CSV, line end included."""
    lines: list[str] = []
    csv.writer(SimpleNamespace(write=lines.append), delimiter=delimiter, lineterminator="\n").writerows(rows)
    return lines


def _protect(cells: pd.Series) -> tuple[pd.Series, int]:
    """The cells, with an apostrophe before what a spreadsheet would run; and how many have one."""
    first = cells.str.slice(0, 1)
    # What begins with a letter or a digit is no formula, and nearly all does.
    is_doubtful = first.isin([one for one in first.unique() if one and not one.isalnum()])
    doubtful = cells[is_doubtful]
    protected = doubtful.map(neutralise).astype("str")
    return cells.mask(is_doubtful, protected), int((protected != doubtful).sum())
