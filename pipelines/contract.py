"""`contrat.yml` → `Contract`: identity, years, orientations, thresholds and sources of one contrat de ville.

The file is the only configuration of a contract. A wrong key, a missing file or a changed file stops here, with the
line of `contrat.yml` and the nearest known key.
"""

import datetime
import functools
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from pipelines.declarations import line_of, place_of, read_yaml, say_fault, unfilled, worst_fault
from pipelines.editions import DeclaredEdition
from pipelines.errors import DataError, UsageError
from pipelines.fingerprint import digest_file
from pipelines.identity import Accessibility, Audit, Orientation, Thresholds, Years
from pipelines.indicators.gender.tree import Tree, declarable_keys
from pipelines.logic_models import LogicModel, read_models
from pipelines.mappings import MAPPINGS, complete_source, read_mappings
from pipelines.paths import NATIONAL, RAW, contract_folder
from pipelines.publication import Publishers, declarable
from pipelines.sources import Source, Text
from pipelines.tables import CREDITS, CUTS, FUNDERS

# The decision tree of the gender marker, in the contract's folder.
TREE = "marqueur/arbre.yml"
# What the marking form appends to: read as soon as it is there, whatever contrat.yml says.
RATINGS = Source(
    id="saisie_marqueur",
    fichier="saisies/marqueur.csv",
    table="notations_marqueur",
    titre="Notations du marqueur égalité saisies dans le formulaire",
    editeur="Instructeur·rices du contrat",
    licence="document interne",
    millesime="saisie en continu",
    fictif=False,
)


class Contract(BaseModel):
    """One contrat de ville. `dossier` and `nom_dossier` come from where the file lies, the rest from its text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    nom: Text
    code_contrat: str = ""
    code_epci: Text
    nom_epci: Text
    annees: Years
    date_arret: datetime.date
    statut_rapport: Literal["projet", "definitif"] = "projet"
    annee_marqueur: int
    orientations: tuple[Orientation, ...]
    seuils: Thresholds = Thresholds()
    # How persons reached are cut for publication: every cut more hides a little more of the others.
    coupes_personnes: tuple[Literal[CUTS], ...] = ("orientation", "territoire")
    # Communes with nothing but a QVA that the contract counts without naming them.
    communes_non_identifiees: int = Field(default=0, ge=0)
    # Funder → what its grants are; a funder left out is unknown, and counted as neither.
    nature_credits: dict[Literal[FUNDERS], Literal[CREDITS]] = {}
    # Euros that the committee voted for each year: what the programmes are compared with.
    totaux_votes: dict[int, float] = {}
    # Counts and vocabularies that the expectations of this contract refer to by name.
    parametres_validation: dict[str, int | float | list[str]] = {}
    # Granting bodies by funder code: what `ose export scdl` cannot read in the tables.
    publication_scdl: Publishers = {}
    accessibilite: Accessibility = Accessibility()
    # Former editions of reports, that the present ones compare themselves with; the last of a report and a year holds.
    editions: tuple[DeclaredEdition, ...] = ()
    sources: tuple[Source, ...]
    # The gender marker's tree, from TREE; none where the contract has no such file.
    arbre_marqueur: Tree | None = None
    # Logic-impact models, from their folder; their files are among the sources.
    modeles: tuple[LogicModel, ...] = ()
    dossier: Path
    sources_nationales: tuple[Source, ...] = ()

    @field_validator("totaux_votes")
    @classmethod
    def _of_its_years(cls, votes: dict[int, float], info: ValidationInfo) -> dict[int, float]:
        years = info.data.get("annees")
        for year in votes if years else ():
            if not years.debut <= year <= years.fin:
                raise ValueError(f"{year} n'est pas une année du contrat")
        return votes

    @property
    def nom_dossier(self) -> str:
        """Name of the contract's folder, under which its tables and reports are written."""
        return self.dossier.name

    def located(self) -> list[tuple[Source, Path]]:
        """Every source with the path of its file, the contract's own first, then the national ones."""
        own = [(source, self.dossier / source.fichier) for source in self.sources]
        return own + [(source, RAW / source.fichier) for source in self.sources_nationales]


def read_contract(contrat: str) -> Contract:
    """The contract of a folder name or path, its sources checked on disk. UsageError if absent, DataError if wrong."""
    folder = contract_folder(contrat)
    path = folder / "contrat.yml"
    if not path.is_file():
        known = sorted(p.parent.name for p in RAW.glob("*/contrat.yml"))
        raise UsageError(
            f"Contrat « {contrat} » introuvable : il n'y a pas de fichier {path.name} dans ce dossier. "
            f"Contrats connus : {', '.join(known) or 'aucun'}. Indiquer l'un d'eux, ou le chemin d'un dossier."
        )
    national = NATIONAL / "sources.yml"
    content = read_yaml(path)
    _refuse_unfilled(path, content)
    # Updated, not copied: the mapping that ruamel made knows the line of each key.
    content["dossier"] = folder
    tree = folder / TREE
    content["arbre_marqueur"] = read_yaml(tree) if tree.is_file() else None
    content["sources_nationales"] = _read_national(national, _stamp(national)) if national.is_file() else []
    _complete(content, path)
    if "modeles" in content:
        line = line_of(content, ["modeles"])
        raise DataError(f"{path.name}, ligne {line} : les modèles logiques se déposent dans logique_impact/.")
    contract = _with_models(_with_ratings(_validate(path, content)))
    _check_files(contract, path)
    return contract


