"""The common set of indicators: counted by orientation, placed in its chain, with what is available and lawful."""

import pandas as pd
import pytest

from pipelines.indicators import common_set
from pipelines.indicators.observation.comparability import tell_missing
from pipelines.tables import INDICATOR_KIND_LABELS, TABLES, empty
from pipelines.values import plain

ORIENTATIONS = {"O1": "Emploi", "O2": "Santé", "O3": "Culture"}


def set_of(*rows: dict[str, object]) -> pd.DataFrame:
    """Indicators of a set in the types of the table; each row says what it has of its own."""
    sound = {
        "code_orientation": "O1", "libelle_indicateur": "Part", "nature": "suivi", "producteur": "Ville",
        "limites": "ne dit pas tout", "instance": "Comité", "echelles": "écrites", "millesimes": "écrits",
    }  # fmt: skip
    blank = empty(TABLES["socle_indicateurs"])
    lines = [sound | {"code_socle": f"S{number}"} | row for number, row in enumerate(rows)]
    return pd.DataFrame(lines, columns=blank.columns).astype(blank.dtypes.to_dict())


def observed(*rows: tuple[str, str, str, float | None, str]) -> pd.DataFrame:
    columns = ["code_indicateur", "code_territoire", "millesime", "valeur", "statut"]
    return pd.DataFrame(rows, columns=columns).astype({"valeur": "Float64"})


TERRITORIES = pd.DataFrame({"code_territoire": ["E", "C", "Q"], "type_territoire": ["epci", "commune", "qpv"]})
NODES = pd.DataFrame(
    {
        "code_modele": ["m", "autre"],
        "code_noeud": ["r1", "r2"],
        "niveau": ["realisation", "impact_global"],
        "libelle_noeud": ["faire", "finir"],
    }
)


def test_every_orientation_is_counted_and_those_without_any_are_listed() -> None:
    common = set_of({"nature": "contexte"}, {"nature": "impact"}, {"nature": "impact", "code_orientation": "O3"})
    counts = common_set.count_by_orientation(common, ORIENTATIONS)
    assert counts.to_numpy().tolist() == [
        ["O1", "Emploi", 2, 1, 0, 1],
        ["O2", "Santé", 0, 0, 0, 0],
        ["O3", "Culture", 1, 0, 0, 1],
    ]
    assert common_set.orientations_without(common, ORIENTATIONS)["code_orientation"].to_list() == ["O2"]
    assert plain(common_set.tell_without(common, ORIENTATIONS)) == "2 orientations sur 3 ont au moins un indicateur."
    nothing = empty(TABLES["socle_indicateurs"])
    assert common_set.count_by_orientation(nothing, ORIENTATIONS)["nb_indicateurs"].to_list() == [0, 0, 0]


@pytest.mark.parametrize(
    ("model", "node", "place"),
    [("m", "r1", "presente"), ("m", "r2", "inconnue"), ("absent", "r1", "inconnue"), (None, None, "absente")],
)
def test_a_place_is_a_node_of_its_own_model(model: str | None, node: str | None, place: str) -> None:
    common = set_of({"code_modele": model, "code_noeud": node})
    placed = common_set.place_in_chain(common, NODES)
    assert placed["etat_place"].to_list() == [place]
    assert len(common_set.lost_places(common, NODES)) == (place != "presente")


def test_scales_and_vintages_are_those_that_have_a_value() -> None:
    observations = observed(
        ("taux", "Q", "2010", 1.0, "ok"), ("taux", "C", "2011", 2.0, "ok"), ("taux", "C", "2012", 2.0, "ok"),
        ("taux", "E", "2019", None, "s"), ("indice", "Q", "2010", 1.0, "ok"), ("indice", "Q", "2015", 1.0, "ok"),
        ("flou", "E", "non précisé", 1.0, "ok"), ("vide", "E", "2010", None, "nd"),
    )  # fmt: skip
    common = set_of(*({"code_indicateur": code} for code in ("taux", "indice", "flou", "vide", None)))
    told = common_set.describe_availability(common, observations, TERRITORIES)
    assert told[["echelles", "millesimes", "est_observe"]].to_numpy().tolist() == [
        ["quartiers prioritaires, communes", "2010 à 2012", True],
        ["quartiers prioritaires", "2010, 2015", True],
        ["agglomération", "non précisé", True],
        ["écrites", "écrits", False],
        ["écrites", "écrits", False],
    ]


