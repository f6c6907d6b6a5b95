"""Weight and first paint of the built pages, beside the plain way: nbconvert's own page of the same notebook.

    python -m tests.bench.pages [outputs]

Each page is opened from disk five times, each time in a new browser context; the middle first paint counts. The plain
page asks for scripts from elsewhere, which are refused at once: what it would wait for them is not counted.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from nbconvert import HTMLExporter
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import launch

PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  const paint = list.getEntriesByName('first-contentful-paint')[0];
  if (paint) done(paint.startTime);
}).observe({ type: 'paint', buffered: true }))"""
RUNS = 5


def main(outputs: Path) -> None:
    """Print one line a page."""
    print("| page | poids (Ko) | première peinture (ms) | voie simple : poids | peinture | rapport |")
    print("| :-- | --: | --: | --: | --: | --: |")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        if browser is None:
            sys.exit("aucun navigateur : installer chromium")
        for page in sorted(outputs.rglob("*.html")):
            cells = [page.relative_to(outputs).as_posix(), _weight(page), _paint(browser, page)]
            notebook = page.with_suffix(".ipynb")
            if notebook.is_file():
                plain = Path(folder) / page.name
                plain.write_text(HTMLExporter().from_filename(str(notebook))[0], encoding="utf-8")
                cells += [_weight(plain), _paint(browser, plain)]
                cells.append(f"{cells[2] / cells[4]:.2f}".replace(".", ","))
            print("| " + " | ".join(map(str, [*cells, "", "", ""][:6])) + " |")
        browser.close()


def _weight(page: Path) -> int:
    return round(page.stat().st_size / 1000)


def _paint(browser: Browser, page: Path) -> int:
    """Milliseconds to the first text or image on the screen."""
    times = []
    for _ in range(RUNS):
        with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
            context.route(lambda url: not url.startswith(("file:", "data:")), lambda route: route.abort())
            tab = context.new_page()
            tab.goto(page.resolve().as_uri())
            times.append(tab.evaluate(PAINT))
    return round(statistics.median(times))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "outputs"))
