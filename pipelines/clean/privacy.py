"""Personal data out of the text that was read: mail addresses, phone numbers, natural persons' names.

A name is known by what announces it, a civility or « contact : », never by itself: « Association Jean-Moulin » stays.
In doubt an identifier (SIRET, dossier, INSEE code), an amount or a date stays, and an announced name goes.
"""

import functools
import re

import pandas as pd

from pipelines.clean.distinct import once
from pipelines.clean.rows import journal_of
from pipelines.tables import Column, Table

MAIL, PHONE, NAME = "adresse électronique", "téléphone", "nom"
REMOVED = {MAIL: f"[{MAIL} retirée]", PHONE: f"[{PHONE} retiré]", NAME: f"[{NAME} retiré]"}
# Who holds or employs is public; only a natural person alone in the cell, or hosting, is not.
ORGANISATIONS = ("nom_porteur", "nom_employeur", "nom_partenaire", "nom_attribuant")

# Cells that may hold something, found by one quick pass without look-around: nearly all cells stop here.
_SUSPECT = (
    r"(?i)@|arobase|[(\[]at[)\]]|[0+][^0-9a-z]?[0-9](?:[^0-9a-z]{0,3}[0-9]){7}"
    r"|\b(?:mm?[.]|mr|mme|mlle|melle|madame|mademoiselle|monsieur|mesdames|mesdemoiselles|messieurs|contact)"
    r"|personne à contacter"
)

_MAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~’-]+\s?(?:@|[(\[]\s?(?:at|arobase|@)\s?[)\]]|\sarobase\s)\s?"
    r"(?:[\w-]+\.)+(?:xn--[\w-]+|[^\W\d_]{2,})",
    re.IGNORECASE,
)

_S = r"[\s./_–-]"  # what separates the digits of a phone number
_NUMBER = (
    rf"(?:0[1-9](?:{_S}{{0,3}}[0-9]{{2}}){{4}}"
    rf"|0[1-9]{_S}[0-9]{{3}}{_S}[0-9]{{3}}{_S}[0-9]{{2}}|0[1-9]{_S}[0-9]{{2}}{_S}[0-9]{{3}}{_S}[0-9]{{3}}"
    rf"|0{_S}?[1-9][0-9]{{2}}{_S}[0-9]{{3}}{_S}[0-9]{{3}}"
    rf"|\(0[1-9]\)(?:{_S}{{0,3}}[0-9]{{2}}){{4}}"
    rf"|(?:\+|00){_S}?33{_S}{{0,2}}(?:\(0\)|0)?{_S}{{0,2}}(?:[1-9](?:{_S}{{0,3}}[0-9]{{2}}){{4}}"
    rf"|[1-9][0-9]{{2}}{_S}[0-9]{{3}}{_S}[0-9]{{3}})"
    # Neighbours and overseas.
    rf"|\+(?:32|352|262|508|590|594|596|681|687|689){_S}{{0,2}}(?:\(0\)|0)?(?:{_S}{{0,2}}[0-9]){{6,9}})"
    r"(?![0-9])"
)
_PHONE = re.compile(
    # Neither the tail of an identifier or of a decimal number, nor a date followed by an hour,
    # nor ten digits announced as a dossier.
    rf"(?<![0-9A-Z])(?<![0-9][-/_.,])(?![0-9]{{2}}{_S}[0-9]{{2}}{_S}(?:19|20)[0-9]{{2}}(?![0-9]))"
    r"(?!(?:(?i:(?<=dossier )|(?<=dossier n°)|(?<=dossier n° )|(?<=dossier : )))[0-9]{10}(?![0-9]))"
    rf"{_NUMBER}(?:(?:[-/_.,]|(?=[(+])){_NUMBER})*"
)

