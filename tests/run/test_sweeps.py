"""Sweeps: one notebook, one page per commune or per orientation, and the list of them."""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.paths import NOTEBOOKS
from pipelines.processed import read_manifest
from pipelines.run.jobs import plan_jobs, refuse_empty_sweeps, refuse_sweep, spread
from pipelines.run.notebooks import choose, known_notebooks, read_notebook
from pipelines.run.staleness import statuses
from pipelines.run.sweeps import list_pages, sweep_values
from tests.shipped import shipped_contract

VALUES = {
    "commune": {"59014": "Anzin", "inconnue-1": "Commune non identifiée n° 1"},
    "orientation": {"O1": "O1 Un"},
    "modele": {"plan": "Plan fictif"},
}
SHEETS = choose(["8_fiche_commune", "8_fiche_orientation"], known_notebooks())


def test_each_value_is_a_page_of_its_own_name() -> None:
    jobs = spread(plan_jobs(known_notebooks(), "valenciennes", 2022, {}, annees=(2015, 2022)), VALUES)
    swept = {job.base.name: (job.subject, dict(job.parameters)) for job in jobs if job.notebook.sweep}
    assert swept == {
        "8_fiche_commune--59014": ("Anzin", {"contrat": "valenciennes", "annee": 2022, "commune": "59014"}),
        "8_fiche_commune--inconnue-1": (
            "Commune non identifiée n° 1",
            {"contrat": "valenciennes", "annee": 2022, "commune": "inconnue-1"},
        ),
        "4_logique_impact--plan": ("Plan fictif", {"contrat": "valenciennes", "annee": 2022, "modele": "plan"}),
        "8_fiche_orientation--O1": ("O1 Un", {"contrat": "valenciennes", "annee": 2022, "orientation": "O1"}),
    }
    assert len({job.base for job in jobs}) == len(jobs) == len(known_notebooks()) + 1


def test_one_value_is_one_page_and_an_unknown_one_is_refused_with_those_there_are() -> None:
    def one(commune: str) -> list[str]:
        jobs = plan_jobs(SHEETS[:1], "valenciennes", 2022, {"commune": commune}, annees=(2015, 2022))
        return [job.base.name for job in spread(jobs, VALUES)]

    assert one("59014") == ["8_fiche_commune--59014"]
    with pytest.raises(
        UsageError, match=r"« 75056 » n'est pas une valeur de « commune » : 59014 \(Anzin\), inconnue-1"
    ):
        one("75056")


def test_no_value_is_no_page_and_is_said_where_it_was_asked_for() -> None:
    jobs = plan_jobs(SHEETS, "valenciennes", 2022, {}, annees=(2015, 2022))
    assert spread(jobs, {"commune": {}, "orientation": {}, "modele": {}}) == []
    with pytest.raises(UsageError, match="une page par commune, et ce contrat n'en a pas : vérifier"):
        refuse_empty_sweeps(jobs, {"commune": {}, "orientation": VALUES["orientation"]})
    refuse_empty_sweeps(jobs, VALUES)


def test_what_wants_one_page_asks_which() -> None:
    with pytest.raises(UsageError, match="une page par commune : dire laquelle, par exemple -p commune=59606"):
        refuse_sweep(SHEETS[0], {"mois_bilan": "6"})
    refuse_sweep(SHEETS[0], {"commune": "59014"})
    refuse_sweep(choose(["7_rapport_annuel"], known_notebooks())[0], {})


@pytest.mark.parametrize("balayage", ["quartier", "orientation"])
def test_a_sweep_that_is_unknown_or_not_declared_is_refused(tmp_path: Path, balayage: str) -> None:
    path = tmp_path / "8_fiche.ipynb"
    content = json.loads((NOTEBOOKS / "8_fiche_commune.ipynb").read_text(encoding="utf-8"))
    content["metadata"]["ose"]["balayage"] = balayage
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UsageError, match=f"« balayage » vaut « {balayage} ». Écrire commune ou modele ou orientation"):
        read_notebook(path)


def test_the_shipped_contract_has_its_eighteen_communes_the_doubtful_ones_marked(site) -> None:  # noqa: ANN001
    folder = site.processed / "valenciennes"
    values = sweep_values(folder, read_manifest(folder))
    communes = values["commune"]
    assert len(communes) == 18
    assert sum("(candidate, à confirmer)" in name for name in communes.values()) == 4
    assert [code for code in communes if code.startswith("inconnue")] == ["inconnue-1", "inconnue-2"]
    assert list(communes)[-2:] == ["inconnue-1", "inconnue-2"]
    assert list(values["orientation"]) == [f"O{rank}" for rank in range(1, 7)]
    assert sum("(libellé fictif)" in name for name in values["orientation"].values()) == 5


def test_the_list_of_pages_says_which_are_there(site) -> None:  # noqa: ANN001
    path = site.outputs / "valenciennes/2022/8_fiche_commune--pages.json"
    listed = json.loads(path.read_text(encoding="utf-8"))
    assert {key: listed[key] for key in ("notebook", "titre", "balayage")} == {
        "notebook": "8_fiche_commune", "titre": "Fiche de la commune", "balayage": "commune",
    }  # fmt: skip
    there = {page["valeur"]: page["page"] for page in listed["pages"] if page["page"]}
    assert len(listed["pages"]) == 18
    assert there
    for value, page in there.items():
        assert page == f"8_fiche_commune--{value}.html"
        assert (path.parent / page).is_file()
        about = json.loads((path.parent / page).with_suffix(".json").read_text(encoding="utf-8"))
        assert about["commune"] == about["sujet"] == next(p["nom"] for p in listed["pages"] if p["valeur"] == value)
    absent = [page["valeur"] for page in listed["pages"] if not page["page"]]
    assert all(not (path.parent / f"8_fiche_commune--{value}.html").exists() for value in absent)


def test_sheets_made_from_former_data_are_to_be_made_again_not_absent(site) -> None:  # noqa: ANN001
    changed = shipped_contract().model_copy(update={"annee_marqueur": 2018})
    told = {page.as_posix(): state for page, state, _ in statuses(changed, site.processed, site.outputs)}
    assert told["valenciennes/2022/8_fiche_commune--59606.html"] == "à refaire"
    assert told["valenciennes/2022/8_fiche_commune--59014.html"] == "absent"
    never = statuses(changed, site.processed / "ailleurs", site.outputs / "ailleurs")
    assert ("valenciennes/2022/8_fiche_commune.html", "absent") in {(p.as_posix(), s) for p, s, _ in never}


def test_outputs_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    (tmp_path / "valenciennes").write_text("un fichier", encoding="utf-8")
    with pytest.raises(UsageError, match="ne peut pas être écrit"):
        list_pages(plan_jobs(SHEETS, "valenciennes", 2022, {}, annees=(2015, 2022)), VALUES, tmp_path)


@pytest.mark.long
def test_all_sheets_of_the_first_year_stand_whatever_their_export_lacks(site, tmp_path: Path) -> None:  # noqa: ANN001
    places = ["--outputs", str(tmp_path), "--processed", str(site.processed)]
    for year in ("2015", "2016"):
        names = [notebook.name for notebook in SHEETS]
        assert main(["build", *names, "--annee", year, *places]) == 0
        assert len(list((tmp_path / "valenciennes" / year).glob("8_fiche_*.html"))) == 24
    shutil.rmtree(tmp_path / "valenciennes" / "2016")
