"""Does a commentary still speak of the figures that are shown, and if not, what changed: its state, told in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.report.spoken import Cell, Change, compare_cells, fingerprint_cells, read_cells

MISSING, FRESH, STALE = "a_rediger", "redige", "a_relire"
_NO_FINGERPRINT = "Ce commentaire ne dit pas de quels chiffres il parle."
_CHANGED = "Les chiffres de cette section ont changé depuis ce commentaire."
_NOT_KEPT = f"{_CHANGED} Les anciens n'ont pas été gardés : on ne peut pas dire lesquels."
_OTHER_FILE = (
    f"{_CHANGED} Les anciens sont inconnus : le fichier {{}}.chiffres.csv ne répond pas à l'empreinte du commentaire, "
    "il est ignoré."
)
_ORDER = "L'ordre des lignes ou des colonnes a changé depuis ce commentaire ; les valeurs sont les mêmes."


@dataclass(frozen=True)
class Judged:
    """The state of a commentary: `etat` (a_rediger, redige, a_relire), the fingerprint of the figures shown now.

    Where it is to be read again, `pourquoi` says why, `changes` what changed, `commande` how to accept the figures.
    """

    etat: str
    empreinte: str
    pourquoi: str = ""
    changes: Sequence[Change] = ()
    commande: str = ""


def judge_comment(comment: Mapping[str, str] | None, cells: Sequence[Cell], section: str, notebook: str) -> Judged:
    """The state of what was written (texte, empreinte, chiffres: the CSV text kept beside it) about these cells."""
    fingerprint = fingerprint_cells(cells)
    if comment is None:
        return Judged(MISSING, fingerprint)
    if comment["empreinte"] == fingerprint:
        return Judged(FRESH, fingerprint)
    why, changes = _explain(comment, cells, section)
    return Judged(STALE, fingerprint, why, changes, f"ose comments accepter {notebook} {section}")


def _explain(comment: Mapping[str, str], cells: Sequence[Cell], section: str) -> tuple[str, Sequence[Change]]:
    if not comment["empreinte"]:
        return _NO_FINGERPRINT, ()
    if not comment["chiffres"]:
        return _NOT_KEPT, ()
    kept = read_cells(comment["chiffres"], comment["empreinte"])
    if kept is None:
        return _OTHER_FILE.format(section), ()
    changes = compare_cells(kept, cells)
    return (_CHANGED if changes else _ORDER), changes
