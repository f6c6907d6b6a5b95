"""Part 5, writing a finding: the strength of what founds it, the words that this strength allows, what it must say."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipelines import numbers
from pipelines.indicators import monitoring
from pipelines.tables import GRANTED, STRENGTH_LABELS
from pipelines.training.feedback import NotYet, Right, check_answer, require
from pipelines.training.sentence import Facts, find_overclaims, names_limit, review

CANNOT = "on ne peut pas"
DESCRIPTION = 2
_VERBS = {
    1: ("une personne ou quelques-unes le rapportent", "« des acteurs signalent », « une habitante raconte »"),
    2: ("un compte, avec son dénominateur, sa source et son année", "« on observe », « on compte », « tant sur tant »"),
    3: ("deux valeurs comparables, et un intervalle", "« l'écart s'est réduit, au-delà de l'incertitude »"),
    4: ("chaque lien examiné, les autres explications pesées", "« a contribué à »"),
}  # fmt: skip
# Invented findings: what is said, what it stands on, and what that holds: all counted, two values that may be compared,
# an interval, every link examined.
_GIVEN = (
    ("Deux habitantes racontent que l'atelier leur a donné envie de se former.",
     "un échange avec deux personnes, en fin d'atelier", False, False, False, False),
    ("La plupart des actions financées de l'année ont rendu leur bilan.",
     "le registre complet de la programmation de l'année", True, False, False, False),
    ("Le taux d'emploi du quartier est inférieur à celui de l'agglomération.",
     "même source, même millésime ; l'intervalle du quartier ne contient pas la valeur de l'agglomération",
     True, True, True, False),
    ("Le taux d'emploi de ce quartier est inférieur à celui du quartier voisin.",
     "même source, même millésime ; effectifs inconnus, donc aucun intervalle", True, True, False, False),
    ("Les ateliers ont contribué au retour à l'emploi des participantes.",
     "deux groupes comparés, avec leur intervalle ; chaque lien de la chaîne examiné, les autres explications pesées",
     True, True, True, True),
)  # fmt: skip
_FLAGS = ["est_compte", "est_compare", "est_encadre", "est_examine"]


def list_strengths() -> pd.DataFrame:
    """The four strengths: force, preuve (its name), fondement (what it takes), mots_permis."""
    rows = [(force, STRENGTH_LABELS[force], *_VERBS[force]) for force in STRENGTH_LABELS]
    return pd.DataFrame(rows, columns=["force", "nom_force", "fondement", "mots_permis"])


def list_findings() -> pd.DataFrame:
    """Five invented findings: lettre, constat, fondement, then whether it is counted, compared, bounded, examined."""
    table = pd.DataFrame(_GIVEN, columns=["constat", "fondement", *_FLAGS])
    return table.assign(lettre=list("ABCDE"))[["lettre", "constat", "fondement", *_FLAGS]]


def judge_strength(findings: pd.DataFrame) -> pd.Series:
    """The strength of each finding, 1 to 4, from what founds it: each degree needs all that the lower ones need."""
    return 1 + findings[_FLAGS].assign(
        est_encadre=findings["est_compare"] & findings["est_encadre"], est_compare=True
    ).cumprod(axis=1).drop(columns="est_compare").sum(axis=1).astype(int)


def check_strengths(answers: Any, findings: pd.DataFrame) -> Right:
    """Does the answer give the strength of each finding, in their order?"""
    require(answers)
    if not isinstance(answers, list | tuple) or len(answers) != len(findings):
        raise NotYet(f"Pas encore : il faut une liste de {len(findings)} nombres de 1 à 4, dans l'ordre des lettres.")
    require(*answers)
    for answer, expected, line in zip(answers, judge_strength(findings), findings.itertuples(), strict=True):
        check_answer(
            answer,
            expected,
            mistakes=_strength_mistakes(expected, line),
            otherwise=f"constat {line.lettre}, la force est un nombre de 1 à 4.",
            right="",
        )
    return Right(
        "La force vient de ce qui fonde le constat, jamais de l'assurance mise à le dire. Une comparaison sans "
        "intervalle reste une description, et « a contribué à » demande d'avoir pesé les autres explications."
    )


def _strength_mistakes(expected: int, line: Any) -> list[tuple[int, str]]:
    """What each other strength would mistake for one finding."""
    above = {
        1: "rien n'est compté : quelques personnes parlent pour elles, et c'est déjà précieux.",
        2: "il n'y a pas d'intervalle : la différence peut n'être que du hasard."
        if line.est_compare
        else "un compte complet ne compare rien : il décrit.",
        3: "l'écart est établi, mais rien n'a été examiné de ce qui l'explique.",
    }
    below = {
        2: "c'est plus qu'un récit : tout a été compté.",
        3: "c'est plus qu'une description : deux valeurs comparables, et un intervalle.",
        4: "relire ce qui le fonde : les liens ont été examinés et les autres explications pesées.",
    }
    where = f"constat {line.lettre}, "
    return [
        (force, where + (above if force > expected else below)[expected])
        for force in STRENGTH_LABELS
        if force != expected
    ]


def describe_orientations(actions: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Decided applications by orientation: orientation, nb_financees, nb_tranches, taux_acceptation; total last.

    `actions` of one year, with their amounts and the column orientation. No rate of fewer than `smallest` decisions.
    """
    table = monitoring.monitor_by(actions, "orientation", base_minimale=smallest)
    table["nb_tranches"] = table["nb_financees"] + table["nb_refusees"]
    return table[["orientation", "nb_financees", "nb_tranches", "taux_acceptation"]]


