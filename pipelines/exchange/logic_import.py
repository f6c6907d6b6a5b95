"""A workshop's workbook → the three files of a logic-impact model in a contract's folder."""

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.contract import Contract
from pipelines.declarations import TO_FILL
from pipelines.errors import UsageError
from pipelines.exchange.target import staged
from pipelines.exchange.workshop import LINK_COLUMNS, NODE_COLUMNS
from pipelines.exchange.workshop_reading import read_workshop
from pipelines.logic_models import FOLDER, MODEL_NAME
from pipelines.read.records import read_workbook_records
from pipelines.report.downloads import to_csv
from pipelines.report.report import FICTIONAL
from pipelines.tables import TABLES

# A number as a spreadsheet hands it over; people write a comma.
_POINT = re.compile(r"(-?\d+)\.(\d+)")


@dataclass(frozen=True)
class Imported:
    """A model that was written. `files`: its three files; `is_new`: its .yml was not there, and is to be completed.

    `supposed`, `unexamined`: links that are hypotheses, and links without a verdict.
    """

    files: tuple[Path, ...]
    nodes: int
    links: int
    supposed: int
    unexamined: int
    is_new: bool
    is_fictional: bool


def import_model(contract: Contract, workbook: Path, name: str | None = None, *, force: bool = False) -> Imported:
    """Write `logique_impact/<name>.yml` and its two CSVs from a workbook; by default, the name of the workbook's file.

    A .yml that is there stays as it is: people completed it. UsageError where the name will not do, or files are there
    without `force`; DataError as `read_workshop`.
    """
    nodes, links = read_workshop(workbook)
    code = name if name is not None else model_name(workbook)
    if not MODEL_NAME.fullmatch(code):
        raise UsageError(
            f"« {code} » n'est pas un nom de modèle : n'y mettre que des lettres sans accent, des chiffres, « - » et "
            "« _ ». Le donner avec --modele."
        )
    folder = contract.dossier / FOLDER
    about, *halves = (folder / f"{code}{end}" for end in (".yml", "_noeuds.csv", "_liens.csv"))
    there = [path.name for path in (about, *halves) if path.exists()]
    if there and not force:
        raise UsageError(
            f"Le modèle « {code} » existe déjà ({', '.join(there)}). Choisir un autre nom avec --modele, ou remplacer "
            "ses nœuds et ses liens avec --force."
        )
    is_fictional = _is_marked(workbook)
    texts = {
        halves[0]: _csv(nodes, NODE_COLUMNS, "logique_noeuds"),
        halves[1]: _csv(links, LINK_COLUMNS, "logique_liens"),
    }
    if is_new := not about.exists():
        texts[about] = _describe(code, workbook, contract, is_fictional=is_fictional)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"Le dossier « {folder} » ne peut pas être créé ({error.strerror}). Vérifier les droits."
        ) from error
    with staged(about) as beside:
        for path, text in texts.items():
            (beside / path.name).write_text(text, encoding="utf-8", newline="\n")
        for path in texts:
            (beside / path.name).replace(path)
    return Imported(
        (about, *halves),
        len(nodes),
        len(links),
        int(links["statut"].eq("hypothese").sum()),
        int(links["verdict"].eq("non_examine").sum()),
        is_new,
        is_fictional,
    )


def model_name(workbook: Path) -> str:
    """The name of a model from that of its workbook: without accents, blanks or capitals."""
    letters = unicodedata.normalize("NFKD", workbook.stem.replace("œ", "oe")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_-]+", "_", letters).strip("_") or "modele"


def _csv(frame: pd.DataFrame, columns: list[str], table: str) -> str:
    """The CSV of one half, as the contract's other files: no byte order mark, decimal commas."""
    numbers = {one.name for one in TABLES[table].columns if one.kind == "decimal"}
    shown = {name: frame[name].map(_comma) if name in numbers else frame[name] for name in columns}
    return to_csv(pd.DataFrame(shown)).removeprefix("\ufeff")


def _comma(text: str) -> str:
    found = _POINT.fullmatch(text)
    return f"{found[1]},{found[2]}" if found else text


def _is_marked(workbook: Path) -> bool:
    """Does a sheet say that the model is fictional, as ours do? Such a model stays so, whoever imports it."""
    cells = (cell for records in read_workbook_records(workbook, ()) for row in records.rows for cell in row)
    return any(cell.startswith(FICTIONAL) for cell in cells)


def _describe(code: str, workbook: Path, contract: Contract, *, is_fictional: bool) -> str:
    """The .yml of a new model: what the workbook cannot say is left to a person."""
    title = code.replace("_", " ").replace("-", " ").strip().capitalize()
    lines = {
        "titre": (title or code, "ce que le modèle décrit"),
        "question": ("", "question évaluative à laquelle il sert"),
        "orientation": ("", f"{', '.join(one.code for one in contract.orientations)} ; vide : aucune en particulier"),
        "date": ("", "date de l'atelier"),
        "origine": (f"Atelier, classeur {workbook.name}", "qui l'a dessiné, d'où viennent les liens"),
        "editeur": (TO_FILL, "qui publie le modèle"),
        "licence": (TO_FILL, "par exemple : Licence Ouverte 2.0, ou document interne"),
        "millesime": (TO_FILL, "année que le modèle décrit"),
    }
    told = [f"{key}: {json.dumps(value, ensure_ascii=False)}  # {what}" for key, (value, what) in lines.items()]
    return (
        "\n".join(
            [
                f"# Modèle logique d'impact : ce fichier, {code}_noeuds.csv et {code}_liens.csv.",
                *told,
                f"fictif: {'true' if is_fictional else 'false'}",
            ]
        )
        + "\n"
    )
