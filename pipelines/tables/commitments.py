"""What becomes of commitments, measures, posts, statements and sites: follow-up, totals, yardsticks, proposals."""

from pipelines.tables.model import Table, column

# What a partner, or the evaluators with it, say of a commitment at a date.
FOLLOW_UP_LABELS = {
    "non_demarre": "Non démarré", "en_cours": "En cours", "tenu": "Tenu", "partiel": "Tenu en partie",
    "non_tenu": "Non tenu", "sans_objet": "Sans objet", "non_renseigne": "Non renseigné",
}  # fmt: skip
VERIFIABLE_LABELS = {"oui": "Oui", "partiel": "En partie", "non": "Non"}
# How a promised or executed amount is counted: two amounts of different kinds are neither added nor compared.
AMOUNT_KIND_LABELS = {
    "annuel_fonctionnement": "Par an, fonctionnement", "annuel_investissement": "Par an, investissement",
    "enveloppe": "Enveloppe totale",
}  # fmt: skip
COMMITMENT_LABELS = {
    "droit_commun": "Droit commun", "orientation": "Orientation", "dispositif": "Dispositif",
    "financier": "Financement", "gouvernance": "Gouvernance", "methodologique": "Méthode",
}  # fmt: skip
MEASURE_LEVEL_LABELS = {
    "objectif_atteint": "Objectif atteint", "en_voie_de_finalisation": "En voie de finalisation",
    "en_cours_de_deploiement": "En cours de déploiement", "en_cours_de_lancement": "En cours de lancement",
}  # fmt: skip
LOCAL_OBJECT_LABELS = {"oui": "Oui", "non": "Non", "a_etablir": "À établir"}
POST_LABELS = {"adulte_relais": "Adultes-relais", "fonjep": "Postes Fonjep"}
ANSWER_LABELS = {
    "retenu": "Retenu", "retenu_en_partie": "Retenu en partie", "non_retenu": "Non retenu", "en_etude": "À l'étude",
    "sans_reponse": "Sans réponse",
}  # fmt: skip
STATEMENT_THEME_LABELS = {
    "inclusion_numerique": "Inclusion numérique", "eco_axe_1": "Économie, axe 1", "eco_axe_2": "Économie, axe 2",
    "eco_axe_3": "Économie, axe 3",
}  # fmt: skip
SITE_STATUS_LABELS = {
    "a_l_etude": "À l'étude", "conventionne": "Conventionné", "en_travaux": "En travaux", "acheve": "Achevé",
    "abandonne": "Abandonné",
}  # fmt: skip
REBATE_STATUS_LABELS = {
    "en_preparation": "En préparation", "signee": "Signée", "prolongee": "Prolongée", "achevee": "Achevée",
}  # fmt: skip
# The row of the yardsticks that holds the posts published without the code of a contract.
NO_CONTRACT = "sans_code"

