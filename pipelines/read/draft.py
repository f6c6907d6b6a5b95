"""A draft of the column mapping of a new or changed file, for an evaluator to confirm rather than type."""

import functools
import io
import re
import unicodedata
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from pipelines.contract import Source
from pipelines.mappings import MAPPINGS, headers_of, read_mappings
from pipelines.tables import TABLES, Column

# Below this likeness (0 to 1) a header is proposed as ignored.
LIKENESS = 0.6
# A column without which every row is set aside is worth a bolder guess.
LIKENESS_REQUIRED = 0.5
_ARTICLES = {
    "a",
    "au",
    "aux",
    "d",
    "de",
    "des",
    "du",
    "en",
    "et",
    "l",
    "la",
    "le",
    "les",
    "n",
    "ou",
    "par",
    "un",
    "une",
}


def draft_mapping(source: Source, names: list[str]) -> str:
    """YAML of `colonnes` and `colonnes_ignorees` for the header `names`, indented as a source of contrat.yml.

    What the source declares is kept; every other name goes to the free column that it is most like, or is ignored. A
    guess is marked « à confirmer ».
    """
    title = f"Proposition pour la source « {source.id} », à relire puis à mettre à la place de ses deux listes :"
    return to_yaml(draft_lists(source, names), [*_cite(source, names), title])


def draft_lists(source: Source, names: list[str]) -> CommentedMap:
    """The two lists of `draft_mapping`, as a mapping whose guesses bear their comment."""
    measured = {" ".join(name.split()) for name in source.indicateurs}
    names = [name for name in dict.fromkeys(names) if name and name not in measured]
    declared = {" ".join(name.split()): column for name, column in source.colonnes.items()}
    ignored = {" ".join(name.split()) for name in source.colonnes_ignorees}
    kept = {name: declared[name] for name in names if name in declared}
    guesses = _guess(source, [name for name in names if name not in kept and name not in ignored], declared, kept)
    lists = CommentedMap()
    lists["colonnes"] = CommentedMap((name, {**kept, **guesses}[name]) for name in names if name in {**kept, **guesses})
    for name in guesses:
        lists["colonnes"].yaml_add_eol_comment("à confirmer", name, column=0)
    lists["colonnes_ignorees"] = [name for name in names if name not in kept and name not in guesses]
    return lists


def likeness_of(source: Source, names: list[str]) -> float:
    """0 to 1: how far the header `names` are, on the whole, those of the source's table."""
    table = TABLES[source.table]
    kept = {name: source.colonnes[name] for name in names if name in source.colonnes}
    ignored = [name for name in names if name in source.colonnes_ignorees]
    free = [name for name in names if name not in kept and name not in ignored]
    guesses = _guess(source, free, source.colonnes, kept)
    told = len(kept) + len(ignored) + sum(_likeness(name, table[column], "") for name, column in guesses.items())
    return told / max(1, len(names))


def to_yaml(content: Any, comments: list[str]) -> str:
    """YAML under its comments, indented as what stands in « sources » of contrat.yml."""
    yaml, out = YAML(), io.StringIO()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(content, out)
    # A list of sources stands two spaces left of the keys of one.
    margin = "" if isinstance(content, list) else "    "
    lines = out.getvalue().splitlines()
    return "\n".join([f"{margin or '  '}# {comment}" for comment in comments] + [margin + line for line in lines])


def _cite(source: Source, names: list[str]) -> list[str]:
    """A comment for each named mapping that knows half of the names at least: to cite it is less to confirm."""
    return [
        f"Ces en-têtes sont ceux de la correspondance « {name} » (table {mapping['table']}) : il suffit peut-être "
        f"d'écrire « correspondance: {name} »."
        for name, mapping in read_mappings(MAPPINGS).items()
        if name != source.correspondance and 2 * sum(one in headers_of(mapping) for one in names) >= max(len(names), 4)
    ]


def _guess(source: Source, names: list[str], declared: dict[str, str], kept: dict[str, str]) -> dict[str, str]:
    """Name → column, the best pairs first; a column is given once."""
    taken = {*kept.values(), *source.constantes}
    former = {column: name for name, column in declared.items()}
    pairs = sorted(
        (-_likeness(name, column, former.get(column.name, "")), place, rank, name, column)
        for place, name in enumerate(names)
        for rank, column in enumerate(TABLES[source.table].columns)
        if column.name not in taken
    )
    guesses: dict[str, str] = {}
    # « N° dossier » may be that of the action or of its file: what no row can do without comes first.
    for least, wanted in ((LIKENESS_REQUIRED, True), (LIKENESS, False)):
        for score, _, _, name, column in pairs:
            fits = -score >= least and column.required == wanted
            if fits and name not in guesses and column.name not in guesses.values():
                guesses[name] = column.name
    return guesses


def _likeness(header: str, column: Column, former: str) -> float:
    """0 to 1: how far the header's words are those of a column, by its name, its meaning or its former header."""
    said, named = _words(header), _words(column.name)
    meant = (*named, *_words(column.meaning))
    by_meaning = (_shared(said, meant) + _shared(named, said)) / 2
    return max(by_meaning, min(_shared(said, _words(former)), _shared(_words(former), said)))


def _shared(words: tuple[str, ...], others: tuple[str, ...]) -> float:
    """Mean, over words, of the likeness of each to its nearest among others; 0 where either is empty."""
    if not words or not others:
        return 0.0
    return sum(max(_near(word, other) for other in others) for word in words) / len(words)


@functools.lru_cache(maxsize=100_000)
def _near(word: str, other: str) -> float:
    ratio = SequenceMatcher(None, word, other).ratio()
    return ratio if ratio >= 0.75 else 0.0


@functools.lru_cache(maxsize=10_000)
def _words(text: str) -> tuple[str, ...]:
    """Words without accents, in lower case, camelCase and snake_case parted, articles left out."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).encode("ascii", "ignore").decode()
    return tuple(word for word in re.findall(r"[a-z]+|\d+", plain.lower()) if word not in _ARTICLES)
