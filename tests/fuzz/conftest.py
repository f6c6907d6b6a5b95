"""What the fuzz tests share: how files are damaged, and what must hold for whatever is read from them."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.clean.observations import clean_observations
from pipelines.clean.programmes import clean_programmes
from pipelines.clean.rows import Cleaned, clean_table
from pipelines.contract import Source
from pipelines.errors import OseError
from pipelines.read import RawTable, read_source
from pipelines.tables import TABLES

Check = Callable[..., None]
Damage = Callable[[bytes], bytes]

FORMS = {".csv": "csv", ".json": "json"}
PLACE = ["fichier", "feuille", "ligne"]
_CLEANERS = {"observations": clean_observations, "programmes": clean_programmes}
# An amount that can be read in one way only.
_PLAIN = re.compile(r"^-?\d{1,12}([.,]\d{1,2})?$", re.ASCII)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that holds its check does so on a few cases, and on many in the long profile."""
    if "hold" in metafunc.fixturenames:
        efforts = [pytest.param(0, id="court"), pytest.param(1, id="long", marks=pytest.mark.long)]
        metafunc.parametrize("hold", efforts, indirect=True)


@pytest.fixture
def hold(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Runs a check on drawn cases: `cases` are how many in the quick profile and in the long one."""

    def run(cases: tuple[int, int], check: Check, **strategies: st.SearchStrategy[Any]) -> None:
        effort = settings(max_examples=cases[request.param], suppress_health_check=list(HealthCheck))
        effort(given(**strategies)(check))()

    return run


@pytest.fixture
def source_of() -> Callable[..., Source]:
    """A fictional source; by default one of posts, four columns read and two constant."""

    def make(name: str, **options: Any) -> Source:
        posts = {"Rang": "rang", "Poste": "code_poste", "Employeur": "nom_employeur", "Montant": "montant"}
        constants = {"dispositif": "fonjep", "annee": "2020"} if "table" not in options else {}
        default = {"table": "postes_147", "colonnes": posts, "constantes": constants}
        origin = dict.fromkeys(("titre", "editeur", "licence", "millesime"), "essai")
        form = FORMS.get(Path(name).suffix, "classeur")
        return Source.model_validate(
            {"id": "essai", "fichier": name, "forme": form, "fictif": True, **default, **origin, **options}
        )

    return make


@pytest.fixture
def survives() -> Callable[[Source, Path], RawTable | None]:
    """Reads and cleans a file whatever it holds: None where it is refused by a sentence that names it."""

    def run(source: Source, path: Path) -> RawTable | None:
        try:
            raw = read_source(source, path)
        except OseError as error:
            said = str(error)
        else:
            _assert_balanced(raw)
            _assert_nothing_changes(raw, source)
            return raw
        assert path.name in said, said
        return None

    return run


def _assert_balanced(raw: RawTable) -> None:
    """Every record of every sheet is data, ragged or not data, once; every cell is text."""
    read = Counter(raw.frame["feuille"]) + Counter(raw.ragged["feuille"])
    for count in raw.counts.itertuples():
        assert count.lues == read[count.feuille] + count.hors_donnees
    places = pd.concat([raw.frame[PLACE], raw.ragged[PLACE]])
    assert not places.duplicated().any()
    assert all(isinstance(cell, str) for name in raw.frame if name != "ligne" for cell in raw.frame[name])


def _assert_nothing_changes(raw: RawTable, source: Source) -> None:
    """Each row is kept or set aside once; a filled cell of a kept row has its value, or its reason in the journal."""
    table = TABLES[source.table]
    cleaned: Cleaned = _CLEANERS.get(table.name, lambda frame: clean_table(frame, table))(raw.frame)
    lines = Counter(map(tuple, pd.concat([cleaned.kept[PLACE], cleaned.set_aside[PLACE]]).astype(str).to_numpy()))
    assert lines == Counter(map(tuple, raw.frame[PLACE].astype(str).to_numpy()))
    assert (cleaned.set_aside["motif"] != "").all()
    reasons = {(str(row.feuille), row.ligne, row.colonne) for row in cleaned.journal.itertuples() if row.motif}
    texts = raw.frame.set_index(["feuille", "ligne"]).to_dict("index")
    for row in cleaned.kept.to_dict("records"):
        place = (row["feuille"], row["ligne"])
        for column in table.columns:
            text = texts[place].get(column.name, "")
            missing = pd.isna(row[column.name])
            assert not missing or not text or (*place, column.name) in reasons, (column.name, text)
            if column.kind == "euros" and not missing and _PLAIN.match(text):
                assert Decimal(str(row[column.name])) == Decimal(text.replace(",", ".")), text


@pytest.fixture
def damages() -> st.SearchStrategy[Damage]:
    """One to four faults of a text file, as hands, exports and transfers make them."""
    return st.lists(_FAULTS, min_size=1, max_size=4).map(_in_turn)


@pytest.fixture
def flips() -> st.SearchStrategy[Damage]:
    """One to four faults of any file: bytes changed, a piece lost or doubled, the end cut off."""
    return st.lists(_BYTE_FAULTS, min_size=1, max_size=4).map(_in_turn)


def _in_turn(faults: list[Damage]) -> Damage:
    def apply(data: bytes) -> bytes:
        for fault in faults:
            data = fault(data)
        return data

    return apply


def _at(place: float, data: bytes) -> int:
    return int(place * len(data))


_PLACES = st.floats(0, 1, exclude_max=True)
_PIECES = st.sampled_from(
    [b'"', b";", b",", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xe9", b"\xef\xbb\xbf", "\u202f".encode(), b"=",
     b"'", b"27 000,00", b"Total", b"\n;;;\n", b"#DIV/0!", b"[", b"{", b"\\ud800", b"1e999", b"\x1a", b"\x0c"]
)  # fmt: skip
_INSERTED = st.builds(
    lambda place, piece: lambda data: data[: _at(place, data)] + piece + data[_at(place, data) :],
    _PLACES,
    _PIECES | st.binary(min_size=1, max_size=8),
)
_DELETED = st.builds(
    lambda place, size: lambda data: data[: _at(place, data)] + data[_at(place, data) + size :],
    _PLACES,
    st.integers(1, 40),
)
_DOUBLED = st.builds(
    lambda place, size: lambda data: data[: _at(place, data) + size] + data[_at(place, data) :],
    _PLACES,
    st.integers(1, 400),
)
_CUT = _PLACES.map(lambda place: lambda data: data[: _at(place, data)])
_FLIPPED = st.builds(
    lambda place, byte: lambda data: data[: _at(place, data)] + bytes([byte]) + data[_at(place, data) + 1 :],
    _PLACES,
    st.integers(0, 255),
)
_BYTE_FAULTS = _INSERTED | _DELETED | _DOUBLED | _CUT | _FLIPPED


def _recode(encoding: str) -> Damage:
    def apply(data: bytes) -> bytes:
        try:
            return data.decode("utf-8-sig").encode(encoding, "replace")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace").encode(encoding, "replace")

    return apply


def _shuffle(order: Callable[[list[bytes]], None]) -> Damage:
    def apply(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        order(lines)
        return b"".join(lines)

    return apply


_SWAPPED = st.tuples(st.sampled_from([b";", b",", b"\t"]), st.sampled_from([b";", b",", b"\t", b"|"])).map(
    lambda pair: lambda data: data.replace(*pair)
)
_FAULTS = (
    _BYTE_FAULTS
    | _SWAPPED
    | st.just(lambda data: data.replace(b'"', b""))
    | st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "mac_roman"]).map(_recode)
    | st.randoms(use_true_random=False).map(lambda random: _shuffle(random.shuffle))
    | st.sampled_from([b"\r\n", b"\r", b"\n\n"]).map(lambda end: lambda data: data.replace(b"\n", end))
)
