"""What changed between two editions of one report: inputs, rows, corrections, figures, checks, method, with causes.

An edition is the provenance that a build writes beside a page (`<rapport>.json`): it holds the figures as they were
read, and what they were made from. Nothing else is needed to compare.
"""

from pipelines.editions.comparison import COLUMNS, RUBRICS, compare_editions, count_changes, present
from pipelines.editions.declared import DeclaredEdition, choose_edition, collect_editions
from pipelines.editions.edition import Edition, parse_edition
from pipelines.editions.inputs import describe_inputs

__all__ = [
    "COLUMNS",
    "RUBRICS",
    "DeclaredEdition",
    "Edition",
    "choose_edition",
    "collect_editions",
    "compare_editions",
    "count_changes",
    "describe_inputs",
    "parse_edition",
    "present",
]
