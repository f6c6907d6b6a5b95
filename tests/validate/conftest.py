"""Small valid frames of every certified table, written by hand, and the parameters that go with them. All invented."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipelines.paths import EXPECTATIONS
from pipelines.tables import TABLES
from pipelines.validate import Verdict, validate
from tests.shipped import shipped_contract

GOOD = {
    "territoires": """
code_territoire;type_territoire;nom_territoire;geographie;secteur;statut_politique_ville;est_fictif;est_incertain;note
FRA;pays;Pays fictif;administrative;;;non;non;
32;region;Région fictive;administrative;;;non;non;
59;departement;Département fictif;administrative;;;non;non;
245901160;epci;Agglomération fictive;administrative;;;non;non;
01001;commune;Commune fictive A;administrative;nord;qpv;non;non;
01002;commune;Commune fictive B;administrative;sud;qva_candidat;non;oui;
2A003;commune;Commune fictive C;administrative;;inconnu;non;oui;réserve
QP059020;qpv;Quartier fictif 1;QPV2015;nord;;non;non;
QP059021;qpv;Quartier fictif 2;QPV2015;sud;;non;non;
QN05901M;qpv;Quartier fictif 3;QPV2024;nord;;non;non;
QVA2015-01;qva;QVA fictif 1;QVA2015;sud;;oui;non;
EX0001;qpv;Quartier d'exemple;exemple;;;oui;non;
""",
    "alias_territoires": """
alias;code_territoire;origine
Quartier fictif n° 1;QP059020;export 2015
Quartier un;QP059020;
""",
    "appartenances": """
code_territoire;code_parent;type_parent;nom_parent;est_dans_agglomeration;part_population
QP059020;01001;commune;Commune fictive A;oui;62,5
QP059020;01999;commune;Commune fictive hors de l'agglomération;non;
QP059020;245901160;epci;Agglomération fictive;oui;
""",
    "indicateurs": """
code_indicateur;libelle_indicateur;type_indicateur;unite;sens;est_additif;compte;ecart_min_annees;definition;famille_source;collecte;code_notion
taux_emploi_15_64;Taux d'emploi;contexte;%;haut_mieux;non;;5;actifs occupés / population;RP;sondage;taux_emploi
montant_revenu_median;Revenu médian;contexte;€;haut_mieux;non;;2;médiane;Filosofi;exhaustif;
nb_habitants;Habitants;contexte;nombre;neutre;oui;personnes;;population municipale;RP;;
""",
    "observations": """
code_indicateur;code_territoire;millesime;valeur;numerateur;denominateur;statut;texte_brut;note
taux_emploi_15_64;QP059020;non précisé;38,1;381;1000;ok;38,1;
taux_emploi_15_64;FRA;non précisé;64,3;;;ok;64,3;
montant_revenu_median;FRA;2021;23080;;;ok;23080;
nb_habitants;01001;2021;;;;s;s;secret
nb_habitants;01002;2021;;;;vide;;
""",
    "observations_france": """
code_indicateur;code_territoire;nom_territoire;code_epci;nom_epci;millesime;valeur;statut;texte_brut
taux_emploi_15_64;QN05901M;Quartier fictif 3;245901160;Agglomération fictive;non précisé;41,5;ok;41,5
taux_emploi_15_64;QN02A01M;À cheval;"245901160; 999000002";"CA fictive; Autre";non précisé;38;ok;38
taux_emploi_15_64;QP059020;Quartier fictif 1;;;2018;;vide;
nb_habitants;QN05901M;Quartier fictif 3;245901160;Agglomération fictive;non précisé;;s;
""",
    "contours": """
code_territoire;geometrie
01001;POLYGON ((3 50, 3.1 50, 3.1 50.1, 3 50.1, 3 50))
QP059020;MULTIPOLYGON (((3 50, 3.02 50, 3.02 50.02, 3 50)), ((3.05 50, 3.06 50, 3.06 50.02, 3.05 50)))
""",
    "cartogramme": """
code_territoire;colonne;rang
01001;1;1
01002;2;1
""",
    "ruptures_sources": """
