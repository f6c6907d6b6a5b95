"""The Markdown cells of one notebook as HTML: raw HTML shown as text, headings in order, the contents gathered."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from pipelines.report.templates import typeset


class Heading(NamedTuple):
    """A line of the contents: the anchor and the text of a section."""

    anchor: str
    text: str


class Prose:
    """The prose of one page, rendered cell after cell; `contents` holds the sections met so far.

    The page's title is its only h1: the notebook's own first title is left out, since it is that title, and any other
    becomes a section. No level is skipped, whatever the author wrote.
    """

    def __init__(self) -> None:
        self.contents: list[Heading] = []

    def render(self, cell: Mapping[str, Any]) -> Markup:
        """HTML of one Markdown cell; images come from the cell's attachments alone, so that nothing is fetched."""
        renderer = _Renderer(self, cell.get("attachments", {}))
        return Markup(MarkdownWithMath(renderer=renderer).render(cell["source"]))  # noqa: S704 the renderer escapes

    # Shared by the renderers of all cells.
    title_met: bool = False
    level: int = 1
    tables: int = 0

    def anchor(self, text: str) -> str:
        """An ASCII anchor for a section, unlike those before it."""
        ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        slug = "section-" + (re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:60] or "sans-titre")
        taken = {heading.anchor for heading in self.contents}
        return next(name for name in [slug, *(f"{slug}-{n}" for n in range(2, 1000))] if name not in taken)


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, stricter: escaped, without scripts to draw, without addresses to fetch."""

    def __init__(self, prose: Prose, attachments: Mapping[str, Any]) -> None:
        super().__init__(
            escape=True, allow_harmful_protocols=False, exclude_anchor_links=True, attachments=dict(attachments)
        )
        self.prose = prose

    def text(self, text: str) -> str:
        return super().text(typeset(text))

    def heading(self, text: str, level: int, **_: Any) -> str:
        prose = self.prose
        if level == 1 and not prose.title_met:
            prose.title_met = True
            return ""
        level = min(max(level, 2), prose.level + 1)
        prose.level = level
        if level > 2:
            return f"<h{level}>{text}</h{level}>\n"
        plain = str(Markup(text).striptags())  # noqa: S704 rendered, hence escaped
        anchor = prose.anchor(plain)
        prose.contents.append(Heading(anchor, plain))
        return f'<h2 id="{anchor}">{text}</h2>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{escape(code)}</code></pre>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return super().image(text, url, title) if url.startswith("attachment:") else str(escape(text))

    def table(self, text: str) -> str:
        self.prose.tables += 1
        label = f"Tableau du texte, {self.prose.tables}"
        return f'<div class="defile" role="region" tabindex="0" aria-label="{label}"><table>{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        numeric = ' class="nombre"' if align == "right" else ""
        return f'<th scope="col"{numeric}>{text}</th>' if head else f"<td{numeric}>{text}</td>"
