"""A new Focus: one notebook from the model, with its title, ready to build, and « à compléter » where to write."""

import json
import re
import unicodedata
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.paths import NOTEBOOKS
from pipelines.report.focus import check_focus

MODEL = Path(__file__).with_name("new_focus.ipynb")
# What the model has where the title and the name of the notebook go.
TITLE, NAME = "TITRE", "NOM"
# Longer, a title is no title, and a name is cut.
_LONGEST_TITLE, _LONGEST_NAME = 160, 60
_LETTERS = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+.!|~$&-])")


def create_focus(title: str, *, theme: str, section: str, annee: int | None, folder: Path | None = None) -> Path:
    """The notebook of a new Focus, `focus/<name>.ipynb` under `folder`; its name comes from its title, in ASCII.

    `section`: the key of a section of the decree, or ""; `annee`: the only year that it speaks of, None for any;
    `folder`: that of the notebooks, None for the project's.
    UsageError on a title without a letter or too long, a theme or section that is none, a name that a notebook already
    bears, or a folder that cannot be written.
    """
    folder = folder or NOTEBOOKS
    title = _clean(title)
    name = name_focus(title)
    taken = [path for path in folder.rglob("*.ipynb") if path.stem.lower() == name]
    if taken:
        raise UsageError(
            f"Un notebook se nomme déjà « {name} » ({taken[0].relative_to(folder).as_posix()}) : rien n'y a été "
            "touché. Donner un autre titre."
        )
    about = {"titre": title, "theme": theme, "section_decret": section} | ({"annees": [annee]} if annee else {})
    check_focus(name, about)
    content = json.loads(MODEL.read_text(encoding="utf-8"))
    content["metadata"]["ose"] |= about
    heading = "# " + _MARKDOWN.sub(r"\\\1", title) + "\n"
    for cell in content["cells"]:
        cell["source"] = [
            heading if line == f"# {TITLE}\n" else line.replace(f'"{NAME}"', f'"{name}"') for line in cell["source"]
        ]
    path = folder / "focus" / f"{name}.ipynb"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        # "x": what another wrote in the meantime is not written over.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n")
    except OSError as error:
        raise UsageError(
            f"Le notebook « {path.name} » ne peut pas être écrit ({error.strerror or error}). Vérifier les droits."
        ) from error
    return path


def name_focus(title: str) -> str:
    """The ASCII name of a Focus, from its title. UsageError where no letter or figure is left of it."""
    plain = unicodedata.normalize("NFKD", title.translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_NAME].strip("_")
    if not name:
        raise UsageError("Un titre a au moins une lettre ou un chiffre, par exemple « Les femmes et l'emploi ».")
    return name


def _clean(title: str) -> str:
    """The title on one line, without what is no text."""
    line = " ".join("".join(char for char in title if char.isspace() or char.isprintable()).split())
    if len(line) > _LONGEST_TITLE:
        raise UsageError(f"Ce titre a {len(line)} caractères : en garder {_LONGEST_TITLE} au plus.")
    return line