famille_source;annee_debut;annee_fin;type_territoire;portee;gravite;description;est_a_confirmer;origine
RP;2019;2023;;niveau;reserve;fenêtre fictive;oui;
toutes;2024;;qpv;niveau;refus;géographie fictive;non;décret fictif
""",
    "passages_territoires": """
code_ancien;code_nouveau;part_population;methode;est_meme_perimetre;note
QP059020;QN05901M;62,5;population;non;réserve
QP059021;QN05901M;;numero_de_serie;;
""",
    "chiffres_publies": """
code_controle;famille_controle;enonce;formule;valeur_ecrite;valeur_constatee;verdict_chiffre;gravite;lignes_source;explication
C01;arithmétique;part fictive;1/5;25 %;20 %;écart;moyenne;12;arrondi fictif
C02;dénombrement;nombre fictif;;2;2;conforme;;;
""",
    "chiffres_cadre": """
code_chiffre;libelle_chiffre;valeur;unite;millesime;est_incertain;note
communes_epci;communes;3;communes;2019;non;
part_population;part de la population;18,84;%;;oui;recalculée
""",
    "actions": """
code_action;annee;intitule;nom_porteur;code_siret;code_rna;nature_porteur;code_orientation;statut;est_reconduction;est_pluriannuelle;date_debut;date_fin;date_decision;date_versement;date_bilan;code_objectif;objectif_action;montant_cout_total;est_egalite_declaree;est_fictif
A1;2019;Jardin;Association A;00000000000018;W594000001;association;O1;finance;non;non;2019-01-01;2019-12-31;2018-12-15;2019-02-01;2020-06-15;O1.1.1;Objectif déclaré (fictif);9000;;oui
A2;2020;Lecture;Association fictive B;00000000000026;;association;O2;refuse;non;oui;2020-09-01;2021-06-30;2020-03-10;;;O2.1;;4000;;oui
A3;2020;Marche;Association fictive B;00000000000026;;association;O2;realise;non;non;2020-01-01;2020-12-31;2020-03-10;2020-03-10;2020-01-01;O2.1;;500;;oui
A4;2022;Fresque;Association fictive B;00000000000026;;association;O1;depose;oui;non;2022-03-01;;;;;;;800;;oui
""",  # noqa: E501
    "objectifs": """
code_objectif;libelle_objectif;code_orientation;code_objectif_parent;theme;est_fictif
O1.1;Objectif fictif A;O1;;emploi_dev_eco;oui
O1.1.1;Objectif fictif B;O1;O1.1;mobilite;oui
O1.1.1.1;Objectif fictif C;O1;O1.1.1;;oui
O2.1;Objectif fictif D;O2;;sante;oui
""",
    "indicateurs_suggeres": """
theme;libelle_indicateur;unite;recueil
sante;Indicateur fictif;%;Question posée
sante;Autre indicateur fictif;seances;Relevé
""",
    "resultats_actions": """
code_action;libelle_indicateur;unite;sens;valeur_depart;est_depart_connu;valeur_cible;valeur_atteinte;est_atteint
A1;Indicateur fictif;%;hausse;20;oui;30;35;oui
A1;Autre indicateur fictif;jours;baisse;20;oui;10;12;non
A3;Indicateur fictif;personnes;;;oui;12;;oui
A4;Indicateur fictif;;;;non;;;
""",
    "decisions_copil": """
annee;rang;libelle_decision;motif_decision;echeance
2020;1;Décision fictive;Motif fictif;juin 2021
2020;2;Autre décision fictive;Autre motif;
""",
    "risques": """
annee;libelle_risque;gravite_risque;probabilite;qui_agit;parade
2020;Risque fictif;forte;faible;Instance fictive;Parade fictive
2020;Autre risque fictif;faible;moyenne;Mission fictive;
""",
    "suivis_renforces": """
code_action;rang;choisi_par;date_choix;contexte;mecanisme;resultat;force_preuve;preuve
A1;1;Instance fictive;2019-01-20;Contexte;Mécanisme;Résultat;2;Relevé fictif
A1;2;Instance fictive;;Contexte;Mécanisme;;;
""",
    "mesures_suivis": """
code_action;libelle_indicateur;date_mesure;unite;valeur;valeur_cible
A1;Indicateur propre;2019-06-30;seances;14;30
A1;Indicateur propre;2023-06-30;seances;33;30
A1;Personnes inscrites;2019-12-31;personnes;;12
""",
    "chiffres_editions": """
