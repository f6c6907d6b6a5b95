"""Definitions of observation, as they are printed under a result."""

from pipelines.indicators.wording import print_definitions

DEFINITIONS = {
    "ecart_reference": "écart : valeur du quartier moins valeur de la référence, en points, même source, même "
    "millésime, même définition",
    "ratio_reference": "rapport : valeur du quartier divisée par celle de la référence",
    "ecart_reste": "reste de l'agglomération : ses effectifs moins ceux de ses quartiers ; d'un quartier à cheval, "
    "la part de sa population qui est dans l'agglomération",
    "intervalle": "intervalle de Wilson sur les effectifs publiés divisés par l'effet de plan ; 1,5 est celui d'un "
    "recensement qui enquête 40 % des habitants, tirés un à un : tirés par logement, l'intervalle serait plus long",
    "intervalle_ecart": "intervalle de l'écart : Newcombe, mêmes effectifs",
    "score_mediane": "écart réduit : valeur du quartier moins médiane des quartiers, divisée par 1,4826 fois la "
    "médiane des écarts absolus ; ce n'est ni un rang ni un jugement",
    "ecart_evolution": "évolution de l'écart : écart de la seconde année moins écart de la première, deux "
    "millésimes comparables, même géographie ; intervalle par la méthode MOVER",
    "trajectoire": "trajectoire : rattrapage ou décrochage quand l'intervalle de l'évolution exclut zéro, stable "
    "quand il tient tout entier sous le seuil de stabilité, indéterminé sinon",
    "ecart_detectable": "plus petite évolution détectable : 2,8 fois l'erreur type de la différence entre les deux "
    "millésimes du quartier ; une évolution plus petite ne se verrait pas quatre fois sur cinq",
    "rang": "rang : place de la valeur observée ; son intervalle et la part des tirages qui laissent le quartier "
    "dans son tiers viennent de valeurs tirées dans leurs intervalles",
    "lissage": "taux lissé : taux brut rapproché du taux commun, d'autant plus que l'effectif est petit (loi "
    "bêta-binomiale ajustée sur tous les quartiers) ; il ne remplace pas le taux brut",
    "fausses_alertes": "retenu : encore distinct du hasard quand on tient compte du nombre de comparaisons "
    "(Benjamini-Hochberg)",
    "densite": "pour 100 habitants : effectif divisé par la population municipale de la même année ; ce n'est pas "
    "un taux de chômage",
    "ecart_commune": "écart de la commune : son taux moins celui du reste de l'agglomération",
    "variabilite": "variation habituelle : écart type des variations d'une année à l'autre ; le seuil est "
    "l'évolution que cette variabilité atteint à elle seule sur la période ; ce n'est pas un intervalle de sondage",
    "surrepresentation": "surreprésentation : part du territoire dans l'effectif divisée par sa part dans la "
    "population ; 1 s'il y pèse autant",
    "evolution": "évolution : valeur de la dernière année moins valeur de la première, même source, même définition",
    "indice_base_100": "indice : valeur de l'année sur valeur de l'année de base, multipliée par 100",
    "dans_agglomeration": "repères de l'agglomération : valeurs de son quartier le plus bas, du quartier du milieu (le "
    "plus bas des deux s'ils sont deux) et du plus haut ; un quartier à cheval compte parmi ceux de chacune, et une "
    "seule fois dans un total ; aucune moyenne de taux",
    "semblables": "quartiers semblables : ceux d'ailleurs dont le profil est le plus proche (écarts divisés par "
    "l'étendue interquartile sur 1,349, moyenne quadratique) ; une ressemblance décrit, ce n'est pas un groupe témoin",
    "rang_ailleurs": "rang : seulement pour une part dont le fichier donne le dénominateur (ménages) ; "
    "numérateur : part multipliée par les ménages",
    "double_difference": "double différence : évolution moyenne des territoires concernés moins celle des autres, "
    "avant et après ; intervalle et p par permutation des territoires concernés ; présentée seulement si chaque "
    "condition est remplie",
}


def define(*names: str) -> str:
    """The printed definitions of the named indicators."""
    return print_definitions(DEFINITIONS, *names)
