"""Files of a contract's folder that contrat.yml does not declare, and a draft of the source that each would be."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pipelines.contract import Contract, Source
from pipelines.declarations import TO_FILL
from pipelines.errors import DataError
from pipelines.fingerprint import digest_file
from pipelines.read.contours import GEOMETRY, read_contour_records
from pipelines.read.corrections import NAME as CORRECTIONS
from pipelines.read.draft import draft_lists, likeness_of, to_yaml
from pipelines.read.header import likely_header, normal
from pipelines.read.records import Records, read_json_records, read_workbook_records
from pipelines.read.text import HEAD, read_text_records
from pipelines.tables import TABLES

FORMS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".json": "json", ".xlsx": "classeur", ".xlsm": "classeur",
    ".xls": "classeur", ".ods": "classeur", ".geojson": "geojson",
}  # fmt: skip
# What evaluators write: read by other ways than a source.
_WRITTEN = {"commentaires", "marqueur", "logique_impact", "saisies"}
_TEXTS = {".md", ".yml", ".yaml"}
# Yearly exports go to « programmes », which is split into these; commentaries are files of their own; the columns of
# « releves » are indicators, that a person names one by one.
_NOT_GUESSED = {
    "actions", "actions_territoires", "financements", "beneficiaires", "reponses_marqueur", "effectifs_publies",
    "commentaires", "releves", "releves_france",
}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


class _Sheet(NamedTuple):
    """One sheet (or text file) as a draft sees it: its name, its header, the three tables most like it, best first.

    `likeness`: of the first, 0 to 1.
    """

    name: str
    header: list[str]
    tables: list[str]
    likeness: float

    @property
    def table(self) -> str:
        return self.tables[0]


def undeclared_files(contract: Contract) -> list[str]:
    """Paths, from the contract's folder, of the files that no source reads and that no other way reads either."""
    declared = {PurePosixPath(one.fichier).as_posix() for one in (*contract.sources, *contract.editions)}
    paths = sorted(path.relative_to(contract.dossier) for path in contract.dossier.rglob("*") if path.is_file())
    return [path.as_posix() for path in paths if path.as_posix() not in declared and not _is_read_elsewhere(path)]


def draft_source(contract: Contract, file: str) -> str:
    """YAML of a whole source for an undeclared file, to paste under « sources »; a comment where it cannot be read.

    The table is the one whose columns are most like the headers; what nobody can guess is « à compléter ».
    """
    path = contract.dossier / file
    form = FORMS.get(path.suffix.lower())
    if form is None:
        return f"  # {file} : format non lu. Le réenregistrer en CSV, ou le ranger hors du dossier du contrat."
    try:
        sheets = [_look_at(contract, readings) for readings in _readings(path, form)]
    except DataError as error:
        return f"  # {file} : pas de proposition. {error}"
    best = max(sheets, key=lambda sheet: (sheet.likeness, len(sheet.header)))
    if not best.header:
        return f"  # {file} est vide : le remplacer par le fichier complet, ou l'enlever."
    alike = [sheet.name for sheet in sheets if set(sheet.header) == set(best.header)]
    known = _known_source(contract, best.table, best.header)
    constants, notes = _constants(known, best, file)
    source = {
        "id": _free_id(file, [source.id for source in contract.sources + contract.sources_nationales]),
        "fichier": file,
        "table": best.table,
        **({} if form == "csv" else {"forme": form}),
        **({"feuilles": alike} if form == "classeur" and len(sheets) > 1 else {}),
        **({"constantes": constants} if constants else {}),
        **draft_lists(known.model_copy(update={"constantes": constants}), best.header),
        **dict.fromkeys(("titre", "editeur", "licence", "millesime"), TO_FILL),
        "sha256": digest_file(path),
        "fictif": False,
    }
    others = [sheet.name for sheet in sheets if sheet.name not in alike]
    notes.insert(0, f"table devinée ; les plus proches : {', '.join(best.tables)}")
    notes += [f"autres feuilles, non reprises : {', '.join(others)}"] if others else []
    return to_yaml([source], [f"Proposition pour « {file} », à relire puis à coller sous « sources » :", *notes])


def _is_read_elsewhere(path: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    written = path.parts[0] in _WRITTEN or path.name == CORRECTIONS or path.suffix.lower() in _TEXTS
    return hidden or written


def _readings(path: Path, form: str) -> list[list[Records]]:
    """For each sheet, the ways to read it: a text file may be cut at several delimiters."""
    if form == "json":
        return [[read_json_records(path)]]
    if form == "geojson":
        return [[read_contour_records(path)]]
    if form == "classeur":
        return [[records] for records in read_workbook_records(path, ())]
    return [read_text_records(path, HEAD)]


def _look_at(contract: Contract, readings: Iterable[Records]) -> _Sheet:
    """The best of the ways to read a sheet: the one whose header is most like a table's."""
    looks = []
    for records in readings:
        header = list(dict.fromkeys(list(records.names) or likely_header(records)))
        # A file of contours feeds no other table, whatever its properties are.
        tables = ["contours"] if GEOMETRY in records.names else [name for name in TABLES if name not in _NOT_GUESSED]
        scores = {name: likeness_of(_known_source(contract, name, header), header) for name in tables}
        nearest = sorted(scores, key=lambda name: -scores[name])[:3]
        looks.append(_Sheet(records.sheet, header, nearest, scores[nearest[0]]))
    return max(looks, key=lambda look: (look.likeness, len(look.header)))


def _known_source(contract: Contract, table: str, header: Sequence[str]) -> Source:
    """A source of a table with the headers that the contract's other sources of this table already map or ignore."""
    others = [source for source in contract.sources if source.table == table]
    mapped = {normal(name): column for source in others for name, column in source.colonnes.items()}
    # Two exports may name one column differently; where one file has both names, the first is kept.
    here = {mapped[name]: name for name in reversed(header) if name in mapped}
    mapped = {name: column for name, column in mapped.items() if name not in header or here[column] == name}
    ignored = [normal(name) for source in others for name in source.colonnes_ignorees if normal(name) not in mapped]
    about = dict.fromkeys(("id", "fichier", "titre", "editeur", "licence", "millesime"), TO_FILL)
    return Source(**about, table=table, colonnes=mapped, colonnes_ignorees=tuple(ignored), fictif=False)


def _constants(known: Source, sheet: _Sheet, file: str) -> tuple[dict[str, str], list[str]]:
    """The year that the file's name says, where the table needs one that no column gives; what else is wanting."""
    found = set(draft_lists(known, sheet.header)["colonnes"].values())
    wanting = [name for name in TABLES[sheet.table].required if name not in found]
    years = set(_YEAR.findall(file))
    constants = {"annee": years.pop()} if "annee" in wanting and len(years) == 1 else {}
    left = [name for name in wanting if name not in constants]
    note = f"colonnes obligatoires de « {sheet.table} » à trouver, ou à mettre dans « constantes » : {', '.join(left)}"
    return constants, [note] if left else []


def _free_id(file: str, taken: Sequence[str]) -> str:
    """An id from the file's name that no source bears."""
    plain = unicodedata.normalize("NFKD", Path(file).stem).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "source"
    number = next(n for n in range(1, len(taken) + 2) if (name if n == 1 else f"{name}_{n}") not in taken)
    return name if number == 1 else f"{name}_{number}"
