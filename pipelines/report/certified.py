"""What a report knows before it shows anything: the contract, its certified tables, where their rows come from."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.commentary import select_comments
from pipelines.errors import UsageError
from pipelines.indicators.gender.tree import Tree
from pipelines.indicators.territories import name_orientations
from pipelines.paths import processed_folder
from pipelines.processed import WHOLE, declared_sources, load_table, note_read
from pipelines.tables import CERTIFIED, empty
from pipelines.values import format_date


@dataclass
class Certified:
    """A contract's certified tables, read for one year; `annee_debut`: first year of what the report speaks of.

    `certificate` is their manifest. What is read of it is noted: a page is made again when that has changed.
    """

    contrat: str
    annee: int
    certificate: dict[str, Any]
    # 0 where it was opened by hand, and speaks of one year.
    annee_debut: int = 0

    def load(self, name: str, *, facultatif: bool = False) -> pd.DataFrame:
        """One certified table of the contract, typed as `pipelines.tables` says. DataError where it is absent.

        `facultatif`: an absent table is one without rows, for what a contract may not have.

        Of `beneficiaires`, the persons reached are missing: what may be said of them is in `effectifs_publies`.
        """
        if facultatif and name in CERTIFIED and not self.holds(name):
            return empty(CERTIFIED[name])
        note_read(name)
        table = load_table(processed_folder(self.contrat), self.certificate, name)
        if name == "beneficiaires":
            table["nb_personnes"] = table["nb_personnes"].mask(table["moment"] == "realise")
        return table

    def holds(self, name: str) -> bool:
        """Has the contract this table?"""
        note_read(name)
        return name in self.certificate["tables"]

    @property
    def manifest(self) -> dict[str, Any]:
        """All that was certified, as `data/processed/<contrat>/manifest.json` says it."""
        note_read(WHOLE)
        return self.certificate

    @property
    def contract(self) -> dict[str, Any]:
        """What contrat.yml says: nom, annees, orientations, seuils, statut_rapport, date_arret, sources..."""
        return self.certificate["contrat"]

    @property
    def inputs(self) -> pd.DataFrame:
        """What the programme of each year was made from: annee, empreinte_donnees, empreinte_corrections."""
        note_read("actions")  # what it tells of them
        columns = ["annee", "empreinte_donnees", "empreinte_corrections"]
        return pd.DataFrame(self.certificate["annees"], columns=columns).astype({"annee": "Int64"})

    @property
    def tree(self) -> Tree | None:
        """The decision tree of the gender marker; None where the contract has none."""
        tree = self.contract["arbre_marqueur"]
        return tree and Tree.model_validate(tree)

    @property
    def orientations(self) -> pd.Series:
        """Orientation label by code; a label that is ours says so."""
        return pd.Series(name_orientations(self.contract["orientations"]))

    @property
    def labels(self) -> list[str]:
        """The labels of the orientations, as contrat.yml writes them: a sentence may quote them."""
        return [line["libelle"] for line in self.contract["orientations"]]

    @property
    def jour_arret(self) -> datetime.date:
        """The date at which payments and accounts are stopped: the only « today » of a report."""
        return datetime.date.fromisoformat(self.contract["date_arret"])

    @property
    def date_arret(self) -> str:
        """`jour_arret` as d/m/yyyy, a value that a sentence may hold."""
        return format_date(self.jour_arret)

    @property
    def thresholds(self) -> dict[str, Any]:
        """The contract's thresholds: petit_effectif (persons), petite_subvention (€), base_minimale_part (cases)."""
        return self.contract["seuils"]

    def comments(self, notebook: str) -> pd.DataFrame:
        """The commentaries written for a report of this year: columns of `select_comments`."""
        note_read(f"commentaires:{notebook}")  # those of others change nothing here
        table = load_table(processed_folder(self.contrat), self.certificate, "commentaires")
        return select_comments(table, self.annee, notebook)

    def cited(self, origins: Sequence[str | pd.DataFrame]) -> list[dict[str, Any]]:
        """The declared sources of some rows or whole tables, in the order of contrat.yml."""
        wanted = {name for origin in origins for name in self._origins(origin)}
        return [source for source in declared_sources(self.certificate) if source["id"] in wanted]

    def _origins(self, origin: str | pd.DataFrame) -> list[str]:
        tables = self.certificate["tables"]
        if isinstance(origin, pd.DataFrame):
            if "id_source" not in origin:
                raise UsageError(
                    "Ces lignes ne disent plus d'où elles viennent : donner à « sources » les lignes chargées."
                )
            return list(origin["id_source"].dropna().unique())
        if origin not in tables:
            raise UsageError(f"La table « {origin} » n'existe pas. Tables : {', '.join(tables)}.")
        note_read(origin)
        return tables[origin]["sources"]
