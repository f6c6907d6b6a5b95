"""Published files are whole, at whatever instruction the machine stops, and however full it is."""

import json
import os
import pickle
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from pipelines.errors import UsageError
from pipelines.run.publish import READY, STAGING, publish, resume_moves

BASE = Path("contrat", "2022", "rapport")
# The two editions of a page: the second has a table less, and one more.
EDITIONS = {
    name: {
        "rapport.html": f"page {name}".encode(),
        **{f"rapport--tableau-{number}.csv": f"table {number} {name}".encode() for number in tables},
        "rapport.json": json.dumps(
            {"edition": name, "fichiers": ["rapport.html", *(f"rapport--tableau-{number}.csv" for number in tables)]}
        ).encode(),
    }
    for name, tables in (("avant", (1, 2)), ("après", (1, 3, 4)))
}
# Stops the process, as a power cut would, at the n-th thing that it does to a file of the outputs.
KILLED = """
import os, pickle, signal, sys
from pathlib import Path
from pipelines.run.publish import publish

outputs, base, files, left = pickle.loads(sys.stdin.buffer.read())
changes = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}

def stop(event, args):
    global left
    wrote = event == "open" and isinstance(args[1], str) and "w" in args[1]
    if event in changes or wrote:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(stop)
publish(outputs, base, files)
"""


def present(outputs: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (outputs / BASE.parent).iterdir() if path.is_file()}


def test_a_page_replaces_the_former_one_and_the_tables_that_it_no_longer_has(tmp_path: Path) -> None:
    other = tmp_path / BASE.parent / "rapport_autre--tableau-9.csv"
    for edition in EDITIONS.values():
        publish(tmp_path, BASE, edition)
        other.write_bytes(b"d'un autre rapport")
        assert present(tmp_path) == edition | {other.name: b"d'un autre rapport"}
    assert not list(tmp_path.glob(".*"))


def test_a_page_is_whole_at_whatever_instruction_the_machine_stops(tmp_path: Path) -> None:
    """Each file is of one edition, whole; after the next run all are of the same, the later one once it was ready."""
    seen = set()
    for left in count():
        outputs = tmp_path / str(left)
        publish(outputs, BASE, EDITIONS["avant"])
        given = pickle.dumps((outputs, BASE, EDITIONS["après"], left))
        ended = subprocess.run([sys.executable, "-c", KILLED], input=given, check=False).returncode
        for name, content in present(outputs).items():
            assert content in [edition.get(name) for edition in EDITIONS.values()], (left, name)
        was_ready = bool(list(outputs.glob(f"{READY}*"))) or ended == 0
        resume_moves(outputs)
        now = next(name for name, edition in EDITIONS.items() if edition == present(outputs))
        assert (now == "après") or not was_ready
        assert not [*outputs.glob(f"{READY}*"), *outputs.glob(f"{STAGING}*")]
        seen.add((now, was_ready))
        if ended == 0:
            break
        assert ended == -9
    assert left > 8
    assert seen == {("avant", False), ("après", True)}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="monter un disque demande d'être root")
@pytest.mark.parametrize("state", ["plein", "en lecture seule"])
def test_a_disk_that_takes_no_more_leaves_the_former_page(state: str, tmp_path: Path) -> None:
    disk = tmp_path / "disque"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("ce système ne laisse pas monter de disque")
    try:
        publish(disk, BASE, EDITIONS["avant"])
        if state == "plein":
            large = EDITIONS["après"] | {"rapport.html": b"x" * 300_000}
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            large = EDITIONS["après"]
        with pytest.raises(UsageError, match="ne peut pas être écrit"):
            publish(disk, BASE, large)
        assert present(disk) == EDITIONS["avant"]
        assert not list(disk.glob(".*"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)
