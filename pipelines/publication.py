"""What a public body declares in `contrat.yml` to publish its grants: who it is, and what each year's conventions say.

Nothing is required: a contract that publishes nothing declares nothing, and `ose export scdl` says what lacks.
"""

import datetime
import difflib
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pipelines.tables import FUNDERS


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class YearOfGrants(_Declared):
    """What the conventions of one year have in common: their date, the decision, how and when the money is paid."""

    date_convention: datetime.date | None = None
    # By code_action, the conventions that were signed on another day.
    conventions: dict[str, datetime.date] = {}
    date_decision: datetime.date | None = None
    reference_decision: str = ""
    conditions_versement: Literal["unique", "échelonné", "autre"] | None = None
    description_versement: Annotated[str, Field(max_length=256)] = ""
    debut_versement: datetime.date | None = None
    fin_versement: datetime.date | None = None
    notification_ue: Literal["oui", "non"] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "YearOfGrants":
        if self.debut_versement and self.fin_versement and self.debut_versement > self.fin_versement:
            raise ValueError("debut_versement est après fin_versement")
        return self


class Publisher(_Declared):
    """One granting body; `est_fictif` when what is declared here is a demonstration, not its own words."""

    nom: str = ""
    siret: str = ""
    nom_service_instructeur: str = ""
    siret_service_instructeur: str = ""
    est_fictif: bool = False
    exercices: dict[int, YearOfGrants] = {}


def _check_funders(publishers: dict[str, Publisher]) -> dict[str, Publisher]:
    for funder in publishers:
        if funder not in FUNDERS:
            near = difflib.get_close_matches(funder, FUNDERS, n=1)
            raise ValueError(f"financeur « {funder} » inconnu ; {'le plus proche' if near else 'financeurs'} : "
                             f"{', '.join(near or FUNDERS)}")  # fmt: skip
    return publishers


Publishers = Annotated[dict[str, Publisher], AfterValidator(_check_funders)]


def declarable(location: list[str | int]) -> dict[str, Any]:
    """The keys that may stand where `location`, a path in `contrat.yml` under `publication_scdl`, points."""
    return YearOfGrants.model_fields if "exercices" in location[:-1] else Publisher.model_fields
