"""How the headless Chromium of the session is found, and the inspection that every page must pass."""

import base64
import os
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

from pipelines.exchange.browser import NAMES, find_browser, quiet_arguments

VIEWS = ((320, "light"), (768, "light"), (1280, "light"), (1280, "dark"))
# The narrowest and the widest.
ENDS = ((320, "light"), (1280, "light"))
EVERY_VIEW = tuple((width, scheme) for width in (320, 640, 768, 1280) for scheme in ("light", "dark"))
# Colours change with the scheme, everything else with the width: axe's slowest rule runs once a scheme.
CONTRAST = "color-contrast"
# Tables that lack a caption, heads that say not what they head, images without a sentence in their place.
UNSAID = """[...document.querySelectorAll('table')].filter(t => !t.caption?.textContent.trim()).map(() => 'légende')
    .concat([...document.querySelectorAll('th:not([scope])')].map(() => 'portée'),
            [...document.images].filter(i => !i.alt.trim()).map(() => 'texte de remplacement'))"""
IMAGES = "[...document.images].map(image => image.src)"
SVG = "data:image/svg+xml;base64,"
# Style and script stand in the page's own two elements; an attribute of either kind came from data.
ATTRIBUTES = """[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())
    .filter(name => name === 'style' || name.startsWith('on'))"""


def launch(playwright: Playwright) -> Browser | None:
    """The machine's browser, headless; None where there is none."""
    found = find_browser()
    return found and playwright.chromium.launch(executable_path=found, args=quiet_arguments())


def missing_browser() -> None:
    """Where there is no browser the test is skipped aloud, or fails if CI=true."""
    reason = f"aucun navigateur ({', '.join(NAMES)}) : les pages ne sont pas vérifiées ; installer chromium"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def inspect(browser: Browser) -> Callable[..., list[str]]:
    """A function from the path of a page to what is wrong with it in each view, empty when nothing is.

    `axe`: "shared", each rule in the views that may break it; "whole", every rule in every view; "none".
    """
    return lambda path, views=VIEWS, axe="shared": _inspect(browser, path, views, axe)


def _inspect(browser: Browser, path: Path, views: Sequence[tuple[int, str]], axe: str) -> list[str]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialogue : {dialog.message}"), dialog.dismiss()))
        page.goto(path.as_uri(), wait_until="load")
        faults = _structure(page)
        # Folded parts are part of the page.
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for width, scheme in views:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            rules = {} if axe == "whole" else _rules(width, scheme)
            found = _overflow(page) + ([] if axe == "none" else _accessibility(page, rules))
            faults += [f"{width} px, {scheme} : {fault}" for fault in found]
        faults += [f"requête : {url[:80]}" for url in asked if url != path.as_uri() and not url.startswith("data:")]
        return faults + [f"console : {text[:160]}" for text in said]


def _rules(width: int, scheme: str) -> dict[str, object]:
    """The rules of axe that this view may break where the others do not."""
    if scheme == "dark":
        return {"runOnly": [CONTRAST]}
    return {"rules": {CONTRAST: {"enabled": False}}} if width < 1280 else {}


def _accessibility(page: Page, rules: dict[str, object]) -> list[str]:
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False, **rules}
    violations = Axe().run(page, options=options).response["violations"]
    return [f"axe {rule['id']} ({len(rule['nodes'])}) : {rule['nodes'][0]['html'][:120]}" for rule in violations]


def _structure(page: Page) -> list[str]:
    faults = []
    if page.locator("html").get_attribute("lang") != "fr":
        faults.append("langue : html n'a pas lang=fr")
    if (titles := page.locator("h1").count()) != 1:
        faults.append(f"titres : {titles} h1")
    if (scripts := page.locator("script").count()) != 1:
        faults.append(f"scripts : {scripts}")
    if attributes := page.evaluate(ATTRIBUTES):
        faults.append(f"attributs : {attributes}")
    faults += sorted(set(page.evaluate(UNSAID)))
    drawings = [base64.b64decode(src.removeprefix(SVG)) for src in page.evaluate(IMAGES) if src.startswith(SVG)]
    if any(re.search(rb"<style|<script|\sstyle=|\son\w+=|https?://(?!www\.w3\.org/)", drawing) for drawing in drawings):
        faults.append("figures : un style, un script ou une adresse")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    if any(after > before + 1 for before, after in pairwise(levels)):
        faults.append(f"titres : un niveau est sauté {levels}")
    broken = page.evaluate("[...document.images].filter(i => !i.complete || !i.naturalWidth).length")
    if broken:
        faults.append(f"images : {broken} illisibles")
    return faults


def _overflow(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"débordement : {wide} px de trop"] if wide > 0 else []
