"""Contract folders of elsewhere: a region's quartiers of 2015, and the shipped contract beside the whole country."""

import csv
import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pipelines.fingerprint import digest_file
from pipelines.paths import RAW, ROOT

PUBLIC = ROOT.parent / "shared" / "real-data"
# The whole public files, absent from the project, and excerpts of our own making with their headers.
OCCITANIE = PUBLIC / "hackaviz2021-qpv-occitanie/qp.csv"
OCCITANIE_EXCERPT = ROOT / "tests/data/occitanie_qp.csv"
FRANCE = PUBLIC / "qpv2024-insee-anct/analyse_qpv.csv"
NORD = RAW / "valenciennes/observation/qpv2024_nord.csv"

_NAMES = {"code_qp": "code_territoire", "nom_qp": "nom_territoire"}
_REGION = {
    "code_territoire": "76", "type_territoire": "region", "nom_territoire": "Occitanie", "geographie": "administrative",
    "est_fictif": "non", "est_incertain": "non",
}  # fmt: skip
_ORIGIN = {"editeur": "Essai", "licence": "Licence Ouverte 2.0", "fictif": False}
# Header → vintage, and what its statistics are; the file tells the year of some only.
_RP, _FILOSOFI = ("RP", "sondage", 5), ("Filosofi", "exhaustif", 2)
_CAF, _DEFM, _SIRENE = ("CAF", "exhaustif", 1), ("DEFM", "exhaustif", 1), ("SIRENE", "exhaustif", 1)
_PERCENTS = {
    "tx_tot_et": _RP, "tx_f": _RP, "tx_f_et": _RP, "pmimp": _FILOSOFI, "part_chomprinc": _FILOSOFI, "tp60": _FILOSOFI,
    "brev": _CAF, "tx_tot_empl": _RP, "tx_f_empl": _RP, "tx_et_empl": _RP, "tx_tot_eprec": _RP, "tx_f_eprec": _RP,
    "tx_et_eprec": _RP,
}  # fmt: skip
_YEARS = {
    "pop_mun": "2015",
    "ind_jeune": "2015",
    "tx_f": "2015",
    "tx_tot_et": "2015",
    "tx_f_et": "2015",
    "tp60": "2017",
}
_BETTER = {"tx_tot_empl": "haut_mieux", "tx_f_empl": "haut_mieux", "tp60": "bas_mieux", "brev": "bas_mieux"}
_BETTER |= {"tx_tot_eprec": "bas_mieux", "abcde": "bas_mieux"}
# Columns of the national file that the shipped table of the Nord can fill.
_FRENCH = {
    "nb_habitants_qpv": "popMuniQPV", "indice_jeunesse_qpv": "indiceJeunesse", "nb_menages_qpv": "nombre_menages",
    "part_menages_1_personne_qpv": "partMen1p", "part_menages_6_personnes_plus_qpv": "partMen6pp",
    "nb_logements_sociaux_pour_100_menages_qpv": "taux_logements_sociaux", "taux_emploi_15_64_qpv": "taux_d_emploi",
    "taux_pauvrete_qpv": "taux_pauvrete_60%",
}  # fmt: skip


def make_occitanie(folder: Path, received: Path) -> Path:
    """A contract of the region, from one received file and two tables written as an evaluator would.

    The file is read four times: quartiers, their place in the region, their communes' spelling left out, indicators.
    """
    contract = folder / "occitanie"
    contract.mkdir()
    shutil.copy(received, contract / "qp.csv")
    header = received.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    measures = [name for name in header if name not in ("code_qp", "nom_qp", "nom_commune")]
    _write(contract / "region.csv", [_REGION])
    _write(contract / "indicateurs.csv", [_define(name) for name in measures])
    place = {"type_parent": "region", "code_parent": "76", "nom_parent": "Occitanie", "est_dans_agglomeration": "oui"}
    kind = {"type_territoire": "qpv", "geographie": "QPV2015", "est_fictif": "non", "est_incertain": "non"}
    sources = [
        _declare(contract, "region", "region.csv", "territoires", colonnes=_as_named(contract / "region.csv")),
        _declare(
            contract, "indicateurs", "indicateurs.csv", "indicateurs",
            colonnes=_as_named(contract / "indicateurs.csv"),
        ),
        _declare(contract, "quartiers", "qp.csv", "territoires", colonnes=_NAMES, constantes=kind,
                 colonnes_ignorees=["nom_commune", *measures]),
        _declare(contract, "places", "qp.csv", "appartenances", colonnes={"code_qp": "code_territoire"},
                 constantes=place, colonnes_ignorees=["nom_qp", "nom_commune", *measures]),
        _declare(contract, "releves", "qp.csv", "releves", colonnes=_NAMES, colonnes_ignorees=["nom_commune"],
                 indicateurs={name: _measure(name) for name in measures}),
    ]  # fmt: skip
    _save(
        contract,
        {
            "nom": "Quartiers d'Occitanie",
            "code_epci": "76",
            "nom_epci": "Occitanie",
            "annees": {"debut": 2015, "fin": 2022},
            "date_arret": "2023-06-30",
            "annee_marqueur": 2019,
            "orientations": [],
            "parametres_validation": {
                "nb_mesures": 40, "nb_qpv": len(_rows(contract / "qp.csv", ",")), "nb_qpv_2024": 0, "nb_qva": 0,
                "nb_communes": 0, "nb_communes_politique_ville": 0, "nb_communes_qpv": 0, "nb_communes_qva_connues": 0,
                "nb_taux_emploi": 0,
            },
            "sources": sources,
        },
    )  # fmt: skip
    return contract


