"""The import order holds, each of its contracts can be broken, and indicators neither read nor write."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.paths import ROOT

INDICATORS = sorted((ROOT / "pipelines").glob("indicators/**/*.py"))
LINE = "The straight line: no stage imports a later one"
NOTEBOOKS = "What notebooks import knows neither raw files nor the machinery"
DEMO = "The demonstration data knows nothing of what will read it"
FORMS = "Only the forms import ipywidgets"
VALIDATE = "Only validate imports Great Expectations"


def check_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    # `python -c` looks in its own folder first: what is checked is the package there, not the installed one.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def module_file(package: Path, name: str) -> Path:
    """The file of a module, which may be a folder, and may not exist yet."""
    return package / name / "__init__.py" if (package / name).is_dir() else package / f"{name}.py"


def test_import_order_holds() -> None:
    checked = check_imports(ROOT)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("module", ["pipelines.cli", "pipelines.run.execute", "pipelines.validate"])
def test_no_process_compiles_what_only_jupyterlab_needs(module: str) -> None:
    """A worker and a preparation no more than the command: 1.2 s each, where JupyterLab is installed."""
    code = f"import sys, {module}, papermill; print(sys.modules['rfc3987_syntax'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("None", 0), done.stderr


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("read", "pipelines.clean", LINE),
        ("clean", "pipelines.validate", LINE),
        ("validate", "pipelines.prepare", LINE),
        ("prepare", "pipelines.report", LINE),
        ("tables", "pipelines.contract", LINE),
        ("forms", "pipelines.cli", LINE),
        ("processed", "pipelines.read", NOTEBOOKS),
        ("charts", "pipelines.validate", NOTEBOOKS),
        ("indicators", "pipelines.processed", NOTEBOOKS),
        ("disclosure", "pipelines.run", NOTEBOOKS),
        ("demo", "pipelines.prepare", DEMO),
        ("report", "ipywidgets", FORMS),
        ("indicators", "great_expectations", VALIDATE),
        ("prepare", "great_expectations.core", VALIDATE),
    ],
)
def test_a_breach_is_seen(tmp_path: Path, importer: str, imported: str, contract: str) -> None:
    package = tmp_path / "pipelines"
    shutil.copytree(ROOT / "pipelines", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    if imported.startswith("pipelines."):
        module_file(package, imported.split(".")[1]).touch()
    with module_file(package, importer).open("a", encoding="utf-8") as module:
        module.write(f"\nimport {imported}\n")
    checked = check_imports(tmp_path)
    assert checked.returncode == 1
    assert f"{contract} BROKEN" in checked.stdout


FILE_MODULES = {"glob", "io", "os", "pathlib", "shutil", "socket", "sqlite3", "subprocess", "tempfile", "urllib"}
WRITERS = {"to_clipboard", "to_csv", "to_excel", "to_feather", "to_parquet", "to_pickle", "to_sql", "savefig"}


def inputs_and_outputs(source: str) -> list[str]:
    """What in a module's source reads or writes: imports of file modules, `open`, and pandas readers and writers."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [alias.name for alias in names if alias.name.split(".")[0] in FILE_MODULES]
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in FILE_MODULES:
                found.append(module)
            case ast.Call(func=ast.Name(id="open" | "print" | "input" as name)):
                found.append(name)
            case ast.Attribute(attr=name) if name.startswith("read_") or name in WRITERS:
                found.append(name)
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os.path", ["os.path"]),
        ("from pathlib import Path", ["pathlib"]),
        ("frame = pd.read_parquet(path)", ["read_parquet"]),
        ("frame.groupby('annee').sum().to_csv(path)", ["to_csv"]),
        ("def rate(path):\n    return open(path)", ["open"]),
        ("def rate(frame):\n    return frame['nb_femmes'] / frame['nb_personnes']", []),
    ],
)
def test_inputs_and_outputs_are_seen(source: str, found: list[str]) -> None:
    assert inputs_and_outputs(source) == found


@pytest.mark.parametrize("module", [pytest.param(path, id=path.stem) for path in INDICATORS])
def test_indicators_neither_read_nor_write(module: Path) -> None:
    assert inputs_and_outputs(module.read_text(encoding="utf-8")) == []
