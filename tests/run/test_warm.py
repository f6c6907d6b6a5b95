"""Warm kernels: what a stock kernel gives, the same errors, nothing of one notebook in the next, none left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import papermill
import pytest

from pipelines.cli import main
from pipelines.errors import NotebookError
from pipelines.fingerprint import digest_file
from pipelines.paths import NOTEBOOKS, PROCESSED_VARIABLE
from pipelines.run import execute
from pipelines.run.build import build
from pipelines.run.jobs import Job
from pipelines.run.kernels import ENVIRONMENT, Kernels, warm_kernels
from pipelines.run.manager import papermill_options
from pipelines.run.means import Limits
from pipelines.run.notebooks import known_notebooks, read_notebook
from pipelines.run.provisioner import ForkedKernel
from pipelines.run.warm_parent import BOUND
from tests.conftest import build_pages

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="les noyaux préchauffés demandent Linux")

LAST = Path("valenciennes") / "2022"
TOUR = "0_prise_en_main"


def run(*cells: str, address: str = "", cwd: Path | None = None) -> list[list[Any]]:
    """The outputs of each cell of a notebook of these cells, on a warm kernel or, without address, a stock one."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    options = papermill_options(address) if address else {}
    done = papermill.execute_notebook(
        notebook, None, kernel_name="python3", progress_bar=False, cwd=cwd and str(cwd), **options
    )
    return [cell.outputs for cell in done.cells]


def text(outputs: list[Any]) -> str:
    """What a cell printed."""
    return "".join(output.text for output in outputs if output.output_type == "stream")


def marked(mark: str, command: bytes = b"") -> set[int]:
    """The processes started with this mark in their environment, or their forks, whose command line holds `command`."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes() and command in (process / "cmdline").read_bytes():
                found.add(int(process.name))
        except OSError:
            continue
    return found


def wait_until(condition: Callable[[], Any], seconds: float = 120) -> bool:
    """Does it come true in that time? Once is enough: what was seen may end at once."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def job(tmp_path: Path) -> Any:
    """Makes a job of the guided tour cut down to its title, its parameters and one cell."""

    def make(source: str) -> Job:
        content = json.loads((NOTEBOOKS / f"{TOUR}.ipynb").read_text(encoding="utf-8"))
        extra = {"cell_type": "code", "id": "ajout", "metadata": {}, "outputs": [], "execution_count": None}
        content["cells"] = [*content["cells"][:2], {**extra, "source": source}]
        path = tmp_path / f"{TOUR}.ipynb"
        path.write_text(json.dumps(content), encoding="utf-8")
        return Job(read_notebook(path), {"contrat": "valenciennes", "annee": 2022}, LAST / TOUR)

    return make


# Same outputs


SHOWS = (
    "import warnings\nimport numpy as np, pandas as pd, matplotlib.pyplot as plt\nimport pipelines.report.report",
    "plt.plot([1, 3, 2])\nplt.title('Été');",
    "fig, axes = plt.subplots(1, 2)\naxes[0].bar(['a', 'b'], [1, 2]);",
    "wide = pd.DataFrame(np.arange(60).reshape(2, 30)).add_prefix('colonne_')\nprint(wide)\nwide",
    "import os, time\nos.write(1, b'octets bruts\\n')\ntime.sleep(0.5)\nprint('texte')",
    "__name__, __builtins__.__name__, get_ipython().__class__.__name__, {'b', 'a'}, hash('ose')",
    "import sys\n[p for p in sys.path if 'lib' not in p], sys.flags, sys.argv[0], sys.gettrace()",
    "plt.rcParams.copy().items() ^ __import__('matplotlib').rcParamsDefault.items()",
    "sorted(map(str, warnings.filters))",
    "!echo sous-processus",
    "%matplotlib inline\nplt.plot([1]);",
    "await __import__('asyncio').sleep(0, 'attendu')",
    "import threading\nthreading.current_thread() is threading.main_thread(), os.getpid() == os.getpgid(0)",
)


