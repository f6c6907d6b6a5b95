"""The years that a report of a period speaks of: from one year of the contract to another, both included."""

from collections.abc import Mapping
from typing import Any

from pipelines.errors import UsageError


def default_year(manifest: Mapping[str, Any]) -> int:
    """The year of a report where none is asked: the last of which there is a programme, else the contract's last.

    `manifest`: the certificate of the contract's tables.
    """
    last = manifest["contrat"]["annees"]["fin"]
    return min(last, max((line["annee"] for line in manifest["annees"]), default=last))


def resolve_period(
    annees: tuple[int, int], annee_debut: int | None, annee_fin: int | None, finale: bool
) -> tuple[int, int]:
    """First and last year of an evaluation of a contract whose first and last years are `annees`.

    Without `annee_debut`, the contract's first. Without `annee_fin`, the year after the first one evaluated, or the
    contract's last where the evaluation is `finale`. One year alone is a period. UsageError on a period that ends
    before it starts or leaves the contract, and on a final evaluation that stops before the contract does.
    """
    first, last = annees
    start = first if annee_debut is None else annee_debut
    end = annee_fin if annee_fin is not None else last if finale else min(start + 1, last)
    if not first <= start <= last or not first <= end <= last:
        raise UsageError(
            f"La période {start} à {end} est hors du contrat ({first} à {last}). Corriger annee_debut ou annee_fin."
        )
    if end < start:
        raise UsageError(f"La période finit en {end}, avant son début en {start}. Corriger annee_debut ou annee_fin.")
    if finale and end != last:
        raise UsageError(
            f"Une évaluation finale va jusqu'à la fin du contrat ({last}), pas {end}. Retirer annee_fin, ou finale."
        )
    return start, end


def name_period(annee_debut: int, annee_fin: int) -> str:
    """« 2015-2016 », or « 2015 » for one year."""
    return str(annee_fin) if annee_debut == annee_fin else f"{annee_debut}-{annee_fin}"
