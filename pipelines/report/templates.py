"""The Jinja environment of pages and blocks: every value escaped, every missing key an error, one stylesheet."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.numbers import count, format_date, format_euros, format_number, format_percent
from pipelines.report.labels import label
from pipelines.values import MARKED, plain

FOLDER = Path(__file__).with_name("template")
# Marks and overrides of writing direction: harmless inside a block, they would turn a page's <title> around.
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
# Overrides and isolates that data leave open would turn what follows them; controls and half characters are no text.
_CONTROLS = (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF)
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNSHOWN = dict.fromkeys([*_CONTROLS, *_TURNING]) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
# A file, a table, a column: one long word, which a narrow cell parts after « / » or « _ »; a date stays whole.
_NAME, _PART = re.compile(r"[\w./-]+"), re.compile(r"(?<!\d)([/_]+)(?=.)")
# Longer, a name is no name: it would push the page off the screen. What is downloaded holds it whole.
NAME_LENGTH, CELL_LENGTH = 160, 400


@cache
def environment() -> Environment:
    """The environment that reads `template/`; autoescape is on for every template."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.globals |= {"own": _own, "count": count}
    env.filters |= {
        "brief": shorten,
        "csp_hash": _csp_hash,
        "label": label,
        "number": format_number,
        "euros": format_euros,
        "percent": format_percent,
        "long_date": lambda value: format_date(value, long=True),
        "parameter": write_parameter,
        "typeset": typeset,
        "cell": _cell,
        "css_string": _css_string,
        "directionless": lambda text: _DIRECTION.sub("", text),
    }
    return env


def typeset(text: str) -> str:
    """French text whose « : ; ! ? % € » are not parted from what they follow at the end of a line."""
    narrow = re.sub(r" ([;!?%€])", "\u202f\\1", text)
    return re.sub(r" ([:»])|(«) ", "\\2\u00a0\\1", narrow)


def _cell(text: str) -> str:
    return Markup(_PART.sub(r"\1<wbr>", text)) if _NAME.fullmatch(text) else typeset(text)  # noqa: S704 no sign of HTML


def write_parameter(value: Any) -> str:
    """A parameter's value as a reader would say it."""
    if value is None:
        return "par défaut"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def shorten(text: str, length: int = NAME_LENGTH) -> str:
    """A text as it is, or its beginning where it is longer than `length` characters."""
    return text if len(plain(text)) <= length else f"{plain(text)[: length - 1].rstrip()}…"


def printable(text: str) -> str:
    """A text without what is none: controls, half characters, signs that turn the writing around."""
    return text.translate(_UNSHOWN)


def _shown(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return printable(value) if isinstance(value, Markup) else _with_values(printable(value))


def _with_values(text: str) -> str | Markup:
    """The text with each marked value in an element of its own; what came from data is escaped like the rest."""
    if not MARKED.search(text):
        return plain(text)
    out, end = Markup(), 0
    for match in MARKED.finditer(text):
        machine, shown = match.groups()
        before, end = plain(text[end : match.start()]), match.end()
        if machine.startswith("#"):
            out += Markup('{}<a class="renvoi" href="{}">{}</a>').format(before, machine, shown)
        elif machine:
            out += Markup('{}<data value="{}">{}</data>').format(before, machine, shown)
        else:
            out += Markup("{}<bdi>{}</bdi>").format(before, shown)
    return out + plain(text[end:])


def _own(name: str) -> Markup:
    """Our own stylesheet or script, as it stands in `template/`."""
    return Markup((FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 no value in it


def _csp_hash(text: str) -> str:
    """What a Content-Security-Policy says of one inline style or script: the hash of its very bytes."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _css_string(text: str) -> Markup:
    """A CSS string literal in which all but letters and digits are escapes."""
    escaped = "".join(c if c.isalnum() else f"\\{ord(c):06x}" for c in _DIRECTION.sub("", text))
    return Markup(f'"{escaped}"')  # noqa: S704 nothing in it can close the string or the style element
