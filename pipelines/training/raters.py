"""The ten actions of part 3, what people who marked them alone said, and how far they agree, by question.

Nothing is computed here that `pipelines.indicators.gender` does not compute for the reports.
"""

import pandas as pd

from pipelines.indicators import gender
from pipelines.indicators.gender import Question, Reading, Tree
from pipelines.training.replies import dictate, write_reply
from pipelines.values import count, format_number, format_percent, format_text

HURRIED = "Personne pressée"
# Of few actions no coefficient is shown: the fewest draws of its interval that numpy does not warn of.
_DRAWS = 20
_NOBODY = pd.DataFrame({"code_action": pd.Series(dtype="str")})


def pick_year(actions: pd.DataFrame, ratings: pd.DataFrame, annee: int) -> int:
    """The year of the actions to mark: `annee` where several people marked some, else the last such year if any."""
    years = actions.loc[actions["code_action"].isin(_shared(ratings)), "annee"]
    return annee if years.empty or (years == annee).any() else int(years.max())


def pick_actions(actions: pd.DataFrame, ratings: pd.DataFrame, annee: int, nombre: int = 10) -> pd.DataFrame:
    """The actions to mark, by code, with their `rang`: in each orientation in turn, the first that several marked.

    `annee`: of `pick_year`. Where nobody marked any, the first actions of each orientation, whoever marked them.
    """
    own = actions[actions["annee"] == annee].sort_values("code_action", kind="stable")
    marked = own[own["code_action"].isin(_shared(ratings))]
    drawn = marked if len(marked) else own
    turn = drawn.groupby("code_orientation", dropna=False).cumcount()
    drawn = drawn.assign(tour_de_role=turn).sort_values(
        ["tour_de_role", "code_orientation", "code_action"], kind="stable"
    )
    drawn = drawn.head(nombre).sort_values("code_action", kind="stable").drop(columns="tour_de_role")
    drawn.insert(0, "rang", range(1, len(drawn) + 1))
    return drawn.reset_index(drop=True)


