"""Two editions of one report compared: one row a change, in six rubrics, each change with its cause."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from pipelines.editions.causes import (
    CORRECTION,
    DATA,
    METHOD,
    PARAMETER,
    Causes,
    changed,
    changed_parameters,
    corrected_files,
    keyed,
    unseen_files,
)
from pipelines.editions.edition import Balance, Edition, Input
from pipelines.editions.figures import compare_figures
from pipelines.editions.inputs import SHORT
from pipelines.errors import UsageError

# In the order of the straight line: what came in, what became of it, what was shown, how it was made.
RUBRICS = {
    "entrees": "Fichiers",
    "lignes": "Lignes lues",
    "corrections": "Corrections",
    "chiffres": "Chiffres",
    "controles": "Contrôles",
    "methode": "Méthode et paramètres",
}
# What two reports of different years may be compared by: their figures are not two editions of the same ones.
ACROSS_YEARS = ("entrees", "methode")
COLUMNS = ["rubrique", "objet", "ligne", "colonne", "changement", "avant", "apres", "cause", "detail_cause"]
_NONE = "absent"
_COUNTS = {"lues": "lues", "retenues": "retenues", "ecartees": "écartées", "hors_donnees": "hors données"}
# Columns of a change that each rubric has a use for, as a page shows them; its cause follows, but of the last, where it
# would repeat the change.
_SHOWN = {
    "entrees": ("objet", "changement", "avant", "apres"),
    "lignes": ("objet", "avant", "apres"),
    "corrections": ("objet", "ligne", "colonne", "changement", "avant", "apres"),
    "chiffres": ("objet", "ligne", "colonne", "changement", "avant", "apres"),
    "controles": ("objet", "ligne", "avant", "apres"),
    "methode": ("objet", "avant", "apres"),
}
_NAMES = {
    "entrees": {"objet": "fichier"},
    "lignes": {"objet": "fichier"},
    "corrections": {"objet": "fichier", "avant": "motif_avant", "apres": "motif_apres"},
    "chiffres": {"objet": "tableau"},
    "controles": {"objet": "table", "ligne": "controle"},
    "methode": {"objet": "composant"},
}
_MAY_GO = ("ligne", "colonne", "changement")
Change = dict[str, str]


def compare_editions(before: Edition, after: Edition) -> pd.DataFrame:
    """Every change from one edition to the other, as text, in the columns `COLUMNS`; no row where nothing changed.

    `rubrique`: a key of `RUBRICS`. `cause`: données, correction, paramètre, méthode, or « plusieurs causes possibles »,
    all of them then told in `detail_cause`: nothing here parts their shares. Of two different years, files and method
    alone. UsageError where these are not two editions of one report.
    """
    _refuse_others(before, after)
    causes = Causes(before, after)
    rubrics = {
        "entrees": lambda: _inputs(before, after),
        "lignes": lambda: _rows(before, after, causes),
        "corrections": lambda: _corrections(before, after),
        "chiffres": lambda: _figures(before, after, causes),
        "controles": lambda: _checks(before, after, causes),
        "methode": lambda: _method(before, after),
    }
    kept = ACROSS_YEARS if before.annee != after.annee else RUBRICS
    lines = [{"rubrique": name, **line} for name in kept for line in rubrics[name]()]
    return pd.DataFrame(lines, columns=COLUMNS, dtype="str").fillna("")


def count_changes(changes: pd.DataFrame) -> pd.DataFrame:
    """What each rubric has of changes: rubrique (in words), nb_changements, cause (all that were met, with numbers)."""
    rows = []
    for name, label in RUBRICS.items():
        own = changes[changes["rubrique"] == name]
        causes = own["cause"].value_counts(sort=False)
        told = ", ".join(f"{cause} ({number})" if len(causes) > 1 else cause for cause, number in causes.items())
        rows.append({"rubrique": label, "nb_changements": len(own), "cause": told})
    return pd.DataFrame(rows, columns=["rubrique", "nb_changements", "cause"])


def present(changes: pd.DataFrame, rubric: str) -> pd.DataFrame:
    """The changes of one rubric in the columns that a reader needs, the cause and its detail in one.

    A column that says nothing here, or nothing but « modifié », is left out.
    """
    own = changes[changes["rubrique"] == rubric].reset_index(drop=True)
    told_apart = [name for name in _SHOWN[rubric] if name not in _MAY_GO or not own[name].isin(["", "modifié"]).all()]
    shown = own[told_apart].rename(columns=_NAMES[rubric])
    if rubric in ("entrees", "corrections", "methode"):
        return shown
    told = [
        f"{cause} : {what}" if what else cause for cause, what in zip(own["cause"], own["detail_cause"], strict=True)
    ]
    return shown.assign(cause=told)


def _refuse_others(before: Edition, after: Edition) -> None:
    for what, old, new in (
        ("deux contrats différents", before.contrat, after.contrat),
        ("deux rapports différents", before.notebook, after.notebook),
        ("deux pages différentes d'un même rapport", before.sujet, after.sujet),
    ):
        if old != new:
            raise UsageError(
                f"« {old} » et « {new} » sont {what} : leurs chiffres ne se comparent pas. Donner deux éditions du "
                "même rapport."
            )


def _inputs(before: Edition, after: Edition) -> Iterator[Change]:
    old, new = ({file.id: file for file in edition.entrees} for edition in (before, after))
    for name in dict.fromkeys([*new, *old]):
        mine, other = old.get(name), new.get(name)
        if mine is None or other is None:
            line = other or mine
            told = "ajouté" if mine is None else "retiré"
            yield _change(line.fichier, told, _bytes(mine), _bytes(other), DATA)  # type: ignore[union-attr]
            continue
        if mine.sha256 != other.sha256:
            yield _change(other.fichier, "contenu modifié", _bytes(mine), _bytes(other), DATA)
        elif mine.fichier != other.fichier:
            yield _change(other.fichier, "renommé", mine.fichier, other.fichier, DATA)
        if mine.declaration != other.declaration:
            yield _change(other.fichier, "déclaration modifiée", mine.declaration, other.declaration, PARAMETER)


def _bytes(file: Input | None) -> str:
    return f"{file.millesime} ({file.sha256[:SHORT]})" if file else _NONE


def _rows(before: Edition, after: Edition, causes: Causes) -> Iterator[Change]:
    old, new = ({(one.fichier, one.feuille, one.table): one for one in edition.balance} for edition in (before, after))
    for key, mine, other in changed(old, new):
        file, sheet, table = key
        sources = [one.id_source for one in (mine, other) if one]
        where = f"{file}, feuille « {sheet} »" if sheet else file
        yield _change(where, "bilan modifié", _counts(mine), _counts(other), *causes.of(sources), ligne=table)


def _counts(line: Balance | None) -> str:
    return ", ".join(f"{getattr(line, name)} {label}" for name, label in _COUNTS.items()) if line else _NONE


def _corrections(before: Edition, after: Edition) -> Iterator[Change]:
    old, new = keyed(before), keyed(after)
    for key, mine, other in changed(old, new):
        file, sheet, line, column = key
        where = f"feuille « {sheet} », {line}" if sheet else str(line)
        told = "ajoutée" if mine is None else "retirée" if other is None else "modifiée"
        texts = [one.motif if one else _NONE for one in (mine, other)]
        yield _change(file, told, *texts, CORRECTION, ligne=where, colonne=column)
    files = corrected_files(before, after)
    if not files:
        for name in unseen_files(before, after):
            yield _change(name, "contenu modifié", "", "", CORRECTION)
    for file in sorted(files - {key[0] for key, *_ in changed(old, new)}):
        yield _change(file, "valeur corrigée peut-être modifiée", "", "", CORRECTION)


def _figures(before: Edition, after: Edition, causes: Causes) -> Iterator[Change]:
    for line in compare_figures(before.montre, after.montre):
        yield _change(
            line.shown.name,
            line.changement,
            line.avant,
            line.apres,
            *causes.of(line.sources),
            ligne=line.ligne,
            colonne=line.colonne,
        )


def _checks(before: Edition, after: Edition, causes: Causes) -> Iterator[Change]:
    tables = dict.fromkeys([*before.controles, *after.controles])
    for table in tables:
        sources = {
            one for edition in (before, after) if table in edition.controles for one in edition.controles[table].sources
        }
        for name, mine, other in changed(_verdicts(before, table), _verdicts(after, table)):
            yield _change(table, "verdict modifié", mine or _NONE, other or _NONE, *causes.of(sources), ligne=name)


def _verdicts(edition: Edition, table: str) -> dict[str, Any]:
    held = edition.controles[table].conformes if table in edition.controles else ()
    broken = {
        line.description: f"non conforme ({line.observe or _lines(line.nb_lignes)})"
        for line in edition.verdict.avertissements
        if line.table == table
    }
    return dict.fromkeys(held, "conforme") | broken


def _lines(number: int) -> str:
    return f"{number} ligne{'s' * (number > 1)}"


def _method(before: Edition, after: Edition) -> Iterator[Change]:
    yield from _told(
        METHOD,
        [
            ("version du projet", before.version, after.version),
            ("code du projet (empreinte)", before.methode[:SHORT], after.methode[:SHORT]),
            ("notebook (empreinte)", before.empreinte_notebook[:SHORT], after.empreinte_notebook[:SHORT]),
            *((f"bibliothèque {name}", old, new) for name, old, new in changed(before.versions, after.versions)),
        ],
    )
    yield from _told(
        PARAMETER,
        [
            *((f"paramètre {name}", old, new) for name, old, new in changed_parameters(before, after)),
            *((f"seuil {name}", old, new) for name, old, new in changed(before.seuils, after.seuils)),
            ("date d'arrêté", before.date_arret, after.date_arret),
            ("réglages de contrat.yml (empreinte)", before.declarations, after.declarations),
        ],
    )


def _told(cause: str, lines: Iterable[tuple[str, Any, Any]]) -> Iterator[Change]:
    for name, old, new in lines:
        if old != new:
            yield _change(name, "modifié", _text(old), _text(new), cause)


def _text(value: Any) -> str:
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _change(
    objet: str,
    changement: str,
    avant: str,
    apres: str,
    cause: str,
    detail: str = "",
    *,
    ligne: str = "",
    colonne: str = "",
) -> Change:
    return {
        "objet": objet,
        "ligne": ligne,
        "colonne": colonne,
        "changement": changement,
        "avant": avant,
        "apres": apres,
        "cause": cause,
        "detail_cause": detail,
    }
