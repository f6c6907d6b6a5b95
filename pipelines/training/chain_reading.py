"""The chain that a learner writes as two small lists, read into the tables of a logic model."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.tables import LOGIC_LEVEL_LABELS
from pipelines.training.feedback import NotYet

_WORDS = ("ce qui est fait", "ce qui s'ensuit", "ce que cela change", "à quoi tout cela sert")
NODE_FORM = '("r1", "realisation", "libellé")'
LINK_FORM = '("r1", "R1", "ce qui doit être vrai")'


def read_chain(nodes: Any, links: Any, indicators: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The chain as nodes and links of a logic model, each link a hypothesis that nobody examined.

    `nodes`: (code, niveau, libellé); `links`: (de, vers, hypothèse, "" where it is not written); `indicators`: code of
    a node → what measures it. NotYet, with what to write, where the lists are not of this form.
    """
    boxes = [_three(one, "noeuds", NODE_FORM) for one in _list(nodes, "noeuds", NODE_FORM)]
    arrows = [_three(one, "liens", LINK_FORM) for one in _list(links, "liens", LINK_FORM)]
    if not isinstance(indicators, Mapping):
        raise NotYet('Pas encore : « indicateurs » s\'écrit entre accolades, par exemple {"R1": "Part des …"}.')
    codes = [code for code, _, _ in boxes]
    for code in codes:
        if codes.count(code) > 1:
            raise NotYet(f"Pas encore : deux boîtes portent le code « {code} ». À chacune le sien.")
    for code in [*(end for arrow in arrows for end in arrow[:2]), *map(str, indicators)]:
        if code not in codes:
            raise NotYet(
                f"Pas encore : « {code} » n'est le code d'aucune boîte. Majuscules et minuscules comptent : R1 n'est "
                "pas r1."
            )
    for first, second in (arrow[:2] for arrow in arrows):
        if first == second:
            raise NotYet(
                f"Pas encore : le lien de {first} à {first} ne mène nulle part. Un lien va d'une boîte à une autre."
            )
        if [arrow[:2] for arrow in arrows].count((first, second)) > 1:
            raise NotYet(f"Pas encore : le lien de {first} à {second} est écrit deux fois.")
    told = {str(code): str(text).strip() for code, text in indicators.items() if str(text).strip()}
    frame = pd.DataFrame(boxes, columns=["code_noeud", "niveau", "libelle_noeud"])
    frame["niveau"] = [_level(word) for word in frame["niveau"]]
    measured = frame["code_noeud"].isin(list(told))
    frame = frame.assign(
        rang=range(1, len(frame) + 1),
        est_perdu=False,
        libelle_indicateur=frame["code_noeud"].map(told),
        nb_indicateurs=measured.astype("Int64"),
        etat=measured.map({True: "non_mesure", False: "sans_indicateur"}),
    )
    drawn = pd.DataFrame(arrows, columns=["code_source", "code_cible", "supposition"])
    drawn["supposition"] = drawn["supposition"].mask(drawn["supposition"] == "")
    fixed = {"statut": "hypothese", "verdict": "non_examine", "est_saut_declare": False}
    empty = dict.fromkeys(("preuve_pour", "preuve_contre", "autres_facteurs"), pd.NA)
    return frame, drawn.assign(**fixed, **empty)


def _list(given: Any, name: str, form: str) -> list[Any]:
    if not isinstance(given, list | tuple) or not given:
        raise NotYet(f"Pas encore : « {name} » est une liste entre crochets, dont chaque élément s'écrit {form}.")
    # One line alone, written without the brackets of the list.
    return [given] if all(isinstance(one, str) for one in given) else list(given)


def _three(given: Any, name: str, form: str) -> tuple[str, str, str]:
    """The three texts of a line; a link may leave out its hypothesis."""
    parts = [str(one).strip() for one in given] if isinstance(given, list | tuple) else []
    if len(parts) == 2 and name == "liens":
        parts.append("")
    if len(parts) != 3 or not parts[0] or not parts[1] or "Ellipsis" in parts:
        raise NotYet(f"Pas encore : dans « {name} », chaque élément s'écrit {form}, trois textes entre guillemets.")
    return parts[0], parts[1], parts[2]


def _level(word: str) -> str:
    """The level that a word means, with or without accents, as it is coded or as it is called."""
    known = {_bare(name): code for code, label in LOGIC_LEVEL_LABELS.items() for name in (code, label)}
    if _bare(word) not in known:
        told = " ; ".join(f"« {code} », {what}" for code, what in zip(LOGIC_LEVEL_LABELS, _WORDS, strict=True))
        raise NotYet(f"Pas encore : « {word} » n'est pas un niveau. Les quatre : {told}.")
    return known[_bare(word)]


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return " ".join(plain.replace("_", " ").split())
