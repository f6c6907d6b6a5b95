"""Results of single actions: judged against their target, then without any value that may count persons."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.results import WITHHELD
from pipelines.contract import read_contract
from pipelines.disclosure import hide_measures, judge_results
from pipelines.errors import DataError
from pipelines.prepare import prepare
from pipelines.processed import MANIFEST
from pipelines.tables import DIRECTIONS, RESULT_UNITS, TABLES, empty

SEUIL = 5
NOBODY = set(RESULT_UNITS) - {"personnes"}
VALUES = ["valeur_depart", "valeur_cible", "valeur_atteinte"]
Row = tuple[str | None, str | None, float | None, float | None, float | None]


def table(*rows: Row) -> pd.DataFrame:
    """Results from their unit, direction, starting value, target and value reached."""
    said = dict(zip(["unite", "sens", *VALUES], zip(*rows, strict=True), strict=True))
    declared = empty(TABLES["resultats_actions"]).dtypes
    blank = [None] * len(rows)
    return pd.DataFrame({name: pd.Series(said.get(name, blank), dtype=kind) for name, kind in declared.items()})


def cell(value: Any) -> Any:
    """A value as Python's own, None where missing."""
    return None if pd.isna(value) else np.asarray(value).item()


def cells(column: pd.Series) -> list[Any]:
    return [cell(value) for value in column]


@pytest.mark.parametrize(
    ("sens", "target", "reached", "judged"),
    [
        ("hausse", 10, 12, True),
        ("hausse", 10, 9.99, False),
        ("hausse", 10, 10, True),
        ("baisse", 10, 12, False),
        ("baisse", 10, 9.99, True),
        ("baisse", 10, 10, True),
        # Nothing said: a rise.
        (None, 10, 12, True),
        (None, 10, 9, False),
        ("hausse", 0, 0, True),
        ("baisse", -2, -3, True),
        ("hausse", None, 12, None),
        ("hausse", 10, None, None),
        ("baisse", None, 12, None),
        ("baisse", 10, None, None),
        (None, None, None, None),
    ],
)
@pytest.mark.parametrize("claimed", [None, True, False])
def test_the_target_is_reached_in_the_direction_that_is_expected(
    sens: str | None, target: float | None, reached: float | None, judged: bool | None, claimed: bool | None
) -> None:
    rows = table(("%", sens, 5, target, reached))
    # What a file itself says of it counts for nothing.
    rows["est_atteint"] = pd.Series([claimed], dtype="boolean")
    out = judge_results(rows, SEUIL)
    assert cell(out["est_atteint"][0]) is judged
    assert cell(out["valeur_atteinte"][0]) == reached
    assert out["est_atteint"].dtype == "boolean"


@pytest.mark.parametrize("unite", ["personnes", None])
@pytest.mark.parametrize(
    ("sens", "target", "reached", "judged"),
    [
        ("hausse", 5, 3, False),
        ("hausse", 5, 9, True),
        ("baisse", 5, 3, True),
        # Below the threshold a no would say « 2 or less », and a yes « 3 or more ».
        ("hausse", 3, 2, None),
        ("hausse", 3, 9, None),
        ("baisse", 4.5, 9, None),
    ],
)
def test_a_target_of_few_persons_is_not_judged(
    unite: str | None, sens: str, target: float, reached: float, judged: bool | None
) -> None:
    out = judge_results(table((unite, sens, 2, target, reached)), SEUIL)
    assert cell(out["est_atteint"][0]) is judged
    assert out[["valeur_depart", "valeur_atteinte"]].isna().all(axis=None)
    assert out["est_depart_connu"].tolist() == [True]
    # A target is a plan: it counts nobody.
    assert out["valeur_cible"].tolist() == [target]


NUMBERS = st.none() | st.integers(0, 30) | st.floats(-5, 200, allow_nan=False)
ROWS = st.tuples(
    st.sampled_from([*RESULT_UNITS, None]), st.sampled_from([*DIRECTIONS, None]), NUMBERS, NUMBERS, NUMBERS
)


