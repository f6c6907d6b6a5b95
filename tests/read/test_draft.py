"""The draft of a mapping: YAML that an evaluator pastes, what is declared kept, what is guessed marked as such."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipelines.contract import Source
from pipelines.errors import DataError
from pipelines.read import RawTable
from pipelines.read.draft import draft_mapping
from tests.shipped import shipped_contract

Reader = Callable[..., RawTable]
SHIPPED = {source.id: source for source, _ in shipped_contract().located()}


def lists_of(details: str) -> dict[str, Any]:
    """The two lists of a draft, pasted under a source."""
    return YAML(typ="safe").load(f"sources:\n  - id: essai\n{details}\n")["sources"][0]


def bare(source: Source) -> Source:
    return source.model_copy(update={"colonnes": {}, "colonnes_ignorees": ()})


def test_an_unknown_header_comes_with_a_draft_of_both_lists(read_csv: Reader) -> None:
    """The renamed column is found by its former header; what was ignored stays so; the rest is left out."""
    with pytest.raises(DataError, match="« Nom de l'employeur »") as caught:
        read_csv(
            "Rang;Poste;Nom de l'employeur;Montants;Avis;Zzzz\n1;A;b;10;;\n",
            colonnes_ignorees=["Avis"],
        )
    assert lists_of(caught.value.details) == {
        "id": "essai",
        "colonnes": {
            "Rang": "rang",
            "Poste": "code_poste",
            "Nom de l'employeur": "nom_employeur",
            "Montants": "montant",
        },
        "colonnes_ignorees": ["Avis", "Zzzz"],
    }
    guessed = [line for line in caught.value.details.splitlines() if line.endswith("# à confirmer")]
    assert [line.split(":")[0].strip() for line in guessed] == ["Nom de l'employeur", "Montants"]


def test_a_file_without_any_known_header_comes_with_a_draft_of_its_widest_line(read_csv: Reader) -> None:
    with pytest.raises(DataError, match="introuvable") as caught:
        read_csv("Titre, long, du tableau\nmontant_du_poste\tcode_poste\tLieu\tx\n1\t2\t3\t4\n")
    lists = lists_of(caught.value.details)
    assert lists["colonnes"] == {"montant_du_poste": "montant", "code_poste": "code_poste"}
    assert lists["colonnes_ignorees"] == ["Lieu", "x"]


def test_a_column_that_is_taken_or_constant_is_not_given_again(read_csv: Reader) -> None:
    with pytest.raises(DataError) as caught:
        read_csv("Rang;Poste;Employeur;Montant;Année;Montant payé;montant du poste\n1;A;b;1;2020;1;1\n")
    assert lists_of(caught.value.details)["colonnes_ignorees"] == ["Année", "Montant payé", "montant du poste"]


def test_a_renamed_header_is_known_by_its_former_name_alone(read_csv: Reader) -> None:
    columns = {"Rang": "rang", "Zorglub": "nom_employeur", "Montant": "montant"}
    with pytest.raises(DataError) as caught:
        read_csv("Rang;Zorglub 2;Zorglubs;Montant\n1;A;b;1\n", colonnes=columns)
    lists = lists_of(caught.value.details)
    assert lists["colonnes"] == {"Rang": "rang", "Zorglubs": "nom_employeur", "Montant": "montant"}
    assert lists["colonnes_ignorees"] == ["Zorglub 2"]


def test_a_json_array_has_its_draft_too(read_json: Reader) -> None:
    with pytest.raises(DataError) as caught:
        read_json('[{"id_poste": 1, "montant": 2}]')
    assert lists_of(caught.value.details)["colonnes"]["montant"] == "montant"


def test_guesses_on_the_shipped_exports_are_mostly_right_and_hardly_ever_wrong() -> None:
    """Every mapping of the shipped contract, forgotten and drafted again: counted header by header."""
    right = wrong = total = 0
    for source in SHIPPED.values():
        if source.colonnes:
            drafted = lists_of(draft_mapping(bare(source), [*source.colonnes, *source.colonnes_ignorees]))["colonnes"]
            total += len(source.colonnes)
            right += sum(drafted.get(name) == column for name, column in source.colonnes.items())
            wrong += sum(source.colonnes.get(name) != column for name, column in drafted.items())
    assert total > 400
    assert right / total > 0.67
    assert wrong / total < 0.01


ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(lambda text: " ".join(text.split()))
ALIKE = st.sampled_from(["Intitulé", "intitulé", "Intitulé de l'action", "Statut", "statut du dossier", "Porteur: nom"])


@given(names=st.lists(ANY | ALIKE, unique=True))
def test_every_header_stands_in_one_list_once_and_no_column_is_given_twice(names: list[str]) -> None:
    lists = lists_of(draft_mapping(bare(SHIPPED["programmes_2022"]), names))
    drafted = [*lists["colonnes"], *lists["colonnes_ignorees"]]
    assert sorted(drafted) == sorted({name for name in names if name})
    assert len(set(lists["colonnes"].values())) == len(lists["colonnes"])
