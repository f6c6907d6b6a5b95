"""Human commentary: text files kept apart from the code that is rerun, carried to the certified tables by prepare.

A file may open with a head between two lines « --- »: `auteur` (a role, no name), `date`, and `empreinte`, the
fingerprint of the figures that it speaks of, as the report prints it. When these change, the report says « à relire ».
"""

import datetime
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipelines.errors import DataError
from pipelines.tables import TABLES, empty

_HEAD = ("auteur", "date", "empreinte")


def collect_comments(folder: Path) -> pd.DataFrame:
    """Table `commentaires` from `<dossier>/commentaires/<annee>/<notebook>/<section>.md`; empty where none is."""
    rows = [
        {
            "annee": int(path.parts[-3]),
            "notebook": path.parts[-2],
            "section": path.stem,
            **_read(path),
            "id_source": "commentaires",
            "fichier": path.relative_to(folder).as_posix(),
            "feuille": "",
            "ligne": 1,
        }
        for path in sorted(folder.glob("commentaires/[0-9][0-9][0-9][0-9]/*/*.md"))
    ]
    blank = empty(TABLES["commentaires"])
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


def _read(path: Path) -> dict[str, str]:
    """The head and the text of one file. DataError where it is not UTF-8, or its head not one."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"Le commentaire {path.name} n'est pas en UTF-8 : le réenregistrer en UTF-8.") from error
    first, _, rest = text.partition("\n")
    head, closed, body = rest.partition("\n---")
    if first.rstrip() != "---" or not closed:
        return {**dict.fromkeys(_HEAD, ""), "texte": text.strip()}
    return {**dict.fromkeys(_HEAD, ""), **_read_head(head, path), "texte": body.strip()}


def _read_head(head: str, path: Path) -> dict[str, str]:
    advice = (
        f"Entre les deux lignes « --- », écrire seulement {', '.join(_HEAD)}, chacun sur sa ligne : « clé: valeur »."
    )
    try:
        # As written: a fingerprint of digits alone is no number.
        content = YAML(typ="base", pure=True).load(head) or {}
    except YAMLError as error:
        raise DataError(f"L'en-tête du commentaire {path.name} n'est pas lisible. {advice}") from error
    unknown = sorted(map(str, set(content) - set(_HEAD))) if isinstance(content, dict) else [head.strip()[:60]]
    if unknown:
        raise DataError(f"L'en-tête du commentaire {path.name} contient « {unknown[0]} ». {advice}")
    written = {name: "" if value is None else str(value) for name, value in content.items()}
    if written.get("date") and not _is_date(written["date"]):
        raise DataError(f"L'en-tête du commentaire {path.name} : écrire la date ainsi, 2022-06-30.")
    return written


def _is_date(text: str) -> bool:
    try:
        datetime.datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        return False
    return True


def select_comments(comments: pd.DataFrame, annee: int, notebook: str) -> pd.DataFrame:
    """Commentaries of one report and year that hold a text: columns section, texte, auteur, date, empreinte."""
    kept = comments[(comments["annee"] == annee) & (comments["notebook"] == notebook) & (comments["texte"] != "")]
    return kept[["section", "texte", *_HEAD]].reset_index(drop=True)
