"""What a contract says of itself in `contrat.yml`: its orientations, its years, its thresholds, whom to write to."""

import datetime

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.sources import Text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Orientation(_Strict):
    """One orientation of the contract; `est_fictif` when its label is ours."""

    code: Text
    libelle: Text
    est_fictif: bool


class Years(_Strict):
    """First and last programming year of the contract, both included."""

    debut: int
    fin: int

    @model_validator(mode="after")
    def _ordered(self) -> "Years":
        if self.debut > self.fin:
            raise ValueError("l'année de début dépasse l'année de fin")
        return self


class Thresholds(_Strict):
    """Thresholds that every report reads.

    Smallest count shown (persons, fiscal households), small grants (euros), smallest base of a share.
    """

    petit_effectif: int = 5
    menages_fiscaux: int = 11
    petite_subvention: float = 3000.0
    base_minimale_part: int = 20


class Audit(_Strict):
    """An accessibility audit of the pages: when, by whom, the share of criteria met (0 to 100), what fails."""

    date: datetime.date
    organisme: Text
    referentiel: Text = "RGAA 4.1.2"
    taux: float = Field(ge=0, le=100)
    non_conformites: tuple[Text, ...] = ()


class Accessibility(_Strict):
    """What the accessibility declaration cannot guess: whom to write to, and the audit, if there has been one."""

    contact: str = ""
    audit: Audit | None = None
