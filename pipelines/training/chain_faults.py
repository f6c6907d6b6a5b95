"""What is missing in the chain that a learner wrote: in its graph, as every model is examined, and in its words."""

import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from pipelines.indicators import logic_model
from pipelines.tables import LOGIC_LEVEL_LABELS, LOGIC_LEVELS

# What every new model has, and what no first chain is asked for.
_LATER = ("Chemins rompus", "Sans indicateur")
# First words that end as an infinitive and are none.
_NOUNS = (
    "atelier", "cahier", "chantier", "dossier", "foyer", "loisir", "metier", "plaisir", "avenir", "savoir", "pouvoir",
    "quartier", "premier", "dernier", "particulier", "papier", "senior", "entre", "notre", "votre", "autre", "quatre",
    "centre", "theatre", "lettre", "nombre", "libre", "repertoire", "territoire", "membre", "maire", "moindre",
)  # fmt: skip
_INFINITIVE = re.compile(r"(?:ne pas |se |s')?(\w+(?:er|ir|re))\b")
_ACTIVITY = re.compile(
    r"(?:(?:la |le |les |l'|des |un |une )?(?:mise en (?:place|oeuvre)|organisation|animation|realisation|tenue|"
    r"creation|accompagnement|distribution|formation) d|"
    r"(?:\d+ |des |les )?(?:ateliers?|seances?|reunions?|cours|sorties)\b)"
)
_ATTENDANCE = re.compile(
    r"(?:\d+|\w+) (?:personnes|participants|participantes|habitants|habitantes|jeunes|familles|beneficiaires) "
    r"(?:sont venu|ont particip|ont ete accueilli|sont inscrit|accueilli|inscrit|present)"
)
_CHANGE = re.compile(
    r"\b(?:gagne|ameliore|augmente|renforce|progresse|trouve|retrouve|diminue|recule)(?:nt)?\b|"
    r"\b(?:sont|est) plus\b"
)
_PLANNED = re.compile(r"\b(?:prevue?s?|prevoi(?:t|ent)|seront|sera|visee?s?)\b")


def find_faults(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """What to mend in a chain of `read_chain`, the gravest first: constat, ou, explication, que_faire."""
    seen = logic_model.find_weaknesses(nodes, links)
    # Only who keeps a model declares a skip.
    seen["explication"] = seen["explication"].str.replace(" Le saut n'est pas déclaré.", "", regex=False)
    own = [*_levels(nodes), *_words(nodes), *_unsaid(links), *_unmeasured(nodes)]
    return pd.concat([seen[~seen["constat"].isin(_LATER)], pd.DataFrame(own, columns=seen.columns)], ignore_index=True)


Fault = tuple[str, str, str, str]


def _levels(nodes: pd.DataFrame) -> Iterator[Fault]:
    for level in LOGIC_LEVELS:
        if level not in set(nodes["niveau"]):
            yield (
                "Niveau absent", LOGIC_LEVEL_LABELS[level].lower(), "Aucune boîte n'est à ce niveau.",
                "En écrire une, ou revoir le niveau d'une autre.",
            )  # fmt: skip


def _words(nodes: pd.DataFrame) -> Iterator[Fault]:
    for code, level, label in nodes[["code_noeud", "niveau", "libelle_noeud"]].itertuples(index=False):
        plain = _bare(label)
        if len(plain.split()) < 3:
            yield (
                "Libellé trop court", code, "On ne sait ni qui est concerné, ni ce qui se passe.",
                "Écrire une phrase : qui, fait ou devient quoi.",
            )  # fmt: skip
        if level == "realisation":
            if _CHANGE.search(plain):
                yield (
                    "Réalisation dite comme un résultat", code, "Le libellé dit un changement, pas ce que vous faites.",
                    "Écrire ce que l'action fait, et le changement dans une boîte de résultat.",
                )  # fmt: skip
            continue
        word = _activity(plain)
        if word:
            yield (
                "Résultat dit comme une activité", code, f"« {label.split()[0]} » dit ce que vous faites.",
                "Écrire ce qui change, et pour qui : « les participants savent, font, obtiennent… ».",
            )  # fmt: skip
        elif _ATTENDANCE.match(plain):
            yield (
                "Présence prise pour un résultat", code, "Compter les présents dit que l'action a eu lieu.",
                "Écrire ce que ces personnes font ensuite, qu'elles ne faisaient pas.",
            )  # fmt: skip
        if _PLANNED.search(plain):
            yield (
                "Prévu pris pour atteint", code, "Ce qui est prévu est une cible, à garder dans l'indicateur.",
                "Écrire le changement au présent.",
            )  # fmt: skip


def _activity(plain: str) -> bool:
    """Does the label begin as an activity does: an infinitive, or the name of what is organised?"""
    found = _INFINITIVE.match(plain)
    return bool(found and found[1].rstrip("s") not in _NOUNS) or bool(_ACTIVITY.match(plain))


def _unsaid(links: pd.DataFrame) -> Iterator[Fault]:
    for source, target, text in links[["code_source", "code_cible", "supposition"]].itertuples(index=False):
        if pd.isna(text) or len(str(text).split()) < 3:
            yield (
                "Lien sans hypothèse", f"{source} → {target}", "Rien ne dit ce qui doit être vrai pour qu'il tienne.",
                "Écrire la condition, celle qui vous inquiète le plus.",
            )  # fmt: skip


def _unmeasured(nodes: pd.DataFrame) -> Iterator[Fault]:
    results = nodes[nodes["niveau"] == "resultat_attendu"]
    if len(results) and not (results["nb_indicateurs"] > 0).any():
        yield (
            "Aucun résultat mesurable", ", ".join(results["code_noeud"]), "Aucun résultat n'a d'indicateur.",
            "Pour l'un d'eux, dire ce que vous compterez, et sur combien.",
        )  # fmt: skip


def _bare(text: str) -> str:
    """The text in small letters without accents."""
    return unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode().casefold().strip()
