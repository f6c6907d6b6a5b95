"""What is written in a drawn tree: the texts of its boxes and branches, as wide as their row has room for."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.charts.branches import Branch, Numbers, say_count
from pipelines.charts.layers import Links, Piece, Rows, rank_boxes, thread_branches
from pipelines.charts.lettering import BOLD, FULL, LINE, count_lines, measure, wrap
from pipelines.errors import UsageError
from pipelines.indicators.gender import Criteria, Reading, Tree

# Points: between a box and its text, beside a box or a branch, what a line takes that passes between two boxes.
PAD, BESIDE, _LANE = 6.0, 4.0, 16.0
# Points that a text may take in its row, the widest first; in the last a branch has no room for its words.
_ROOMS, _TERSE = (220.0, 195.0, 172.0, 150.0, 130.0, 112.0, 96.0, 82.0), 82.0
# Points that the words of a branch take where few lines hold them, and « autre lecture ».
_BRANCH, _FEW, _OTHER = 112.0, 3, 50.0
# Lines at most: a question is not cut for want of one, words of a branch and criteria are short.
_ASKED, _SAID = 9, 4
_BULLET, _INDENT = "• ", 3 * "\u00a0"
# A form asks for the same texts at each answer, a tree that has to be narrowed for most of them.
_wrap = functools.lru_cache(2048)(wrap)
# Boxes that may be moved down to make room, before a tree is said to be too wide.
_MOVED = 200


@dataclass(frozen=True)
class Words:
    """Wrapped texts one below the other, each with its weight; in points, what they take with what surrounds them."""

    texts: tuple[tuple[str, str], ...] = ()
    width: float = _LANE
    height: float = 0.0
    align: str = "center"


def _write_box(tree: Tree, reading: Reading, code: str, room: float) -> Words:
    """A question, the criteria with their threshold, or an outcome with the rule that it is called by."""
    if code in tree.issues:
        marker = f"Marqueur {tree.issues[code].marqueur}"
        return _stack([(_fold(marker, room / BOLD), "bold"), (_fold(f"règle {code}", room), "normal")], PAD)
    node = tree.nodes[code]
    asked = (_fold(f"{code}. {node.texte}", room, _ASKED), "normal")
    if not isinstance(node, Criteria):
        return _stack([asked], PAD)
    hang = measure(_INDENT)
    listed = [_fold(criterion.libelle, room - hang).replace("\n", f"\n{_INDENT}") for criterion in node.liste]
    seuil = f"Seuil : {reading.seuil_criteres} sur {len(node.liste)}"
    texts = [asked, *((_BULLET + text, "normal") for text in listed), (_fold(seuil, room / BOLD), "bold")]
    return _stack(texts, PAD, align="left")


def _write_branch(branch: Branch, numbers: Numbers, room: float) -> Words:
    """An answer, its words where there is room for them, and how many actions took it."""
    texts = [(_fold(branch.answer, room / BOLD), "bold")]
    if branch.other:
        texts.append((_fold(branch.words, _OTHER), "normal"))
    elif branch.words and room > _TERSE:
        words = _fold(branch.words, min(room, _BRANCH))
        texts.append((words if count_lines(words) <= _FEW else _fold(branch.words, room), "normal"))
    if not branch.other and (branch.source, branch.target) in numbers:
        texts.append((_fold(say_count(numbers[branch.source, branch.target]), room), "normal"))
    return _stack(texts, 0)


def _fold(text: str, room: float, most: int = _SAID) -> str:
    # No sign of punctuation begins a line.
    return _wrap(text.replace(" ?", "\u00a0?").replace(" :", "\u00a0:"), room, most)


def _stack(texts: Sequence[tuple[str, str]], pad: float, align: str = "center") -> Words:
    """Wrapped texts below each other, with `pad` points around them."""
    width = max(measure(text) * (BOLD if weight == "bold" else 1) for text, weight in texts) + 2 * (pad + BESIDE)
    height = LINE * sum(count_lines(text) for text, _ in texts) + 1.4 * pad
    return Words(tuple(texts), width, height, align)


def fit_rows(
    tree: Tree, reading: Reading, branches: Sequence[Branch], numbers: Numbers
) -> tuple[Rows, Links, dict[Piece, Words]]:
    """The rows of the tree, what hangs together in them, and the words of every piece; no row is wider than the page.

    A row too wide gives a box to the row below. UsageError where this does not help either.
    """
    pairs = [(branch.source, branch.target) for branch in branches]
    least: dict[str, int] = {}
    for _ in range(_MOVED):
        rows, links = thread_branches(tree.depart, pairs, rank_boxes(pairs, least))
        first = {lower for upper, lower in links if isinstance(upper, str)}

        def write(piece: Piece, room: float, first: set[Piece] = first) -> Words:
            if isinstance(piece, str):
                return _write_box(tree, reading, piece, room)
            return _write_branch(branches[piece[0]], numbers, room) if piece in first else Words()

        fitted = [_fit_row(row, write) for row in rows]
        if None not in fitted:
            return rows, links, {piece: words for row in fitted for piece, words in row.items()}
        # What the branches say stands below the boxes that they leave: these are too many, then.
        at = fitted.index(None) // 2
        boxes = [piece for piece in rows[2 * at] if isinstance(piece, str)]
        if len(boxes) < 2:
            break
        outcomes = [box for box in boxes if box in tree.issues and fitted[2 * at] is None]
        least[(outcomes or boxes)[-1]] = at + 1
    raise UsageError("L'arbre du marqueur est trop large pour une page : y mettre moins de questions ou d'issues.")


def _fit_row(row: Sequence[Piece], write: Callable[[Piece, float], Words]) -> dict[Piece, Words] | None:
    """The words of a row in the widest room that leaves them all a place; None where there is none."""
    for room in _ROOMS:
        words = {piece: write(piece, room) for piece in row}
        if sum(one.width for one in words.values()) <= FULL:
            return words
    return None
