"""The logic-impact models of a contract as files for others: a drawing, Mermaid, two CSVs, a workshop's workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.contract import Contract
from pipelines.errors import DataError, UsageError
from pipelines.exchange.mermaid import to_mermaid
from pipelines.exchange.target import staged
from pipelines.exchange.workshop import LINK_COLUMNS, NODE_COLUMNS, render_workshop
from pipelines.indicators import logic_model, monitoring
from pipelines.prepare import prepare
from pipelines.processed import load_table
from pipelines.report.downloads import to_csv
from pipelines.report.report import FICTIONAL
from pipelines.sources import nearest
from pipelines.tables import CERTIFIED, empty

_MEASURED_BY = ("socle_indicateurs", "actions", "financements", "beneficiaires", "resultats_actions")


@dataclass(frozen=True)
class Exported:
    """One model that was written: its name, its files, whether it is fictional."""

    code: str
    files: tuple[Path, ...]
    is_fictional: bool


def export_models(
    contract: Contract, processed: Path, folder: Path, *, names: Sequence[str] = (), year: int
) -> list[Exported]:
    """Prepare the contract's tables if they are not, then write the files of the named models (all by default).

    `<model>.svg`, `.mmd`, `_noeuds.csv`, `_liens.csv`, `.xlsx`, each replaced only by a whole file; the state of the
    nodes is that of `year`. UsageError for an unknown name or a folder that cannot be written, DataError without model.
    """
    if not contract.modeles:
        raise DataError(
            f"Le contrat « {contract.nom_dossier} » n'a pas de modèle logique. En importer un d'un classeur : "
            "ose import logique FICHIER.xlsx"
        )
    known = [model.code for model in contract.modeles]
    for name in names:
        if name not in known:
            close = nearest(name, known)
            raise UsageError(f"Modèle « {name} » inconnu{close}. Modèles : {', '.join(known)}.")
    tables = _load(processed / contract.nom_dossier, prepare(contract, processed))
    judged = judge(tables, year, base_minimale=contract.seuils.base_minimale_part)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"Le dossier « {folder} » ne peut pas être créé ({error.strerror or error}). Choisir un autre --sortie."
        ) from error
    models = tables["logique_modeles"].set_index("code_modele")
    done = []
    for code in dict.fromkeys(names or known):
        nodes, links = (logic_model.select_model(rows, code) for rows in (judged, tables["logique_liens"]))
        contents = render_model(models.loc[code], nodes, links)
        paths = {folder / f"{code}{end}": content for end, content in contents.items()}
        _write(paths)
        done.append(Exported(code, tuple(paths), bool(models.loc[code, "est_fictif"])))
    return done


def judge(tables: Mapping[str, pd.DataFrame], year: int, *, base_minimale: int) -> pd.DataFrame:
    """The nodes of all models with the state that their indicators give them in a year (`logic_model.judge_nodes`)."""
    nodes = tables["logique_noeuds"]
    actions = monitoring.sum_amounts(tables["actions"], tables["financements"])
    measured = logic_model.measure_indicators(
        logic_model.list_indicators(nodes, tables["socle_indicateurs"]),
        actions, tables["beneficiaires"], tables["resultats_actions"], year, base_minimale=base_minimale,
    )  # fmt: skip
    return logic_model.judge_nodes(nodes, measured)


def render_model(model: pd.Series, nodes: pd.DataFrame, links: pd.DataFrame) -> dict[str, bytes]:
    """The content of each file of one model, by the end of its name.

    `model`: its row of `logique_modeles`; `nodes`: of `judge`; `links`: of `logique_liens`.
    """
    # Heavy: it lays out and measures every word.
    from pipelines.charts.diagram import draw_logic_model

    is_fictional = bool(model["est_fictif"])
    levels = logic_model.name_levels(model)
    drawn = links.assign(est_saut=logic_model.flag_skips(nodes, links))
    mermaid = to_mermaid(nodes, links, levels)
    if is_fictional:
        mermaid = f"%% {FICTIONAL}\n{mermaid}"
    diagram = draw_logic_model(nodes, drawn, title=model["titre"], levels=levels, mermaid=mermaid)
    about: dict[str, Any] = {"titre": model["titre"], "est_fictif": is_fictional}
    return {
        ".svg": _line(diagram.write(mark=FICTIONAL if is_fictional else "")).encode(),
        ".mmd": mermaid.encode(),
        "_noeuds.csv": to_csv(nodes[NODE_COLUMNS]).encode(),
        "_liens.csv": to_csv(links[LINK_COLUMNS]).encode(),
        ".xlsx": render_workshop(nodes[NODE_COLUMNS], links[LINK_COLUMNS], about),
    }


def _line(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _load(folder: Path, manifest: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables of the models and of what measures them; one that the contract has not is without rows."""
    tables = {
        name: load_table(folder, manifest, name) for name in ("logique_modeles", "logique_noeuds", "logique_liens")
    }
    for name in _MEASURED_BY:
        held = name in manifest["tables"]
        tables[name] = load_table(folder, manifest, name) if held else empty(CERTIFIED[name])
    return tables


def _write(contents: Mapping[Path, bytes]) -> None:
    for path, content in contents.items():
        if path.is_dir():
            raise UsageError(f"« {path} » est un dossier. Choisir un autre --sortie.")
        with staged(path) as beside:
            whole = beside / path.name
            whole.write_bytes(content)
            whole.replace(path)
