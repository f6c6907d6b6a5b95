"""Text cells → typed values. Each parser maps a text Series to (values, reasons): a reason wherever a value is missing.

A blank cell has no reason. Marks of absence keep theirs and are never 0.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from pipelines.tables import Column

MARKS = {
    "nd": "nd", "n.d.": "nd", "n/d": "nd", "nr": "nd", "n.r.": "nd", "non disponible": "nd", "-": "nd",
    "ns": "ns", "n.s.": "ns",
    "s": "s", "secret": "s",
    "so": "so", "s.o.": "so", "sans objet": "so",
}  # fmt: skip
MARK_REASONS = {
    "nd": "non disponible (nd)",
    "ns": "non significatif (ns)",
    "s": "secret (s)",
    "so": "sans objet (so)",
}
TRUE = {"oui", "o", "x", "vrai", "true", "1"}
FALSE = {"non", "n", "faux", "false", "0"}
EXCEL_EPOCH = pd.Timestamp("1899-12-30")

Parsed = tuple[pd.Series, pd.Series]


def marks(text: pd.Series) -> pd.Series:
    """The mark of absence of each cell (nd, ns, s, so), "" elsewhere."""
    return text.str.lower().map(MARKS).fillna("").astype("str")


def _reasons(text: pd.Series, unread: pd.Series, what: str) -> pd.Series:
    """Why a value is missing: its mark, or « illisible » with the text; "" where the cell is blank or was read."""
    reason = marks(text).map(MARK_REASONS).fillna("")
    broken = unread & (text != "") & (reason == "")
    return reason.where(~broken, what + " « " + text.str.slice(0, 60) + " »").astype("str")


def parse_number(text: pd.Series) -> Parsed:
    """Float64 from « 1 234,50 € », « 12,5 k€ », « (1 200) », « 45,4 % », narrow spaces and long minus included."""
    plain = text.str.replace(r"[\s\u00a0\u202f\u2009€]|EUR|%", "", regex=True).str.replace("−", "-", regex=False)
    plain = plain.str.replace(r"^\((.+)\)$", r"-\1", regex=True)
    thousands = plain.str.match(r"^-?[\d.,]+[kK]$")
    plain = plain.str.replace(r"[kK]$", "", regex=True)
    # A point and a comma together: the last one is the decimal mark, the other separates thousands.
    plain = plain.str.replace(r"\.(?=\d{3}(?:\.\d{3})*,)", "", regex=True)
    plain = plain.str.replace(
        r"^(-?\d{1,3}(?:,\d{3})+)(\.\d+)$",
        lambda m: m[1].replace(",", "") + m[2],
        regex=True,
    )
    plain = plain.str.replace(",", ".", regex=False)
    readable = plain.str.match(r"^-?(\d+(\.\d*)?|\.\d+)$")
    values = pd.to_numeric(plain.where(readable)).astype("Float64")
    values = values.mask(thousands & readable, values * 1000)
    return values, _reasons(text, ~readable, "nombre illisible")


def parse_euros(text: pd.Series) -> Parsed:
    """Float64 as `parse_number`; « 1.500 » or « 1,500 » is refused: 1,5 and 1 500 are both plausible amounts."""
    values, reasons = parse_number(text)
    ambiguous = values.notna() & text.str.match(r"^\D*[1-9]\d{0,2}[.,]\d{3}\D*$")
    return values.mask(ambiguous), reasons.mask(ambiguous, "montant ambigu « " + text + " »").astype("str")


def parse_integer(text: pd.Series) -> Parsed:
    """Int64 from the text of a whole number; a fractional number is refused, never rounded."""
    numbers, reasons = parse_number(text)
    # Beyond 2**53 a float no longer holds every whole number, and Int64 would wrap around.
    fractional = numbers.notna() & ((numbers % 1 != 0) | (numbers.abs() > 2**53))
    reasons = reasons.mask(fractional, "nombre entier attendu « " + text + " »")
    return numbers.mask(fractional).astype("Int64"), reasons.astype("str")


def parse_date(text: pd.Series) -> Parsed:
    """datetime64 from d/m/yyyy, ISO, or an Excel serial number. An impossible day is missing, never moved."""
    french = pd.to_datetime(
        text.where(text.str.match(r"^\d{1,2}/\d{1,2}/\d{4}$")),
        format="%d/%m/%Y",
        errors="coerce",
    )
    iso = pd.to_datetime(
        text.where(text.str.match(r"^\d{4}-\d{2}-\d{2}([T ][\d:.]+)?$")).str.slice(0, 10),
        format="%Y-%m-%d",
        errors="coerce",
    )
    serial = pd.to_numeric(text.where(text.str.match(r"^[2-6]\d{4}$")), errors="coerce")
    values = french.fillna(iso).fillna(EXCEL_EPOCH + pd.to_timedelta(serial, unit="D"))
    return values.astype("datetime64[s]"), _reasons(text, values.isna(), "date illisible")


def parse_boolean(text: pd.Series) -> Parsed:
    """boolean from oui / non, O / N, x, vrai / faux."""
    lower = text.str.lower()
    values = pd.Series(pd.NA, index=text.index, dtype="boolean")
    values = values.mask(lower.isin(TRUE), True).mask(lower.isin(FALSE), False)
    return values, _reasons(text, values.isna(), "oui ou non attendu")


def parse_text(text: pd.Series) -> Parsed:
    """Text as it is; a blank cell is missing."""
    return text.mask(text == "").astype("str"), pd.Series("", index=text.index, dtype="str")


def _is_siret(digits: pd.Series) -> pd.Series:
    """14 digits whose Luhn key holds, or La Poste's own rule (SIREN 356000000: the plain sum is a multiple of 5)."""
    shaped = digits.str.match(r"^\d{14}$")
    table = np.array([[int(char) for char in siret] for siret in digits[shaped]], dtype=int).reshape(-1, 14)
    doubled = table.copy()
    doubled[:, ::2] *= 2
    luhn = (doubled - 9 * (doubled > 9)).sum(axis=1) % 10 == 0
    poste = digits[shaped].str.startswith("356000000").to_numpy() & (table.sum(axis=1) % 5 == 0)
    valid = pd.Series(False, index=digits.index)
    valid[shaped] = luhn | poste
    return valid