edition;annee;chiffre;valeur;empreinte_donnees;empreinte_corrections;empreinte_methode
2021;2020;nb_actions;2;abc;def;ghi
2021;2020;part_femmes;;abc;def;ghi
""",
    "actions_territoires": """
code_action;code_territoire;part_territoire
A1;QP059020;60
A1;QP059021;40
A2;QP059020;
A2;QVA2015-01;
""",
    "financements": """
code_action;code_financeur;montant_demande;montant_accorde;montant_verse
A1;etat;5000;4000;2000
A1;commune;1000;1000;1000
A2;etat;3000;;
""",
    "beneficiaires": """
code_action;moment;dimension;modalite;nb_personnes
A1;prevu;sexe;femmes;6
A1;prevu;sexe;hommes;4
A1;prevu;age;6_11;10
A1;prevu;residence;qpv;7
A1;prevu;residence;hors;3
A1;realise;sexe;femmes;8
""",
    "effectifs_publies": """
annee;coupe;code;dimension;modalite;nb_personnes;nb_actions;statut
2019;ensemble;ensemble;sexe;femmes;12;2;publie
2019;orientation;O1;sexe;femmes;;1;secret
2019;orientation;O2;sexe;femmes;;1;secret_par_soustraction
""",
    "reponses_marqueur": """
code_action;public_mixte;objectif_principal_egalite;diagnostic_sexue;participation_equilibree;indicateurs_sexues;public_non_mixte_coherent;motif_non_mixite;marqueur_saisi;marqueur_national;referentiel;origine_reponses
A1;oui;non;oui;non;oui;;;;;arbre_fictif;export
A2;non;non;;;;oui;lieu d'écoute réservé;;G1;arbre_fictif;consensus
A3;non;oui;oui;;;;;;G2;arbre_fictif;notation_unique
A4;oui;;;;;;;;;arbre_fictif;export
""",
    "notations_marqueur": """
code_action;code_instructeur;tour;date_notation;public_mixte;objectif_principal_egalite;diagnostic_sexue;participation_equilibree;indicateurs_sexues;public_non_mixte_coherent;motif_non_mixite
A3;I1;1;2020-02-01;non;non;;;;oui;motif fictif
A3;I1;2;;non;oui;oui;;;;
A2;AB12;1;;oui;;;;;;
""",
    "consensus_marqueur": """
code_action;date_consensus;public_mixte;objectif_principal_egalite;diagnostic_sexue;participation_equilibree;indicateurs_sexues;public_non_mixte_coherent;motif_non_mixite;motif_consensus
A2;2020-02-20;non;non;;;;oui;lieu d'écoute réservé;Raison fictive
A4;;oui;;;;;;;Raison fictive
""",
    "postes_147": """
dispositif;annee;rang;code_poste;nom_employeur;montant
adulte_relais;2020;1;P-1;Employeur fictif A;19875,06
fonjep;2020;1;P-1;Employeur fictif B;7164
""",
    "engagements": """
code_engagement;nom_partenaire;nature;libelle_engagement;theme;montant;nature_montant;annee_debut;annee_fin;verifiable;statut;est_incertain;note
ENG-001;Partenaire fictif;financier;Soutenir;emploi;1000;enveloppe;2019;2022;oui;non_renseigne;non;
ENG-002;Partenaire fictif;orientation;Accompagner;;;;;;partiel;non_renseigne;oui;
""",
    "suivis_engagements": """
code_engagement;date_suivi;statut;montant_execute;nature_montant;preuve;auteur
ENG-001;2022-12-31;en_cours;500;enveloppe;Preuve fictive;Rôle fictif
ENG-001;2023-06-30;tenu;;;;
""",
    "reformulations": """
code_engagement;libelle_propose;unite;recueil
ENG-002;Accompagner [à fixer] personnes;personnes;Relevé fictif
""",
    "totaux_mesures": """
niveau_engagement;part_lue;part_corrigee;nb_mesures;est_incertain;note
objectif_atteint;50;50;1;non;
en_cours_de_lancement;5;50;1;oui;lecture corrigée
""",
    "objets_locaux": """