def make_country(folder: Path, received: Path) -> Path:
    """The shipped contract with a national file declared in place of its table of the Nord; observation alone."""
    contract = shutil.copytree(RAW / "valenciennes", folder / "valenciennes")
    shutil.copy(received, contract / "observation/france.csv")
    content = YAML().load(contract / "contrat.yml")
    kept = [
        one for one in content["sources"] if one["fichier"].startswith("observation/") and one["id"] != "qpv2024_nord"
    ]
    whole = _declare(contract, "quartiers_france", "observation/france.csv", "releves_france")
    del content["totaux_votes"]
    content["sources"] = [*kept, whole | {"correspondance": "insee_qpv2024", "editeur": "INSEE, CNAF, SDES"}]
    _save(contract, content)
    return contract


def excerpt_country(path: Path, most: int) -> Path:
    """The first quartiers of the shipped table in the shape of the national file: a row for each of two communes.

    The contract's own are among them; a secret is a blank cell, as it is there.
    """
    wide: dict[str, dict[str, str]] = {}
    for cell in _rows(NORD, ";"):
        row = wide.setdefault(
            cell["code_territoire"],
            {"codeQPV": cell["code_territoire"], "lib_qp": cell["nom_territoire"], "siren_epci": cell["code_epci"],
             "lib_epci": cell["nom_epci"]},
        )  # fmt: skip
        row[_FRENCH[cell["code_indicateur"]]] = "" if cell["valeur"] == "s" else cell["valeur"].replace(",", ".")
    ours = [row for row in wide.values() if "245901160" in row["siren_epci"]]
    others = [row for row in wide.values() if row not in ours]
    rows = [
        {"COG": commune, "lib_com": f"Commune {commune}", **row}
        for row in (*ours, *others[: most - len(ours)])
        for commune in ("59001", "59002")
    ]
    _write(path, rows, ",")
    return path


def _define(name: str) -> dict[str, str]:
    """The definition of a variable of the regional file, as the contract's own dictionary gives it."""
    unit = _unit(name)
    family, collection, gap = _PERCENTS.get(name) or (
        _FILOSOFI if unit == "€" else _DEFM if name.startswith("abc") else _CAF if name in ("percou", "a")
        else _RP if name in ("pop_mun", "pop_com_qp", "pop_com", "ind_jeune") else _SIRENE
    )  # fmt: skip
    persons = name in ("percou", "a") or name.startswith("abc")
    return {
        "code_indicateur": _measure(name)["code"],
        "libelle_indicateur": f"Variable {name}",
        "type_indicateur": "contexte",
        "unite": unit,
        "sens": _BETTER.get(name, "neutre"),
        "est_additif": "oui" if unit == "nombre" else "non",
        "compte": "personnes" if persons else "",
        "ecart_min_annees": str(gap),
        "definition": f"variable {name} du fichier",
        "famille_source": family,
        "collecte": collection,
    }


def _unit(name: str) -> str:
    if name in _PERCENTS:
        return "%"
    if name.startswith(("decuc_", "disp_")):
        return "€"
    return "indice" if name == "ind_jeune" else "nombre"


def _measure(name: str) -> dict[str, str]:
    """Code and vintage of a variable: what the code begins with says its unit."""
    prefix = {"%": "" if name.startswith("part_") else "taux_", "€": "montant_", "indice": "indice_", "nombre": "nb_"}
    return {"code": prefix[_unit(name)] + name, "millesime": _YEARS.get(name, "non précisé")}


def _declare(contract: Path, name: str, file: str, table: str, **keys: Any) -> dict[str, Any]:
    """A source of contrat.yml, pinned by the hash of the file received."""
    sha = digest_file(contract / file)
    source = {"id": name, "fichier": file, "table": table, "titre": name, "millesime": "non précisé", "sha256": sha}
    return source | _ORIGIN | keys


def _as_named(path: Path) -> dict[str, str]:
    """The columns of a table of our own, each under its own name."""
    return {name: name for name in _rows(path, ";")[0]}


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _write(path: Path, rows: list[dict[str, str]], delimiter: str = ";") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _save(contract: Path, content: dict[str, Any]) -> None:
    YAML().dump(content, contract / "contrat.yml")
