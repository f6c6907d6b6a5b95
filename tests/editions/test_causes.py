"""Each changed figure has the cause that its sources allow, several where several are possible, never a guess."""

from typing import Any

import pytest

from pipelines.editions import compare_editions, count_changes, present
from tests.editions.samples import PROVENANCE, edition

OTHER = "1" * 64
# One figure of the table of source « a », and one of the table of source « b ».
FIGURES = (("montre/0/lignes/0", "Commune A\t11 €"), ("montre/1/lignes/0", "Objectif A\t2"))
MENDED = PROVENANCE["corrections"][0]


def causes(*changes: tuple[str, Any]) -> list[tuple[str, str]]:
    """Cause and detail of both changed figures when these things changed, too."""
    compared = compare_editions(edition(), edition(*FIGURES, *changes))
    figures = compared[compared["rubrique"] == "chiffres"]
    assert list(figures["avant"]) == ["10 €", "1"]
    assert list(figures["apres"]) == ["11 €", "2"]
    return list(figures[["cause", "detail_cause"]].itertuples(index=False, name=None))


UNKNOWN = ("cause inconnue", "rien de ce que les deux éditions gardent n'a changé")
FAR = "données, correction ou déclaration : un fichier ou une correction que ceci ne cite pas"


@pytest.mark.parametrize(
    ("changes", "of_a", "of_b"),
    [
        ([], UNKNOWN, UNKNOWN),
        (
            [("entrees/0/sha256", OTHER)],
            ("données", "a.csv"),
            ("plusieurs causes possibles", f"{FAR} : a.csv"),
        ),
        (
            [("corrections/0/empreinte", "c1")],
            ("correction", "a.csv"),
            ("plusieurs causes possibles", f"{FAR} : a.csv"),
        ),
        (
            [("corrections", [])],
            ("correction", "a.csv"),
            ("plusieurs causes possibles", f"{FAR} : a.csv"),
        ),
        ([("methode", "m1")], ("méthode", "code du projet"), ("méthode", "code du projet")),
        ([("empreinte_notebook", "n1")], ("méthode", "notebook"), ("méthode", "notebook")),
        ([("versions", {"pandas": "2.4.0"})], ("méthode", "bibliothèques"), ("méthode", "bibliothèques")),
        ([("parametres/1/valeur", 80)], ("paramètre", "paramètre niveau"), ("paramètre", "paramètre niveau")),
        ([("seuils/petit_effectif", 11)], ("paramètre", "seuil petit_effectif"), ("paramètre", "seuil petit_effectif")),
        ([("date_arret", "2022-09-30")], ("paramètre", "date d'arrêté"), ("paramètre", "date d'arrêté")),
        (
            [("declarations", "d1")],
            ("paramètre", "réglages de contrat.yml"),
            ("paramètre", "réglages de contrat.yml"),
        ),
        (
            [("entrees/1/declaration", "e1")],
            ("plusieurs causes possibles", f"{FAR} : b.csv"),
            ("paramètre", "déclaration de b.csv"),
        ),
        (
            [("autres_entrees", "f1")],
            ("plusieurs causes possibles", FAR),
            ("plusieurs causes possibles", FAR),
        ),
        (
            [("entrees/0/sha256", OTHER), ("methode", "m1")],
            ("plusieurs causes possibles", "données (a.csv) ; méthode (code du projet)"),
            ("méthode", "code du projet"),
        ),
        (
            [("entrees/0/sha256", OTHER), ("corrections/0/empreinte", "c1"), ("parametres/1/valeur", 80)],
            ("plusieurs causes possibles", "données (a.csv) ; correction (a.csv) ; paramètre (paramètre niveau)"),
            ("paramètre", "paramètre niveau"),
        ),
    ],
)
def test_a_cause_is_what_changed_among_the_sources_that_the_table_cites(
    changes: list[tuple[str, Any]], of_a: tuple[str, str], of_b: tuple[str, str]
) -> None:
    assert causes(*changes) == [of_a, of_b]


