"""Commitments: verifiable, due, held; amounts of one kind; statuses over time; wordings proposed."""

import datetime
import io

import pandas as pd
import pytest

from pipelines.indicators import commitments
from pipelines.tables import TABLES

Frames = dict[str, pd.DataFrame]
ARRET = datetime.date(2023, 6, 30)
HEADER = "code_engagement;nom_partenaire;verifiable;montant;nature_montant;annee_debut;annee_fin\n"
LEDGER = (
    HEADER
    + """A-1;P;oui;100;enveloppe;2019;2022
A-2;P;oui;50;annuel_fonctionnement;;2021
A-3;P;oui;;;2019;
A-4;Q;partiel;70;enveloppe;;2022
A-5;Q;non;;;;
A-6;Q;oui;10;enveloppe;;2023
"""
)


def frame(name: str, text: str) -> pd.DataFrame:
    """Rows of a table, in its types, from some of its columns."""
    raw = pd.read_csv(io.StringIO(text), sep=";", dtype=str)
    out = pd.DataFrame(index=raw.index)
    for column in TABLES[name].columns:
        cells = raw[column.name] if column.name in raw else pd.Series(pd.NA, index=raw.index, dtype="str")
        if column.dtype in ("Int64", "Float64"):
            cells = pd.to_numeric(cells)
        if column.kind == "booleen":
            cells = cells.map({"oui": True, "non": False})
        out[column.name] = pd.to_datetime(cells) if column.kind == "date" else cells.astype(column.dtype)
    return out


def follow(text: str = "") -> pd.DataFrame:
    return frame("suivis_engagements", "code_engagement;date_suivi;statut;montant_execute;nature_montant\n" + text)


def read(text: str = "", **options: int | None) -> pd.DataFrame:
    return commitments.read_ledger(frame("engagements", LEDGER), follow(text), ARRET, **options)


@pytest.mark.parametrize(
    ("annee", "left"),
    [(None, {"A-1", "A-2", "A-3", "A-4", "A-5", "A-6"}), (2019, {"A-1", "A-2", "A-3", "A-4", "A-5", "A-6"}),
     (2018, {"A-2", "A-4", "A-5", "A-6"})],
)  # fmt: skip
def test_a_report_of_a_year_knows_no_commitment_that_begins_later(annee: int | None, left: set[str]) -> None:
    """One that writes no first year stays: nothing says that it begins later."""
    assert set(read(annee=annee)["code_engagement"]) == left


def test_without_follow_up_nothing_is_said_and_no_rate_is_given() -> None:
    ledger = read()
    assert set(ledger["libelle_statut"]) == {"Non renseigné"}
    kept = commitments.count_kept(ledger).set_index("nom_partenaire")
    assert kept.loc["P", ["nb_verifiables", "nb_echeance_inconnue", "nb_echus", "nb_tenus"]].tolist() == [3, 1, 2, 0]
    assert kept["taux_tenus"].isna().all()


@pytest.mark.parametrize(
    ("said", "options", "partner", "due", "held", "silent", "rate"),
    [
        ("A-1;2023-01-01;tenu;;\nA-2;2023-01-01;non_tenu;;\n", {}, "P", 2, 1, 0, 50.0),
        # One that is due and unknown: the rate would be a guess.
        ("A-1;2023-01-01;tenu;;\n", {}, "P", 2, 1, 1, None),
        # What is said after the date of the report is not known yet.
        ("A-1;2023-07-01;tenu;;\nA-2;2023-01-01;tenu;;\n", {}, "P", 2, 1, 1, None),
        ("A-1;2022-01-01;en_cours;;\nA-1;2023-01-01;tenu;;\nA-2;2023-01-01;sans_objet;;\n", {}, "P", 1, 1, 0, 100.0),
        # A default last year makes due what writes none; the year of the report is not over.
        ("", {"fin_par_defaut": 2022}, "P", 3, 0, 3, None),
        ("", {}, "Q", 0, 0, 0, None),
    ],
)
def test_held_among_those_verifiable_and_due(
    said: str, options: dict[str, int], partner: str, due: int, held: int, silent: int, rate: float | None
) -> None:
    kept = commitments.count_kept(read(said, **options)).set_index("nom_partenaire").loc[partner]
    assert kept[["nb_echus", "nb_tenus", "nb_non_renseignes"]].tolist() == [due, held, silent]
    assert kept["taux_tenus"] == rate if rate is not None else pd.isna(kept["taux_tenus"])


