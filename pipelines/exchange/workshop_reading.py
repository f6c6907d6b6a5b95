"""The workbook of a workshop, read back: its two sheets as text, and every fault told at once, each with its place."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.clean.cells import is_formula_error, marks, parse_column
from pipelines.errors import DataError, UsageError
from pipelines.exchange.workshop import LINK_FIELDS, LINKS, NODE_FIELDS, NODES, Field, implied_ranks
from pipelines.exchange.workshop_keys import LINE, key_faults, show
from pipelines.read.records import Records, read_workbook_records
from pipelines.report.downloads import neutralise
from pipelines.tables import TABLES

# A title may stand above the header.
HEADER_DEPTH = 20
_ARROW = re.compile(r"\s*(?:→|⟶|➔|➜|⇒|=>|[-–—]{1,2}>)\s*")
_SEVERAL = re.compile(r"[,;/\n+]|\bet\b")
# What people write for a heading, by the heading of the sheet that it stands for.
_NODE_NAMES = {
    "codes": "Code", "code du noeud": "Code", "noeud": "Code", "niveaux": "Niveau", "libelles": "Libellé",
    "intitule": "Libellé", "unites": "Unité", "indicateurs": "Indicateur", "valeur cible": "Cible", "cibles": "Cible",
    "date": "Date de la valeur", "notes": "Note", "remarque": "Note", "remarques": "Note",
}  # fmt: skip
_LINK_NAMES = {
    "source": "De", "depart": "De", "origine": "De", "cible": "Vers", "a": "Vers", "arrivee": "Vers",
    "suppositions": "Supposition", "hypothese": "Supposition", "preuve": "Preuve pour", "preuves pour": "Preuve pour",
    "preuves contre": "Preuve contre", "force": "Force de la preuve", "autre facteur": "Autres facteurs",
    "notes": "Note", "remarque": "Note", "remarques": "Note",
}  # fmt: skip


@dataclass(frozen=True)
class _Half:
    """One of the two sheets: what it is called, what feeds what, which table it becomes, what no row may lack."""

    name: str
    fields: tuple[Field, ...]
    names: dict[str, str]
    table: str
    needed: tuple[str, ...]


_HALVES = (
    _Half(NODES, NODE_FIELDS, _NODE_NAMES, "logique_noeuds", ("code_noeud", "niveau")),
    _Half(LINKS, LINK_FIELDS, _LINK_NAMES, "logique_liens", ("code_source", "code_cible")),
)


def read_workshop(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and links of a workshop's workbook, as text in the codes of the tables, "" where blank.

    Columns of `NODE_COLUMNS` and `LINK_COLUMNS`, a row a node or a link in the order of the sheets. Accents, capitals,
    blank rows, other sheets and the order of sheets and columns make no difference; a blank status is an hypothesis, a
    blank verdict is not examined, a rank that no column writes is the order of the rows. UsageError where there is no
    such file. DataError with a sentence a fault: unknown column or word, key twice or blank, link to no node.
    """
    if not path.is_file():
        raise UsageError(f"Le fichier « {path} » est introuvable. Vérifier son nom et son dossier.")
    sheets = read_workbook_records(path, ())
    read: list[pd.DataFrame] = []
    faults: list[str] = []
    for half in _HALVES:
        records = _find_sheet(path, sheets, half)
        where = f"{path.name}, feuille « {records.sheet} »"
        frame, told = _read_half(records, half, where)
        read.append(frame)
        faults += told
    nodes, links = read
    if not faults:
        faults = key_faults(nodes, links, path, [_find_sheet(path, sheets, half).sheet for half in _HALVES])
    if faults:
        raise DataError("\n".join(faults))
    return nodes.drop(columns=LINE), links.drop(columns=LINE)


def plain(text: str) -> str:
    """A word as it is compared: without accents, capitals, marks at its ends or doubled blanks."""
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").replace("’", "'"))
    bare = "".join(one for one in letters if not unicodedata.combining(one)).casefold()
    return " ".join(re.sub(r"[_\s]+", " ", bare).split()).strip(" .:*?()")


def _singular(text: str) -> str:
    """A word of a list as it is compared: « Résultats attendus » is « Résultat attendu »."""
    return " ".join(word.removesuffix("s") for word in plain(text).split())


def _find_sheet(path: Path, sheets: Sequence[Records], half: _Half) -> Records:
    """The sheet by its name, whatever its accents; else the only one whose header is of this half."""
    wanted = plain(half.name)
    named = [records for records in sheets if plain(records.sheet).rstrip("s") == wanted.rstrip("s")]
    others = {plain(other.name).rstrip("s") for other in _HALVES} - {wanted.rstrip("s")}
    free = [records for records in sheets if plain(records.sheet).rstrip("s") not in others]
    alike = [records for records in free if _header_row(records, half) is not None]
    found = named or alike
    if len(found) != 1:
        names = ", ".join(f"« {records.sheet} »" for records in sheets)
        many = "manque" if not found else "se trouve plusieurs fois"
        raise DataError(
            f"{path.name} : la feuille « {half.name} » {many}. Feuilles présentes : {names}. "
            f"N'en nommer qu'une « {half.name} »."
        )
    return found[0]


def _known(half: _Half) -> dict[str, Field]:
    """Field by heading, as headings are compared."""
    own = {plain(field.heading): field for field in half.fields}
    by_column = {plain(field.column): field for field in half.fields}
    return by_column | {name: own[plain(heading)] for name, heading in half.names.items()} | own


def _header_row(records: Records, half: _Half) -> int | None:
    """The first row that names each column that no row may lack; None where there is none."""
    known = _known(half)
    for at, row in enumerate(records.rows[:HEADER_DEPTH]):
        columns = {known[plain(cell)].column for cell in row if plain(cell) in known}
        if set(half.needed) <= columns:
            return at
    return None


