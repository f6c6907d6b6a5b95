"""What the steering committee is asked and warned of: written by hand, by those who prepare it."""

from pipelines.tables.model import Table, column

# From least to most: a risk is sorted by both.
SEVERITY_LABELS = {"faible": "Faible", "moyenne": "Moyenne", "forte": "Forte"}

STEERING_TABLES = (
    Table(
        "decisions_copil",
        "une décision demandée au comité de pilotage, trois au plus par an",
        ("annee", "rang"),
        (
            column("annee", "entier", "année de la synthèse", req=True),
            column("rang", "entier", "ordre dans lequel la décision est demandée, de 1 à 3", req=True),
            column("libelle_decision", "texte", "décision demandée", req=True),
            column("motif_decision", "texte", "pourquoi elle est demandée", req=True),
            column("echeance", "texte", "date pour laquelle il faut décider, telle qu'écrite"),
        ),
        may_be_empty=True,
    ),
    Table(
        "risques",
        "un risque pour le contrat, tel que ceux qui le suivent le voient",
        ("annee", "libelle_risque"),
        (
            column("annee", "entier", "année de la synthèse", req=True),
            column("libelle_risque", "texte", "ce qui peut arriver", req=True),
            column("gravite_risque", "code", "ce que cela coûterait au contrat", voc=tuple(SEVERITY_LABELS), req=True),
            column("probabilite", "code", "si cela peut arriver dans l'année", voc=tuple(SEVERITY_LABELS), req=True),
            column("qui_agit", "texte", "rôle de qui agit ; vide : personne n'est désigné"),
            column("parade", "texte", "ce qui est fait ou prévu contre ce risque"),
        ),
        may_be_empty=True,
    ),
)
