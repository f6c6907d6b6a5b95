"""The parameters cell: what it declares, what the command line may give it, what a running notebook refuses."""

from typing import Any

import pytest

from pipelines.errors import UsageError
from pipelines.parameters import Parameter, check_cell_history, check_names, declared, read_given

CELL = """annee: int | None = None  # année du rapport ; vide : la dernière
contrat: str = "valenciennes"  # dossier du contrat
seuil: float = 3000  # euros
detail: bool = False  # montrer le détail
secteur: str | None = None
"""
INJECTED = '# Parameters\nannee = 2019\ncontrat = "01"\n'
CHECK = "rapport = open_report(In, globals())"
VALUES = {"annee": None, "contrat": "valenciennes", "seuil": 3000, "detail": False, "secteur": None}


def test_a_cell_declares_names_types_defaults_and_comments() -> None:
    assert declared(CELL) == [
        Parameter("annee", "int", True, None, "année du rapport ; vide : la dernière"),
        Parameter("contrat", "str", False, "valenciennes", "dossier du contrat"),
        Parameter("seuil", "float", False, 3000, "euros"),
        Parameter("detail", "bool", False, False, "montrer le détail"),
        Parameter("secteur", "str", True, None, ""),
    ]


def test_a_hash_inside_a_text_is_no_comment_and_a_number_may_be_negative() -> None:
    assert declared('couleur: str = "#fff"\ndelta: int = -1  # sens') == [
        Parameter("couleur", "str", False, "#fff", ""),
        Parameter("delta", "int", False, -1, "sens"),
    ]