@pytest.mark.parametrize(
    ("rows", "value", "date", "why"),
    [
        ([("taux", "E", "2010", 1.0, "ok"), ("taux", "E", "2012", 3.0, "ok")], 3.0, "2012", ""),
        ([("taux", "E", "2012", 3.0, "ok"), ("taux", "E", "non précisé", 9.0, "ok")], 3.0, "2012", ""),
        ([("taux", "E", "non précisé", 9.0, "ok")], 9.0, "non précisé", ""),
        ([("taux", "E", "2010", 1.0, "ok"), ("taux", "E", "2012", None, "s")], None, "2012", tell_missing("s")),
        ([("taux", "E", "2012", 1.0, "ok"), ("taux", "E", "2012", 2.0, "ok")], None, "2012", common_set.TWO_SOURCES),
        ([("taux", "Q", "2012", 1.0, "ok"), ("taux", "C", "2012", 2.0, "ok")], None, None, common_set.NO_WHOLE),
    ],
)
def test_the_latest_value_is_that_of_the_agglomeration_or_none(
    rows: list[tuple[str, str, str, float | None, str]], value: float | None, date: str | None, why: str
) -> None:
    common = set_of({"code_indicateur": "taux"})
    (row,) = common_set.add_latest_values(common, observed(*rows), "E", common).itertuples()
    assert (None if pd.isna(row.derniere_valeur) else row.derniere_valeur, row.motif_valeur) == (value, why)
    assert (None if pd.isna(row.date_derniere_valeur) else row.date_derniere_valeur) == date


def test_a_figure_of_the_programme_is_taken_as_measured() -> None:
    common = set_of({"calcul": "nb_actions_financees", "portee_calcul": "O1"}, {})
    measured = common.assign(valeur=pd.array([4.0, None], dtype="Float64"), relevee_en=["programmation 2022", None])
    told = common_set.add_latest_values(common, observed(), "E", measured)
    assert told["motif_valeur"].to_list() == ["", common_set.NO_VALUE]
    assert told.loc[0, ["derniere_valeur", "date_derniere_valeur"]].to_list() == [4.0, "programmation 2022"]


@pytest.mark.parametrize("nature", INDICATOR_KIND_LABELS)
def test_a_sheet_says_what_is_known_and_what_is_not(nature: str) -> None:
    common = set_of(
        {
            "nature": nature,
            "code_modele": "m",
            "code_noeud": "r1",
            "unite": "%",
            "valeur_cible": 50.0,
            "sens": "baisse",
        },
        {"nature": nature, "echelles": None, "millesimes": None},
    )
    full = common_set.add_latest_values(common_set.place_in_chain(common, NODES), observed(), "E", common)
    first, second = (common_set.sheet_of(row).set_index("rubrique")["contenu"].to_dict() for _, row in full.iterrows())
    assert first["Nature"] == INDICATOR_KIND_LABELS[nature]
    assert first["Place dans la chaîne causale"] == "Réalisation r1 : faire"
    assert first["Cible"] == "au plus 50 %"
    assert first["Dernière valeur"] == "n.d. (aucune valeur relevée)"
    assert "Cible" not in second
    assert second["Place dans la chaîne causale"] == "à établir"
    assert second["Échelles disponibles"] == "aucune à ce jour"
    assert second["Choisi par"] == "Comité, date inconnue"
