"""`expectations/<table>.json` → suites whose every column, value and parameter is known, without Great Expectations.

`<table>.ose.json` beside it holds, in the same shape, what calls our own checks instead of Great Expectations' types.

Great Expectations passes without a word where a suite is wrong in a way that leaves it nothing to check: a condition
that no row can meet, a table that nobody gave. Those suites stop here, in French, with the nearest known word.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pipelines.checks import CHECKS, arguments, count_tables
from pipelines.errors import DataError
from pipelines.sources import nearest
from pipelines.tables import CERTIFIED, PROVENANCE, Column, Table
from pipelines.verdict import Severity

_SUITE_KEYS = {"name", "id", "expectations", "meta", "notes"}
_EXPECTATION_KEYS = {"type", "kwargs", "description", "severity", "meta"}
_META_KEYS = {"numero", "retient"}
_LAST_NUMBER = 25
_OWN = ".ose"
_COLUMN_KEYS = ("column", "column_A", "column_B")
_PARAMETER = "$PARAMETER"

Suite = dict[str, Any]


def read_suites(folder: Path, tables: Collection[str], parameters: Collection[str]) -> dict[str, Suite]:
    """The suite of each table, in the order of `CERTIFIED`. DataError where a suite is missing, in excess or wrong.

    `parameters`: names of the values given to the suites; each used must be given, and each given must be known to a
    suite, be it that of a table which this contract lacks.
    """
    files = _files(folder, own=False)
    for name in tables:
        if name not in CERTIFIED:
            raise DataError(f"Table « {name} » inconnue{nearest(name, CERTIFIED)}.")
        if name not in files:
            raise DataError(f"La table « {name} » n'a pas de contrôles : ajouter {folder.name}/{name}.json.")
    for name in files:
        if name not in CERTIFIED:
            raise DataError(
                f"{name}.json ne contrôle aucune table connue{nearest(name, CERTIFIED)}. "
                "Renommer le fichier ou le retirer."
            )
    loaded = {name: _load(path) for name, path in files.items()}
    suites = {name: _check(loaded[name], files[name], parameters) for name in CERTIFIED if name in tables}
    own = [_load(path) for path in _files(folder, own=True).values()]
    used = {name for suite in (*loaded.values(), *own) for name in _parameters(suite)}
    for name in parameters:
        if name not in used:
            raise DataError(
                f"Le paramètre de validation « {name} » ne sert à aucun contrôle{nearest(name, used)}. "
                "Corriger son nom dans contrat.yml, ou le retirer."
            )
    return suites


def read_own_suites(folder: Path, tables: Collection[str], parameters: Collection[str]) -> dict[str, Suite]:
    """Our own suite of each table that has one, in the order of `CERTIFIED`. DataError where one is wrong."""
    files = _files(folder, own=True)
    for name, path in files.items():
        if name not in CERTIFIED:
            raise DataError(
                f"{path.name} ne contrôle aucune table connue{nearest(name, CERTIFIED)}. "
                "Renommer le fichier ou le retirer."
            )
    return {
        name: _check(_load(files[name]), files[name], parameters)
        for name in CERTIFIED
        if name in tables and name in files
    }


def resolve(value: object, parameters: Mapping[str, object]) -> object:
    """The value of an argument: what the contract gives for `{"$PARAMETER": name}`, the value itself otherwise."""
    return parameters[value[_PARAMETER]] if isinstance(value, dict) and _PARAMETER in value else value


def _files(folder: Path, *, own: bool) -> dict[str, Path]:
    """The suite files of a folder by table: Great Expectations' own, or ours."""
    paths = [path for path in sorted(folder.glob("*.json")) if path.stem.endswith(_OWN) == own]
    return {path.stem.removesuffix(_OWN): path for path in paths}


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} n'est pas en UTF-8 : le réenregistrer en UTF-8.") from error
    except json.JSONDecodeError as error:
        raise DataError(
            f"{path.name}, ligne {error.lineno} : ce n'est pas du JSON. Vérifier virgules, guillemets et accolades."
        ) from error