def parse_siret(text: pd.Series) -> Parsed:
    """SIRET of 14 digits with a sound key; « 2,43E+13 » is named as destroyed by a spreadsheet."""
    digits = text.str.replace(r"[\s\u00a0\u202f.']", "", regex=True)
    valid = _is_siret(digits)
    destroyed = text.str.match(r"^\d+([.,]\d+)?[eE]\+?\d+$")
    reasons = _reasons(text, ~valid, "SIRET invalide").mask(destroyed, "SIRET détruit par un tableur « " + text + " »")
    return digits.where(valid).astype("str"), reasons.mask(valid, "").astype("str")


PARSERS: dict[str, Callable[[pd.Series], Parsed]] = {
    "texte": parse_text,
    "code": parse_text,
    "entier": parse_integer,
    "decimal": parse_number,
    "euros": parse_euros,
    "pourcent": parse_number,
    "date": parse_date,
    "booleen": parse_boolean,
}


def parse_column(text: pd.Series, column: Column) -> Parsed:
    """Values and reasons of one column by its declared kind; outside its vocabulary, it is missing, with the reason."""
    values, reasons = (parse_siret if column.name == "code_siret" else PARSERS[column.kind])(text)
    if column.vocabulary:
        outside = values.notna() & ~values.isin(column.vocabulary)
        reasons = reasons.mask(outside, "valeur hors vocabulaire « " + text + " »").astype("str")
        values = values.mask(outside)
    return values, reasons
