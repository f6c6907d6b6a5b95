"""A commentary that notes the fingerprint of its figures is fresh until they change; then page and index say so."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from ruamel.yaml import YAML

from pipelines.paths import NOTEBOOKS, RAW
from pipelines.run.build import build

# What the report loads, national tables aside.
KEPT = {"territoires", "indicateurs", "observations", "observations_france"}


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """The observation part of the shipped contract, in a folder of its own."""
    copy = shutil.copytree(RAW / "valenciennes", tmp_path / "copie")
    yaml, path = YAML(), copy / "contrat.yml"
    content = yaml.load(path)
    content["sources"] = [source for source in content["sources"] if source["table"] in KEPT]
    yaml.dump(content, path)
    return copy


@pytest.mark.long
def test_a_commentary_is_fresh_until_its_figures_change(site: SimpleNamespace, contract: Path, tmp_path: Path) -> None:
    # Where nobody has written, the page prints what to note: the same figures, the same fingerprint.
    blank = (site.outputs / "valenciennes/2022/1_observation_france.html").read_text(encoding="utf-8")
    fingerprint = BeautifulSoup(blank, "html.parser").select(".commentaire.absent code")[-1].get_text()
    written = contract / "commentaires/2022/1_observation_france/rangs.md"
    written.parent.mkdir(parents=True)
    written.write_text(f"---\nempreinte: {fingerprint}\n---\nL'écart **persiste**.", encoding="utf-8")

    def build_with(**parameters: str) -> tuple[BeautifulSoup, str]:
        where = {"processed": tmp_path / "tables", "outputs": tmp_path / "pages", "notebooks": NOTEBOOKS}
        built = build(str(contract), names=["1_observation_france"], given=parameters, **where)
        assert not built.failures
        page = BeautifulSoup(built.reports[0].read_text(encoding="utf-8"), "html.parser")
        index = BeautifulSoup(built.index.read_text(encoding="utf-8"), "html.parser")
        return page, index.select_one(".rapports > li").get_text(" ", strip=True)

    page, listed = build_with()
    assert "L'écart persiste." in page.select(".commentaire")[-1].get_text()
    assert page.select_one(".relire") is None
    assert "À relire" not in listed
    # Other figures: the same contract with shorter intervals.
    page, listed = build_with(niveau="80")
    assert "ont changé depuis ce commentaire" in page.select(".commentaire")[-1].get_text()
    assert "Commentaires à relire" in page.header.get_text()
    assert "À relire" in listed
