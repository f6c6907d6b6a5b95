"""The README's codebook is the one that `tables.py` prints, and every column says what it is."""

import re
import tomllib

import pytest

from pipelines.paths import NOTEBOOKS, ROOT
from pipelines.tables import TABLES, Table, codebook
from tests.shipped import shipped_contract

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_holds_the_codebook() -> None:
    printed = README.split("<!-- codebook -->\n\n")[1].split("<!-- fin du codebook -->")[0]
    assert printed == codebook(), "réimprimer le codebook : python -m pipelines.tables"


def test_readme_lists_every_notebook() -> None:
    for path in [*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("focus/*.ipynb")]:
        assert f"| `{path.relative_to(NOTEBOOKS).with_suffix('').as_posix()}` |" in README


def test_readme_says_why_of_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    requirements = [line for group in groups for line in group]
    declared = [re.match(r"[A-Za-z0-9_.-]+", line)[0] for line in requirements if isinstance(line, str)]
    table = README.split("## Les dépendances")[1].split("## Pour qui")[0]
    assert len(declared) > 20
    assert [name for name in declared if name not in table] == []


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_columns_keep_the_suffix_discipline(table: Table) -> None:
    kinds = {
        "code_": "code",
        "est_": "booleen",
        "montant": "euros",
        "date_": "date",
        "nb_": "entier",
        "part_": "pourcent",
    }
    for column in table.columns:
        assert re.fullmatch(r"[a-z0-9_]+", column.name)
        assert column.meaning
        for prefix, kind in kinds.items():
            if column.name.startswith(prefix) and column.name != "parts_territoires":
                assert column.kind == kind, column.name
    assert set(table.key) <= {*table.names, "id_source"}


def test_every_table_of_the_shipped_contract_has_a_source() -> None:
    contract = shipped_contract()
    assert {source.table for source, _ in contract.located()} >= {"territoires", "observations", "programmes", "sigles"}
