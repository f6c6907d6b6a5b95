"""Fictional holders: « Association fictive … », each with a SIRET that no register holds."""

import pandas as pd

# First register numbers, below the smallest SIREN ever given: sound keys, nobody behind them.
_SIREN_PREFIX = "0000"
MAX_HOLDERS = 9000

_THINGS = (
    "du Tilleul", "de la Lanterne", "du Cerf-volant", "de la Boussole", "du Moulin bleu", "de la Passerelle",
    "du Grand Chêne", "de la Marelle", "du Carillon", "de la Coccinelle", "du Kiosque", "de la Luciole",
    "du Fil rouge", "de la Ruche", "du Phare", "de la Balançoire", "du Sablier", "de la Girouette",
    "du Trèfle", "de la Farandole", "du Hamac", "de la Pomme d'or", "du Parapluie", "de la Clé de sol",
    "du Pont de bois", "de la Toupie", "du Marque-page", "de la Bicyclette", "du Perce-neige", "de la Théière",
    "du Papier plié", "de la Margelle", "du Coquelicot", "de la Plume", "du Tire-fil", "de la Navette",
    "du Tambour", "de la Fougère", "du Cadran", "de la Mésange", "du Puits clair", "de la Roulotte",
    "du Noisetier", "de la Craie", "du Ricochet", "de la Charnière", "du Tournesol", "de la Palette",
    "du Bouton d'or", "de la Corde à linge", "du Sifflet", "de la Bobine", "du Hérisson", "de la Serrure",
    "du Galet", "de la Nacelle", "du Rouge-gorge", "de la Brouette", "du Trampoline", "de la Verrière",
    "du Pinceau", "de la Cabane", "du Thym", "de la Malle", "du Domino", "de la Guirlande",
    "du Compas", "de la Courge", "du Violon", "de la Fontaine sèche", "du Jeu de quilles", "de la Lucarne",
)  # fmt: skip


def make_holders(n: int) -> pd.DataFrame:
    """`n` holders, all associations: nom_porteur, code_siret (14 digits, sound keys), nature_porteur."""
    turns = [(_THINGS[i % len(_THINGS)], i // len(_THINGS) + 1) for i in range(n)]
    names = [thing if turn == 1 else f"{thing} n° {turn}" for thing, turn in turns]
    return pd.DataFrame(
        {
            "nom_porteur": [f"Association fictive {name}" for name in names],
            "code_siret": [make_siret(i + 1) for i in range(n)],
            "nature_porteur": "association",
        }
    )


def make_siret(rank: int) -> str:
    """SIRET of the `rank`-th holder: its SIREN and the whole number both pass Luhn."""
    siren = _with_key(f"{_SIREN_PREFIX}{rank:04d}")
    return _with_key(f"{siren}0001")


def _with_key(digits: str) -> str:
    """`digits` and the last digit that makes them pass Luhn."""
    doubled = [int(digit) * (2 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(digits))]
    return f"{digits}{-sum(value - 9 * (value > 9) for value in doubled) % 10}"
