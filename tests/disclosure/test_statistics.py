"""Observations: a small count of persons or households is hidden, and so is what the whole would give back."""

import pandas as pd
import pytest

from pipelines.disclosure import hide_elsewhere, hide_observations

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


def elsewhere(values: dict[str, float], vintage: str = "2020") -> pd.DataFrame:
    """Quartiers of the whole country: no numerator, no containment."""
    frame = pd.DataFrame({"code_territoire": list(values), "valeur": pd.array(list(values.values()), dtype="Float64")})
    text = frame["valeur"].astype("str")
    return frame.assign(code_indicateur="nb_rsa", millesime=vintage, id_source="france", statut="ok", texte_brut=text)


@pytest.mark.parametrize(
    ("vintage", "hidden"), [("2020", ["Q1", "Q2"]), ("2021", ["Q1"])], ids=["same vintage", "another"]
)
def test_the_country_hides_its_small_counts_and_what_the_contract_hides(vintage: str, hidden: list[str]) -> None:
    """Q2 is large: the contract hides it so that its commune does not give Q1 back."""
    own = elsewhere({"Q1": 3, "Q2": 40, "Q3": 50}).assign(id_source="contrat")
    own.loc[[0, 1], ["valeur", "statut"]] = [pd.NA, "s"]
    whole = elsewhere({"Q1": 3, "Q2": 40, "Q3": 50, "Q4": 0, "Q5": 5}, vintage)
    out = hide_elsewhere(whole, own, INDICATORS, SEUILS)
    gone = out["code_territoire"].isin(hidden)
    assert out["valeur"].isna().equals(gone)
    assert out["statut"].eq("s").equals(gone)
    assert out["texte_brut"].isna().equals(gone)
    pd.testing.assert_frame_equal(out[~gone], whole[~gone])
