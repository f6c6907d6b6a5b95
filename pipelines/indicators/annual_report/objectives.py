"""The ten objectives of the law of 2014, and the indicators of the contract that speak of each."""

import pandas as pd

from pipelines.tables.vocabulary import IN_FORCE

# Article 1 of law 2014-173, in short words of ours; beside each, how the codes of indicators that speak of it begin.
# The pairing is ours too: it says what an indicator is about, not that the policy moves it.
LAW_OBJECTIVES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Réduire les inégalités, la pauvreté et les fractures économiques, sociales, numériques et territoriales",
        ("taux_pauvrete", "montant_revenu", "nb_foyers_rsa", "nb_allocataires_rsa", "nb_personnes_couvertes_caf"),
    ),
    ("Égalité d'accès aux droits, à l'éducation, à la culture, au sport et aux services", ()),
    (
        "Développement économique, création d'entreprises et accès à l'emploi",
        ("taux_emploi", "nb_demandeurs_emploi", "part_demandeurs"),
    ),
    ("Améliorer l'habitat", ("nb_logements_sociaux",)),
    ("Prévention, éducation à la santé et accès aux soins", ()),
    ("Tranquillité des habitants", ()),
    ("Intégrer les quartiers à la ville : transports, mixité, commerces", ()),
    ("Ville durable, environnement, précarité énergétique", ()),
    ("Histoire, patrimoine et mémoire des quartiers", ()),
    ("Égalité entre les femmes et les hommes, intégration, lutte contre les discriminations", ()),
)
NO_INDICATOR, NO_CHANGE = "aucun indicateur disponible", "non calculable"


def match_objectives(attempts: pd.DataFrame, panels: pd.DataFrame) -> pd.DataFrame:
    """The ten objectives with the indicators of quartiers that speak of each, and whether a change is computable.

    Columns: numero_objectif, objectif_loi, indicateurs_disponibles (label, geography, vintages; NO_INDICATOR),
    nb_indicateurs, evolution_calculable. `attempts`: of `observation.list_attempts`, of which the geographies of the
    law count; `panels`: of `observation.find_panels`, a change being computable where one is not refused.
    """
    held = attempts[attempts["geographie"].isin(list(IN_FORCE))] if len(attempts) else attempts
    lawful = panels[panels["motif_refus"] == ""] if len(panels) else panels
    pairs = set(zip(lawful["code_indicateur"], lawful["geographie"], strict=True)) if len(lawful) else set()
    rows = []
    for rank, (label, starts) in enumerate(LAW_OBJECTIVES, start=1):
        own = held[held["code_indicateur"].str.startswith(starts)] if len(held) and starts else held.iloc[:0]
        told = (
            [
                f"{', '.join(part['libelle_indicateur'])} (quartiers de {place[-4:]}, millésime : {vintages})"
                for (place, vintages), part in own.groupby(["geographie", "millesimes"], sort=True)
            ]
            if len(own)
            else []
        )
        followed = any((row.code_indicateur, row.geographie) in pairs for row in own.itertuples())
        rows.append((rank, label, " ; ".join(told) or NO_INDICATOR, len(own), "calculable" if followed else NO_CHANGE))
    columns = [
        "numero_objectif",
        "objectif_loi",
        "indicateurs_disponibles",
        "nb_indicateurs",
        "evolution_calculable",
    ]
    return pd.DataFrame(rows, columns=columns).astype({"nb_indicateurs": "Int64", "numero_objectif": "str"})
