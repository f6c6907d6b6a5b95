"""The reference of the functions that notebooks call, in French, as one page: for JupyterLab and beside the index."""

from pathlib import Path

from pipelines.fingerprint import digest_package
from pipelines.report.french_help import groups, list_help
from pipelines.report.templates import environment

# What it is called in the outputs, beside the index.
FILE = "reference.html"


def render_reference(home: str = "") -> str:
    """The page; `home`: the address of the index, "" where there is none beside it."""
    told = [
        {"title": title, "anchor": group.replace(".", "-").lower(), "functions": list(list_help(group))}
        for group, title in groups().items()
    ]
    total = sum(len(group["functions"]) for group in told)
    page = environment().get_template("reference.html.j2")
    return page.render(groups=told, total=total, home=home, marks=[], empreinte=digest_package())


def is_reference_current(path: Path) -> bool:
    """Is the page at `path` made from the functions as they are now?"""
    return path.is_file() and digest_package() in path.read_text(encoding="utf-8")
