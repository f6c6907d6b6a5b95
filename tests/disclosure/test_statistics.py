"""Observations: a small count of persons or households is hidden, and so is what the whole would give back."""

import pandas as pd
import pytest

from pipelines.disclosure import hide_observations

SEUILS = {"personnes": 5, "menages_fiscaux": 11}
INDICATORS = pd.DataFrame(
    {"code_indicateur": ["nb_rsa", "nb_menages", "nb_logements"], "compte": ["personnes", "menages_fiscaux", None]}
)
CONTAINMENT = pd.DataFrame({"code_territoire": ["C1", "C2", "C3"], "code_parent": ["EPCI"] * 3})


def hide(indicator: str, values: dict[str, float], millesime: str = "2020") -> dict[str, float | None]:
    frame = pd.DataFrame(
        {
            "code_indicateur": indicator,
            "code_territoire": list(values),
            "millesime": millesime,
            "id_source": "essai",
            "valeur": pd.array(list(values.values()), dtype="Float64"),
            "statut": "ok",
            "texte_brut": [str(value) for value in values.values()],
            "numerateur": pd.array([None] * len(values), dtype="Float64"),
            "denominateur": pd.array([None] * len(values), dtype="Float64"),
        }
    )
    out = hide_observations(frame, INDICATORS, CONTAINMENT, SEUILS)
    gone = out["valeur"].isna()
    # A hidden value says that it is secret, and its text is gone with it.
    assert out.loc[gone, "statut"].eq("s").all()
    assert out.loc[gone, "texte_brut"].isna().all()
    assert out.loc[~gone].equals(frame.loc[~gone])
    return {code: None if pd.isna(value) else float(value) for code, value in zip(values, out["valeur"], strict=True)}


@pytest.mark.parametrize(
    ("indicator", "values", "published"),
    [
        ("nb_rsa", {"C1": 4}, {"C1": None}),
        ("nb_rsa", {"C1": 0, "C2": 5}, {"C1": 0, "C2": 5}),
        ("nb_menages", {"C1": 10, "C2": 11}, {"C1": None, "C2": 11}),
        ("nb_logements", {"C1": 1}, {"C1": 1}),
        # The EPCI is the sum of its communes: another goes with the small one, and the whole stays.
        ("nb_rsa", {"C1": 3, "C2": 40, "C3": 90, "EPCI": 133}, {"C1": None, "C2": None, "C3": 90, "EPCI": 133}),
        # A rounded series adds up nearly.
        ("nb_rsa", {"C1": 3, "C2": 400, "C3": 900, "EPCI": 1305}, {"C1": None, "C2": None, "C3": 900, "EPCI": 1305}),
        # Communes that are not all there give nothing back.
        ("nb_rsa", {"C1": 3, "C2": 40, "EPCI": 133}, {"C1": None, "C2": 40, "EPCI": 133}),
    ],
)
def test_what_is_published(indicator: str, values: dict[str, float], published: dict[str, float | None]) -> None:
    assert hide(indicator, values) == published
