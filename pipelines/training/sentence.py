"""A sentence that a learner writes about one row of a table: what is missing, false, or claimed without evidence.

The words that claim a cause and the digits are found by the lint that reads the reports.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines import numbers
from pipelines.report.lint import CONTRIBUTION, find_bare_digits, find_causal_words
from pipelines.tables import STRENGTH_LABELS

COMPARISON = 3
# Words that compare or judge: what they need to be written. Stems, without accents.
_COMPARES = (
    r"(?:de)?pass(?:e|ent|ait) (?:celui|celle|ceux)|superieure?s?|inferieure?s?|plus (?:eleve|haut|bas|faible|fort)"
)
# Causes said in other words than those that the lint knows.
_CAUSES = r"(?:a|ont) (?:permis|entraine|provoque|genere)|du fait d[eu]|en raison d[eu]|parce qu"
_CHANGES = r"(?:a|ont) (?:fortement |nettement )?(?:augmente|baisse|progresse|recule|diminue)|hausses?|baisses?"
_JUDGES = r"reussi\w*|succes|efficac\w*|excellent\w*|remarquable\w*|performan\w*|mieux|echecs?|echoue\w*"
_SOURCE = r"sources?|programmations?|export\w*|registres?|tableaux?|selon|d'apres"
_LIMIT = (
    r"ne (?:dit|disent|permet|permettent|sait|montre|montrent|mesure)\b|sans|ni|hors|exclu\w*|seul\w*|inconnu\w*|"
    r"ignore\w*|pas"
)
_PERCENT = r"(?:\s|\u202f|\u00a0)*(?:%|pour ?cent)"


@dataclass(frozen=True)
class Facts:
    """What a row allows to say: part and whole (counts), rate in percent or None where it is not given, year."""

    label: str
    part: int
    whole: int
    rate: float | None
    annee: int

    @property
    def shown(self) -> str:
        """The rate as the table shows it: « 88,0 % »."""
        return numbers.format_percent(self.rate)


def review(text: str, facts: Facts, force: int) -> list[str]:
    """What is to be mended in the sentence, the gravest first: one French sentence a fault, with the word and why."""
    # The name of an orientation may hold words that a sentence may not say, and is no claim.
    for name in (facts.label, facts.label.partition(" ")[2]):
        text = text.replace(name, " ") if name else text
    return [*_claims(text, force), *_figures(text, facts), *_origin(text, facts)]


def find_overclaims(text: str, force: int) -> list[tuple[str, str]]:
    """The words that evidence of this strength does not allow, each with why."""
    told = STRENGTH_LABELS[force]
    cause = f"il affirme une cause, et une preuve de force {force} ({told}) n'en examine aucune"
    found = [(word, cause) for word in find_causal_words(text, force=force)]
    patterns = [(_CAUSES, cause)] if force < CONTRIBUTION else []
    patterns += [(_JUDGES, "il juge : un tableau compte, il ne dit pas ce qui est réussi")]
    if force < COMPARISON:
        patterns += [
            (_COMPARES, "il compare : il faudrait deux valeurs comparables, avec leur intervalle"),
            (_CHANGES, "il compare : il faudrait deux années comparables"),
        ]
    plain = _bare(text)
    return found + [
        (text[slice(*one.span())], why)
        for pattern, why in patterns
        for one in re.finditer(rf"\b(?:{pattern})\b", plain)
    ]


def _claims(text: str, force: int) -> Iterator[str]:
    for word, why in find_overclaims(text, force):
        yield f"le mot « {word} » est de trop, car {why}."


def _figures(text: str, facts: Facts) -> Iterator[str]:
    given = [_value(digits) for digits in find_bare_digits(text)]
    known = [float(facts.part), float(facts.whole), float(facts.whole - facts.part), float(facts.annee)]
    rate = None if facts.rate is None else float(numbers.rounded(facts.rate, 1))
    for value in given:
        if value not in [*known, rate]:
            shown = f"{value:g}".replace(".", ",")
            yield f"le nombre {shown} n'est pas dans cette ligne du tableau : un chiffre se recopie tel qu'il est lu."
    if rate is not None and rate not in given:
        yield "le taux manque, tel qu'il est affiché, avec sa décimale : sans lui le lecteur refait le calcul."
    if rate is not None and rate in given and not re.search(rf"\d{_PERCENT}", text):
        yield "le taux n'a pas d'unité : « % » dit que c'est une part, et non un nombre de dossiers."
    if float(facts.part) not in given or not {float(facts.whole), float(facts.whole - facts.part)} & {*given}:
        yield (
            "il manque de quoi le taux est fait : combien d'actions financées, sur combien de dossiers tranchés. Un "
            "taux sans son dénominateur cache s'il parle de trois dossiers ou de trois cents."
        )


def _origin(text: str, facts: Facts) -> Iterator[str]:
    if str(facts.annee) not in text:
        yield "l'année manque : un chiffre sans date ne peut être ni vérifié ni comparé."
    if not re.search(rf"\b(?:{_SOURCE})", _bare(text)):
        yield "la source manque : dire d'où vient le chiffre, par exemple « d'après la programmation »."


def names_limit(text: str) -> bool:
    """Does the text say something that the figure does not tell? A negation or a restriction, in four words or more."""
    return len(text.split()) >= 4 and re.search(rf"\b(?:{_LIMIT})", _bare(text)) is not None


def _value(digits: str) -> float:
    return float(digits.replace("\u202f", "").replace(",", "."))


def _bare(text: str) -> str:
    """The text in small letters without accents, character by character, so that places in it are those of the text."""
    folded = (unicodedata.normalize("NFKD", one)[0] for one in text.replace("’", "'"))
    return "".join(one if one.isascii() else " " for one in folded).lower()
