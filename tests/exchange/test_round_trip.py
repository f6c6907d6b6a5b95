"""A register that we export is one that we read: the same grants, the same euros, the same holders."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipelines.contract import read_contract
from pipelines.exchange.register import export_register
from pipelines.prepare import prepare
from pipelines.tables import GRANTED
from tests.shipped import shipped_contract

CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: []
parametres_validation: {nb_mesures: 40}
sources:
  - {id: registre, fichier: registre.csv, table: subventions, correspondance: scdl_data_subvention,
     constantes: {code_financeur: agglomeration}, titre: Registre, editeur: Essai, licence: MIT,
     millesime: "2022", fictif: true}
"""


@pytest.mark.parametrize("year", [pytest.param(2015, marks=pytest.mark.long), 2022])
def test_the_exported_register_comes_back_whole(year: int, site: SimpleNamespace, tmp_path: Path) -> None:
    register = export_register(shipped_contract(), site.processed, tmp_path / "sorties", year=year)
    folder = tmp_path / "essai"
    folder.mkdir()
    (folder / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    register.file.rename(folder / "registre.csv")

    manifest = prepare(read_contract(str(folder)), tmp_path / "prepare")
    (line,) = [line for line in manifest["balance"] if line["fichier"] == "registre.csv"]
    assert (line["ecartees"], line["lues"]) == (0, line["retenues"] + 1)

    def grants(prepared: Path) -> pd.DataFrame:
        actions, funding = (pd.read_parquet(prepared / f"{name}.parquet") for name in ("actions", "financements"))
        chosen = funding[(funding["code_financeur"] == "agglomeration") & (funding["montant_accorde"] > 0)]
        columns = ["code_action", "annee", "nom_porteur", "code_siret", "statut"]
        return actions[columns].merge(chosen[["code_action", "montant_accorde"]], on="code_action", validate="1:1")

    before, after = grants(site.processed / "valenciennes"), grants(tmp_path / "prepare" / "essai")
    publishable = before["statut"].isin(GRANTED) & before["code_siret"].notna() & (before["annee"] == year)
    kept = ["code_action", "annee", "nom_porteur", "code_siret", "montant_accorde"]
    pd.testing.assert_frame_equal(
        before.loc[publishable, kept].sort_values("code_action", ignore_index=True),
        after[kept].sort_values("code_action", ignore_index=True),
    )
