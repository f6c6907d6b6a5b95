"""The quality page of a contract: made when its data or the method changed, moved into place with its provenance."""

import tempfile
from pathlib import Path
from typing import Any

from pipelines.report.provenance import QUALITY, fingerprint_quality, is_current, write_provenance
from pipelines.run.execute import STAGING, unwritable


def quality_page(contrat: str, outputs: Path) -> Path:
    """Where the quality page of a contract (named by its folder) stands."""
    return outputs / contrat / f"{QUALITY}.html"


def is_quality_current(folder: Path, outputs: Path) -> bool:
    """Is the page made from the certified folder as it is now?"""
    return is_current(quality_page(folder.name, outputs).with_suffix(".json"), fingerprint_quality(folder))


def write_quality(folder: Path, manifest: dict[str, Any], outputs: Path) -> Path:
    """Make the page of a certified folder; returns its path. UsageError where the outputs cannot be written."""
    from pipelines.report.quality import describe_quality, render_quality

    page = quality_page(folder.name, outputs)
    about = describe_quality(folder, manifest)
    text = render_quality(folder, manifest, about)
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=outputs, prefix=STAGING) as staging:
            beside = Path(staging) / page.name
            beside.write_text(text, encoding="utf-8", newline="")
            write_provenance(beside.with_suffix(".json"), about, [beside])
            # Provenance last: without it the page is made again.
            for file in (beside, beside.with_suffix(".json")):
                file.replace(page.parent / file.name)
    except OSError as error:
        raise unwritable(outputs, error) from error
    return page
