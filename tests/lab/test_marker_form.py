"""The marking form in a real JupyterLab, by keyboard alone: what is focused, announced, drawn, written, checked."""

import csv
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipelines.forms.marker_file import COLUMNS
from tests.lab.conftest import HOSTILE, check

RATER = "I3"
FORM, ANNOUNCED, ERROR, PICTURE = ".ose-saisie", ".ose-annonce", ".ose-erreur", ".ose-arbre img"
ROOT_ATTRIBUTES = "[e.lang, e.getAttribute('role'), e.getAttribute('aria-label')]"
# What has the focus, as a person knows it: the words of a button, the label of a field.
FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent"
# The outline of what has the focus, in pixels, and whether it is on the screen.
SEEN = """(() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return [parseFloat(style.outlineWidth) * (style.outlineStyle !== 'none'),
          box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth];
})()"""
RATER_FIELD, SEARCH_FIELD = "Votre code d'instructeur", "Chercher une action (code, intitulé, porteur)"
LIST = "Actions de 2022, celles que vous n'avez pas marquées d'abord"
# Milliseconds: a machine that runs other tests draws slowly.
PATIENCE = 30_000


@pytest.fixture
def page(browser: Browser, lab: str) -> Iterator[Page]:
    """The notebook after « Run All », its form open; what it asked of others and what it said are attributes."""
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
        page.goto(lab)
        # A cell that is run before the kernel is there opens a question.
        page.get_by_text("(ipykernel) | Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.locator(f"{FORM}[lang]").wait_for()
        # JupyterLab's body has no height of its own, by which axe would take all that it holds for hidden.
        page.add_style_tag(content="body { height: 100vh }")
        yield page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def wait_focus(page: Page, label: str) -> None:
    page.wait_for_function(f"label => {FOCUSED} === label", arg=label)
    assert page.evaluate(SEEN) == [3, True], label


def answer(page: Page, word: str, announced: str, *, key: str = "Enter", focus: str = "Oui") -> str:
    """Press the button of a word from the first one on; returns the announcement that follows, which holds a text."""
    wait_focus(page, "Oui")
    press(page, *["Tab"] * ["Oui", "Non", "Je ne sais pas", "Passer les critères"].index(word), key)
    return wait_announced(page, announced, focus=focus)


def wait_announced(page: Page, text: str, *, focus: str) -> str:
    page.wait_for_function(
        f"text => document.querySelector('{ANNOUNCED}').textContent.includes(text)", arg=text, timeout=PATIENCE
    )
    wait_focus(page, focus)
    return page.locator(ANNOUNCED).inner_text()


def wait_drawn(page: Page, *told: str, untold: str = "règle") -> None:
    """Until the end of the picture's text, the path that it draws, tells some words; it does not tell another."""
    path = f"document.querySelector('{PICTURE}')?.alt.split('Chemin suivi')[1]"
    page.wait_for_function(f"told => told.every(word => {path}?.includes(word))", arg=list(told))
    assert untold not in page.evaluate(path)


def violations(page: Page) -> list[str]:
    found = Axe().run(page, FORM, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']} : {node['html'][:150]}" for rule in found for node in rule["nodes"]]


def rows(folder: Path) -> list[dict[str, str]]:
    raw = (folder / "saisies" / "marqueur.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    return list(csv.DictReader(raw.decode("utf-8").splitlines(), delimiter=";"))


@pytest.mark.long
def test_actions_are_marked_by_keyboard_alone(
    page: Page, contract: SimpleNamespace, capsys: pytest.CaptureFixture
) -> None:
    assert page.locator(FORM).evaluate(f"e => {ROOT_ATTRIBUTES}") == ["fr", "form", "Marquer une action"]
    assert page.locator(ANNOUNCED).get_attribute("role") == "status"
    assert page.locator(ERROR).get_attribute("role") == "alert"
    wait_focus(page, RATER_FIELD)

    # No code: one sentence, and back to the field. Letters on a button are no commands of the notebook.
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    press(page, "Tab", "Tab", "Tab", "a", "b", "Enter")
    page.get_by_text("Le code d'instructeur est vide").wait_for()
    wait_focus(page, RATER_FIELD)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert violations(page) == []

    # The first action, whose title is text.
    page.keyboard.type(RATER.lower())
    press(page, "Tab")
    wait_focus(page, SEARCH_FIELD)
    page.keyboard.type("FETE tournoi 0001")
    page.get_by_text("1 action à marquer sur 1 action").wait_for()
    press(page, "Tab")
    wait_focus(page, LIST)
    press(page, "Tab", "Enter")
    wait_announced(page, "Le projet vise-t-il un public mixte ?", focus="Oui")
    assert HOSTILE in page.locator(f"{FORM} .ose-titre").inner_text()
    assert page.locator(".ose-reponses").get_attribute("role") == "group"
    assert page.get_by_role("group", name="Le projet vise-t-il un public mixte ?").count() == 1
    wait_drawn(page, "Q1", untold="Q2")

    said = answer(page, "Oui", "objectif principal est-il")
    assert "Chemin : public mixte." in said
    wait_drawn(page, "Q1", "Q2", untold="Q3")
    answer(page, "Non", "Critère 1 sur 3", key="Space")
    wait_drawn(page, "Q1", "Q2", "Q3")
    answer(page, "Non", "Critère 2 sur 3")
    answer(page, "Oui", "Critère 3 sur 3")
    assert violations(page) == []
    # The second « non » decides; the outcome is shown once the third criterion is asked.
    wait_drawn(page, "Q3", untold="règle")
    said = answer(page, "Je ne sais pas", "Marqueur 0", focus="Enregistrer")
    assert "public mixte → pas d'objectif principal → au plus 2 critères sur 3 → marqueur 0 au seuil 3." in said
    assert "ne pénalise pas" in said
    assert "n'est pas meilleur" in said
    wait_drawn(page, "Q1", "Q2", "Q3", "marqueur 0", untold="R2")
    press(page, "Enter")
    wait_announced(page, "DEMO-2022-0001 : réponses enregistrées.", focus=LIST)

    # The next action is offered; « Revenir » takes back an answer, a reason is asked, and it stays text.
    press(page, "Tab", "Enter")
    wait_announced(page, "Question 1", focus="Oui")
    assert "DEMO-2022-0002" in page.locator(f"{FORM} .ose-titre").inner_text()
    answer(page, "Oui", "Chemin : public mixte.")
    press(page, "Tab", "Tab", "Tab", "Space")
    assert "Chemin" not in wait_announced(page, "Question 1", focus="Oui")
    answer(page, "Non", "Chemin : public non mixte.")
    answer(page, "Non", "cohérent avec les objectifs")
    answer(page, "Oui", "Écrire pourquoi", focus="Motif")
    press(page, "Tab", "Enter")
    page.get_by_text("Le motif est vide").wait_for()
    wait_focus(page, "Motif")
    page.keyboard.type('=1+1 ; « entre "filles" »')
    press(page, "Tab", "Enter")
    assert "À savoir" not in wait_announced(page, "Marqueur 1", focus="Enregistrer")
    press(page, "Enter")
    wait_announced(page, "DEMO-2022-0002 : réponses enregistrées.", focus=LIST)

    # Not examined is an outcome too, but without any answer there is nothing to save; giving up leaves no row.
    press(page, "Tab", "Enter")
    wait_announced(page, "Question 1", focus="Oui")
    answer(page, "Je ne sais pas", "Question 2")
    answer(page, "Je ne sais pas", "Non examiné", focus="Enregistrer")
    press(page, "Enter")
    page.get_by_text("il n'y a rien à enregistrer").wait_for()
    press(page, "Tab", "Tab", "Enter")
    wait_announced(page, "DEMO-2022-0003 : action abandonnée", focus=LIST)

    _looks_right(page)
    written = rows(contract.folder)
    assert tuple(written[0]) == COLUMNS
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    assert [[row[name] for name in COLUMNS] for row in written] == [
        ["DEMO-2022-0001", RATER, "1", today, "oui", "non", "non", "oui", "", "", ""],
        ["DEMO-2022-0002", RATER, "1", today, "non", "non", "", "", "", "oui", '\'=1+1 ; « entre "filles" »'],
    ]
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "ws://127"))] == []
    capsys.readouterr()
    assert check(contract) == 0
    counted = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("saisies/marqueur.csv"))
    assert counted.split()[1:] == ["3", "=", "2", "+", "0", "+", "1"]


def _looks_right(page: Page) -> None:
    """On a narrow screen and in the dark theme: nothing wider than the form, contrasts that hold."""
    press(page, "Tab", "Enter")
    wait_announced(page, "Question 1", focus="Oui")
    page.set_viewport_size({"width": 700, "height": 1000})
    assert page.locator(FORM).evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item", has_text="Theme").first.hover()
    page.locator(".lm-Menu-item", has_text="JupyterLab Dark").first.click()
    page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    assert violations(page) == []
