"""Gaps of a territory to what surrounds it. Source: domain brief, section 8."""

import pandas as pd

from pipelines.indicators.observation.selection import select


def gap_to_reference(
    observations: pd.DataFrame, territories: pd.DataFrame, indicator: str, reference: str
) -> pd.DataFrame:
    """Gap of each quartier to a reference territory, in the indicator's unit; refused where source or vintage differ.

    Columns: code_territoire, nom_territoire, note_territoire, valeur, valeur_reference, ecart_reference, motif_refus
    ("" where the gap is lawful). Rows sorted by gap, refused ones last.
    """
    quartiers = select(observations, territories, indicator, kinds=("qpv",))
    base = observations[
        (observations["code_indicateur"] == indicator) & (observations["code_territoire"] == reference)
    ][["millesime", "id_source", "valeur"]].rename(columns={"valeur": "valeur_reference"})
    out = quartiers.merge(base, on=["millesime", "id_source"], how="left", validate="many_to_one")
    out["ecart_reference"] = out["valeur"] - out["valeur_reference"]
    out["motif_refus"] = ""
    out.loc[out["valeur"].isna(), "motif_refus"] = "valeur du quartier non diffusée"
    out.loc[out["valeur_reference"].isna(), "motif_refus"] = "pas de référence de même source et de même millésime"
    columns = ["code_territoire", "nom_territoire", "note_territoire", "valeur", "valeur_reference", "ecart_reference"]
    return out.sort_values("ecart_reference", kind="stable")[[*columns, "motif_refus"]].reset_index(drop=True)
