"""The form without a browser: its real widgets, clicked and filled in; what is in them is what a person would see."""

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

# It comes with JupyterLab: here the tests pass their turn without it, in continuous integration they fail.
if os.environ.get("CI") != "true":
    pytest.importorskip("ipywidgets", reason="JupyterLab n'est pas installé : lancer make test")

import ipywidgets as widgets

from pipelines.contract import RATINGS, Contract
from pipelines.errors import OseError
from pipelines.forms.marker_file import append_marking, read_markings
from pipelines.forms.marker_form import MarkerForm, open_marker_form
from pipelines.indicators.gender import FIELDS, REASON
from pipelines.paths import PROCESSED_VARIABLE
from tests.shipped import shipped_contract

DAY = datetime.date(2023, 1, 2)
HOSTILE = "<img src=x onerror=alert(1)>"
ACTIONS = pd.DataFrame(
    {
        "code_action": ["A1", "A2", "A3"],
        "annee": [2022, 2022, 2022],
        "intitule": [HOSTILE, "Sortie", "Fête"],
        "nom_porteur": ["Club", "Club", "Régie"],
    }
)
OTHERS = dict(zip(FIELDS, ("non", "non", "", "", "", "oui"), strict=True))
OTHER = {"code_action": "A1", "code_instructeur": "Z9", "date_notation": "2022-12-24", **OTHERS, REASON: "SECRET"}


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """The shipped contract, which writes elsewhere."""
    return shipped_contract().model_copy(update={"dossier": tmp_path})


@pytest.fixture
def form(contract: Contract) -> MarkerForm:
    return MarkerForm(contract, ACTIONS, None, "i3", lambda: DAY)


def every_widget(widget: widgets.Widget) -> list[widgets.Widget]:
    return [widget, *(one for child in getattr(widget, "children", ()) for one in every_widget(child))]


def shown(widget: widgets.Widget) -> list[widgets.Widget]:
    """The widgets that are on the screen, in the order of the keyboard."""
    if widget.layout.display == "none":
        return []
    return [widget, *(one for child in getattr(widget, "children", ()) for one in shown(child))]


def controls(form: MarkerForm) -> list[str]:
    return [one.description for one in shown(form.root) if not isinstance(one, widgets.Box | widgets.HTML)]


def click(form: MarkerForm, *words: str) -> None:
    for word in words:
        (button,) = [one for one in shown(form.root) if isinstance(one, widgets.Button) and one.description == word]
        button.click()


def test_the_keyboard_meets_what_each_moment_needs_in_order(form: MarkerForm) -> None:
    fields = [
        "Votre code d'instructeur",
        "Chercher une action (code, intitulé, porteur)",
        "Actions de 2022, celles que vous n'avez pas marquées d'abord",
    ]
    assert controls(form) == [*fields, "Marquer cette action"]
    click(form, "Marquer cette action")
    assert controls(form) == ["Oui", "Non", "Je ne sais pas", "Abandonner cette action"]
    click(form, "Non", "Non")
    assert controls(form) == ["Oui", "Non", "Je ne sais pas", "Revenir", "Abandonner cette action"]
    click(form, "Oui")
    assert controls(form) == ["Motif", "Continuer", "Revenir", "Abandonner cette action"]
    click(form, "Revenir", "Revenir", "Oui")
    assert controls(form)[:4] == ["Oui", "Non", "Je ne sais pas", "Passer les critères"]
    click(form, "Passer les critères")
    assert controls(form) == ["Enregistrer", "Revenir", "Abandonner cette action"]