numero;objet_local;motif;origine
1;oui;Motif fictif;Texte fictif
2;a_etablir;Motif fictif;Texte fictif
""",
    "reperes_147": """
code_contrat;annee;nb_habitants;nb_adulte_relais;nb_fonjep
CV001;2020;10000;12;1
CV002;2020;5000;0;0
sans_code;2020;;3;1
""",
    "suites_enonces": """
code_enonce;date_suite;suite;texte_suite
CC-01;2020-01-15;retenu_en_partie;Réponse fictive
CC-02;2023-06-30;en_etude;
""",
    "avis_rapport": """
annee;code_organe;nom_organe;type_organe;code_territoire;date_envoi;date_limite_avis;date_reception;sens_avis;texte;suite_donnee
2020;CM-1;Conseil fictif A;conseil_municipal;01001;2021-01-30;2021-02-28;2021-02-15;favorable;Avis fictif;Suite fictive
2020;CC-1;Conseil fictif B;conseil_citoyen;01001;2021-02-01;2021-03-01;;;;
""",
    "deliberations": """
annee;numero;date_deliberation;organe;est_approuve;suite_observations
2020;2021-12;2021-06-01;conseil_communautaire;oui;Suite fictive
""",
    "actions_dsu": """
annee;code_territoire;libelle_action;montant
2020;01001;Action fictive;1000
""",
    "actions_signataires": """
annee;nom_signataire;libelle_action;montant
2020;Signataire fictif;Action fictive;
""",
    "suivis_sites": """
code_territoire;programme;action;date_suivi;statut;montant
QP059020;Programme fictif;Opération fictive;2022-12-31;en_travaux;120000
QP059020;Programme fictif;Opération fictive;2023-06-30;acheve;
""",
    "conventions_tfpb": """
code_territoire;bailleur;annee_debut;annee_fin;statut;action;montant
QP059020;Bailleur A;2016;2022;achevee;Action fictive;84000
QP059021;Bailleur B;2023;;signee;Autre action fictive;
""",
    "mesures_nationales": """
numero;est_comptee;axe;programme;thematique;libelle_mesure;niveau_engagement;est_incertain;note
1;oui;Axe;Programme;Thème;Première mesure fictive;en_cours_de_lancement;non;
1a;non;Axe;Programme;Thème;Sous-mesure fictive;;oui;illisible
2;oui;Axe;Programme;Thème;Seconde mesure fictive;objectif_atteint;non;
""",
    "indicateurs_mesures": """
numero_mesure;rang;libelle_indicateur;unite;cible;echeance;est_incertain
1;1;Nombre de postes;nombre;10;2020;non
1a;1;Part des postes;%;;;oui
""",
    "sites_renouvellement": """
rang;programme;nom_site;communes;code_territoire;est_incertain;note
1;Programme fictif;Site fictif A;Commune fictive A;QP059020;non;
2;Programme fictif;Site fictif B;Commune fictive A | Commune fictive B;;oui;
""",
    "calendrier": """
rang;debut;fin;type_evenement;libelle_evenement;est_incertain;note
1;2015;2016-06;instance;Événement fictif;non;
2;2019-01-22;;texte;Texte fictif;oui;
""",
    "enonces_conseils": """
code_enonce;theme;nature;libelle_enonce;suite_donnee;note
CC-01;emploi;constat;Énoncé fictif;non_renseigne;
CC-02;emploi;question;Autre énoncé fictif;non_renseigne;
""",
    "structures_numeriques": """
annee;code_structure;nom_structure;type_structure;code_territoire;est_repondante;nb_postes;jours_semaine;heures_semaine;est_acces_libre;visibilite_autres;veut_plus_de_visibilite;note
2019;S01;Structure fictive 01;centre_social;01001;oui;4;2,5;10;oui;non;oui;
2019;S02;Structure fictive 02;mediatheque;QP059020;oui;0;;;non;;;réserve
2019;S03;Structure fictive 03;association;;non;;;;;;;
""",
    "offres_numeriques": """
annee;code_structure;type_offre;public_vise;code_territoire;jours
2019;S01;aide_demarches;tous;;lundi | jeudi
2019;S01;mediation_itinerante;;01002;
""",
    "leviers_numeriques": """
