"""What the form says, as HTML: the question, the path, the outcome in words. Whatever comes from data is text."""

from html import escape

from pipelines.forms.interview import Interview, Step
from pipelines.indicators.gender import FLAG_LABELS
from pipelines.indicators.gender.rating import NOT_RATED

REMINDER = (
    "Le marqueur ne pénalise pas : il sert à suivre et à accompagner. Un 2 n'est pas meilleur qu'un 1 : il dit autre "
    "chose."
)
UNDECIDED = (
    "Les réponses laissent plusieurs issues possibles. Non examiné ne veut pas dire 0. Ces réponses peuvent être "
    "enregistrées telles quelles."
)
REASON_ASKED = "Motif de la réponse"
HOW_TO_WRITE = "Écrire pourquoi, en une phrase, sans nom ni coordonnées de personne."
QUESTION = "ose-question"


def ask(interview: Interview, step: Step) -> str:
    """The place of a question, the question, and the path that led to it."""
    rank, among = step.rang
    place = f"Critère {rank} sur {among}" if among else f"Question {len(interview.replies) + 1}"
    optional = ", facultatif : il ne change pas le marqueur" if step.facultatif else ""
    writing = step.genre == "motif"
    return "".join(
        [
            paragraph(REASON_ASKED if writing else f"{place}{optional}"),
            paragraph(step.texte, QUESTION),
            paragraph(HOW_TO_WRITE) if writing else "",
            paragraph(f"Chemin : {interview.path}.") if interview.path else "",
        ]
    )


def conclude(interview: Interview) -> str:
    """The outcome, what the scale says of it, the path, and what a rater must not read in it."""
    mark = interview.mark
    outcome = "Non examiné" if mark.marqueur is None else f"Marqueur {mark.marqueur}"
    meaning = UNDECIDED if mark.marqueur is None else f"{interview.tree.echelle[mark.marqueur]}."
    flags = [FLAG_LABELS[flag].lower() for flag in mark.drapeaux if flag != NOT_RATED]
    told = [
        meaning,
        f"Chemin : {interview.path}.",
        f"Critères : {' ; '.join(interview.noted)}." if interview.noted else "",
        f"À savoir : {', '.join(flags)}." if flags else "",
        REMINDER,
    ]
    return paragraph(outcome, QUESTION) + "".join(paragraph(line) for line in told if line)


def paragraph(text: str, name: str = "") -> str:
    """Text as a paragraph, of a class where it is named."""
    return f'<p class="{name}">{escape(text)}</p>' if name else f"<p>{escape(text)}</p>"
