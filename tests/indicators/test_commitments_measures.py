"""National measures: levels never guessed, local objects that a text proves, the two indicators of equality."""

import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.indicators import commitments
from tests.indicators.test_commitments import frame

Frames = dict[str, pd.DataFrame]
TOTALS = "niveau_engagement;part_lue;part_corrigee;nb_mesures\n"
MEASURES = """numero;est_comptee;niveau_engagement;libelle_mesure
1;oui;en_cours_de_lancement;Une
1a;non;objectif_atteint;Une part de la première
2;oui;;Deux
3;oui;;Trois
"""


def measures() -> pd.DataFrame:
    rows = frame("mesures_nationales", MEASURES)
    return rows.assign(est_incertain=rows["niveau_engagement"].isna())


def totals(reached: int, starting: int) -> pd.DataFrame:
    return frame("totaux_mesures", f"{TOTALS}objectif_atteint;1;1;{reached}\nen_cours_de_lancement;1;1;{starting}\n")


def test_what_the_totals_leave_is_given_for_all_the_illegible_together() -> None:
    levels = commitments.count_levels(measures(), totals(1, 2)).set_index("libelle_niveau")
    assert levels.loc["Ensemble"].tolist() == [3, 1, 2]
    assert levels["nb_restantes"].to_dict() == {
        "Objectif atteint": 1, "En voie de finalisation": 0, "En cours de déploiement": 0, "En cours de lancement": 1,
        "Ensemble": 2,
    }  # fmt: skip


@pytest.mark.parametrize(("reached", "starting"), [(3, 0), (1, 1), (2, 2)])
def test_totals_that_do_not_hold_the_measures_are_refused(reached: int, starting: int) -> None:
    with pytest.raises(DataError, match="totaux publiés"):
        commitments.count_levels(measures(), totals(reached, starting))


def test_an_illegible_level_keeps_the_levels_that_are_left_and_no_other() -> None:
    levels = commitments.count_levels(measures(), totals(1, 2))
    local = frame("objets_locaux", "numero;objet_local;motif;origine\n1;non;Ailleurs;Texte\n")
    listed = commitments.list_measures(
        measures(), frame("indicateurs_mesures", "numero_mesure;rang\n1;1\n1;2\n1a;1\n"), local, levels
    ).set_index("numero")
    assert listed.loc["2", "libelle_niveau"] == "Indéterminé (objectif atteint ou en cours de lancement)"
    assert listed["libelle_objet"].to_dict() == {"1": "Non", "1a": "À établir", "2": "À établir", "3": "À établir"}
    counted = commitments.count_local(listed.reset_index()).set_index("libelle_objet")
    assert counted.loc["Ensemble"].tolist() == [3, 3]
    assert counted.loc["Non"].tolist() == [1, 2]


def test_the_shipped_measures_fit_their_totals(shipped: Frames) -> None:
    levels = commitments.count_levels(shipped["mesures_nationales"], shipped["totaux_mesures"])
    own = levels.iloc[:-1]
    assert own["nb_publiees"].tolist() == [3, 1, 22, 14]
    assert own["nb_lisibles"].tolist() == [0, 1, 15, 14]
    assert own["nb_restantes"].tolist() == [3, 0, 7, 0]
    bars = commitments.stack_levels(levels).groupby("annonce")["nb_mesures"].sum()
    assert bars.to_dict() == {commitments.PUBLISHED: 40, commitments.LEGIBLE: 40}
    listed = commitments.list_measures(
        shipped["mesures_nationales"], shipped["indicateurs_mesures"], shipped["objets_locaux"], levels
    )
    assert listed["libelle_niveau"].str.startswith(commitments.UNREAD).sum() == 10
    assert set(listed.loc[listed["libelle_objet"] == "Non", "numero"]) == {"1", "10", "11", "23", "27"}
    said = listed[listed["libelle_objet"] != "À établir"]
    # No local object is stated without the text that proves it.
    assert said["origine"].str.contains(r"lignes? \d|mesure \d").all()
    assert commitments.count_local(listed)["nb_indicateurs"].iloc[-1] == 61


ACTIONS = pd.DataFrame(
    {
        "code_action": ["A", "B", "C"], "annee": [2022, 2022, 2022], "statut": ["realise", "finance", "refuse"],
        "code_objectif": ["O1", "O2", "O1"],
    }
)  # fmt: skip
PEOPLE = pd.DataFrame(
    [
        (code, moment, "sexe", sex, number)
        for code, moment, sex, number in (
            ("A", "prevu", "femmes", 60), ("A", "prevu", "hommes", 40), ("A", "realise", "femmes", pd.NA),
            # Planned alone: compared with nothing.
            ("B", "prevu", "femmes", 500),
        )
    ],
    columns=["code_action", "moment", "dimension", "modalite", "nb_personnes"],
).astype({"nb_personnes": "Int64"})  # fmt: skip
REACHED = pd.DataFrame(
    [
        (2022, "ensemble", "ensemble", "sexe", name, number, 1)
        for name, number in (("femmes", 20), ("hommes", 60), ("ensemble", 80))
    ],
    columns=["annee", "coupe", "code", "dimension", "modalite", "nb_personnes", "nb_actions"],
).astype({"nb_personnes": "Int64"})


ANSWERS = pd.DataFrame(
    {"code_action": ["A", "B", "C"], "objectif_principal_egalite": pd.array([True, None, False], dtype="boolean")}
)


@pytest.mark.parametrize(
    ("themes", "share"),
    [(["egalite_fh", "sante"], 50.0), (["egalite_fh", None], 100.0), (["culture", "sante"], None)],
)
def test_the_two_indicators_of_equality(themes: list[str | None], share: float | None) -> None:
    objectives = pd.DataFrame({"code_objectif": ["O1", "O2"], "theme": themes})
    found = commitments.measure_equality(ACTIONS, PEOPLE, REACHED, objectives, ANSWERS).set_index("libelle_indicateur")[
        "part"
    ]
    assert found[commitments.WOMEN_PLANNED] == 60.0
    assert found[commitments.WOMEN_REACHED] == 25.0
    # C is not funded, and B did not answer.
    assert found[commitments.MARKED] == 100.0
    # A theme that no objective bears is not a share of zero.
    assert found[commitments.EQUALITY] == share if share is not None else pd.isna(found[commitments.EQUALITY])


def test_few_persons_give_no_share() -> None:
    objectives = pd.DataFrame({"code_objectif": ["O1", "O2"], "theme": ["egalite_fh", "sante"]})
    found = commitments.measure_equality(ACTIONS, PEOPLE, REACHED, objectives, ANSWERS, base_minimale=90)
    assert found["part"].isna().tolist() == [False, True, True, True]
