"""The Focus that compose an annual report: which notebooks they are, what they fill, what of them the report takes up.

A Focus is a notebook of `notebooks/focus/`. Its metadata (« ose ») name the section of the decree that it fills
(`section_decret`), its theme, and the years that it speaks of where they are some alone (`annees`). The annual report
runs its cells up to the one tagged « resume »: finding, key figures and main figure come from the same cells as in its
own page.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import OseError, UsageError
from pipelines.fingerprint import digest, digest_notebook
from pipelines.indicators.annual_report import DECREE_SECTIONS
from pipelines.paths import focus_folder

KIND = "Focus"
THEMES = {"observation": "Observation", "suivi": "Suivi", "evaluation": "Évaluation"}
COMPLETE, OF_FOCUS = "complet", "focus"
# The last cell of a Focus that the annual report takes up bears this tag.
SUMMARY = "resume"


@dataclass(frozen=True)
class Focus:
    """A Focus as the annual report sees it; `cells`: the code of its summary, parameters first, () where it has none.

    `section` and `theme` are keys, "" where it names none; `years` is empty for any year; `needs`: what a contract must
    have, "" for nothing.
    """

    name: str
    title: str
    question: str
    order: int
    section: str
    theme: str
    years: tuple[int, ...]
    needs: str
    cells: tuple[str, ...]

    def run(self, contrat: str, annee: int) -> Iterator[dict[str, Any]]:
        """Run its summary for a contract and a year; yields its variables after each cell.

        UsageError where a cell stops on anything else than one of our own errors.
        """
        # As a kernel keeps them: what the check of parameters reads.
        variables: dict[str, Any] = {"__name__": "__main__", "In": []}
        for rank, cell in enumerate(self.cells):
            variables["In"].append(cell)
            try:
                exec(compile(cell, f"{self.name}.ipynb", "exec"), variables)  # noqa: S102 a notebook like the one that runs
            except OseError:
                raise
            except Exception as error:
                raise UsageError(
                    f"Le Focus « {self.name} » s'arrête avant son résumé ({type(error).__name__} : {error}). Le "
                    f"construire seul, corriger, et recommencer : ose build {self.name}"
                ) from error
            if rank == 0:
                variables |= {"contrat": contrat, "annee": annee}
            yield variables


def list_focus(annee: int, folder: Path | None = None) -> list[Focus]:
    """The published Focus of a year, in the order of their metadata; `folder`: that of the notebooks."""
    read = [read_focus(path) for path in sorted((folder / "focus" if folder else focus_folder()).glob("*.ipynb"))]
    held = [focus for focus in read if focus is not None and (not focus.years or annee in focus.years)]
    return sorted(held, key=lambda focus: (focus.order, focus.name))


def read_focus(path: Path) -> Focus | None:
    """The Focus of a notebook file; None where it is another kind of notebook, or is not published as one page."""
    content = json.loads(path.read_text(encoding="utf-8"))
    about = content.get("metadata", {}).get("ose", {})
    if about.get("genre", KIND) != KIND or about.get("diffusion") == "interne" or about.get("balayage"):
        return None
    check_focus(path.name, about)
    return Focus(
        path.stem, about.get("titre", path.stem), about.get("question", ""), int(about.get("ordre", 99)),
        about.get("section_decret", ""), about.get("theme", ""), tuple(about.get("annees", ())),
        about.get("exige", ""), _summary(content["cells"]),
    )  # fmt: skip


def check_focus(file: str, about: Mapping[str, Any]) -> None:
    """UsageError where the metadata of a notebook name a section of the decree, a theme or years that are none."""
    for key, known in (("section_decret", DECREE_SECTIONS), ("theme", THEMES)):
        said = about.get(key, "")
        if said and said not in known:
            raise UsageError(f"{file} : « ose » > « {key} » vaut « {said} ». Écrire {' ou '.join(known)}.")
    years = about.get("annees", [])
    if not isinstance(years, list) or not all(type(year) is int for year in years):
        raise UsageError(f"{file} : « ose » > « annees » est une liste d'années, par exemple [2022].")


def is_composed(composition: str) -> bool:
    """Whether a report is composed of Focus. UsageError on a composition that is none."""
    if composition not in (COMPLETE, OF_FOCUS):
        raise UsageError(f"La composition « {composition} » n'existe pas : écrire {COMPLETE} ou {OF_FOCUS}.")
    return composition == OF_FOCUS


def map_sections(focus: Sequence[Focus]) -> pd.DataFrame:
    """Each section of the decree with the Focus that fill it, then the Focus that fill none.

    A row a Focus, one for a section without: section_decret (its title), titre_focus, theme_focus; both are « » where
    the section has none.
    """
    rows = []
    for key, title in (DECREE_SECTIONS | {"": "Hors des sections du décret"}).items():
        own = [(title, one.title, THEMES.get(one.theme, "")) for one in focus if one.section == key]
        rows += own or ([(title, "", "")] if key else [])
    return pd.DataFrame(rows, columns=["section_decret", "titre_focus", "theme_focus"])


def read_sources(folder: Path) -> dict[str, bytes]:
    """Every notebook that a composed report may run, by name; `folder`: that of the notebooks."""
    return {path.name: path.read_bytes() for path in sorted((folder / "focus").glob("*.ipynb"))}


def digest_focus(sources: Mapping[str, bytes]) -> str:
    """Digest of the notebooks that a composed report may run; "" where there is none."""
    return digest([(name, digest_notebook(source)) for name, source in sources.items()]) if sources else ""


def _summary(cells: list[dict[str, Any]]) -> tuple[str, ...]:
    """The code of the cells up to the one tagged, which may be any; () where none is."""
    sources: list[str] = []
    for cell in cells:
        if cell["cell_type"] == "code":
            sources.append("".join(cell["source"]))
        if SUMMARY in cell.get("metadata", {}).get("tags", []):
            return tuple(sources)
    return ()