@pytest.mark.parametrize(
    ("said", "code", "verdict", "share"),
    [
        ("", "A-1", commitments.NOT_TOLD, None),
        ("A-1;2023-01-01;en_cours;40;enveloppe\n", "A-1", commitments.ALIKE, 40.0),
        ("A-2;2023-01-01;en_cours;50;enveloppe\n", "A-2", commitments.UNLIKE, None),
        ("A-2;2023-01-01;en_cours;50;annuel_investissement\n", "A-2", commitments.UNLIKE, None),
        # An amount whose kind nobody gave is compared with none.
        ("A-1;2023-01-01;en_cours;40;\n", "A-1", commitments.UNLIKE, None),
    ],
)
def test_amounts_of_one_kind_alone_are_compared(said: str, code: str, verdict: str, share: float | None) -> None:
    amounts = commitments.compare_amounts(read(said)).set_index("code_engagement").loc[code]
    assert amounts["constat_montant"] == verdict
    assert amounts["part_executee"] == share if share is not None else pd.isna(amounts["part_executee"])


def test_a_status_holds_until_another_is_said() -> None:
    said = follow(
        "A-1;2022-12-31;en_cours;;\nA-1;2023-06-30;tenu;;\nA-2;2023-06-30;en_cours;;\nA-3;2022-12-31;tenu;;\n"
    )
    counts = commitments.follow_statuses(said).set_index(["date_suivi", "libelle_statut"])["nb_engagements"]
    assert counts.to_dict() == {
        ("31/12/2022", "En cours"): 1, ("31/12/2022", "Tenu"): 1, ("31/12/2022", "Non renseigné"): 1,
        ("30/06/2023", "En cours"): 1, ("30/06/2023", "Tenu"): 2,
    }  # fmt: skip


@pytest.mark.parametrize("follow_up", ["", "A-1;2022-12-31;en_cours;;\n"])
def test_an_empty_ledger_is_an_empty_ledger(follow_up: str) -> None:
    none = frame("engagements", LEDGER).iloc[:0]
    ledger = commitments.read_ledger(none, follow(follow_up), ARRET)
    assert ledger.empty
    assert commitments.compare_amounts(ledger).empty
    assert commitments.follow_statuses(follow("")).empty


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2017", "2021", "2017 à 2021"),
        ("2019", "", "depuis 2019"),
        ("", "2021", "jusqu'en 2021"),
        ("", "", "non écrite"),
    ],
)
def test_a_period_says_what_is_written(first: str, last: str, text: str) -> None:
    own = frame("engagements", f"{HEADER}A-1;P;oui;;;{first};{last}\n")
    assert commitments.read_ledger(own, follow(), ARRET)["periode"].tolist() == [text]


def test_the_shipped_commitments_are_those_of_the_protocol(shipped: Frames) -> None:
    counts = commitments.describe_partners(shipped["engagements"]).set_index("nom_partenaire")
    assert counts.loc["Ensemble"].drop("part_verifiables").tolist() == [90, 35, 28, 27, 5]
    assert counts.index[0] == "Département du Nord"
    ledger = commitments.read_ledger(shipped["engagements"], follow(), ARRET)
    promised = commitments.compare_amounts(ledger).set_index("code_engagement")
    assert promised["montant_promis"].to_dict() == {
        "ENG-010": 148275, "ENG-011": 162041, "ENG-013": 10660000, "ENG-014": 4000000, "ENG-085": 336164,
    }  # fmt: skip
    assert promised["nature_montant"].value_counts().to_dict() == {
        "Enveloppe totale": 3, "Par an, fonctionnement": 1, "Par an, investissement": 1,
    }  # fmt: skip
    assert promised.loc["ENG-014", "a_confirmer"] == "à confirmer"


def test_each_commitment_without_object_has_a_wording_that_leaves_its_target_open(shipped: Frames) -> None:
    ledger = commitments.read_ledger(shipped["engagements"], follow(), ARRET)
    worded = commitments.reword(ledger, shipped["reformulations"])
    assert len(worded) == 27
    assert not worded["libelle_propose"].eq(commitments.NO_PROPOSAL).any()
    assert len(set(worded["libelle_propose"])) == 27
    # Dated: by a day to be chosen, or every year.
    assert worded["libelle_propose"].str.contains(r"31 décembre|31 mars|[Cc]haque année|par mois|jours|réunions").all()
    bare = commitments.reword(ledger, shipped["reformulations"].iloc[1:])
    assert bare["libelle_propose"].eq(commitments.NO_PROPOSAL).sum() == 1
