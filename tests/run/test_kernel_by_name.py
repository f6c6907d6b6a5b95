"""The kernel « ose », by its name: papermill as it is, and a warm parent that its process keeps and takes along."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import get_kernel_spec

from tests.run.test_warm import marked, wait_until

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="les noyaux préchauffés demandent Linux")
TELL = "import os, random, sys\nprint(os.getppid(), 'seaborn' in sys.modules, random.random())"
API = """
import json, os, sys, time
import nbformat, papermill
from jupyter_client.manager import start_new_kernel
from pathlib import Path

def tell():
    done = papermill.execute_notebook("in.ipynb", None, kernel_name="ose", progress_bar=False)
    return done.cells[0].outputs[0].text.split()

told = [tell(), tell()]
manager, client = start_new_kernel(kernel_name="ose")
client.execute("import time; print('commence', flush=True); time.sleep(60)")
while client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
    pass
manager.interrupt_kernel()
while True:
    message = client.get_iopub_msg(timeout=30)
    if message["msg_type"] == "error":
        told.append(message["content"]["ename"])
        break
manager.restart_kernel(now=True)
client.wait_for_ready(timeout=30)
reply = client.execute("1 + 1", reply=True, timeout=10)
told.append(reply["content"]["status"])
client.stop_channels()
manager.shutdown_kernel(now=True)
{change}
told.append(tell())
print(json.dumps([os.getpid(), *told, Path(f"/proc/{told[0][0]}").exists()]))
"""
CHANGE = """
import pipelines.run.lasting_parent as lasting
(lasting._PACKAGE / "changed.py").write_text("")
"""


def test_it_is_installed_with_the_package_and_python3_stays_the_one_of_the_notebooks() -> None:
    spec = get_kernel_spec("ose")
    assert spec.metadata["kernel_provisioner"]["provisioner_name"] == "ose-warm"
    assert (spec.language, spec.argv[1:3]) == ("python", ["-m", "ipykernel_launcher"])
    assert Path(spec.resource_dir).is_relative_to(sys.prefix)


def write(place: Path, *sources: str) -> None:
    """A notebook of these cells in that place, for `python3` as those in git."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    spec = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=spec), place / "in.ipynb")


@LINUX
@pytest.mark.parametrize("stock", [False, pytest.param(True, marks=pytest.mark.long)], ids=["warm", "no fork"])
def test_kernels_of_one_process_come_from_one_parent(stock: bool, tmp_path: Path) -> None:
    """Interrupted and started again too, as JupyterLab does; where there is no fork, stock kernels tell the same."""
    write(tmp_path, TELL)
    script = "import os\ndel os.fork\n" * stock + API.replace("{change}", "")
    mark = f"OSE_MARK_{os.getpid()}_{time.monotonic_ns()}"
    with tempfile.TemporaryDirectory(prefix="t") as short:  # a socket's path is short, or there is no warm parent
        env = {**os.environ, "TMPDIR": short, mark: "1"}
        done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert wait_until(lambda: not marked(mark))
        left = list(Path(short).iterdir())
    runner, first, second, error, status, third, there = json.loads(done.stdout)
    assert there
    assert first == second == third
    assert (first[0] == str(runner), first[1]) == (stock, str(not stock))
    assert (error, status) == ("KeyboardInterrupt", "ok")
    assert not left


@LINUX
@pytest.mark.long
def test_a_changed_package_has_another_parent_and_the_former_ends(tmp_path: Path) -> None:
    """JupyterLab stays open while code is written."""
    write(tmp_path, TELL)
    package = Path(__file__).parents[2] / "pipelines"
    copy = shutil.copytree(package, tmp_path / "copie" / "pipelines")
    env = {**os.environ, "PYTHONPATH": str(copy.parent)}
    script = API.replace("{change}", CHANGE)
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    _, first, second, *_, third, former = json.loads(done.stdout)
    assert not former
    assert first == second
    assert third[1:] == first[1:]
    assert third[0] != first[0]


@LINUX
@pytest.mark.long
def test_papermill_on_the_command_line_runs_it(tmp_path: Path) -> None:
    write(tmp_path, TELL)
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "-k", "ose"]
    mark = f"OSE_MARK_{os.getpid()}_{time.monotonic_ns()}"
    subprocess.run(command, cwd=tmp_path, env={**os.environ, mark: "1"}, check=True, capture_output=True)
    out = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert out.cells[0].outputs[0].text.split()[1] == "True"
    assert wait_until(lambda: not marked(mark))


@LINUX
@pytest.mark.long
@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("pause", [0.3, 1.5, 4])
def test_a_killed_client_leaves_nothing(signum: signal.Signals, pause: float, tmp_path: Path) -> None:
    """While the warm parent starts, and while a kernel runs its cell."""
    write(tmp_path, "import time\ntime.sleep(600)")
    mark = f"OSE_MARK_{os.getpid()}_{time.monotonic_ns()}"
    with tempfile.TemporaryDirectory(prefix="t") as short:
        command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "-k", "ose"]
        env = {**os.environ, "TMPDIR": short, mark: "1"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, cwd=tmp_path, env=env, start_new_session=True, **quiet) as running:
            assert wait_until(lambda: len(marked(mark)) >= 2)
            time.sleep(pause)
            os.kill(running.pid, signum)
        assert wait_until(lambda: not marked(mark))
        assert wait_until(lambda: not list(Path(short).glob("ose-*")))