@functools.lru_cache(maxsize=2)
def _read_national(path: Path, stamp: tuple[int, int]) -> list[dict[str, Any]]:
    """The declared sources of all France: read once for all contracts, and again if the file has changed."""
    return read_yaml(path).get("sources", [])


@functools.lru_cache(maxsize=2)
def _known_mappings(path: Path, stamp: tuple[int, int]) -> dict[str, dict[str, Any]]:
    """The named mappings: likewise."""
    return read_mappings(path)


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when a file is written: its time and its size; zeros where there is none."""
    if not path.is_file():
        return 0, 0
    state = path.stat()
    return state.st_mtime_ns, state.st_size


def _with_ratings(contract: Contract) -> Contract:
    """The contract with the form's file among its sources, if it is there and no source of its own reads it."""
    declared = {PurePosixPath(source.fichier) for source in contract.sources}
    if PurePosixPath(RATINGS.fichier) in declared or not (contract.dossier / RATINGS.fichier).is_file():
        return contract
    return contract.model_copy(update={"sources": (*contract.sources, RATINGS)})


def _with_models(contract: Contract) -> Contract:
    """The contract with the logic-impact models of its folder, and their files among its sources."""
    models = read_models(contract.dossier)
    drawn = tuple(source for model in models for source in model.sources)
    return contract.model_copy(update={"modeles": models, "sources": (*contract.sources, *drawn)})


def _complete(content: dict[str, Any], path: Path) -> None:
    """Fill in place the sources that cite a mapping. DataError, with the line of the source, where it is not known."""
    known = _known_mappings(MAPPINGS, _stamp(MAPPINGS))
    for rank, source in enumerate(content.get("sources") or []):
        if isinstance(source, dict) and source.get("correspondance"):
            try:
                source.update(complete_source(source, known))
            except DataError as error:
                raise DataError(f"{path.name}, ligne {line_of(content, ('sources', rank))} : {error}") from error


def _refuse_unfilled(path: Path, content: dict[str, Any]) -> None:
    """DataError where the identity that `ose new` left open is not filled in; a source may say what nobody knows."""
    left = [where for key in content if key != "sources" for where in unfilled(content[key], (key,))]
    if left:
        named = ", ".join(f"« {' > '.join(map(str, where))} » (ligne {line_of(content, where)})" for where in left)
        raise DataError(f"{path.name} : il reste à compléter {named}. Écrire ces valeurs, puis relancer.")


def _validate(path: Path, content: dict[str, Any]) -> Contract:
    try:
        return Contract.model_validate(content)
    except ValidationError as error:
        first = worst_fault(error)
        # A tree names the place of a fault itself: it may lie far from the key that is checked.
        whole = (*first["loc"], *getattr(first.get("ctx", {}).get("error"), "where", ()))
        of_tree = whole[0] == "arbre_marqueur"
        location = ["sources" if part == "sources_nationales" else part for part in (whole[1:] if of_tree else whole)]
        files = {"sources_nationales": "_national/sources.yml", "arbre_marqueur": TREE}
        file = files.get(str(first["loc"][0]), path.name)
        told = say_fault(first, location, declarable_keys if of_tree else _known_keys)
        raise DataError(f"{place_of(file, content, whole)} : {told}") from error


def _known_keys(location: Sequence[str | int]) -> Iterable[str]:
    """The keys that contrat.yml may hold where one is unknown."""
    model = {
        "sources": Source,
        "editions": DeclaredEdition,
        "orientations": Orientation,
        "annees": Years,
        "seuils": Thresholds,
        "accessibilite": Audit if "audit" in location[:-1] else Accessibility,
    }
    if location[0] == "publication_scdl" and len(location) > 1:
        return declarable(location)
    return (model.get(str(location[0]), Contract) if len(location) > 1 else Contract).model_fields


def _check_files(contract: Contract, path: Path) -> None:
    for edition in contract.editions:
        if not (contract.dossier / edition.fichier).is_file():
            raise DataError(
                f"L'édition {edition.fichier} que {path.name} déclare sous « editions » est introuvable. La déposer à "
                "cet endroit, ou corriger « fichier »."
            )
    seen: set[str] = set()
    for source, file in contract.located():
        if source.id in seen:
            raise DataError(f"{path.name} : deux sources portent l'identifiant « {source.id} ». En renommer une.")
        seen.add(source.id)
        if not file.is_file():
            raise DataError(
                f"Le fichier {source.fichier} de la source « {source.id} » est introuvable dans {file.parent.name}/. "
                "Le déposer à cet endroit, ou corriger « fichier » dans contrat.yml."
            )
        if source.sha256 and digest_file(file) != source.sha256:
            raise DataError(
                f"Le fichier {source.fichier} a changé depuis sa réception : son empreinte n'est plus celle de la "
                f"source « {source.id} » dans contrat.yml. Remettre le fichier reçu, ou déclarer la nouvelle version "
                "(sha256 et date_acces)."
            )


@functools.cache
def known_contracts() -> tuple[str, ...]:
    """Names of the contract folders under `data/raw/`, sorted."""
    return tuple(sorted(path.parent.name for path in RAW.glob("*/contrat.yml")))
