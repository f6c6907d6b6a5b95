"""Definitions of observation, as they are printed under a result."""

from pipelines.indicators.wording import print_definitions

DEFINITIONS = {
    "ecart_reference": "écart : valeur du quartier moins valeur de la référence, en points, même source et même "
    "millésime",
    "evolution": "évolution : valeur de la dernière année moins valeur de la première, même source, même définition",
    "indice_base_100": "indice : valeur de l'année sur valeur de l'année de base, multipliée par 100",
}


def define(*names: str) -> str:
    """The printed definitions of the named indicators."""
    return print_definitions(DEFINITIONS, *names)
