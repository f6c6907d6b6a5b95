"""A new contract folder: one commented contrat.yml to fill in, and nothing else."""

import re
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.paths import RAW

MODEL = Path(__file__).with_name("new_contract.yml")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def create_contract(name: str) -> Path:
    """The contrat.yml of a new folder: under `data/raw/`, or anywhere if `name` is a path.

    UsageError where the folder is already there, bears a name that no page could bear, or cannot be written.
    """
    anywhere = "/" in name or "\\" in name
    folder = Path(name).expanduser().resolve() if anywhere else RAW / name
    if not _NAME.fullmatch(folder.name):
        raise UsageError(
            f"« {folder.name} » ne peut pas nommer un contrat : prendre des minuscules sans accent, des chiffres, "
            "« - » ou « _ », par exemple « porte-du-hainaut »."
        )
    if folder.exists():
        raise UsageError(f"Le dossier « {folder.name} » existe déjà : rien n'y a été touché. Choisir un autre nom.")
    try:
        folder.mkdir(parents=True)
        file = folder / "contrat.yml"
        file.write_text(MODEL.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"Le dossier « {folder.name} » ne peut pas être écrit ({error.strerror or error}). Vérifier les droits."
        ) from error
    return file
