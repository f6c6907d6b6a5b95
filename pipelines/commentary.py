"""Human commentary: text files kept apart from the code that is rerun, carried to the certified tables by prepare."""

from pathlib import Path

import pandas as pd

from pipelines.errors import DataError
from pipelines.tables import TABLES, empty


def collect_comments(folder: Path) -> pd.DataFrame:
    """Table `commentaires` from `<dossier>/commentaires/<annee>/<notebook>/<section>.md`; empty where none is."""
    rows = [
        {
            "annee": int(path.parts[-3]),
            "notebook": path.parts[-2],
            "section": path.stem,
            "texte": _read(path).strip(),
            "id_source": "commentaires",
            "fichier": path.relative_to(folder).as_posix(),
            "feuille": "",
            "ligne": 1,
        }
        for path in sorted(folder.glob("commentaires/[0-9][0-9][0-9][0-9]/*/*.md"))
    ]
    blank = empty(TABLES["commentaires"])
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"Le commentaire {path.name} n'est pas en UTF-8 : le réenregistrer en UTF-8.") from error


def select_comments(comments: pd.DataFrame, annee: int, notebook: str) -> pd.DataFrame:
    """Commentaries of one report and year that hold a text: columns section, texte."""
    kept = comments[(comments["annee"] == annee) & (comments["notebook"] == notebook) & (comments["texte"] != "")]
    return kept[["section", "texte"]].reset_index(drop=True)
