"""The commentaries of a contract and a year, from the pages that were built: their state, drafts, figures accepted."""

import difflib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.commentary import accept_figures, collect_comments, write_draft
from pipelines.contract import Contract
from pipelines.errors import UsageError
from pipelines.report.spoken import read_cells
from pipelines.run.notebooks import Notebook

FOLDER = "commentaires"
_YEAR, _NOTEBOOK, _SECTION = r"[0-9]{4}", r"[a-z0-9][a-z0-9_]*", r"[A-Za-z0-9_-]+"
# What a computer leaves in a folder by itself.
_IGNORED = re.compile(r"\.|~\$|Thumbs\.db|desktop\.ini")


@dataclass(frozen=True)
class Section:
    """A commented section of a built report: its file, its state (a_rediger, redige, a_relire), who wrote and when.

    `empreinte`, `chiffres`: of the figures that the page shows; `notee`: the fingerprint that the text notes.
    `gardes`: the figures of that fingerprint are kept beside it.
    """

    notebook: str
    name: str
    file: Path
    etat: str
    empreinte: str
    chiffres: str
    auteur: str = ""
    date: str = ""
    notee: str = ""
    gardes: bool = False

    @property
    def annee(self) -> str:
        """The year under which it is filed: the last of a period, for a report of one."""
        return self.file.parent.parent.name


def hold_comments(notebooks: Iterable[Notebook]) -> list[str]:
    """Names of the notebooks that show commentaries: the others have no section to comment."""
    return [notebook.name for notebook in notebooks if ".comment(" in notebook.path.read_text(encoding="utf-8")]


def read_sections(contract: Contract, year: int, pages: Sequence[Path]) -> list[Section]:
    """Every section of the built pages, in their order. UsageError where one name stands for several sections.

    A page says its own year, which for a report of a period is its last; `year` stands for one that says none.
    """
    table = collect_comments(contract.dossier)
    sections: dict[tuple[str, str], Section] = {}
    for page in pages:
        about = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
        own = about.get("annee", year)
        written = table[table["annee"] == own].set_index(["notebook", "section"])[
            ["texte", "auteur", "date", "empreinte", "chiffres"]
        ]
        for shown in about["commentaires"]:
            key = (shown["notebook"], shown["section"])
            if key in sections and sections[key].empreinte != shown["empreinte"]:
                raise UsageError(
                    f"{key[0]} montre la section « {key[1]} » plusieurs fois, avec d'autres chiffres : dans le "
                    "notebook, donner un nom à chacune (report.comment)."
                )
            row = written.loc[key].fillna("").to_dict() if key in written.index else {}
            sections[key] = _section(contract, own, key, shown, row)
    return list(sections.values())


def _section(
    contract: Contract, year: int, key: tuple[str, str], shown: dict[str, str], row: dict[str, str]
) -> Section:
    file = contract.dossier / FOLDER / str(year) / key[0] / f"{key[1]}.md"
    noted = row.get("empreinte", "")
    return Section(
        *key,
        file,
        shown["etat"],
        shown["empreinte"],
        shown["chiffres"],
        auteur=row.get("auteur", ""),
        date=row.get("date", ""),
        notee=noted,
        gardes=read_cells(row.get("chiffres", ""), noted) is not None,
    )


def find_strays(
    contract: Contract, year: int, sections: Sequence[Section], notebooks: Collection[str]
) -> dict[str, str]:
    """Files of `commentaires/` that no page shows, by their path from the contract's folder, and why.

    Of the year, only the notebooks whose sections are given are judged; `notebooks`: all that exist.
    """
    known = {section.file for section in sections}
    judged = {section.notebook for section in sections}
    base = contract.dossier / FOLDER
    found = {}
    for path in sorted(path for path in base.rglob("*") if path.is_file()):
        if _IGNORED.match(path.name):
            continue
        reason = _misplaced(path.relative_to(base).parts)
        if not reason and path.parts[-3] == str(year):
            reason = _orphan(path, known, judged, notebooks)
        if reason:
            found[path.relative_to(contract.dossier).as_posix()] = reason
    return found


def _misplaced(parts: Sequence[str]) -> str:
    """Why a file is read by nobody, from its place and its name; "" where it is read."""
    if len(parts) != 3 or not re.fullmatch(_YEAR, parts[0]) or not re.fullmatch(_NOTEBOOK, parts[1]):
        return "mal rangé : attendu commentaires/<annee>/<notebook>/<section>.md"
    stem, dot, suffix = parts[2].partition(".")
    if f"{dot}{suffix}" not in (".md", ".chiffres.csv"):
        return "mal nommé : un commentaire est un fichier texte en .md"
    return "" if re.fullmatch(_SECTION, stem) else "mal nommé : lettres sans accent, chiffres et tirets"


def _orphan(path: Path, known: Collection[Path], judged: Collection[str], notebooks: Collection[str]) -> str:
    notebook, text = path.parts[-2], path.with_name(f"{path.name.split('.')[0]}.md")
    if notebook not in notebooks:
        return f"orphelin : aucun notebook ne s'appelle « {notebook} »"
    if path != text and not text.is_file():
        return f"orphelin : des chiffres gardés, sans {text.name}"
    if notebook in judged and text not in known:
        return f"orphelin : {notebook} n'a pas de section « {text.stem} »"
    return ""


def pick_sections(sections: Sequence[Section], notebook: str, names: Sequence[str]) -> list[Section]:
    """The named sections of one report. UsageError with the nearest name on an unknown one."""
    own = {section.name: section for section in sections if section.notebook == notebook}
    for name in names:
        if name not in own:
            close = difflib.get_close_matches(name, list(own), n=1, cutoff=0.4)
            hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
            known = ", ".join(own) or "aucune"
            raise UsageError(f"{notebook} n'a pas de section « {name} ».{hint} Sections : {known}.")
    return [own[name] for name in names]


def draft(section: Section) -> None:
    """Create the file of a section to write, with the fingerprint and the figures. UsageError where it exists."""
    write_draft(section.file, section.empreinte, section.chiffres)


def accept(section: Section) -> str:
    """Note that a commentary speaks of the figures that the page shows; the fingerprint noted before, or ""."""
    return accept_figures(section.file, section.empreinte, section.chiffres)
