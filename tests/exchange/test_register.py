"""The register of the shipped contract: valid, all euros there or set aside with a reason, and never half written."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipelines.contract import Contract
from pipelines.errors import DataError, OseError, UsageError
from pipelines.exchange.register import declared_publisher, describe_balance, export_register, write_register
from pipelines.publication import Publisher
from tests.shipped import shipped_contract

Judge = Callable[..., list[tuple[str, str]]]
FUNDER = "agglomeration"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return shipped_contract()


def granted(site: SimpleNamespace, year: int) -> float:
    """Euros granted by the agglomeration in a year, straight from the tables."""
    actions, funding = tables(site)
    years = funding["code_action"].map(actions.set_index("code_action")["annee"])
    return float(funding.loc[(funding["code_financeur"] == FUNDER) & (years == year), "montant_accorde"].sum())


def tables(site: SimpleNamespace) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The certified actions and their funding."""
    folder = site.processed / "valenciennes"
    return pd.read_parquet(folder / "actions.parquet"), pd.read_parquet(folder / "financements.parquet")


@pytest.mark.parametrize("year", range(2015, 2023))
def test_every_euro_is_published_or_set_aside(
    year: int, contract: Contract, site: SimpleNamespace, tmp_path: Path, judge: Judge
) -> None:
    register = export_register(contract, site.processed, tmp_path, year=year)
    assert register.file == tmp_path / "valenciennes" / str(year) / f"245901160_subventions_{year}_fictif.csv"
    assert judge(register.file) == []
    rows = pd.read_csv(register.file, dtype=str, keep_default_na=False)
    aside = pd.read_csv(register.aside, sep=";", decimal=",")
    published, kept_back = rows["montant"].astype(float).sum(), aside["montant_accorde"].sum()
    assert published + kept_back == pytest.approx(granted(site, year), abs=0.005)
    assert register.balance["montant"].sum() == pytest.approx(granted(site, year), abs=0.005)
    assert register.balance["nb_subventions"].sum() == len(rows) + len(aside)
    assert aside["motif"].str.len().gt(20).all()
    assert rows["exerciceBudgetaire"].eq(str(year)).all()
    # Fiction is in the name, in each row, in the name of the body.
    assert register.is_fictional
    assert rows["objet"].str.startswith("[fictif] ").all()
    assert rows["nomAttribuant"].eq("Valenciennes Métropole (données fictives de démonstration)").all()


def test_the_same_tables_give_the_same_bytes(contract: Contract, site: SimpleNamespace, tmp_path: Path) -> None:
    one = export_register(contract, site.processed, tmp_path / "a", year=2022)
    other = export_register(contract, site.processed, tmp_path / "b", year=2022)
    assert one.file.read_bytes() == other.file.read_bytes()
    assert one.aside.read_bytes() == other.aside.read_bytes()
    assert b"\r" not in one.file.read_bytes()
    assert not one.file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_another_body_publishes_its_own(
    contract: Contract, site: SimpleNamespace, tmp_path: Path, judge: Judge, body: Publisher
) -> None:
    declared = contract.model_copy(update={"publication_scdl": {"region": body}})
    register = export_register(declared, site.processed, tmp_path, year=2022, funder="region")
    assert register.file.name == "000000141_subventions_2022_fictif.csv"
    assert judge(register.file) == []
    assert "Région" not in register.file.read_text(encoding="utf-8")


def test_a_real_register_is_marked_nowhere_and_replaces_its_fictional_twin(
    contract: Contract, site: SimpleNamespace, tmp_path: Path, judge: Judge, body: Publisher
) -> None:
    declared = contract.model_copy(update={"publication_scdl": {"region": body}})
    actions, funding = tables(site)
    write_register(declared, actions, funding, tmp_path, year=2022, funder="region")
    register = write_register(declared, actions.assign(est_fictif=False), funding, tmp_path, year=2022, funder="region")
    assert not register.is_fictional
    assert judge(register.file) == []
    rows = pd.read_csv(register.file, dtype=str, keep_default_na=False)
    assert not rows["objet"].str.contains("fictif", regex=False).any()
    assert rows["nomAttribuant"].eq("Agglomération fictive").all()
    written = {path.name for path in tmp_path.rglob("*.csv")}
    assert written == {"000000141_subventions_2022.csv", "000000141_subventions_2022_ecartees.csv"}


def test_a_convention_of_an_unknown_dossier_is_refused(
    contract: Contract, site: SimpleNamespace, tmp_path: Path, body: Publisher
) -> None:
    lone = change(body, conventions={"2022-0412": datetime.date(2022, 9, 1)})
    declared = contract.model_copy(update={"publication_scdl": {"region": lone}})
    with pytest.raises(DataError, match="conventions cite 2022-0412, que Agglomération fictive n'a pas financé"):
        write_register(declared, *tables(site), tmp_path, year=2022, funder="region")
    assert list(tmp_path.iterdir()) == []


