"""Charts in a real browser: compacted as matplotlib drew them, and shown by a page that allows nothing but images."""

import base64
import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Browser, Page

from pipelines.charts.image import draw, optimise, render_image
from pipelines.charts.svg import compact
from pipelines.report.report import FICTIONAL
from tests.charts.samples import CHARTS, HOSTILE, ORDINARY, WORST, crowded

POLICY = "default-src 'none'; img-src data:"
# Eight dots a pixel, averaged four by four to two: the browser itself blackens an edge in steps of a quarter dot.
FINE, COARSE = 8, 4


def _address(mime: str, content: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def _look(page: Page, svg: bytes) -> np.ndarray:
    page.set_content(f'<img src="{_address("image/svg+xml", svg)}">')
    shot = page.locator("img").screenshot()
    return np.asarray(PIL.Image.open(io.BytesIO(shot)).convert("RGB").reduce(COARSE), int)


# A label stands in a drawing in one of these ways: beside rows, in cells, along a flow, over a map, around panels.
STRICT = ("ranked", "heat", "flows", "map", "multiples", "lines")


# All are compacted by the same code: the plainest and the most crowded, the others in the long tests.
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in ("ranked", "flows") else pytest.mark.long) for kind in CHARTS]
)
def test_the_compacted_svg_looks_as_it_was_drawn(kind: str, browser: Browser) -> None:
    drawn = draw(CHARTS[kind]("Accompagner la réussite éducative (libellé fictif)"), "svg", mark=FICTIONAL)
    with browser.new_context(device_scale_factor=FINE, viewport={"width": 600, "height": 700}) as context:
        page = context.new_page()
        before, after = _look(page, drawn), _look(page, compact(drawn))
    assert before.shape == after.shape
    assert (before < 200).mean() > 0.005
    difference = np.abs(before - after)
    assert difference.max() <= 40
    assert difference.mean() < 0.2


@pytest.mark.parametrize("names", [WORST, pytest.param(tuple(HOSTILE), marks=pytest.mark.long)], ids=["worst", "all"])
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in STRICT else pytest.mark.long) for kind in CHARTS]
)
def test_a_strict_page_shows_every_chart(kind: str, names: tuple[str, ...], browser: Browser, tmp_path: Path) -> None:
    charts = [CHARTS[kind](text) for text in (ORDINARY, *(HOSTILE[name] for name in names))]
    drawings = [compact(draw(chart, "svg", mark=FICTIONAL)) for chart in charts]
    sources = [_address("image/svg+xml", svg) for svg in drawings]
    sources.append(_address("image/png", optimise(draw(charts[0], "png", mark=FICTIONAL))))
    chosen = render_image(crowded() if kind == "lines" else charts[0], mark=FICTIONAL)
    sources.append(_address(chosen.mime, chosen.content))
    # In a page's own text an SVG is held to the page's policy, too: a style of its own would be refused aloud.
    inline = "".join(svg.decode() for svg in drawings)
    path = tmp_path / f"{kind}.html"
    path.write_text(
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{kind}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"></head><body>'
        + "".join(f'<img alt="" src="{source}">' for source in sources)
        + f"{inline}</body></html>",
        encoding="utf-8",
    )
    asked: list[str] = []
    said: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri(), wait_until="load")
        sizes = page.evaluate("[...document.images].map(i => [i.naturalWidth, i.naturalHeight])")
    assert len(sizes) == len(sources)
    assert min(min(size) for size in sizes) > 0
    assert said == []
    assert [url[:80] for url in asked if url != path.as_uri() and not url.startswith("data:")] == []
