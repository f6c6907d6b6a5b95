"""Every transcribed cell is the one of the public file, read whole and a second time; skipped where it is absent."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.paths import RAW, ROOT

FACTS = RAW / "valenciennes"
REAL_DATA = ROOT.parent / "shared" / "real-data"
EPCI = "245901160"
SERIES = "insee-caf-nord-communes-epci"
CODES = {"FR": "FRA", "R32": "32", "D59": "59"}
QPV_COLUMNS = {
    "popMuniQPV": "nb_habitants_qpv",
    "indiceJeunesse": "indice_jeunesse_qpv",
    "partMen1p": "part_menages_1_personne_qpv",
    "partMen2p": "part_menages_2_personnes_qpv",
    "partMen3p": "part_menages_3_personnes_qpv",
    "partMen45p": "part_menages_4_5_personnes_qpv",
    "partMen6pp": "part_menages_6_personnes_plus_qpv",
    "nombre_menages": "nb_menages_qpv",
    "nombre_logements_sociaux": "nb_logements_sociaux_qpv",
    "taux_logements_sociaux": "nb_logements_sociaux_pour_100_menages_qpv",
    "taux_d_emploi": "taux_emploi_15_64_qpv",
    "taux_pauvrete_60%": "taux_pauvrete_qpv",
    "personnes_couvertes_CAF": "nb_personnes_couvertes_caf_qpv",
    "allocataires_CAF": "nb_allocataires_caf_qpv",
    "RSA_socle": "nb_allocataires_rsa_socle_qpv",
}


def public(name: str) -> Path:
    path = REAL_DATA / name
    if not path.exists():
        pytest.skip(f"fichier public absent : ../shared/real-data/{name}")
    return path


def text(path: Path, sep: str = ";") -> pd.DataFrame:
    return pd.read_csv(path, sep=sep, dtype="str", keep_default_na=False)


def published_json(name: str) -> Any:
    return json.loads(public(name).read_text(encoding="utf-8"))


def cell(raw: str) -> float | str:
    """A cell of either file, comparable: nd and s by their name, numbers at the tenth or finer as published."""
    mark = {"ND": "nd", "": "s"}.get(raw, raw)
    return mark if mark in ("nd", "s") else round(float(mark.replace(",", ".")), 2)


def transcribed(name: str) -> dict[tuple[str, str, str], float | str]:
    frame = text(FACTS / "observation" / f"{name}.csv")
    key = ["code_indicateur", "code_territoire", "millesime"]
    return {tuple(k): cell(v) for *k, v in frame[[*key, "valeur"]].itertuples(index=False)}


@pytest.mark.parametrize(
    ("name", "file", "columns"),
    [
        ("population_communes", "sup_nord", {f"pmun{y}": ("nb_habitants", str(y)) for y in range(2006, 2023)}),
        (
            "revenus_pauvrete_2021",
            "filo_nord",
            {"med21": ("montant_revenu_median", "2021"), "tp6021": ("taux_pauvrete", "2021")},
        ),
        (
            "demandeurs_emploi",
            "defm_an_nord",
            {f"defm{y}": ("nb_demandeurs_emploi", str(y)) for y in range(2009, 2024)},
        ),
        ("rsa", "rsa_nord", {f"rsa_{y}": ("nb_foyers_rsa", str(y)) for y in range(2017, 2024)}),
    ],
)
def test_series_cell_by_cell(name: str, file: str, columns: dict[str, tuple[str, str]]) -> None:
    frame = text(public(f"{SERIES}/{file}.csv"))
    kept = frame[(frame["comp1"] == EPCI) | frame["id"].isin([EPCI, *CODES])]
    assert len(kept) == 39
    expected = {
        (indicator, CODES.get(row["id"], row["id"]), vintage): cell(row[column])
        for row in kept.to_dict("records")
        for column, (indicator, vintage) in columns.items()
    }
    assert transcribed(name) == expected


def test_quartiers_of_2024_cell_by_cell() -> None:
    frame = text(public("qpv2024-insee-anct/analyse_qpv.csv"), sep=",")
    kept = frame[frame["siren_epci"].str.contains(EPCI)]
    assert kept["codeQPV"].nunique() == 15
    expected = {
        (indicator, row["codeQPV"], "non précisé"): cell(row[column])
        for row in kept.to_dict("records")
        for column, indicator in QPV_COLUMNS.items()
    }
    assert transcribed("qpv2024_insee") == expected


def test_quartiers_of_the_nord_cell_by_cell() -> None:
    whole = text(public("qpv2024-insee-anct/analyse_qpv.csv"), sep=",")
    frame = whole[whole["insee_dep"] == "59"].drop_duplicates("codeQPV")
    assert len(frame) == 94
    shipped = text(FACTS / "observation" / "qpv2024_nord.csv")
    kept = set(shipped["code_indicateur"])
    expected = {
        (indicator, row["codeQPV"], "non précisé"): cell(row[column])
        for row in frame.to_dict("records")
        for column, indicator in QPV_COLUMNS.items()
        if indicator in kept
    }
    assert transcribed("qpv2024_nord") == expected
    named = shipped.drop_duplicates("code_territoire").set_index("code_territoire")
    # Two names of agglomerations lost their « œ » in the copy.
    agglomerations = frame.set_index("codeQPV")["lib_epci"].str.replace("\x9c", "œ")
    assert named["nom_epci"].to_dict() == agglomerations.to_dict()
    assert named["code_epci"].to_dict() == frame.set_index("codeQPV")["siren_epci"].to_dict()


def territories(geography: str, kind: str) -> dict[str, str]:
    frame = text(FACTS / "observation" / "territoires.csv")
    kept = frame[(frame["geographie"] == geography) & (frame["type_territoire"] == kind)]
    return dict(zip(kept["code_territoire"], kept["nom_territoire"], strict=True))


def communes_of(quartiers: dict[str, str]) -> dict[str, set[str]]:
    links = text(FACTS / "observation" / "appartenances.csv")
    kept = links[(links["type_parent"] == "commune") & links["code_territoire"].isin(list(quartiers))]
    return {code: set(names) for code, names in kept.groupby("code_territoire")["nom_parent"]}


def test_quartiers_of_2015_are_those_of_the_decree() -> None:
    decree = text(public("qpv2015-decret-2014-1750/qpv_2015_nord.csv")).set_index("code_quartier")
    ours = territories("QPV2015", "qpv")
    assert ours == decree["nom_quartier"].reindex(list(ours)).to_dict()
    assert communes_of(ours) == {
        code: {name.strip() for name in decree.loc[code, "communes_concernees"].split(",")} for code in ours
    }


def test_quartiers_of_2024_are_those_of_the_contours() -> None:
    features = published_json("qpv2024-insee-anct/qpv2024_simplified.geojson")["features"]
    kept = {p["code_qp"]: p for p in (f["properties"] for f in features) if EPCI in (p["siren_epci"] or "")}
    ours = territories("QPV2024", "qpv")
    assert ours == {code: p["lib_qp"] for code, p in kept.items()}
    assert communes_of(ours) == {code: set(p["lib_com"].split(", ")) for code, p in kept.items()}


def test_commune_codes_are_those_of_insee_and_ign() -> None:
    ours = territories("administrative", "commune")
    frame = text(public(f"{SERIES}/sup_nord.csv"))
    kept = frame[frame["comp1"] == EPCI]
    assert ours == dict(zip(kept["id"], kept["nom"], strict=True))
    contours = published_json("contours-communes-nord/communes-59-nord.geojson")["features"]
    ign = {f["properties"]["code"]: f["properties"]["nom"] for f in contours}
    assert ours == {code: ign[code] for code in ours}
    links = text(FACTS / "observation" / "appartenances.csv")
    outside = links[(links["type_parent"] == "commune") & (links["est_dans_agglomeration"] == "non")]
    # IGN's simplified file leaves the article of « La Sentinelle » out.
    assert {
        code: name.removeprefix("La ") for code, name in zip(outside["code_parent"], outside["nom_parent"], strict=True)
    } == {code: ign[code] for code in outside["code_parent"]}


@pytest.mark.parametrize("year", range(2020, 2024))
@pytest.mark.parametrize(("scheme", "file"), [("adulte_relais", "adulte-relais"), ("fonjep", "postes-fonjep")])
def test_posts_row_by_row(scheme: str, file: str, year: int) -> None:
    everywhere = published_json(f"anct-ci-ville/{file}-{year}.json")
    # In 2023 the key is left out where the contract is unknown.
    expected = [
        (post["id_poste"], post["raison_sociale"], float(post["montant"]))
        for post in everywhere
        if post.get("code_cv") == "CV193"
    ]
    frame = text(FACTS / "engagements" / "postes_147.csv")
    kept = frame[(frame["dispositif"] == scheme) & (frame["annee"] == str(year))]
    amounts = kept["montant"].str.replace(",", ".").astype(float)
    assert list(zip(kept["code_poste"], kept["nom_employeur"], amounts, strict=True)) == expected
