"""`contrat.yml`: what is wrong is said in one French sentence, with the line and the nearest known word."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import contract as module
from pipelines.contract import Contract, known_contracts, read_contract
from pipelines.errors import DataError, UsageError
from pipelines.fingerprint import digest_file
from tests.shipped import shipped_contract

YAML = """\
# Contrat d'essai (fictif)
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees:
  debut: 2015
  fin: 2022
date_arret: 2023-06-30
annee_marqueur: 2019
orientations:
  - code: O1
    libelle: Première orientation (fictive)
    est_fictif: true
seuils:
  petit_effectif: 11
sources:
  - id: postes
    fichier: postes.csv
    table: postes_147
    colonnes:
      Rang: rang
    constantes:
      annee: "2020"
    titre: Postes
    editeur: Essai
    licence: MIT
    millesime: "2020"
    fictif: true
  - id: sigles
    fichier: sigles.csv
    table: sigles
    titre: Sigles
    editeur: Essai
    licence: MIT
    millesime: "2020"
    fictif: true
"""
NATIONAL = """\
sources:
  - id: mesures
    fichier: _national/mesures.csv
    table: mesures_nationales
    titre: Mesures
    editeur: Essai
    licence: MIT
    millesime: "2019"
    fictif: false
"""
Reader = Callable[..., Contract]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Reads a contract folder made from the given texts; each pair replaces one passage of contrat.yml."""
    folder, national = tmp_path / "essai", tmp_path / "_national"
    for place, files in ((folder, ("postes.csv", "sigles.csv")), (national, ("mesures.csv",))):
        place.mkdir()
        for name in files:
            (place / name).write_text("vide\n")
    monkeypatch.setattr(module, "NATIONAL", national)
    monkeypatch.setattr(module, "RAW", tmp_path)

    def read(*changes: tuple[str, str], national_changes: tuple[tuple[str, str], ...] = ()) -> Contract:
        for path, text, pairs in (
            (folder / "contrat.yml", YAML, changes),
            (national / "sources.yml", NATIONAL, national_changes),
        ):
            for old, new in pairs:
                assert old in text
                text = text.replace(old, new, 1)
            path.write_text(text, encoding="utf-8")
        return read_contract(str(folder))

    return read


def test_a_contract_is_read_with_its_own_and_the_national_sources(read: Reader, tmp_path: Path) -> None:
    contract = read()
    assert (contract.nom_dossier, contract.annees.fin, contract.date_arret) == (
        "essai",
        2022,
        datetime.date(2023, 6, 30),
    )
    assert (contract.seuils.petit_effectif, contract.seuils.petite_subvention, contract.statut_rapport) == (
        11,
        3000.0,
        "projet",
    )
    assert [(source.id, path.relative_to(tmp_path).as_posix()) for source, path in contract.located()] == [
        ("postes", "essai/postes.csv"),
        ("sigles", "essai/sigles.csv"),
        ("mesures", "_national/mesures.csv"),
    ]


