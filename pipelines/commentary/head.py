"""The head of a commentary, between two lines « --- »: read it, or note another fingerprint there and nothing else."""

import datetime
import re

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipelines.errors import DataError, UsageError

FIELDS = ("auteur", "date", "empreinte")
_FENCE = "---"
_MARK = "\ufeff"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FINGERPRINT = re.compile(r"([ \t]*([\"']?)empreinte\2[ \t]*:)([ \t]*)((?!#)\S*)(.*)", re.DOTALL)


def decode(content: bytes, name: str) -> str:
    """The text of a file, its line ends and its byte order mark kept. DataError where it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"Le commentaire {name} n'est pas en UTF-8 : le réenregistrer en UTF-8.") from error


def read_comment(text: str, name: str) -> dict[str, str]:
    """auteur, date, empreinte ("" where the head does not say) and texte. DataError where the head is not one."""
    lines = _LINE.findall(text.removeprefix(_MARK))
    end = _end_of_head(lines)
    head, body = (lines[1:end], lines[end + 1 :]) if end else ([], lines)
    return {**dict.fromkeys(FIELDS, ""), **_read_head(_joined(head), name), "texte": _joined(body).strip()}


def note_fingerprint(text: str, fingerprint: str, name: str) -> str:
    """The same text whose head notes this fingerprint: only that line changes, or is added; with a head if none is.

    UsageError where the head is written in another way than a line a field, which only its author can change.
    """
    mark, lines = text[: text.startswith(_MARK)], _LINE.findall(text.removeprefix(_MARK))
    ends = next((match[0] for line in lines if (match := re.search(r"[\r\n]+\Z", line))), "\n")
    end = _end_of_head(lines)
    if end:
        places = [place for place in range(1, end) if _FINGERPRINT.fullmatch(lines[place])]
        if places:
            lines[places[0]] = _FINGERPRINT.sub(lambda m: _noted(m, fingerprint), lines[places[0]])
        else:
            lines.insert(end, f"empreinte: {fingerprint}{ends}")
    else:
        lines = [f"{_FENCE}{ends}", f"empreinte: {fingerprint}{ends}", f"{_FENCE}{ends}", ends, *lines]
    noted, wanted = mark + "".join(lines), read_comment(text, name) | {"empreinte": fingerprint}
    try:
        is_noted = read_comment(noted, name) == wanted
    except DataError:
        is_noted = False
    if not is_noted:
        raise UsageError(
            f"L'en-tête du commentaire {name} n'est pas écrit une ligne par champ : y noter à la main "
            f"« empreinte: {fingerprint} ». Rien n'a été changé."
        )
    return noted


def _noted(match: re.Match[str], fingerprint: str) -> str:
    key, _, blank, _, rest = match.groups()
    # What followed the colon alone, a remark or the end of the line, stays after the fingerprint.
    gap = "" if match[4] or not rest.strip() else blank or " "
    return f"{key}{blank or ' '}{fingerprint}{gap}{rest}"


def _end_of_head(lines: list[str]) -> int:
    """The rank of the line that closes the head; 0 where there is no head."""
    if not lines or lines[0].rstrip() != _FENCE:
        return 0
    return next((rank for rank, line in enumerate(lines) if rank and line.rstrip() == _FENCE), 0)


def _joined(lines: list[str]) -> str:
    return re.sub(r"\r\n|\r", "\n", "".join(lines))


def _read_head(head: str, name: str) -> dict[str, str]:
    advice = (
        f"Entre les deux lignes « --- », écrire seulement {', '.join(FIELDS)}, chacun sur sa ligne : « clé: valeur »."
    )
    try:
        # As written: a fingerprint of digits alone is no number.
        content = YAML(typ="base", pure=True).load(head) or {}
    except YAMLError as error:
        raise DataError(f"L'en-tête du commentaire {name} n'est pas lisible. {advice}") from error
    unknown = sorted(map(str, set(content) - set(FIELDS))) if isinstance(content, dict) else [head.strip()[:60]]
    if unknown:
        raise DataError(f"L'en-tête du commentaire {name} contient « {unknown[0]} ». {advice}")
    written = {field: "" if value is None else str(value) for field, value in content.items()}
    if written.get("date") and not _is_date(written["date"]):
        raise DataError(f"L'en-tête du commentaire {name} : écrire la date ainsi, 2022-06-30.")
    return written


def _is_date(text: str) -> bool:
    try:
        datetime.datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        return False
    return True
