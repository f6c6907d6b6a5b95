"""A long text file is read a block at a time: line numbers, counts and ragged lines are those of the whole file."""

from collections.abc import Callable

import pytest

from pipelines.errors import DataError
from pipelines.read import RawTable
from pipelines.read.text import BLOCK, HEAD

Reader = Callable[..., RawTable]
HEADER = "Rang;Poste;Employeur;Montant\n"
ROWS = 2 * BLOCK + HEAD


def body(count: int, end: str = "") -> str:
    """Rows of one line each, but one in a thousand, whose employer stands on two lines."""
    return "".join(
        f'{i};A;"Fictif\n{i}";1{end}\n' if i % 1000 == 0 else f"{i};A;Fictif {i};1{end}\n" for i in range(1, count + 1)
    )


def test_lines_are_numbered_through_every_block(read_csv: Reader) -> None:
    raw = read_csv(f"Titre\n{HEADER}{body(ROWS)}9;A;un;de;trop\n\nTotal;;;{ROWS}\n")
    assert raw.frame["rang"].tolist() == [str(i) for i in range(1, ROWS + 1)]
    # Two lines above; a row moves down by one for each row on two lines before it.
    assert raw.frame["ligne"].tolist() == [i + 2 + (i - 1) // 1000 for i in range(1, ROWS + 1)]
    assert raw.ragged["ligne"].tolist() == [ROWS + 3 + ROWS // 1000]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [ROWS + 5, 4]


def test_the_width_of_a_line_is_that_of_the_whole_file(read_csv: Reader) -> None:
    """One line without the last delimiter, far below, makes every line that has it ragged."""
    assert read_csv(HEADER + body(HEAD + 1, ";")).ragged.empty
    raw = read_csv(HEADER + body(HEAD + 1, ";") + "9;A;b;1\n")
    assert len(raw.ragged) == HEAD + 1


def test_a_quote_that_never_closes_beyond_the_first_block_stops_with_its_line(read_csv: Reader) -> None:
    line = BLOCK + 2 + BLOCK // 1000
    with pytest.raises(DataError, match=rf"postes\.csv, ligne {line} : un guillemet n'est jamais refermé"):
        read_csv(HEADER + body(BLOCK) + '9;A;"ouvert;1\n')


def test_an_encoding_is_that_of_the_whole_file(read_csv: Reader) -> None:
    raw = read_csv((HEADER + body(BLOCK) + "9;A;Été;1\n").encode("cp1252"))
    assert raw.frame["nom_employeur"].iloc[-1] == "Été"