annee;code_structure;libelle_levier;rang
2019;S01;Levier fictif A;1
2019;S01;Levier fictif B;
""",
    "faits_numeriques": """
code_fait;libelle_fait;valeur;valeur_ecrite;unite;date_fait;precision_valeur;lignes_source;est_incertain;note
fait_1;Fait fictif;12,5;12,5 %;%;;exacte;10;non;
fait_2;Autre fait fictif;50;plus de cinquante;personnes;2019-04-26;approchee;11-12;non;
fait_3;Fait perdu;;;%;;perdue;13;oui;illisible
fait_4;Fait sans nombre;;;;;;;non;
""",
    "sigles": """
sigle;developpe;categorie
QPV;Quartier prioritaire de la politique de la ville;territoire
PIC;Premier sens fictif;dispositif
PIC;Second sens fictif;dispositif
""",
    "commentaires": """
annee;notebook;section;texte;auteur;date;empreinte;chiffres
2019;1_observation;ecarts;Commentaire fictif.;;;;
""",
    "logique_modeles": """
code_modele;titre;question;code_orientation;dessine_en;origine;libelle_realisation;libelle_resultat_attendu;libelle_impact_intermediaire;libelle_impact_global;est_fictif
fictif;Modèle fictif;;O1;2022;atelier fictif;Réalisation;Résultat attendu;Impact intermédiaire;Impact global;oui
autre;Autre modèle fictif;Question ?;;;atelier fictif;Action;Résultat attendu;Impact intermédiaire;Impact global;oui
""",
    "logique_noeuds": """
code_modele;code_noeud;niveau;rang;libelle_noeud;est_perdu;libelle_indicateur;unite;sens;valeur_cible;echeance;valeur;relevee_en;calcul;portee_calcul;est_incertain;note
fictif;r1;realisation;1;Réunions fictives;non;Réunions;réunions;hausse;6;2022;4;juin 2022;;;non;
fictif;r2;realisation;2;Actions fictives;non;Actions;actions;;2;;;;nb_actions_financees;O1.1;non;
fictif;R1;resultat_attendu;1;Résultat fictif;non;;;;;;;;;;non;
fictif;R2;resultat_attendu;2;;oui;;;;;;;;;;oui;libellé perdu
fictif;I1;impact_intermediaire;1;Changement fictif;non;;;;;;;;;;non;
fictif;G;impact_global;1;Aboutissement fictif;non;;;;;;;;;;non;
""",
    "logique_liens": """
code_modele;code_source;code_cible;statut;supposition;force_preuve;preuve_pour;preuve_contre;autres_facteurs;verdict;est_saut_declare;est_incertain;note
fictif;r1;R1;atteste;supposition fictive;forte;preuve fictive;;autre facteur;etaye;non;non;
fictif;r2;I1;hypothese;;absente;;;;non_examine;oui;oui;
fictif;R1;I1;hypothese;;faible;;preuve fictive;;contredit;non;oui;
fictif;I1;G;valide;;moyenne;preuve fictive;;;partiel;non;oui;
""",
    "socle_indicateurs": """
code_socle;code_orientation;libelle_indicateur;nature;code_modele;code_noeud;producteur;echelles;millesimes;limites;instance;date_choix;code_indicateur;unite;sens;valeur_cible;echeance;valeur;relevee_en;calcul;portee_calcul;note
S1;O1;Mesure fictive;contexte;fictif;G;Producteur;commune;2021;limite;Instance;2022-03-15;taux_emploi_15_64;%;;50;;;;;;
S2;O1;Autre mesure fictive;suivi;;;Producteur fictif;;;limite;Instance;;;actions;;;;;;nb_actions_financees;O1;
""",
    "questions_evaluatives": """
code_question;libelle_question;critere_evaluation;origine_question;reference;est_incertain;note
Q1;Question fictive ?;efficacite;contrat;page fictive;non;
Q2;Autre question fictive ?;participation;conseils_citoyens;;oui;réserve
""",
    "matrice_evaluation": """
