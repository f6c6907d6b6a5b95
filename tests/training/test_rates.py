"""The exercises on rates recognise a right answer and each known mistake, on two worlds whose numbers differ."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipelines.indicators import observation
from pipelines.processed import declared_sources, load_table, read_manifest
from pipelines.training import pairs, quartiers, rates
from pipelines.training.feedback import NotYet, Right, Unanswered

TABLES = ("observations", "indicateurs", "territoires", "appartenances")
EXAMPLE = "000000001"
Known = Callable[[SimpleNamespace], object]


def make_world(prepared: Path, contract: str) -> SimpleNamespace:
    """What part 2 works on: the shipped contract, or its invented example alone, as if it were a contract."""
    manifest = read_manifest(prepared)
    tables = {name: load_table(prepared, manifest, name) for name in (*TABLES, "ruptures_sources")}
    passages = load_table(prepared, manifest, "passages_territoires")
    epci = manifest["contrat"]["code_epci"]
    if contract == "exemple":
        invented = tables["territoires"]["geographie"].eq("exemple")
        tables["territoires"] = tables["territoires"][invented].assign(geographie="QPV2015")
        codes = tables["territoires"]["code_territoire"]
        for name in ("observations", "appartenances"):
            tables[name] = tables[name][tables[name]["code_territoire"].isin(codes)]
        epci = EXAMPLE
    own = [tables[name] for name in TABLES]
    gaps = quartiers.choose_gaps(observation.list_attempts(*own, epci), *own, epci)
    counted = quartiers.choose_counted(*own, tables["ruptures_sources"])
    shares = observation.add_share_intervals(counted, effet_de_plan=1.5, niveau=90.0)
    titles = {source["id"]: source["titre"] for source in declared_sources(manifest)}
    drawn_from = pairs.World(*own, tables["ruptures_sources"], passages, epci, titles)
    return SimpleNamespace(
        gaps=gaps, counted=counted, shares=shares, ensemble=quartiers.pool_rates(counted), drawn_from=drawn_from,
        pairs=pairs.propose_pairs(drawn_from), tables=own, contract=contract,
    )  # fmt: skip


@pytest.fixture(scope="module", params=["contrat", "exemple"])
def world(request: pytest.FixtureRequest, prepared: Path) -> SimpleNamespace:
    """Two worlds whose numbers differ."""
    return make_world(prepared, request.param)


@pytest.fixture(scope="module")
def real(prepared: Path) -> SimpleNamespace:
    """The shipped contract, whose pairs of values are real."""
    return make_world(prepared, "contrat")


def lowest(world: SimpleNamespace) -> pd.Series:
    return world.gaps.loc[world.gaps["valeur"].astype(float).idxmin()]


@pytest.mark.parametrize("shift", [0.0, 0.05, -0.05])
def test_the_gap_is_a_difference_in_points(world: SimpleNamespace, shift: float) -> None:
    """Read on the page, with one decimal, it is right."""
    row = lowest(world)
    assert isinstance(rates.check_gap(row["valeur"] - row["valeur_reference"] + shift, world.gaps), Right)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda row: row["valeur_reference"] - row["valeur"], "le signe est à l'envers"),
        (lambda row: 100 * row["valeur"] / row["valeur_reference"], "le rapport des deux taux"),
        (lambda row: row["valeur"] / row["valeur_reference"], "le rapport des deux taux"),
        (lambda row: 100 * (row["valeur"] / row["valeur_reference"] - 1), "pourcentage de pourcentage"),
        (lambda row: 100 * (1 - row["valeur"] / row["valeur_reference"]), "pourcentage de pourcentage"),
        (lambda row: row["valeur"], "reste à en soustraire"),
        (lambda row: str(row["ecart_reference"]), "sans guillemets"),
        (lambda row: row["ecart_reference"] + 1, "moins celui de l'agglomération, dans cet ordre"),
    ],
)
def test_a_gap_said_otherwise_is_recognised(world: SimpleNamespace, answer: Known, told: str) -> None:
    """Sign, ratio, percentage of a percentage; anything else is not right either."""
    with pytest.raises(NotYet, match=told):
        rates.check_gap(answer(lowest(world)), world.gaps)


def test_the_rate_of_all_weighs_people(world: SimpleNamespace) -> None:
    """Sums of the two columns that the page shows."""
    shown = quartiers.list_counts(world.counted)
    answer = 100 * sum(shown["numerateur"]) / sum(shown["denominateur"])
    assert isinstance(rates.check_pooled(answer, world.counted), Right)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda world: world.counted["valeur"].mean(), "le poids du plus grand"),
        (lambda world: world.counted["valeur"].median(), "quartier du milieu"),
        (lambda world: world.counted["valeur_reference"].iloc[0], "taux de l'agglomération"),
        (lambda world: world.ensemble / 100, "multiplier par 100"),
        (lambda world: world.counted["numerateur"].sum(), "numérateur seul"),
        (lambda world: world.ensemble + 1, "additionner les numérateurs"),
    ],
)
def test_a_mean_of_rates_is_recognised(world: SimpleNamespace, answer: Known, told: str) -> None:
    """The mean, the middle, the whole agglomeration, a part of one, a numerator."""
    with pytest.raises(NotYet, match=told):
        rates.check_pooled(answer(world), world.counted)


def unsure(world: SimpleNamespace) -> int:
    rows = zip(world.shares["part_basse"], world.shares["part_haute"], strict=True)
    return sum(low <= world.ensemble <= high for low, high in rows)


def test_a_bar_that_crosses_the_line_tells_nothing(world: SimpleNamespace) -> None:
    """Some cross it, some do not: the question is one."""
    assert 0 < unsure(world) < len(world.shares)
    assert isinstance(rates.check_straddling(unsure(world), world.shares, world.ensemble), Right)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda world: len(world.shares) - unsure(world), "ceux qui s'en distinguent"),
        (lambda world: int((world.shares["valeur"] < world.ensemble).sum()), "points sous la référence|distinguent"),
        (lambda world: int((world.shares["valeur"] > world.ensemble).sum()), "points au-dessus"),
        (lambda world: len(world.shares), "le nombre de quartiers"),
        (lambda _: 10_000, "ni plus ni moins"),
    ],
)
def test_points_counted_for_bars_are_recognised(world: SimpleNamespace, answer: Known, told: str) -> None:
    """Those that differ, the points on one side, all of them."""
    with pytest.raises(NotYet, match=told):
        rates.check_straddling(answer(world), world.shares, world.ensemble)


def test_two_gaps_of_a_size_do_not_tell_the_same(world: SimpleNamespace) -> None:
    """What the page asks to look for is there: as far from all, one told apart, the other not."""
    sizes = quartiers.compare_sizes(world.shares, world.ensemble)
    apart = {constat: rows["ecart_reference"].abs() for constat, rows in sizes.groupby("constat")}
    assert apart["s'en distingue"].min() - apart["ne s'en distingue pas"].max() < 0.5
    assert sizes["denominateur"].is_monotonic_increasing


def verdicts(world: SimpleNamespace) -> dict[str, str]:
    return dict(zip(world.pairs["lettre"], world.pairs["mot"], strict=True))


def test_each_pair_has_its_verdict(real: SimpleNamespace) -> None:
    """Right in any case, with spaces around."""
    said = {letter: f" {word.upper()} " for letter, word in verdicts(real).items()}
    assert isinstance(rates.check_verdicts(said, real.pairs, pairs.WORDS), Right)


def test_every_reason_has_its_pair(real: SimpleNamespace) -> None:
    """Each word is the answer of a pair of real values, and a refusal of the indicators says why."""
    assert set(real.pairs["mot"]) == set(pairs.WORDS)
    told = real.pairs.drop_duplicates("mot").set_index("mot")["consequence"]
    assert "rupture de la source" in told["rupture"]
    assert "même périmètre" in told["contour"]
    assert "autre source" in told["source"]
    assert "trop proches" in told["dates"]
    assert "non diffusée" in told["nombre"]
    assert "fictif" not in " ".join([*real.pairs["premiere_valeur"], *real.pairs["seconde_valeur"]])


def test_a_kind_that_the_contract_lacks_is_left_out(prepared: Path) -> None:
    """The example alone has neither secret, nor another source, nor another outline."""
    assert list(make_world(prepared, "exemple").pairs["mot"]) == ["oui"]


def swap(real: SimpleNamespace, chosen: Callable[[str], bool], word: str) -> dict[str, str]:
    """The verdicts with one of the chosen ones replaced."""
    said = verdicts(real)
    letter = next(letter for letter, right in said.items() if chosen(right))
    return said | {letter: word}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda real: swap(real, lambda word: word != "oui", "oui"), "on ne peut pas comparer"),
        (lambda real: swap(real, lambda word: word == "oui", "source"), "rien ne s'y oppose"),
        (lambda real: swap(real, lambda word: word == "nombre", "rupture"), "pas pour cette raison"),
        (lambda real: swap(real, lambda word: word == "oui", "peut-être"), "n'est pas l'un des mots"),
        (lambda real: swap(real, lambda word: word == "oui", ...), "il reste à juger en "),
        (lambda _: ["oui"], "dictionnaire"),
    ],
)
def test_a_wrong_verdict_is_told_without_its_answer(real: SimpleNamespace, answer: Known, told: str) -> None:
    """Compared in spite of a reason, refused without one, for another reason, another word."""
    with pytest.raises(NotYet, match=told) as refused:
        rates.check_verdicts(answer(real), real.pairs, pairs.WORDS)
    assert not re.search(r"« (source|contour|rupture|dates|nombre) »", str(refused.value))


@pytest.mark.parametrize("answer", [..., {"A": ..., "B": ...}, {}])
def test_no_verdict_yet_is_no_mistake(real: SimpleNamespace, answer: object) -> None:
    """Three points, in the answer or on each of its lines."""
    with pytest.raises(Unanswered):
        rates.check_verdicts(answer, real.pairs, pairs.WORDS)


def test_a_contract_without_rates_says_so(world: SimpleNamespace) -> None:
    """No exercise can be made, no cell fails for it."""
    observations, indicators, territories, containment = world.tables
    nothing = (observations.head(0), indicators, territories, containment)
    gaps = quartiers.choose_gaps(observation.list_attempts(*nothing, "0"), *nothing, "0")
    counted = quartiers.choose_counted(*nothing, world.drawn_from.breaks)
    shares = observation.add_share_intervals(counted, effet_de_plan=1.5, niveau=90.0)
    assert quartiers.explain_no_interval(gaps, effet_de_plan=1.5, niveau=90.0) == []
    assert len(quartiers.compare_ways(gaps)) == len(quartiers.compare_sizes(shares, float("nan"))) == 0
    assert quartiers.tell_ways(gaps) == quartiers.tell_surroundings(counted, containment)
    assert quartiers.draw_rates(shares, float("nan"), "rien").data.empty
    for check in (
        lambda: rates.check_gap(1, gaps),
        lambda: rates.check_pooled(1, counted),
        lambda: rates.check_straddling(1, shares, 1.0),
        lambda: rates.check_verdicts({"A": "oui"}, world.pairs.head(0), pairs.WORDS),
    ):
        with pytest.raises(NotYet, match="sans objet"):
            check()


def test_why_there_is_no_interval(world: SimpleNamespace) -> None:
    """Of the contract's rates the counts are unknown; those of the example are known."""
    told = quartiers.explain_no_interval(world.gaps, effet_de_plan=1.5, niveau=90.0)
    assert told == ([] if world.contract == "exemple" else ["intervalle non calculable : dénominateur inconnu"])
