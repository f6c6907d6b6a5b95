"""The certified tables of a contract: written once, whole, with a manifest; loaded only if the manifest names them."""

import errno
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import DataError, UsageError
from pipelines.fingerprint import digest_file
from pipelines.paths import READS_VARIABLE
from pipelines.tables import CERTIFIED, as_text

MANIFEST = "manifest.json"
# What a page depends on that read the manifest by itself.
WHOLE = "*"
# What the notebook that runs in this process has read so far.
READS: set[str] = set()
ROW_GROUP = 1024 * 1024


def write_processed(
    folder: Path, tables: Mapping[str, pd.DataFrame], extras: Mapping[str, str], manifest: dict[str, Any]
) -> dict[str, Any]:
    """Write the tables, the extra text files, then the manifest, beside `folder`; then put them in its place.

    Returns the manifest completed with rows and SHA-256 of each table. UsageError where the folder cannot be written.
    """
    staging = folder.with_name(f".{folder.name}.encours")
    previous = folder.with_name(f".{folder.name}.precedent")
    try:
        if folder.is_file():
            raise NotADirectoryError(errno.ENOTDIR, "un fichier porte ce nom")
        # A write that stopped between its two moves left the last good tables under their waiting name.
        if previous.is_dir() and not folder.exists():
            previous.rename(folder)
        for leftover in (staging, previous):
            shutil.rmtree(leftover, ignore_errors=True)
        staging.mkdir(parents=True)
        entries = {}
        for name, frame in tables.items():
            file = staging / f"{name}.parquet"
            _write_table(file, frame)
            entries[name] = {
                "lignes": len(frame),
                "sha256": digest_file(file),
                "sources": sorted(frame["id_source"].unique()),
            }
        for name, text in extras.items():
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).write_text(text, encoding="utf-8", newline="\n")
        manifest = {**manifest, "tables": entries}
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (staging / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
        if folder.exists():
            folder.rename(previous)
        staging.rename(folder)
        shutil.rmtree(previous, ignore_errors=True)
    except OSError as error:
        raise UsageError(
            f"Le dossier {folder.name} des tables préparées ne peut pas être écrit ({error.strerror or error}). "
            "Vérifier les droits et la place disponible, ou choisir un autre dossier avec --processed."
        ) from error
    return manifest


def _write_table(file: Path, frame: pd.DataFrame) -> None:
    """One table as text and numbers, a row group at a time."""
    parts = (as_text(frame.iloc[first : first + ROW_GROUP]) for first in range(0, max(1, len(frame)), ROW_GROUP))
    schema = pa.Schema.from_pandas(as_text(frame.iloc[:ROW_GROUP]), preserve_index=False)
    with pq.ParquetWriter(file, schema) as writer:
        for part in parts:
            writer.write_table(pa.Table.from_pandas(part, schema, preserve_index=False))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a contract's certified tables. DataError where there is none, or where it cannot be read."""
    path = folder / MANIFEST
    if not path.is_file():
        raise DataError(
            f"Les tables du contrat « {folder.name} » ne sont pas préparées. Lancer : ose check --contrat {folder.name}"
        )
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{MANIFEST} est illisible. Relancer : ose check --contrat {folder.name}") from error


def declared_sources(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every source that the manifest's contract declares, its own first, then the national ones."""
    return [*manifest["contrat"]["sources"], *manifest["contrat"]["sources_nationales"]]


def note_read(name: str) -> None:
    """Tell the build that runs this kernel that its page depends on a table, there or not; `WHOLE`: on all there is."""
    if name not in READS:
        READS.add(name)
        told = os.environ.get(READS_VARIABLE)
        if told:
            with Path(told).open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")


def load_edition(folder: Path, entry: Mapping[str, Any]) -> str:
    """The text of a former edition that the manifest names. DataError where it is not the certified one."""
    path = folder / entry["copie"]
    if not path.is_file() or digest_file(path) != entry["sha256"]:
        raise DataError(
            f"L'édition {entry['fichier']} n'est plus celle qui a été déclarée. Relancer : ose check --contrat "
            f"{folder.name}"
        )
    return path.read_text(encoding="utf-8")


def load_table(folder: Path, manifest: dict[str, Any], name: str) -> pd.DataFrame:
    """One certified table. DataError where the manifest does not name it, or the file is not the certified one."""
    entry = manifest["tables"].get(name)
    if entry is None and name in CERTIFIED:
        raise DataError(f"La table « {name} » n'a pas de source dans contrat.yml : en ajouter une, puis relancer.")
    if entry is None:
        raise DataError(f"La table « {name} » n'est pas certifiée. Tables : {', '.join(sorted(manifest['tables']))}.")
    path = folder / f"{name}.parquet"
    if not path.is_file() or digest_file(path) != entry["sha256"]:
        raise DataError(
            f"La table « {name} » n'est plus celle qui a été validée. Relancer : ose check --contrat {folder.name}"
        )
    # A small file: the threads and the datasets of Arrow would take longer to start than it takes to read.
    return pq.ParquetFile(path).read(use_threads=False).to_pandas()
