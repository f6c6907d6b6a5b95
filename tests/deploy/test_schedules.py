"""The schedules that are shipped: each says what it is made of, and what can run here runs as it is written."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import nbformat
import pytest
from ruamel.yaml import YAML

from pipelines.paths import ROOT
from tests.deploy.conftest import write_kernel

PLACE = Path(str(files("pipelines") / "deploy"))
UNITS = ("ose.service", "ose.timer", "ose-echec@.service")
# Those of the DAG: the copy of the project has no other.
NOTEBOOKS = ("2_suivi_programmation", "7_rapport_annuel")
NOTEBOOK = NOTEBOOKS[0]
FAULT = "Un défaut pour l'essai"
ADDRESS = "mission-ose@example.org"
# What is written in the units, and stands elsewhere in a test.
HOME = "/opt/ose"


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


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with two notebooks, installed in a `.venv` of its own, its libraries those of this one."""
    home = tmp_path_factory.mktemp("opt") / "ose"
    unneeded = shutil.ignore_patterns("__pycache__", "processed")
    for name in ("pipelines", "expectations", "data"):
        shutil.copytree(ROOT / name, home / name, ignore=unneeded)
    (home / "notebooks").mkdir()
    for path in (*(ROOT / f"notebooks/{name}.ipynb" for name in NOTEBOOKS), *ROOT.glob("requirements-*.txt")):
        shutil.copy(path, home / path.relative_to(ROOT))
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, home)
    uv = [sys.executable, "-m", "uv", "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, home / ".venv"], check=True)
    python = home / ".venv/bin/python"
    (site,) = (home / ".venv").glob("lib/python*/site-packages")
    # After the copy itself: the libraries, but not the package that is tested elsewhere.
    (own,) = Path(sys.prefix).glob("lib/python*/site-packages")
    (site / "bibliotheques.pth").write_text(f"{own}\n", encoding="utf-8")
    subprocess.run(
        [*uv, "pip", "install", "--python", python, "--no-deps", "--no-build-isolation", "--editable", home], check=True
    )
    # nbconvert's templates are installed there, not among the libraries.
    shared = home / ".venv/share/jupyter"
    shared.mkdir(parents=True, exist_ok=True)
    (shared / "nbconvert").symlink_to(Path(sys.prefix) / "share/jupyter/nbconvert", target_is_directory=True)
    return home


@pytest.fixture
def broken(project: Path) -> Iterator[Path]:
    """The project with a notebook that fails."""
    path = project / f"notebooks/{NOTEBOOK}.ipynb"
    sound = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[4].source = f'raise ValueError("{FAULT}")'
    nbformat.write(notebook, path)
    yield project
    path.write_bytes(sound)


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
    done = as_cron(cron_line(), project) if way == "cron" else as_systemd("ose.service", project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (project / f"outputs/valenciennes/2022/{NOTEBOOK}.html").is_file()
    assert "État des rapports" in (project / "outputs/etat.html").read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("way", ["cron", "systemd"])
def test_what_failed_is_said_and_is_the_exit_code(way: str, broken: Path) -> None:
    done = as_cron(cron_line(), broken) if way == "cron" else as_systemd("ose.service", broken)
    assert (done.returncode, done.stdout) == (1, "")
    assert FAULT in done.stderr
    assert "Traceback" not in done.stderr


# Nothing of the machine's own crontabs and mail is touched: the daemon sees folders of its own in their place.
CRON = """\
set -e
for folder in /var/spool/cron /var/mail /var/spool/dma /etc/cron.d /run; do mount -t tmpfs tmpfs $folder; done
mkdir -m 1730 /var/spool/cron/crontabs; chgrp crontab /var/spool/cron/crontabs
chgrp mail /var/mail /var/spool/dma; chmod 2775 /var/mail /var/spool/dma
mount --bind /dev/null /etc/crontab
install -m 600 "$1" /var/spool/cron/crontabs/root
cron -f &
for second in $(seq 150); do sleep 1; test -s /var/mail/root && break; done
sleep 2; cat /var/mail/root
"""


def isolated() -> bool:
    """Whether this machine lets a test have folders of its own in place of the system's."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"]).returncode == 0


@pytest.mark.long
def test_the_real_cron_mails_what_failed(broken: Path, tmp_path: Path) -> None:
    """The shipped crontab, every minute, its mail to the local box: by the system's cron and its sendmail."""
    wanted = [name for name in ("cron", "sendmail", "unshare") if shutil.which(name) is None]
    if wanted or not isolated():
        pytest.skip(f"le vrai cron n'est pas essayé : {', '.join(wanted) or 'un espace de montage à soi'} manque")
    text = (PLACE / "crontab").read_text(encoding="utf-8").replace(HOME, str(broken)).replace(ADDRESS, "root")
    (tmp_path / "crontab").write_text(text.replace("30 5 * * 1-5", "* * * * *"), encoding="utf-8")
    ran = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", CRON, "sh", str(tmp_path / "crontab")],
        capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    assert "Subject: Cron" in ran.stdout, ran.stderr
    assert ".venv/bin/ose build --quiet" in ran.stdout
    assert "faut pour l'essai" in ran.stdout


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
        assert ran.returncode == 0, (ran.stdout + ran.stderr)[-3000:]
    assert "state=success" in ran.stdout + ran.stderr
    for name in NOTEBOOKS:
        executed = nbformat.read(copies / f"{name}.ipynb", as_version=4)
        assert any(cell.get("outputs") for cell in executed.cells)
        assert (project / f"outputs/valenciennes/2022/{name}.html").is_file()