def test_each_save_is_one_row_and_the_next_action_is_offered(form: MarkerForm) -> None:
    for number, offered in ((1, "A2"), (2, "A3"), (3, "A1")):
        click(form, "Marquer cette action", "Oui", "Non", "Non", "Oui", "Je ne sais pas", "Enregistrer")
        assert form.error.value == ""
        assert form.chosen.value == offered
        assert f"{3 - number} action{'s' if number == 1 else ''} à marquer sur 3 actions" in form.announced.value
    click(form, "Marquer cette action", "Oui", "Oui", "Passer les critères", "Enregistrer")
    assert "A1 : réponses enregistrées (2e fois)" in form.announced.value
    written = read_markings(form.file)
    assert written[["code_action", "code_instructeur", "tour"]].to_numpy().tolist() == [
        ["A1", "I3", "1"], ["A2", "I3", "1"], ["A3", "I3", "1"], ["A1", "I3", "2"],
    ]  # fmt: skip
    assert set(written["date_notation"]) == {"2023-01-02"}
    assert written.loc[0, list(FIELDS)].tolist() == ["oui", "non", "non", "oui", "", ""]


def test_a_round_comes_after_those_that_other_files_hold(form: MarkerForm) -> None:
    rows = [("A1", "I3", 1, "notations_2022"), ("A1", "I3", 2, "notations_2022"), ("A1", "I4", 5, "notations_2022"),
            ("A2", "I3", 4, RATINGS.id)]  # fmt: skip
    form.know_rounds(pd.DataFrame(rows, columns=["code_action", "code_instructeur", "tour", "id_source"]))
    for _ in range(2):
        click(form, "Marquer cette action", "Oui", "Oui", "Passer les critères", "Enregistrer")
    assert read_markings(form.file)[["code_action", "tour"]].to_numpy().tolist() == [["A1", "3"], ["A2", "1"]]


def test_nothing_of_other_raters_is_in_the_form(contract: Contract, form: MarkerForm) -> None:
    append_marking(contract.dossier / RATINGS.fichier, OTHER)
    again = MarkerForm(contract, ACTIONS, None, "i3", lambda: DAY)
    told = str([one.get_state() for one in every_widget(again.root)])
    assert "SECRET" not in told
    assert "Z9" not in told
    assert again.chosen.options == form.chosen.options


def test_text_of_the_data_is_shown_not_run(form: MarkerForm) -> None:
    click(form, "Marquer cette action")
    pages = [one.value for one in every_widget(form.root) if isinstance(one, widgets.HTML)]
    assert any("&lt;img src=x onerror" in page for page in pages)
    assert not any(HOSTILE in page for page in pages)


def test_a_click_that_comes_late_does_nothing(form: MarkerForm) -> None:
    """Two clicks of a double click, or of an impatient person, are both on their way when the form moves on."""
    oui = form.answers["Oui"]
    click(form, "Marquer cette action")
    form.back.click()
    click(form, "Oui", "Oui", "Passer les critères")
    for button in (form.pass_over, oui):
        button.click()
    assert len(form.interview.replies) == 3
    click(form, "Enregistrer")
    for button in (form.save, form.back, oui):
        button.click()
    assert form.error.value == ""
    assert len(read_markings(form.file)) == 1
    assert controls(form)[-1] == "Marquer cette action"


def test_what_cannot_be_saved_is_kept_and_saved_again(form: MarkerForm) -> None:
    click(form, "Marquer cette action", "Oui", "Oui", "Passer les critères")
    form.file.parent.write_text("un fichier à la place du dossier", encoding="utf-8")
    click(form, "Enregistrer")
    assert "ne peut pas être écrit" in form.error.value
    form.file.parent.unlink()
    click(form, "Enregistrer")
    assert form.error.value == ""
    assert len(read_markings(form.file)) == 1


def test_a_file_damaged_meanwhile_is_said(form: MarkerForm) -> None:
    click(form, "Marquer cette action", "Oui", "Oui", "Passer les critères")
    form.file.parent.mkdir()
    form.file.write_text("a;b\n", encoding="utf-8")
    click(form, "Enregistrer")
    assert "ligne 1 : en-tête inattendu" in form.error.value
    assert controls(form)[0] == "Enregistrer"
    assert form.file.read_text(encoding="utf-8") == "a;b\n"
    click(form, "Abandonner cette action")
    assert "en-tête inattendu" in form.error.value
    assert controls(form)[-1] == "Marquer cette action"


