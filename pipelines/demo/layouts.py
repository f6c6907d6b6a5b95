"""The shape of a yearly file: name, sheets, headers in order, and how it writes states, places, amounts, yes and no."""

from dataclasses import dataclass, field

FOLDER = "programmation"
MENTION = "données fictives de démonstration"

# Columns that a file carries and that nobody reads: never named in the canonical table.
NUMBER, TOTAL_PLANNED, TOTAL_REACHED, COMMENT, NOTICE = "n", "total_prevu", "total_realise", "commentaire", "mention"
UNREAD = (NUMBER, TOTAL_PLANNED, TOTAL_REACHED, COMMENT, NOTICE)

STATES = {"finance": "Financé", "refuse": "Refusé", "ineligible": "Inéligible", "retire": "Retiré"}
STATES |= {"realise": "Réalisé", "justifie": "Justifié"}


@dataclass(frozen=True)
class Layout:
    """One file. `headers`: canonical or unread column → label, in the order of the file."""

    year: int
    form: str
    headers: dict[str, str]
    sheets: tuple[str, ...] = ()
    states: dict[str, str] = field(default_factory=lambda: STATES)
    booleans: tuple[str, str] = ("Oui", "Non")
    orientations: tuple[str, ...] = tuple(f"O{i}" for i in range(1, 7))
    place_separator: str = " | "
    # « codes », « noms » or « graphies » (spellings)
    places: str = "codes"
    spaced_siret: bool = False
    # « 1234,50 », « 1 234,50 » or « 1 234,50 € »
    thousands: str = " "
    currency: str = " €"

    @property
    def file(self) -> str:
        """Path of the file, relative to the contract folder."""
        suffix = "xlsx" if self.form == "classeur" else "csv"
        return f"{FOLDER}/{self.year}_programmation_fictive.{suffix}"

    @property
    def mapping(self) -> dict[str, str]:
        """Label → canonical column, unread columns left out."""
        return {label: name for name, label in self.headers.items() if name not in UNREAD}

    @property
    def ignored(self) -> list[str]:
        """Labels of the unread columns."""
        return [label for name, label in self.headers.items() if name in UNREAD]