_TITLE = (
    r"(?:vice-|sous-)?(?:maire|préf[eè]te?|prefete?|présidente?|president|direct(?:eur|rice)|ministre|députée?"
    r"|sénat(?:eur|rice)|adjointe?|conseill(?:er|ère)|déléguée?|secrétaire|chef(?:fe)?|référente?|responsable"
    r"|procureure?|rect(?:eur|rice)|juge|commissaire|coordinat(?:eur|rice)|trésori(?:er|ère)|générale?)s?"
)
_THING = (
    r"(?:associations?|assos?|centre|maison|mairie|ville|commune|p[ôo]le|mission|services?|conseil|direction"
    r"|pr[ée]fecture|agence|communaut[ée]|m[ée]tropole|agglom[ée]ration|agglo|club|comit[ée]|f[ée]d[ée]ration"
    r"|compagnie|cie|th[ée][âa]tre|[ée]cole|coll[èe]ge|lyc[ée]e|universit[ée]|office|soci[ée]t[ée]|groupe|syndicat"
    r"|union|r[ée]seau|espace|r[ée]gie|entreprise|fondation|institut|h[ôo]pital|r[ée]gion|d[ée]partement|[ée]tat"
    r"|police|productions?|[ée]ditions|accueil|secr[ée]tariat|standard|bureau|caf|ccas|cpam|cdc|anct|epci|rue|r[ée]sidence"
    r"|avenue|place|bricolage|sarl|sas|euros?|francs?|siret|t[ée]l|t[ée]l[ée]phone|mail|courriel"
    r"|pour|et|ou|o[ùu]|en|sur|par|qui|est|dans|avec|sans|aux?|à|a|chez|depuis)"
)
_GAP = r"[^\S\n]+"
_PARTICLE = rf"(?:(?i:de{_GAP}la|de|du|des|van{_GAP}de[rn]|van|von|el|al|ben|da|di|dos){_GAP}|(?i:d)['’])"
# A name word: capitalised, two letters at least, or an initial; `[A-Z]` of any alphabet is « not lower case ».
_UPPER = r"[A-ZÀ-ÖØ-ÞŒŸ]"
_WORD = (
    rf"(?!(?i:(?:l[ea]{_GAP}|l['’])?{_TITLE}(?!\w)|{_THING}(?!\w)))"
    rf"(?:(?:{_UPPER}\.-?)+(?:{_GAP})?)?{_UPPER}[^\W\d_]*(?:['’-][^\W\d_]+)*(?<=\w\w)(?!\w)"
)
_MORE = rf"(?:{_GAP}{_PARTICLE}?{_WORD})"
_PERSON = rf"{_PARTICLE}?{_WORD}{_MORE}{{0,3}}"
_ONE = r"(?:m\.(?!\w\.)|mr\.?|mme\.?|mlle\.?|melle\.?|madame|mademoiselle|monsieur)"
_MANY = r"(?:mm\.|mmes\.?|mlles\.?|mesdames|messieurs|mesdemoiselles)"
# « la Présidente Anne Martin » is a person, « la Préfète du Nord » an office.
_OFFICER = rf"(?:(?i:(?:l[ea]{_GAP}|l['’])?{_TITLE}){_GAP}){{1,3}}{_WORD}{_MORE}{{0,3}}"
# « 12 M. d'euros », « F.S.U.M. LYON » and « M.J.C. DE LILLE » announce nobody.
_START = r"(?<![\w.])(?<![0-9]\s)"
_ANNOUNCED = (
    rf"{_START}(?:(?i:{_ONE})(?:(?<=\.)\s*|{_GAP})(?:{_OFFICER}|{_PERSON})"
    rf"|(?i:{_MANY})(?:(?<=\.)\s*|{_GAP})(?:{_OFFICER}|{_PERSON})(?:(?:\s*,|{_GAP}(?:et|ET|&)){_GAP}{_PERSON})*)"
)
# « Maison Mme de Sévigné » names a place.
_PLACE_NAME = (
    r"\b(?i:(?:rue|avenue|place|boulevard|allée|square|impasse|quartier|résidence|cité|maison|foyer|école|collège"
    rf"|lycée|crèche|salle|stade|théâtre|espace|centre|hôpital|parc){_GAP}(?:mme|madame|monsieur){_GAP}d(?:es?|u))\b"
)
_NAMES = re.compile(
    rf"(?P<keep>{_PLACE_NAME})"
    rf"|(?P<head>\b(?i:contacts?|personne à contacter|contacter)\s*:\s*){_WORD}{_MORE}{{1,3}}"
    rf"|{_ANNOUNCED}"
)
_PERSON_ALONE = re.compile(
    rf"(?P<keep>)(?P<head>^\s*|\b(?i:chez|c/o)\s+){_ANNOUNCED}(?=\s*$|\s+[-–(]|\s*,)",
)


def mask(text: pd.Series, *, organisations: bool = False) -> tuple[pd.Series, pd.Series]:
    """The text without personal data, and what each cell held (« téléphone, nom »), "" where nothing was found.

    `organisations`: the cells name holders or employers; a name is then a person alone in the cell, or hosting
    (« chez Mme Martin »).
    """
    found = pd.Series("", index=text.index, dtype="str")
    suspects = text[text.str.contains(_SUSPECT, regex=True)]
    if suspects.empty:
        return text.copy(), found
    masked = suspects.str.replace(_MAIL, REMOVED[MAIL], regex=True).str.replace(_PHONE, REMOVED[PHONE], regex=True)
    masked = masked.str.replace(_PERSON_ALONE if organisations else _NAMES, _without_name, regex=True)
    held = pd.Series("", index=suspects.index, dtype="str")
    for kind, removed in REMOVED.items():
        held = held.mask(
            masked.str.count(re.escape(removed)) > suspects.str.count(re.escape(removed)), held + ", " + kind
        )
    out = text.copy()
    out[suspects.index] = masked
    found[suspects.index] = held.str.removeprefix(", ")
    return out, found


def screen(text: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A text frame without personal data, and its journal: one row a masked cell, with the text already masked.

    Every column is screened, typed ones too: what cannot be read as an amount is kept as text with its reason.
    """
    out, notes = text.copy(), [journal_of(text.iloc[:0], "", *[pd.Series(dtype="str")] * 2)]
    for column in table.columns:
        if column.name in text and pd.api.types.is_string_dtype(text[column.name]):
            raw = text[column.name].fillna("")
            organisations = column.name in ORGANISATIONS
            masked, found = once(raw[_screened(raw, column)], functools.partial(mask, organisations=organisations))
            found = found[found != ""]
            if len(found):
                out.loc[found.index, column.name] = masked[found.index]
                reasons = "donnée personnelle retirée : " + found
                notes.append(journal_of(text.loc[found.index], column.name, masked[found.index], reasons))
    return out, pd.concat(notes, ignore_index=True)


def screen_columns(rows: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Rows without personal data in the named columns: what reading set aside, what people wrote of a correction."""
    return rows.assign(**{name: mask(rows[name].astype("str"))[0] for name in names if len(rows)})


def _screened(raw: pd.Series, column: Column) -> pd.Series:
    """All filled cells, but for the identifiers of one token: ten digits may number a dossier, but not a holder."""
    if column.kind != "code" or column.vocabulary:
        return raw != ""
    token = ~raw.str.contains("[^0-9A-Za-z]", regex=True)
    return ~(token & (raw.str.len() == 14)) if column.form == "siret" else ~token


def _without_name(match: re.Match[str]) -> str:
    return match["keep"] or (match["head"] or "") + REMOVED[NAME]
