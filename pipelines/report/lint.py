"""What a sentence may say: its digits come from values, and its words claim no more than the evidence allows.

Strength of evidence (domain brief, section 9): 1 a report by someone, 2 a description, 3 a comparison with its interval
and its breaks handled, 4 a contribution examined link by link, or a causal design passed. « a contribué à » needs 4;
« effet », « impact de », « grâce à » need 4 by a causal design. Quotations, values and fixed terms are not claims.
"""

import re
from collections.abc import Sequence

from pipelines.errors import UsageError
from pipelines.tables import STRENGTH_LABELS
from pipelines.values import plain, without_values

DESCRIPTION, CONTRIBUTION = 2, 4
# What is called so, whatever the evidence.
FIXED_TERMS = (
    r"effets?(?: de)? levier",
    r"effets? de plan",
    r"(?:en|à cet|sans|prend(?:re)?|prises? d') ?effet",
    r"(?:diagrammes?|modèles?)(?: de)? logique d'impact",
    r"logique d'impact",
)
# Digits that are a name and count nothing: a programme, a text of law, a code, an age class, a class of the gender
# marker, the year of a geography.
NAMED_NUMBERS = (
    r"programme 147|P147",
    r"\d+ ?(?:-|–|à) ?\d+ ans",
    r"marqueurs? [012](?:(?:,| ou| et| à) [012])*",
    r"(?:loi|décret|délibération|article|mesure|axe|niveau|question|version)s?(?: n°)? ?[LRD]?[. ]?\d[\d.-]*",
    r"(?:quartiers?|prioritaires|QPV|QVA|géographie|zonage|contours?|protocole)(?: de)? (?:2015|2019|2024)",
    r"[A-Z]{1,3}\d+[A-Z]?",
    r"1er",
)
_QUOTATION = re.compile(r"«[^«»]*»|“[^”]*”")
_EFFECT = r"effets?\b|impacts? (?:de|du|des|sur)\b|impacts? d['’]|impact(?:e|ent|é|ée|és|ées)\b|gr[âa]ce (?:à|aux?)\b"
_CONTRIBUTED = r"(?:a|ont|aura|auront|avait|avaient) contribué|contribue(?:nt)? (?:à|aux?)\b"


def find_causal_words(
    text: str, *, force: int = DESCRIPTION, causal: bool = False, exempt: Sequence[str] = ()
) -> list[str]:
    """The words of a text that claim a cause which evidence of this strength does not allow, as written, in order.

    `causal`: the evidence is a causal design that passed. `exempt`: the contract's own labels, which may hold them.
    """
    refused = [] if force >= CONTRIBUTION and causal else [_EFFECT]
    refused += [] if force >= CONTRIBUTION else [_CONTRIBUTED]
    if not refused:
        return []
    said = _said(text)
    for label in exempt:
        said = re.sub(re.escape(label), " ", said, flags=re.IGNORECASE)
    for term in FIXED_TERMS:
        said = re.sub(rf"\b{term}\b", " ", said, flags=re.IGNORECASE)
    return re.findall(rf"\b(?:{'|'.join(refused)})", said, flags=re.IGNORECASE)


def find_bare_digits(text: str) -> list[str]:
    """The numbers of a sentence that come from no value: neither marked, nor quoted, nor part of a name."""
    named = rf"\b(?:{'|'.join(NAMED_NUMBERS)})\b"
    return re.findall(r"\d+(?:[\u202f.,]\d+)*", re.sub(named, " ", _said(text)))


def refuse_claims(text: str, *, force: int, causal: bool, exempt: Sequence[str]) -> None:
    """UsageError where a computed text claims a cause that its evidence does not allow."""
    words = find_causal_words(text, force=force, causal=causal, exempt=exempt)
    if words:
        raise UsageError(
            f"« {plain(text)[:80]}… » écrit « {words[0]} » : une preuve de force {force} ({STRENGTH_LABELS[force]}) ne "
            "permet pas de le dire. Décrire ce qu'on observe, ou donner à « force » ce que la preuve permet."
        )


def refuse_digits(text: str) -> None:
    """UsageError where a computed sentence holds a number that comes from no value."""
    digits = find_bare_digits(text)
    if digits:
        raise UsageError(
            f"« {plain(text)[:80]}… » écrit « {digits[0]} » hors d'une valeur : l'écrire avec format_number, count, "
            "format_percent, format_year… de pipelines.values, ou format_text pour un nom venu des données."
        )


def _said(text: str) -> str:
    return _QUOTATION.sub(" ", without_values(text).replace("\u00a0", " "))
