"""The Jinja environment of pages and blocks: every value escaped, every missing key an error, one stylesheet."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.numbers import count, format_date, format_euros, format_number
from pipelines.report.labels import label

FOLDER = Path(__file__).with_name("template")
# Marks and overrides of writing direction: harmless inside a block, they would turn a page's <title> around.
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


@cache
def environment() -> Environment:
    """The environment that reads `template/`; autoescape is on for every template."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.globals |= {"stylesheet": _trusted((FOLDER / "style.css").read_text(encoding="utf-8")), "count": count}
    env.filters |= {
        "label": label,
        "number": format_number,
        "euros": format_euros,
        "long_date": lambda value: format_date(value, long=True),
        "parameter": _parameter,
        "typeset": typeset,
        "css_string": _css_string,
        "directionless": lambda text: _DIRECTION.sub("", text),
    }
    return env


def typeset(text: str) -> str:
    """French text whose « : ; ! ? % € » are not parted from what they follow at the end of a line."""
    narrow = re.sub(r" ([;!?%€])", "\u202f\\1", text)
    return re.sub(r" ([:»])|(«) ", "\\2\u00a0\\1", narrow)


def _parameter(value: Any) -> str:
    if value is None:
        return "par défaut"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _trusted(text: str) -> Markup:
    return Markup(text)  # noqa: S704 our own stylesheet


def _css_string(text: str) -> Markup:
    """A CSS string literal in which all but letters and digits are escapes."""
    escaped = "".join(c if c.isalnum() else f"\\{ord(c):06x}" for c in _DIRECTION.sub("", text))
    return Markup(f'"{escaped}"')  # noqa: S704 nothing in it can close the string or the style element