def test_lines_of_comment_alone_declare_nothing() -> None:
    assert declared("# Paramètres\n\n# à modifier ici\n") == []


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("annee = 2019", r"ligne 1 : écrire « nom: type = valeur"),
        ("contrat: str = 'v'\nannee: int", r"ligne 2 : écrire « nom: type = valeur"),
        ("import pandas", r"ligne 1 : écrire"),
        ("contrat: str = 'v'\nannee: int = ", r"ligne 2 : écrire"),
        ("annee: int = (2019", r"ligne 1 : écrire"),
        ("annee: date = 2019", r"« annee » : types admis : int, float, str, bool"),
        ("annee: int | str = 2019", r"« annee » : types admis"),
        ("annee: int = 2015 + 4", r"« annee » : la valeur doit être écrite, pas calculée"),
        ("annee: int = derniere_annee", r"« annee » : la valeur doit être écrite"),
    ],
)
def test_anything_else_in_the_cell_is_refused(cell: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence) as caught:
        declared(cell)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("annee", "2019", 2019),
        ("annee", " 2019 ", 2019),
        ("annee", "", None),
        ("annee", "None", None),
        ("annee", "aucune", None),
        ("contrat", "01", "01"),
        ("contrat", "1,5", "1,5"),
        ("contrat", "none", "none"),
        ("contrat", "", ""),
        ("secteur", "none", None),
        ("secteur", "nord", "nord"),
        ("seuil", "2500,5", 2500.5),
        ("seuil", "2500.5", 2500.5),
        ("seuil", "3000", 3000.0),
        ("detail", "oui", True),
        ("detail", "Vrai", True),
        ("detail", "true", True),
        ("detail", "non", False),
        ("detail", "False", False),
    ],
)
def test_a_text_of_the_command_line_is_read_by_the_declared_type(name: str, text: str, value: Any) -> None:
    read = read_given(declared(CELL), {name: text})[name]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("annee", "2019,5", r"« annee » attend un nombre entier, pas « 2019,5 »"),
        ("annee", "deux mille", r"« annee » attend un nombre entier"),
        ("seuil", "", r"« seuil » attend un nombre, pas «  »"),
        ("seuil", "nan", r"« seuil » attend un nombre"),
        ("seuil", "-inf", r"« seuil » attend un nombre"),
        ("seuil", "1e999", r"« seuil » attend un nombre"),
        ("annee", "9" * 400, r"« annee » attend un nombre entier"),
        ("detail", "1", r"« detail » attend oui ou non, pas « 1 »"),
        ("anee", "2019", r"« anee » n'existe pas\. Vouliez-vous dire « annee » \? Paramètres : annee, contrat, seuil"),
        ("Contrat", "v", r"Vouliez-vous dire « contrat » \?"),
        ("zzz", "1", r"« zzz » n'existe pas\. Paramètres : annee"),
    ],
)
def test_another_type_or_an_unknown_name_is_refused(name: str, text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_given(declared(CELL), {name: text})


def test_declared_names_pass() -> None:
    check_names(declared(CELL), {"annee": 2019, "seuil": 1})


@pytest.mark.parametrize(
    "history",
    [
        ["", CELL, CHECK],
        ["", "import seaborn", CELL, INJECTED, CHECK],
        # A second Run All: the first one left names of every kind behind.
        ["", CELL, INJECTED, CHECK, "annnee = 3", CELL, INJECTED, CHECK],
        ["", CELL, CHECK, "tableau = 1", CELL, CHECK],
        # A wrong injection of an earlier run, corrected since.
        ["", CELL, "# Parameters\nanee = 2019\n", CHECK, CELL, CHECK],
        ["", CELL, "# Parameters\nanee = 2019\n", CHECK, CELL, INJECTED, CHECK],
        # A cell that Python cannot parse was run and failed before.
        ["", "pas du python !", CELL, CHECK],
        # What jupyter-scheduler injects bears no mark; what an evaluator tries later is no parameter.
        ["", CELL, 'annee = 2019\ncontrat = "01"', CHECK],
        ["", CELL, "essai = len([1])", CHECK],
        ["", CELL, "import pandas", "essai = 1", CHECK],
    ],
)
def test_a_running_notebook_with_sound_parameters_passes(history: list[str]) -> None:
    assert check_cell_history(history, VALUES | {"tableau": 1, "anee": 2019}) == declared(CELL)


@pytest.mark.parametrize(
    ("history", "changed", "sentence"),
    [
        (["", CELL, "# Parameters\nanee = 2019\n", CHECK], {}, r"« anee » n'existe pas\. Vouliez-vous dire « annee »"),
        (["", CELL, INJECTED, CHECK, CELL, "# Parameters\nseuils = 1\n", CHECK], {}, r"« seuils » n'existe pas"),
        (["", CELL, "anee = 2019", CHECK], {}, r"« anee » n'existe pas\. Vouliez-vous dire « annee »"),
        (["", CELL, INJECTED, CHECK], {"annee": "2019"}, r"« annee » attend un nombre entier, pas '2019'"),
        (["", CELL, CHECK], {"annee": True}, r"« annee » attend un nombre entier, pas True"),
        (["", CELL, CHECK], {"annee": 2019.0}, r"« annee » attend un nombre entier"),
        (["", CELL, CHECK], {"contrat": 1}, r"« contrat » attend un texte, pas 1"),
        (["", CELL, CHECK], {"contrat": None}, r"« contrat » attend un texte, pas None"),
        (["", CELL, CHECK], {"seuil": "3000"}, r"« seuil » attend un nombre, pas '3000'"),
        (["", CELL, CHECK], {"seuil": False}, r"« seuil » attend un nombre, pas False"),
        (["", CELL, CHECK], {"detail": 1}, r"« detail » attend oui ou non, pas 1"),
        (["", "import pandas", CHECK], {}, r"La cellule des paramètres n'a pas été exécutée"),
    ],
)
def test_a_running_notebook_refuses_an_unknown_name_or_another_type(
    history: list[str], changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        check_cell_history(history, VALUES | changed)


def test_a_whole_number_is_a_number() -> None:
    check_cell_history(["", CELL, CHECK], VALUES | {"seuil": 2500, "annee": 2019})
    check_cell_history(["", CELL, CHECK], VALUES | {"seuil": 2500.5})
