"""Commentaries and the figures kept beside them, as the certified table `commentaires`."""

from pathlib import Path

import pandas as pd

from pipelines.commentary.head import FIELDS, decode, read_comment
from pipelines.commentary.writing import figures_beside
from pipelines.tables import TABLES, empty

_PLACE = "commentaires/[0-9][0-9][0-9][0-9]/*/*"


def comment_files(folder: Path) -> list[Path]:
    """Every file of a contract's folder that its commentaries are read from: texts, and the figures kept beside them.

    Figures without a text are read by nobody.
    """
    texts = sorted(folder.glob(f"{_PLACE}.md"))
    return [file for text in texts for file in (text, figures_beside(text)) if file.is_file()]


def collect_comments(folder: Path) -> pd.DataFrame:
    """Table `commentaires` from `<dossier>/commentaires/<annee>/<notebook>/<section>.md`; empty where none is."""
    rows = [
        {
            "annee": int(path.parts[-3]),
            "notebook": path.parts[-2],
            "section": path.stem,
            **read_comment(decode(path.read_bytes(), path.name), path.name),
            "chiffres": _kept(path),
            "id_source": "commentaires",
            "fichier": path.relative_to(folder).as_posix(),
            "feuille": "",
            "ligne": 1,
        }
        for path in comment_files(folder)
        if path.suffix == ".md"
    ]
    blank = empty(TABLES["commentaires"])
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


def _kept(text: Path) -> str:
    """The figures kept beside a commentary, as written; "" for none. The page judges them by their fingerprint."""
    file = figures_beside(text)
    return file.read_bytes().decode("utf-8", errors="replace") if file.is_file() else ""


def select_comments(comments: pd.DataFrame, annee: int, notebook: str) -> pd.DataFrame:
    """Commentaries of one report and year that hold a text: columns section, texte, auteur, date, empreinte, chiffres.

    `chiffres`: the figures kept beside it, as CSV text; "" for none.
    """
    kept = comments[(comments["annee"] == annee) & (comments["notebook"] == notebook) & (comments["texte"] != "")]
    return kept[["section", "texte", *FIELDS, "chiffres"]].reset_index(drop=True)