def describe_actions(drawn: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """What is known of each action before it is marked: rang, intitule, objectif_action, part_femmes (of planned)."""
    every = drawn.assign(libelle_marqueur="")
    measured = gender.measure_parity(every, people, granted=tuple(every["statut"].dropna().unique()))
    women = measured.set_index("code_action")["part_femmes"]
    return drawn.assign(part_femmes=drawn["code_action"].map(women))[
        ["rang", "intitule", "objectif_action", "part_femmes"]
    ]


def write_answers(answers: pd.DataFrame, drawn: pd.DataFrame, tree: Tree, reading: Reading) -> dict[int, str]:
    """By rang, the words that say the answers of one table (`reponses_marqueur`, or one person's ratings)."""
    rows = answers.set_index("code_action")
    return {
        int(rank): write_reply(rows.loc[code], tree, reading)
        for rank, code in zip(drawn["rang"], drawn["code_action"], strict=True)
        if code in rows.index
    }


def dictate_raters(ratings: pd.DataFrame, drawn: pd.DataFrame, tree: Tree, reading: Reading) -> dict[str, str]:
    """The line of each person who marked the actions alone, ten groups of letters, « - » for an action left out."""
    alone = ratings[(ratings["tour"] == 1) & ratings["code_action"].isin(drawn["code_action"])]
    lines = {}
    for rater, rows in alone.groupby("code_instructeur"):
        said = write_answers(rows, drawn, tree, reading)
        lines[str(rater)] = " ".join(dictate(said.get(rank)) for rank in drawn["rang"])
    return lines


def list_apart(rated: pd.DataFrame, consensus: pd.DataFrame, drawn: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Where people differ on the drawn actions: rang, question, reponses, suite (what the meeting settled)."""
    apart = gender.list_disagreements(_of(rated, drawn), consensus, drawn, tree)
    ranks = drawn.set_index("code_action")["rang"]
    return apart.assign(rang=apart["code_action"].map(ranks).astype("Int64"))[["rang", "question", "reponses", "suite"]]


def compare_on(rated: pd.DataFrame, drawn: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """By question, how often people agree on the drawn actions: question, nb_actions, taux_concordance, nb_desaccords.

    No coefficient: of so few actions, one more or one less would change it all. Questions that two people never both
    answered are left out.
    """
    compared = gender.compare_answers(_of(rated, drawn), _NOBODY, tree, nb_tirages=_DRAWS)
    compared = compared[compared["nb_actions"] > 0].reset_index(drop=True)
    return compared[["question", "nb_actions", "taux_concordance", "nb_desaccords"]]


def pick_hurried(rated: pd.DataFrame) -> tuple[str, bool, str] | None:
    """The question whose answers are the most alike, the answer that most give, and who marked the most actions.

    Column of the question, answer, code of the person; None where nobody marked anything, or all say the same.
    """
    shares = {name: rated[name].mean() for name in gender.FIELDS if rated[name].notna().sum() * 2 > len(rated)}
    # All the same leaves nothing to agree upon, by chance or otherwise.
    uneven = {name: share for name, share in shares.items() if 0 < share < 1}
    if not uneven:
        return None
    question = max(uneven, key=lambda name: abs(uneven[name] - 0.5))
    return question, bool(uneven[question] > 0.5), str(rated["code_instructeur"].value_counts().sort_index().idxmax())


def count_replies(rated: pd.DataFrame) -> pd.DataFrame:
    """What one person answered to the question of `pick_hurried`: reponse, nb_actions, the most frequent first."""
    picked = pick_hurried(rated)
    if picked is None:
        return pd.DataFrame(columns=["reponse", "nb_actions"])
    question, _, rater = picked
    said = rated.loc[rated["code_instructeur"] == rater, question].dropna()
    counts = said.map({True: "oui", False: "non"}).value_counts().rename_axis("reponse").rename("nb_actions")
    return counts.reset_index().astype({"nb_actions": "Int64"})


def hurry(rated: pd.DataFrame, tree: Tree, *, base_minimale: int = 1) -> pd.DataFrame:
    """One person beside a hurried one who always answers the same: question, nb_actions, taux_concordance, coefficient.

    And coefficient_bas, coefficient_haut. One row, of the question of `pick_hurried`; none where it finds nothing.
    """
    columns = ["question", "nb_actions", "taux_concordance", *gender.COEFFICIENT]
    picked = pick_hurried(rated)
    if picked is None:
        return pd.DataFrame(columns=columns)
    question, answer, rater = picked
    own = rated[(rated["code_instructeur"] == rater) & rated[question].notna()]
    same = own.assign(code_instructeur=HURRIED, **{question: answer}).astype({question: "boolean"})
    compared = gender.compare_answers(pd.concat([own, same]), _NOBODY, tree, base_minimale=base_minimale)
    return compared.loc[compared["question"] == name_question(question, tree), columns].reset_index(drop=True)


def tell_hurried(rated: pd.DataFrame, tree: Tree) -> str:
    """« à la question « objectif principal », une personne pressée répond « non » partout »: whom it is about."""
    picked = pick_hurried(rated)
    if picked is None:
        return "aucune question n'a deux réponses différentes."
    question, answer, rater = picked
    return (
        f"à la question « {format_text(name_question(question, tree).lower())} », {format_text(rater)} a lu chaque "
        f"dossier ; une personne pressée répond « {'oui' if answer else 'non'} » partout, sans lire."
    )


def tell_worth(hurried: pd.DataFrame) -> str:
    """What the agreement with a hurried person is, and what is left of it once chance is taken away."""
    if hurried.empty or hurried["coefficient"].isna().any():
        return "trop peu d'actions pour un coefficient."
    row = hurried.iloc[0]
    return (
        f"{format_percent(row['taux_concordance'], 0)} d'accord, et un coefficient de "
        f"{format_number(row['coefficient'], 2)} : une fois le hasard retranché, il ne reste rien."
    )


def tell_apart(compared: pd.DataFrame) -> str:
    """The questions that divide most, and on how many actions."""
    apart = compared[(compared["nb_desaccords"] > 0) & (compared["question"] != "Marqueur")]
    if apart.empty:
        return "aucune question ne divise."
    worst = apart[apart["nb_desaccords"] == apart["nb_desaccords"].max()]
    names = ", ".join(f"« {format_text(one.lower())} »" for one in worst["question"])
    each = "chacune " if len(worst) > 1 else ""
    return f"ce qui divise le plus : {names}, {each}{count(worst['nb_desaccords'].iloc[0], 'désaccord')}."


def list_questions(tree: Tree) -> pd.DataFrame:
    """What is asked, in order: chemin (after which answers), question, si_oui, si_non (where each answer leads)."""
    paths = _trace(tree)
    rows = [
        (paths[one.code], one.texte, _lead(tree, one.oui.vers), _lead(tree, one.non.vers)) for one in tree.questions
    ]
    criteria, needed = tree.criteres, tree.criteres.seuil
    followers = [one.libelle for one in criteria.liste[1:]]
    asked = [(paths[criteria.code], one.texte) for one in criteria.liste]
    rows += [(*told, then, then) for told, then in zip(asked, followers, strict=False)]
    ends = (f"{needed} oui : {_lead(tree, criteria.atteint)}", f"moins de {needed} : {_lead(tree, criteria.sinon)}")
    return pd.DataFrame([*rows, (*asked[-1], *ends)], columns=["chemin", "question", "si_oui", "si_non"])


def _trace(tree: Tree) -> dict[str, str]:
    """The answers that lead to each question, in words; the shortest way, in the order of the tree."""
    paths, waiting = {tree.depart: "pour commencer"}, [tree.depart]
    while waiting:
        node = tree.nodes.get(code := waiting.pop(0))
        for branch in (node.oui, node.non) if isinstance(node, Question) else ():
            if branch.vers not in paths:
                before = "" if code == tree.depart else f"{paths[code]}, "
                paths[branch.vers] = f"{before}{branch.chemin}"
                waiting.append(branch.vers)
    return paths


def name_question(field: str, tree: Tree) -> str:
    """« Objectif principal »: the label of a column of answers, as tables write it."""
    names = {one.champ: one.libelle for one in (*tree.questions, *tree.criteres.liste)}
    return f"{names[field][0].upper()}{names[field][1:]}"


def _lead(tree: Tree, code: str) -> str:
    """Where an answer leads: the label of the next question, the first criterion, or the marker."""
    if code in tree.issues:
        return f"marqueur {tree.issues[code].marqueur}"
    node = tree.nodes[code]
    return node.libelle if isinstance(node, Question) else node.liste[0].libelle


def _shared(ratings: pd.DataFrame) -> pd.Index:
    """Codes of the actions that several people marked alone."""
    raters = ratings[ratings["tour"] == 1].groupby("code_action")["code_instructeur"].nunique()
    return raters.index[raters > 1]


def _of(rated: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    return rated[rated["code_action"].isin(drawn["code_action"])]