@pytest.mark.parametrize(("protected", "possible"), [(True, True), (False, False)])
def test_a_corrected_count_of_persons_may_have_changed_unseen(protected: bool, possible: bool) -> None:
    before = edition(("corrections/0/est_protegee", protected))
    after = edition(
        *FIGURES, ("corrections/0/est_protegee", protected), ("fichiers_corrections/corrections.csv", OTHER)
    )
    compared = compare_editions(before, after)
    first = compared[compared["rubrique"] == "chiffres"].iloc[0]
    assert (first["cause"] == "correction") is possible
    told = compared[compared["rubrique"] == "corrections"]
    assert list(told["objet"]) == ["a.csv" if possible else "corrections.csv"]


@pytest.mark.parametrize(
    ("changes", "rubric", "told"),
    [
        (
            [("entrees/0/sha256", OTHER)],
            "entrees",
            {"objet": "a.csv", "changement": "contenu modifié", "apres": "2020 (111111111111)"},
        ),
        ([("entrees/0/fichier", "z.csv")], "entrees", {"objet": "z.csv", "changement": "renommé", "avant": "a.csv"}),
        (
            [("balance/0/lues", 4), ("balance/0/ecartees", 1), ("entrees/0/sha256", OTHER)],
            "lignes",
            {
                "objet": "a.csv",
                "avant": "3 lues, 2 retenues, 0 écartées, 1 hors données",
                "apres": "4 lues, 2 retenues, 1 écartées, 1 hors données",
                "cause": "données",
            },
        ),
        (
            [("corrections", [])],
            "corrections",
            {"objet": "a.csv", "ligne": "2", "colonne": "montant", "changement": "retirée"},
        ),
        (
            [("corrections", [MENDED, MENDED | {"ligne": 3}])],
            "corrections",
            {"objet": "a.csv", "ligne": "3", "changement": "ajoutée", "apres": "Erreur de saisie"},
        ),
        ([("corrections/0/motif", "Autre")], "corrections", {"changement": "modifiée", "apres": "Autre"}),
        (
            [("verdict/avertissements", []), ("entrees/1/sha256", OTHER)],
            "controles",
            {
                "ligne": "L'objectif est connu",
                "avant": "non conforme (2 lignes)",
                "apres": "absent",
                "cause": "données",
            },
        ),
        (
            [
                ("controles/table_a/conformes", []),
                (
                    "verdict/avertissements",
                    [
                        *PROVENANCE["verdict"]["avertissements"],
                        {"table": "table_a", "description": "Le montant est connu", "nb_lignes": 1, "observe": ""},
                    ],
                ),
                ("methode", "m1"),
            ],
            "controles",
            {
                "objet": "table_a",
                "ligne": "Le montant est connu",
                "avant": "conforme",
                "apres": "non conforme (1 ligne)",
                "cause": "méthode",
            },
        ),
        ([("version", "0.2.0")], "methode", {"objet": "version du projet", "avant": "0.1.0", "cause": "méthode"}),
        ([("versions", {"pandas": "2.4.0"})], "methode", {"objet": "bibliothèque pandas", "apres": "2.4.0"}),
        (
            [("parametres/1/valeur", 80)],
            "methode",
            {"objet": "paramètre niveau", "avant": "95", "apres": "80", "cause": "paramètre"},
        ),
    ],
)
def test_each_rubric_tells_its_changes_before_and_after(
    changes: list[tuple[str, Any]], rubric: str, told: dict[str, str]
) -> None:
    compared = compare_editions(edition(), edition(*changes))
    own = compared[compared["rubrique"] == rubric]
    assert len(own) == 1
    assert {key: own.iloc[0][key] for key in told} == told
    shown = present(compared, rubric)
    assert len(shown) == 1
    assert count_changes(compared)["nb_changements"].sum() == len(compared)


def test_two_equal_editions_have_no_change() -> None:
    assert compare_editions(edition(), edition()).empty


def test_of_two_years_files_and_method_alone_are_compared() -> None:
    everything = [("annee", 2020), ("entrees/0/sha256", OTHER), ("corrections", []), ("balance/0/lues", 4)]
    compared = compare_editions(edition(), edition(*FIGURES, *everything, ("methode", "m1")))
    assert list(compared["rubrique"]) == ["entrees", "methode"]
