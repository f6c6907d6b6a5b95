"""`logique_impact/<modele>.yml`: what a logic-impact model is about, where it comes from, and the two files it draws.

A model is three files that evaluators write: this one, `<modele>_noeuds.csv` and `<modele>_liens.csv`.
"""

import re
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.declarations import place_of, read_yaml, say_fault, worst_fault
from pipelines.errors import DataError
from pipelines.sources import Source, Text
from pipelines.tables import LOGIC_LEVEL_LABELS, LOGIC_LEVELS, TABLES, empty

FOLDER = "logique_impact"
# Half of a model → the table that it feeds.
PARTS = {"noeuds": "logique_noeuds", "liens": "logique_liens"}
MODEL_NAME = re.compile(r"[A-Za-z0-9_-]+")


class LogicModel(BaseModel):
    """One model: its subject, the question it serves, what it calls its levels, who drew it; `code` names its files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Text
    titre: Text
    question: str = ""
    # The contract's orientation that it belongs to, if it is of one alone.
    orientation: str = ""
    date: str = ""
    origine: Text
    niveaux: dict[Literal[LOGIC_LEVELS], Text] = {}
    editeur: Text
    licence: Text
    url: str = ""
    millesime: Text
    fictif: bool
    note: str = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its two files, as contrat.yml would declare them."""
        shared = self.model_dump(include={"editeur", "licence", "url", "millesime", "fictif", "note"})
        mention = " (données fictives de démonstration)" if self.fictif else ""
        return tuple(
            Source(
                id=f"logique_{self.code}_{part}",
                fichier=f"{FOLDER}/{self.code}_{part}.csv",
                table=table,
                colonnes={name: name for name in TABLES[table].names if name != "code_modele"},
                colonnes_facultatives=tuple(c.name for c in TABLES[table].columns if not c.required),
                constantes={"code_modele": self.code},
                titre=f"Modèle logique : {self.titre}, {'nœuds' if part == 'noeuds' else 'liens'}{mention}",
                **shared,
            )
            for part, table in PARTS.items()
        )


def read_models(folder: Path) -> tuple[LogicModel, ...]:
    """The models of a contract's folder, by name. DataError, with the line, where a file says something unknown."""
    return tuple(_read(path) for path in sorted((folder / FOLDER).glob("*.yml")))


def _read(path: Path) -> LogicModel:
    file = f"{FOLDER}/{path.name}"
    if not MODEL_NAME.fullmatch(path.stem):
        raise DataError(
            f"{file} : le nom d'un modèle ne prend que des lettres sans accent, des chiffres, « - » et « _ ». "
            "Renommer ses trois fichiers."
        )
    content = read_yaml(path)
    if "code" in content:
        raise DataError(f"{place_of(file, content, ['code'])} : « code » est le nom du fichier. Supprimer la ligne.")
    content["code"] = path.stem
    try:
        return LogicModel.model_validate(content)
    except ValidationError as error:
        first = worst_fault(error)
        known = (
            LOGIC_LEVELS if first["loc"][0] == "niveaux" else [key for key in LogicModel.model_fields if key != "code"]
        )
        told = say_fault(first, first["loc"], lambda _: known)
        raise DataError(f"{place_of(file, content, first['loc'])} : {told}") from error


def collect_models(models: tuple[LogicModel, ...]) -> pd.DataFrame:
    """Table `logique_modeles`: one row a model; where one does not name a level, the general word stands."""
    rows = [
        {
            "code_modele": model.code,
            "titre": model.titre,
            "question": model.question or None,
            "code_orientation": model.orientation or None,
            "dessine_en": model.date or None,
            "origine": model.origine,
            **{f"libelle_{level}": model.niveaux.get(level, LOGIC_LEVEL_LABELS[level]) for level in LOGIC_LEVELS},
            "est_fictif": model.fictif,
            "id_source": model.sources[0].id,
            "fichier": f"{FOLDER}/{model.code}.yml",
            "feuille": "",
            "ligne": 1,
        }
        for model in models
    ]
    blank = empty(TABLES["logique_modeles"])
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())