def _read_half(records: Records, half: _Half, where: str) -> tuple[pd.DataFrame, list[str]]:
    """The rows of a sheet in the codes of the table, with their line; and what is wrong in them."""
    names = [field.column for field in half.fields]
    at = _header_row(records, half)
    if at is None:
        wanted = ", ".join(f"« {field.heading} »" for field in half.fields if field.column in half.needed)
        fault = f"{where} : la ligne d'en-tête est introuvable. Y écrire au moins {wanted}."
        return pd.DataFrame(columns=[*names, LINE], dtype="str"), [fault]
    columns, faults = _columns(records, at, half, where)
    rows = []
    for cells, line in zip(records.rows[at + 1 :], records.lines[at + 1 :], strict=True):
        if any(cells):
            given = {field.column: _own(cells[place]) for place, field in columns.items()}
            rows.append(dict.fromkeys(names, "") | given | {LINE: str(line)})
    frame = pd.DataFrame(rows, columns=[*names, LINE]).fillna("").astype("str")
    if "code_source" in frame:
        frame = _part_arrows(frame)
    for field in half.fields:
        frame[field.column], told = _read_field(frame, field, half, where)
        faults += told
    if "rang" in frame and (frame["rang"] == "").all():
        frame["rang"] = implied_ranks(frame["niveau"]).astype("str")
    return frame, faults


def _columns(records: Records, at: int, half: _Half, where: str) -> tuple[dict[int, Field], list[str]]:
    """Place → field, and a sentence for each heading that is unknown, repeated, or missing above filled cells."""
    known = _known(half)
    headings = [field.heading for field in half.fields]
    columns: dict[int, Field] = {}
    faults = []
    for place, heading in enumerate(records.rows[at]):
        field = known.get(plain(heading))
        filled = any(cells[place] for cells in records.rows[at + 1 :])
        named = f"{where}, ligne {records.lines[at]} : la colonne « {show(heading)} »"
        if field is not None and field in columns.values():
            faults.append(f"{named} se trouve deux fois. N'en garder qu'une.")
        elif field is not None:
            columns[place] = field
        elif filled and heading:
            near = difflib.get_close_matches(plain(heading), [plain(one) for one in headings], n=1, cutoff=0.6)
            close = [one for one in headings if plain(one) in near]
            fix = f"La nommer « {close[0]} »" if close else f"Colonnes connues : {', '.join(headings)}. La renommer"
            faults.append(f"{named} est inconnue. {fix}, ou la supprimer.")
        elif filled:
            faults.append(f"{where} : la colonne {place + 1} est remplie et n'a pas d'en-tête. La nommer, ou la vider.")
    return columns, faults


def _own(cell: str) -> str:
    """A cell without the apostrophe that our own writing puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and neutralise(cell[1:]) == cell else cell


def _part_arrows(links: pd.DataFrame) -> pd.DataFrame:
    """Links with « r1 → R2 » in one cell parted into the two ends, where the other cell is blank."""
    links = links.copy()
    for name, other in (("code_source", "code_cible"), ("code_cible", "code_source")):
        for at in links.index[(links[name] != "") & (links[other] == "")]:
            ends = _ARROW.split(links.loc[at, name])
            if len(ends) == 2 and all(ends):
                links.loc[at, ["code_source", "code_cible"]] = ends
    return links


def _read_field(frame: pd.DataFrame, field: Field, half: _Half, where: str) -> tuple[pd.Series, list[str]]:
    """One column in the codes of the table, and a sentence for each cell that may not stand there."""
    cells, column = frame[field.column], TABLES[half.table][field.column]
    read, fixes = [], []
    for cell, broken in zip(cells, is_formula_error(cells), strict=True):
        value, fix = ("", "Corriger la formule, ou vider la cellule") if broken else _read_cell(cell, field)
        read.append(value)
        fixes.append(fix)
    out = pd.Series(read, index=cells.index, dtype="str")
    if column.kind in ("decimal", "entier"):
        values, reasons = parse_column(out, column)
        # A mark of absence (nd) keeps its reason: it is cleaned with the rest.
        unread = (out != "") & values.isna() & (marks(out) == "")
        fixes = _or(fixes, ("Écrire un nombre : " + reasons).where(unread, ""))
    if field.column in half.needed:
        fixes = _or(
            fixes, pd.Series("Remplir cette cellule, ou vider la ligne", index=cells.index).where(cells == "", "")
        )
    faults = [
        f"{where}, ligne {line} : « {field.heading} » {'dit « ' + show(cell) + ' »' if cell else 'est vide'}. {fix}."
        for cell, line, fix in zip(cells, frame[LINE], fixes, strict=True)
        if fix
    ]
    return out, faults


def _or(fixes: Sequence[str], others: Iterable[str]) -> list[str]:
    """Each fix, or the other one where there is none."""
    return [fix or other for fix, other in zip(fixes, others, strict=True)]


def _read_cell(cell: str, field: Field) -> tuple[str, str]:
    """The value of a cell, and what to do where it has none that is known; both "" where it is blank."""
    if not cell:
        return field.absent, ""
    if field.words is not None:
        words = {_singular(word): code for code, word in field.words.items()}
        found = ({_singular(code): code for code in field.words} | words).get(_singular(cell), "")
        blank = "" if field.column == "niveau" else ", ou laisser vide"
        return found, "" if found else f"Écrire {', '.join(field.words.values())}{blank}"
    if field.column.startswith("code_"):
        code = "".join(cell.split())
        fix = "Écrire un seul code, et une ligne par lien" if _SEVERAL.search(cell.strip()) else ""
        return code, fix
    return cell, ""
