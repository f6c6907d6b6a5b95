"""Every shipped expectation lets a valid table pass and catches the row meant for it, at its line in the raw file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.paths import EXPECTATIONS
from pipelines.tables import CERTIFIED
from pipelines.validate import Verdict, validate
from tests.conftest import sample

Check = Callable[[str, pd.DataFrame], Verdict]
REPEATED_LINE = 1000
FIRST_BROKEN_LINE = 1001

# Table → description → (valid row to start from, cells to spoil). Checks that follow from `tables.py` are added below.
SPOILT: dict[str, dict[str, tuple[int, dict[str, Any]]]] = {
    "territoires": {
        "Le code d'un pays a trois lettres": (0, {"code_territoire": "FR"}),
        "Le code d'une région a deux chiffres": (1, {"code_territoire": "R32"}),
        "Le code d'un département a deux ou trois caractères": (2, {"code_territoire": "D59"}),
        "Le code d'une intercommunalité est un numéro SIREN de neuf chiffres": (3, {"code_territoire": "24590116"}),
        "Le code INSEE d'une commune a cinq caractères, zéro de tête compris": (4, {"code_territoire": "1001"}),
        "Le code d'un QPV de 2015 est « QP » suivi de six chiffres": (7, {"code_territoire": "QP59020"}),
        "Le code d'un QPV de 2024 est « QN », cinq chiffres et un caractère": (9, {"code_territoire": "QP059099"}),
        "Le code d'un QVA est « QVA2015- » suivi de deux chiffres": (10, {"code_territoire": "QVA-01"}),
        "Un territoire d'exemple se nomme « EX » et quatre chiffres, ou huit zéros et un chiffre": (
            11,
            {"code_territoire": "EX1"},
        ),
        "Un territoire d'exemple est dit fictif": (11, {"est_fictif": False}),
        "Un QPV appartient à la géographie de 2015, à celle de 2024, ou à l'exemple": (
            7,
            {"geographie": "administrative"},
        ),
        "Un QVA appartient à la géographie de 2015": (10, {"geographie": "administrative"}),
        "Un territoire qui n'est ni QPV ni QVA est administratif, ou d'exemple": (4, {"geographie": "QPV2015"}),
        "Un territoire officiel n'est fictif que dans un contrat inventé": (7, {"est_fictif": True}),
        "Chaque commune a un statut, même « inconnu »": (4, {"statut_politique_ville": None}),
        "Seule une commune a un statut au regard de la politique de la ville": (7, {"statut_politique_ville": "qpv"}),
    },
    "alias_territoires": {
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "QP059999"}),
        "Une graphie ne commence ni ne finit par une espace": (0, {"alias": "Quartier "}),
    },
    "appartenances": {
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "QP059999"}),
        "Un contenant situé dans l'agglomération est un territoire de la table des territoires": (
            0,
            {"code_parent": "01999"},
        ),
        "Un territoire n'est pas contenu dans lui-même": (0, {"code_parent": "QP059020"}),
        "Le code INSEE d'une commune contenante a cinq caractères": (0, {"code_parent": "1001"}),
        "Le code d'une intercommunalité contenante a neuf chiffres": (2, {"code_parent": "24590116"}),
    },
    "effectifs_publies": {
        "« annee » est une année du contrat": (0, {"annee": 2023}),
        "Aucun effectif publié n'est plus petit que le seuil du secret": (0, {"nb_personnes": 4}),
        "Un effectif secret n'est pas donné": (1, {"nb_personnes": 3}),
        "Un effectif publié est donné": (0, {"nb_personnes": None}),
        "Un effectif additionne au moins une action": (0, {"nb_actions": 0}),
    },
    "indicateurs": {
        "« code_indicateur » s'écrit en minuscules sans accent, chiffres et tirets bas": (
            2,
            {"code_indicateur": "nb-d'élèves"},
        ),
        "Le code d'un indicateur en % commence par « taux_ » ou « part_ »": (0, {"code_indicateur": "emploi"}),
        "Le code d'un indicateur en € commence par « montant_ »": (1, {"code_indicateur": "revenu_median"}),
        "Un indicateur en % ne s'additionne pas entre territoires": (0, {"est_additif": True}),
        "« ecart_min_annees » est compris entre 0 et 20 ans": (2, {"ecart_min_annees": 25}),
        "Deux recensements comparés sont séparés d'au moins cinq ans": (0, {"ecart_min_annees": 4}),
        "Deux millésimes Filosofi consécutifs ne se comparent pas": (1, {"ecart_min_annees": 1}),
        "« code_notion » s'écrit en minuscules sans accent, chiffres et tirets bas": (0, {"code_notion": "Emploi"}),
    },
    "observations": {
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "QP059999"}),
        "« code_indicateur » est défini dans la table des indicateurs": (3, {"code_indicateur": "nb_habitant"}),
        "Le fichier reçu a son empreinte (sha256) dans contrat.yml": (0, {"id_source": "source_inconnue"}),
        "« millesime » est une année, ou « non précisé »": (0, {"millesime": "2021-2022"}),
        "Une observation « ok » a une valeur": (0, {"valeur": None}),
        "Une observation qui n'est pas « ok » n'a pas de valeur": (3, {"valeur": 0.0}),
        "Le texte lu est gardé, sauf d'une cellule vide ou d'une valeur tue": (0, {"texte_brut": None}),
        "Une observation « vide » n'a pas de texte lu": (4, {"texte_brut": "nd"}),
        "Un revenu médian est compris entre 3 000 et 60 000 €": (2, {"valeur": 1923.3}),
    },
    "observations_france": {
        "« code_territoire » est le code d'un quartier prioritaire, de 2015 ou de 2024": (
            0,
            {"code_territoire": "QN5901M"},
        ),
        "« code_indicateur » est défini dans la table des indicateurs": (3, {"code_indicateur": "nb_habitant"}),
        "Le fichier reçu a son empreinte (sha256) dans contrat.yml": (0, {"id_source": "source_inconnue"}),
        "« millesime » est une année, ou « non précisé »": (0, {"millesime": "2021-2022"}),
        "« code_epci » est le SIREN d'une agglomération, ou de plusieurs séparés par « ; »": (
            1,
            {"code_epci": "245901160999000002"},
        ),
        "Une agglomération qui a son code a son nom": (0, {"nom_epci": None}),
        "Une observation « ok » a une valeur": (0, {"valeur": None}),
        "Une observation qui n'est pas « ok » n'a pas de valeur": (3, {"valeur": 0.0}),
        "Le texte lu est gardé, sauf d'une cellule vide ou d'une valeur tue": (0, {"texte_brut": None}),
        "Une observation « vide » n'a pas de texte lu": (2, {"texte_brut": "nd"}),
    },
    "contours": {
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "01999"}),
        "Un contour est une surface : POLYGON ou MULTIPOLYGON": (0, {"geometrie": "POINT (3 50)"}),
    },
    "cartogramme": {
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "01999"}),
        "Une case ne porte qu'un territoire": (0, {"colonne": 2}),
        "« colonne » commence à 1": (0, {"colonne": 0}),
        "« rang » commence à 1": (0, {"rang": 0}),
    },
    "ruptures_sources": {
        "Un changement touche un millésime de 1990 à 2100": (0, {"annee_debut": 1900, "annee_fin": None}),
        "Un changement ne finit pas avant d'avoir commencé": (0, {"annee_fin": 2018}),
    },
    "passages_territoires": {
        "« code_ancien » est un territoire de la table des territoires": (0, {"code_ancien": "QP059999"}),
        "« code_nouveau » est un territoire de la table des territoires": (0, {"code_nouveau": "QN05999M"}),
        "Un territoire ne passe pas en lui-même": (0, {"code_nouveau": "QP059020"}),
    },
    "chiffres_publies": {
        "Un contrôle se nomme C suivi de deux chiffres ou plus": (0, {"code_controle": "1"}),
    },
    "chiffres_cadre": {
        "« code_chiffre » s'écrit en minuscules sans accent, chiffres et tirets bas": (0, {"code_chiffre": "ETP"}),
        "« valeur » n'est pas négative": (0, {"valeur": -1.0}),
        "Une valeur en % ne dépasse pas 100": (1, {"valeur": 100.5}),
    },
    "actions": {
        "« annee » est une année du contrat": (0, {"annee": 2014}),
        "« code_orientation » est une orientation du contrat": (0, {"code_orientation": "O3"}),
        "L'orientation de l'action est connue": (0, {"code_orientation": None}),
        "L'état du dossier est connu": (0, {"statut": None}),
        "L'intitulé de l'action est connu": (0, {"intitule": None}),
        "Le porteur de l'action est connu": (0, {"nom_porteur": None}),
        "Le SIRET du porteur a quatorze chiffres": (0, {"code_siret": "2,43E+13"}),
        "Le numéro RNA du porteur est fait de « W » et de neuf caractères": (0, {"code_rna": "59W1234567"}),
        "Le porteur a un SIRET ou un numéro RNA, connu et valable": (0, {"code_siret": None, "code_rna": None}),
        "L'action ne finit pas avant d'avoir commencé": (0, {"date_fin": pd.Timestamp("2018-12-31")}),
        "Le premier versement ne précède pas la décision": (2, {"date_versement": pd.Timestamp("2020-03-09")}),
        "Le bilan n'est pas reçu avant le début de l'action": (2, {"date_bilan": pd.Timestamp("2019-12-31")}),
    },
    "objectifs": {
        "« code_orientation » est une orientation du contrat": (3, {"code_orientation": "O3"}),
        "Un objectif n'est pas contenu dans lui-même": (1, {"code_objectif_parent": "O1.1.1"}),
    },
    "indicateurs_suggeres": {},
    "resultats_actions": {},
    "suivis_renforces": {
        "« force_preuve » est comprise entre 1 et 4": (0, {"force_preuve": 5}),
        "« rang » commence à 1": (0, {"rang": 0}),
        "Un résultat observé dit d'où il vient": (0, {"preuve": None}),
    },
    "mesures_suivis": {},
    "decisions_copil": {
        "Trois décisions au plus : « rang » va de 1 à 3": (1, {"rang": 4}),
    },
    "risques": {
        "Un risque dit toujours qui agit": (0, {"qui_agit": None}),
    },
    "chiffres_editions": {
        "« edition » est une année": (0, {"edition": "2021-2022"}),
    },
    "actions_territoires": {
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "Centre-ville"}),
    },
    "financements": {
        "Le montant accordé ne dépasse pas le montant demandé": (0, {"montant_accorde": 5000.01}),
        "Le montant versé ne dépasse pas le montant accordé": (0, {"montant_verse": 4500.0}),
        "Rien n'est versé sans montant accordé": (0, {"montant_accorde": None}),
    },
    "beneficiaires": {
        "Ventilation par sexe : « modalite » est l'une des valeurs prévues": (0, {"modalite": "qpv"}),
        "Ventilation par âge : « modalite » est l'une des valeurs prévues": (2, {"modalite": "6-11"}),
        "Ventilation par lieu de résidence : « modalite » est l'une des valeurs prévues": (3, {"modalite": "femmes"}),
        "« nb_personnes » n'est jamais vide": (0, {"nb_personnes": None}),
        "« nb_personnes » n'est pas négatif": (0, {"nb_personnes": -1}),
    },
    "reponses_marqueur": {
        "« diagnostic_sexue » n'est pas demandé pour un public non mixte sans objectif principal d'égalité": (
            1,
            {"diagnostic_sexue": False},
        ),
        "« participation_equilibree » n'est pas demandé pour un public non mixte sans objectif principal d'égalité": (
            1,
            {"participation_equilibree": True},
        ),
        "« indicateurs_sexues » n'est pas demandé pour un public non mixte sans objectif principal d'égalité": (
            1,
            {"indicateurs_sexues": True},
        ),
        "La cohérence n'est jugée que pour un public non mixte sans objectif principal d'égalité": (
            0,
            {"public_non_mixte_coherent": False},
        ),
        "Un public non mixte jugé cohérent a un motif écrit": (1, {"motif_non_mixite": None}),
        "Il n'y a pas de motif de non-mixité pour un public mixte": (0, {"motif_non_mixite": "motif"}),
        "Sans réponse, il n'y a pas d'origine des réponses": (3, {"public_mixte": None}),
    },
    "notations_marqueur": {
        "« code_instructeur » est un code, lettres puis chiffres, jamais un nom": (0, {"code_instructeur": "Durand"}),
        "« tour » commence à 1": (0, {"tour": 0}),
    },
    "consensus_marqueur": {},
    "postes_147": {
        "« annee » n'est pas antérieure au contrat": (0, {"annee": 2014}),
        "« rang » commence à 1": (0, {"rang": 0}),
        "Le montant payé est connu": (0, {"montant": None}),
        "L'employeur est connu": (0, {"nom_employeur": None}),
    },
    "engagements": {
        "« code_engagement » est fait de majuscules, d'un tiret et d'un numéro": (0, {"code_engagement": "ENG001"}),
        "L'engagement ne finit pas avant d'avoir commencé": (0, {"annee_fin": 2018}),
        "« annee_debut » est une année plausible": (0, {"annee_debut": 19}),
        "« annee_fin » est une année plausible": (0, {"annee_fin": 20222}),
        "Un montant promis dit comment il se compte": (0, {"nature_montant": None}),
    },
    "suivis_engagements": {
        "« code_engagement » est fait de majuscules, d'un tiret et d'un numéro": (0, {"code_engagement": "ENG001"}),
        "Un montant exécuté dit comment il se compte": (0, {"nature_montant": None}),
    },
    "reformulations": {
        "« code_engagement » est fait de majuscules, d'un tiret et d'un numéro": (0, {"code_engagement": "ENG001"}),
    },
    "totaux_mesures": {"« nb_mesures » n'est pas négatif": (0, {"nb_mesures": -1})},
    "objets_locaux": {
        "« numero » est un nombre, suivi d'une lettre pour une sous-mesure": (0, {"numero": "a1"}),
    },
    "reperes_147": {
        "« annee » est une année plausible": (0, {"annee": 20}),
        "Un contrat de comparaison compte au moins 5 000 habitants": (0, {"nb_habitants": 4999}),
        "« nb_adulte_relais » n'est pas négatif": (0, {"nb_adulte_relais": -1}),
        "« nb_fonjep » n'est pas négatif": (0, {"nb_fonjep": -1}),
    },
    "suites_enonces": {
        "« code_enonce » est fait de majuscules, d'un tiret et d'un numéro": (0, {"code_enonce": "CC1"}),
    },
    "avis_rapport": {
        "« annee » est une année plausible": (0, {"annee": 20}),
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "59999"}),
        "Le délai de réponse ne finit pas avant l'envoi": (1, {"date_limite_avis": pd.Timestamp("2021-01-31")}),
        "L'avis n'est pas reçu avant l'envoi": (0, {"date_reception": pd.Timestamp("2021-01-29")}),
        "Un avis reçu dit son sens": (0, {"sens_avis": None}),
        "Un sens est celui d'un avis reçu": (1, {"sens_avis": "favorable"}),
    },
    "deliberations": {"« annee » est une année plausible": (0, {"annee": 20})},
    "actions_dsu": {
        "« annee » est une année plausible": (0, {"annee": 20}),
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "59999"}),
    },
    "actions_signataires": {"« annee » est une année plausible": (0, {"annee": 20})},
    "suivis_sites": {
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "QP059999"}),
    },
    "conventions_tfpb": {
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "QP059999"}),
        "« annee_debut » est une année plausible": (0, {"annee_debut": 16}),
        "« annee_fin » est une année plausible": (0, {"annee_fin": 20222}),
        "La convention ne finit pas avant d'avoir commencé": (0, {"annee_fin": 2015}),
    },
    "mesures_nationales": {
        "« numero » est un nombre, suivi d'une lettre pour une sous-mesure": (1, {"numero": "a1"}),
        "« niveau_engagement » est l'un des quatre niveaux nationaux": (0, {"niveau_engagement": "en cours"}),
        "Une mesure comptée n'est pas une sous-mesure": (1, {"est_comptee": True}),
    },
    "indicateurs_mesures": {
        "« numero_mesure » est un nombre, suivi d'une lettre pour une sous-mesure": (0, {"numero_mesure": "mesure 1"}),
        "« rang » commence à 1": (0, {"rang": 0}),
    },
    "sites_renouvellement": {
        "Le quartier rattaché est un territoire de la table des territoires": (0, {"code_territoire": "QPV-VM-01"}),
        "« rang » commence à 1": (0, {"rang": 0}),
    },
    "calendrier": {
        "« debut » s'écrit AAAA, AAAA-MM ou AAAA-MM-JJ": (0, {"debut": "22/01/2019"}),
        "« fin » s'écrit AAAA, AAAA-MM ou AAAA-MM-JJ": (0, {"fin": "2016-13"}),
        "« rang » commence à 1": (0, {"rang": 0}),
    },
    "enonces_conseils": {
        "« code_enonce » est fait de majuscules, d'un tiret et d'un numéro": (0, {"code_enonce": "CC1"}),
    },
    "structures_numeriques": {
        "« annee » est une année du contrat": (0, {"annee": 2014}),
        "« code_territoire » est un territoire de la table des territoires": (0, {"code_territoire": "01999"}),
        "« nb_postes » n'est pas négatif": (0, {"nb_postes": -1}),
        "« jours_semaine » est compris entre 0 et 7": (0, {"jours_semaine": 7.5}),
        "« heures_semaine » tient dans une semaine": (0, {"heures_semaine": 169.0}),
        "« nb_postes » est vide pour une structure qui n'a pas répondu": (2, {"nb_postes": 3}),
        "« jours_semaine » est vide pour une structure qui n'a pas répondu": (2, {"jours_semaine": 1.0}),
        "« heures_semaine » est vide pour une structure qui n'a pas répondu": (2, {"heures_semaine": 4.0}),
        "« est_acces_libre » est vide pour une structure qui n'a pas répondu": (2, {"est_acces_libre": True}),
        "« visibilite_autres » est vide pour une structure qui n'a pas répondu": (2, {"visibilite_autres": "non"}),
        "« veut_plus_de_visibilite » est vide pour une structure qui n'a pas répondu": (
            2,
            {"veut_plus_de_visibilite": "oui"},
        ),
    },
    "offres_numeriques": {
        "« annee » est une année du contrat": (0, {"annee": 2023}),
        "« code_territoire » est un territoire de la table des territoires": (1, {"code_territoire": "01999"}),
    },
    "leviers_numeriques": {
        "« annee » est une année du contrat": (0, {"annee": 2014}),
        "« rang » commence à 1": (0, {"rang": 0}),
    },
    "faits_numeriques": {
        "Une valeur perdue n'est pas devinée": (2, {"valeur": 90.0}),
        "Une valeur écrite est un nombre": (0, {"valeur": None}),
        "Une valeur approchée garde les mots qui la disent": (1, {"valeur_ecrite": None}),
    },
    "sigles": {"Un sigle ne commence ni ne finit par une espace": (0, {"sigle": " QPV"})},
    "commentaires": {
        "« annee » est une année du contrat": (0, {"annee": 2023}),
        "« notebook » est le nom d'un notebook, sans extension": (0, {"notebook": "1_observation.ipynb"}),
        "« section » s'écrit en lettres sans accent, chiffres et tirets": (0, {"section": "Écarts"}),
        "Un commentaire écrit n'est pas vide": (0, {"texte": " "}),
        "Un commentaire a un texte": (0, {"texte": None}),
    },
    "logique_modeles": {
        "« code_orientation » est une orientation du contrat": (0, {"code_orientation": "O3"}),
    },
    "logique_noeuds": {
        "« rang » commence à 1": (0, {"rang": 0}),
        "Un nœud sans libellé est marqué comme perdu": (0, {"libelle_noeud": None}),
        "Un nœud marqué comme perdu n'a pas de libellé": (0, {"est_perdu": True}),
        "Une valeur calculée par la programmation n'est pas aussi saisie": (1, {"valeur": 3.0, "relevee_en": "2022"}),
        "Un calcul dit sur quel objectif ou quelle orientation il porte": (1, {"portee_calcul": None}),
        "Une valeur saisie est datée": (0, {"relevee_en": None}),
    },
    "logique_liens": {
        "Un nœud ne mène pas à lui-même": (0, {"code_cible": "r1"}),
        "Un lien contredit dit ce qui va contre": (2, {"preuve_contre": None}),
        "Un lien étayé, même en partie, dit ce qui va dans son sens": (0, {"preuve_pour": None}),
    },
    "socle_indicateurs": {
        "« code_orientation » est une orientation du contrat": (0, {"code_orientation": "O3"}),
        "Une valeur calculée par la programmation n'est pas aussi saisie": (1, {"valeur": 3.0, "relevee_en": "2022"}),
        "Un calcul dit sur quel objectif ou quelle orientation il porte": (1, {"portee_calcul": None}),
        "Une valeur saisie est datée": (0, {"valeur": 3.0}),
        "Une place dans un modèle nomme son nœud": (0, {"code_noeud": None}),
    },
    "questions_evaluatives": {
        "« code_question » est fait de majuscules et d'un numéro": (0, {"code_question": "question 1"}),
    },
    "matrice_evaluation": {
        "« rang » commence à 1": (0, {"rang": 0}),
    },
    "materiau_qualitatif": {
        "« annee_fin » est une année du contrat": (0, {"annee_fin": 2014}),
        "Un extrait qui éclaire un lien en dit le départ": (0, {"code_source": None}),
        "Un extrait qui éclaire un lien en dit l'arrivée": (0, {"code_cible": None}),
        "Un extrait qui nomme un nœud en dit le modèle": (0, {"code_modele": None}),
    },
    "jugements": {
        "« annee_fin » est une année du contrat": (0, {"annee_fin": 2023}),
        "« force_preuve » est comprise entre 1 et 4": (0, {"force_preuve": 5}),
    },
    "recommandations": {
        "« annee_fin » est une année du contrat": (0, {"annee_fin": 2023}),
    },
}

# Table, rows of the valid table to leave out, rows to say twice, and what each count then observes.
MISCOUNTED: list[tuple[str, list[int], list[int], dict[str, str]]] = [
    (
        "territoires",
        [4, 5, 7, 9],
        [10],
        {
            "Le contrat compte ses QPV de 2015, ni plus ni moins": "1 ; attendu : 2",
            "Le contrat compte ses QPV de 2024, ni plus ni moins": "0 ; attendu : 1",
            "Le contrat compte ses QVA, ni plus ni moins": "2 ; attendu : 1",
            "L'agglomération compte ses communes, ni plus ni moins": "1 ; attendu : 3",
            "Le nombre de communes qui ont un QPV est celui du contrat": "0 ; attendu : 1",
            "Le nombre de communes connues pour n'avoir qu'un QVA est celui du contrat": "0 ; attendu : 1",
            "Avec celles au statut inconnu, les communes de la politique de la ville atteignent le nombre du contrat": (
                "1 ; attendu : au moins 2"
            ),
        },
    ),
    (
        "territoires",
        [],
        [4],
        {
            "Les communes connues de la politique de la ville ne dépassent pas le nombre du contrat": (
                "3 ; attendu : au plus 2"
            ),
            "L'agglomération compte ses communes, ni plus ni moins": "4 ; attendu : 3",
            "Le nombre de communes qui ont un QPV est celui du contrat": "2 ; attendu : 1",
        },
    ),
    ("observations", [0], [], {"Chaque territoire du protocole a son taux d'emploi": "1 ; attendu : 2"}),
    ("postes_147", [0], [], {"Le nombre de postes est celui du contrat": "1 ; attendu : 2"}),
    ("engagements", [], [0], {"Le nombre d'engagements est celui du contrat": "3 ; attendu : 2"}),
    (
        "mesures_nationales",
        [0],
        [],
        {"Le nombre de mesures comptées est celui de la mobilisation nationale": "1 ; attendu : 2"},
    ),
    ("sites_renouvellement", [0], [], {"Le nombre de sites est celui du contrat": "1 ; attendu : 2"}),
    ("calendrier", [0], [], {"Le nombre d'événements est celui du contrat": "1 ; attendu : 2"}),
    ("enonces_conseils", [0], [], {"Le nombre d'énoncés est celui de la synthèse": "1 ; attendu : 2"}),
]


def spoilt_by_the_codebook(name: str) -> dict[str, tuple[int, dict[str, Any]]]:
    """What `tables.py` alone forbids: a blank, a word outside the vocabulary, a share over 100, a negative amount."""
    cases: dict[str, tuple[int, dict[str, Any]]] = {}
    for column in CERTIFIED[name].columns:
        if column.required:
            cases[f"« {column.name} » n'est jamais vide"] = (0, {column.name: None})
        if column.vocabulary:
            cases[f"« {column.name} » est l'une des valeurs prévues"] = (0, {column.name: "inattendu"})
        if column.kind == "pourcent":
            cases[f"« {column.name} » est compris entre 0 et 100 %"] = (0, {column.name: 100.1})
        if column.kind == "euros":
            cases[f"« {column.name} » n'est pas négatif"] = (0, {column.name: -0.01})
    return cases


def descriptions(name: str) -> set[str]:
    return set(texts(EXPECTATIONS / f"{name}.json"))


def texts(path: Path) -> list[str]:
    return [expectation["description"] for expectation in json.loads(path.read_text(encoding="utf-8"))["expectations"]]


def key_description(name: str) -> str:
    key = CERTIFIED[name].key
    return f"« {key[0]} » n'apparaît qu'une fois" if len(key) == 1 else "Une seule ligne par " + ", ".join(key)


def test_valid_tables_pass_every_expectation(frames: dict[str, pd.DataFrame], parameters: dict[str, object]) -> None:
    verdict = validate(frames, parameters)
    assert not [f for f in verdict.findings if not f.success]
    checked = [(f.table, f.description) for f in verdict.findings]
    own = [(path.stem.removesuffix(".ose"), text) for path in EXPECTATIONS.glob("*.ose.json") for text in texts(path)]
    native = [(name, text) for name in CERTIFIED for text in descriptions(name)]
    assert sorted(checked) == sorted(native + own)


@pytest.mark.parametrize("name", sample(CERTIFIED, one_in=3))
def test_every_expectation_names_the_line_of_the_row_it_refuses(
    name: str, frames: dict[str, pd.DataFrame], check: Check
) -> None:
    cases = {**spoilt_by_the_codebook(name), **SPOILT[name]}
    # The cases and the counts together are the whole suite: no expectation is left unseen to fail.
    counts = [text for table, _, _, observed in MISCOUNTED if table == name for text in observed]
    assert {*cases, *counts, key_description(name)} == descriptions(name)
    spoilt = []
    for line, (row, cells) in enumerate(cases.values(), start=FIRST_BROKEN_LINE):
        copy = frames[name].iloc[[row]].assign(ligne=line)
        for column, value in cells.items():
            copy[column] = pd.Series([value], index=copy.index).astype(copy[column].dtype)
        spoilt.append(copy)
    repeated = frames[name].iloc[[0]].assign(ligne=REPEATED_LINE)
    verdict = check(name, pd.concat([frames[name], repeated, *spoilt], ignore_index=True))
    found = {finding.description: finding for finding in verdict.findings}
    for line, description in enumerate(cases, start=FIRST_BROKEN_LINE):
        finding = found[description]
        assert not finding.success, description
        assert (f"dossier/{name}.csv", "", line) in [place[:3] for place in finding.lignes], description
    unique = found[key_description(name)]
    assert not unique.success
    assert REPEATED_LINE in [place[2] for place in unique.lignes]


@pytest.mark.parametrize(("name", "gone", "again", "observed"), MISCOUNTED)
def test_a_count_of_the_contract_is_held_to(
    name: str,
    gone: list[int],
    again: list[int],
    observed: dict[str, str],
    frames: dict[str, pd.DataFrame],
    check: Check,
) -> None:
    frame = frames[name]
    verdict = check(name, pd.concat([frame.drop(index=gone), frame.iloc[again]], ignore_index=True))
    assert {f.description: f.observe for f in verdict.refusals if f.observe} == observed
    assert not any(f.lignes for f in verdict.refusals if f.observe)
