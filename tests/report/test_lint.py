"""What a computed sentence may say: no number that comes from no value, no cause that the evidence does not allow."""

import pytest

from pipelines.errors import UsageError
from pipelines.report.lint import find_bare_digits, find_causal_words, refuse_claims, refuse_digits
from pipelines.values import format_number, format_text

CAUSAL = [
    "L'effet du contrat est net.",
    "Les effets du contrat sont nets.",
    "EFFET du programme.",
    "c'est un effet d'aubaine",
    "l’effet des actions",
    "l'impact de l'action",
    "l'impact du contrat",
    "Impact des actions sur l'emploi",
    "un impact sur l'emploi",
    "les impacts d'une action",
    "les impacts d’une action",
    "cela impacte le quartier",
    "ces actions impactent le quartier",
    "un quartier impacté",
    "une commune impactée",
    "des quartiers impactés",
    "des communes impactées",
    "grâce à l'action",
    "Grâce au contrat",
    "GRÂCE AUX actions",
    "grace a l'action".replace(" a ", " à "),
]
CONTRIBUTED = [
    "le contrat a contribué à la baisse",
    "les actions ont contribué à la baisse",
    "Elle A CONTRIBUÉ à cela",
    "il aura contribué",
    "elles auront contribué",
    "il avait contribué",
    "ils avaient contribué",
    "l'action contribue à la baisse",
    "les actions contribuent à la baisse",
]
FIXED = [
    "l'effet levier du contrat",
    "un effet de levier",
    "les effets de levier",
    "l'effet de plan est de un et demi",
    "des effets de plan",
    "le diagramme logique d'impact",
    "les diagrammes de logique d'impact",
    "le modèle logique d'impact",
    "la logique d'impact",
    "il y a en effet peu d'actions",
    "En effet, peu d'actions",
    "une réunion à cet effet",
    "la décision prend effet en janvier",
    "sans effet rétroactif",
]
INNOCENT = [
    "l'effectif est connu",
    "les effectifs",
    "la mesure a été effectuée",
    "une gracieuse aide",
    "le taux baisse",
    "la contribution du porteur est prévue",
]


@pytest.mark.parametrize("text", CAUSAL)
@pytest.mark.parametrize(("force", "causal"), [(1, False), (2, False), (3, False), (4, False), (3, True)])
def test_a_cause_is_refused_below_a_causal_design(text: str, force: int, causal: bool) -> None:
    assert find_causal_words(text, force=force, causal=causal)
    with pytest.raises(UsageError, match=f"force {force}"):
        refuse_claims(text, force=force, causal=causal, exempt=[])


@pytest.mark.parametrize("text", [*CAUSAL, *CONTRIBUTED])
def test_a_causal_design_that_passed_may_say_all(text: str) -> None:
    assert find_causal_words(text, force=4, causal=True) == []
    refuse_claims(text, force=4, causal=True, exempt=[])


@pytest.mark.parametrize("text", CONTRIBUTED)
def test_a_contribution_is_said_when_it_was_examined(text: str) -> None:
    assert find_causal_words(text, force=4) == []
    assert all(find_causal_words(text, force=force) for force in (1, 2, 3))


@pytest.mark.parametrize("text", [*FIXED, *INNOCENT])
def test_what_is_called_so_and_what_only_looks_like_it_pass(text: str) -> None:
    assert find_causal_words(text, force=1) == []


@pytest.mark.parametrize("word", ["effet", "impact de la mesure", "a contribué à"])
def test_quotations_values_and_labels_are_no_claims(word: str) -> None:
    assert find_causal_words(f"le conseil écrit « un {word} visible »") == []
    assert find_causal_words(f"le conseil écrit “un {word} visible”") == []
    assert find_causal_words(f"l'action {format_text(word)} est financée") == []
    assert find_causal_words(f"l'orientation Un {word} durable reçoit peu", exempt=[f"un {word} durable"]) == []
    # What follows a quotation is ours again.
    assert find_causal_words("« un mot » a un effet") == ["effet"]


def test_a_refusal_says_what_and_how() -> None:
    with pytest.raises(UsageError) as refused:
        refuse_claims(f"grâce à {format_number(3)} actions", force=2, causal=False, exempt=[])
    said = str(refused.value)
    assert "« grâce à »" in said
    assert "grâce à 3 actions" in said
    assert "description" in said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 actions", ["12"]),
        ("de 2015 à 2022", ["2015", "2022"]),
        ("45,4 % du total", ["45,4"]),
        ("1\u202f234,5 euros", ["1\u202f234,5"]),
        ("le 30/06/2023", ["30", "06", "2023"]),
        (f"{format_number(3)} actions sur 4", ["4"]),
        ("« 12 actions » sur 4", ["4"]),
        ("pour 1 000 habitants", ["1", "000"]),
        ("les marqueurs 3", ["3"]),
        ("la mesure 40 compte 4 objets", ["4"]),
    ],
)
def test_a_number_typed_by_hand_is_found(text: str, found: list[str]) -> None:
    assert find_bare_digits(text) == found
    with pytest.raises(UsageError, match="hors d'une valeur"):
        refuse_digits(text)


@pytest.mark.parametrize(
    "text",
    [
        "le programme 147",
        "le P147",
        "les 15-64 ans",
        "de 15 à 64 ans",
        "les 0–17 ans",
        "marqueur 0",
        "le marqueur 1 ou 2",
        "les marqueurs 0, 1 et 2",
        "la loi 2014-173",
        "la mesure 40",
        "l'axe 2",
        "les quartiers de 2015",
        "la géographie 2024",
        "le protocole de 2019",
        "l'orientation O1",
        "le quartier QP059020",
        "« 12 actions »",
        f"{format_number(12)} actions",
        f"le quartier {format_text('Chasse Royale 2')}",
        "aucun nombre",
    ],
)
def test_values_quotations_and_names_hold_digits(text: str) -> None:
    assert find_bare_digits(text) == []
    refuse_digits(text)
