"""Action lines: what stays the same when an action is funded again the next year."""

import numpy as np
import pandas as pd

from pipelines.demo import territories
from pipelines.demo.draws import Ints, chance, pick, split
from pipelines.demo.objectives import OF_TITLES
from pipelines.tables import FUNDERS

# Titles by orientation, O1 to O6: plausible, ours, and naming nobody.
_TITLES = (
    (
        "Chantier d'insertion espaces verts", "Atelier CV et entretien", "Permis de conduire, étape vers l'emploi",
        "Création d'activité : premiers pas", "Parrainage vers l'emploi", "Découverte des métiers du bâtiment",
        "Couveuse de projets", "Rallye des entreprises", "Garage solidaire", "Français à visée professionnelle",
    ),
    (
        "Lecture à voix haute", "Aide aux devoirs", "Ateliers parents-enfants",
        "Éveil des tout-petits (<3 ans) & parents", "Chantiers de vacances",
        "Théâtre au collège", "Sciences en récréation", "Tutorat lycéen", "Radio des jeunes", "Échecs à l'école",
    ),
    (
        "Cuisine et nutrition", "Marche santé", "Point écoute jeunes", "Gym douce des aînés", "Prévention des écrans",
        "Ateliers bien-être", "Sommeil et rythmes", "Hygiène bucco-dentaire", "Sport sur ordonnance",
    ),
    (
        "Jardin partagé", "Brigade verte", "Atelier petit bricolage", "Fresque participative", "Compost de quartier",
        "Atelier réparation", "Nettoyons la cour", "Appartement pédagogique", "Balades urbaines",
    ),
    (
        "Fête des voisins", "Chorale intergénérationnelle", "Café des habitants", "Mémoires de quartier",
        "Cinéma de plein air", "Tournoi des rues", "Ateliers d'écriture", "Orchestre des débutants",
        "Jeux de société du mercredi", "Danse et rencontres",
    ),
    (
        "Permanence numérique", "Écrivain public", "Accès aux droits", "Médiation sociale", "Alphabétisation",
        "Budget familial", "Tablettes et démarches", "Ateliers sociolinguistiques", "Point info logement",
    ),
)  # fmt: skip
_VARIANTS = (
    "", "", "", " hors les murs", " – cycle 2", " en pied d'immeuble", " pour tous", " ; suivi individuel",
    "\nvolet quartier", " du samedi", " « à petits pas »",
)  # fmt: skip
_PUBLICS = ("", " – groupe de femmes", " – groupe d'hommes")
_TITLE_COUNTS = np.array([len(titles) for titles in _TITLES])
_TITLE_STARTS = np.cumsum(_TITLE_COUNTS) - _TITLE_COUNTS
_FLAT_TITLES = np.array([title for titles in _TITLES for title in titles], dtype=object)
_FLAT_OBJECTIVES = np.array([code for codes in OF_TITLES for code in codes], dtype=object)
# Chances in a hundred that an action asks each funder.
_ASKED = {"etat": 92, "agglomeration": 62, "commune": 45, "region": 22, "departement": 20, "caf": 24}
AMOUNT_UNIT = 5000  # 50 €, in cents
PLACES = 4


def draw_lines(rng: np.random.Generator, n: int, n_holders: int) -> pd.DataFrame:
    """`n` new action lines: title, holder, orientation, public, territories and shares, usual cost, funders asked."""
    orientation = pick(rng, (26, 24, 13, 12, 15, 10), n)
    public = pick(rng, (88, 8, 4), n)
    title = _TITLE_STARTS[orientation] + rng.integers(0, _TITLE_COUNTS[orientation])
    variant = pick(rng, (1,) * len(_VARIANTS), n)
    names = _FLAT_TITLES[title] + np.array(_VARIANTS, dtype=object)[variant] + np.array(_PUBLICS, dtype=object)[public]
    # Few large holders, many small ones: the lower of two draws, near enough to what offices see.
    holder = np.minimum(rng.integers(0, n_holders, n), rng.integers(0, n_holders, n))
    size = rng.random(n)
    lines = {
        "intitule": names,
        "objectif": _FLAT_OBJECTIVES[title],
        "porteur": holder,
        "orientation": orientation,
        "public": public,
        "pluriannuelle": chance(rng, 12, n),
        "cout": 40 + np.floor(1160 * size * size * size).astype(np.int64),
        "personnes": 4 + np.floor(380 * size * rng.random(n)).astype(np.int64),
    }
    asked = np.column_stack([chance(rng, _ASKED[funder], n) for funder in FUNDERS])
    asked[~asked.any(axis=1), 0] = True
    lines |= {f"sollicite_{funder}": asked[:, i] for i, funder in enumerate(FUNDERS)}
    where = _draw_places(rng, n)
    shares = _draw_shares(rng, where)
    lines |= {f"lieu_{i}": where[:, i] for i in range(PLACES)}
    lines |= {f"part_{i}": shares[:, i] for i in range(PLACES)}
    return pd.DataFrame(lines)


def _draw_places(rng: np.random.Generator, n: int) -> Ints:
    """Positions in `territories.CODES`, up to four a line, -1 where there is none."""
    # One QPV; several QPV; one QVA; a QPV and a QVA; a commune; the whole agglomeration.
    cover = pick(rng, (52, 18, 8, 10, 7, 5), n)
    steps = np.cumsum(rng.integers(1, 5, (n, PLACES)), axis=1)  # three steps stay under 14: no QPV comes twice
    qpv = (rng.integers(0, territories.FIRST_QVA, n)[:, None] + steps - steps[:, :1]) % territories.FIRST_QVA
    qva = rng.integers(territories.FIRST_QVA, territories.FIRST_COMMUNE, n)
    commune = rng.integers(territories.FIRST_COMMUNE, territories.EPCI, n)
    how_many = np.where(cover == 1, 2 + pick(rng, (6, 3, 1), n), 1)
    where = np.where(np.arange(PLACES) < how_many[:, None], qpv, -1)
    where[cover == 2, 0] = qva[cover == 2]
    where[cover == 3, 1] = qva[cover == 3]
    where[cover == 4, 0] = commune[cover == 4]
    where[cover == 5, 0] = territories.EPCI
    return where


def _draw_shares(rng: np.random.Generator, where: Ints) -> Ints:
    """Percents, multiples of 5 that sum to 100, for half of the lines with several territories; -1 elsewhere."""
    several = (where >= 0).sum(axis=1)
    weights = (0.3 + rng.random(where.shape)) * (where >= 0)
    parts = 5 * ((where >= 0) + split(20 - several, weights))
    given = chance(rng, 50, len(where)) & (several > 1)
    return np.where(given[:, None] & (where >= 0), parts, -1)
