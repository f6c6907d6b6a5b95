"""Whatever a notebook does, the others are built, the last good page stays, and why is told."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from pipelines.cli import main
from pipelines.errors import NotebookError
from pipelines.run.build import Built, build_contracts
from pipelines.run.means import Limits, Means, kernels_of
from pipelines.run.order import Order
from tests.run.test_build import bytes_of
from tests.run.test_warm import marked, wait_until

Write = Callable[[str, str], Path]
PAGES = Path("valenciennes", "2022")
GOOD = 'report.read("tout va bien.")'
SECTION = "Une question de trop"


def build(site: SimpleNamespace, outputs: Path, notebooks: Path, means: Means | None = None) -> Built:
    order = Order(notebooks=notebooks)
    means = means or Means()
    with kernels_of(means) as kernels:
        (built,) = build_contracts(["valenciennes"], order, site.processed, outputs, means, kernels)
    assert not built.refused
    return built


def kept(outputs: Path, name: str) -> Path:
    return outputs / "valenciennes" / "interne" / "2022" / f"{name}.echec.ipynb"


@pytest.mark.parametrize(
    ("source", "said", "means"),
    [
        pytest.param(
            "1 / 0", "à la cellule 6 : ZeroDivisionError : division by zero.", Means(),
            id="error", marks=pytest.mark.long,
        ),
        pytest.param("import os; os.kill(os.getpid(), 9)", "Le noyau du notebook", Means(), id="dead kernel"),
        pytest.param(
            "while True:\n    pass", "arrêté après 20 s (--timeout)", Means(limits=Limits(20)),
            id="endless", marks=pytest.mark.long,
        ),
        pytest.param(
            "import time\nfor _ in range(3):\n    time.sleep(8)", "arrêté après 20 s", Means(limits=Limits(20)),
            id="slow in all", marks=pytest.mark.long,
        ),
        pytest.param(
            "held = []\nwhile True:\n    held.append(bytearray(10**8))", "plus de mémoire que la limite de 1100 Mio",
            Means(limits=Limits(memory=1100)), id="greedy", marks=pytest.mark.long,
        ),
        pytest.param(
            "import os; os.kill(os.getppid(), 9)", "Le processus qui construisait mauvais a été tué",
            Means(stock_kernel=True), id="kills its worker", marks=pytest.mark.long,
        ),
        pytest.param(  # then its worker, from a kernel of its own; it sleeps, or it would end before it is killed
            "import os, time; os.kill(os.getppid(), 9); time.sleep(60)",
            "Le processus qui construisait mauvais a été tué", Means(),
            id="kills the warm parent", marks=pytest.mark.long,
        ),
    ],
)  # fmt: skip
def test_one_notebook_that_fails_stops_no_other_and_the_next_run_resumes(
    source: str,
    said: str,
    means: Means,
    site: SimpleNamespace,
    notebooks: Path,
    write_notebook: Write,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outputs = tmp_path / "pages"
    write_notebook("mauvais", GOOD)
    page = build(site, outputs, notebooks).made[0]
    before = bytes_of(outputs / PAGES)
    write_notebook("mauvais", source)
    for name in ("bon", "meilleur"):
        write_notebook(name, GOOD)
    built = build(site, outputs, notebooks, means)
    assert list(built.failures) == ["mauvais"]
    error = built.failures["mauvais"]
    assert isinstance(error, NotebookError)
    assert said in str(error)
    assert [path.stem for path in built.made] == ["bon", "meilleur"]
    after = bytes_of(outputs / PAGES)
    assert {name: after[name] for name in before} == before, "la dernière bonne page est entière"
    if "mauvais a été tué" not in said:  # a worker that dies takes along what it had
        assert error.section == SECTION
        notebook = nbformat.read(kept(outputs, "mauvais"), as_version=4)
        assert SECTION in notebook.cells[0].source
        assert said.split(" :")[0] in notebook.cells[0].source
        assert next(cell for cell in notebook.cells if cell.id == "montre").outputs, "ce qui a réussi est gardé"
    told = capsys.readouterr().err
    assert not told, "sans fenêtre ni demande, une construction ne dit rien d'elle-même"
    write_notebook("mauvais", GOOD)
    again = build(site, outputs, notebooks)
    assert again.made == []
    assert page in again.current, "la page d'avant est celle que donne le notebook réparé"
    assert not kept(outputs, "mauvais").exists()
    write_notebook("mauvais", GOOD.replace("bien", "mieux"))
    assert build(site, outputs, notebooks).made == [page]


def test_a_second_build_says_that_another_is_running(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two real builds at once: the second says so and leaves, the first is not disturbed."""
    where = ["--processed", str(site.processed), "--outputs", str(tmp_path)]
    command = [sys.executable, "-m", "pipelines", "build", "0_prise_en_main", *where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert wait_until(lambda: list(tmp_path.glob(".verrou")), 60)
        assert wait_until(lambda: main(["build", "1_observation", *where]) == 4, 20)
        assert "Une autre construction est en cours" in capsys.readouterr().err
        assert "1_observation" not in str(sorted(tmp_path.rglob("*.html")))
        assert "0_prise_en_main.html" in first.communicate()[0]
    assert first.returncode == 0


@pytest.mark.long
def test_killed_at_any_moment_a_build_leaves_whole_pages_and_the_next_resumes(
    site: SimpleNamespace, tmp_path: Path
) -> None:
    """kill -9 at 50 random moments, two editions in turn: nothing torn, nothing left running, nothing to clean."""
    names = ["0_prise_en_main", "8_fiche_orientation", "-porientation=O1"]
    command = ["build", *names, "--processed", str(site.processed), "--outputs"]
    editions, took = [], 0.0
    for options in ([], ["--with-code"]):
        began = time.monotonic()
        assert main([*command, str(tmp_path / f"edition{len(options)}"), *options]) == 0
        took = time.monotonic() - began
        editions.append(bytes_of(tmp_path / f"edition{len(options)}" / PAGES))
    outputs, draw, mark = tmp_path / "pages", random.Random(11), "OSE_ESSAI_TUE"  # noqa: S311 no secret
    assert main([*command, str(outputs)]) == 0
    interrupted = 0
    for turn in range(50):
        own = f"{mark}={turn}-{os.getpid()}"
        running = subprocess.Popen(
            [sys.executable, "-m", "pipelines", *command, str(outputs), *["--with-code"] * (turn % 2 == 0)],
            env={**os.environ, mark: own.partition("=")[2]},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(draw.uniform(0, took))
        running.send_signal(signal.SIGKILL)
        interrupted += running.wait() == -signal.SIGKILL
        assert wait_until(lambda own=own: not marked(own), 30), "rien ne tourne plus"
        for name, digest in bytes_of(outputs / PAGES).items():
            if not name.endswith("--pages.json"):
                assert digest in [edition[name] for edition in editions], (turn, name)
    assert interrupted > 25
    assert main([*command, str(outputs)]) == 0
    assert bytes_of(outputs / PAGES) == editions[0]
    assert not [path for path in outputs.glob(".*") if path.is_dir() and path.name != ".ose"]
