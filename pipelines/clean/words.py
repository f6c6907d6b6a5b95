"""Words of files → words of a vocabulary: spellings folded, synonyms known, what nobody knows left as it is."""

import re
import unicodedata

import pandas as pd

from pipelines.clean.distinct import once

# What ASCII has no decomposition for: typographic apostrophes and dashes, ligatures.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})


def fold(text: pd.Series) -> pd.Series:
    """Spelling reduced for look-up: lower case, no accents, single spaces, plain apostrophes and dashes."""
    (folded,) = once(text, lambda distinct: (distinct.map(fold_one).astype("str"),))
    return folded


def fold_one(text: str) -> str:
    """`fold` of one text."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN)).encode("ascii", "ignore").decode()
    return re.sub(r"[\s_-]+", " ", plain or text).strip().lower()


def column_of(text: pd.DataFrame, name: str) -> pd.Series:
    """A column as text, "" where blank or not read at all."""
    return text[name].fillna("") if name in text else pd.Series("", index=text.index, dtype="str")


def to_vocabulary(labels: pd.Series, vocabulary: tuple[str, ...], synonyms: dict[str, str]) -> pd.Series:
    """Labels as words of a vocabulary, by themselves or by folded synonym; a label unknown to both stays."""
    known = {word.replace("_", " "): word for word in vocabulary} | synonyms
    return fold(labels).map(known).fillna(labels).astype("str")


def codes_by_name(territories: pd.DataFrame, aliases: pd.DataFrame) -> pd.Series:
    """Territory code by folded code, alias or name; a name that stands for several territories resolves to none."""
    own = territories[~territories["type_territoire"].isin(["qpv"]) | (territories["geographie"] == "QPV2015")]
    pairs = pd.concat(
        [
            pd.DataFrame({"nom": territories["code_territoire"], "code": territories["code_territoire"]}),
            pd.DataFrame({"nom": own["nom_territoire"], "code": own["code_territoire"]}),
            pd.DataFrame({"nom": aliases["alias"], "code": aliases["code_territoire"]}),
        ]
    )
    pairs = pairs.assign(nom=fold(pairs["nom"])).drop_duplicates()
    return pairs[~pairs["nom"].duplicated(keep=False)].set_index("nom")["code"]
