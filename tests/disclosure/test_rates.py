"""The counts behind a rate are counts: a small one is hidden with the other and with the rate, that would tell it."""

import pandas as pd
import pytest

from pipelines.disclosure import hide_observations

INDICATORS = pd.DataFrame({"code_indicateur": ["taux_emploi", "nb_allocataires"], "compte": [None, "personnes"]})
CONTAINMENT = pd.DataFrame({"code_territoire": ["QP1"], "code_parent": ["01001"]})


@pytest.mark.parametrize(
    ("indicator", "value", "counts", "kept"),
    [
        ("taux_emploi", 40.0, (40.0, 100.0), True),
        ("taux_emploi", 0.0, (0.0, 100.0), True),
        ("taux_emploi", 4.0, (4.0, 100.0), False),
        ("taux_emploi", 50.0, (5.0, 10.0), False),
        ("nb_allocataires", 4.0, (400.0, 1000.0), False),
    ],
)
def test_a_small_count_behind_a_rate_is_hidden_with_the_other(
    indicator: str, value: float, counts: tuple[float, float], kept: bool
) -> None:
    row = {"code_indicateur": indicator, "code_territoire": "QP1", "millesime": "2020", "id_source": "s"}
    row |= {"valeur": value, "numerateur": counts[0], "denominateur": counts[1], "statut": "ok", "texte_brut": "x"}
    types = dict.fromkeys(["valeur", "numerateur", "denominateur"], "Float64")
    hidden = hide_observations(
        pd.DataFrame([row]).astype(types), INDICATORS, CONTAINMENT, {"personnes": 5, "foyers": 11}
    )
    cells = ["valeur", "numerateur", "denominateur"]
    assert hidden[cells].notna().all(axis=None) == kept
    assert hidden[cells].isna().all(axis=None) != kept
    assert hidden["statut"].item() == ("ok" if kept else "s")
