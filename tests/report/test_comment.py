"""`report.comment`: the figures shown since the last commentary, judged; what claims too much is told, not refused."""

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from pipelines.paths import PROCESSED_VARIABLE
from pipelines.processed import write_processed
from pipelines.report.report import Report
from pipelines.report.spoken import read_cells
from pipelines.tables import TABLES, empty
from tests.report.test_sources import source

RATES = pd.DataFrame({"nom_territoire": ["A", "B"], "taux_emploi": [41.24, None]})
CONTRACT = {
    "seuils": {"petit_effectif": 5},
    "orientations": [{"code": "O1", "libelle": "Emploi et effets du renouvellement", "est_fictif": False}],
    "date_arret": "2021-06-30",
    "sources": [source("reelle", False), source("inventee", True)],
    "sources_nationales": [],
}


class Page:
    """A report whose commentaries are given; `comment` returns what it displays and what it tells of itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, **comment: str) -> Report:
        blank = empty(TABLES["commentaires"])
        row = {
            "annee": 2020,
            "notebook": "n",
            "section": "s",
            "id_source": "commentaires",
            "fichier": "s.md",
            "ligne": 1,
        }
        rows = pd.DataFrame([row | comment] if comment else [], columns=blank.columns).astype(blank.dtypes.to_dict())
        manifest = write_processed(self.folder / "essai", {"commentaires": rows}, {}, {"contrat": CONTRACT})
        manifest["tables"] |= {"modele": {"sources": ["reelle"]}, "exemple": {"sources": ["inventee"]}}
        return Report("essai", 2020, manifest)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setenv(PROCESSED_VARIABLE, str(tmp_path))
    # What a notebook displays through: without it, IPython prints.
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield Page(tmp_path)
    InteractiveShell.clear_instance()


def comment(report: Report, *shown: tuple[pd.DataFrame, str, str], **evidence: Any) -> tuple[str, dict[str, Any]]:
    """HTML and metadata of the commentary that follows what is shown: (frame, title, table it comes from) each."""
    with capture_output() as captured:
        for frame, title, table in shown:
            report.show(frame, title, sources=[table], **evidence)
        report.comment("s", "n")
    last = captured.outputs[-1]
    return unescape(last.data["text/html"]), last.metadata["ose"]


def test_nobody_wrote_and_the_figures_are_told_as_displayed(page: Page) -> None:
    html, about = comment(page.open(), (RATES, "Taux", "modele"))
    told = about["commentaire"]
    assert (told["notebook"], told["section"], told["etat"]) == ("n", "s", "a_rediger")
    assert told["empreinte"] in html
    assert read_cells(told["chiffres"], told["empreinte"]) == [
        ("Taux", "A", "Taux d'emploi", "41,2\u202f%"), ("Taux", "B", "Taux d'emploi", "n.d."),
    ]  # fmt: skip
    assert "a_relire" not in about
    # It goes into a JSON file.
    json.dumps(about)


def test_fresh_then_stale_with_what_changed(page: Page) -> None:
    _, about = comment(page.open(), (RATES, "Taux", "modele"))
    noted = {name: about["commentaire"][name] for name in ("empreinte", "chiffres")} | {"texte": "Un."}
    html, about = comment(page.open(**noted), (RATES, "Taux", "modele"))
    assert (about["commentaire"]["etat"], about.get("a_relire")) == ("redige", None)
    assert "À relire" not in html
    # What is not displayed is no change.
    _, about = comment(page.open(**noted), (RATES.assign(taux_emploi=[41.21, None]), "Taux", "modele"))
    assert about["commentaire"]["etat"] == "redige"
    html, about = comment(page.open(**noted), (RATES.assign(taux_emploi=[42.0, None]), "Taux", "modele"))
    assert (about["commentaire"]["etat"], about["a_relire"]) == ("a_relire", "s")
    assert "<td>41,2\u202f%</td><td>42,0\u202f%</td>" in html
    assert "fictives" not in html


def test_what_changed_of_fictional_figures_is_marked_whatever_was_shown_last(page: Page) -> None:
    shown = ((RATES, "Taux", "exemple"), (RATES, "Autres", "modele"))
    _, about = comment(page.open(), *shown)
    noted = {name: about["commentaire"][name] for name in ("empreinte", "chiffres")} | {"texte": "Un."}
    html, _ = comment(page.open(**noted), *shown[:1], (RATES.head(1), "Autres", "modele"))
    assert "Données fictives de démonstration" in html


def test_a_commentary_speaks_of_what_was_shown_since_the_one_before(page: Page) -> None:
    report = page.open()
    _, first = comment(report, (RATES, "Taux", "modele"))
    _, second = comment(report, (RATES, "Taux", "modele"))
    _, none = comment(report)
    assert first["commentaire"]["empreinte"] == second["commentaire"]["empreinte"] != none["commentaire"]["empreinte"]
    assert none["commentaire"]["chiffres"].count("\n") == 1


@pytest.mark.parametrize(
    ("text", "force", "told"),
    [
        ("Le taux monte grâce aux travaux.", 2, "«\xa0grâce aux\xa0»"),
        ("Cela **a contribué** à la hausse.", 3, "«\xa0a contribué\xa0»"),
        ("Cela a contribué à la hausse.", 4, ""),
        ("Un effet net.", 4, "«\xa0effet\xa0»"),
        ("L'orientation « effets attendus » ; Emploi et effets du renouvellement ; effet levier.", 2, ""),
        ("Le taux monte.", 2, ""),
    ],
)
def test_a_word_that_the_evidence_does_not_allow_is_told(page: Page, text: str, force: int, told: str) -> None:
    html, _ = comment(page.open(texte=text), (RATES, "Taux", "modele"), force=force)
    assert ("ne permettent pas de le dire" in html) is bool(told)
    assert told in html


def test_the_evidence_of_one_section_is_not_that_of_the_next(page: Page) -> None:
    report = page.open(texte="Cela a contribué à la hausse.")
    first, _ = comment(report, (RATES, "Taux", "modele"), force=4)
    second, _ = comment(report, (RATES, "Taux", "modele"))
    assert ["ne permettent pas" in html for html in (first, second)] == [False, True]


def test_a_causal_design_read_aloud_allows_the_word(page: Page) -> None:
    report = page.open(texte="Un effet net.")
    with capture_output() as captured:
        report.show(RATES, "Taux", sources=["modele"], force=4)
        report.read("Le dispositif a un effet.", causal=True)
        report.comment("s", "n")
    assert "ne permettent pas" not in captured.outputs[-1].data["text/html"]
