"""Part 2, rates: what a gap says, what a small quartier leaves unsure, and which pairs of values may not be compared.

The expected answers are computed from the values that the learner reads, whatever the contract and the year.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.training.feedback import NotYet, Right, check_answer, require
from pipelines.training.quartiers import pool_rates, straddles

# Percents and points are shown with one decimal.
ROUNDING = 0.051


def check_gap(answer: Any, gaps: pd.DataFrame) -> Right:
    """The gap of the lowest quartier to the agglomeration, in points."""
    _demand(gaps, "ce contrat n'a aucun écart calculable entre un quartier et son agglomération.")
    lowest = gaps.sort_values("valeur", kind="stable").iloc[0]
    gap, ratio = float(lowest["ecart_reference"]), float(lowest["ratio_reference"])
    relative = "c'est l'écart rapporté à la référence : un « pourcentage de pourcentage », qui paraît toujours plus "
    relative += "grand. Entre deux taux, on donne la différence, en points."
    return check_answer(
        answer,
        gap,
        tolerance=ROUNDING,
        right="L'écart entre deux taux se dit en points. Le signe compte : il est négatif quand le quartier est sous "
        "l'agglomération.",
        mistakes=[
            (
                -gap,
                "le nombre est bon, le signe est à l'envers : l'écart est la valeur du quartier moins la référence.",
            ),
            (100 * ratio, "c'est le rapport des deux taux, en pourcentage. Le rapport divise ; l'écart soustrait."),
            (ratio, "c'est le rapport des deux taux. Le rapport divise ; l'écart soustrait."),
            (100 * (ratio - 1), relative),
            (100 * (1 - ratio), relative),
            (float(lowest["valeur"]), "c'est le taux du quartier. Il reste à en soustraire celui de l'agglomération."),
        ],
        otherwise="l'écart est le taux du quartier le plus bas moins celui de l'agglomération, dans cet ordre.",
    )


def check_pooled(answer: Any, counted: pd.DataFrame) -> Right:
    """The rate of all the quartiers together: never the mean of their rates."""
    _demand(counted, "ce contrat n'a aucun taux dont les effectifs soient connus.")
    pooled, mean = pool_rates(counted), float(counted["valeur"].mean())
    return check_answer(
        answer,
        pooled,
        tolerance=ROUNDING,
        right="Un grand quartier compte plus qu'un petit : on additionne les personnes, puis on divise. Sans les "
        "effectifs, ce taux n'aurait pas pu être calculé.",
        mistakes=[
            (
                mean,
                "c'est la moyenne des taux. Elle donne au plus petit quartier le poids du plus grand : personne ne "
                "vit dans un « quartier moyen ».",
            ),
            (float(counted["valeur"].median()), "c'est le taux du quartier du milieu, pas celui de l'ensemble."),
            (
                float(counted["valeur_reference"].iloc[0]),
                "c'est le taux de l'agglomération, qui compte aussi tous ceux qui vivent hors des quartiers.",
            ),
            (pooled / 100, "le nombre est une part de 1 : le multiplier par 100 pour l'écrire en pourcentage."),
            (float(counted["numerateur"].sum()), "c'est le numérateur seul. Il reste à diviser par le dénominateur."),
        ],
        otherwise="additionner les numérateurs, additionner les dénominateurs, diviser, multiplier par 100.",
    )


def check_straddling(answer: Any, shares: pd.DataFrame, reference: float) -> Right:
    """How many quartiers do not differ from the reference: those whose interval holds it."""
    _demand(shares, "ce contrat n'a aucun taux dont l'intervalle soit calculable.")
    unsure = straddles(shares, reference)
    return check_answer(
        answer,
        int(unsure.sum()),
        right="Pour ces quartiers, le sondage ne tranche pas : on n'écrit ni « au-dessus » ni « au-dessous ». Un écart "
        "de même taille peut être net dans un grand quartier et incertain dans un petit.",
        mistakes=[
            (
                int((~unsure).sum()),
                "ce sont ceux qui s'en distinguent : leur intervalle est tout entier d'un côté du trait.",
            ),
            (
                int(shares["valeur"].lt(reference).sum()),
                "vous avez compté les points sous la référence. Regarder la barre entière : une barre qui traverse le "
                "trait ne dit rien, où que soit son point.",
            ),
            (
                int(shares["valeur"].gt(reference).sum()),
                "vous avez compté les points au-dessus de la référence. C'est la barre qu'il faut regarder.",
            ),
            (len(shares), "c'est le nombre de quartiers : plusieurs barres ne touchent pas le trait."),
        ],
        otherwise="compter les quartiers dont la barre traverse le trait de la référence, ni plus ni moins.",
    )


def check_verdicts(answer: Any, pairs: pd.DataFrame, words: Mapping[str, str]) -> Right:
    """Which pairs of values may be compared, and what forbids the others: a word by letter.

    `pairs`: of `pairs.propose_pairs` (lettre, mot); `words`: those allowed, « oui » first.
    """
    _demand(pairs, "ce contrat n'a aucune paire de valeurs à examiner.")
    require(answer)
    if not isinstance(answer, dict):
        raise NotYet('Pas encore : la réponse est un dictionnaire, une ligne par lettre, par exemple "A": "oui".')
    given = {letter: answer.get(letter, ...) for letter in pairs["lettre"]}
    if all(word is ... for word in given.values()):
        require(...)
    lacking = [letter for letter, word in given.items() if word is ...]
    if lacking:
        raise NotYet(f"Pas encore : il reste à juger {_list(lacking)}.")
    said = {letter: str(word).strip().lower() for letter, word in given.items()}
    unknown = sorted({word for word in said.values() if word not in words})
    if unknown:
        raise NotYet(f"Pas encore : « {' », « '.join(unknown)} » n'est pas l'un des mots ({', '.join(words)}).")
    return _judge(said, pairs.set_index("lettre")["mot"].to_dict(), next(iter(words)))


def _judge(said: Mapping[str, str], expected: Mapping[str, str], lawful: str) -> Right:
    """Right, or the first kind of mistake: compared in spite of a reason, refused without one, for another reason."""
    wrong = [letter for letter in expected if said[letter] != expected[letter]]
    compared = [letter for letter in wrong if said[letter] == lawful]
    refused = [letter for letter in wrong if expected[letter] == lawful]
    if compared:
        raise NotYet(
            f"Pas encore : {_list(compared)}, on ne peut pas comparer. Relire les deux descriptions mot à mot : "
            "source, année, contour, nombre publié ou non. Quelque chose y diffère."
        )
    if refused:
        raise NotYet(
            f"Pas encore : {_list(refused)}, rien ne s'y oppose. Même source, même définition, même édition, deux "
            "nombres publiés : refuser là aussi serait se priver d'un résultat."
        )
    if wrong:
        raise NotYet(
            f"Pas encore : {_list(wrong)}, c'est bien à refuser, mais pas pour cette raison. Chercher ce qui "
            "manquerait encore si on corrigeait celle que vous donnez."
        )
    number = sum(word != lawful for word in expected.values())
    return Right(
        f"Sur {len(expected)} comparaisons, {number} sont à refuser, chacune avec sa raison. « On ne peut pas "
        "comparer, et voici pourquoi » est une réponse complète : c'est celle que donnent les rapports."
    )


def _demand(frame: pd.DataFrame, lacking: str) -> None:
    """NotYet where the contract has nothing to make the exercise on: whatever is answered, nothing could be right."""
    if frame.empty:
        raise NotYet(f"Exercice sans objet : {lacking}")


def _list(letters: list[str]) -> str:
    """« en A », « en A et C », « en A, B et C »."""
    *firsts, last = letters
    return f"en {', '.join(firsts)} et {last}" if firsts else f"en {last}"