@given(st.lists(ROWS, min_size=1, max_size=12), st.integers(2, 11))
def test_no_value_of_persons_or_of_an_unknown_unit_is_kept(rows: list[Row], seuil: int) -> None:
    out = judge_results(table(*rows), seuil)
    assert len(out) == len(rows)
    for row, (unite, sens, start, target, reached) in zip(out.itertuples(), rows, strict=True):
        is_safe = unite in NOBODY
        assert cell(row.valeur_depart) == (start if is_safe else None)
        assert cell(row.valeur_atteinte) == (reached if is_safe else None)
        assert cell(row.valeur_cible) == target
        assert cell(row.est_depart_connu) is (start is not None)
        if target is None or reached is None or not (is_safe or target >= seuil):
            assert cell(row.est_atteint) is None
        else:
            assert cell(row.est_atteint) is (reached <= target if sens == "baisse" else reached >= target)


@given(st.sampled_from(["personnes", None]), st.sampled_from([*DIRECTIONS, None]), st.floats(0, 40), st.integers(2, 11))
def test_the_verdict_says_the_same_of_every_small_count(
    unite: str | None, sens: str | None, target: float, seuil: int
) -> None:
    """To a reader who knows the target, the direction and this rule, all counts below the threshold look alike."""
    out = judge_results(table(*((unite, sens, None, target, float(count)) for count in range(1, seuil))), seuil)
    assert len(set(cells(out["est_atteint"]))) == 1


@given(st.lists(st.tuples(st.sampled_from([*RESULT_UNITS, None]), NUMBERS, NUMBERS), max_size=12))
def test_no_measure_of_persons_or_of_an_unknown_unit_is_kept(
    rows: list[tuple[str | None, float | None, float | None]],
) -> None:
    columns = {"unite": "str", "valeur": "Float64", "valeur_cible": "Float64"}
    measures = pd.DataFrame(
        {name: pd.Series([row[at] for row in rows], dtype=kind) for at, (name, kind) in enumerate(columns.items())}
    )
    out = hide_measures(measures)
    assert cells(out["valeur"]) == [value if unite in NOBODY else None for unite, value, _ in rows]
    pd.testing.assert_series_equal(out["valeur_cible"], measures["valeur_cible"])


# A small contract: an export and a file of results, both of which follow action A1. Each value that counts persons, or
# may, is one of 7310001 to 7310023: none of them may be found again.
CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations:
  - {code: O1, libelle: Première orientation (fictive), est_fictif: true}
parametres_validation:
  {nb_mesures: 40, nb_qpv: 1, nb_qpv_2024: 0, nb_qva: 0, nb_communes: 0, nb_communes_politique_ville: 0,
   nb_communes_qpv: 0, nb_communes_qva_connues: 0}
sources:
"""
SOURCE = """\
  - id: {name}
    fichier: {file}
    table: {table}
    titre: Essai
    editeur: Essai
    licence: MIT
    millesime: "2020"
    fictif: true
    colonnes: {{{columns}}}
"""
FILES = {
    "territoires": """
code_territoire;type_territoire;nom_territoire;geographie;est_fictif;est_incertain
QP999001;qpv;Quartier fictif;QPV2015;non;non
""",
    "programmes": """
code_action;annee;intitule;nom_porteur;resultat_indicateur;resultat_unite;resultat_depart;resultat_cible;resultat_atteint
A1;2020;Jardin;Association fictive;Inscrits;personnes;7310001;20;7310002
A2;2020;Jardin;Association fictive;Inscrits;jeunes;7310003;20;7310004
A3;2020;Jardin;Association fictive;Inscrits;;;20;7310005
A4;2020;Jardin;Association fictive;Inscrits;personnes;;20;7 310 006 environ
A5;2020;Jardin;Association fictive;Sorties;%;30;40;45
A6;2020;Jardin;Association fictive;Inscrits;personnes;;20;7310007
A6;2020;Lecture;Association fictive;Inscrits;personnes;;20;7310008
A7;;Jardin;Association fictive;Inscrits;personnes;;20;7310009
A8;2020;Jardin;Association fictive;Inscrits;personnes;;20;7310010 selon M. Martin
A9;2020;Jardin;Association fictive;Inscrits;personnes;;20;7310011
""",
    "resultats_actions": """
