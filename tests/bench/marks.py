"""`ose mark` beside the plain way: pandas, and one if after the other for each row; no check, no path, no flag.

    python -m tests.bench.marks 100000 1000000

For each size, a list of that many rows, then each way in a process of its own, on one core where the system lets one
choose. « calcul » is processor time, start-up included, that neighbours on the machine change little.
"""

import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from pipelines.exchange.answers import ASKED

_WORDS = ("oui", "oui", "non", "non", "")


def write_list(path: Path, rows: int) -> None:
    """A list of answers that follow the tree, some missing: the same each time."""
    draw = random.Random(6)  # noqa: S311
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(ASKED)
        for number in range(rows):
            is_mixed, is_aim = draw.random() < 0.8, draw.random() < 0.1
            criteria = draw.choices(_WORDS, k=3) if is_mixed and not is_aim else [""] * 3
            coherent, reason = "", ""
            if not is_mixed and not is_aim:
                coherent, reason = draw.choice(_WORDS), draw.choice(["", "Groupe réservé aux mères, à leur demande"])
            begun = [f"DEMO-2022-{number:07d}", "oui" if is_mixed else "non", "oui" if is_aim else "non"]
            out.writerow([*begun, *criteria, coherent, reason])


def mark_plainly(path: Path, target: Path) -> None:
    """The markers alone, at three criteria out of three, as one would write them in a notebook."""
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    frame.assign(marqueur=frame.apply(_mark, axis=1)).to_csv(target, index=False)


def _mark(row: pd.Series) -> str:
    if row["objectif_principal_egalite"] == "oui":
        return "2"
    if row["public_mixte"] == "non":
        return {"oui": "1", "non": "0"}.get(row["public_non_mixte_coherent"], "")
    criteria = [row["diagnostic_sexue"], row["participation_equilibree"], row["indicateurs_sexues"]]
    if "non" in criteria:
        return "0"
    return "1" if criteria == ["oui"] * 3 else ""


def _run(*command: str) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of processor and peak megabytes of a command alone on one core."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, work, after.ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(sizes: list[int]) -> None:
    """Print one line a size; the markers of both ways are the same."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print("| lignes | horloge (s) | calcul (s) | pic (Mo) | voie simple : calcul (s) | rapport |")
    print("| --: | --: | --: | --: | --: | --: |")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path, ours, theirs = (Path(folder) / name for name in ("liste.csv", "ose.csv", "simple.csv"))
            write_list(path, rows)
            # The peak is the highest of all processes that have ended: ours goes first.
            wall, work, peak = _run("-m", "pipelines", "mark", str(path), "--sortie", str(ours))
            _, plain, _ = _run("-m", "tests.bench.marks", str(path), str(theirs))
            found, expected = (pd.read_csv(one, dtype="str", usecols=["marqueur"]) for one in (ours, theirs))
            assert found.equals(expected)
        numbers = [f"{wall:.1f}", f"{work:.1f}", str(peak), f"{plain:.1f}", f"{work / plain:.2f}"]
        print(f"| {rows:,} | ".replace(",", " ") + " | ".join(numbers).replace(".", ",") + " |")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1].endswith(".csv"):
        mark_plainly(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or [100_000, 1_000_000])