def take_facts(table: pd.DataFrame, annee: int, orientation: str = "") -> Facts:
    """The facts of one row of `describe_orientations`: of an orientation, or of the one with most decisions."""
    parts = table[table["orientation"] != monitoring.TOTAL]
    rows = parts.sort_values("nb_tranches", ascending=False, kind="stable") if len(parts) else table
    row = (table[table["orientation"] == orientation] if orientation else rows).iloc[0]
    rate = None if pd.isna(row["taux_acceptation"]) else float(row["taux_acceptation"])
    return Facts(str(row["orientation"]), int(row["nb_financees"]), int(row["nb_tranches"]), rate, annee)


def write_abusive(facts: Facts) -> str:
    """A sentence that says too much of a row, as one reads too often."""
    rate = "la plupart" if facts.rate is None else numbers.format_percent(facts.rate, 0)
    return f"Grâce au contrat de ville, {rate} des projets réussissent, un succès en hausse."


def list_overclaims(sentence: str) -> pd.DataFrame:
    """The words of a sentence that a description does not allow: mot, motif."""
    return pd.DataFrame(find_overclaims(sentence, DESCRIPTION), columns=["mot", "motif"])


def write_description(facts: Facts) -> str:
    """A sentence that says what a row says, and no more."""
    rate = "" if facts.rate is None else f", soit {facts.shown}"
    funded = numbers.count(facts.part, "action a été financée", "actions ont été financées")
    decided = numbers.count(facts.whole, "dossier tranché", "dossiers tranchés")
    return f"D'après la programmation {facts.annee}, {funded} sur {decided}{rate}."


def check_rewriting(answer: Any, facts: Facts) -> Right:
    """Does the sentence say what the row says, with value, unit, denominator, year, source, and no word too many?"""
    _require_sentence(answer)
    _refuse(review(answer, facts, DESCRIPTION))
    return Right(
        "Votre phrase donne le chiffre tel qu'il est affiché, ce dont il est fait, son année et sa source, sans rien "
        "affirmer de plus. Un lecteur en désaccord peut la vérifier : c'est ce qui la rend utile."
    )


def check_finding(finding: Any, force: Any, limits: Any, table: pd.DataFrame, annee: int) -> Right:
    """Is the learner's own finding right: a row of the table, at the strength that the table has, with its limits?"""
    require(finding, force, limits)
    _require_sentence(finding)
    facts = [take_facts(table, annee, name) for name in table["orientation"]]
    _refuse(min((review(finding, one, DESCRIPTION) for one in facts), key=len))
    check_answer(
        force,
        DESCRIPTION,
        mistakes=[
            (1, "le tableau compte tous les dossiers tranchés : c'est plus qu'un signalement."),
            (3, "aucun intervalle, aucune comparaison examinée : comparer demanderait davantage."),
            (4, "rien ici n'examine une cause."),
        ],
        otherwise="la force est un nombre de 1 à 4.",
        right="",
    )
    if not isinstance(limits, str) or not names_limit(limits):
        raise NotYet("Pas encore : la limite doit dire ce que le chiffre ne dit pas (« ne dit pas si… », « sans… »).")
    _refuse(
        [
            f"dans la limite, le mot « {word} » est de trop, car {why}."
            for word, why in find_overclaims(limits, DESCRIPTION)
            if "cause" in why
        ]
    )
    return Right(
        "Un chiffre vérifiable, une force annoncée, une limite écrite par vous plutôt que par un contradicteur : ce "
        "constat peut entrer dans un rapport."
    )


def count_planned(actions: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.DataFrame:
    """Persons planned by the granted actions: nb_actions (that state them), nb_personnes_prevues (missing: none does).

    Whoever is planned by two actions is counted twice.
    """
    granted = actions.loc[actions["statut"].isin(GRANTED), "code_action"]
    own = beneficiaries[
        beneficiaries["code_action"].isin(granted)
        & beneficiaries["moment"].eq("prevu")
        & beneficiaries["dimension"].eq("sexe")
    ].dropna(subset="nb_personnes")
    people = own["nb_personnes"].sum(min_count=1) if len(own) else pd.NA
    return pd.DataFrame(
        {"nb_actions": [own["code_action"].nunique()], "nb_personnes_prevues": pd.array([people], dtype="Int64")}
    )


def check_reached(answer: Any, planned: pd.DataFrame) -> Right:
    """Is it refused to say how many persons were reached, from a table that says how many were planned?"""
    people = planned["nb_personnes_prevues"].iloc[0]
    mistakes: Sequence[tuple[Any, str]] = [] if pd.isna(people) else [
        (int(people), "c'est le nombre de personnes prévues, écrit dans les demandes avant que rien ait lieu."),
    ]  # fmt: skip
    return check_answer(
        answer,
        CANNOT,
        mistakes=[*mistakes, (int(planned["nb_actions"].iloc[0]), "c'est un nombre d'actions, et non de personnes.")],
        otherwise=f"relire le titre de la colonne. Si le tableau ne le dit pas, écrire « {CANNOT} » entre guillemets.",
        right="Prévu n'est pas touché. Et même le nombre prévu n'est pas un nombre d'habitants : qui vient à deux "
        "actions y est compté deux fois.",
    )


def _require_sentence(answer: Any) -> None:
    require(answer)
    if not isinstance(answer, str) or len(answer.split()) < 5:
        raise NotYet("Pas encore : la réponse est une phrase entière, entre guillemets.")


def _refuse(remarks: Sequence[str]) -> None:
    """NotYet with the first remarks, and how many are left."""
    if remarks:
        more = f" (encore {numbers.count(len(remarks) - 2, 'point')} ensuite)" if len(remarks) > 2 else ""
        raise NotYet(f"Pas encore : {' De plus, '.join(remarks[:2])}{more}")
