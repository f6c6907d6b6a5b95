"""A count of persons that may not be published is in no file of a build: page, notebook, table, provenance, image."""

import base64
import html
import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from ruamel.yaml import YAML

from pipelines.paths import RAW
from pipelines.processed import load_table, read_manifest
from pipelines.run.build import build
from tests.shipped import shipped_contract

THRESHOLD = 100_000
PAGES = ("2_suivi_programmation", "7_rapport_annuel")
# What the pages need, and all that counts persons; of one year, since each secret count is a search for others.
SHORT = (
    *("territoires_officiels", "qva_fictifs", "appartenances_officielles", "qva_appartenances", "indicateurs"),
    *("taux_emploi_protocole", "sites_renouvellement", "programmes_2022"),
    *("objectifs_fictifs", "suivis_renforces_fictifs", "mesures_suivis_fictives"),
)
# All that the contract declares, of two years.
WHOLE = tuple(
    source.id
    for source in shipped_contract().sources
    if source.id not in {f"programmes_{year}" for year in range(2015, 2021)}
)
_DATA = re.compile(r"data:(?:text/csv;charset=utf-8|image/svg\+xml);base64,([A-Za-z0-9+/=]+)")


def texts_of(path: Path) -> Iterator[str]:
    """What can be read in a file, and in the tables and images inside it; markup and coordinates left out."""
    content = path.read_text(encoding="utf-8")
    for packed in _DATA.findall(content):
        yield re.sub(r"<[^>]*>", " ", base64.b64decode(packed).decode("utf-8"))
    content = _DATA.sub(" ", content)
    if path.suffix == ".html":
        alternatives = re.findall(r'(?:alt|aria-label|title|content)="([^"]*)"', content)
        content = " ".join([re.sub(r"<[^>]*>", " ", content), *alternatives])
    yield html.unescape(content)


def found(numbers: Collection[int], folder: Path) -> list[str]:
    """The files of a folder where one of some numbers stands, however its thousands are parted."""
    digits = "|".join("[\u202f\u00a0 .,]?".join(f"{number:,}".split(",")) for number in sorted(numbers))
    spelt = re.compile(rf"(?<![\w.,])(?:{digits})(?![\w]|[.,]\d)")
    return [path.name for path in sorted(folder.rglob("*.*")) if any(spelt.search(text) for text in texts_of(path))]


def reached(processed: Path) -> dict[tuple[str, str], int]:
    """Persons reached by all actions of 2022 that may be published, by dimension and modality."""
    folder = processed / "valenciennes"
    table = load_table(folder, read_manifest(folder), "effectifs_publies")
    table = table[(table["annee"] == 2022) & (table["coupe"] == "ensemble")].dropna(subset="nb_personnes")
    return {(row.dimension, row.modalite): int(row.nb_personnes) for row in table.itertuples()}


@pytest.fixture(
    scope="module", params=[SHORT, pytest.param(WHOLE, marks=pytest.mark.long)], ids=["one year", "two years"]
)
def strict(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The shipped contract with a threshold that no count reaches, and its pages that speak of persons."""
    folder = tmp_path_factory.mktemp("secret")
    shutil.copytree(RAW / "valenciennes", folder / "valenciennes")
    path = folder / "valenciennes" / "contrat.yml"
    declared = YAML().load(path.read_text(encoding="utf-8"))
    declared["seuils"]["petit_effectif"] = THRESHOLD
    declared["sources"] = [source for source in declared["sources"] if source["id"] in request.param]
    declared["publication_scdl"] = {}
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(declared, file)
    place = {"processed": folder / "tables", "outputs": folder / "pages"}
    built = build(str(path.parent), names=PAGES, **place)
    assert not built.failures
    return SimpleNamespace(**place)


def test_what_is_published_can_be_found(site: SimpleNamespace) -> None:
    """The search sees the same counts where they are not secret: in the page, the table, the image's own table."""
    women = reached(site.processed)["sexe", "femmes"]
    names = found({women}, site.outputs / "valenciennes" / "2022")
    assert {"2_suivi_programmation.html", "2_suivi_programmation.ipynb", "7_rapport_annuel.html"} <= set(names)
    assert any(name.endswith(".csv") for name in names)


def test_what_is_secret_is_in_no_file(site: SimpleNamespace, strict: SimpleNamespace) -> None:
    assert reached(strict.processed) == {}
    secret = {count for count in reached(site.processed).values() if count >= 1000}
    assert len(secret) > 5
    assert found(secret, strict.outputs) == []
