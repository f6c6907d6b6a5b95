"""Acronyms in what readers see: which are used, and what they stand for."""

import re
from collections.abc import Iterable

import pandas as pd

# A developed form in brackets says that nobody wrote it.
_UNWRITTEN = "("


def find_acronyms(acronyms: pd.DataFrame, texts: Iterable[str]) -> pd.DataFrame:
    """The acronyms that some texts use, in alphabetical order: sigle, developpe; all meanings of one with several.

    `acronyms`: the table `sigles`. An acronym is a whole word, in its own capitals; « A / B » is either.
    """
    said = "\n".join(texts)
    used = [any(_word(form).search(said) for form in str(name).split(" / ")) for name in acronyms["sigle"]]
    out = acronyms.loc[pd.Series(used, index=acronyms.index, dtype=bool), ["sigle", "developpe"]]
    return out.sort_values(["sigle", "developpe"], kind="stable").reset_index(drop=True)


def spell_out(texts: pd.Series, acronyms: pd.DataFrame) -> pd.Series:
    """The texts with each acronym followed, where it first comes, by what it stands for, in brackets.

    One with several meanings, or whose meaning nobody wrote, stays as it is: the glossary tells what is known.
    """
    known = acronyms[~acronyms["developpe"].str.startswith(_UNWRITTEN)].drop_duplicates("sigle", keep=False)
    left = {
        form: full for name, full in zip(known["sigle"], known["developpe"], strict=True) for form in name.split(" / ")
    }
    out = []
    for text in texts:
        told = str(text)
        for form in [form for form in left if _word(form).search(told)]:
            full = left.pop(form)
            # What stands for the acronym may hold another: it is not read again.
            told = _word(form).sub(lambda found, full=full: f"{found[0]} ({full[0].lower()}{full[1:]})", told, count=1)
        out.append(told)
    return pd.Series(out, index=texts.index, dtype="str")


def _word(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(form)}(?![\w+])")
