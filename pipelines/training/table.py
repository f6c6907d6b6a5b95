"""Part 1, reading a table of the programme: what its lines, states, blank cells and holders say, and what they do not.

The expected answers are computed from the lines that the learner reads, whatever the contract and the year.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.indicators import monitoring
from pipelines.tables import GRANTED, STATUS_LABELS
from pipelines.training.feedback import Right, check_answer

CANNOT = "on ne peut pas"
_DIMENSIONS = {"sexe": "Selon le sexe", "age": "Selon l'âge", "residence": "Selon le lieu d'habitation"}
_EURO = 0.5


def pick_busiest_holder(actions: pd.DataFrame) -> pd.DataFrame:
    """The lines of the holder that has most of them, by its name as written; libelle_statut says their state."""
    names = actions["nom_porteur"].value_counts()
    return name_states(actions[actions["nom_porteur"].isin(names.index[:1])])


def name_states(actions: pd.DataFrame) -> pd.DataFrame:
    """The lines with their state as it is read: libelle_statut."""
    return actions.assign(libelle_statut=actions["statut"].map(STATUS_LABELS).fillna(monitoring.UNKNOWN))


def count_states(actions: pd.DataFrame) -> pd.DataFrame:
    """Lines by state of the application, most frequent first: libelle_statut, nb_demandes."""
    return name_states(actions)["libelle_statut"].value_counts().rename("nb_demandes").reset_index()


def sum_steps(actions: pd.DataFrame) -> pd.DataFrame:
    """Euros asked, granted and paid, of all applications and of the granted ones: etat, then the three amounts.

    `actions` carries the amounts (`sum_amounts`); a sum without any known amount is missing.
    """
    granted = actions[actions["statut"].isin(GRANTED)]
    columns = ["montant_demande", "montant_accorde", "montant_verse"]
    rows = [(name, *lines[columns].sum(min_count=1)) for name, lines in (("Tous", actions), ("Financés", granted))]
    return pd.DataFrame(rows, columns=["etat", *columns])


def keep_granted(funding: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """The lines of funding of the granted actions."""
    return funding[funding["code_action"].isin(actions.loc[actions["statut"].isin(GRANTED), "code_action"])]


def count_cells(lines: pd.DataFrame, column: str) -> pd.DataFrame:
    """What the cells of a column of amounts hold, an amount, zero or nothing: contenu, nb_lignes."""
    held = {
        "Un montant": lines[column] > 0,
        "Zéro": lines[column] == 0,
        "Rien : la case est vide": lines[column].isna(),
    }
    return pd.DataFrame([(name, int(found.sum())) for name, found in held.items()], columns=["contenu", "nb_lignes"])


def find_unidentified(actions: pd.DataFrame) -> pd.DataFrame:
    """The lines of the holders that have a SIRET on some lines and none on others, the latter first."""
    known = actions.groupby("nom_porteur")["code_siret"].transform("count")
    lacking = actions.loc[actions["code_siret"].isna() & (known > 0), "nom_porteur"]
    found = actions[actions["nom_porteur"].isin(lacking)]
    return found.sort_values(["nom_porteur", "code_siret"], na_position="first", kind="stable")


def follow_rows(manifest: Mapping[str, Any], sources: Collection[str]) -> pd.DataFrame:
    """What became of the rows of some sources, a line a sheet.

    Columns: fichier, feuille (where a file has sheets), lues, retenues, ecartees, hors_donnees.
    """
    columns = ["fichier", "feuille", "lues", "retenues", "ecartees", "hors_donnees"]
    lines = [line for line in manifest["balance"] if line["id_source"] in sources]
    out = pd.DataFrame(lines, columns=columns)
    return out if (out["feuille"] != "").any() else out.drop(columns="feuille")


def follow_euros(manifest: Mapping[str, Any], annee: int) -> pd.DataFrame:
    """Granted euros of a year's files, one row.

    Columns: annee, montant_lu, montant_retenu, montant_ecarte; no row where no file was read.
    """
    lines = pd.DataFrame(
        manifest["euros"]["accordes"], columns=["annee", "montant_lu", "montant_retenu", "montant_ecarte"]
    )
    return lines[lines["annee"] == annee].groupby("annee", as_index=False).sum()


def sum_planned(people: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Persons planned by the granted actions, added up from each cut of the same public: dimension, nb_prevu."""
    kept = people[(people["moment"] == "prevu") & people["code_action"].isin(_codes(actions))]
    sums = kept.groupby("dimension")["nb_personnes"].sum().reindex(list(_DIMENSIONS))
    return sums.rename(index=_DIMENSIONS).rename("nb_prevu").dropna().astype("Int64").reset_index()


