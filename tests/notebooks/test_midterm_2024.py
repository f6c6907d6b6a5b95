"""A contract of 2024-2030, with quartiers of 2024 and few tables, has its mid-term evaluation. All is invented."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from ruamel.yaml import YAML

from pipelines.cli import main

NAME = "6_evaluation_mi_parcours"
FILES = {
    "territoires": """
code_territoire;type_territoire;nom_territoire;geographie;secteur;statut_politique_ville;est_fictif;est_incertain;note
999000001;epci;Agglomération d'essai;administrative;;;non;non;
59001;commune;Commune A;administrative;nord;qpv;non;non;
QN05901M;qpv;Quartier un;QPV2024;nord;;non;non;
QN05902M;qpv;Quartier deux;QPV2024;nord;;non;non;
""",
    "appartenances": """
code_territoire;code_parent;type_parent;nom_parent;est_dans_agglomeration;part_population
QN05901M;59001;commune;Commune A;oui;
QN05901M;999000001;epci;Agglomération d'essai;oui;
QN05902M;59001;commune;Commune A;oui;
QN05902M;999000001;epci;Agglomération d'essai;oui;
59001;999000001;epci;Agglomération d'essai;oui;
""",
    "programmes": """
code_action;annee;intitule;nom_porteur;statut;code_orientation;territoires;parts_territoires;montant_cout_total;demande_etat;accorde_etat;verse_etat
A1;2024;Atelier emploi;Association une;justifie;E1;QN05901M;100;10000;6000;5000;5000
A2;2025;Atelier emploi;Association une;finance;E1;QN05901M|QN05902M;;12000;7000;6000;0
A3;2026;Chantier;Association deux;finance;E1;QN05902M;100;9000;5000;4000;0
A4;2025;Autre projet;Association trois;refuse;E1;QN05902M;100;3000;2000;;
""",
    "questions_evaluatives": """
code_question;libelle_question;critere_evaluation;origine_question;reference;est_incertain;note
E1;Les actions répondent-elles aux besoins ?;pertinence;contrat;contrat, page 3;non;
E2;Les habitants sont-ils associés ?;participation;conseils_citoyens;;non;
""",
    "matrice_evaluation": """
code_question;rang;critere_jugement;libelle_indicateur;source_prevue;methode;chiffre_lie;seuil;est_propose
E1;1;Les dossiers se laissent évaluer;Dossiers complets;Dossiers;Comptage;evaluabilite;80 %;non
""",
    "materiau_qualitatif": """
code_materiau;type_materiau;date_recueil;role;code_question;annee_fin;code_modele;code_source;code_cible;sens_preuve;extrait
M1;entretien;2026-03-02;Habitante;E2;2025;;;;contre;On apprend les projets après coup, dit Mme Dupont-Durand
M2;atelier;2026-03-09;Habitants;E2;2025;;;;contre;Personne ne nous a consultés
""",
}
CONTRACT = {
    "nom": "Quartiers 2030 d'essai",
    "code_epci": "999000001",
    "nom_epci": "Agglomération d'essai",
    "annees": {"debut": 2024, "fin": 2030},
    "date_arret": "2031-06-30",
    "annee_marqueur": 2024,
    "orientations": [{"code": "E1", "libelle": "Emploi", "est_fictif": False}],
    "nature_credits": {"etat": "specifique"},
    "parametres_validation": {
        "nb_qpv": 0, "nb_qpv_2024": 2, "nb_qva": 0, "nb_communes": 1, "nb_communes_politique_ville": 1,
        "nb_communes_qpv": 1, "nb_communes_qva_connues": 0, "nb_mesures": 40,
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the contract."""
    folder = tmp_path_factory.mktemp("essai") / "essai2030"
    folder.mkdir()
    sources = []
    for table, text in FILES.items():
        header = text.split()[0].split(";")
        (folder / f"{table}.csv").write_text(text.lstrip(), encoding="utf-8")
        sources.append(
            {"id": table, "fichier": f"{table}.csv", "table": table, "titre": table, "editeur": "Essai",
             "colonnes": {name: name for name in header}, "licence": "Licence Ouverte 2.0", "millesime": "2024",
             "fictif": False}
        )  # fmt: skip
    YAML().dump(CONTRACT | {"sources": sources}, folder / "contrat.yml")
    return folder


def build(contract: Path, *options: str) -> dict[str, BeautifulSoup]:
    """The pages built, by year."""
    where = ["--outputs", str(contract.parent / "pages"), "--processed", str(contract.parent / "tables")]
    assert main(["build", NAME, "--contrat", str(contract), *where, *options]) == 0
    pages = sorted((contract.parent / "pages").rglob(f"{NAME}.html"))
    return {page.parent.name: BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in pages}


def text_of(page: BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", page.main.get_text(" ").replace("\u202f", " ").replace("\u00a0", " "))


@pytest.mark.long
def test_the_first_two_years_are_evaluated(contract: Path) -> None:
    page = build(contract)["2025"]
    said = text_of(page)
    assert page.h1.get_text(strip=True) == "Évaluation à mi-parcours"
    assert page.select_one(".annee").get_text(strip=True) == "2024-2025"
    assert "2 actions financées de 2024 à 2025 : 11 000 € accordés, 5 000 € versés" in said
    assert "2 quartiers, 1 commune touchée" in said
    # What this contract lacks is said, section by section.
    for lacking in ("aucun taux des quartiers", "la table « engagements » manque", "n'a pas de marqueur égalité",
                    "aucun modèle logique", "aucune recommandation n'est écrite"):  # fmt: skip
        assert lacking in said
    # Two kinds of material agree, and nobody answered.
    assert "2 extraits : 0 pour, 2 contre, 0 nuance ; 2 types de recueil, 2 qui concordent" in said
    assert said.count("Réponse à établir") == 2
    assert "Seuil" in said
    assert "80 %" in said
    # A person announced by a civility is not published, be it in an excerpt.
    assert "Dupont" not in page.get_text()
    assert "[nom retiré]" in said
    assert not re.search(r"données fictives", said, re.IGNORECASE)


@pytest.mark.long
def test_the_whole_contract_is_evaluated_at_its_end(contract: Path) -> None:
    page = build(contract, "-p", "finale=oui")["2030"]
    assert page.h1.get_text(strip=True) == "Évaluation finale"
    assert "3 actions financées de 2024 à 2030 : 15 000 € accordés" in text_of(page)
    # Of all periods until then.
    assert "2 extraits : 0 pour" in text_of(page)
    about = json.loads((contract.parent / f"pages/essai2030/2030/{NAME}.json").read_text(encoding="utf-8"))
    assert (about["annee"], about["periode"]) == (2030, "2024-2030")