code_question;rang;critere_jugement;code_indicateur;libelle_indicateur;source_prevue;methode;chiffre_lie;seuil;est_propose
Q1;1;Critère fictif;taux_emploi_15_64;Taux d'emploi;Insee;Comparaison;ecart_quartiers;;oui
Q1;2;Autre critère fictif;;Extraits;Entretiens;Croisement;;deux types;non
""",
    "materiau_qualitatif": """
code_materiau;type_materiau;date_recueil;role;code_question;annee_fin;code_modele;code_source;code_cible;sens_preuve;extrait
M1;entretien;2019-03-01;Cheffe de projet;Q1;2019;fictif;r1;R1;pour;Extrait fictif
M2;atelier;2019-03-02;Habitant;Q2;2019;;;;contre;Autre extrait fictif
""",
    "jugements": """
code_question;annee_fin;jugement;force_preuve;limites;auteur;date_jugement
Q1;2019;Réponse fictive;2;limite fictive;Mission fictive;2020-02-01
""",
    "recommandations": """
code_recommandation;code_question;annee_fin;constat;libelle_recommandation;destinataire;horizon;statut
R1;Q1;2019;Constat fictif;Recommandation fictive;Comité fictif;2021;proposee
""",
}

PARAMETERS: dict[str, object] = {
    "annee_debut": 2015,
    "annee_fin": 2022,
    "petit_effectif": 5,
    "fictions_possibles": [False],
    "annee_marqueur": 2019,
    "arbre_marqueur": shipped_contract().arbre_marqueur,
    "date_arret": "2023-06-30",
    "sources_authentifiees": ["source_observations", "source_observations_france"],
    "codes_orientations": ["O1", "O2"],
    "codes_territoires": [line.split(";")[0] for line in GOOD["territoires"].split("\n")[2:-1]],
    "codes_indicateurs": ["taux_emploi_15_64", "montant_revenu_median", "nb_habitants"],
    "nb_qpv": 2,
    "nb_qpv_2024": 1,
    "nb_qva": 1,
    "nb_communes": 3,
    "nb_communes_politique_ville": 2,
    "nb_communes_qpv": 1,
    "nb_communes_qva_connues": 1,
    "nb_taux_emploi": 2,
    "nb_postes_147": 2,
    "nb_engagements": 2,
    "nb_mesures": 2,
    "nb_enonces_conseils": 2,
    "nb_sites_renouvellement": 2,
    "nb_evenements": 2,
}


def typed(name: str, text: str) -> pd.DataFrame:
    """A frame of a table from its text, each row placed at the line that it would have in a file."""
    raw = pd.read_csv(io.StringIO(text.strip()), sep=";", dtype=str)
    frame = pd.DataFrame({column.name: raw[column.name] for column in TABLES[name].columns})
    for column in TABLES[name].columns:
        cells = frame[column.name]
        if column.kind == "booleen":
            cells = cells.map({"oui": True, "non": False})
        elif column.dtype in ("Float64", "Int64"):
            cells = pd.to_numeric(cells.str.replace(",", "."))
        frame[column.name] = cells.astype(column.dtype)
    lines = pd.Series(range(2, 2 + len(frame)), dtype="Int64")
    return frame.assign(id_source=f"source_{name}", fichier=f"dossier/{name}.csv", feuille="", ligne=lines)


@pytest.fixture(scope="session")
def valid() -> dict[str, pd.DataFrame]:
    """A valid frame of every certified table, read once."""
    return {name: typed(name, text) for name, text in GOOD.items()}


@pytest.fixture
def frames(valid: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Those frames, for a test to spoil."""
    return {name: frame.copy() for name, frame in valid.items()}


@pytest.fixture
def parameters() -> dict[str, object]:
    """The parameters that the valid frames satisfy."""
    return dict(PARAMETERS)


Check = Callable[[str, pd.DataFrame], Verdict]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Validate one table alone with the shipped suite."""

    def run(name: str, frame: pd.DataFrame) -> Verdict:
        folder = tmp_path / "expectations"
        folder.mkdir(exist_ok=True)
        shutil.copy(EXPECTATIONS / f"{name}.json", folder)
        used = json.dumps(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
        given = {key: value for key, value in PARAMETERS.items() if f'"$PARAMETER": "{key}"' in used}
        return validate({name: frame}, given, folder)

    return run
