"""What changed: from one programme to the next, and in the figures that a former edition published of past years."""

from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.monitoring.amounts import monitor_by
from pipelines.indicators.monitoring.definitions import METHOD, UNKNOWN
from pipelines.numbers import format_points, format_value
from pipelines.tables import GRANTED

# Key figures that are kept from one edition to the next: column of `monitor_by`, as readers name it.
FIGURES = {
    "nb_demandes": "Dossiers déposés",
    "nb_financees": "Actions financées",
    "taux_acceptation": "Taux d'acceptation",
    "montant_demande": "Montant demandé, actions financées",
    "montant_accorde": "Montant accordé",
    "montant_verse": "Montant versé",
    "taux_satisfaction": "Taux de satisfaction",
    "taux_versement": "Taux de versement",
}
CAUSES = {
    "empreinte_donnees": "nouvelles données",
    "empreinte_corrections": "corrections",
    "empreinte_methode": "méthode",
}
UNEXPLAINED = "cause inconnue : l'édition ne dit pas de quoi elle était faite"
# Two figures that differ by less are the same: rounding of the file that kept them.
_TOLERANCE = 0.005


def publish_figures(actions: pd.DataFrame, inputs: pd.DataFrame, edition: int) -> pd.DataFrame:
    """The key figures of every year up to `edition`, in the columns of the table `chiffres_editions`.

    `actions` carries the amounts; `inputs`: annee, empreinte_donnees, empreinte_corrections.
    """
    yearly = monitor_by(actions[actions["annee"] <= edition], "annee", total=False)
    long = yearly.melt("annee", list(FIGURES), var_name="chiffre", value_name="valeur").astype({"valeur": "Float64"})
    long = long.merge(inputs, on="annee", how="left", validate="many_to_one")
    long = long.assign(edition=str(edition), empreinte_methode=METHOD).sort_values(["annee"], kind="stable")
    columns = ["edition", "annee", "chiffre", "valeur", *CAUSES]
    return long[columns].reset_index(drop=True)


def revise_figures(current: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """The figures of one former edition that are no longer the same, with the cause.

    Both in the columns of `publish_figures`. Columns: annee, chiffre, libelle_chiffre, valeur_publiee, valeur_actuelle,
    the same two as text in their unit (publie, actuel), cause. A cause is what was not the same when the figure was
    published: the files, their corrections, the method; several may stand together: nothing here parts their effects.
    """
    both = published.merge(current, on=["annee", "chiffre"], suffixes=("_publie", ""), validate="one_to_one")
    before, after = both["valeur_publie"], both["valeur"]
    same = (before.isna() & after.isna()) | ((after - before).abs() <= _TOLERANCE).fillna(False)
    both = both[~same]
    told = [[name for column, name in CAUSES.items() if _differs(row, column)] for row in both.to_dict("records")]
    return pd.DataFrame(
        {
            "annee": both["annee"],
            "chiffre": both["chiffre"],
            "libelle_chiffre": both["chiffre"].map(FIGURES),
            "valeur_publiee": before[both.index],
            "valeur_actuelle": after[both.index],
            "publie": _write(before[both.index], both["chiffre"]),
            "actuel": _write(after[both.index], both["chiffre"]),
            "cause": [" ; ".join(names) or UNEXPLAINED for names in told],
        }
    ).reset_index(drop=True)


def _differs(row: dict[str, object], column: str) -> bool:
    before, after = row[f"{column}_publie"], row[column]
    return not pd.isna(before) and before != after


def compare_years(actions: pd.DataFrame, annee: int) -> pd.DataFrame:
    """The key figures of a year beside those of the year before.

    Columns: chiffre, libelle_chiffre, valeur_precedente, valeur, and as text in their unit: precedent, courant,
    difference in words (in points for a rate). Missing where the year before is not among the actions.
    """
    yearly = monitor_by(actions[actions["annee"].isin([annee - 1, annee])], "annee", total=False).set_index("annee")
    rows = [(name, label, *(_of(yearly, year, name) for year in (annee - 1, annee))) for name, label in FIGURES.items()]
    out = pd.DataFrame(rows, columns=["chiffre", "libelle_chiffre", "valeur_precedente", "valeur"])
    out = out.astype({"valeur_precedente": "Float64", "valeur": "Float64"})
    before, after = out["valeur_precedente"], out["valeur"]
    return out.assign(
        precedent=_write(before, out["chiffre"]),
        courant=_write(after, out["chiffre"]),
        difference=[_write_difference(gap, name) for gap, name in zip(after - before, out["chiffre"], strict=True)],
    )


def _write(values: pd.Series, names: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else format_value(value, name) for value, name in zip(values, names, strict=True)]


def _write_difference(gap: float, name: str) -> str | None:
    if pd.isna(gap):
        return None
    # In words: a sign before a figure would pass for a formula where the table is downloaded.
    size = format_points(abs(gap)).lstrip("+") if name.startswith("taux_") else format_value(abs(gap), name)
    return "égal" if gap == 0 else f"{size} de {'plus' if gap > 0 else 'moins'}"


def _of(yearly: pd.DataFrame, year: int, name: str) -> float | None:
    return yearly.loc[year, name] if year in yearly.index else None


def name_lines(actions: pd.DataFrame) -> pd.Series:
    """What tells an action from the others of its year and is the same the next year: its holder and its title."""
    holder = actions["code_siret"].fillna(actions["nom_porteur"]).fillna("")
    return holder + "|" + actions["intitule"].fillna("").str.casefold()


def trace_lines(actions: pd.DataFrame, annee: int, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """What became of the granted actions from the year before: mouvement, nb_actions, montant_accorde.

    Renewed: the dossier says so. Not found again: granted the year before, and no granted action of this year has the
    same holder (SIRET, else name) and the same title; it may go on under another title. Both are what the files allow.
    """
    kept = actions[actions["statut"].isin(granted)]
    line = name_lines(kept)
    now, before = kept["annee"] == annee, kept["annee"] == annee - 1
    renewed = kept["est_reconduction"]
    groups = {
        "Reconduites de l'année précédente": now & renewed.fillna(False),
        "Nouvelles": now & (~renewed).fillna(False),
        f"Reconduction {UNKNOWN.lower()}e": now & renewed.isna(),
        f"Financées en {annee - 1}, non retrouvées": before & ~line.isin(line[now]),
    }
    rows = [
        (name, int(rows.sum()), kept.loc[rows, "montant_accorde"].sum(min_count=1)) for name, rows in groups.items()
    ]
    out = pd.DataFrame(rows, columns=["mouvement", "nb_actions", "montant_accorde"])
    out = out.astype({"nb_actions": "Int64", "montant_accorde": "Float64"})
    return out[out["nb_actions"] > 0].reset_index(drop=True)
