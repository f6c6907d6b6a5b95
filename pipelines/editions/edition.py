"""One edition of a report, as the provenance of its page tells it: figures as they were read, and their making."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.errors import OseError

# Between the cells of a kept row; no displayed text holds one.
TAB = "\t"


class _Told(BaseModel):
    """A part of a provenance; keys that no comparison needs are left where they are."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Shown(_Told):
    """A table, the data of a figure or key figures, as read: `lignes` are the displayed cells, parted by tabs.

    `colonnes`: names of the columns, `libelles`: their heads; `nb_cles`: how many first columns may name a row.
    """

    genre: str
    numero: int
    titre: str
    cle: str = ""
    sources: tuple[str, ...]
    colonnes: tuple[str, ...]
    libelles: tuple[str, ...]
    nb_cles: int
    lignes: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The displayed cells, row by row."""
        return [tuple(line.split(TAB)) for line in self.lignes]

    @property
    def name(self) -> str:
        """« Tableau 3. Montants par orientation »."""
        return f"{self.genre} {self.numero}" + (f". {self.titre}" if self.titre != self.genre else "")


class Input(_Told):
    """One file that a page cites: its bytes, its vintage, and a digest of how contrat.yml declares that it is read."""

    id: str
    fichier: str
    sha256: str
    millesime: str
    declaration: str


class Corrected(_Told):
    """One corrected cell; `empreinte` also says its values, unless they may count persons (`est_protegee`)."""

    fichier: str
    feuille: str
    ligne: int
    colonne: str
    motif: str
    empreinte: str
    est_protegee: bool


class Balance(_Told):
    """What became of the rows of one sheet."""

    id_source: str
    fichier: str
    feuille: str
    table: str
    lues: int
    retenues: int
    ecartees: int
    hors_donnees: int


class Checked(_Told):
    """The checks of one table that held, and the sources that feed it."""

    sources: tuple[str, ...]
    conformes: tuple[str, ...]


class Warned(_Told):
    """One check that did not hold."""

    table: str
    description: str
    nb_lignes: int
    observe: str


class Verdict(_Told):
    """The checks that did not hold, of all tables."""

    avertissements: tuple[Warned, ...]


class Parameter(_Told):
    """One parameter of the notebook."""

    nom: str
    valeur: Any


class Edition(_Told):
    """One edition of one report: which one, what it showed, what it was made from."""

    titre: str
    notebook: str
    contrat: str
    nom_contrat: str
    annee: int
    sujet: str = ""
    interne: bool = False
    fictif: bool
    date_arret: str
    montre: tuple[Shown, ...]
    parametres: tuple[Parameter, ...]
    seuils: dict[str, Any]
    declarations: str
    entrees: tuple[Input, ...]
    autres_entrees: str
    balance: tuple[Balance, ...]
    corrections: tuple[Corrected, ...]
    fichiers_corrections: dict[str, str]
    controles: dict[str, Checked]
    verdict: Verdict
    version: str
    methode: str
    empreinte_notebook: str
    versions: dict[str, str]

    @property
    def name(self) -> str:
        """« 7_rapport_annuel 2022 », with its subject where it has one."""
        return " ".join(part for part in (self.notebook, self.sujet, str(self.annee)) if part)


def parse_edition(text: str, name: str, refusal: type[OseError]) -> Edition:
    """The edition of a text in JSON; `refusal`, with one sentence, where the file called `name` holds none."""
    try:
        return Edition.model_validate_json(text)
    except ValidationError as error:
        lacking = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"] and fault["type"] == "missing"}
        if "montre" in lacking and "notebook" not in lacking:
            raise refusal(
                f"{name} ne garde pas les chiffres de son rapport : il vient d'une version antérieure d'ose, ou ce "
                "n'est pas un rapport de notebook. Reconstruire cette édition avec la version présente (ose build), "
                "puis recommencer."
            ) from error
        raise refusal(
            f"{name} n'est pas l'édition d'un rapport. Donner le fichier .json que ose build écrit à côté de la page, "
            "sans le modifier."
        ) from error
