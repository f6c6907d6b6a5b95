"""`ose verify`: what is published is what the data give, to the byte, or what is not is told."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.run.means import Means
from pipelines.run.progress import Progress
from pipelines.run.verify import verify

YEAR = Path("valenciennes", "2022")


def keep(site: SimpleNamespace, outputs: Path, *stems: str) -> None:
    """A published folder of some reports of the site alone, with what goes with them."""
    (outputs / YEAR).mkdir(parents=True)
    for path in (site.outputs / YEAR).iterdir():
        if path.name.split("--tableau")[0].split(".")[0] in stems:
            shutil.copy(path, outputs / YEAR)
    for name in ("accessibilite", "qualite"):
        for suffix in (".html", ".json"):
            shutil.copy(site.outputs / "valenciennes" / f"{name}{suffix}", outputs / "valenciennes")


def test_published_reports_are_those_of_their_data(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The data of one changed since; of the other a figure was changed by hand; one file no report writes."""
    keep(site, tmp_path / "pages", "0_prise_en_main", "adultes_relais")
    folder = tmp_path / "pages" / YEAR
    path = folder / "0_prise_en_main.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["depend_de"]["table actions"] = "0" * 16
    path.write_text(json.dumps(about), encoding="utf-8")
    table = folder / "adultes_relais--tableau-1.csv"
    table.write_text(table.read_text(encoding="utf-8") + "59999;9\n", encoding="utf-8")
    (folder / "note.txt").write_text("à part", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert main(["verify", str(tmp_path / "pages")]) == 1
    out, err = capsys.readouterr()
    assert err.count("différent") == 2
    assert f"différent  {(YEAR / path.name).as_posix()} : table « actions »" in err
    assert (
        f"différent  {(YEAR / table.name).as_posix()} : des mêmes données, un autre contenu, à partir de l'octet" in err
    )
    assert "non refait valenciennes/2022/note.txt" in out
    assert f"{len(before) - 3 + 4} fichier(s) identique(s), 2 différent(s)" in out
    assert {path: path.read_bytes() for path in folder.iterdir()} == before, "le dossier publié n'est que lu"


def test_a_folder_without_reports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ne contient aucun rapport du contrat « valenciennes »"):
        verify(tmp_path, ["valenciennes"], Means(), Progress(silent=True))


@pytest.mark.long
def test_the_whole_site_is_verified(site: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """Every page of two years, swept ones too, on the other kernels."""
    assert main(["verify", str(site.outputs), "--stock-kernel"]) == 0
    out, err = capsys.readouterr()
    assert not err
    assert "0 différent(s)" in out
    assert int(out.rsplit("fichier(s) identique", 1)[0].split()[-1]) > 200
