"""The schedules that are shipped: each says what it is made of, and what can run here runs as it is written."""

import ast
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from ruamel.yaml import YAML

from pipelines.paths import ROOT
from tests.deploy.conftest import FAULT, HOME, NOTEBOOK, NOTEBOOKS, PLACE, UNITS, write_kernel


def setting(unit: str, name: str) -> str:
    """The value of a setting of a unit, its continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (PLACE / unit).read_text(encoding="utf-8"))
    (value,) = re.findall(rf"(?m)^{name}=(.*)$", text)
    return value


def cron_line() -> str:
    """The command of the crontab, without its time."""
    lines = (PLACE / "crontab").read_text(encoding="utf-8").splitlines()
    (line,) = [one for one in lines if re.match(r"[\d*]", one)]
    return line.split(maxsplit=5)[5]


@pytest.mark.parametrize("name", [*UNITS, "crontab", "gitlab-ci.yml", "airflow_dag.py"])
def test_each_says_what_to_change_and_how_to_install_and_to_undo(name: str) -> None:
    said = (PLACE / name).read_text(encoding="utf-8")
    assert "À changer" in said
    assert re.search("Installer", said)
    assert "éfaire" in said
    assert len(said.splitlines()) <= 70


def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd n'est pas installé : les unités ne sont pas vérifiées")
    program = tmp_path / "ose/.venv/bin/ose"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for name in UNITS:
        text = (PLACE / name).read_text(encoding="utf-8").replace(HOME, str(tmp_path / "ose"))
        text = text.replace("User=ose", "User=root").replace("/usr/sbin/sendmail", "/bin/cat")
        (tmp_path / name).write_text(text, encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)], capture_output=True, text=True
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    when = subprocess.run(
        ["systemd-analyze", "calendar", setting("ose.timer", "OnCalendar")], capture_output=True, text=True
    )
    assert "Normalized form: Mon..Fri *-*-* 05:30:00" in when.stdout


def test_gitlab_runs_what_the_makefile_has_and_keeps_the_pages() -> None:
    job = YAML(typ="safe").load(PLACE / "gitlab-ci.yml")["rapports"]
    targets = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    for command in job["script"]:
        program, *arguments = shlex.split(command)
        assert program == "make"
        assert set(arguments) <= set(targets)
    assert job["artifacts"]["paths"] == ["outputs"]
    assert job["artifacts"]["when"] == "always"
    assert 'pipeline_source == "schedule"' in job["rules"][0]["if"].lower()


def test_airflow_names_notebooks_that_exist() -> None:
    tree = ast.parse((PLACE / "airflow_dag.py").read_text(encoding="utf-8"))
    (names,) = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NOTEBOOKS"
    ]
    assert names == NOTEBOOKS
    assert [name for name in names if not (ROOT / f"notebooks/{name}.ipynb").is_file()] == []


def as_cron(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as cron does: a bare environment, `sh -c`."""
    bare = ["env", "-i", f"HOME={home}", "SHELL=/bin/sh", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "/bin/sh", "-c"]
    return subprocess.run([*bare, command.replace(HOME, str(home))], cwd="/", capture_output=True, text=True)


def as_systemd(unit: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the ExecStart of a unit as systemd does: its own folder, hardly any environment."""
    command = shlex.split(setting(unit, "ExecStart").replace(HOME, str(home)))
    folder = setting(unit, "WorkingDirectory").replace(HOME, str(home))
    return subprocess.run(command, cwd=folder, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)


@pytest.mark.long
@pytest.mark.parametrize("way", ["cron", "systemd"])
def test_it_builds_and_says_nothing(way: str, project: Path) -> None:
    page = project / f"outputs/valenciennes/2022/{NOTEBOOK}.html"
    page.unlink(missing_ok=True)
    done = as_cron(cron_line(), project) if way == "cron" else as_systemd("ose.service", project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert page.is_file()
    assert "État des rapports" in (project / "outputs/etat.html").read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("way", ["cron", "systemd"])
def test_what_failed_is_said_and_is_the_exit_code(way: str, broken: Path) -> None:
    done = as_cron(cron_line(), broken) if way == "cron" else as_systemd("ose.service", broken)
    assert (done.returncode, done.stdout) == (1, "")
    assert FAULT in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_real_airflow_runs_the_dag(project: Path, programs: Callable[[str], Path], tmp_path: Path) -> None:
    """The tables, each notebook by its operator in the project's kernel, the pages: all tasks of one run."""
    here = programs("airflow")
    copies, dags = tmp_path / "copies", tmp_path / "dags"
    dags.mkdir()
    text = (PLACE / "airflow_dag.py").read_text(encoding="utf-8")
    text = text.replace("/var/lib/airflow/ose", str(copies)).replace(HOME, str(project))
    (dags / "ose.py").write_text(text, encoding="utf-8")
    kernels = write_kernel("ose-airflow", tmp_path / "jupyter", str(project / ".venv/bin/python"))
    environment = os.environ | {
        "PATH": os.pathsep.join((str(here), os.environ["PATH"])),
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "JUPYTER_PATH": str(kernels),
    }
    for command in (["db", "migrate"], ["dags", "test", "ose"]):
        ran = subprocess.run([here / "airflow", *command], env=environment, capture_output=True, text=True)
        said = ran.stdout + ran.stderr
        assert ran.returncode == 0, said[max(0, said.find("Traceback")) :][:6000]
    assert "state=success" in said
    for name in NOTEBOOKS:
        executed = nbformat.read(copies / f"{name}.ipynb", as_version=4)
        assert any(cell.get("outputs") for cell in executed.cells)
        assert (project / f"outputs/valenciennes/2022/{name}.html").is_file()
