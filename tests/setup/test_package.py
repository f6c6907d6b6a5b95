"""The package as it would be built: every file of pipelines/ is in it, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

from pipelines.paths import ROOT


def test_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "flit_core.wheel", ROOT, "--outdir", tmp_path], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        scripts = archive.read(next(n for n in archive.namelist() if n.endswith("entry_points.txt"))).decode()
    files = (path for path in (ROOT / "pipelines").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    # The kernel that anyone may name, where Jupyter looks for kernels.
    (kernel,) = [name for name in packed if name.endswith(".data/data/share/jupyter/kernels/ose/kernel.json")]
    assert packed - {kernel} == {path.relative_to(ROOT).as_posix() for path in files}
    assert "ose=pipelines.cli:main" in scripts.replace(" ", "")
