"""What a page was made from, as its provenance keeps it for the next edition to compare with."""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Any

from pipelines.fingerprint import digest, project_version

SHORT = 12
# What a source says of itself that changes no figure.
_CITED = ("id", "fichier", "titre", "editeur", "licence", "url", "note", "date_acces", "sha256")
# What contrat.yml says that changes no figure, or that an edition tells apart.
_APART = (
    *("sources", "sources_nationales", "editions", "seuils", "date_arret", "accessibilite", "statut_rapport"),
    *("nom_dossier", "dossier"),
)


def describe_inputs(
    manifest: Mapping[str, Any], used: Collection[str], read: Collection[str] | None = None
) -> dict[str, Any]:
    """Of the sources that a page cites, files, corrections, declarations and checks; a digest of the others it reads.

    `read`: the tables that it read, None for all. A source of a table that it did not read changes nothing of it.

    Keys: version, entrees, autres_entrees, corrections, fichiers_corrections, seuils, declarations, controles.
    """
    contract = manifest["contrat"]
    declared = {source["id"]: source for source in [*contract["sources"], *contract["sources_nationales"]]}
    cited = [file for file in manifest["entrees"] if file["id"] in used]
    names = {file["fichier"] for file in cited}
    folders = {_folder(name) for name in names}
    feeding = {
        source
        for name, entry in manifest["tables"].items()
        for source in entry["sources"]
        if read is None or name in read
    }
    apart = [file for file in manifest["entrees"] if file["id"] in feeding - {*used}]
    also = {file["fichier"] for file in apart} - names
    others = [apart, [line for line in manifest["corrections"] if line["fichier"] in also]]
    return {
        "version": project_version(),
        "entrees": [
            {**file, "millesime": declared[file["id"]]["millesime"], "declaration": _declaration(declared[file["id"]])}
            for file in cited
        ],
        "autres_entrees": digest(others)[:SHORT],
        "corrections": [line for line in manifest["corrections"] if line["fichier"] in names],
        "fichiers_corrections": {
            name: sha for name, sha in manifest["fichiers_corrections"].items() if _folder(name) in folders
        },
        "seuils": contract["seuils"],
        "declarations": digest({key: value for key, value in contract.items() if key not in _APART})[:SHORT],
        "controles": _checks(manifest, used),
    }


def _declaration(source: Mapping[str, Any]) -> str:
    return digest({key: value for key, value in source.items() if key not in _CITED})[:SHORT]


def _checks(manifest: Mapping[str, Any], used: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """For each table that a cited source feeds: its sources, and the checks that held."""
    fed = {name: entry["sources"] for name, entry in manifest["tables"].items() if set(entry["sources"]) & set(used)}
    held = {name: {"sources": sources, "conformes": []} for name, sources in fed.items()}
    for line in manifest["controles"]:
        if line["success"] and line["table"] in held:
            held[line["table"]]["conformes"].append(line["description"])
    return held


def _folder(name: str) -> PurePosixPath:
    return PurePosixPath(name).parent
