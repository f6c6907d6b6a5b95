"""What is left to ask, and to whom: of each commitment, what its own row leaves unsaid. Nobody's answer is guessed."""

import re
from typing import Any

import pandas as pd

from pipelines.indicators.commitments import SILENT
from pipelines.numbers import NARROW, format_euros

# Nothing more to ask of what is over.
CLOSED = ("tenu", "non_tenu", "sans_objet")
_YEAR = re.compile(r"\b20\d\d\b")


def ask_partners(ledger: pd.DataFrame) -> pd.DataFrame:
    """Commitments with the questions that their rows leave open, in the order of `ledger`.

    `ledger`: `commitments.read_ledger`. Columns: nom_partenaire, libelle_engagement, libelle_statut, question (« »
    where nothing is left to ask): where it stands if nobody told, by what it will be seen to be kept if it cannot be
    verified, by when if no year is written, even in its words, how much was paid of an amount. None of a commitment
    that is over.
    """
    columns = ["nom_partenaire", "libelle_engagement", "libelle_statut"]
    questions = [" ".join(_ask(row)) for row in ledger.astype("object").to_dict("records")]
    return ledger[columns].assign(question=pd.Series(questions, index=ledger.index, dtype="str")).reset_index(drop=True)


def _ask(row: dict[str, Any]) -> list[str]:
    if row["statut"] in CLOSED:
        return []
    asked = [f"Où en est-il{NARROW}?"] if row["statut"] == SILENT else []
    if row["verifiable"] != "oui":
        asked.append(f"À quoi verra-t-on qu'il est tenu{NARROW}?")
    words = f"{row['libelle_engagement']} {row['note']}"
    if pd.isna(row["annee_fin"]) and not _YEAR.search(words):
        asked.append(f"Pour quelle date{NARROW}?")
    if pd.notna(row["montant"]) and pd.isna(row["montant_execute"]):
        asked.append(f"Combien est dépensé, sur {format_euros(row['montant'])}{NARROW}?")
    return asked
