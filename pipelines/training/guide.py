"""The trainer's guide: one page, gathered from the cells of the parts, so that nothing is written twice.

Half a day by the clock, what to prepare, then each part as it goes: what to say, the exercises with their hint and
solution folded, the frequent mistakes, what to discuss.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup
from nbformat import NotebookNode

from pipelines.errors import UsageError
from pipelines.report.prose import render_comment
from pipelines.report.templates import environment
from pipelines.training.learner import TRAINER, has_tag, read_solution

TITLE = "Guide de la formation"
# Minutes, and the part after which it comes.
BREAK, BREAK_AFTER = 10, 3
HINT, ANSWER = "indice", "reponse"
_HEADING = re.compile(r"^(#{1,6}) +(.+)\n*")
_HINT = re.compile(r"^<details>\s*<summary>[^<]*</summary>(.*)</details>\s*$", re.DOTALL)
_KEYS = {"titre": str, "question": str, "ordre": int, "duree": int, "acquis": list}


class Moment(NamedTuple):
    """A line of the timetable: « 0 h 35 », what is done (`anchor`: of its part, "" for the break), minutes."""

    start: str
    title: str
    minutes: int
    anchor: str


class Note(NamedTuple):
    """A note for the trainer: its heading, and its text as HTML."""

    title: str
    body: Markup


class Exercise(NamedTuple):
    """An exercise: its title, and its statement and hint as HTML, its solution as code."""

    title: str
    statement: Markup
    hint: Markup
    solution: str


class Section(NamedTuple):
    """A section of a part of which the guide has something to say: exercises and notes, in order."""

    title: str
    items: list[Exercise | Note]


class Part(NamedTuple):
    """A part of the training as the guide tells it; `opening`: the notes that come before any section."""

    name: str
    title: str
    question: str
    minutes: int
    outcomes: list[str]
    opening: list[Note]
    sections: list[Section]


def render_guide(parts: Sequence[tuple[str, NotebookNode]], about: dict[str, Any]) -> str:
    """The guide as HTML; the same parts give the same bytes. `parts`: name of the file, trainer's copy, in order.

    `about`: nom_contrat, annee, fictif. UsageError where the metadata of a part lack what the guide says.
    """
    told = [read_part(name, notebook) for name, notebook in parts]
    timetable = time_parts(told)
    return (
        environment()
        .get_template("training.html.j2")
        .render(
            title=TITLE,
            about=about,
            marks=["Données fictives de démonstration"] * about["fictif"],
            parts=told,
            timetable=timetable,
            total=_clock(sum(moment.minutes for moment in timetable)),
        )
    )


def time_parts(parts: Sequence[Part]) -> list[Moment]:
    """The timetable of half a day: each part after the other, from « 0 h 00 », with the break."""
    moments, now = [], 0
    for rank, part in enumerate(parts, start=1):
        moments.append(Moment(_clock(now), part.title, part.minutes, f"partie-{rank}"))
        now += part.minutes
        if rank == BREAK_AFTER < len(parts):
            moments.append(Moment(_clock(now), "Pause", BREAK, ""))
            now += BREAK
    return moments


def read_part(name: str, notebook: NotebookNode) -> Part:
    """What the guide says of a part, from the cells of its trainer's copy. UsageError where its metadata lack a key."""
    told = notebook.metadata.get("ose", {})
    for key, kind in _KEYS.items():
        if not isinstance(told.get(key), kind) or not told[key]:
            raise UsageError(
                f"{name} : les métadonnées « ose » n'ont pas de « {key} » valable. Le prendre d'une autre partie de "
                "notebooks/formation et l'adapter."
            )
    sections = [Section("", [])]
    for cell in notebook.cells:
        items = sections[-1].items
        level, heading, text = _split(cell.source)
        if has_tag(cell, TRAINER):
            items.append(Note(heading, _html(text)))
        elif has_tag(cell, HINT):
            items[-1] = items[-1]._replace(hint=_html(_HINT.sub(r"\1", cell.source).strip()))
        elif has_tag(cell, ANSWER):
            items[-1] = items[-1]._replace(solution=read_solution(cell))
        elif cell.cell_type == "markdown" and level == "##":
            sections.append(Section(heading, []))
        elif cell.cell_type == "markdown" and level == "###":
            items.append(Exercise(heading, _html(text), Markup(), ""))
    opening, *rest = sections
    told_of = [section for section in rest if section.items]
    return Part(name, told["titre"], told["question"], told["duree"], told["acquis"], opening.items, told_of)


def _split(source: str) -> tuple[str, str, str]:
    """The marks and the words of the heading of a Markdown cell, and what follows; none where it has no heading."""
    found = _HEADING.match(source)
    return (found[1], found[2].strip(), source[found.end() :]) if found else ("", "", source)


def _html(text: str) -> Markup:
    return render_comment(text, "guide")


def _clock(minutes: int) -> str:
    """« 1 h 05 »."""
    return f"{minutes // 60} h {minutes % 60:02}"
