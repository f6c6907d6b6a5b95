"""What is offered where: structures placed in their communes, hours and workstations against the inhabitants.

A survey is not a census: a commune without a structure here is one where none is known, not one where none exists.
"""

import pandas as pd

MEASURES = ("jours_semaine", "heures_semaine", "nb_postes")
PER_THOUSAND = {"heures_semaine": "heures_pour_mille", "nb_postes": "nb_postes_pour_mille"}
# A commune has fewer than ten structures: by the thousand, one decimal would say nothing.
PER_TEN_THOUSAND = {"nb_structures": "nb_structures_pour_dix_mille"}
INSIDE, BESIDE, AWAY, UNSAID = (
    "Dans un quartier prioritaire",
    "Dans une commune qui en a un",
    "Dans une autre commune",
    "Lieu non dit",
)
SITUATIONS = (INSIDE, BESIDE, AWAY, UNSAID)
TRAVELLING, SILENT, UNKNOWN = (
    "un service itinérant y passe",
    "structures sans réponse",
    "aucune structure interrogée",
)


def place_structures(structures: pd.DataFrame, territories: pd.DataFrame, containment: pd.DataFrame) -> pd.DataFrame:
    """The structures with code_commune, type_territoire and lieu_structure (one of `SITUATIONS`).

    A quartier goes to its commune; code_commune is missing where it lies in several, or where no place is said.
    `territories`: those of one geography of quartiers, of the year of the survey, and the communes.
    """
    kinds = territories.set_index("code_territoire")["type_territoire"]
    links = containment[containment["type_parent"] == "commune"]
    parents = links.groupby("code_territoire")["code_parent"].agg(["first", "size"])
    codes = structures["code_territoire"]
    alone = codes.map(parents["first"].where(parents["size"] == 1))
    kind = codes.map(kinds)
    out = structures.assign(type_territoire=kind, code_commune=codes.where(kind == "commune", alone))
    quartiers = territories.loc[territories["type_territoire"] == "qpv", "code_territoire"]
    own = set(links.loc[links["code_territoire"].isin(quartiers), "code_parent"])
    situation = pd.Series(AWAY, index=out.index).mask(out["code_commune"].isin(own), BESIDE)
    situation = situation.mask(kind == "qpv", INSIDE).mask(kind.isna(), UNSAID)
    return out.assign(lieu_structure=situation.astype("str"))


def read_population(observations: pd.DataFrame, annee: int, *, code_indicateur: str = "nb_habitants") -> pd.DataFrame:
    """Inhabitants of each territory at the latest vintage not after a year: code_territoire, nb_habitants, millesime.

    One vintage for all, so that communes stand side by side; a vintage that is not a year is not read.
    """
    known = observations[(observations["code_indicateur"] == code_indicateur) & (observations["statut"] == "ok")]
    vintages = pd.to_numeric(known["millesime"], errors="coerce")
    past = known[vintages.le(annee).fillna(False)]
    past = past[past["millesime"] == past["millesime"].max()].rename(columns={"valeur": "nb_habitants"})
    columns = ["code_territoire", "nb_habitants", "millesime", "id_source"]
    return past[columns].drop_duplicates("code_territoire").reset_index(drop=True)


def measure_supply(placed: pd.DataFrame, population: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """One row per commune, in the order of their names: what the structures there say, against the inhabitants.

    `placed`: `place_structures`; `communes`: rows of the territories. Columns: code_territoire, nom_territoire,
    nb_habitants, nb_structures (that answered), nb_silencieuses, jours_semaine, heures_semaine, nb_postes (missing
    where nobody told), est_partiel (someone did not tell hours or workstations: sums are least values),
    nb_structures_pour_dix_mille, heures_pour_mille, nb_postes_pour_mille.
    """
    answering = placed[placed["est_repondante"]]
    groups = answering.groupby("code_commune")
    sums = groups[list(MEASURES)].sum(min_count=1).astype("Float64")
    untold = answering[list(PER_THOUSAND)].isna().any(axis=1).groupby(answering["code_commune"]).any()
    counts = pd.DataFrame({"nb_structures": groups.size(), "est_partiel": untold})
    own = communes[["code_territoire", "nom_territoire"]].merge(
        population[["code_territoire", "nb_habitants"]], on="code_territoire", how="left", validate="one_to_one"
    )
    silent = placed[~placed["est_repondante"]].groupby("code_commune").size().rename("nb_silencieuses")
    for more in (counts, silent, sums):
        own = own.merge(more, left_on="code_territoire", right_index=True, how="left", validate="one_to_one")
    own = own.assign(**{name: own[name].fillna(0).astype("Int64") for name in ("nb_structures", "nb_silencieuses")})
    own["est_partiel"] = own["est_partiel"].astype("boolean").fillna(False)
    people = own["nb_habitants"].astype("Float64").mask(own["nb_habitants"] == 0)
    rates = {PER_TEN_THOUSAND["nb_structures"]: 10_000 * own["nb_structures"].mask(own["nb_structures"] == 0) / people}
    rates |= {rate: 1000 * own[name] / people for name, rate in PER_THOUSAND.items()}
    return own.assign(**rates).sort_values("nom_territoire", key=_alphabetical, kind="stable", ignore_index=True)


def _alphabetical(names: pd.Series) -> pd.Series:
    """Names without accents, for their order."""
    return names.str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii").str.casefold()


def compare_to_median(supply: pd.DataFrame, value: str = "heures_pour_mille") -> pd.DataFrame:
    """Communes whose value is known and whole, with `mediane` (of these communes) and `difference_mediane`.

    A commune where someone did not tell is left out: its sum is a least value, which may stand below by that alone.
    """
    known = supply[supply[value].notna() & ~supply["est_partiel"]].reset_index(drop=True)
    middle = known[value].median()
    return known.assign(mediane=middle, difference_mediane=known[value] - middle)


def list_without_supply(supply: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Communes where no structure answered: nom_territoire, nb_habitants, raison.

    The reason: a service of a structure of elsewhere goes there, structures were asked and did not answer, or none was.
    """
    none = supply[supply["nb_structures"] == 0]
    reason = (none["nb_silencieuses"] > 0).map({True: SILENT, False: UNKNOWN})
    reason = reason.mask(none["code_territoire"].isin(offers["code_territoire"].dropna()), TRAVELLING).astype("str")
    return none[["nom_territoire", "nb_habitants"]].assign(raison=reason).reset_index(drop=True)
