"""Closed vocabularies, and the French labels of those that readers see."""

TERRITORY_KINDS = ("pays", "region", "departement", "epci", "commune", "qpv", "qva")
GEOGRAPHIES = ("administrative", "QPV2015", "QPV2024", "QVA2015", "exemple")
# When quartiers of a geography were those of the law. Source: decrees 2014-1750 and 2023-1314.
IN_FORCE = {"QPV2015": (2015, 2023), "QVA2015": (2015, 2023), "QPV2024": (2024, None)}
STATUSES = (
    "depose",
    "recevable",
    "finance",
    "refuse",
    "ineligible",
    "retire",
    "realise",
    "justifie",
)
GRANTED = ("finance", "realise", "justifie")
HOLDER_LABELS = {
    "association": "Association", "commune": "Commune", "epci": "Intercommunalité",
    "etablissement_public": "Établissement public", "bailleur": "Bailleur", "entreprise": "Entreprise",
    "autre": "Autre",
}  # fmt: skip
HOLDER_KINDS = tuple(HOLDER_LABELS)
FUNDERS = ("etat", "agglomeration", "commune", "region", "departement", "caf")
SEXES = ("femmes", "hommes", "nr")
AGES = ("0_5", "6_11", "12_17", "18_25", "26_59", "60_plus", "nr")
RESIDENCES = ("qpv", "qva", "hors", "nr")
DIMENSIONS = {"sexe": SEXES, "age": AGES, "residence": RESIDENCES}
# How persons reached may be cut for publication, beside the whole.
CUTS = ("orientation", "territoire", "porteur")
MOMENTS = ("prevu", "realise")
STATUS_LABELS = {
    "depose": "Déposé", "recevable": "Recevable", "finance": "Financé", "refuse": "Refusé", "ineligible": "Inéligible",
    "retire": "Retiré", "realise": "Réalisé", "justifie": "Justifié",
}  # fmt: skip
FUNDER_LABELS = {
    "etat": "État (programme 147)", "agglomeration": "Agglomération", "commune": "Communes", "region": "Région",
    "departement": "Département", "caf": "Caf",
}  # fmt: skip
MODALITY_LABELS = {
    "femmes": "Femmes", "hommes": "Hommes", "nr": "Non renseigné", "0_5": "0 à 5 ans", "6_11": "6 à 11 ans",
    "12_17": "12 à 17 ans", "18_25": "18 à 25 ans", "26_59": "26 à 59 ans", "60_plus": "60 ans et plus",
    "qpv": "Quartier prioritaire", "qva": "Quartier de veille active", "hors": "Hors de ces quartiers",
}  # fmt: skip
THEME_LABELS = {
    "emploi_dev_eco": "Emploi et développement économique", "numerique": "Numérique",
    "habitat_ru": "Habitat et renouvellement urbain", "cadre_de_vie": "Cadre de vie", "mobilite": "Mobilité",
    "education_jeunesse": "Éducation et jeunesse", "enfance_famille": "Enfance et famille", "sante": "Santé",
    "autonomie": "Autonomie", "culture": "Culture", "citoyennete": "Citoyenneté", "acces_droits": "Accès aux droits",
    "cohesion_sociale": "Cohésion sociale", "egalite_fh": "Égalité femmes-hommes", "discriminations": "Discriminations",
    "radicalisation_laicite": "Radicalisation et laïcité", "tranquillite": "Tranquillité publique",
    "transition": "Transition écologique", "observation": "Observation", "communication": "Communication",
    "transversal": "Transversal",
}  # fmt: skip
THEMES = tuple(THEME_LABELS)
# Where a grant comes from, beside what was planned for the quartiers alone.
CREDITS = ("specifique", "droit_commun")
CREDIT_LABELS = {"specifique": "Crédits spécifiques", "droit_commun": "Droit commun"}
# What a result may count. A value in persons, or in an unknown unit, is never published action by action.
RESULT_UNIT_LABELS = {
    "personnes": "personnes", "%": "%", "points": "points", "€": "€", "heures": "heures", "jours": "jours",
    "seances": "séances", "logements": "logements", "structures": "structures",
}  # fmt: skip
RESULT_UNITS = tuple(RESULT_UNIT_LABELS)
DIRECTIONS = ("hausse", "baisse")
# Where the answers to the gender marker's tree were found for an action.
ANSWER_ORIGIN_LABELS = {
    "export": "Export annuel", "consensus": "Consensus", "notations_concordantes": "Notations concordantes",
    "notation_unique": "Notation d'une seule personne",
}  # fmt: skip
ANSWER_ORIGINS = tuple(ANSWER_ORIGIN_LABELS)
# The national scale, budget for equality: another framework than the contract's tree.
NATIONAL_MARKERS = ("G0", "G1", "G2")
# What stands for the indicator of a result that has values and no name.
UNNAMED_INDICATOR = "indicateur non nommé"
OBSERVATION_STATUSES = ("ok", "nd", "ns", "s", "so", "vide", "illisible")
# A logic-impact model, strategy first: what is done, what follows, what that changes, what all of it is for.
LOGIC_LEVEL_LABELS = {
    "realisation": "Réalisation", "resultat_attendu": "Résultat attendu",
    "impact_intermediaire": "Impact intermédiaire", "impact_global": "Impact global",
}  # fmt: skip
LOGIC_LEVELS = tuple(LOGIC_LEVEL_LABELS)
# Where a link comes from: read in a text, agreed by those concerned, supposed by whoever drew it, taken back.
LINK_STATUS_LABELS = {"atteste": "Attesté", "valide": "Validé", "hypothese": "Hypothèse", "rejete": "Rejeté"}
LINK_STATUSES = tuple(LINK_STATUS_LABELS)
# What the evidence says of a link, from the strongest to the weakest; not examined is no verdict.
VERDICT_LABELS = {
    "etaye": "Étayé", "partiel": "Partiel", "faible": "Faible", "contredit": "Contredit", "non_examine": "Non examiné",
}  # fmt: skip
VERDICTS = tuple(VERDICT_LABELS)
EVIDENCE_LABELS = {"forte": "Forte", "moyenne": "Moyenne", "faible": "Faible", "absente": "Absente"}
EVIDENCE_STRENGTHS = tuple(EVIDENCE_LABELS)
# How strong the evidence of a finding is, as it is printed beside it.
STRENGTH_LABELS = {1: "signalement", 2: "description", 3: "comparaison", 4: "contribution examinée"}
# What a node's indicators say of it.
NODE_STATE_LABELS = {
    "atteint": "Cible atteinte", "en_partie": "Cibles atteintes en partie", "non_atteint": "Cible non atteinte",
    "non_mesure": "Non mesuré", "sans_cible": "Mesuré, sans cible", "sans_indicateur": "Sans indicateur",
    "perdu": "Libellé perdu",
}  # fmt: skip
NODE_STATES = tuple(NODE_STATE_LABELS)
# What an indicator is for, in the protocol's words.
INDICATOR_KIND_LABELS = {"contexte": "Contexte", "suivi": "Suivi", "impact": "Impact"}
INDICATOR_KINDS = tuple(INDICATOR_KIND_LABELS)
# Figures of the programme that an indicator may name instead of a typed value.
PROGRAMME_FIGURE_LABELS = {
    "nb_actions_financees": "Actions financées", "montant_accorde": "Montant accordé",
    "part_femmes_prevues": "Part des femmes parmi les bénéficiaires prévus",
    "part_qpv_prevus": "Part des habitants des quartiers parmi les bénéficiaires prévus",
    "part_resultats_atteints": "Part des résultats attendus des actions qui sont atteints",
}  # fmt: skip
PROGRAMME_FIGURES = tuple(PROGRAMME_FIGURE_LABELS)
# A survey of digital inclusion: who answers, what is offered, for whom, who sees what the others do.
DIGITAL_PLACE_LABELS = {
    "centre_social": "Centre social", "mediatheque": "Médiathèque", "mairie_ccas": "Mairie ou CCAS",
    "association": "Association", "service_public": "Service public ou opérateur", "bailleur": "Bailleur",
    "autre": "Autre",
}  # fmt: skip
DIGITAL_PLACES = tuple(DIGITAL_PLACE_LABELS)
DIGITAL_SERVICE_LABELS = {
    "acces_equipement": "Accès à un ordinateur ou une tablette", "acces_connexion": "Accès à une connexion",
    "aide_demarches": "Aide aux démarches en ligne", "ateliers_initiation": "Ateliers d'initiation",
    "formation": "Formation suivie", "mediation_itinerante": "Médiation itinérante",
    "pret_materiel": "Prêt ou don de matériel",
}  # fmt: skip
DIGITAL_SERVICES = tuple(DIGITAL_SERVICE_LABELS)
DIGITAL_AUDIENCE_LABELS = {
    "tous": "Tous publics", "demandeurs_emploi": "Recherche d'emploi", "jeunes": "Jeunes",
    "familles": "Familles", "seniors": "Personnes âgées", "adherents": "Adhérents",
}  # fmt: skip
DIGITAL_AUDIENCES = tuple(DIGITAL_AUDIENCE_LABELS)
SIGHT_LABELS = {"oui": "Oui", "partielle": "En partie", "non": "Non"}
SIGHTS = tuple(SIGHT_LABELS)
WISH_LABELS = {"oui": "Oui", "non": "Non", "ne_sait_pas": "Ne sait pas"}
WISHES = tuple(WISH_LABELS)
# How a document writes a number: exactly, roughly, or on a spot that cannot be read any more.
PRECISION_LABELS = {"exacte": "écrit", "approchee": "approché", "perdue": "illisible"}
PRECISIONS = tuple(PRECISION_LABELS)
