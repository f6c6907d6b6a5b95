"""Markdown as HTML, that of notebooks and that of commentaries: raw HTML shown as text, headings in order.

Nothing is fetched and nothing runs: an image comes from the cell's own attachments, a link leads to the web or into the
page, any other address is left out.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import mistune
from markupsafe import Markup, escape

from pipelines.report.templates import typeset
from pipelines.values import plain

_PLUGINS = ("strikethrough", "table", "url")
_LINKED = ("https://", "http://", "mailto:", "#")
_ANCHORS = re.compile(r"</?a\b[^>]*>")


class Heading(NamedTuple):
    """A line of the contents: the anchor and the text of a section."""

    anchor: str
    text: str


class Prose:
    """The prose of one page, rendered cell after cell; `contents` holds the sections met so far.

    The page's title is its only h1: the notebook's own first title is left out, since it is that title, and any other
    becomes a section. No level is skipped, whatever the author wrote. `notebook`: the name of the one to open, said at
    the foot of each section that shows a result; "" to leave it unsaid.
    """

    def __init__(self, notebook: str = "") -> None:
        self.notebook = notebook
        self.contents: list[Heading] = []
        self.title_met = False
        self.level = 1
        self.tables = itertools.count(1)
        self.computed = False

    def render(self, cell: Mapping[str, Any]) -> Markup:
        """HTML of one Markdown cell; its images are its attachments."""
        return _render(cell["source"], _CellRenderer(self, cell.get("attachments", {})))

    def note(self, result: Markup) -> Markup:
        """A result as it is; the section under way is from now on one that a reader may compute again."""
        self.computed = self.computed or bool(result.strip())
        return result

    def close(self) -> Markup:
        """The foot of the section under way: where to compute it again; nothing where it shows no result."""
        computed, self.computed = self.computed, False
        if not (computed and self.notebook):
            return Markup()
        text = Markup('<p class="refaire">Refaire ce calcul\u00a0: <code>{}</code>{}</p>\n')
        section = Markup(", section «\u00a0{}\u00a0»").format(typeset(self.contents[-1].text)) if self.contents else ""
        return text.format(self.notebook, section)

    def anchor(self, text: str) -> str:
        """An ASCII anchor for a section, unlike those before it."""
        ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        slug = "section-" + (re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:60] or "sans-titre")
        taken = {heading.anchor for heading in self.contents}
        return next(name for name in [slug, *(f"{slug}-{n}" for n in range(2, 1000))] if name not in taken)


def render_comment(text: str, section: str) -> Markup:
    """HTML of the Markdown written about a section; it holds no section of its own: its headings are lines in bold."""
    return _render(plain(text), _Renderer(f"commentaire {section}", itertools.count(1)))


def _render(source: str, renderer: "_Renderer") -> Markup:
    return Markup(mistune.create_markdown(renderer=renderer, plugins=_PLUGINS)(source))  # noqa: S704 it escapes


class _Renderer(mistune.HTMLRenderer):
    """Mistune's renderer, stricter: escaped, without addresses to fetch, without `style` attributes."""

    def __init__(self, tables_of: str, numbers: Iterator[int]) -> None:
        super().__init__(escape=True)
        self.tables_of, self.numbers = tables_of, numbers

    def text(self, text: str) -> str:
        return super().text(typeset(text))

    def heading(self, text: str, level: int, **_: Any) -> str:
        return f"<p><strong>{text}</strong></p>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return f'<a href="{escape(url)}">{text}</a>' if url.lower().startswith(_LINKED) else text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{escape(code)}</code></pre>\n"

    def table(self, text: str) -> str:
        name = escape(f"Tableau du {self.tables_of}, {next(self.numbers)}")
        return (
            f'<div class="defile" role="region" tabindex="0" aria-label="{name}">'
            f'<table><caption class="masque">{name}</caption>{text}</table></div>\n'
        )

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        numeric = ' class="nombre"' if align == "right" else ""
        return f'<th scope="col"{numeric}>{text}</th>' if head else f"<td{numeric}>{text}</td>"


class _CellRenderer(_Renderer):
    """The cells of a notebook: sections with their anchor, images from attachments, tables counted over the page."""

    def __init__(self, prose: Prose, attachments: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__("texte", prose.tables)
        self.prose, self.attachments = prose, attachments

    def heading(self, text: str, level: int, **_: Any) -> str:
        prose = self.prose
        if level == 1 and not prose.title_met:
            prose.title_met = True
            return ""
        level = min(max(level, 2), prose.level + 1)
        prose.level = level
        if level > 2:
            return f"<h{level}>{text}</h{level}>\n"
        before = str(prose.close())
        plain = str(Markup(text).striptags())  # noqa: S704 rendered, hence escaped
        anchor = prose.anchor(plain)
        prose.contents.append(Heading(anchor, plain))
        # The title links to itself: that is where a reader takes the address of a section from.
        return f'{before}<h2 id="{anchor}"><a class="ancre" href="#{anchor}">{_ANCHORS.sub("", text)}</a></h2>\n'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        images = self.attachments.get(url.removeprefix("attachment:"), {}) if url.startswith("attachment:") else {}
        mime = next((name for name in images if name.startswith("image/")), None)
        if mime is None:
            return text
        alt = escape(Markup(text).striptags())  # noqa: S704 rendered, hence escaped
        return f'<img alt="{alt}" src="data:{escape(mime)};base64,{escape(images[mime])}">'