def _check(suite: Any, path: Path, parameters: Collection[str]) -> Suite:
    table = CERTIFIED[path.stem.removesuffix(_OWN)]
    check_words = _check_own_words if path.stem.endswith(_OWN) else _check_words
    if not isinstance(suite, dict) or not isinstance(suite.get("expectations"), list) or not suite["expectations"]:
        raise DataError(f"{path.name} ne contient aucun contrôle : il faut une liste « expectations » non vide.")
    _refuse_unknown(suite, _SUITE_KEYS, path.name)
    if suite.get("name") != table.name:
        raise DataError(f"{path.name} : « name » vaut « {suite.get('name')} » ; écrire « {table.name} ».")
    descriptions: set[str] = set()
    for rank, expectation in enumerate(suite["expectations"], start=1):
        place = f"{path.name}, contrôle n° {rank}"
        _check_shape(expectation, place)
        if expectation["description"] in descriptions:
            raise DataError(
                f"{place} : la description « {expectation['description']} » sert déjà. En écrire une autre."
            )
        descriptions.add(expectation["description"])
        check_words(expectation, table, parameters, f"{place} ({expectation['type']})")
    return suite


def _check_shape(expectation: object, place: str) -> None:
    """Type, arguments, French description and severity are all there, and nothing else."""
    if not isinstance(expectation, dict) or not isinstance(expectation.get("type"), str):
        raise DataError(f"{place} : il manque « type ».")
    _refuse_unknown(expectation, _EXPECTATION_KEYS, place)
    if not isinstance(expectation.get("kwargs"), dict):
        raise DataError(f"{place} ({expectation['type']}) : il manque « kwargs ».")
    if not isinstance(expectation.get("description"), str) or not expectation["description"].strip():
        raise DataError(
            f"{place} ({expectation['type']}) : il manque « description », la phrase que lira l'évaluateur."
        )
    if expectation.get("severity") not in get_args(Severity):
        raise DataError(
            f"{place} ({expectation['type']}) : « severity » vaut {expectation.get('severity')!r} ; "
            "écrire « critical » (refuse les données) ou « warning » (avertit)."
        )
    _check_meta(expectation, f"{place} ({expectation['type']})")


def _check_meta(expectation: dict[str, Any], place: str) -> None:
    """`numero` is that of a data-quality rule; `retient` names a notebook that a failed warning keeps at « projet »."""
    meta = expectation.get("meta") or {}
    _refuse_unknown(meta, _META_KEYS, place)
    if "numero" in meta and meta["numero"] not in range(1, _LAST_NUMBER + 1):
        raise DataError(f"{place} : « numero » vaut {meta['numero']!r} ; écrire un nombre de 1 à {_LAST_NUMBER}.")
    if "retient" in meta and (not isinstance(meta["retient"], str) or expectation["severity"] != "warning"):
        raise DataError(f"{place} : « retient » nomme un notebook, et ne va qu'avec la gravité « warning ».")


def _check_own_words(expectation: dict[str, Any], table: Table, parameters: Collection[str], place: str) -> None:
    """The type, its arguments, their tables, columns and parameters are known, and none is missing."""
    kind, kwargs = expectation["type"], expectation["kwargs"]
    if kind not in CHECKS:
        raise DataError(f"{place} : le type de contrôle « {kind} » n'existe pas{nearest(kind, CHECKS)}.")
    asked, nb_tables = set(arguments(CHECKS[kind])), count_tables(CHECKS[kind])
    for name in kwargs:
        if name not in asked | {"tables"}:
            raise DataError(f"{place} : argument « {name} » inconnu{nearest(name, asked | {'tables'})}.")
    for name in sorted(asked - kwargs.keys()):
        raise DataError(f"{place} : il manque l'argument « {name} ».")
    others = kwargs.get("tables", [])
    for name in others:
        if name not in CERTIFIED:
            raise DataError(f"{place} : table « {name} » inconnue{nearest(name, CERTIFIED)}.")
    if len(others) != nb_tables:
        raise DataError(f"{place} : « tables » doit en nommer {nb_tables}, et en nomme {len(others)}.")
    _check_parameters(kwargs, parameters, place)
    for name, where in (("column", table), ("key", CERTIFIED[others[0]] if others else table)):
        if name in asked:
            _known_column(str(kwargs[name]), {column.name: column for column in where.columns}, where, place)