def test_every_kind_of_output_is_a_stock_kernel_s(
    kernels: Kernels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures most of all: a kernel that was forked too simply shows none, and says nothing."""
    with monkeypatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.delenv("PYTEST_CURRENT_TEST")  # under pytest, ipykernel leaves raw bytes alone
        warm, stock = (run(*SHOWS, address=address, cwd=tmp_path) for address in (kernels.address, ""))
    for cell, ours, theirs in zip(SHOWS, warm, stock, strict=True):
        assert ours == theirs, cell
    for figure in (1, 2, 10):
        assert len(warm[figure][-1].data["image/png"]) > 4000, SHOWS[figure]
    assert text(warm[4]) == "octets bruts\ntexte\n"


def bytes_of(folder: Path, stem: str) -> dict[str, str]:
    """Digest of every file of a page of the latest year, internal or not, or of the period that is evaluated."""
    years = ("2022", "2016") if stem.startswith("6_") else ("2022",)
    paths = [path for year in years for path in folder.glob(f"valenciennes/{year}/{stem}[-.]*")]
    paths += folder.glob(f"valenciennes/interne/{stem}--2022*")
    return {path.name: digest_file(path) for path in sorted(paths)}


@pytest.mark.parametrize("name", [TOUR, *(pytest.param(None, marks=pytest.mark.long),)])
def test_a_page_has_the_same_bytes_on_a_stock_kernel(name: str | None, site: SimpleNamespace, tmp_path: Path) -> None:
    """The site is built on warm kernels: page, tables, executed notebook, provenance; the long test takes them all."""
    names = [name] if name else [notebook.name for notebook in known_notebooks()]
    if name:
        built = build("valenciennes", names=names, processed=site.processed, outputs=tmp_path, stock_kernel=True)
        assert not built.failures
    else:
        build_pages(2022, tmp_path, site.processed, "--stock-kernel")
    for stem in names:
        pages = bytes_of(tmp_path, stem)
        assert len(pages) > 3
        assert pages == bytes_of(site.outputs, stem)
    # Every output of every notebook that ran, swept ones and Focus too, with their figures.
    executed = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.ipynb"))
    assert len(executed) >= len(names)
    outputs = [path.read_text(encoding="utf-8") for path in (tmp_path / one for one in executed)]
    assert any("image/svg+xml" in output or "image/png" in output for output in outputs)
    for one, output in zip(executed, outputs, strict=True):
        assert output == (site.outputs / one).read_text(encoding="utf-8"), one


# Nothing leaks

POLLUTE = """
import os, random, warnings
import numpy as np, pandas as pd, matplotlib as mpl, matplotlib.pyplot as plt
import pipelines.numbers, pipelines.charts.style
pipelines.numbers.LEAK = 1
pipelines.charts.style.RC["font.size"] = 40
os.environ["OSE_LEAK"] = "1"
os.chdir("/")
mpl.rcParams["lines.linewidth"] = 9
pd.set_option("display.max_rows", 3)
warnings.simplefilter("error")
random.seed(1); np.random.seed(1)
LEFT = os.dup2(os.open(os.devnull, os.O_RDONLY), 250)
"""
LOOK = """
import json, os, warnings
import numpy as np, pandas as pd, matplotlib as mpl, matplotlib.pyplot as plt
import pipelines.numbers, pipelines.charts.style
print(json.dumps([hasattr(pipelines.numbers, "LEAK"), pipelines.charts.style.RC["font.size"],
                  os.environ.get("OSE_LEAK"), os.getcwd(), mpl.rcParams["lines.linewidth"],
                  pd.get_option("display.max_rows"), warnings.filters[0][0],
                  "LEFT" in globals(), os.path.exists("/proc/self/fd/250")]))
"""
DRAW = "import random, numpy as np\nprint(random.random(), np.random.random())"


def test_nothing_of_one_notebook_is_in_the_next(kernels: Kernels, tmp_path: Path) -> None:
    before = run(LOOK, address=kernels.address, cwd=tmp_path)
    polluted = text(run(POLLUTE, LOOK, address=kernels.address, cwd=tmp_path)[1])
    assert run(LOOK, address=kernels.address, cwd=tmp_path) == before
    pairs = zip(json.loads(polluted), json.loads(text(before[0])), strict=True)
    assert all(ours != clean for ours, clean in pairs), "ce qui est regardé est ce qui est changé"
    assert str(tmp_path) in text(before[0])


def test_two_kernels_draw_different_numbers_and_see_their_own_environment(
    kernels: Kernels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = {text(run(DRAW, address=kernels.address)[0]) for _ in range(2)}
    assert len({number for drawn in draws for number in drawn.split()}) == 4
    monkeypatch.setenv("OSE_LOCAL", "ici")
    monkeypatch.delenv("HOME")
    looked = run("import os; print(os.environ.get('OSE_LOCAL'), os.environ.get('HOME'))", address=kernels.address)
    assert text(looked[0]) == "ici None\n"


def test_a_kernel_inherits_no_descriptor_and_the_warm_parent_stays_fit(kernels: Kernels) -> None:
    """One thread of Python and one of jemalloc; nobody else may reach the socket."""
    source = """
        import os
        open_now = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if int(n) != os.getpid()
                    and os.path.exists(f"/proc/self/fd/{n}")]
        print(os.getppid(), any("pidfd" in name for name in open_now), os.readlink("/proc/self/fd/0"))
        print([line for line in open("/proc/net/unix") if "demandes" in line and
               any(line.split()[6] in name for name in open_now)])
    """
    lines = text(run(textwrap.dedent(source), address=kernels.address)[0]).splitlines()
    parent, pidfd, stdin = lines[0].split()
    assert (pidfd, stdin, lines[1]) == ("False", "/dev/null", "[]")
    assert len(list(Path(f"/proc/{parent}/task").iterdir())) <= 2
    address = Path(kernels.address)
    assert (address.stat().st_mode & 0o777, address.parent.stat().st_mode & 0o077) == (0o600, 0)


# Same errors


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        pytest.param("1 / 0", "s'est arrêté à la cellule 3 : ZeroDivisionError", id="erreur"),
        pytest.param("import os; os.kill(os.getpid(), 9)", f"Le noyau du notebook {TOUR} s'est arrêté", id="mort"),
        pytest.param("import time; time.sleep(30)", "arrêté après 3 s", id="temps", marks=pytest.mark.long),
        pytest.param("raise KeyboardInterrupt", "KeyboardInterrupt", id="interruption", marks=pytest.mark.long),
    ],
)
def test_a_failure_is_told_as_on_a_stock_kernel(
    source: str,
    sentence: str,
    kernels: Kernels,
    job: Any,
    site: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = Limits(3 if "sleep" in source else 600)
    for name in (*ENVIRONMENT, "IPYTHONDIR", PROCESSED_VARIABLE):  # a job sets them: to be put back
        monkeypatch.setenv(name, "")
    told = []
    for address in (kernels.address, ""):
        with pytest.raises(NotebookError) as error:
            execute.execute_job(job(source), site.processed, tmp_path / "pages", False, address, limits)
        told.append(str(error.value))
    assert sentence in told[0]
    assert told[0] == told[1]
    assert not list((tmp_path / "pages").rglob("*.html"))


def test_a_kernel_that_stops_at_once_has_its_return_code(kernels: Kernels) -> None:
    request = {"env": dict(os.environ), "cwd": "/"}
    assert ForkedKernel(kernels.address, {**request, "argv": ["--version"]}).wait() == 0
    assert ForkedKernel(kernels.address, {**request, "cwd": "/nulle/part", "argv": []}).wait() == 1


@pytest.mark.parametrize("packets", [(b"4321", BOUND), (BOUND, b"4321")], ids=["number first", "kernel first"])
def test_a_kernel_may_be_ready_before_its_number_is_told(packets: tuple[bytes, bytes], tmp_path: Path) -> None:
    """Parent and fork write to one socket: on a busy machine either may be the first."""
    address = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen()
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(ForkedKernel, address, {})
            client, _ = listener.accept()
            for packet in packets:
                client.send(packet)
            kernel = asked.result()
        assert (kernel.pid, kernel.poll()) == (4321, None)
        client.send(b"7")
        assert kernel.wait() == 7
        client.close()


def test_a_client_that_leaves_takes_its_kernel_along(kernels: Kernels, tmp_path: Path) -> None:
    request = {"env": dict(os.environ), "cwd": "/", "argv": ["-f", str(tmp_path / "c.json")]}
    kernel = ForkedKernel(kernels.address, request)
    assert kernel.poll() is None
    del kernel._parent
    assert wait_until(lambda: not Path(f"/proc/{kernel.pid}").exists(), seconds=20)


# Where there are none


def test_without_fork_kernels_are_stock_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    with warm_kernels() as kernels:
        assert kernels.address == ""
    assert "pas de noyaux préchauffés (il y faut Linux)" in kernels.remark


@pytest.mark.long
def test_without_fork_the_pages_are_built_and_it_is_said_once(
    site: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(os, "fork")
    where = ["--processed", str(site.processed), "--outputs", str(tmp_path)]
    assert main(["build", *(notebook.name for notebook in known_notebooks()[:2]), *where]) == 0
    assert capsys.readouterr().err.count("pas de noyaux préchauffés") == 1
    assert bytes_of(tmp_path, TOUR) == bytes_of(site.outputs, TOUR)


def test_a_folder_too_deep_for_a_socket_has_stock_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with warm_kernels() as kernels:
        assert kernels.address == ""
    assert "AF_UNIX path too long" in kernels.remark
    assert not list(deep.iterdir())


def test_a_warm_parent_that_dies_leaves_its_place_to_stock_kernels() -> None:
    with warm_kernels() as kernels:
        parent = int(text(run("import os; print(os.getppid())", address=kernels.address)[0]))
        os.kill(parent, signal.SIGKILL)
        after = text(run("import os; print(os.getppid())", address=kernels.address)[0])
        assert int(after) == os.getpid()
    assert "arrêt inattendu, code -9" in kernels.remark


@pytest.mark.parametrize("ending", ["", "import atexit, time; atexit.register(time.sleep, 8)\n"], ids=["", "slow"])
def test_a_warm_parent_that_cannot_import_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    (tmp_path / "seaborn.py").write_text(f"{ending}raise ImportError('seaborn est abîmé')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with warm_kernels() as kernels:
        assert text(run("print(1)", address=kernels.address)[0]) == "1\n"
    assert "(ImportError : seaborn est abîmé)" in kernels.remark


# None left behind


@pytest.mark.long
@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize(
    ("options", "kernel", "count"),
    # The warm parent has the command line of its kernels: there is one once there are two.
    [((), b"pipelines.run.warm_parent", 2), (("--stock-kernel",), b"ipykernel_launcher", 1)],
    ids=["warm", "stock"],
)
def test_a_killed_runner_leaves_no_process_and_no_folder(
    signum: signal.Signals, options: tuple[str, ...], kernel: bytes, count: int, site: SimpleNamespace, tmp_path: Path
) -> None:
    """The runner alone is killed: before there is a kernel, when there is one, and while it runs its cells."""
    early, late = [(b"", 2, 0.0), (b"", 3, 0.5)], [(kernel, count, 0.3 * number) for number in range(6)]
    for number, (command, there, pause) in enumerate([*early, *late]):
        mark = f"OSE_MARK_{os.getpid()}_{time.monotonic_ns()}"
        with tempfile.TemporaryDirectory(prefix="t") as short:
            places = ["--outputs", str(tmp_path / str(number)), "--processed", str(site.processed)]
            with subprocess.Popen(
                [sys.executable, "-m", "pipelines", "build", *options, *places],
                env={**os.environ, "TMPDIR": short, mark: "1"}, start_new_session=True, stderr=subprocess.DEVNULL,
            ) as running:  # fmt: skip
                assert wait_until(lambda: len(marked(mark, command)) >= there), (number, marked(mark))  # noqa: B023
                time.sleep(pause)
                os.kill(running.pid, signum)
            assert wait_until(lambda: not marked(mark)), number  # noqa: B023
            assert wait_until(lambda: not list(Path(short).glob("ose-*"))), number


@pytest.mark.long
@pytest.mark.parametrize("together", [1, 4])
def test_a_thousand_kernels_in_a_row_leave_the_warm_parent_as_it_was(together: int) -> None:
    """Each runs a cell, as papermill asks for it; no more descriptors, children, files, memory than before."""
    source = "import os\nprint(os.getppid())\nprint('x' * 100_000)"
    with warm_kernels() as kernels:
        folder, about = Path(kernels.address).parent, Path(f"/proc/{kernels.pid}")

        def state() -> tuple[int, int, int]:
            children = (about / "task" / str(kernels.pid) / "children").read_text().split()
            return len(list((about / "fd").iterdir())), len(children), len(list(folder.iterdir()))

        def ask(_: int) -> str:
            return text(run(source, address=kernels.address)[0]).splitlines()[0]

        ask(0)
        assert wait_until(lambda: state()[1] == 0)
        before, pages = state(), int((about / "statm").read_text().split()[1])
        with ThreadPoolExecutor(together) as pool:
            assert set(pool.map(ask, range(1000))) == {str(kernels.pid)}
        assert wait_until(lambda: state() == before)
        assert int((about / "statm").read_text().split()[1]) < 1.05 * pages
    assert kernels.remark == ""
