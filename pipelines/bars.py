"""Bars of progress, in French, on a terminal; none where a command is to be quiet."""

import os
from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

from pipelines.paths import QUIET_VARIABLE

_Item = TypeVar("_Item")


def open_bar(title: str, items: Iterable[_Item] | None = None, *, total: int | None = None, more: str = "") -> tqdm:
    """A bar of so many things, over `items` where they are given; `more`: what it says after the time that is left."""
    return tqdm(
        items, total=total, desc=title, leave=False, disable=True if os.environ.get(QUIET_VARIABLE) else None,
        bar_format="{desc} {n_fmt}/{total_fmt} |{bar}| reste {remaining}" + more + "{postfix}",
    )  # fmt: skip