def test_the_keys_of_the_follow_up_may_be_left_out(read: Reader) -> None:
    contract = read()
    assert (contract.communes_non_identifiees, contract.nature_credits) == (0, {})
    told = "annee_marqueur: 2019\ncommunes_non_identifiees: 2\nnature_credits:\n  etat: specifique\n  caf: droit_commun"
    contract = read(("annee_marqueur: 2019", told))
    assert contract.communes_non_identifiees == 2
    # A funder left out is neither.
    assert contract.nature_credits == {"etat": "specifique", "caf": "droit_commun"}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        # Wrong keys, at every level, with the line and the nearest known key.
        ("nom_epci:", "nom_epsi:", r"contrat\.yml, ligne 4 : clé « nom_epsi » inconnue ; les plus proches : nom_epci"),
        ("  debut: 2015", "  debut: 2015\n  finn: 3", r"ligne 7 : clé « finn » inconnue ; les plus proches : fin\b"),
        ("  petit_effectif: 11", "  petit_efectif: 11", r"ligne 15 : clé « petit_efectif » inconnue .* petit_effectif"),
        ("    libelle: ", "    libele: x\n    libelle: ", r"ligne 12 : clé « libele » inconnue .* libelle"),
        ("    editeur: Essai", "    editor: x\n    editeur: Essai", r"ligne 25 : clé « editor » inconnue .* editeur"),
        ("nom: ", "zzzz: 1\nnom: ", r"ligne 2 : clé « zzzz » inconnue\. La corriger ou la supprimer\."),
        # Missing keys: the line of the block that lacks it.
        ("nom: Contrat fictif\n", "", r"contrat\.yml : la clé « nom » manque"),
        ("  fin: 2022\n", "", r"ligne 5 : la clé « annees > fin » manque"),
        ("    table: sigles\n", "", r"ligne 29 : la clé « sources > 1 > table » manque"),
        # Wrong values.
        ("debut: 2015", "debut: quinze", r"ligne 6 : la valeur de « annees > debut » \(quinze\) n'a pas la forme"),
        ("debut: 2015", "debut: 2025", r"ligne 5 : l'année de début dépasse l'année de fin\. Corriger « annees »"),
        ('code_epci: "999000001"', "code_epci: 999000001", r"ligne 3 : la valeur de « code_epci » \(999000001\)"),
        ("nom: Contrat fictif", "nom: ''", r"ligne 2 : la valeur de « nom » \(\) n'a pas la forme"),
        (
            "annee_marqueur: 2019",
            "statut_rapport: fini\nannee_marqueur: 2019",
            r"ligne 9 : .* « statut_rapport » \(fini\)",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\ntotaux_votes:\n  2023: 5",
            r"ligne 10 : 2023 n'est pas une année du contrat\. Corriger « totaux_votes »",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\ntotaux_votes:\n  2020: beaucoup",
            r"ligne 11 : la valeur de « totaux_votes > 2020 » \(beaucoup\)",
        ),
        # Follow-up: communes without a name, and what the grants of each funder are.
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\ncommunes_non_identifiees: -1",
            r"ligne 10 : la valeur de « communes_non_identifiees » \(-1\) n'a pas la forme attendue\. La corriger\.",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\ncommunes_non_identifiees: deux",
            r"ligne 10 : la valeur de « communes_non_identifiees » \(deux\) n'a pas la forme",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\ncommunes_non_identifiee: 2",
            r"ligne 10 : clé « communes_non_identifiee » inconnue ; les plus proches : communes_non_identifiees",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\nnature_credits:\n  etat: specifique\n  etta: specifique",
            r"contrat\.yml, ligne 12 : clé « etta » inconnue ; les plus proches : etat\. La corriger ou la supprimer\.",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\nnature_credits:\n  mécène: specifique",
            r"ligne 11 : clé « mécène » inconnue ; attendu : etat, agglomeration, commune, region,",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\nnature_credits:\n  caf: droit commun",
            r"ligne 11 : la valeur de « nature_credits > caf » \(droit commun\) .* ; les plus proches : droit_commun\.",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\nnature_credits:\n  caf: oui",
            r"ligne 11 : .* « nature_credits > caf » \(oui\) .* ; attendu : specifique, droit_commun\. La corriger\.",
        ),
        # Accessibility.
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\naccessibilite:\n  contacts: x",
            r"ligne 11 : clé « contacts » inconnue ; les plus proches : contact",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\naccessibilite:\n  audit:\n    date: 2024-03-15\n    organism: x\n    taux: 3",
            r"ligne 13 : clé « organism » inconnue ; les plus proches : organisme",
        ),
        (
            "annee_marqueur: 2019",
            "annee_marqueur: 2019\naccessibilite:\n  audit:\n    date: 2024-03-15\n    organisme: x\n    taux: 103",
            r"ligne 14 : la valeur de « accessibilite > audit > taux » \(103\) n'a pas la forme",
        ),
        # An address that would become a link.
        (
            "fichier: sigles.csv",
            "fichier: sigles.csv\n    url: javascript:alert(1)",
            r"« url » \(javascript:alert\(1\)\) n'est pas une adresse https:// ou http://",
        ),
        # Unknown tables and columns.
        ("table: sigles", "table: sigle", r"ligne 29 : table « sigle » inconnue ; les plus proches : sigles"),
        ("Rang: rang", "Rang: rangs", r"ligne 17 : colonne « rangs » inconnue de la table postes_147 ; .* : rang"),
        ('annee: "2020"', 'anee: "2020"', r"ligne 17 : colonne « anee » inconnue de la table postes_147 ; .* : annee"),
        ("id: sigles", "id: postes", r"contrat\.yml : deux sources portent l'identifiant « postes »"),
        ("id: sigles", "id: mesures", r"deux sources portent l'identifiant « mesures »"),
        # Broken YAML.
        ("  debut: 2015", "  debut: [2015", r"contrat\.yml, ligne 7 : le fichier n'est pas lisible comme du YAML"),
        ("nom: Contrat fictif", "nom: Contrat : fictif", r"contrat\.yml, ligne 2 : le fichier n'est pas lisible"),
        ("nom: Contrat fictif", "nom: a\nnom: b", r"contrat\.yml, ligne 3 : le fichier n'est pas lisible"),
        # Files.
        ("fichier: sigles.csv", "fichier: sigle.csv", r"Le fichier sigle\.csv de la source « sigles » est introuvable"),
        (
            "fichier: sigles.csv",
            f"fichier: sigles.csv\n    sha256: {'a' * 64}",
            r"sigles\.csv a changé depuis sa réception .* « sigles »",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(read: Reader, old: str, new: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence) as caught:
        read((old, new))
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("    titre: Mesures\n", "", r"_national/sources\.yml, ligne 2 : la clé « sources > 0 > titre » manque"),
        ("    titre:", "    titres:", r"_national/sources\.yml, ligne 5 : clé « titres » inconnue ; .* : titre"),
        (
            "    titre:",
            "    editor: x\n    titre:",
            r"_national/sources\.yml, ligne 5 : clé « editor » inconnue ; les plus proches : editeur",
        ),
        ("sources:\n", "sources: rien\nautres:\n", r"_national/sources\.yml.* la valeur de « sources » \(rien\)"),
        ("mesures.csv", "mesure.csv", r"_national/mesure\.csv de la source « mesures » est introuvable"),
    ],
)
def test_what_is_wrong_in_the_national_sources_names_their_file(
    read: Reader, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        read(national_changes=((old, new),))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"contrat\.yml est vide"),
        (b"- a\n- b\n", r"n'est pas une liste de cl"),
        ("nom: été\n".encode("cp1252"), r"contrat\.yml n'est pas en UTF-8"),
    ],
)
def test_a_file_that_is_no_contract_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "contrat.yml").write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        read_contract(str(tmp_path))


