"""How markers are distributed, in actions and in euros, and what the committee changes."""

from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.gender.definitions import EVERY, LABELS, UNRATED, label_markers
from pipelines.indicators.monitoring.definitions import TOTAL, classes, percent
from pipelines.tables import GRANTED

# Columns of a distribution, by marker.
COUNTS = {label: f"nb_marqueur_{rank}" for rank, label in enumerate(LABELS)}
SHARES = {label: f"part_marqueur_{rank}" for rank, label in enumerate(LABELS)}
# Of a distribution in euros, what a page shows: the amounts by marker follow from it.
EUROS = ["montant_total", "montant_non_examine", *SHARES.values()]
# What a marked action carries beside its marker.
MARKS = ["marqueur", "regle", "nb_criteres", "chemin", "trajet", "drapeaux", "referentiel"]


def add_markers(actions: pd.DataFrame, rated: pd.DataFrame) -> pd.DataFrame:
    """The actions with the columns MARKS of `rate_gender_marker` and `libelle_marqueur`; no answers: not examined."""
    own = rated[["code_action", *MARKS]]
    out = actions.merge(own, on="code_action", how="left", validate="one_to_one")
    return out.assign(libelle_marqueur=label_markers(out["marqueur"]))


def count_markers(actions: pd.DataFrame, by: str | None = None, *, base_minimale: int = 1) -> pd.DataFrame:
    """Actions by marker, for each class of a column (None: only all of them), with a row for all.

    `actions` from `add_markers`. Columns: `by` (« ensemble » without), nb_actions, nb_examinees, taux_examen,
    nb_marqueur_0..2, part_marqueur_0..2 (of the examined ones; none of fewer than `base_minimale`).
    """
    name = by or "ensemble"
    groups = classes(actions[[by, "libelle_marqueur"]], by) if by else [(TOTAL, actions)]
    rows = [
        (label, len(own), *(int((own["libelle_marqueur"] == marker).sum()) for marker in LABELS))
        for label, own in groups
    ]
    out = pd.DataFrame(rows, columns=[name, "nb_actions", *COUNTS.values()])
    out = out.astype(dict.fromkeys(["nb_actions", *COUNTS.values()], "Int64"))
    examined = out[list(COUNTS.values())].sum(axis=1)
    shares = {SHARES[label]: percent(out[COUNTS[label]], examined, base_minimale) for label in LABELS}
    out = out.assign(
        nb_examinees=examined.astype("Int64"), taux_examen=percent(examined, out["nb_actions"], base_minimale), **shares
    )
    return out[[name, "nb_actions", "nb_examinees", "taux_examen", *COUNTS.values(), *SHARES.values()]]


def sum_markers(long: pd.DataFrame, by: str, *, value: str = "montant_accorde") -> pd.DataFrame:
    """Euros by marker for each class of a column, the largest first, with a row for all.

    `long`: any rows with `by`, libelle_marqueur and `value` in euros (actions, or their parts by territory or funder).
    Columns: `by`, montant_total, montant_non_examine, montant_marqueur_0..2, part_marqueur_0..2 (of examined euros).
    """
    wide = long.pivot_table(index=by, columns="libelle_marqueur", values=value, aggfunc="sum", sort=False)
    wide = wide.reindex(columns=list(EVERY))
    wide = wide.astype("Float64").fillna(0.0)
    wide = wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    wide.columns = list(wide.columns)
    out = wide.rename_axis(by).reset_index()
    out.loc[len(out)] = [TOTAL, *wide.sum()]
    examined = out[list(LABELS)].sum(axis=1)
    shares = {SHARES[label]: percent(out[label], examined) for label in LABELS}
    amounts = {label: f"montant_marqueur_{rank}" for rank, label in enumerate(LABELS)}
    out = out.assign(montant_total=out[list(EVERY)].sum(axis=1), **shares)
    out = out.rename(columns=amounts | {UNRATED: "montant_non_examine"})
    return out[[by, "montant_total", "montant_non_examine", *amounts.values(), *SHARES.values()]]


def measure_committee(actions: pd.DataFrame, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """What the funders' committee changes: euros by marker at its entry, as asked by what it grants, and granted.

    `actions` of one year from `add_markers`, with their amounts. Rows: the markers, not examined, all. Columns:
    libelle_marqueur, nb_deposees, nb_financees, montant_depose (asked by all files), montant_demande (asked by the
    granted ones), montant_accorde, and of each amount its share of examined euros: part_depose, part_demande,
    part_accorde; ecart_comite: part_accorde minus part_demande, in points.
    """
    kept = actions[actions["statut"].isin(granted)]
    sums = {
        "montant_depose": _by_marker(actions, "montant_demande"),
        "montant_demande": _by_marker(kept, "montant_demande"),
        "montant_accorde": _by_marker(kept, "montant_accorde"),
    }
    counts = {name: rows["libelle_marqueur"].value_counts().reindex(list(EVERY), fill_value=0)
              for name, rows in (("nb_deposees", actions), ("nb_financees", kept))}  # fmt: skip
    out = pd.DataFrame({**counts, **sums}, index=pd.Index(EVERY, name="libelle_marqueur"))
    out = out.astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(sums, "Float64"))
    shares = {
        f"part_{name.removeprefix('montant_')}": percent(own, pd.Series(own[list(LABELS)].sum(), index=out.index))
        for name, own in out[list(sums)].items()
    }
    out = out.assign(**{name: share.mask(out.index == UNRATED) for name, share in shares.items()})
    out = out.assign(ecart_comite=out["part_accorde"] - out["part_demande"])
    total = out[[*counts, *sums]].sum().rename(TOTAL)
    return (
        pd.concat([out, total.to_frame().T.astype(out[[*counts, *sums]].dtypes)])
        .rename_axis("libelle_marqueur")
        .reset_index()
    )


def _by_marker(actions: pd.DataFrame, amount: str) -> pd.Series:
    return actions.groupby("libelle_marqueur")[amount].sum().astype("Float64").reindex(list(EVERY), fill_value=0.0)