@pytest.mark.parametrize(
    ("rater", "words", "sentence"),
    [("", "", "est vide"), ("Marie D.", "", "pas un nom"), ("I3", "zzz", "Aucune action n'est choisie")],
)
def test_what_is_missing_is_said_and_nothing_begins(form: MarkerForm, rater: str, words: str, sentence: str) -> None:
    form.rater.value, form.words.value = rater, words
    click(form, "Marquer cette action")
    assert sentence in form.error.value.replace("&#x27;", "'")
    assert controls(form)[-1] == "Marquer cette action"


def test_without_any_answer_there_is_nothing_to_save(form: MarkerForm) -> None:
    click(form, "Marquer cette action", "Je ne sais pas", "Je ne sais pas", "Enregistrer")
    assert "rien à enregistrer" in form.error.value
    assert not form.file.exists()
    click(form, "Revenir", "Non", "Enregistrer")
    assert form.error.value == ""
    assert read_markings(form.file)["objectif_principal_egalite"].tolist() == ["non"]


def test_a_choice_stays_while_the_list_changes_around_it(form: MarkerForm) -> None:
    form.chosen.value = "A3"
    form.rater.value = "I4"
    form.words.value = "a"
    assert form.chosen.value == "A3"
    form.words.value = "sortie"
    assert form.chosen.value == "A2"


def test_what_is_offered_is_what_this_rater_has_not_marked(contract: Contract, form: MarkerForm) -> None:
    append_marking(contract.dossier / RATINGS.fichier, {**OTHER, "code_instructeur": "I4"})
    assert form.chosen.value == "A1"
    form.rater.value = "i4"
    assert form.chosen.value == "A2"


def test_a_written_reason_comes_back_to_be_mended(form: MarkerForm) -> None:
    click(form, "Marquer cette action", "Non", "Non", "Non", "Continuer")
    assert "Le motif est vide" in form.error.value
    assert controls(form)[0] == "Motif"
    form.reason.value = "  garçons seulement "
    click(form, "Continuer", "Revenir")
    assert form.reason.value.strip() == "garçons seulement"
    click(form, "Continuer", "Enregistrer", "Marquer cette action", "Non", "Non", "Non")
    assert form.reason.value == "", "the reason of another action is not offered"
    assert read_markings(form.file)[REASON].tolist() == ["garçons seulement"]


@pytest.mark.parametrize(
    ("change", "annee", "sentence"),
    [
        (lambda contract: contract.model_copy(update={"arbre_marqueur": None}), None, "n'a pas d'arbre du marqueur"),
        (lambda contract: contract, 2018, "choisir une année de 2019 à 2022"),
        (lambda contract: contract, 2023, "choisir une année de 2019 à 2022"),
        (lambda contract: contract, 2020, "Aucune action en 2020"),
    ],
)
def test_a_form_that_cannot_open_says_why(
    contract: Contract, change: Callable[[Contract], Contract], annee: int | None, sentence: str
) -> None:
    with pytest.raises(OseError, match=sentence):
        MarkerForm(change(contract), ACTIONS, annee, "", lambda: DAY)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"contrat": "absent"}, "Contrat « absent » introuvable"),
        ({"contrat": "valenciennes"}, "ne sont pas préparées. Lancer : ose check --contrat valenciennes"),
        ({"annee": "2022"}, "Le paramètre « annee » attend un nombre entier"),
    ],
)
def test_the_sentence_stands_in_the_place_of_the_form(
    parameters: dict[str, object],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(PROCESSED_VARIABLE, str(tmp_path))
    cell = 'contrat: str = ""\nannee: int | None = None\ncode_instructeur: str = ""'
    open_marker_form({"In": [cell], "contrat": "valenciennes", "annee": None, "code_instructeur": "", **parameters})
    said = capsys.readouterr().out
    assert sentence in said
    assert "Traceback" not in said
