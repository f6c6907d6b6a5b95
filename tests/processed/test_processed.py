"""Certified tables: what is loaded is what was written, and a write that fails leaves the last good tables whole."""

from pathlib import Path

import pandas as pd
import pytest

from pipelines.errors import DataError, UsageError
from pipelines.processed import MANIFEST, ROW_GROUP, load_table, read_manifest, write_processed
from pipelines.tables import TABLES, empty

SIGLES = empty(TABLES["sigles"])


def sigles(*rows: str) -> pd.DataFrame:
    """A table of acronyms, one row a name."""
    return pd.DataFrame(
        {
            "sigle": list(rows),
            "developpe": ["développé (fictif)"] * len(rows),
            "categorie": [None] * len(rows),
            "id_source": ["b", "a", "b"][: len(rows)],
            "fichier": "sigles.csv",
            "feuille": "",
            "ligne": range(2, len(rows) + 2),
        }
    ).astype(SIGLES.dtypes.to_dict())


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of good tables."""
    folder = tmp_path / "traites" / "essai"
    write_processed(folder, {"sigles": sigles("QPV", "QVA")}, {"ecartees/sigles.csv": "é\n"}, {"empreinte": "1"})
    return folder


def test_what_is_written_is_loaded_with_its_types(folder: Path) -> None:
    manifest = read_manifest(folder)
    pd.testing.assert_frame_equal(load_table(folder, manifest, "sigles"), sigles("QPV", "QVA"))
    assert manifest["empreinte"] == "1"
    assert {key: manifest["tables"]["sigles"][key] for key in ("lignes", "sources")} == {
        "lignes": 2,
        "sources": ["a", "b"],
    }
    assert (folder / "ecartees" / "sigles.csv").read_bytes() == "é\n".encode()


def test_a_table_without_rows_keeps_its_types(folder: Path) -> None:
    manifest = write_processed(folder, {"sigles": SIGLES}, {}, {})
    pd.testing.assert_frame_equal(load_table(folder, manifest, "sigles"), SIGLES)


def test_the_same_tables_give_the_same_bytes(folder: Path) -> None:
    first = snapshot(folder)
    write_processed(folder, {"sigles": sigles("QPV", "QVA")}, {"ecartees/sigles.csv": "é\n"}, {"empreinte": "1"})
    assert snapshot(folder) == first


def test_a_new_write_replaces_everything_and_leaves_nothing_beside(folder: Path) -> None:
    write_processed(folder, {"sigles": sigles("ANCT")}, {}, {"empreinte": "2"})
    assert sorted(snapshot(folder)) == [MANIFEST, "sigles.parquet"]
    assert [path.name for path in folder.parent.iterdir()] == ["essai"]


def test_a_table_that_the_manifest_does_not_name_is_refused(folder: Path) -> None:
    sigles("ZUS").to_parquet(folder / "ajoutee.parquet")
    with pytest.raises(DataError, match=r"« ajoutee » n'est pas certifiée\. Tables : sigles\."):
        load_table(folder, read_manifest(folder), "ajoutee")


@pytest.mark.parametrize("how", ["modifiée", "supprimée"])
def test_a_table_that_is_not_the_certified_one_is_refused(folder: Path, how: str) -> None:
    path = folder / "sigles.parquet"
    if how == "modifiée":
        sigles("QPV", "QVA", "ZUS").to_parquet(path, index=False)
    else:
        path.unlink()
    with pytest.raises(DataError, match=r"n'est plus celle qui a été validée\. Relancer : ose check --contrat essai"):
        load_table(folder, read_manifest(folder), "sigles")


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, r"« essai » ne sont pas préparées"), ("{", r"manifest\.json est illisible")]
)
def test_without_a_readable_manifest_nothing_is_loaded(folder: Path, content: str | None, sentence: str) -> None:
    (folder / MANIFEST).unlink()
    if content is not None:
        (folder / MANIFEST).write_text(content)
    with pytest.raises(DataError, match=sentence):
        read_manifest(folder)


def unwritable() -> pd.DataFrame:
    """A table whose first column parquet has no type for."""
    return sigles("QPV").assign(sigle=pd.Series([object()], dtype="object"))


def test_a_failed_write_leaves_the_last_good_tables_whole(folder: Path) -> None:
    before = snapshot(folder)
    with pytest.raises(Exception, match="object"):
        write_processed(folder, {"sigles": sigles("ANCT"), "autre": unwritable()}, {}, {"empreinte": "2"})
    assert snapshot(folder) == before
    # And the next write is not hindered by what the failed one left.
    assert write_processed(folder, {"sigles": sigles("ANCT")}, {}, {"empreinte": "3"})["empreinte"] == "3"


def test_tables_left_under_their_waiting_name_come_back_before_a_write_that_fails(folder: Path) -> None:
    """A write that stopped between its two moves: the last good tables are only under their waiting name."""
    before = snapshot(folder)
    folder.rename(folder.with_name(".essai.precedent"))
    with pytest.raises(Exception, match="object"):
        write_processed(folder, {"autre": unwritable()}, {}, {})
    assert snapshot(folder) == before


@pytest.mark.parametrize("blocked", ["essai", ".essai.encours", "."])
def test_a_file_in_the_place_of_a_folder_is_said_and_kept(tmp_path: Path, blocked: str) -> None:
    folder = tmp_path / "traites" / "essai"
    file = (folder.parent / blocked).resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("à moi")
    with pytest.raises(
        UsageError, match=r"Le dossier essai .* ne peut pas être écrit \(.+\)\. .* --processed"
    ) as caught:
        write_processed(folder, {"sigles": sigles("QPV")}, {}, {})
    assert caught.value.exit_code == 2
    assert file.read_text() == "à moi"


@pytest.mark.parametrize("rows", [0, 3, ROW_GROUP + 1])
def test_categories_are_written_as_the_text_that_they_stand_for(tmp_path: Path, rows: int) -> None:
    """A row group at a time, and byte for byte what pandas writes in one go."""
    text = pd.DataFrame({"id_source": pd.Series(["a", "b", "é"] * (rows // 3 + 1), dtype="str")[:rows]})
    text["nb_personnes"] = pd.array(range(rows), dtype="Int64")
    write_processed(tmp_path / "essai", {"longue": text.astype({"id_source": "category"})}, {}, {})
    text.to_parquet(tmp_path / "pandas.parquet", index=False)
    assert (tmp_path / "essai/longue.parquet").read_bytes() == (tmp_path / "pandas.parquet").read_bytes()