def check_granted(answer: Any, actions: pd.DataFrame) -> Right:
    """How many applications were granted: the three states that follow a favourable decision."""
    states = actions["statut"]
    return check_answer(
        answer,
        int(states.isin(GRANTED).sum()),
        right="Financé, réalisé, justifié : trois moments de la vie d'un même dossier accepté. Ce nombre compte des "
        "dossiers ; une association qui en a trois y est trois fois.",
        mistakes=[
            (
                int((states == "finance").sum()),
                "vous n'avez pris que l'état « Financé ». Un dossier financé devient « Réalisé », puis « Justifié » "
                "quand son bilan est rendu : il reste un dossier financé.",
            ),
            (len(actions), "c'est le nombre de dossiers déposés : les refusés, les inéligibles et les retirés y sont."),
            (
                int(states.isin(["finance", "realise"]).sum()),
                "il manque les dossiers « Justifié » : ce sont des dossiers financés dont le bilan est rendu.",
            ),
            (
                int((~states.isin(["refuse"])).sum()),
                "vous avez tout gardé sauf les refusés. Un dossier inéligible ou retiré n'a rien reçu non plus.",
            ),
        ],
        otherwise="additionnez, dans le tableau des états, ceux qui suivent une décision favorable.",
    )


def check_mean_paid(answer: Any, lines: pd.DataFrame) -> Right:
    """The mean amount paid over the lines whose payment is known, to the euro; `CANNOT` where none is."""
    paid = lines["montant_verse"].dropna()
    return check_answer(
        answer,
        float(paid.mean()) if len(paid) else CANNOT,
        right="La moyenne porte sur les versements connus, zéros compris : un zéro est une réponse, une case vide est "
        "une question. Une moyenne se publie toujours avec le nombre de lignes qu'elle laisse de côté.",
        mistakes=_mean_mistakes(lines["montant_verse"]),
        otherwise="demandez la moyenne de la colonne « montant_verse » de « lignes », sans remplir ni retirer de case.",
        tolerance=_EURO,
    )


def _mean_mistakes(amounts: pd.Series) -> Sequence[tuple[float, str]]:
    """The wrong means of amounts, those that can be computed."""
    known = amounts.dropna()
    wrong = [
        (
            amounts.fillna(0).mean(),
            "vous avez compté les cases vides comme des zéros. Une case vide dit qu'on ne sait pas encore : la moyenne "
            "baisse alors sans que personne n'ait reçu moins.",
        ),
        (
            known[known != 0].mean(),
            "vous avez retiré les zéros. Un zéro est une réponse du financeur : rien n'a été versé, et on le sait.",
        ),
        (known.sum(), "c'est la somme des versements. Il reste à la diviser par le nombre de lignes connues."),
        (known.median(), "c'est la médiane : la moitié des lignes sont au-dessous. On demande ici la moyenne."),
    ]
    return [(float(value), sentence) for value, sentence in wrong if pd.notna(value)]


def check_holders(answer: Any, actions: pd.DataFrame) -> Right:
    """How many different holders applied: one known by its SIRET on some lines and by its name on others is one."""
    known_first = actions["code_siret"].fillna(actions["nom_porteur"])
    return check_answer(
        answer,
        _count_holders(actions),
        right="Un même nom avec et sans SIRET, c'est un seul porteur. Compter demande de choisir ce qui identifie : "
        "dites-le sous votre chiffre, et faites corriger le SIRET à la source.",
        mistakes=[
            (len(actions), "c'est le nombre de lignes : un porteur en a autant que de dossiers."),
            (
                int(known_first.nunique()),
                "un porteur compte deux fois : une fois par son SIRET, une fois par son nom, là où le SIRET est "
                "illisible. Regardez encore le tableau qui précède.",
            ),
            (
                int(actions["code_siret"].nunique(dropna=False)),
                "la case vide a été comptée comme un porteur de plus. Ne pas savoir qui, ce n'est pas un porteur.",
            ),
        ],
        otherwise="comptez des noms différents, et non des lignes. En Python : .nunique() après le nom de la colonne.",
    )


def _count_holders(actions: pd.DataFrame) -> int:
    """Different holders: by SIRET, that of a line without one being that of its name elsewhere; else by name."""
    by_name = actions.dropna(subset="code_siret").drop_duplicates("nom_porteur").set_index("nom_porteur")["code_siret"]
    siret = actions["code_siret"].fillna(actions["nom_porteur"].map(by_name))
    return int(siret.fillna(actions["nom_porteur"]).nunique())


def check_people(answer: Any, people: pd.DataFrame, actions: pd.DataFrame) -> Right:
    """How many different persons the granted actions were to reach: nobody can say."""
    sums = sum_planned(people, actions).set_index("dimension")["nb_prevu"]
    added = "c'est une somme de publics prévus : qui va à deux actions y est deux fois. Elle compte des inscriptions."
    return check_answer(
        answer,
        CANNOT,
        right="La table compte des publics par action, sans savoir qui est qui. Additionner compte plusieurs fois la "
        "même personne ; et ce qui est prévu n'est pas ce qui est atteint.",
        mistakes=[
            *((int(value), added) for value in sums),
            (int(sums.sum()), "les trois lignes décrivent le même public sous trois angles : elles ne s'ajoutent pas."),
            (
                len(_codes(actions)),
                "c'est le nombre de dossiers financés. Une ligne est un dossier, jamais une personne.",
            ),
        ],
        otherwise="demandez-vous ce que la table sait d'une personne qui participe à deux actions.",
    )


def _codes(actions: pd.DataFrame) -> pd.Series:
    return actions.loc[actions["statut"].isin(GRANTED), "code_action"]
