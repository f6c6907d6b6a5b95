"""A build on a Dask cluster: the same bytes as here, though a worker dies, or has nothing but the package."""

import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.paths import ROOT
from pipelines.run.build import build_contracts
from pipelines.run.means import Means, kernels_of
from pipelines.run.order import Order
from pipelines.run.workers import cluster_workers
from tests.run.test_build import bytes_of
from tests.run.test_warm import marked, wait_until

PAGES = Path("valenciennes", "2022")
MARK = "OSE_ESSAI_CLUSTER"
DASK = Path(sys.executable).with_name("dask")


@contextmanager
def running(*command: str, cwd: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the test, and all that it started."""
    environment = {**os.environ, MARK: str(cwd), **more}
    with (cwd / "dask.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def cluster(place: Path, workers: int, dask: Path = DASK, **more: str) -> Iterator[str]:
    """The address of a real cluster of this machine: a scheduler, and workers of one thread, by Dask's own commands."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    local = ["--no-dashboard", "--host", "127.0.0.1"]
    with ExitStack() as stack:
        stack.enter_context(running(str(DASK), "scheduler", "--port", address.rpartition(":")[2], *local, cwd=place))
        for number in range(workers):
            options = ["--nthreads", "1", "--name", f"poste-{number}", "--local-directory", str(place / "dask")]
            stack.enter_context(running(str(dask), "worker", address, *options, *local, cwd=place, **more))
        assert wait_until(lambda: count_workers(address) == workers, 60), (place / "dask.log").read_text()
        yield address


def count_workers(address: str) -> int:
    host, _, port = address.removeprefix("tcp://").partition(":")
    try:
        # Asked first: a client of Dask that reaches nobody leaves a thread behind, and one of many once never started.
        socket.create_connection((host, int(port)), 1).close()
        with cluster_workers(address) as (_, count):
            return count
    except (ConnectionError, UsageError):
        return 0


def build(site: SimpleNamespace, outputs: Path, address: str, *names: str) -> None:
    """Build through the command line, and compare with what the site built here."""
    where = ["--processed", str(site.processed), "--outputs", str(outputs)]
    assert main(["build", *names, *where, "--cluster", address]) == 0
    here, made = bytes_of(site.outputs / PAGES), bytes_of(outputs / PAGES)
    assert len(made) > 5 * len(names)
    assert made == {name: here[name] for name in made}


@pytest.mark.long
def test_a_cluster_gives_the_bytes_of_this_machine(site: SimpleNamespace, tmp_path: Path) -> None:
    """Several at once, of all kinds; what a worker started ends with it."""
    with cluster(tmp_path, 2) as address:
        build(site, tmp_path / "pages", address, "0_prise_en_main", "1_observation", "6_evaluation_mi_parcours")
    assert wait_until(lambda: not marked(f"{MARK}={tmp_path}"), 30), "aucun noyau, aucun préchauffeur ne reste"


@pytest.mark.long
def test_a_worker_killed_in_the_middle_loses_no_page(
    site: SimpleNamespace, tmp_path: Path, notebooks: Path, write_notebook: Callable[[str, str], Path]
) -> None:
    """The first notebook kills its worker, once; another takes it over."""
    once = tmp_path / "tue"
    source = (
        "import os, pathlib, signal\n"
        f"once = pathlib.Path({str(once)!r})\n"
        "worker = int(open(f'/proc/{os.getppid()}/stat').read().split()[3])\n"
        "if not once.exists():\n"
        "    once.touch()\n"
        "    os.kill(worker, signal.SIGKILL)\n"
        "report.read('un poste est mort.')"
    )
    write_notebook("mortel", source)
    for name in ("un", "deux", "trois"):
        write_notebook(name, "report.read('tout va bien.')")
    with cluster(tmp_path, 2) as address:
        order, means = Order(notebooks=notebooks), Means(cluster=address)
        with kernels_of(means) as kernels:
            (built,) = build_contracts(["valenciennes"], order, site.processed, tmp_path / "pages", means, kernels)
    assert once.exists()
    assert not built.failures
    assert {path.stem for path in built.made} == {"mortel", "un", "deux", "trois", "accessibilite", "qualite"}


@pytest.mark.long
def test_a_worker_needs_nothing_but_the_package(site: SimpleNamespace, tmp_path: Path) -> None:
    """Workers of the built wheel, in an environment of their own, which may not open a file of the checkout."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)], check=True)
    bare = tmp_path / "poste"
    venv.create(bare, with_pip=True)
    python = bare / "bin" / "python"
    install = [str(python), *pip[1:], "install"]
    for name in ("run", "cluster"):
        subprocess.run([*install, "--require-hashes", "-r", str(ROOT / f"requirements-{name}.txt")], check=True)
    subprocess.run([*install, "--no-deps", *map(str, tmp_path.glob("ose-*.whl"))], check=True)
    (site_packages,) = bare.glob("lib/python*/site-packages")
    told = tmp_path / "ouverts"
    # Runs at the start of every Python of this environment: workers, warm parents, kernels.
    (site_packages / "sitecustomize.py").write_text(
        "import os, sys\n"
        f"ROOT, TOLD = {str(ROOT)!r}, {str(told)!r}\n"
        "def refuse(event, args):\n"
        "    if event in ('open', 'os.listdir', 'os.scandir') and str(args[0]).startswith(ROOT + '/'):\n"
        "        os.write(os.open(TOLD, os.O_CREAT | os.O_APPEND | os.O_WRONLY), (str(args[0]) + '\\n').encode())\n"
        "        raise PermissionError(13, 'le poste ne voit pas ce dossier', str(args[0]))\n"
        "sys.addaudithook(refuse)\n",
        encoding="utf-8",
    )
    place = tmp_path / "place"
    place.mkdir()
    with cluster(place, 1, bare / "bin" / "dask", PYTHONPATH="") as address:
        build(site, tmp_path / "pages", address, "0_prise_en_main", "1_observation")
        forked = marked(f"{MARK}={place}", b"pipelines.run.warm_parent")
        assert forked, "les noyaux sont préchauffés, là aussi"
    assert not told.exists(), told.read_text() if told.exists() else ""
    shutil.rmtree(bare)


def test_what_is_missing_of_a_cluster_is_told(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    for given in (address, "nulle-part"):
        with pytest.raises(UsageError, match="Aucun cluster Dask ne répond"), cluster_workers(given):
            pass
        # Collected in the thread that the next client starts, this one would wait for a lock of who waits for it.
        gc.collect()
    with pytest.raises(UsageError, match="n'a aucun poste"), cluster(tmp_path, 0) as address, cluster_workers(address):
        pass