code_action;libelle_indicateur;unite;sens;valeur_depart;valeur_cible;valeur_atteinte;est_atteint
A1;Orientés;Bénéficiaires;;7310012;2000;7310013;non
A1;Heures tenues;heure;;;6000;5200;oui
A2;Orientés;pers.;;;2000;7310014;
A3;Orientés;personnes;;;2000;7310015;
A3;Orientés;personnes;;;2001;7310016;
A4;;personnes;;;2000;7310017;
A5;Orientés;personnes;baisse;;2000;7310018;;de trop
A9;Orientés;personnes;baisse;;2000;7310019;
""",
    "suivis_renforces": """
code_action;rang;choisi_par;contexte;mecanisme
A1;1;Instance fictive;Contexte;Mécanisme
""",
    "mesures_suivis": """
code_action;libelle_indicateur;date_mesure;unite;valeur;valeur_cible
A1;Séances;30/06/2020;ateliers;14;30
A1;Inscrits;30/06/2020;participants;7310020;30
A1;Jeunes;30/06/2020;jeunes;7310021;30
A1;Suivis;;personnes;7310022;30
A1;Sortis;31/12/2020;personnes;7310023;30
""",
    "corrections": """
fichier;feuille;ligne;colonne;ancienne_valeur;nouvelle_valeur;motif
programmes.csv;;11;resultat_atteint;7310011;7310024;relu
resultats_actions.csv;;9;valeur_atteinte;7310019;7310025;relu
mesures_suivis.csv;;6;valeur;7310023;7310026;relu
mesures_suivis.csv;;2;valeur_cible;30;31;relu
""",
}
PLANTED = [str(7310000 + rank) for rank in range(1, 27)]


def write_contract(folder: Path, changes: dict[str, tuple[str, str]] | None = None) -> Path:
    """The small contract in a folder, with one passage of some files changed."""
    folder.mkdir()
    for name, text in FILES.items():
        old, new = (changes or {}).get(name, ("", ""))
        assert old in text
        (folder / f"{name}.csv").write_text(text.lstrip().replace(old, new, 1) if old else text.lstrip(), "utf-8")
    sources = [
        SOURCE.format(name=name, file=f"{name}.csv", table=name, columns=", ".join(f"{one}: {one}" for one in header))
        for name, header in (
            (name, text.split()[0].split(";")) for name, text in FILES.items() if name != "corrections"
        )
    ]
    (folder / "contrat.yml").write_text(CONTRACT + "".join(sources), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that prepare writes for the small contract."""
    base = tmp_path_factory.mktemp("resultats")
    prepare(read_contract(str(write_contract(base / "essai"))), base / "processed")
    return base / "processed/essai"


def test_every_planted_value_is_in_the_files_that_were_received() -> None:
    received = "".join(FILES.values()).replace(" ", "")
    assert [value for value in PLANTED if value not in received] == []


def test_no_file_written_holds_a_value_that_may_count_persons(written: Path) -> None:
    files = sorted(path for path in written.rglob("*") if path.is_file())
    names = {file.relative_to(written).as_posix() for file in files}
    aside = {f"ecartees/{name}.csv" for name in ("programmes", "resultats_actions", "mesures_suivis")}
    assert {MANIFEST, "journal.csv", "resultats_actions.parquet", "mesures_suivis.parquet"} | aside <= names
    leaks = []
    for file in files:
        content = file.read_bytes()
        if file.suffix == ".parquet":
            # Pages are compressed: the values are searched too.
            content += pd.read_parquet(file).to_csv().encode()
        content = content.replace(b" ", b"")
        leaks += [(file.name, value) for value in PLANTED if value.encode() in content]
    assert leaks == []


