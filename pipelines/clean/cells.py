"""Text cells → typed values. Each parser maps a text Series to (values, reasons): a reason wherever a value is missing.

A blank cell has no reason. Marks of absence keep theirs and are never 0.
"""

import re
import unicodedata
from collections.abc import Callable

import pandas as pd
from babel.dates import get_day_names, get_month_names

from pipelines.clean.codes import parse_rna, parse_siret, parse_territory
from pipelines.read.error_cells import FORMULA_ERROR
from pipelines.tables import Column

MARKS = {
    "nd": "nd", "n.d.": "nd", "n/d": "nd", "na": "nd", "nr": "nd", "n.r.": "nd", "non disponible": "nd",
    "-": "nd", "–": "nd", "—": "nd",
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
_LONGEST = 300
# A number as a program writes it, or a blank cell.
_PLAIN = r"(?:-?[0-9]{1,40}(?:\.[0-9]{1,40})?)?"
_SCALES = {"K": 1_000, "M": 1_000_000}

Parsed = tuple[pd.Series, pd.Series]


def marks(text: pd.Series) -> pd.Series:
    """The mark of absence of each cell (nd, ns, s, so), "" elsewhere."""
    return text.str.lower().map(MARKS).fillna("").astype("str")


def is_formula_error(text: pd.Series) -> pd.Series:
    """Is a cell what a spreadsheet shows where a formula fails (#REF!, #N/A)?"""
    return text.str.fullmatch(FORMULA_ERROR)


def _reasons(text: pd.Series, unread: pd.Series, what: str) -> pd.Series:
    """Why a value is missing: its mark, or « illisible » with the text; "" where the cell is blank or was read."""
    unread = unread & (text != "")
    if not unread.any():
        return pd.Series("", index=text.index, dtype="str")
    reason = marks(text).map(MARK_REASONS).fillna("")
    broken = unread & (reason == "")
    return reason.where(~broken, what + " « " + text.str.slice(0, 60) + " »").astype("str")


def parse_number(text: pd.Series) -> Parsed:
    """Float64 from « 1 234,50 € », « 12,5 k€ », « 1,2 M€ », « (1 200) », « 45,4 % », narrow spaces included."""
    if text.str.fullmatch(_PLAIN).all():  # most columns: nothing to take apart
        return pd.to_numeric(text.where(text != "")).astype("Float64"), pd.Series("", index=text.index, dtype="str")
    plain = text.str.replace(r"[\s\u00a0\u202f\u2009€]|EUR|%", "", regex=True).str.replace("−", "-", regex=False)
    plain = plain.str.replace(r"^\((.+)\)$", r"-\1", regex=True).str.replace(r"^([\d.,]+)-$", r"-\1", regex=True)
    scale = plain.str.extract(r"^-?[\d.,]+([kKM])$")[0].str.upper().map(_SCALES)
    plain = plain.str.replace(r"(?<=\d)[kKM]$", "", regex=True)
    # A point and a comma together: the last one is the decimal mark, the other separates thousands.
    plain = plain.str.replace(r"\.(?=\d{3}(?:\.\d{3})*,)", "", regex=True)
    plain = plain.str.replace(
        r"^(-?\d{1,3}(?:,\d{3})+)(\.\d+)$",
        lambda m: m[1].replace(",", "") + m[2],
        regex=True,
    )
    plain = plain.str.replace(",", ".", regex=False)
    # Hundreds of digits are no number: no float holds them.
    readable = plain.str.match(r"^-?([0-9]+(\.[0-9]*)?|\.[0-9]+)$") & (plain.str.len() <= _LONGEST)
    values = pd.to_numeric(plain.where(readable)).astype("Float64")
    values = values.mask(scale.notna() & readable, values * scale.astype("Float64"))
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


def _unaccented(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().rstrip(".")


_MONTHS = {
    _unaccented(name): number
    for width in ("wide", "abbreviated")
    for number, name in get_month_names(width, locale="fr").items()
} | {"fev": 2, "jan": 1, "jul": 7, "juil": 7, "aou": 8}  # what exports write beside the official abbreviations
_DAYS = "|".join(_unaccented(name) for name in get_day_names("wide", locale="fr").values())
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NAMED = re.compile(rf"^(?:(?:{_DAYS})[ ,]+)?(\d{{1,2}})(?:er)?[ -]+({_NAMES})\.?[ -]+(\d{{4}})$")


def _named_day(text: str) -> str:
    """d/m/yyyy of « 1er août 2019 » or « lundi 3 févr. 2019 », the text itself otherwise."""
    found = _NAMED.match(_unaccented(" ".join(text.split())))
    return f"{found[1]}/{_MONTHS[found[2]]}/{found[3]}" if found else text


def parse_date(text: pd.Series) -> Parsed:
    """datetime64 from d/m/yyyy (also with dots, or a month's name), ISO, or an Excel serial number.

    An impossible day is missing, never moved; so are a month without a day, a year on two digits, and 05-01-2019, that
    Americans read otherwise.
    """
    plain = text.map(_named_day).astype("str").str.replace(r"[T ]\d{1,2}:[\d:.]+$", "", regex=True)
    plain = plain.str.replace(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$", r"\1/\2/\3", regex=True)
    french = pd.to_datetime(
        plain.where(plain.str.match(r"^\d{1,2}/\d{1,2}/\d{4}$")), format="%d/%m/%Y", errors="coerce"
    )
    iso = pd.to_datetime(plain.where(plain.str.match(r"^\d{4}-\d{2}-\d{2}$")), format="%Y-%m-%d", errors="coerce")
    serial = pd.to_numeric(plain.where(plain.str.match(r"^[2-6]\d{4}(\.0+)?$")), errors="coerce")
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

FORMS: dict[str, Callable[[pd.Series], Parsed]] = {
    "siret": parse_siret,
    "rna": parse_rna,
    "territoire": parse_territory,
}


def parse_column(text: pd.Series, column: Column) -> Parsed:
    """Values and reasons of one column by its declared kind; outside its vocabulary, it is missing, with the reason."""
    values, reasons = (FORMS.get(column.form) or PARSERS[column.kind])(text)
    # Nothing of an identifier is left to read in « so » or « nd »: the mark is the reason.
    if column.form:
        marked = marks(text).map(MARK_REASONS)
        values, reasons = values.mask(marked.notna()), marked.fillna(reasons).astype("str")
    # A number or a date says that it cannot be read; any text would pass for a name.
    failed = values.notna() & is_formula_error(text)
    if failed.any():
        values, reasons = values.mask(failed), reasons.mask(failed, "erreur de formule « " + text + " »").astype("str")
    if column.vocabulary:
        outside = values.notna() & ~values.isin(column.vocabulary)
        if outside.any():
            reasons = reasons.mask(outside, "valeur hors vocabulaire « " + text + " »").astype("str")
            values = values.mask(outside)
    return values, reasons
