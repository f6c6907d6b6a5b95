"""The conda way in: environment.yml holds the locks and no second list, and its pip section installs as it stands."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipelines.paths import ROOT

CONTENT = YAML(typ="safe").load(ROOT / "environment.yml")
PIP_SECTION = CONTENT["dependencies"][-1]["pip"]


def test_environment_holds_no_second_list() -> None:
    python, *others = CONTENT["dependencies"]
    assert CONTENT["channels"] == ["conda-forge"]
    assert python.startswith("python=3.1")
    assert others == ["pip", {"pip": ["-r requirements-run.txt", "-r requirements-lab.txt"]}]


@pytest.mark.long
def test_pip_section_installs_in_a_bare_environment(tmp_path: Path) -> None:
    def pip(*arguments: str) -> str:
        command = [python, "-m", "pip", "--disable-pip-version-check", *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, stdout=subprocess.PIPE, text=True).stdout

    def installed() -> dict[str, str]:
        return {package["name"]: package["version"] for package in json.loads(pip("list", "--format=json"))}

    for path in (*ROOT.glob("requirements-*.txt"), ROOT / "pyproject.toml", ROOT / "LICENSE"):
        shutil.copyfile(path, tmp_path / path.name)
    shutil.copytree(ROOT / "pipelines", tmp_path / "pipelines")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "bare"], check=True)
    python = next(tmp_path.glob("bare/[bS]*/python*"))

    # conda writes the section to a file beside environment.yml and gives it to pip.
    (tmp_path / "condaenv.requirements.txt").write_text("\n".join(PIP_SECTION), encoding="utf-8")
    pip("install", "--quiet", "-r", "condaenv.requirements.txt")
    pip("install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
    pip("check")
    modules = "great_expectations, jupyterlab, matplotlib, nbconvert, pandas, papermill, pipelines, pyarrow, seaborn"
    subprocess.run([python, "-c", f"import {modules}"], cwd=tmp_path, check=True)

    before = installed()
    pip("install", "--quiet", "--require-hashes", "-r", "requirements-test.txt")
    assert before.items() <= installed().items(), "adding a group removed or changed a package"
    pip("check")