COMMITMENT_TABLES = (
    Table(
        "suivis_engagements",
        "ce qui est dit d'un engagement à une date",
        ("code_engagement", "date_suivi"),
        (
            column("code_engagement", "code", "engagement suivi", req=True),
            column("date_suivi", "date", "date à laquelle on le dit", req=True),
            column("statut", "code", "où en est l'engagement", voc=tuple(FOLLOW_UP_LABELS), req=True),
            column("montant_execute", "euros", "montant exécuté à cette date ; vide : personne ne l'a dit"),
            column("nature_montant", "code", "comment ce montant se compte", voc=tuple(AMOUNT_KIND_LABELS)),
            column("preuve", "texte", "ce qui permet de le dire"),
            column("auteur", "texte", "rôle de qui le dit"),
        ),
        may_be_empty=True,
    ),
    Table(
        "reformulations",
        "une formulation mesurable proposée pour un engagement qui ne l'est pas",
        ("code_engagement",),
        (
            column("code_engagement", "code", "engagement sans objet mesurable", req=True),
            column("libelle_propose", "texte", "formulation proposée ; « [à fixer] » : à décider ensemble", req=True),
            column("unite", "texte", "unité de mesure", req=True),
            column("recueil", "texte", "comment le recueillir", req=True),
        ),
    ),
    Table(
        "totaux_mesures",
        "un niveau d'engagement dans la ligne de total des mesures nationales",
        ("niveau_engagement",),
        (
            column("niveau_engagement", "code", "niveau d'engagement", voc=tuple(MEASURE_LEVEL_LABELS), req=True),
            column("part_lue", "pourcent", "pourcentage lu dans le document numérisé", req=True),
            column("part_corrigee", "pourcent", "pourcentage corrigé", req=True),
            column("nb_mesures", "entier", "mesures que ce pourcentage fixe, sur les quarante", req=True),
            column("est_incertain", "booleen", "lecture corrigée ou déduite", req=True),
            column("note", "texte", "réserve"),
        ),
    ),
    Table(
        "objets_locaux",
        "une mesure nationale, et si elle a un objet dans le territoire du contrat",
        ("numero",),
        (
            column("numero", "code", "mesure", req=True),
            column("objet_local", "code", "a-t-elle un objet ici ?", voc=tuple(LOCAL_OBJECT_LABELS), req=True),
            column("motif", "texte", "pourquoi", req=True),
            column("origine", "texte", "ce qui permet de le dire", req=True),
        ),
    ),
    Table(
        "reperes_147",
        "les postes du programme 147 payés une année à un contrat de ville de 5 000 habitants et plus",
        ("code_contrat", "annee"),
        (
            column("code_contrat", "code", f"contrat ; « {NO_CONTRACT} » : postes publiés sans code", req=True),
            column("annee", "entier", "année de paiement", req=True),
            column("nb_habitants", "entier", "habitants des quartiers prioritaires de 2015 du contrat"),
            column("nb_adulte_relais", "entier", "postes adultes-relais", req=True),
            column("nb_fonjep", "entier", "postes Fonjep", req=True),
        ),
    ),
    Table(
        "suites_enonces",
        "la suite donnée à un énoncé d'un conseil citoyen",
        ("code_enonce", "date_suite"),
        (
            column("code_enonce", "code", "énoncé", req=True),
            column("date_suite", "date", "date de la réponse", req=True),
            column("suite", "code", "suite donnée", voc=tuple(ANSWER_LABELS), req=True),
            column("texte_suite", "texte", "réponse, en peu de mots"),
        ),
        may_be_empty=True,
    ),
    Table(
        "suivis_sites",
        "une opération de renouvellement urbain dans un quartier, à une date",
        ("code_territoire", "programme", "action", "date_suivi"),
        (
            column("code_territoire", "code", "quartier", req=True),
            column("programme", "texte", "programme, écrit comme dans sites_renouvellement", req=True),
            column("action", "texte", "opération", req=True),
            column("date_suivi", "date", "date à laquelle on le dit", req=True),
            column("statut", "code", "où en est l'opération", voc=tuple(SITE_STATUS_LABELS), req=True),
            column("montant", "euros", "montant de l'opération"),
        ),
        may_be_empty=True,
    ),
    Table(
        "conventions_tfpb",
        "une action d'une convention d'abattement de taxe foncière (TFPB) dans un quartier",
        ("code_territoire", "bailleur", "annee_debut", "action"),
        (
            column("code_territoire", "code", "quartier", req=True),
            column("bailleur", "texte", "bailleur signataire", req=True),
            column("annee_debut", "entier", "première année", req=True),
            column("annee_fin", "entier", "dernière année"),
            column("statut", "code", "état de la convention", voc=tuple(REBATE_STATUS_LABELS), req=True),
            column("action", "texte", "action en contrepartie de l'abattement", req=True),
            column("montant", "euros", "montant valorisé sur la durée de la convention"),
        ),
        may_be_empty=True,
    ),
)
