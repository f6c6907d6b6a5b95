"""The transcribed facts hold the published figures, and nothing invented, personal or unread."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines.contract import Source
from pipelines.paths import NATIONAL, RAW
from pipelines.tables import TABLES
from tests.shipped import shipped_contract

CONTRACT = RAW / "valenciennes"
EPCI, NEIGHBOUR = "245901160", "200042190"
Row = dict[str, str]

_contract = shipped_contract()
LOCATED = [(s, p) for s, p in _contract.located() if not s.fichier.startswith("programmation/")]
# What evaluators write, fictional here but for the models of the protocol: it bears no hash.
WRITTEN = ("suivi/", "saisies/", "logique_impact/")
MODELS_READ = ("logique_impact/animation_territoriale_", "logique_impact/plan_economique_")


def rows_of(path: Path, delimiter: str = ";") -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=delimiter))


def facts(name: str) -> list[Row]:
    return rows_of(CONTRACT / name)


def number(text: str) -> float:
    return float(text.replace(",", "."))


def values(name: str, indicator: str, vintage: str) -> Row:
    return {
        r["code_territoire"]: r["valeur"]
        for r in facts(f"observation/{name}.csv")
        if (r["code_indicateur"], r["millesime"]) == (indicator, vintage)
    }


def codes(kind: str, geography: str, name: str = "territoires") -> list[str]:
    return [
        r["code_territoire"]
        for r in facts(f"observation/{name}.csv")
        if (r["type_territoire"], r["geographie"]) == (kind, geography)
    ]


@pytest.mark.parametrize(("source", "path"), LOCATED, ids=lambda x: getattr(x, "id", ""))
class TestEveryFile:
    def test_the_source_says_where_it_comes_from(self, source: Source, path: Path) -> None:
        # Spellings and the follow-up are evaluators' to edit: no fingerprint pins what nobody sent.
        assert bool(source.sha256) == (source.id != "alias_territoires" and not source.fichier.startswith(WRITTEN))
        assert bool(source.sha256) <= bool(source.date_acces)
        assert source.note
        assert source.url.startswith("http") or source.fictif

    def test_the_file_is_canonical_text(self, source: Source, path: Path) -> None:
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.endswith(b"\n")
        header = content.decode("utf-8").split("\n", 1)[0].split(";")
        assert header == (list(source.colonnes) or TABLES[source.table].names)

    def test_the_cells_fit_the_table(self, source: Source, path: Path) -> None:
        table, rows = TABLES[source.table], rows_of(path)
        assert rows
        keys = [tuple(row[name] for name in table.key if name in row) for row in rows]
        assert [key for key, times in Counter(keys).items() if times > 1] == []
        for name in rows[0]:
            column, cells = table[name], {row[name] for row in rows}
            assert not (column.required and "" in cells), name
            assert cells <= {*column.vocabulary, ""} or not column.vocabulary, name
            # An answer may be missing where evaluators write; what is transcribed says yes or no.
            blank = {""} if source.fichier.startswith(WRITTEN) else set()
            assert cells <= {"oui", "non", *blank} or column.kind != "booleen", name

    def test_no_personal_data_and_no_reading_scar(self, source: Source, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"[\w.]+@[\w-]+\.\w+", text) == []
        assert re.findall(r"(?<!\d)(?:\+33|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)", text) == []
        assert re.findall(r"\b(?:M\.|Mme|Mr|Monsieur|Madame|Docteur)\s+[A-ZÉÈ]", text) == []
        assert re.findall(r"\bOCR\b|\bl\.\d", text) == []
        # Text that was lost is never published as read; what a partner has to decide is not text that was lost.
        assert set(re.findall(r"\[[^\]]*\]", text)) <= {"[…]", "[illisible]", "[à fixer]"}


PANEL = ("panel_territoires", "panel_appartenances", "panel_observations")


def test_fictional_territories_are_marked_and_only_they() -> None:
    assert {r["est_fictif"] for r in facts("observation/territoires.csv")} == {"non"}
    assert {r["est_fictif"] for r in facts("observation/qva_fictifs.csv")} == {"oui"}
    followed = {s.id for s, _ in LOCATED if s.fichier.startswith(WRITTEN) and not s.fichier.startswith(MODELS_READ)}
    assert {s.id for s, _ in LOCATED if s.fictif} == {"qva_fictifs", "qva_appartenances", *PANEL, *followed}
    assert [o.code for o in _contract.orientations if not o.est_fictif] == ["O1"]


def test_the_territories_are_those_of_the_contract() -> None:
    expected = _contract.parametres_validation
    assert codes("qpv", "QPV2015") == [f"QP0590{n}" for n in range(20, 34)]
    assert len(codes("qpv", "QPV2024")) == expected["nb_qpv_2024"] == 15
    assert len(codes("qva", "QVA2015", "qva_fictifs")) == expected["nb_qva"] == 20
    communes = [r for r in facts("observation/territoires.csv") if r["type_territoire"] == "commune"]
    assert len(communes) == expected["nb_communes"] == 35
    statuses = Counter(r["statut_politique_ville"] for r in communes)
    assert statuses == {"qpv": 12, "qva_candidat": 4, "inconnu": 19}
    # What the protocol does not say stays uncertain.
    assert {r["est_incertain"] for r in communes if r["statut_politique_ville"] != "qpv"} == {"oui"}


def test_fictional_qva_lie_in_no_commune_of_unknown_status() -> None:
    status = {r["code_territoire"]: r["statut_politique_ville"] for r in facts("observation/territoires.csv")}
    hosts = [r["code_parent"] for r in facts("observation/qva_appartenances.csv") if r["type_parent"] == "commune"]
    assert len(hosts) == 20
    assert len(set(hosts)) == 16
    assert {status[host] for host in hosts} == {"qpv", "qva_candidat"}


@pytest.mark.parametrize(
    ("quartier", "outside"),
    [
        ("QP059021", {"59491"}),
        ("QP059022", {"59207"}),
        ("QP059030", {"59564"}),
        ("QN05920M", {"59491"}),
        ("QN05921M", {"59491"}),
        ("QN05922M", {"59207", "59491"}),
        ("QN05930M", {"59564"}),
    ],
)
def test_quartiers_that_reach_into_the_neighbour_say_so(quartier: str, outside: set[str]) -> None:
    links = [r for r in facts("observation/appartenances.csv") if r["code_territoire"] == quartier]
    assert {r["code_parent"] for r in links if r["est_dans_agglomeration"] == "non"} == {*outside, NEIGHBOUR}
    note = next(r["note"] for r in facts("observation/territoires.csv") if r["code_territoire"] == quartier)
    assert "Porte du Hainaut" in note
    assert all(code in note for code in outside)


def test_no_other_quartier_reaches_into_the_neighbour() -> None:
    links = facts("observation/appartenances.csv")
    assert len({r["code_territoire"] for r in links if r["est_dans_agglomeration"] == "non"}) == 7


def test_every_code_is_known() -> None:
    known = {r["code_territoire"] for s, path in LOCATED if s.table == "territoires" for r in rows_of(path)}
    indicators = {r["code_indicateur"] for r in facts("observation/indicateurs.csv")}
    used: set[str] = set()
    for source, path in LOCATED:
        rows = rows_of(path)
        # Quartiers elsewhere are in no list of the contract's territories.
        if "code_territoire" in rows[0] and source.table != "observations_france":
            assert {r["code_territoire"] for r in rows} <= {*known, ""}, source.id
        if source.table == "observations":
            used |= {r["code_indicateur"] for r in rows}
    assert used == indicators
    measures = {r["numero"] for r in rows_of(NATIONAL / "mesures_nationales.csv")}
    assert {r["numero_mesure"] for r in rows_of(NATIONAL / "indicateurs_mesures.csv")} == measures


def test_spellings_lead_to_one_territory() -> None:
    aliases = [(r["alias"].casefold(), r["code_territoire"]) for r in facts("observation/alias_territoires.csv")]
    assert len({alias for alias, _ in aliases}) == len(aliases)
    spellings = dict(aliases)
    for spelling in ("lecocq", "lecoq", "cité lecoq", "chanteclerc - le coq", "chanteclerc le coq"):
        assert spellings[spelling] == "QP059024"
    centres = {name: code for name, code in spellings.items() if name.startswith("centre-ville")}
    assert "centre-ville" not in centres
    assert set(centres.values()) == {"QP059023", "QP059025", "QP059028"}


# The protocol's own table, read a second time on its text.
RATES = {
    "FRA": 64.3, EPCI: 53.8, "QP059020": 45.4, "QP059021": 42.2, "QP059022": 39.2, "QP059023": 44.6, "QP059024": 25.6,
    "QP059025": 45.7, "QP059026": 40.6, "QP059027": 43.1, "QP059028": 38.4, "QP059029": 52.4, "QP059030": 33.1,
    "QP059031": 35.1, "QP059032": 38.8, "QP059033": 38.1,
}  # fmt: skip


def test_employment_rates_of_the_protocol() -> None:
    read = values("taux_emploi_protocole", "taux_emploi_15_64", "non précisé")
    assert {code: number(value) for code, value in read.items()} == RATES


@pytest.mark.parametrize(
    ("name", "indicator", "vintage", "territory", "published"),
    [
        ("population_communes", "nb_habitants", "2013", EPCI, 190459),
        ("population_communes", "nb_habitants", "2015", EPCI, 192531),
        ("population_communes", "nb_habitants", "2022", EPCI, 191885),
        ("revenus_pauvrete_2021", "montant_revenu_median", "2021", EPCI, 19690),
        ("revenus_pauvrete_2021", "taux_pauvrete", "2021", EPCI, 23.6),
        ("demandeurs_emploi", "nb_demandeurs_emploi", "2015", EPCI, 20715),
        ("demandeurs_emploi", "nb_demandeurs_emploi", "2022", EPCI, 20670),
        ("rsa", "nb_foyers_rsa", "2017", EPCI, 10474),
        ("rsa", "nb_foyers_rsa", "2023", EPCI, 9125),
        ("qpv2024_insee", "nb_habitants_qpv", "non précisé", "QN05921M", 11320),
        ("qpv2024_insee", "nb_logements_sociaux_pour_100_menages_qpv", "non précisé", "QN05929M", 106.78),
    ],
)
def test_published_value(name: str, indicator: str, vintage: str, territory: str, published: float) -> None:
    assert number(values(name, indicator, vintage)[territory]) == published


@pytest.mark.parametrize("vintage", [str(year) for year in range(2006, 2023)])
def test_population_of_the_communes_adds_up_to_the_agglomeration(vintage: str) -> None:
    read = values("population_communes", "nb_habitants", vintage)
    assert sum(int(read[code]) for code in codes("commune", "administrative")) == int(read[EPCI])


@pytest.mark.parametrize(
    ("scheme", "year", "posts", "euros"),
    [
        ("adulte_relais", "2020", 36, 715_502.16),
        ("adulte_relais", "2021", 38, 762_729.16),
        ("adulte_relais", "2022", 40, 850_160.00),
        ("adulte_relais", "2023", 30, 676_671.90),
        ("fonjep", "2020", 3, 17_910.00),
        ("fonjep", "2021", 2, 14_328.00),
        ("fonjep", "2022", 3, 21_492.00),
        ("fonjep", "2023", 4, 28_656.00),
    ],
)
def test_posts_of_programme_147(scheme: str, year: str, posts: int, euros: float) -> None:
    rows = [r for r in facts("engagements/postes_147.csv") if (r["dispositif"], r["annee"]) == (scheme, year)]
    assert len(rows) == posts
    assert sum(round(100 * number(r["montant"])) for r in rows) == round(100 * euros)
    assert [int(r["rang"]) for r in rows] == list(range(1, posts + 1))


def test_commitments_of_the_partners() -> None:
    rows = facts("engagements/engagements.csv")
    assert Counter(r["verifiable"] for r in rows) == {"oui": 35, "partiel": 28, "non": 27}
    assert sorted(int(r["montant"]) for r in rows if r["montant"]) == [148275, 162041, 336164, 4000000, 10660000]
    assert {r["statut"] for r in rows} == {"non_renseigne"}
    assert Counter(r["nom_partenaire"] for r in rows) == {
        "État": 9, "Région Hauts-de-France": 12, "CAF du Nord": 10, "Département du Nord": 36,
        "ARS Hauts-de-France": 15, "Valenciennes Métropole": 8,
    }  # fmt: skip


def test_national_measures() -> None:
    rows = [r for r in rows_of(NATIONAL / "mesures_nationales.csv") if r["est_comptee"] == "oui"]
    assert [r["numero"] for r in rows] == [str(n) for n in range(1, 41)]
    assert Counter(r["niveau_engagement"] for r in rows) == {
        "en_cours_de_deploiement": 15, "en_cours_de_lancement": 14, "en_voie_de_finalisation": 1, "": 10,
    }  # fmt: skip
    unread = [int(r["numero"]) for r in rows if not r["niveau_engagement"]]
    assert unread == [7, 10, 11, 12, 16, 17, 18, 20, 29, 40]
    assert len(rows_of(NATIONAL / "indicateurs_mesures.csv")) == 61


def test_statements_have_no_invented_follow_up() -> None:
    rows = facts("participation/enonces_conseils.csv")
    assert [r["code_enonce"] for r in rows] == [f"CC-{n:02d}" for n in range(1, 19)]
    assert {r["suite_donnee"] for r in rows} == {"non_renseigne"}
