"""`ose new-focus`: a notebook from the model that no title breaks, nothing overwritten, and what to do next."""

import json
import re
from pathlib import Path

import pytest

import pipelines.new_focus
from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.new_focus import create_focus, name_focus
from pipelines.report.focus import read_focus

TITLE = "Les femmes et l'emploi"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (TITLE, "les_femmes_et_l_emploi"),
        ("  Où en est-on ? ", "ou_en_est_on"),
        ("Cœur de ville, Noël & 8 000 m²", "coeur_de_ville_noel_8_000_m2"),
        ("<script>alert(1)</script>", "script_alert_1_script"),
        ("a" * 100, "a" * 60),
    ],
)
def test_a_name_is_plain_ascii(title: str, name: str) -> None:
    assert name_focus(title) == name


@pytest.mark.parametrize("title", ["", "   ", "?!…", "« »", "\u200b", "Женщины", "a" * 161])
def test_a_title_that_names_nothing_is_refused(title: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"au moins une lettre|160 au plus"):
        create_focus(title, theme="suivi", section="", annee=None, folder=tmp_path)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    "title", [TITLE, '<script>alert("x")</script> *gras* [lien](https://a.b)', "Un\ndeux\x00\\trois"]
)
def test_a_title_is_text_in_json_and_in_markdown(title: str, tmp_path: Path) -> None:
    """The heading holds the title with every sign of Markdown escaped, on one line; the metadata hold it whole."""
    path = create_focus(title, theme="suivi", section="actions", annee=2022, folder=tmp_path)
    content = json.loads(path.read_text(encoding="utf-8"))
    kept = " ".join(title.replace("\x00", "").split())
    assert content["metadata"]["ose"]["titre"] == kept
    heading = content["cells"][0]["source"][0]
    assert heading.removeprefix("# ").rstrip("\n").replace("\\", "") == kept.replace("\\", "")
    assert re.findall(r"(?<!\\)[<*\[_`]", heading) == []
    focus = read_focus(path)
    assert (focus.title, focus.section, focus.theme, focus.years) == (kept, "actions", "suivi", (2022,))
    assert f'report.comment("suites", "{path.stem}")' in path.read_text(encoding="utf-8").replace('\\"', '"')


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = create_focus(TITLE, theme="suivi", section="", annee=None, folder=tmp_path)
    path.write_text("mien", encoding="utf-8")
    for title in (TITLE, "LES FEMMES ET L'EMPLOI !"):
        with pytest.raises(UsageError, match="rien n'y a été touché"):
            create_focus(title, theme="suivi", section="", annee=None, folder=tmp_path)
    assert path.read_text(encoding="utf-8") == "mien"


def test_a_name_that_another_report_bears_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1_observation.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"« 1_observation » \(1_observation\.ipynb\)"):
        create_focus("1. Observation", theme="suivi", section="", annee=None, folder=tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "focus").write_text("un fichier, pas un dossier", encoding="utf-8")
    with pytest.raises(UsageError, match="ne peut pas être écrit"):
        create_focus(TITLE, theme="suivi", section="", annee=None, folder=tmp_path)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "au moins une lettre"),
        (["--theme", "autre"], "Écrire observation ou suivi ou evaluation."),
        (["--section", "annexes"], "« section_decret » vaut « annexes ». Écrire orientations ou situation"),
    ],
)
def test_the_command_refuses_in_french_and_writes_nothing(
    options: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipelines.new_focus, "NOTEBOOKS", tmp_path)
    assert main(["new-focus", TITLE if options else "…", *options]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.rglob("*")) == []


def test_the_command_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipelines.new_focus, "NOTEBOOKS", tmp_path)
    assert main(["new-focus", TITLE]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Créé : {tmp_path / 'focus' / 'les_femmes_et_l_emploi.ipynb'}")
    assert "ose build les_femmes_et_l_emploi" in said
