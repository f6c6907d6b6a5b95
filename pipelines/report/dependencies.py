"""What a page depends on, each thing by its digest: a page is made again when one has changed, and says which.

Which tables a notebook reads is not declared: its kernel notes them as it reads (`processed.note_read`), and the
provenance keeps their names. The same notebook on the same tables reads the same ones.
"""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.commentary import select_comments
from pipelines.errors import DataError
from pipelines.fingerprint import digest, method
from pipelines.processed import WHOLE, load_table
from pipelines.report.provenance import describe

# What changed, as `ose list` tells it; a table, a commentary and a parameter are told by name.
_TOLD = {
    "notebook": "le notebook a changé",
    "parametres": "un paramètre a changé",
    "code": "avec ou sans le code",
    "methode": "le logiciel a changé",
    "focus": "un Focus a changé",
    "contrat": "contrat.yml a changé",
    "editions": "une édition antérieure a changé",
    "certificat": "une source citée ou un contrôle a changé",
    "tables": "les tables ont changé",
    "commentaires": "un commentaire a changé",
}
_TABLE, COMMENTS = "table ", "commentaires:"


def list_dependencies(
    notebook: str,
    parameters: Mapping[str, Any],
    manifest: Mapping[str, Any],
    comments: Mapping[tuple[int, str], str],
    *,
    name: str,
    annee: int,
    read: Collection[str],
    used: Collection[str],
    with_code: bool,
    focus: str,
) -> dict[str, str]:
    """Each thing that a page depends on, by name, with its digest.

    `notebook`: digest of its sources and tags; `comments`: `digest_comments`; `name` and `annee`: its notebook, the
    year that it is filed under; `read`: what its kernel noted; `used`: the sources that it cites; `focus`: digest of
    the Focus that it runs, "" for none.
    """
    found = {
        "notebook": notebook,
        "parametres": digest(dict(parameters)),
        "code": str(with_code),
        "methode": method()["methode"],
        "focus": focus,
        "contrat": digest(manifest["contrat"]),
        "editions": digest(manifest["editions"]),
        "certificat": digest(describe({"notebook": name}, manifest, used=used, read=read, stale=())),
    }
    if WHOLE in read:
        found["tables"] = digest({key: value for key, value in manifest.items() if key != "empreinte"})
    for one in sorted({*read} - {WHOLE}):
        if one.startswith(COMMENTS):
            found["commentaires"] = comments.get((annee, one.removeprefix(COMMENTS)), "")
        else:
            found[f"{_TABLE}{one}"] = manifest["tables"].get(one, {}).get("sha256", "")
    return {key: value[:16] for key, value in found.items()}


def digest_comments(folder: Path, manifest: dict[str, Any]) -> dict[tuple[int, str], str]:
    """(year, notebook) → digest of the commentaries that its report shows."""
    if "commentaires" not in manifest["tables"]:
        return {}
    return _digest_comments(folder, manifest["tables"]["commentaires"]["sha256"])


def tell_differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What has changed from one list of dependencies to another, in words; [] where they are the same."""
    changed = [key for key in {**before, **now} if before.get(key) != now.get(key)]
    tables = [f"« {key.removeprefix(_TABLE)} »" for key in changed if key.startswith(_TABLE)]
    told = [_TOLD[key] for key in changed if key in _TOLD]
    if "methode" in changed:
        return [_TOLD["methode"]]  # tables, prepared by it, may differ for no other reason
    return [*told, *([f"table{'s' * (len(tables) > 1)} {', '.join(tables)}"] if tables else [])]


@cache
def _digest_comments(folder: Path, sha: str) -> dict[tuple[int, str], str]:
    # `sha` is the key of the cache, and what is checked on reading.
    try:
        table = load_table(folder, {"tables": {"commentaires": {"sha256": sha}}}, "commentaires")
    except DataError:  # no longer the certified one: every page that shows any is to be made again
        return {}
    keys = table[["annee", "notebook"]].drop_duplicates().itertuples(index=False)
    return {
        (int(year), name): digest(select_comments(table, year, name).to_json(orient="records")) for year, name in keys
    }
