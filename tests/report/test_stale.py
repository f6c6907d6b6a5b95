"""A commentary is fresh, stale or missing, and a stale one says why and what changed."""

import pytest

from pipelines.report.spoken import Cell, Change, fingerprint_cells, write_cells
from pipelines.report.stale import Judged, judge_comment

OLD = [Cell("Taux", "A", "2020", "4,1"), Cell("Taux", "B", "2020", "5,2")]
NEW = [OLD[0]._replace(valeur="4,3"), OLD[1]]


def judge(empreinte: str, chiffres: str = "", now: list[Cell] = NEW) -> Judged:
    comment = {"texte": "Un.", "empreinte": empreinte, "chiffres": chiffres}
    return judge_comment(comment, now, "avis", "7_rapport_annuel")


def test_missing_and_fresh() -> None:
    assert judge_comment(None, NEW, "avis", "x") == Judged("a_rediger", fingerprint_cells(NEW))
    # Figures that are the same need none that were kept.
    assert judge(fingerprint_cells(NEW)) == Judged("redige", fingerprint_cells(NEW))
    assert judge(fingerprint_cells(NEW), write_cells(OLD)).etat == "redige"


def test_a_stale_one_says_what_changed_and_how_to_accept_it() -> None:
    judged = judge(fingerprint_cells(OLD), write_cells(OLD))
    assert (judged.etat, judged.empreinte) == ("a_relire", fingerprint_cells(NEW))
    assert judged.changes == [Change("Taux", "A", "2020", "4,1", "4,3")]
    assert judged.commande == "ose comments accepter 7_rapport_annuel avis"


@pytest.mark.parametrize(
    ("judged", "why"),
    [
        (judge(""), "ne dit pas de quels chiffres il parle"),
        (judge("", write_cells(OLD)), "ne dit pas de quels chiffres il parle"),
        (judge(fingerprint_cells(OLD)), "n'ont pas été gardés"),
        (judge(fingerprint_cells(OLD), write_cells(NEW)), "avis.chiffres.csv ne répond pas à l'empreinte"),
        (judge(fingerprint_cells(OLD), "n'importe quoi"), "il est ignoré"),
        (judge(fingerprint_cells(OLD), write_cells(OLD), OLD[::-1]), "les valeurs sont les mêmes"),
    ],
)
def test_a_stale_one_says_why_it_cannot_tell(judged: Judged, why: str) -> None:
    assert judged.etat == "a_relire"
    assert why in judged.pourquoi
    assert judged.changes in ((), [])
