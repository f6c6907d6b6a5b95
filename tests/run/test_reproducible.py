"""One notebook run twice, in two places, by two people, on a stock kernel and on a forked one: the same outputs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from pipelines.run import execute
from pipelines.run.kernels import ENVIRONMENT, warm_kernels
from pipelines.run.manager import papermill_options

# Every source of difference, each by itself.
SOURCES = {
    "numbers of random": "import random\nrandom.random(), random.Random().random()",
    "numbers of random, seeded again": "random.seed()\nrandom.random()",
    "numbers of numpy": (
        "import numpy as np\nnp.random.default_rng().random(), np.random.rand(), np.random.PCG64().random_raw()"
    ),
    "numbers of numpy, seeded again": "np.random.seed()\nnp.random.rand()",
    "a sample of pandas": "import pandas as pd\npd.Series(range(1000)).sample(3)",
    "a confidence interval": (
        "import matplotlib.pyplot as plt, seaborn as sns\n"
        "sns.barplot(pd.DataFrame({'a': list('xy') * 20, 'b': np.arange(40) ** 2}), x='a', y='b');"
    ),
    "a styled table": "pd.DataFrame({'a': [1, 2]}).style",
    "two styled tables": "frame = pd.DataFrame({'a': [1]})\ndisplay(frame.style, frame.style)",
    "an object": "object()",
    "an object, printed": "print(object(), lambda: 0)",
    "an object, in an error": "try:\n    {}[object()]\nexcept KeyError as error:\n    display(error)",
    "a set of texts": "print({f'texte {number}' for number in range(20)}, hash('texte'))",
    "an svg": (
        "from io import StringIO\nfrom IPython.display import SVG\n\n"
        "def svg():\n    figure, axes = plt.subplots()\n    axes.fill_between([1, 2], [1, 3], hatch='/')\n"
        "    axes.scatter([1, 2], [3, 4], clip_on=True)\n    plt.close(figure)\n    file = StringIO()\n"
        "    figure.savefig(file, format='svg')\n    return SVG(file.getvalue())\n\nsvg()"
    ),
    "an svg, defaults back": "plt.rcdefaults()\nsvg()",
    "the user's style": "plt.rcParams['lines.linewidth'], plt.get_backend()",
    "a warning": "import warnings\nwarnings.warn('attention')",
    "a time": "import time\ntime.strftime('%d/%m/%Y %H:%M %Z', time.localtime(0))",
    "a language": (
        "import locale\nfrom babel import default_locale\nlocale.setlocale(locale.LC_ALL, '')\n"
        "locale.localeconv()['decimal_point'], locale.getencoding(), default_locale(), f'{1234.5:n}'"
    ),
    "a terminal": "import shutil\nshutil.get_terminal_size()",
    "the user's start-up file": "'LEFT_BY_THE_USER' in globals()",
}
# Two people: nothing is the same that may not show.
PEOPLE = (
    {"TZ": "America/Cayenne", "LANG": "fr_FR.UTF-8", "LANGUAGE": "fr", "COLUMNS": "200", "PYTHONHASHSEED": "1"},
    {"TZ": "Asia/Tokyo", "LC_ALL": "C", "COLUMNS": "40", "PYTHONWARNINGS": "ignore", "MPLBACKEND": "agg"},
)


@pytest.fixture(scope="module")
def addresses() -> Iterator[tuple[str, str]]:
    """Of a stock kernel, and of a warm parent's."""
    with warm_kernels() as kernels:
        assert kernels.address
        yield "", kernels.address


def run(*sources: str, address: str = "", place: Path) -> list[Any]:
    """The outputs of each of these cells, on the kernel of a build: to be called in its environment."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    options = papermill_options(address) if address else {}
    notebook = nbformat.v4.new_notebook(cells=cells)
    done = papermill.execute_notebook(
        notebook, None, kernel_name="python3", progress_bar=False, cwd=str(place), **options
    )
    return [cell.outputs for cell in done.cells]


def run_as(person: dict[str, str], address: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The outputs of the notebook of `SOURCES`, by name, run as a build runs one, for that person in that place."""
    place.mkdir(parents=True)
    (place / "matplotlibrc.user").write_text(f"lines.linewidth: {len(place.name)}", encoding="utf-8")
    (place / "start.py").write_text("LEFT_BY_THE_USER = 1", encoding="utf-8")
    own = {"MATPLOTLIBRC": str(place / "matplotlibrc.user"), "PYTHONSTARTUP": str(place / "start.py")}
    with monkeypatch.context() as patch:
        settings = {"HOME": str(place), **person, **(own if person is PEOPLE[0] else {}), **ENVIRONMENT}
        for name, value in (settings | {"IPYTHONDIR": str(execute._kernel_profile(place))}).items():
            patch.setenv(name, value)
        return dict(zip(SOURCES, run(*SOURCES.values(), address=address, place=place), strict=True))


def test_a_notebook_that_runs_again_shows_the_same(
    addresses: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [
        run_as(person, address, tmp_path / ("warm" if address else "stock") / ("x" * (rank + 1)), monkeypatch)
        for rank, person in enumerate(PEOPLE)
        for address in addresses
    ]
    for name in SOURCES:
        first, *others = (run[name] for run in runs)
        assert first, name
        assert all(other == first for other in others), name


def test_a_kernel_imports_nothing_for_it_and_a_pool_still_draws_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers that must be independent come before same bytes."""
    monkeypatch.setenv("IPYTHONDIR", str(execute._kernel_profile(tmp_path)))
    heavy, drawn = run(
        "import sys\n[name for name in ('numpy', 'pandas', 'matplotlib', 'seaborn', 'secrets') if name in sys.modules],"
        " 'pipelines.run.reproducible' in sys.modules",
        "import numpy as np\nfrom multiprocessing import get_context\n\n"
        "def draw(_):\n    return np.random.default_rng().random()\n\n"
        "with get_context('fork').Pool(2) as pool:\n    print(len(set(pool.map(draw, range(4), chunksize=1))))",
        place=tmp_path,
    )
    assert heavy[0].data["text/plain"] == "([], True)"
    assert drawn[0].text == "4\n"
