"""The slides of a report, in a file of their own beside its page: they lead back to it."""

import json
from pathlib import Path

from pipelines.exchange.target import staged
from pipelines.report.slides import name_slides, render_slides


def write_slides(page: Path) -> tuple[Path, int]:
    """Write the slides of a built page beside it; returns where, and how many they are.

    The former file stays until the new one is whole. UsageError where it cannot be written.
    """
    target = name_slides(page)
    about = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    html, number = render_slides(page.read_bytes().decode("utf-8"), about, address=page.name)
    with staged(target) as folder:
        written = folder / target.name
        written.write_text(html, encoding="utf-8", newline="")
        written.replace(target)
    return target, number
