"""Quartiers of the whole country, each among those of its agglomeration; ranked only with an interval. Brief, 8.

All from one table (`observations_france`). What is compared is a quartier of the group: the lowest, the middle one, the
highest, never an average of rates. A quartier that lies in several agglomerations is one row; it counts among the
quartiers of each.
"""

import pandas as pd

from pipelines.errors import DataError

# What joins the agglomerations of a quartier that lies in several, in codes and in names.
JOINT = "; "
NO_VALUE = "valeur non diffusée"
NO_RANK = "rang non publié : intervalle non calculable"
# Of what a share of a file of quartiers is a share, where the file says it: nothing else may be ranked.
DENOMINATORS = {
    "part_menages_1_personne_qpv": "nb_menages_qpv",
    "part_menages_2_personnes_qpv": "nb_menages_qpv",
    "part_menages_3_personnes_qpv": "nb_menages_qpv",
    "part_menages_4_5_personnes_qpv": "nb_menages_qpv",
    "part_menages_6_personnes_plus_qpv": "nb_menages_qpv",
}
PLACED = ["valeur_plus_basse", "quartier_plus_bas", "valeur_mediane", "valeur_plus_haute", "quartier_plus_haut"]


def select_elsewhere(elsewhere: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """The quartiers of one indicator, one row each, those without a value too.

    Columns: code_territoire, nom_territoire, code_epci, nom_epci, est_a_cheval, valeur, statut, millesime, id_source.
    DataError where the indicator is absent, or comes from several sources or vintages: these do not compare.
    """
    rows = elsewhere[elsewhere["code_indicateur"] == indicator]
    series = rows[["id_source", "millesime"]].drop_duplicates()
    if len(series) != 1:
        found = " et ".join(sorted(series["id_source"] + ", " + series["millesime"])) or "aucune"
        raise DataError(
            f"« {indicator} » demande une source et un millésime de la table observations_france ; trouvé : {found}. "
            "N'en déclarer qu'une dans contrat.yml, ou n'en garder qu'une dans la cellule."
        )
    columns = [
        "code_territoire",
        "nom_territoire",
        "code_epci",
        "nom_epci",
        "valeur",
        "statut",
        "millesime",
        "id_source",
    ]
    out = rows[columns].sort_values("code_territoire").reset_index(drop=True)
    out.insert(4, "est_a_cheval", out["code_epci"].str.contains(JOINT, regex=False).fillna(False).astype("boolean"))
    return out


def list_members(quartiers: pd.DataFrame) -> pd.DataFrame:
    """A row for each agglomeration of each quartier; `position` is that of the quartier among the rows given.

    A name may hold the very sign that joins two: an agglomeration is called as its own quartiers call it, and only one
    that has none but straddling quartiers as the joined names say, in the order of the codes.
    """
    each = quartiers.dropna(subset="code_epci").rename_axis("position").reset_index()
    alone = each[~each["est_a_cheval"].astype(bool)].drop_duplicates("code_epci")
    names = dict(zip(alone["code_epci"], alone["nom_epci"], strict=True))
    for codes, joined in each.loc[each["est_a_cheval"].astype(bool), ["code_epci", "nom_epci"]].itertuples(index=False):
        parts, told = codes.split(JOINT), str(joined).split(JOINT)
        paired = told if len(told) == len(parts) else [f"agglomération {code}" for code in parts]
        names = dict(zip(parts, paired, strict=True)) | names
    each = each.assign(code_epci=each["code_epci"].str.split(JOINT)).explode("code_epci", ignore_index=True)
    return each.assign(nom_epci=each["code_epci"].map(names))


def is_in_agglomeration(quartiers: pd.DataFrame, epci: str) -> pd.Series:
    """Whether each quartier lies in an agglomeration, be it in part."""
    return quartiers["code_epci"].fillna("").str.split(JOINT).map(lambda codes: epci in codes).astype(bool)


def count_agglomerations(quartiers: pd.DataFrame) -> pd.DataFrame:
    """One row an agglomeration, those of most quartiers first; from the rows of `select_elsewhere`.

    Columns: code_epci, nom_epci, nb_quartiers, nb_a_cheval (of them, those that lie in another agglomeration too),
    nb_sans_valeur (of them, those under secrecy or not computed), nb_quartiers_entiers (those that lie in no other:
    these alone add up over agglomerations, then each straddling quartier once).
    """
    counted = list_members(quartiers).groupby(["code_epci", "nom_epci"], as_index=False)
    out = counted.agg(
        nb_quartiers=("code_territoire", "size"),
        nb_a_cheval=("est_a_cheval", "sum"),
        nb_sans_valeur=("valeur", lambda values: values.isna().sum()),
    )
    out = out.astype(dict.fromkeys(("nb_quartiers", "nb_a_cheval", "nb_sans_valeur"), "Int64"))
    out["nb_quartiers_entiers"] = out["nb_quartiers"] - out["nb_a_cheval"]
    return out.sort_values(["nb_quartiers", "code_epci"], ascending=[False, True]).reset_index(drop=True)


def place_in_agglomeration(elsewhere: pd.DataFrame, indicator: str, *, epci: str | None = None) -> pd.DataFrame:
    """Each quartier beside the lowest, the middle and the highest quartier of its agglomeration. No rank.

    `epci`: only the quartiers of that agglomeration, compared with each other; None: every quartier, once, a straddling
    one compared with the quartiers of all its agglomerations. The middle one is the lower of two. Columns, after those
    of `select_elsewhere`: valeur_plus_basse, quartier_plus_bas, valeur_mediane, valeur_plus_haute, quartier_plus_haut,
    nb_quartiers, nb_sans_valeur, motif ("" where the quartier is compared).
    """
    every = quartiers = select_elsewhere(elsewhere, indicator)
    each = list_members(every)
    members = {code: set(own.index) for code, own in each.set_index("position").groupby("code_epci")}
    if epci is not None:
        quartiers = quartiers[quartiers.index.isin(members.get(epci, set()))]
        peers = pd.Series([frozenset(members.get(epci, set()))] * len(quartiers), index=quartiers.index)
    else:
        peers = (
            quartiers["code_epci"]
            .fillna("")
            .map(lambda codes: frozenset[int]().union(*(members.get(code, set()) for code in codes.split(JOINT))))
        )
    # Quartiers of one agglomeration have the same peers: each group is looked at once.
    placed = {group: place_among(every.loc[sorted(group)]) for group in peers.unique()}
    out = pd.concat([quartiers, pd.DataFrame([placed[group] for group in peers], index=quartiers.index)], axis=1)
    reasons = pd.Series("", index=out.index, dtype="str").mask(
        out["nb_quartiers"] < 2, "seul quartier de l'agglomération"
    )
    reasons = reasons.mask(out["code_epci"].isna(), "agglomération inconnue").mask(out["valeur"].isna(), NO_VALUE)
    return out.assign(motif=reasons).reset_index(drop=True)


def place_among(quartiers: pd.DataFrame) -> dict[str, object]:
    """Lowest, middle (the lower of two) and highest quartier of some; how many there are, and without a value."""
    known = quartiers.dropna(subset="valeur").sort_values(["valeur", "code_territoire"])
    counts = {"nb_quartiers": len(quartiers), "nb_sans_valeur": len(quartiers) - len(known)}
    if known.empty:
        return dict.fromkeys(PLACED, pd.NA) | counts
    low, middle, high = (known.iloc[at] for at in (0, (len(known) - 1) // 2, -1))
    names = [f"{row['nom_territoire']} ({row['code_territoire']})" for row in (low, high)]
    return (
        dict(zip(PLACED, [low["valeur"], names[0], middle["valeur"], high["valeur"], names[1]], strict=True)) | counts
    )


def rank_with_intervals(
    elsewhere: pd.DataFrame, indicator: str, *, effet_de_plan: float, niveau: float, tirages: int, graine: int
) -> pd.DataFrame:
    """The quartiers with the interval of their share and of its rank; without a rank, and why, where there is none.

    Only a share whose denominator the file gives (`DENOMINATORS`, from a survey: the census) has an interval. Columns:
    those of `select_elsewhere`, numerateur, denominateur, collecte, those of `add_share_intervals` and of
    `simulate_ranks`, motif ("" where a rank is given).
    """
    quartiers = select_elsewhere(elsewhere, indicator)
    if indicator not in DENOMINATORS:
        return quartiers.assign(motif=NO_RANK)
    # Heavy, and few notebooks need it.
    from pipelines.indicators.observation.ranking import simulate_ranks
    from pipelines.indicators.observation.uncertainty import add_share_intervals

    base = select_elsewhere(elsewhere, DENOMINATORS[indicator]).set_index("code_territoire")
    aligned = base.reindex(quartiers["code_territoire"]).reset_index()
    same = (aligned[["id_source", "millesime"]] == quartiers[["id_source", "millesime"]]).all(axis=1)
    total = aligned["valeur"].astype("Float64").where(same)
    shares = quartiers.assign(numerateur=quartiers["valeur"] * total / 100, denominateur=total, collecte="sondage")
    lacking = shares["valeur"].isna() | shares["denominateur"].isna()
    known = add_share_intervals(shares[~lacking], effet_de_plan=effet_de_plan, niveau=niveau)
    known = simulate_ranks(known, niveau=niveau, tirages=tirages, graine=graine).assign(motif="")
    others = shares[lacking].assign(motif=NO_VALUE)
    others["motif"] = others["motif"].mask(others["valeur"].notna(), NO_RANK)
    return pd.concat([known, others]).sort_values(["rang", "code_territoire"]).reset_index(drop=True)
