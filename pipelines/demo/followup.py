"""What monitoring follows beyond money and people: objective served, decision, payment, final account, result."""

import numpy as np
import pandas as pd

from pipelines.demo.draws import Bools, Ints, chance, pick
from pipelines.demo.objectives import THEME

# By theme: indicator, unit, lowest and highest starting value, lowest and highest rise aimed at (fall where negative).
_INDICATORS = {
    "emploi_dev_eco": ("Sorties vers l'emploi ou une formation", "%", 20, 45, 5, 25),
    "mobilite": ("Permis obtenus", "personnes", 0, 4, 3, 15),
    "education_jeunesse": ("Absences au collège", "jours", 12, 30, -10, -3),
    "enfance_famille": ("Séances menées avec un parent", "seances", 0, 10, 5, 30),
    "sante": ("Personnes orientées vers un soin", "personnes", 0, 10, 5, 40),
    "cadre_de_vie": ("Chantiers menés avec les habitants", "seances", 0, 5, 3, 20),
    "habitat_ru": ("Logements où une réparation est faite", "logements", 0, 8, 5, 40),
    "transition": ("Foyers qui compostent", "logements", 0, 20, 10, 60),
    "cohesion_sociale": ("Habitants qui animent une séance", "personnes", 0, 8, 4, 25),
    "culture": ("Séances ouvertes au public", "seances", 0, 6, 3, 15),
    "citoyennete": ("Réunions tenues", "seances", 0, 6, 3, 10),
    "acces_droits": ("Démarches menées à leur terme", "%", 30, 55, 5, 30),
    "numerique": ("Démarches faites sans aide", "%", 10, 40, 10, 35),
}
_UNNAMED = ("", "", 0, 0, 0, 0)
_AIMS = np.array(
    [
        "Toucher des habitants qui ne viennent pas d'habitude (objectif fictif)",
        "Rendre les participants autonomes (objectif fictif)",
        "Passer le relais au droit commun (objectif fictif)",
        "Tenir toute l'année, vacances comprises (objectif fictif)",
    ],
    dtype=object,
)


def draw_followup(rng: np.random.Generator, year: int, lines: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """One row per application: columns of the follow-up, missing where nobody wrote them or nothing is due."""
    n = len(lines)
    objective = pd.Series(lines["objectif"].to_numpy(), dtype="object").where(chance(rng, 90, n), None)
    status = actions["statut"].to_numpy()
    decided = np.isin(status, ("finance", "realise", "justifie", "refuse"))
    decision = np.datetime64(f"{year}-03-01", "D") + rng.integers(0, 100, n)
    paid = actions.filter(regex="^verse_").sum(axis=1).gt(0).to_numpy()
    cut_off = np.datetime64("2023-06-30", "D")
    payment = np.minimum(decision + rng.integers(15, 200, n), cut_off)
    dates = {
        "date_decision": _dates(decision, decided & chance(rng, 97, n)),
        "date_versement": _dates(payment, paid & chance(rng, 94, n)),
        "date_bilan": _dates(
            _draw_account(rng, actions["date_fin"].to_numpy(), cut_off), (status == "justifie") & chance(rng, 95, n)
        ),
    }
    aims = pd.Series(_AIMS[pick(rng, (4, 4, 2, 3), n)], dtype="object").where(chance(rng, 88, n), None)
    done = np.isin(status, ("realise", "justifie"))
    return pd.DataFrame(
        {**dates, "code_objectif": objective, "objectif_action": aims, **_draw_result(rng, year, lines, done)}
    )


def _dates(days: np.ndarray, known: Bools) -> pd.Series:
    return pd.Series(days.astype("datetime64[s]")).where(known)


def _draw_account(rng: np.random.Generator, end: np.ndarray, cut_off: np.datetime64) -> np.ndarray:
    """When the final account came: about its due date, the 30 June after the year in which the action ends."""
    end = end.astype("datetime64[D]")
    due = (end.astype("datetime64[Y]") + 1).astype("datetime64[D]") + 180
    return np.minimum(np.maximum(due - 120 + rng.integers(0, 160, len(end)), end + 10), cut_off)


def _draw_result(rng: np.random.Generator, year: int, lines: pd.DataFrame, done: Bools) -> dict[str, pd.Series]:
    """Indicator, unit, direction, start, target and value reached; each is written more often as years go."""
    n = len(lines)
    drawn = [_INDICATORS.get(THEME.get(code, ""), _UNNAMED) for code in lines["objectif"]]
    label, unit, low, high, least, most = (np.array(column) for column in zip(*drawn, strict=True))
    start = low + rng.integers(0, high - low + 1)
    rise = least + rng.integers(0, most - least + 1)
    reached = start + rise * rng.integers(20, 131, n) // 100
    habit = 4 * (year - 2015)
    named = chance(rng, 46 + habit, n)
    aimed = chance(rng, 38 + habit, n)
    known_start = named & chance(rng, 25 + habit, n)
    told = named & done & chance(rng, 78, n)
    falls = rise < 0
    return {
        "resultat_indicateur": pd.Series(label, dtype="object").where(named, None),
        "resultat_unite": pd.Series(unit, dtype="object").where(named, None),
        "resultat_sens": pd.Series("baisse", index=range(n), dtype="object").where(named & falls, None),
        "resultat_depart": _whole(start, known_start),
        "resultat_cible": _whole(start + rise, named & aimed),
        "resultat_atteint": _whole(reached, told),
    }


def _whole(values: Ints, known: Bools) -> pd.Series:
    return pd.Series(values, dtype="Int64").where(known)
