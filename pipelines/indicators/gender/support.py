"""Whom to support first, and on which question: an internal plan, since the marker does not penalise."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.gender.tree import Tree
from pipelines.tables import GRANTED


def choose_holders(
    actions: pd.DataFrame,
    answers: pd.DataFrame,
    tree: Tree,
    *,
    nombre: int = 10,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """The holders to support first: those of granted actions of marker 0, by euros granted, then by what is missing.

    `actions` of one year from `add_markers`; `answers`: the table reponses_marqueur. Columns: nom_porteur, nb_actions,
    montant_accorde (of these actions), nb_manques (questions answered « non », all actions), criteres_manquants (each
    with how many actions), question_a_travailler. A holder is known by its SIRET, else by its name.
    """
    zero = actions[actions["statut"].isin(granted) & (actions["marqueur"] == 0).fillna(False)]
    own = answers.set_index("code_action").reindex(zero["code_action"])
    asked = _asked(tree)
    missing = [[name for field, name in asked.items() if row[field] is False]
               for row in own[list(asked)].astype("object").to_dict("records")]  # fmt: skip
    zero = zero.assign(manques=missing, code_porteur=zero["code_siret"].fillna(zero["nom_porteur"]))
    rows = [_describe_holder(rows, tree) for _, rows in zero.groupby("code_porteur", sort=False)]
    columns = [
        "nom_porteur",
        "nb_actions",
        "montant_accorde",
        "nb_manques",
        "criteres_manquants",
        "question_a_travailler",
    ]
    out = pd.DataFrame(rows, columns=columns).astype({"montant_accorde": "Float64"})
    order = ["montant_accorde", "nb_manques", "nom_porteur"]
    out = out.sort_values(order, ascending=[False, False, True], kind="stable").head(nombre).reset_index(drop=True)
    return out.astype({"nb_actions": "Int64", "nb_manques": "Int64"})


def _asked(tree: Tree) -> dict[str, str]:
    """Answer column → label of the questions of which a « non » can be worked on: criteria, and what needs a reason."""
    criteria = {criterion.champ: criterion.libelle for criterion in tree.criteres.liste}
    return criteria | {question.champ: question.libelle for question in tree.questions if question.motif}


def _describe_holder(rows: pd.DataFrame, tree: Tree) -> tuple[object, ...]:
    counts = Counter(name for names in rows["manques"] for name in names).most_common()
    texts = {one.libelle: one.texte for one in (*tree.criteres.liste, *tree.questions)}
    return (
        rows["nom_porteur"].mode().get(0),
        len(rows),
        rows["montant_accorde"].sum(min_count=1),
        sum(number for _, number in counts),
        ", ".join(f"{name} ({number})" for name, number in counts),
        texts[counts[0][0]] if counts else "",
    )
