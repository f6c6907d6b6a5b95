"""Part 3, the gender marker: ten actions marked alone, then beside others; no person is ever judged, only questions.

An answer is right here when it follows the tree to its end: what it says of the action is the learner's own judgement.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.indicators import gender
from pipelines.indicators.gender import Reading, Tree
from pipelines.numbers import count, format_number
from pipelines.training.feedback import NotYet, Right, check_answer, require
from pipelines.training.raters import compare_on, count_replies, hurry
from pipelines.training.replies import NOTHING, dictate, frame_replies, read_reply, spell

CANNOT = "on ne peut pas"
YOU = "Vous"
_TOLD = 3
_ALONE = "Exercice sans objet : ce contrat n'a aucune notation faite par plusieurs personnes."


@dataclass(frozen=True, eq=False, repr=False)
class RightTable(Right):
    """Right, and what the tree or the table of neighbours makes of the answer."""

    table: pd.DataFrame
    caption: str

    def _repr_html_(self) -> str:
        # Line breaks that a title holds would be written out.
        plain = self.table.map(lambda cell: " ".join(cell.split()) if isinstance(cell, str) else cell)
        rows = plain.to_html(index=False, border=0, escape=True, na_rep="n.d.")
        return f"{super()._repr_html_()}<p><strong>{self.caption}</strong></p>{rows}"


def check_markings(answers: Any, drawn: pd.DataFrame, tree: Tree, reading: Reading) -> Right:
    """Each action is answered, and its answers follow the tree to an end: what the tree then says of each."""
    _demand(drawn)
    rated = _rate(_read_all(answers, drawn, tree, reading), YOU, tree, reading)
    said = gender.label_markers(rated["marqueur"]).value_counts()
    told = ", ".join(f"{label.lower()} : {said[label]}" for label in gender.EVERY if label in said)
    line = " ".join(dictate(answers[rank]) for rank in drawn["rang"])
    table = (
        drawn[["rang", "intitule"]]
        .assign(chemin=rated["chemin"].to_numpy())
        .set_axis(["Rang", "Intitulé", "Ce que l'arbre en tire"], axis=1)
    )
    return RightTable(
        f"{count(len(rated), 'action')}, toutes menées au bout de l'arbre ({told}). Ce n'est pas une note : un 2 n'est "
        f"pas meilleur qu'un 1. Votre ligne à dicter : « {line} ».",
        table,
        "Le chemin de chaque action" + _fictional(drawn),
    )


def check_neighbours(lines: Any, answers: Any, drawn: pd.DataFrame, tree: Tree, reading: Reading) -> Right:
    """Each neighbour's line can be read, and stands beside the learner's own: on which questions they differ."""
    _demand(drawn)
    require(lines)
    if not isinstance(lines, dict):
        raise NotYet('Pas encore : écrire un dictionnaire, une ligne par voisin, par exemple "A": "onoon nno …".')
    given = {str(name): line for name, line in lines.items() if line is not ...}
    if lines and not given:
        require(...)
    if not given:
        raise NotYet(
            "Pas encore : il faut au moins un voisin. Seul·e, prenez les personnes fictives : "
            "raters.dictate_raters(notations, dix, arbre, lecture)."
        )
    mine = _rate(_read_all(answers, drawn, tree, reading), YOU, tree, reading)
    others = [_rate(_read_line(name, line, drawn, tree, reading), name, tree, reading) for name, line in given.items()]
    table = pd.concat([mine, *others], ignore_index=True)
    compared = compare_on(table, drawn, tree)
    return RightTable(
        _tell_neighbours(compared, len(given)),
        compared.assign(taux_concordance=[f"{format_number(one)} %" for one in compared["taux_concordance"]]).set_axis(
            ["Question", "Actions", "Accord observé", "Désaccords"], axis=1
        ),
        "Vous et vos voisins, question par question" + _fictional(drawn),
    )


def check_hurried(answer: Any, rated: pd.DataFrame, tree: Tree) -> Right:
    """The percentage of agreement of one person with a hurried one: high, and worth nothing."""
    hurried = hurry(rated, tree)
    if hurried.empty:
        raise NotYet(_ALONE)
    expected = float(hurried["taux_concordance"].iloc[0])
    counts = count_replies(rated)["nb_actions"]
    return check_answer(
        answer,
        expected,
        tolerance=0.51,
        right="Tant d'accord, sans avoir lu un seul dossier. Quand une réponse est presque toujours la même, le "
        "pourcentage est haut par le seul hasard : il faut un coefficient qui le retranche.",
        mistakes=[
            (100 - expected, "c'est la part des désaccords : l'accord est le reste."),
            (int(counts.max()), "c'est un nombre d'actions : le rapporter au total, et multiplier par 100."),
            (expected / 100, "le nombre est une part de 1 : le multiplier par 100."),
            (50, "ce serait vrai de réponses à pile ou face. Ici une réponse est bien plus fréquente que l'autre."),
            (0, "sans avoir lu, cette personne tombe pourtant souvent sur la même réponse : comptez-les."),
        ],
        otherwise="diviser le nombre de réponses identiques à celle de la personne pressée par toutes ses réponses.",
    )


def check_wrong_one(answer: Any, rated: pd.DataFrame) -> Right:
    """Who is mistaken: agreement never says it."""
    people = sorted(rated["code_instructeur"].dropna().unique())
    if len(people) < 2:
        raise NotYet(_ALONE)
    return check_answer(
        answer,
        CANNOT,
        right="L'accord dit que des personnes diffèrent, jamais laquelle a raison : une voix seule est parfois celle "
        "qui a lu le dossier jusqu'au bout. On discute des questions, on ne classe pas les personnes.",
        mistakes=[
            (
                one,
                "être plus souvent seul n'est pas se tromper : les autres peuvent partager une même erreur. Aucun "
                "coefficient ne connaît la bonne réponse.",
            )
            for one in people
        ],
        otherwise=f"écrire un code parmi {', '.join(people)}, ou « {CANNOT} », entre guillemets.",
    )


def _read_all(answers: Any, drawn: pd.DataFrame, tree: Tree, reading: Reading) -> pd.DataFrame:
    """The learner's answers as rows. NotYet with what the first of them mistake, action by action."""
    require(answers)
    if not isinstance(answers, dict):
        raise NotYet('Pas encore : écrire un dictionnaire, une ligne par action, par exemple 1: "oui non oui oui non".')
    given = {rank: answers.get(rank, ...) for rank in drawn["rang"]}
    if all(_blank(text) for text in given.values()):
        require(...)
    lacking = [str(rank) for rank, text in given.items() if _blank(text)]
    if lacking:
        raise NotYet(f"Pas encore : il reste à marquer {_plural('action', lacking)} {', '.join(lacking)}.")
    replies, mistaken = {}, []
    for rank, code in zip(drawn["rang"], drawn["code_action"], strict=True):
        try:
            replies[code] = read_reply(given[rank], tree, reading)
        except NotYet as mistake:
            mistaken.append(f"action {rank}, {mistake}")
    if mistaken:
        more = f" Et {len(mistaken) - _TOLD} autre(s)." if len(mistaken) > _TOLD else ""
        raise NotYet(f"Pas encore : {' ; '.join(mistaken[:_TOLD])}.{more}")
    return frame_replies(replies, YOU)


