"""Why a figure may not be the same in two editions: what changed among what it was made from, and nothing else."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from pipelines.editions.edition import Corrected, Edition

DATA, CORRECTION, METHOD, PARAMETER = "données", "correction", "méthode", "paramètre"
SEVERAL, UNKNOWN = "plusieurs causes possibles", "cause inconnue"
_ELSEWHERE = "un fichier ou une correction que ceci ne cite pas"
_UNSAID = "rien de ce que les deux éditions gardent n'a changé"


class Causes:
    """What changed between two editions, by what a figure may depend on: its sources, the parameters, the method."""

    def __init__(self, before: Edition, after: Edition) -> None:
        old, new = ({file.id: file for file in edition.entrees} for edition in (before, after))
        self._file = {name: file.fichier for name, file in (old | new).items()}
        either = [name for name in self._file if name not in old or name not in new]
        both = [name for name in old if name in new]
        self._data = {*either, *(name for name in both if old[name].sha256 != new[name].sha256)}
        self._declared = {name for name in both if old[name].declaration != new[name].declaration}
        mended = corrected_files(before, after)
        self._corrected = {name for name, file in self._file.items() if file in mended}
        self._parameters = [
            *(f"paramètre {name}" for name, *_ in changed_parameters(before, after)),
            *(f"seuil {name}" for name, *_ in changed(before.seuils, after.seuils)),
            *["date d'arrêté"] * (before.date_arret != after.date_arret),
            *["réglages de contrat.yml"] * (before.declarations != after.declarations),
        ]
        self._method = [
            *["code du projet"] * (before.methode != after.methode),
            *["notebook"] * (before.empreinte_notebook != after.empreinte_notebook),
            *["bibliothèques"] * (before.versions != after.versions),
        ]
        self._elsewhere = before.autres_entrees != after.autres_entrees

    def of(self, sources: Iterable[str]) -> tuple[str, str]:
        """The cause of a change in what these sources make, and its detail; several possible causes are all told.

        A file that the sources do not name is a cause only where nothing nearer is one.
        """
        cited = set(sources)
        possible = {
            DATA: self._names(self._data & cited),
            CORRECTION: self._names(self._corrected & cited),
            PARAMETER: [
                *self._parameters,
                *(f"déclaration de {name}" for name in self._names(self._declared & cited)),
            ],
            METHOD: self._method,
        }
        possible = {cause: what for cause, what in possible.items() if what}
        if not possible:
            return self._far(cited)
        if len(possible) == 1:
            return next((cause, ", ".join(what)) for cause, what in possible.items())
        return SEVERAL, " ; ".join(f"{cause} ({', '.join(what)})" for cause, what in possible.items())

    def _far(self, cited: set[str]) -> tuple[str, str]:
        others = self._names((self._data | self._corrected | self._declared) - cited)
        if others or self._elsewhere:
            named = f" : {', '.join(others)}" if others else ""
            return SEVERAL, f"données, correction ou déclaration : {_ELSEWHERE}{named}"
        return UNKNOWN, _UNSAID

    def _names(self, sources: Iterable[str]) -> list[str]:
        return sorted({self._file[name] for name in sources})


def changed(before: dict[str, object], after: dict[str, object]) -> list[tuple[str, object, object]]:
    """Keys whose values differ, with both; None where one side has none."""
    names = dict.fromkeys([*before, *after])
    return [(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def changed_parameters(before: Edition, after: Edition) -> list[tuple[str, object, object]]:
    """Parameters of the notebook that differ; the year tells two reports apart, it is no setting of one."""
    old, new = ({one.nom: one.valeur for one in edition.parametres} for edition in (before, after))
    return [line for line in changed(old, new) if line[0] not in ("annee", "contrat")]


def corrected_files(before: Edition, after: Edition) -> set[str]:
    """Files of which some correction came, went or changed, or may have."""
    told = {name for name, *_ in changed(keyed(before), keyed(after))}
    files = {key[0] for key in told}
    for name in unseen_files(before, after):
        # Values that may count persons are in no digest: what changed in them is known to the folder only.
        protected = {one.fichier for one in (*before.corrections, *after.corrections) if one.est_protegee}
        files |= {file for file in protected if PurePosixPath(file).parent == PurePosixPath(name).parent}
    return files


def unseen_files(before: Edition, after: Edition) -> list[str]:
    """Files of corrections that are no longer the same bytes."""
    return [name for name, *_ in changed(before.fichiers_corrections, after.fichiers_corrections)]


def keyed(edition: Edition) -> dict[tuple[str, str, int, str], Corrected]:
    """The corrections of an edition by the cell that they mend."""
    return {(one.fichier, one.feuille, one.ligne, one.colonne): one for one in edition.corrections}
