"""Commentary is text: whatever is written in it, nothing runs, nothing is fetched, and the page stays whole."""

import re

import pytest
from bs4 import BeautifulSoup

from pipelines.report import blocks
from pipelines.report.stale import Judged

SAFE = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
# What the renderer may write, and the attributes that each of its elements may bear.
ALLOWED = {"a": {"href"}, "div": {"class", "role", "tabindex", "aria-label"}, "caption": {"class"},
           "th": {"scope", "class"}, "td": {"class"}, "ol": {"start"}, "p": {"class"}}  # fmt: skip
PLAIN = {"p", "a", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br", "div", "table",
         "caption", "thead", "tbody", "tr", "th", "td"}  # fmt: skip

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=https://e.org/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>*{display:none}</style><svg onload=alert(1)>",
    "</p></div></article></main><h1>Autre page</h1>",
    "<!-- bloc ose --><b>x</b>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](vbscript:x) [x](//e.org) [x](file:///etc/passwd)",
    "[x](&#106;avascript:alert(1)) [x](java%0Ascript:alert(1)) [x](\x01javascript:alert(1)) [x](<java\nscript:x>)",
    "<javascript:alert(1)> <data:text/html,x>",
    "[a]: javascript:alert(1)\n[b]: data:text/html;base64,PHNjcmlwdD4=\n\n[a] [b] ![b] [c][a]",
    "![x](data:image/svg+xml;base64,PHN2Zz4=) ![y](https://e.org/suivi.png) ![z](attachment:a.png)",
    '[x](https://e.org/"onmouseover="alert(1)) [x](https://e.org \'t" onclick="a\')',
    "**[a<b](https://e.org) ![z](data:,a) `<i>` ~~<u>~~ _<b>_**",
    "| <b>a</b> | b |\n|---|--:|\n| [x](data:,a) | <img src=x> |",
    "```html\n<script>alert(1)</script>\n```\n\n    <script>\n",
    "# <script>\n\n<script>\n===\n\n###### [x](javascript:a)",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62; &#x3c;i&#x3e; &nbsp;",
    "\\<script\\> \\[x](javascript:a)",
    "a\x00b\x1b[31m\u202e c \ufffe",
    "\ue000#x\ue001texte\ue002 \ue000seul",
    "{{ 7 * 7 }} {% include 'x' %} ${7*7} <%= 7 %>",
]
LONG = [
    "x" * 50_000,
    "<" * 20_000,
    "*a " * 2_000,
    "[" * 5_000,
    ">" * 2_000,
    "- " * 1_000 + "a",
    "[a](" * 1_000,
    "\n" * 9_000,
]


@pytest.mark.parametrize("text", [*HOSTILE, *LONG], ids=lambda text: repr(text[:24]))
def test_a_commentary_is_text(text: str) -> None:
    comment = {"texte": text, "auteur": text[:200], "date": "", "empreinte": "abc"}
    html = blocks.comment_block(comment, Judged("redige", "abc"), section="avis")
    assert html.count(blocks.MARK) == 1
    page = BeautifulSoup(html.removeprefix(blocks.MARK), "html.parser")
    (block,) = page.find_all(recursive=False)
    assert block["class"] == ["commentaire"]
    for tag in block.find_all(True):
        assert tag.name in PLAIN
        assert set(tag.attrs) <= ALLOWED.get(tag.name, set())
        assert SAFE.match(tag.get("href", "#"))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ue000-\ue002]", page.get_text().replace("\n", ""))


def test_what_an_author_writes_is_shown() -> None:
    text = "Un **gras**, [un lien](https://exemple.fr), `a<b`.\n\n1. un\n2. deux\n\n> cité\n\n"
    text += "| a | b |\n|---|--:|\n| 1 | 2 |\n"
    page = BeautifulSoup(
        blocks.comment_block({"texte": text, "auteur": "", "date": ""}, Judged("redige", "abc"), section="avis"),
        "html.parser",
    )
    assert page.select_one(".commentaire > p > a")["href"] == "https://exemple.fr"
    assert [len(page.find_all(name)) for name in ("strong", "code", "li", "blockquote", "table")] == [2, 1, 2, 1, 1]
