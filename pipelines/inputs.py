"""What the tables of a contract are made from: declarations, files, corrections, commentaries, and the method."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipelines.commentary import comment_files
from pipelines.contract import Contract
from pipelines.fingerprint import digest, digest_file, digest_files, digest_package
from pipelines.read.corrections import Correction, correction_files

# What a contract declares that no certified table depends on: where it lies, what it publishes elsewhere.
NOT_TABLES = {"dossier", "publication_scdl"}
# Columns that neither count nor name a person.
_TOLD = ("montant", "annee", "statut", "code_orientation", "code_territoire")


def fingerprint_inputs(contract: Contract) -> str:
    """Digest of all that the certified tables depend on: declarations, raw files, what people wrote, the method."""
    files = {source.id: digest_file(path) for source, path in contract.located()}
    corrections = {name: digest_file(path) for name, path in correction_files(contract).items()}
    comments = digest_files(comment_files(contract.dossier), contract.dossier)
    declared = contract.model_dump(mode="json", exclude=NOT_TABLES)
    editions = digest_files((contract.dossier / edition.fichier for edition in contract.editions), contract.dossier)
    return digest([declared, contract.nom_dossier, files, corrections, comments, editions, digest_package()])


def list_inputs(contract: Contract, corrections: pd.DataFrame) -> dict[str, Any]:
    """What a later edition compares with: entrees (id, fichier, sha256), corrections, fichiers_corrections (sha256).

    `corrections`: the fields of `Correction`, motives without personal data. Each carries a digest of its two values,
    unless they may count or name persons: few values would have to be tried to guess them.
    """
    return {
        "entrees": [
            {"id": source.id, "fichier": source.fichier, "sha256": digest_file(path)}
            for source, path in contract.located()
        ],
        "fichiers_corrections": {name: digest_file(path) for name, path in correction_files(contract).items()},
        "corrections": [_describe_correction(line) for line in corrections.to_dict("records")],
    }


def _describe_correction(line: dict[str, Any]) -> dict[str, Any]:
    protected = not line["colonne"].startswith(_TOLD)
    values = () if protected else (line["ancienne_valeur"], line["nouvelle_valeur"])
    return {
        **{key: line[key] for key in ("fichier", "feuille", "ligne", "colonne", "motif")},
        "empreinte": digest([line["motif"], *values])[:12],
        "est_protegee": protected,
    }


def inputs_by_year(
    contract: Contract, actions: pd.DataFrame | None, corrections: Sequence[Correction]
) -> list[dict[str, object]]:
    """For each programming year, what it was read from: digest of its files, digest of what was corrected in them.

    By these a later edition knows why a published figure of that year is no longer the same.
    """
    if actions is None:
        return []
    paths = {source.id: (source.fichier, path) for source, path in contract.located()}
    years = []
    for year, rows in actions.groupby("annee"):
        files = dict(paths[name] for name in sorted(rows["id_source"].unique()))
        mended = [correction[:-1] for correction in corrections if correction.fichier in files]
        data = digest([digest_file(path) for path in files.values()])
        years.append({"annee": int(year), "empreinte_donnees": data, "empreinte_corrections": digest(mended)})
    return [{name: one[:12] if isinstance(one, str) else one for name, one in year.items()} for year in years]
