"""Former editions that contrat.yml names, carried to the certified folder for the reports to compare with."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from pipelines.editions.edition import parse_edition
from pipelines.errors import DataError
from pipelines.fingerprint import digest_file

FOLDER = "editions"


class DeclaredEdition(BaseModel):
    """One file under « editions » of contrat.yml, by its path from there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fichier: Annotated[str, Field(min_length=1)]


def collect_editions(folder: Path, declared: Sequence[DeclaredEdition]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """What the manifest says of each declared edition, and the texts to keep beside it, by name.

    Of each: fichier, copie (its name there), sha256, notebook, sujet, annee. DataError where a file holds no edition of
    this contract.
    """
    entries, texts = [], {}
    for rank, one in enumerate(declared, start=1):
        path = folder / one.fichier
        text = _read(path, one.fichier)
        edition = parse_edition(text, one.fichier, DataError)
        if edition.contrat != folder.name:
            raise DataError(
                f"{one.fichier} est une édition du contrat « {edition.contrat} », pas de « {folder.name} » : leurs "
                "chiffres ne se comparent pas. La retirer de « editions » dans contrat.yml."
            )
        copy = f"{FOLDER}/{rank}.json"
        texts[copy] = text
        about = {"notebook": edition.notebook, "sujet": edition.sujet, "annee": edition.annee}
        entries.append({"fichier": one.fichier, "copie": copy, "sha256": digest_file(path), **about})
    return entries, texts


def choose_edition(
    entries: Sequence[Mapping[str, Any]], notebook: str, sujet: str, annee: int
) -> Mapping[str, Any] | None:
    """The edition that a report is compared with: the last declared of its year, else of the latest year before."""
    own = [one for one in entries if (one["notebook"], one["sujet"]) == (notebook, sujet) and one["annee"] <= annee]
    return max(enumerate(own), key=lambda ranked: (ranked[1]["annee"], ranked[0]))[1] if own else None


def _read(path: Path, name: str) -> str:
    try:
        # Its copy is to have the same bytes.
        with path.open(encoding="utf-8", newline="") as handle:
            return handle.read()
    except UnicodeDecodeError as error:
        raise DataError(f"{name} n'est pas en UTF-8 : le remplacer par le fichier que ose build a écrit.") from error
