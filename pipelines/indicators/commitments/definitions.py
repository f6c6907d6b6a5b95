"""Definitions printed under the tables of commitments, measures, posts, consultations and sites."""

from pipelines.indicators.wording import print_definitions

DEFINITIONS = {
    "verifiable": "vérifiable : un fait observable permettrait de dire si l'engagement est tenu ; « en partie » : le "
    "fait existe, mais ni sa date ni sa quantité ne sont écrites. C'est notre codage, pas celui des partenaires",
    "statut": "état : le dernier que quelqu'un a dit, à la date d'arrêt ou avant ; « non renseigné » : personne n'a "
    "rien dit, ce qui n'est ni tenu ni non tenu",
    "taux_tenus": "engagements tenus : engagements tenus sur engagements vérifiables et échus à la date d'arrêt ; "
    "« sans objet » exclu. Sans échéance écrite, un engagement n'est pas dit échu. Le taux n'est donné que si l'état "
    "de tous les échus est connu",
    "part_executee": "part exécutée : montant exécuté sur montant promis, si les deux sont connus et se comptent de la "
    "même façon (par an ou en tout, fonctionnement ou investissement)",
    "niveaux": "niveau : celui que l'État a écrit en 2019. Le total publié vient de la ligne de total du tableau, les "
    "mesures lisibles du tableau lui-même ; ce qui reste à situer est la différence",
    "objet_local": "objet local : la mesure porte sur un lieu, un service ou un public présent dans l'agglomération. "
    "« oui » et « non » s'appuient sur un texte cité ; le reste est à établir",
    "part_femmes": "part des femmes : femmes sur femmes et hommes ; sexe non renseigné exclu. Les personnes prévues ne "
    "sont pas les personnes touchées",
    "part_egalite": "part des projets d'égalité : actions financées dont l'objectif relève du thème « Égalité "
    "femmes-hommes », sur les actions financées dont le thème est connu ; ou, faute d'un tel objectif, celles dont "
    "l'égalité est l'objectif principal, sur celles qui ont répondu à cette question du marqueur",
    "postes": "postes pour 1 000 habitants : postes payés dans l'année sur habitants des quartiers prioritaires de "
    "2015 du contrat, selon le même fichier. Médiane et rang parmi les contrats de 5 000 habitants et plus ; rang 1 : "
    "le plus de postes par habitant",
    "consultation": "avant la décision : le conseil citoyen a été rencontré un jour antérieur à celui de la validation",
    "reponse": "réponse : énoncés dont la suite est connue et n'est pas « sans réponse », sur tous les énoncés ; délai "
    "en jours depuis la dernière rencontre antérieure à la synthèse",
}


def define(*names: str, base_minimale: int = 0) -> str:
    """The printed definitions of the named indicators, and the smallest base under which a share is not given."""
    return print_definitions(DEFINITIONS, *names, base_minimale=base_minimale)
