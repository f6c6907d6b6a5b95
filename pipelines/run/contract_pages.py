"""The pages that a contract has once: quality of its data, accessibility. No notebook makes them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.processed import read_manifest
from pipelines.report.provenance import ACCESSIBILITY, QUALITY, is_current, with_provenance
from pipelines.run.publish import publish


@dataclass(frozen=True)
class ContractPage:
    """One page of a contract: its file name without suffix, its provenance, its HTML from that."""

    stem: str
    describe: Callable[[Path, dict[str, Any]], dict[str, Any]]
    render: Callable[[Path, dict[str, Any], dict[str, Any]], str]

    def path(self, contrat: str, outputs: Path) -> Path:
        """Where the page of a contract (named by its folder) stands."""
        return outputs / contrat / f"{self.stem}.html"

    def is_current(self, folder: Path, manifest: dict[str, Any], outputs: Path) -> bool:
        """Is the page made from the certified folder as it is now?"""
        empreinte = self.describe(folder, manifest)["empreinte"]
        return is_current(self.path(folder.name, outputs).with_suffix(".json"), empreinte)

    def write(self, folder: Path, manifest: dict[str, Any], outputs: Path) -> Path:
        """Make the page of a certified folder; returns its path. UsageError where the outputs cannot be written."""
        page = self.path(folder.name, outputs)
        about = self.describe(folder, manifest)
        text = self.render(folder, manifest, about)
        files = with_provenance(f"{self.stem}.json", about, {page.name: text.encode()})
        publish(outputs, Path(folder.name, self.stem), files)
        return page


def own_pages() -> tuple[ContractPage, ...]:
    """The pages of a contract; what draws them is imported here, by whoever makes them."""
    from pipelines.report.accessibility import describe_accessibility, render_accessibility
    from pipelines.report.quality import describe_quality, render_quality

    return (
        ContractPage(
            ACCESSIBILITY,
            lambda folder, manifest: describe_accessibility(manifest),
            lambda folder, manifest, about: render_accessibility(about),
        ),
        ContractPage(QUALITY, describe_quality, render_quality),
    )


def write_own_pages(contrat: str, processed: Path, outputs: Path, force: bool) -> dict[Path, bool]:
    """The pages of a contract (named by its folder), each with whether it was made: it may be up to date."""
    folder = processed / contrat
    manifest = read_manifest(folder)
    made = {}
    for page in own_pages():
        stale = force or not page.is_current(folder, manifest, outputs)
        if stale:
            page.write(folder, manifest, outputs)
        made[page.path(contrat, outputs)] = stale
    return made
