"""The editions of two pages or of two folders, paired report by report."""

import json
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipelines.editions.comparison import COLUMNS, compare_editions
from pipelines.editions.edition import Edition, parse_edition
from pipelines.errors import UsageError

# What a build is writing.
_HIDDEN = "."


class Pair(NamedTuple):
    """One report in both places, and its changes; a report of one place alone has none, and None for the other."""

    before: Edition | None
    after: Edition | None
    changes: pd.DataFrame

    @property
    def name(self) -> str:
        """« 7_rapport_annuel 2022 », both years where they differ."""
        met = [edition for edition in (self.before, self.after) if edition]
        years = " et ".join(dict.fromkeys(str(edition.annee) for edition in met))
        return " ".join(part for part in (met[0].notebook, met[0].sujet, years) if part)

    @property
    def title(self) -> str:
        """« Rapport annuel 2022 »: the same in words."""
        met = [edition for edition in (self.before, self.after) if edition]
        return f"{met[-1].titre}{self.name.removeprefix(met[0].notebook)}"

    @property
    def is_across_years(self) -> bool:
        """Are these two reports of different years, whose figures are not compared?"""
        return self.before is not None and self.after is not None and self.before.annee != self.after.annee


def compare_paths(before: Path, after: Path) -> list[Pair]:
    """The changes of each report from one page (.html or .json) to another, or from one folder to another.

    In folders, internal pages are left out: what compares them would say what they keep. UsageError where a file is no
    edition, where the two are not of one contract, or where no report is in both.
    """
    if before.is_dir() != after.is_dir():
        raise UsageError(
            f"« {before} » et « {after} » : l'un est un dossier, l'autre non. Donner deux pages ou deux dossiers."
        )
    if not before.is_dir():
        return [_compare(_read_page(before), _read_page(after))]
    old, new = (_read_folder(folder) for folder in (before, after))
    _refuse_other_contracts(old, new)
    # Two folders of one year each hold the same reports, whatever these years are.
    by_year = any(len({edition.annee for edition in editions}) > 1 for editions in (old, new))
    mine, other = (_named(folder, editions, by_year) for folder, editions in ((before, old), (after, new)))
    if not mine.keys() & other.keys():
        raise UsageError(f"« {before} » et « {after} » n'ont aucun rapport en commun. Donner deux dossiers de sortie.")
    pairs = [_compare(mine.get(name), other.get(name)) for name in dict.fromkeys([*mine, *other])]
    return sorted(pairs, key=lambda pair: pair.name)


def _compare(before: Edition | None, after: Edition | None) -> Pair:
    if before is None or after is None:
        return Pair(before, after, pd.DataFrame(columns=COLUMNS, dtype="str"))
    return Pair(before, after, compare_editions(before, after))


def _read_page(path: Path) -> Edition:
    provenance = path.with_suffix(".json") if path.suffix.lower() == ".html" else path
    return parse_edition(_text(provenance), str(provenance), UsageError)


def _read_folder(folder: Path) -> list[Edition]:
    files = [
        path
        for path in sorted(folder.rglob("*.json"))
        if not any(part.startswith(_HIDDEN) for part in path.relative_to(folder).parts)
    ]
    texts = {path: text for path in files if _is_report(text := _text(path), path)}
    editions = [parse_edition(text, str(path), UsageError) for path, text in texts.items()]
    published = [edition for edition in editions if not edition.interne]
    if not published:
        raise UsageError(f"« {folder} » ne contient aucun rapport publié. Donner un dossier écrit par ose build.")
    return published


def _is_report(text: str, path: Path) -> bool:
    """Is it the provenance of a notebook's page? A contract's own pages have no figures to compare."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise UsageError(
            f"{path} n'est pas lisible : le reconstruire avec ose build, ou l'enlever du dossier."
        ) from error
    return isinstance(content, dict) and "notebook" in content


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(
            f"« {path} » n'existe pas. Donner une page de ose build, avec son fichier .json à côté, ou un dossier."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"« {path} » n'est pas lisible. Donner le fichier .json que ose build a écrit.") from error


def _refuse_other_contracts(before: Sequence[Edition], after: Sequence[Edition]) -> None:
    old, new = ({edition.contrat for edition in editions} for editions in (before, after))
    if not old & new:
        raise UsageError(
            f"Ces dossiers ne sont pas du même contrat ({', '.join(sorted(old))} ; {', '.join(sorted(new))}) : leurs "
            "chiffres ne se comparent pas."
        )


def _named(folder: Path, editions: Sequence[Edition], by_year: bool) -> dict[Hashable, Edition]:
    named: dict[Hashable, Edition] = {}
    for edition in editions:
        name = (edition.contrat, edition.notebook, edition.sujet, edition.annee if by_year else 0)
        if name in named:
            raise UsageError(
                f"« {folder} » contient deux fois le rapport {edition.name} : les comparer l'un à l'autre."
            )
        named[name] = edition
    return named
