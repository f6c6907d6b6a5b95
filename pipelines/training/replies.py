"""The short way to write what one person answers of an action: « oui non oui oui non », in the order the tree asks.

A line of letters says the same of ten actions, short enough to be dictated: « onoon nno … »; « - » for none.
"""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.forms.interview import Interview
from pipelines.indicators.gender import FIELDS, REASON, Reading, Tree
from pipelines.training.feedback import NotYet

# What may be answered, and its letter in a dictated line.
WORDS: dict[str, bool | None] = {"oui": True, "non": False, "?": None}
LETTERS = {"o": "oui", "n": "non", "?": "?"}
NOTHING = "-"
_REASON = re.compile(r"\(([^)]*)\)\s*$")


def read_reply(text: Any, tree: Tree, reading: Reading, *, reasoned: bool = True) -> Interview:
    """What a person answers of one action, followed along the tree to its end. NotYet where the tree cannot follow.

    `text`: words of `WORDS`, then in parentheses the reason where the tree asks for one; `reasoned`: it is demanded.
    """
    if not isinstance(text, str):
        raise NotYet("c'est un marqueur ou un nombre : écrire les réponses, l'arbre en tire le marqueur")
    reason = _REASON.search(text)
    words = _REASON.sub("", text).replace(",", " ").lower().split()
    unknown = [word for word in words if word not in WORDS]
    if unknown:
        raise NotYet(f"« {unknown[0]} » n'est pas une réponse : oui, non ou ?")
    interview = Interview(tree, reading)
    while (step := interview.step) is not None:
        if step.genre == "motif":
            told = reason[1].strip() if reason else ""
            if reasoned and not told:
                raise NotYet("l'arbre demande un motif écrit, entre parenthèses à la fin")
            interview = interview.answer(told or None)
        elif words:
            interview = interview.answer(WORDS[words.pop(0)])
        elif step.facultatif:
            interview = interview.pass_over()
        else:
            raise NotYet(f"il manque une réponse, l'arbre demande encore : « {step.texte} »")
    if words:
        raise NotYet(f"{len(words)} réponse(s) de trop, l'arbre s'arrête après « {interview.path} »")
    return interview


def frame_replies(replies: Mapping[str, Interview], rater: str) -> pd.DataFrame:
    """What a person answers as rows of `notations_marqueur`: code_action, code_instructeur, tour, FIELDS, REASON."""
    rows = [
        {"code_action": code, **{name: one.said.get(name) for name in FIELDS}, REASON: one.said.get(REASON)}
        for code, one in replies.items()
    ]
    out = pd.DataFrame(rows, columns=["code_action", *FIELDS, REASON])
    out.insert(1, "code_instructeur", rater)
    out.insert(2, "tour", 1)
    return out.astype(
        dict.fromkeys(FIELDS, "boolean") | dict.fromkeys(["code_action", "code_instructeur", REASON], "str")
    )


def write_reply(row: Mapping[str, Any], tree: Tree, reading: Reading) -> str:
    """The words that say the answers of one row, in the order in which the tree asks them, and the reason."""
    interview, words = Interview(tree, reading), []
    reason = row[REASON]
    while (step := interview.step) is not None:
        if step.genre == "motif":
            interview = interview.answer(None if pd.isna(reason) else str(reason))
            continue
        said = row[step.champ]
        if step.facultatif and pd.isna(said):
            interview = interview.pass_over()
            continue
        answer = None if pd.isna(said) else bool(said)
        words.append(next(word for word, value in WORDS.items() if value is answer))
        interview = interview.answer(answer)
    told = (
        ""
        if REASON not in interview.said or pd.isna(reason)
        else f" ({str(reason).replace('(', '[').replace(')', ']')})"
    )
    return " ".join(words) + told


def dictate(text: str | None) -> str:
    """One action's words as letters, without the reason: « oui non oui » → « ono »; « - » where there are none."""
    letters = {word: letter for letter, word in LETTERS.items()}
    return "".join(letters[word] for word in _REASON.sub("", text).split()) if text else NOTHING


def spell(letters: str) -> str:
    """The words of one action's letters; NotYet where a letter is none of `LETTERS`."""
    unknown = [letter for letter in letters.lower() if letter not in LETTERS]
    if unknown:
        raise NotYet(f"« {unknown[0]} » n'est pas une lettre attendue : o, n ou ?")
    return " ".join(LETTERS[letter] for letter in letters.lower())
