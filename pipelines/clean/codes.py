"""Identifiers → the same, checked by their own shape; a zero that a spreadsheet took away is put back where it can be.

Each parser maps a text Series to (values, reasons), as those of `cells`. A value that was mended keeps its reason too.
Digits are 0 to 9: those of other scripts are no code.
"""

import numpy as np
import pandas as pd

_BLANKS = r"[\s\u00a0\u202f\u2009.'’-]"
_DESTROYED = r"^[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+$"

Parsed = tuple[pd.Series, pd.Series]


def parse_siret(text: pd.Series) -> Parsed:
    """SIRET of 14 digits with a sound key; « 2,43E+13 » is named as destroyed by a spreadsheet."""
    digits = text.str.replace(_BLANKS, "", regex=True)
    valid = _is_siret(digits)
    reasons = pd.Series("SIRET invalide", index=text.index, dtype="str")
    reasons = reasons.mask(digits.str.match(r"^[0-9]{9}$"), "SIREN de neuf chiffres, sans numéro d'établissement")
    reasons = reasons.mask(
        digits.str.match(r"^[0-9]{13}$"), "SIRET de treize chiffres, un zéro de tête perdu peut-être"
    )
    reasons = reasons.mask(text.str.match(_DESTROYED), "SIRET détruit par un tableur")
    return digits.where(valid).astype("str"), _with_text(reasons, text).mask(valid, "").astype("str")


def parse_rna(text: pd.Series) -> Parsed:
    """RNA number of an association: W, the department (2A and 9C included) and the rest, ten characters in all."""
    code = text.str.replace(_BLANKS, "", regex=True).str.upper()
    valid = code.str.match(r"^W[0-9][0-9A-Z][0-9]{7}$")
    reasons = _with_text(pd.Series("numéro RNA invalide", index=text.index, dtype="str"), text)
    return code.where(valid).astype("str"), reasons.mask(valid, "").astype("str")


def parse_territory(text: pd.Series) -> Parsed:
    """Territory code without what a spreadsheet did to it: « 1053 » is 01053, « 59606.0 » 59606, « qp59020 » QP059020.

    A code whose loss may be mended in two ways stays as it is: one digit is a department or a region.
    """
    code = text.str.replace(r"^([0-9]+)[.,]0$", r"\1", regex=True)
    close = code.str.replace(r"\s", "", regex=True).str.upper()
    code = code.mask(close.str.match(r"^(Q[PN]\w+|[0-9]+|2[AB][0-9]+)$"), close)
    # A commune has five characters, and only those of the first nine departments begin with a zero.
    mended = code.str.replace(r"^([0-9]{4})$", r"0\1", regex=True)
    # QP or QN, department on three digits: only the zero before 01 to 95 can be missing.
    mended = mended.str.replace(r"^QP([1-9][0-9]{4})$", r"QP0\1", regex=True)
    mended = mended.str.replace(r"^QN([1-9][0-9]{3}[A-Z])$", r"QN0\1", regex=True)
    reasons = pd.Series("", index=text.index, dtype="str").mask(mended != code, "zéro de tête rétabli : " + mended)
    return mended.mask(mended == "").astype("str"), reasons.astype("str")


def _with_text(reasons: pd.Series, text: pd.Series) -> pd.Series:
    return (reasons + " « " + text.str.slice(0, 60) + " »").mask(text == "", "")


def _is_siret(digits: pd.Series) -> pd.Series:
    """14 digits whose Luhn key holds, or La Poste's own rule (SIREN 356000000: the plain sum is a multiple of 5)."""
    shaped = digits.str.match(r"^[0-9]{14}$")
    table = np.array([[int(char) for char in siret] for siret in digits[shaped]], dtype=int).reshape(-1, 14)
    doubled = table.copy()
    doubled[:, ::2] *= 2
    luhn = (doubled - 9 * (doubled > 9)).sum(axis=1) % 10 == 0
    poste = digits[shaped].str.startswith("356000000").to_numpy() & (table.sum(axis=1) % 5 == 0)
    valid = pd.Series(False, index=digits.index)
    # Fourteen zeros have a sound key, and stand where the number is not known.
    valid[shaped] = (luhn | poste) & table.any(axis=1)
    return valid
