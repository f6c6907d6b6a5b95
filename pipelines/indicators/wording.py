"""How definitions are printed under a result."""

from collections.abc import Mapping


def print_definitions(definitions: Mapping[str, str], *names: str, base_minimale: int = 0) -> str:
    """The named definitions as one sentence, and the smallest base under which a share is not given."""
    text = " ; ".join(definitions[name] for name in names)
    base = f" Pas de taux sur moins de {base_minimale} cas." if base_minimale else ""
    return f"{text[0].upper()}{text[1:]}.{base}"
