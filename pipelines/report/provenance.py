"""What a published report was made from: inputs, parameters, method, verdict; written last, hashing its siblings."""

import datetime
import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.editions import describe_inputs
from pipelines.errors import DataError
from pipelines.fingerprint import digest, digest_file, digest_package, locked_versions
from pipelines.numbers import count
from pipelines.processed import MANIFEST, WHOLE, declared_sources
from pipelines.report.accessibility import conformity

# The quality page, and the files of a certified folder that it reads beside the tables.
QUALITY, JOURNAL, SET_ASIDE = "qualite", "journal.csv", "ecartees/*.csv"
ACCESSIBILITY = "accessibilite"
COUNTED = ("lues", "retenues", "ecartees", "hors_donnees")
# A page names the first rows that a warning speaks of; `ose check` and the raw file show the rest.
PLACES_NAMED = 5
LIBRARIES = ("pandas", "numpy", "matplotlib", "seaborn", "papermill", "nbconvert", "great-expectations")


def fingerprint_quality(folder: Path) -> str:
    """Digest of all that a quality page depends on: the certificate, the journal, the rows set aside, the method."""
    files = [folder / MANIFEST, folder / JOURNAL, *sorted(folder.glob(SET_ASIDE))]
    return digest([[(path.name, digest_file(path)) for path in files if path.is_file()], digest_package()])


def describe(
    identity: Mapping[str, Any],
    manifest: Mapping[str, Any],
    *,
    used: Collection[str],
    read: Collection[str] | None = None,
    stale: Sequence[str],
    comments: Sequence[Mapping[str, str]] = (),
    shown: Sequence[Mapping[str, Any]] = (),
    found: Sequence[str] = (),
) -> dict[str, Any]:
    """All that a page says of its own making, from the manifest.

    `identity`: titre, genre, question, notebook, annee, commune (its name, or ""), parametres, empreinte; `used`: the
    ids of the sources that it cites; `read`: the tables that it read, None for all; `stale`: the sections whose
    commentary is to be read again; `comments`: for each section its state, the fingerprint and the CSV text of the
    figures that it shows; `shown`: tables, data of figures and key figures, as they are read (`grid.keep_shown`): what
    the next edition compares its own with; `found`: the statuses that the notebook found for itself, where it does.
    """
    name = identity["notebook"]
    contract = manifest["contrat"]
    sources = [source for source in declared_sources(manifest) if source["id"] in used]
    warnings = [line for line in manifest["controles"] if not line["success"]]
    holding = [line["description"] for line in warnings if line["retient"] == name]
    return {
        **identity,
        **describe_inputs(manifest, used, None if read is None or WHOLE in read else read),
        "montre": [dict(one) for one in shown],
        "contrat": contract["nom_dossier"],
        "nom_contrat": contract["nom"],
        "statut": _judge_status(holding, found, contract["statut_rapport"]),
        "a_relire": list(stale),
        "commentaires": [dict(comment) for comment in comments],
        "accessibilite": conformity(contract),
        "date_arret": contract["date_arret"],
        "fictif": any(source["fictif"] for source in sources),
        "sources": sources,
        "balance": [line for line in manifest["balance"] if line["id_source"] in used],
        "euros": _euros(manifest["euros"], used),
        "verdict": {
            "nb_controles": len(manifest["controles"]),
            "nb_avertissements": len(warnings),
            "avertissements": [
                {
                    **{key: line[key] for key in ("table", "description", "nb_lignes", "observe")},
                    "ou": name_places(line["lignes"], line["nb_lignes"]),
                }
                for line in warnings
            ],
            "retenu_par": holding,
        },
        "versions": locked_versions(LIBRARIES),
        "methode": digest_package(),
    }


def _judge_status(holding: Collection[str], found: Collection[str], declared: str) -> str:
    """« projet » or « definitif »; what a notebook found for itself holds, whatever the contract declares.

    A check may hold the page of one notebook back, whatever the others say.
    """
    if holding or "projet" in found:
        return "projet"
    return "definitif" if found else declared


def cite(source: Mapping[str, Any], stopped: datetime.date | None = None) -> str:
    """A source as it is cited under what was computed from it; with its lag at the date at which a report stops."""
    lag = f" ({tell_lag(source['millesime'], stopped)})" if stopped else ""
    origin = f"{source['editeur']}, {source['titre']}"
    return f"{origin}, millésime : {source['millesime']}{lag} ; licence : {source['licence']}"


def tell_lag(vintage: str, stopped: datetime.date) -> str:
    """« 5 ans avant la date d'arrêté »: years between the last year that a vintage names and that date."""
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", vintage)]
    if not years:
        return "décalage inconnu"
    lag = stopped.year - max(years)
    return f"décalage : {count(lag, 'an')}" if lag > 0 else "décalage : moins d'un an"


def balance_totals(balance: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Sums of the row balance over all files, each line checked."""
    for line in balance:
        if line["lues"] != line["retenues"] + line["ecartees"] + line["hors_donnees"]:
            raise DataError(
                f"Le bilan des lignes de {line['fichier']} ne tombe pas juste : des lignes se sont perdues. "
                "Relancer ose check, et signaler ce fichier si le message revient."
            )
    return {name: sum(line[name] for line in balance) for name in COUNTED}


def name_places(places: Sequence[Mapping[str, Any]], total: int) -> str:
    """« export.csv, lignes 3, 12 ; autre.xlsx, feuille « Nord », ligne 4 ; et 7 autres »: where, never what."""
    shown: dict[str, list[str]] = {}
    for place in places[:PLACES_NAMED]:
        sheet = f", feuille « {place['feuille']} »" if place["feuille"] else ""
        shown.setdefault(f"{place['fichier']}{sheet}", []).append(str(place["ligne"]))
    told = [f"{file}, ligne{'s' * (len(lines) > 1)} {', '.join(lines)}" for file, lines in shown.items()]
    rest = total - min(len(places), PLACES_NAMED)
    more = [f"et {rest} autre{'s' * (rest > 1)}"] if told and rest else []
    return " ; ".join([*told, *more])


def _euros(euros: Mapping[str, list[dict[str, Any]]], used: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Granted euros of the files that a page cites, and the votes of their years."""
    granted = [line for line in euros["accordes"] if line["id_source"] in used]
    years = {line["annee"] for line in granted}
    return {"accordes": granted, "votes": [line for line in euros["votes"] if line["annee"] in years]}


def with_provenance(name: str, about: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a report with its provenance `name` last, which holds the SHA-256 of each."""
    digests = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    text = json.dumps({**about, "fichiers": digests}, ensure_ascii=False, indent=1, sort_keys=True)
    return {**files, name: f"{text}\n".encode()}


def is_current(path: Path, empreinte: str) -> bool:
    """Is the report whose provenance stands at `path` made from these inputs, its files as written then?"""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        files = about["fichiers"]
        return about["empreinte"] == empreinte and all(
            digest_file(path.parent / name) == sha for name, sha in files.items()
        )
    except (OSError, ValueError, KeyError):
        return False
