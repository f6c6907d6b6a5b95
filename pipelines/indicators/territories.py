"""The communes of the politique de la ville: those with a QPV, those with only a QVA, named or not."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.errors import UsageError

UNNAMED = "inconnue-"
_STATUSES = {"qpv": "", "qva_candidat": " (candidate, à confirmer)"}
COMMUNE_STATUSES = {
    "qpv": "a un quartier prioritaire",
    "qva_candidat": "candidate : n'aurait qu'un quartier de veille active",
    "inconnue": "non identifiée : n'a qu'un quartier de veille active",
}


def list_communes(territories: pd.DataFrame, non_identifiees: int) -> pd.DataFrame:
    """One row per commune of the politique de la ville, in the order of their names, unnamed ones last.

    Columns: code_commune, nom_commune, statut (qpv, qva_candidat, inconnue), libelle_commune, which says what is to be
    confirmed. `non_identifiees`: how many communes with only a QVA the contract counts without naming them.
    """
    own = territories[territories["statut_politique_ville"].isin(list(_STATUSES))]
    own = own.sort_values("nom_territoire", key=_alphabetical, kind="stable")
    named = pd.DataFrame(
        {
            "code_commune": own["code_territoire"],
            "nom_commune": own["nom_territoire"],
            "statut": own["statut_politique_ville"],
            "libelle_commune": own["nom_territoire"] + own["statut_politique_ville"].map(_STATUSES),
        }
    )
    ranks = [str(rank) for rank in range(1, non_identifiees + 1)]
    name = [f"Commune non identifiée n° {rank}" for rank in ranks]
    unnamed = pd.DataFrame({"code_commune": [UNNAMED + rank for rank in ranks], "nom_commune": name})
    unnamed = unnamed.assign(statut="inconnue", libelle_commune=unnamed["nom_commune"])
    return pd.concat([named, unnamed], ignore_index=True).astype("str")


def _alphabetical(names: pd.Series) -> pd.Series:
    """Names without accents, for their order."""
    return names.str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii").str.casefold()


def pick_commune(communes: pd.DataFrame, code: str | None) -> pd.Series:
    """The row of `list_communes` of a code; the first where none is asked for. UsageError where it is not there."""
    if code is None and len(communes):
        return communes.iloc[0]
    found = communes[communes["code_commune"] == code]
    if found.empty:
        known = ", ".join(communes["code_commune"]) or "aucune"
        raise UsageError(f"La commune « {code} » n'est pas de la politique de la ville. Communes : {known}.")
    return found.iloc[0]


def list_quartiers(
    commune: str, territories: pd.DataFrame, containment: pd.DataFrame, geographies: tuple[str, ...]
) -> pd.DataFrame:
    """The quartiers of a commune: code_territoire, nom_territoire, type_territoire, etendue, in order of code.

    `geographies`: QPV2015, QVA2015... `etendue` says in which other communes the quartier also lies; "" in none.
    """
    own = territories[territories["geographie"].isin(geographies)]
    inside = containment[containment["type_parent"] == "commune"]
    here = own[own["code_territoire"].isin(inside.loc[inside["code_parent"] == commune, "code_territoire"])]
    others = inside[inside["code_parent"] != commune].groupby("code_territoire")["nom_parent"].agg(", ".join)
    extent = here["code_territoire"].map("aussi à " + others).fillna("")
    out = here[["code_territoire", "nom_territoire", "type_territoire"]].assign(etendue=extent)
    return out.sort_values("code_territoire", ignore_index=True)


def pick_orientation(orientations: pd.Series, code: str | None) -> str:
    """The code of an orientation; the first where none is asked for. UsageError where it is not one of them."""
    if code is None:
        return str(orientations.index[0])
    if code not in orientations.index:
        raise UsageError(f"L'orientation « {code} » n'existe pas. Orientations : {', '.join(orientations.index)}.")
    return code


def name_orientations(declared: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Label of each orientation that a contract declares, by code; a label that is ours says so."""
    return {
        str(line["code"]): f"{line['code']} {line['libelle']}" + (" (libellé fictif)" if line["est_fictif"] else "")
        for line in declared
    }