def _check_words(expectation: dict[str, Any], table: Table, parameters: Collection[str], place: str) -> None:
    """Every column, every value of a condition and every parameter is known."""
    columns = {column.name: column for column in (*table.columns, *PROVENANCE)}
    kwargs = expectation["kwargs"]
    for name in columns_of(kwargs):
        _known_column(name, columns, table, place)
    if "row_condition" in kwargs:
        _check_condition(kwargs["row_condition"], columns, table, place)
    _check_parameters(kwargs, parameters, place)


def _check_parameters(kwargs: dict[str, Any], parameters: Collection[str], place: str) -> None:
    """Every parameter has a value, and stands for a whole argument."""
    for name, value in kwargs.items():
        direct = isinstance(value, dict) and set(value) == {_PARAMETER}
        # Great Expectations looks for parameters one level deep only; deeper, it compares with the marker itself.
        if not direct and any(_parameters(value)):
            raise DataError(f"{place} : dans « {name} », un paramètre doit être la valeur entière, seul.")
    for name in _parameters(kwargs):
        if name not in parameters:
            raise DataError(
                f"{place} : le paramètre « {name} » n'a pas de valeur{nearest(name, parameters)}. "
                "L'ajouter à « parametres_validation » dans contrat.yml."
            )


def _check_condition(condition: object, columns: Mapping[str, Column], table: Table, place: str) -> None:
    """A condition that no row can meet makes a check that always passes: its columns and values must exist."""
    match condition:
        case {"type": "and" | "or", "conditions": list(parts)}:
            for part in parts:
                _check_condition(part, columns, table, place)
        case {"type": "nullity", "column": {"name": str(name)}}:
            _known_column(name, columns, table, place)
        case {"type": "comparison", "column": {"name": str(name)}, "parameter": value}:
            vocabulary = _known_column(name, columns, table, place).vocabulary
            for word in value if isinstance(value, list) else [value]:
                if vocabulary and word not in vocabulary:
                    raise DataError(
                        f"{place} : la condition cherche « {word} » dans « {name} », qui n'a jamais cette valeur"
                        f"{nearest(str(word), vocabulary)}."
                    )
        case _:
            raise DataError(
                f"{place} : « row_condition » doit être une condition de type comparison, nullity, and ou or."
            )


def _known_column(name: str, columns: Mapping[str, Column], table: Table, place: str) -> Column:
    if name not in columns:
        raise DataError(f"{place} : colonne « {name} » inconnue de la table {table.name}{nearest(name, columns)}.")
    return columns[name]


def columns_read(kwargs: Mapping[str, Any]) -> list[str]:
    """The columns that a check reads, those of its condition included."""
    return sorted({*columns_of(dict(kwargs)), *_condition_columns(kwargs.get("row_condition", {}))})


def _condition_columns(condition: Mapping[str, Any]) -> Iterator[str]:
    yield from [condition["column"]["name"]] if "column" in condition else []
    for part in condition.get("conditions", []):
        yield from _condition_columns(part)


def columns_of(kwargs: dict[str, Any]) -> Iterator[str]:
    """Columns that the arguments of a native expectation name, in order."""
    yield from (str(kwargs[key]) for key in _COLUMN_KEYS if key in kwargs)
    for key in ("column_list", "column_set"):
        yield from map(str, kwargs.get(key, []))


def _parameters(value: object) -> Iterator[str]:
    """Names of the parameters that a value refers to, however deep."""
    if isinstance(value, dict):
        yield from (str(name) for key, name in value.items() if key == _PARAMETER)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parameters(part)


def _refuse_unknown(entry: dict[str, Any], known: set[str], place: str) -> None:
    for key in entry:
        if key not in known:
            raise DataError(f"{place} : clé « {key} » inconnue{nearest(key, known)}. La corriger ou la supprimer.")
