"""A notebook that eats memory gets a MemoryError, forked or not; the runner and the next notebook go on."""

import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from pipelines.run import execute
from pipelines.run.kernels import ENVIRONMENT, Kernels
from pipelines.run.limits import LEAST, VARIABLE, memory_share
from pipelines.run.manager import papermill_options

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux seul tient un processus à une mémoire")

LIMIT = 600


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a cell as a build does, on kernels held to `LIMIT`; returns its outputs."""
    profile = execute._kernel_profile(tmp_path)
    for name, value in (ENVIRONMENT | {"IPYTHONDIR": str(profile), VARIABLE: str(LIMIT)}).items():
        monkeypatch.setenv(name, value)

    def run_cell(source: str, address: str) -> list[Any]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        options = papermill_options(address) if address else {}
        done = papermill.execute_notebook(notebook, None, kernel_name="python3", progress_bar=False, **options)
        return done.cells[0].outputs

    return run_cell


EATERS = {
    "large": "blocks = []\nwhile True:\n    blocks.append(bytearray(10_000_000))",
    "small": "numbers = []\nwhile True:\n    numbers.append(object())",
    "texts": "texts = {}\nwhile True:\n    texts[str(len(texts))] = {len(texts)}",
    "array": "import numpy as np\nnp.ones(10**9)",
    "frame": "import pandas as pd\nframe = pd.DataFrame({'a': [1]})\nwhile True:\n    frame = pd.concat([frame] * 2)",
}


@pytest.mark.parametrize("eater", ["large", *(pytest.param(name, marks=pytest.mark.long) for name in list(EATERS)[1:])])
@pytest.mark.parametrize("warm", [True, False], ids=["warm", "stock"])
def test_a_notebook_that_eats_memory_is_told_so(eater: str, warm: bool, kernels: Kernels, run: Any) -> None:
    address = kernels.address if warm else ""
    with pytest.raises(PapermillExecutionError) as error:
        run(EATERS[eater], address)
    assert "MemoryError" in error.value.ename
    look = "import os\nprint(os.getppid())\nprint(open('/proc/self/oom_score_adj').read())"
    parent, score = run(look, address)[0].text.split()
    assert (int(parent), score) == (kernels.pid if warm else os.getpid(), "1000")


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "stock"])
def test_what_a_kernel_holds_before_it_does_anything_leaves_room_under_the_least(
    warm: bool, kernels: Kernels, run: Any
) -> None:
    """Imports, threads and what libraries set aside count: nothing may take the limit by itself."""
    source = (
        "import geopandas, scipy.stats, statsmodels.api, pipelines.report.report\n"
        "import pandas as pd, io\nfile = io.BytesIO()\npd.DataFrame({'a': range(1000)}).to_parquet(file)\n"
        "pd.read_parquet(file)\nprint(int(open('/proc/self/status').read().split('VmData:')[1].split()[0]) >> 10)"
    )
    held = int(run(source, kernels.address if warm else "")[-1].text)
    assert 100 < held < LEAST / 2


def test_the_share_of_a_kernel_is_what_is_left_divided() -> None:
    one, two, many = memory_share(1), memory_share(2), memory_share(10_000)
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    assert many == LEAST
    assert one <= total
    assert two <= max(LEAST, one / 2 * 1.2)