def _read_line(name: str, line: Any, drawn: pd.DataFrame, tree: Tree, reading: Reading) -> pd.DataFrame:
    """A neighbour's dictated line as rows. NotYet where it has not a group for each action, or leaves the tree."""
    groups = line.split() if isinstance(line, str) else []
    if len(groups) != len(drawn):
        raise NotYet(
            f"Pas encore : la ligne de {name} a {len(groups)} groupe(s) de lettres pour {len(drawn)} actions. Un "
            f"groupe par action, séparés par une espace ; « {NOTHING} » pour une action laissée de côté."
        )
    replies = {}
    for rank, code, letters in zip(drawn["rang"], drawn["code_action"], groups, strict=True):
        if letters == NOTHING:
            continue
        try:
            replies[code] = read_reply(spell(letters), tree, reading, reasoned=False)
        except NotYet as mistake:
            raise NotYet(f"Pas encore : {name}, action {rank}, {mistake}.") from None
    return frame_replies(replies, name)


def _tell_neighbours(compared: pd.DataFrame, neighbours: int) -> str:
    """Where the table agrees, and the question to settle first; no coefficient of so few actions, and why."""
    marker, questions = compared.iloc[0], compared.iloc[1:]
    same = int(marker["nb_actions"] - marker["nb_desaccords"])
    most = int(questions["nb_desaccords"].max())
    worst = [f"« {one.lower()} »" for one in questions.loc[questions["nb_desaccords"] == most, "question"]]
    told = (
        f"Vous et {count(neighbours, 'voisin·e', 'voisin·es')} donnez le même marqueur à {count(same, 'action')} sur "
        f"{marker['nb_actions']}. "
    )
    if most:
        told += f"Ce qui vous divise le plus : {', '.join(worst)}. Relisez ces questions ensemble. "
    return told + "Aucun coefficient : sur si peu d'actions, une seule réponse le ferait basculer."


def _rate(rows: pd.DataFrame, rater: str, tree: Tree, reading: Reading) -> pd.DataFrame:
    return gender.first_ratings(rows.assign(code_instructeur=rater), tree, reading)


def _demand(drawn: pd.DataFrame) -> None:
    if drawn.empty:
        raise NotYet("Exercice sans objet : ce contrat n'a aucune action à marquer.")


def _blank(text: Any) -> bool:
    return text is ... or text is None or (isinstance(text, str) and not text.strip())


def _plural(word: str, items: list[str]) -> str:
    return f"l'{word}" if len(items) == 1 else f"les {word}s"


def _fictional(drawn: pd.DataFrame) -> str:
    return " (données fictives de démonstration)" if drawn["est_fictif"].fillna(False).any() else ""