def test_an_unchanged_received_file_passes(read: Reader, tmp_path: Path) -> None:
    digest = digest_file(tmp_path / "essai" / "sigles.csv")
    assert read(("fichier: sigles.csv", f"fichier: sigles.csv\n    sha256: {digest}")).sources[1].sha256 == digest


def test_an_unknown_contract_lists_the_known_ones() -> None:
    assert "valenciennes" in known_contracts()
    with pytest.raises(
        UsageError, match=r"Contrat « valencienne » introuvable .* Contrats connus : .*valenciennes"
    ) as caught:
        read_contract("valencienne")
    assert caught.value.exit_code == 2


def test_the_shipped_contract_is_sound() -> None:
    contract = shipped_contract()
    assert contract.nom_dossier == "valenciennes"
    assert len(contract.orientations) == 6


FORM = "saisies/marqueur.csv"
DECLARED = """  - id: notations
    fichier: ./saisies/marqueur.csv
    table: notations_marqueur
    titre: Notations
    editeur: Essai
    licence: MIT
    millesime: "2022"
    fictif: true
  - id: sigles
"""


def test_the_file_of_the_form_is_read_as_soon_as_it_is_there(read: Reader, tmp_path: Path) -> None:
    assert [source.id for source in read().sources] == ["postes", "sigles"]
    form = tmp_path / "essai" / FORM
    form.parent.mkdir()
    form.write_text("code_action\n", encoding="utf-8")
    contract = read()
    (source,) = [source for source in contract.sources if source.id not in ("postes", "sigles")]
    assert (source.id, source.fichier, source.table) == ("saisie_marqueur", FORM, "notations_marqueur")
    assert (source.fictif, source.sha256, source.date_acces, source.forme) == (False, "", None, "csv")
    assert (source, form) in contract.located()
    # What evaluators declare themselves is read as they say.
    declared = read(("  - id: sigles\n", DECLARED))
    assert [source.id for source in declared.sources] == ["postes", "notations", "sigles"]
