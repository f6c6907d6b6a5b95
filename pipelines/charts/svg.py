"""The SVG that matplotlib writes, made for a page: the same drawing in fewer bytes, without CSS, comments or links.

A strict Content-Security-Policy refuses `style` attributes; presentation attributes say the same.
"""

import re
import string
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree as ET

_NAMESPACE = "http://www.w3.org/2000/svg"
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_STEP = re.compile("([MLQCz])([^MLQCz]*)")
_TRANSLATE = re.compile(r"translate\(([-\d.e]+) ([-\d.e]+)\)")
_REFERENCE = re.compile(r"(?:^|url\()#([^)]+)")
# A letter comes in 64ths of a unit, 100 units high; tenths are a hundredth of a point in the house type.
_LETTER, _TENTHS = "scale(0.015625)", "scale(.1)"
_DROPPED, _HOLDERS = ("metadata", "style"), ("g", "defs", "a")
# What an element says that it would do anyway.
_DEFAULTS = {("version", "1.1"), ("stroke-dashoffset", "0"), ("stroke-linecap", "butt"), ("stroke-linejoin", "round")}


def compact(svg: bytes) -> bytes:
    """The same drawing with presentation attributes, coordinates to a hundredth of a point, short names.

    Letters are outlines, drawn once and used wherever they stand. No comment, metadata, CSS, class or address is left.
    """
    # Comments repeat the labels, whatever these hold: they go before anything reads the file as XML.
    root = ET.fromstring(_COMMENT.sub(b"", svg))  # noqa: S314 our own drawing
    for element in root.iter():
        _simplify(element)
    blanks = {f"#{path.get('id')}" for path in root.iter("path") if not path.get("d")}
    (root,) = _without_idle(root, blanks)
    _rename(root)
    # What the style sheet said of every element, they inherit.
    root.attrib = {"xmlns": _NAMESPACE, "stroke-linejoin": "round", **root.attrib}
    return ET.tostring(root, encoding="unicode").replace(" />", "/>").encode()


def _simplify(element: ET.Element) -> None:
    """One element without namespaces, CSS, links and digits that nobody sees."""
    element.tag = element.tag.rpartition("}")[2]
    element.text = element.tail = None
    said = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    rules = [rule.partition(":") for rule in said.pop("style", "").split(";") if rule]
    said |= {name.strip(): value.strip() for name, _, value in rules}
    said = {name: value for name, value in said.items() if (name, value) not in _DEFAULTS}
    if element.tag == "g":
        # Nothing refers to a group.
        said.pop("id", None)
    if element.tag == "a":
        said = {}
    letter = said.get("transform") == _LETTER
    if letter:
        said["transform"] = _TENTHS
    if "d" in said:
        said["d"] = _shorten_path(said["d"], unit=10 / 64, step=1) if letter else _shorten_path(said["d"])
    if element.tag == "use" and (place := _TRANSLATE.fullmatch(said.get("transform", ""))):
        del said["transform"]
        said |= {axis: _write(round(float(at), 1)) for axis, at in zip("xy", place.groups(), strict=True) if float(at)}
    elif "transform" in said:
        said["transform"] = _TRANSLATE.sub(
            lambda found: f"translate({_join(map(float, found.groups()))})", said["transform"]
        )
    for name in ("x", "y", "width", "height"):
        if re.fullmatch(r"-?\d+\.\d+", said.get(name, "")):
            said[name] = _write(float(said[name]))
    element.attrib = said


def _shorten_path(path: str, *, unit: float = 1.0, step: float = 0.01) -> str:
    """A path in relative steps, its points rounded to `step` before their differences are taken: no error adds up."""
    written, last = [], ""
    at = start = (0, 0)
    for letter, numbers in _STEP.findall(path):
        points = [round(float(number) * unit / step) for number in numbers.split()]
        moves = [value - at[index % 2] for index, value in enumerate(points)]
        letter = letter.lower()
        if letter == "l" and 0 in moves:
            letter, moves = ("v", moves[1:]) if moves[0] == 0 else ("h", moves[:1])
        at = (points[-2], points[-1]) if points else start
        start = at if letter == "m" else start
        text = _join(move * step for move in moves)
        # A command that repeats the last needs no letter.
        written.append(letter + text if letter != last or letter in "mz" else text if text[0] == "-" else f" {text}")
        last = letter
    return "".join(written)


def _join(numbers: Iterator[float]) -> str:
    return " ".join(map(_write, numbers)).replace(" -", "-")


@lru_cache(maxsize=50_000)
def _write(number: float) -> str:
    """A number with two decimals at most and nothing that SVG can do without."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else re.sub(r"^(-?)0\.", r"\1.", text)


def _rename(root: ET.Element) -> None:
    """Short names in the order in which they are given."""
    named = [element for element in root.iter() if "id" in element.attrib]
    letters = string.ascii_letters
    short = {element.get("id"): letters[at % 52] + str(at // 52 or "") for at, element in enumerate(named)}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, short[value])
            elif found := _REFERENCE.search(value):
                element.set(key, value.replace(found[1], short.get(found[1], found[1])))


def _without_idle(element: ET.Element, blanks: set[str]) -> Iterator[ET.Element]:
    """The element, or what it holds where it adds nothing itself; blanks between words are not drawn."""
    element[:] = [kept for child in element for kept in _without_idle(child, blanks)]
    if element.tag in _DROPPED or element.get("href") in blanks or (element.tag == "path" and not element.get("d")):
        return
    if element.tag in _HOLDERS and not len(element):
        return
    if element.tag in ("g", "a") and not element.attrib:
        yield from element
    else:
        yield element
