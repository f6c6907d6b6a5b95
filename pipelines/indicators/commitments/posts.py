"""Posts of programme 147: the contract's own, and their place among the contracts of 5 000 inhabitants and more.

Source: domain brief, section 8 (posts_per_1000). A post is one paid in the year; posts published without the code of a
contract belong to nobody, and their number is told beside the others.
"""

import pandas as pd

from pipelines.tables import NO_CONTRACT, POST_LABELS


def count_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Posts of the contract by scheme and year: dispositif (label), annee, nb_postes, montant_paye (euros)."""
    out = posts.groupby(["dispositif", "annee"], as_index=False).agg(
        nb_postes=("rang", "size"), montant_paye=("montant", "sum")
    )
    return out.assign(dispositif=out["dispositif"].map(POST_LABELS)).astype({"nb_postes": "Int64"})


def rate_posts(yardsticks: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Posts of a scheme (`adulte_relais`, `fonjep`) per 1 000 inhabitants, of each contract compared and each year.

    Columns: code_contrat, annee, coefficient_postes. Posts without the code of a contract are nobody's.
    """
    peers = yardsticks[yardsticks["nb_habitants"].notna()]
    rates = (1000 * peers[f"nb_{scheme}"] / peers["nb_habitants"]).astype("Float64")
    return peers[["code_contrat", "annee"]].assign(coefficient_postes=rates).reset_index(drop=True)


def compare_posts(yardsticks: pd.DataFrame, code_contrat: str) -> pd.DataFrame:
    """The contract's posts per 1 000 inhabitants beside the median of all contracts compared, by scheme and year.

    Columns: dispositif (label), annee, nb_postes, nb_habitants, coefficient_postes and coefficient_median (posts per
    1 000 inhabitants), rang_contrat (1: most posts per inhabitant), nb_contrats, nb_sans_code. No row where the
    contract is not among them.
    """
    rows = []
    for scheme, label in POST_LABELS.items():
        count = f"nb_{scheme}"
        for year, every in yardsticks.groupby("annee"):
            lost = every.loc[every["code_contrat"] == NO_CONTRACT, count].sum()
            peers = every[every["nb_habitants"].notna()].set_index("code_contrat")
            if code_contrat not in peers.index:
                continue
            rates = rate_posts(every, scheme).set_index("code_contrat")["coefficient_postes"].astype(float)
            own, rank = peers.loc[code_contrat], rates.rank(ascending=False, method="min")[code_contrat]
            rows.append(
                (
                    label,
                    year,
                    own[count],
                    own["nb_habitants"],
                    rates[code_contrat],
                    rates.median(),
                    rank,
                    len(peers),
                    lost,
                )
            )
    whole = ["annee", "nb_postes", "nb_habitants", "rang_contrat", "nb_contrats", "nb_sans_code"]
    columns = ["dispositif", "annee", "nb_postes", "nb_habitants", "coefficient_postes", "coefficient_median"]
    out = pd.DataFrame(rows, columns=[*columns, "rang_contrat", "nb_contrats", "nb_sans_code"])
    return out.astype(
        dict.fromkeys(whole, "Int64") | {"coefficient_postes": "Float64", "coefficient_median": "Float64"}
    )


def set_beside_median(compared: pd.DataFrame) -> pd.DataFrame:
    """Two lines a year for a figure: dispositif, annee, courbe (this contract, median), coefficient_postes."""
    parts = [
        compared[["dispositif", "annee"]].assign(courbe=name, coefficient_postes=compared[column])
        for name, column in (("Ce contrat", "coefficient_postes"), ("Médiane des contrats", "coefficient_median"))
    ]
    return pd.concat(parts, ignore_index=True)