def test_results_of_an_export_and_of_a_file_of_their_own_stand_in_one_table(written: Path) -> None:
    rows = pd.read_parquet(written / "resultats_actions.parquet")
    columns = ["id_source", "code_action", "libelle_indicateur", "unite", "valeur_atteinte", "est_atteint"]
    found = rows[columns].astype(object).where(rows[columns].notna(), None)
    export, own = "programmes", "resultats_actions"
    assert sorted(map(tuple, found.to_numpy().tolist()), key=lambda row: row[:3]) == [
        (export, "A1", "Inscrits", "personnes", None, True),
        (export, "A2", "Inscrits", None, None, True),
        (export, "A3", "Inscrits", None, None, True),
        (export, "A4", "Inscrits", "personnes", None, None),
        (export, "A5", "Sorties", "%", 45, True),
        (export, "A8", "Inscrits", "personnes", None, None),
        (export, "A9", "Inscrits", "personnes", None, True),
        (own, "A1", "Heures tenues", "heures", 5200, False),
        (own, "A1", "Orientés", "personnes", None, True),
        (own, "A2", "Orientés", None, None, True),
        (own, "A9", "Orientés", "personnes", None, False),
    ]
    assert rows.loc[rows["est_depart_connu"], "code_action"].tolist().count("A1") == 2
    measures = pd.read_parquet(written / "mesures_suivis.parquet")
    values = dict(zip(measures["libelle_indicateur"], cells(measures["valeur"]), strict=True))
    assert values == {"Séances": 14, "Inscrits": None, "Sortis": None}


def test_what_is_withheld_keeps_its_place_and_its_reason(written: Path) -> None:
    """Nothing is lost: every row set aside and every cell unread is there, and its text in the file received."""
    aside = {}
    for name in ("programmes", "resultats_actions", "mesures_suivis"):
        with (written / f"ecartees/{name}.csv").open(encoding="utf-8", newline="") as file:
            aside[name] = {int(row["ligne"]): row["texte"] for row in csv.DictReader(file, delimiter=";")}
    assert {name: sorted(rows) for name, rows in aside.items()} == {
        "programmes": [7, 8, 9],
        "resultats_actions": [5, 6, 7, 8],
        "mesures_suivis": [4, 5],
    }
    assert all(WITHHELD in text for rows in aside.values() for text in rows.values())
    assert aside["mesures_suivis"][5] == (
        f"code_action=A1 | libelle_indicateur=Suivis | unite=personnes | valeur={WITHHELD} | valeur_cible=30"
    )
    journal = pd.read_csv(written / "journal.csv", sep=";", keep_default_na=False)
    withheld = journal[journal["texte"] == WITHHELD]
    assert sorted(zip(withheld["fichier"], withheld["ligne"], withheld["colonne"], withheld["motif"], strict=True)) == [
        ("mesures_suivis.csv", 6, "valeur", "corrigé (corrections.csv, ligne 4) : relu"),
        ("programmes.csv", 5, "resultat_atteint", "nombre illisible"),
        ("programmes.csv", 10, "resultat_atteint", "donnée personnelle retirée : nom"),
        ("programmes.csv", 10, "resultat_atteint", "nombre illisible"),
        ("programmes.csv", 11, "resultat_atteint", "corrigé (corrections.csv, ligne 2) : relu"),
        ("resultats_actions.csv", 9, "valeur_atteinte", "corrigé (corrections.csv, ligne 3) : relu"),
    ]
    # A correction of anything else is told with the text that it replaces.
    told = journal[journal["colonne"] == "valeur_cible"]
    assert told[["texte", "motif"]].to_numpy().tolist() == [["30", "corrigé (corrections.csv, ligne 5) : relu"]]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        # Two sources follow one indicator of one action: nobody can tell which to believe.
        ({"resultats_actions": ("A1;Orientés", "A1;Inscrits")}, "Une seule ligne par code_action, libelle_indicateur"),
        pytest.param(
            {"resultats_actions": ("A1;Orientés", "A99;Orientés")},
            "Chaque code_action désigne une ligne de la table act",
            marks=pytest.mark.long,
        ),
    ],
)
def test_results_that_contradict_the_exports_are_refused(
    tmp_path: Path, changes: dict[str, tuple[str, str]], sentence: str
) -> None:
    contract = read_contract(str(write_contract(tmp_path / "essai", changes)))
    with pytest.raises(DataError, match=sentence):
        prepare(contract, tmp_path / "processed")
    assert not (tmp_path / "processed/essai").exists()
