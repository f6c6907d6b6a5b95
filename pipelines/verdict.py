"""What validation found: one `Finding` per check, gathered in a `Verdict`; nothing here depends on who checked."""

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from pipelines.errors import DataError

Severity = Literal["critical", "warning"]
# File, sheet, line number in that file or sheet, value as text.
Place = tuple[str, str, int, str]

# A verdict is read by people: the first rows show the fault, the rest is in the file.
PLACES_SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One check of one table. `nb_lignes`: rows at fault; `lignes`: the first of them, as places of the raw files.

    `observe`: for a check of the whole table, what was counted and what was expected; empty for a check of rows.
    `numero`: the data-quality rule that the check implements, if any. `retient`: the notebook whose page stays at
    « projet » as long as the check fails; empty for most.
    """

    table: str
    type: str
    description: str
    severity: Severity
    success: bool
    nb_lignes: int = 0
    lignes: tuple[Place, ...] = ()
    observe: str = ""
    numero: int | None = None
    retient: str = ""

    def as_record(self) -> dict[str, Any]:
        """The finding as plain values for JSON."""
        names = ("fichier", "feuille", "ligne", "valeur")
        return {**vars(self), "lignes": [dict(zip(names, place, strict=True)) for place in self.lignes]}


@dataclass(frozen=True)
class Verdict:
    """All findings, in the order of the tables and of their suites. One failed critical check refuses the data."""

    findings: tuple[Finding, ...]

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """Failed critical checks."""
        return tuple(f for f in self.findings if not f.success and f.severity == "critical")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Failed checks that let the data through."""
        return tuple(f for f in self.findings if not f.success and f.severity == "warning")

    def with_findings(self, more: tuple[Finding, ...]) -> "Verdict":
        """The same verdict and what was found elsewhere."""
        return Verdict((*self.findings, *more))

    def refuse(self) -> None:
        """DataError where a critical check failed: the first of them, with the first line at fault."""
        if not self.refusals:
            return
        first = self.refusals[0]
        place = f" Observé : {first.observe}." if first.observe else ""
        if first.lignes:
            file, sheet, line, value = first.lignes[0]
            where = f"{file}{f', feuille « {sheet} »' if sheet else ''}, ligne {line}"
            place = f" Première ligne en cause : {where} (« {value} »)."
        more = f" {len(self.refusals) - 1} autre(s) contrôle(s) refusé(s)." if len(self.refusals) > 1 else ""
        told = f"Table « {first.table} » refusée : {first.description}.{place}{more}"
        raise DataError(f"{told} Corriger la source ; rien n'a été écrit.")

    def as_records(self) -> list[dict[str, Any]]:
        """Every finding as plain values for JSON: same data, same text; no run id, no clock."""
        return [finding.as_record() for finding in self.findings]


def text_of(value: object) -> str:
    """A cell as an evaluator would write it."""
    if pd.isna(value):
        return "vide"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%d/%m/%Y")
    if pd.api.types.is_bool(value):
        return "oui" if value else "non"
    if pd.api.types.is_float(value):
        return str(float(value)).removesuffix(".0").replace(".", ",")
    return str(value)
