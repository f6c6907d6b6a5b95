"""`python -m tests.bench.sheets`: what a sheet costs beyond the start-up that all share, against one built alone."""

import tempfile
import time
from pathlib import Path

from pipelines.cli import main

SHEETS = ("8_fiche_commune", "8_fiche_orientation")


def measure() -> dict[str, float]:
    """Seconds: `alone` (one sheet in one command), `all` (every sheet in one), `sheet` (each beyond the first)."""
    with tempfile.TemporaryDirectory() as folder:
        places = ["--processed", f"{folder}/tables", "--outputs"]
        assert main(["check", *places[:2]]) == 0
        alone = _time(["build", SHEETS[0], "-p", "commune=59606", *places, f"{folder}/one"])
        every = _time(["build", *SHEETS, *places, f"{folder}/all"])
        pages = len(list(Path(folder, "all").glob("*/*/8_fiche_*.html")))
    return {"alone": alone, "all": every, "pages": pages, "sheet": (every - alone) / (pages - 1)}


def _time(arguments: list[str]) -> float:
    start = time.perf_counter()
    assert main(arguments) == 0
    return time.perf_counter() - start


if __name__ == "__main__":
    found = measure()
    print(
        f"une fiche seule {found['alone']:.1f} s ; {found['pages']:.0f} fiches {found['all']:.1f} s ; "
        f"chaque fiche de plus {found['sheet']:.2f} s, soit {found['sheet'] / found['alone']:.2f} fois une fiche seule"
    )