def test_the_register_replaces_its_twin(contract: Contract, site: SimpleNamespace, tmp_path: Path) -> None:
    folder = tmp_path / "valenciennes" / "2022"
    folder.mkdir(parents=True)
    twin = folder / "245901160_subventions_2022.csv"
    twin.write_text("un registre que l'on croirait réel", encoding="utf-8")
    export_register(contract, site.processed, tmp_path, year=2022)
    assert [path.name for path in folder.iterdir()] == ["245901160_subventions_2022_fictif.csv"]


def test_a_folder_that_cannot_be_written_keeps_the_last_register(
    contract: Contract, site: SimpleNamespace, tmp_path: Path
) -> None:
    file = export_register(contract, site.processed, tmp_path, year=2022).file
    file.write_text("le dernier bon registre", encoding="utf-8")
    shutil.rmtree(tmp_path / "valenciennes" / "interne")
    (tmp_path / "valenciennes" / "interne").write_text("un fichier à la place du dossier", encoding="utf-8")
    with pytest.raises(UsageError, match="ne peut pas être écrit"):
        export_register(contract, site.processed, tmp_path, year=2022)
    assert file.read_text(encoding="utf-8") == "le dernier bon registre"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("column", "said"), [("nom_porteur", "bénéficiaire sans nom"), ("statut", "état du dossier « non renseigné »")]
)
def test_nothing_publishable_keeps_the_last_register_and_says_why(
    column: str, said: str, contract: Contract, site: SimpleNamespace, tmp_path: Path
) -> None:
    actions, funding = tables(site)
    file = write_register(contract, actions, funding, tmp_path, year=2022).file
    file.write_text("le dernier bon registre", encoding="utf-8")
    twin = file.with_name("245901160_subventions_2022.csv")
    twin.write_text("un registre réel", encoding="utf-8")
    with pytest.raises(DataError, match="Aucune des subventions") as refusal:
        write_register(contract, actions.assign(**{column: None}), funding, tmp_path, year=2022)
    assert said in refusal.value.details
    assert file.read_text(encoding="utf-8") == "le dernier bon registre"
    assert twin.read_text(encoding="utf-8") == "un registre réel"
    (aside,) = (tmp_path / "valenciennes" / "interne").iterdir()
    assert pd.read_csv(aside, sep=";", decimal=",")["montant_accorde"].sum() == pytest.approx(granted(site, 2022))


def test_a_year_without_grants_is_an_error(contract: Contract, site: SimpleNamespace, tmp_path: Path) -> None:
    actions, funding = tables(site)
    with pytest.raises(DataError, match="Aucun montant accordé par « agglomeration » en 2022"):
        write_register(contract, actions[actions["annee"] != 2022], funding, tmp_path, year=2022)
    assert list(tmp_path.iterdir()) == []


def test_the_balance_reads_as_an_addition() -> None:
    balance = pd.DataFrame({"motif": ["", "sans nom"], "nb_subventions": [2, 1], "montant": [1500.5, 99.5]})
    assert [" ".join(line.split()) for line in describe_balance(balance)] == [
        "accordées 3 subventions 1 600,00 €",
        "= exportées 2 subventions 1 500,50 €",
        "+ écartées 1 subvention 99,50 € sans nom",
    ]


def change(body: Publisher, **values: object) -> Publisher:
    """A body, its year 2022 included, with some values changed."""
    year = body.exercices[2022]
    own = {key: value for key, value in values.items() if key in Publisher.model_fields}
    yearly = {key: value for key, value in values.items() if key not in own}
    return body.model_copy(update={**own, "exercices": {2022: year.model_copy(update=yearly)}})


@pytest.mark.parametrize(
    ("funder", "values", "error", "said"),
    [
        ("etta", {}, UsageError, "Financeurs : etat, agglomeration"),
        ("commune", {}, UsageError, "plusieurs communes"),
        ("caf", None, DataError, "il manque nom, siret, date_convention"),
        ("region", {"siret": ""}, DataError, "il manque siret."),
        ("region", {"date_convention": None, "notification_ue": None}, DataError, "date_convention, notification_ue."),
        ("region", {"siret": "00000014100011"}, DataError, "SIRET invalide"),
        ("region", {"siret": "2,43E+13"}, DataError, "détruit par un tableur"),
        ("region", {"siret_service_instructeur": "123"}, DataError, "siret_service_instructeur : SIRET invalide"),
        ("region", {"siret": "0" * 14}, DataError, "n'est pas celui de Agglomération fictive"),
        ("agglomeration", {}, DataError, "son SIREN (245901160)"),
    ],
)
def test_a_body_that_says_too_little_or_wrong_is_told_what_to_write(
    funder: str, values: dict[str, object] | None, error: type[OseError], said: str, contract: Contract, body: Publisher
) -> None:
    declared = {} if values is None else {funder: change(body, **values)}
    with pytest.raises(error) as refusal:
        declared_publisher(contract.model_copy(update={"publication_scdl": declared}), funder, 2022)
    assert said in str(refusal.value)


def test_a_siret_may_be_written_with_spaces(contract: Contract, body: Publisher) -> None:
    declared = contract.model_copy(update={"publication_scdl": {"region": change(body, siret="000 000 141 00010")}})
    assert declared_publisher(declared, "region", 2022)[0].siret == "00000014100010"
