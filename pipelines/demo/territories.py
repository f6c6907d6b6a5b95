"""Territories that fictional actions touch: official codes, fictional QVA, and the spellings that offices write."""

import numpy as np

# Each territory: sector of animation, name as a careful office writes it, spelling that another year has instead.
# Three quartiers are named « Centre-ville », and Lecocq is spelt in several ways: the alias table resolves them.
_QPV = {
    "QP059020": ("sud", "Verrerie - Square République (Anzin)", "Verrerie Square République"),
    "QP059021": ("sud", "Zone intercommunale rives de l'Escaut", "Zone intercommunale des Rives de l'Escaut"),
    "QP059022": ("sud", "Cité Thiers - Cité du Rivage (Bruay-sur-l'Escaut)", "Cité Thiers - Cité du Rivage"),
    "QP059023": ("nord", "Centre-Ville (Condé-sur-Escaut)", "Centre-ville (Condé-sur-l'Escaut)"),
    "QP059024": ("nord", "Lecocq", "Lecoq"),
    "QP059025": ("nord", "Centre-Ville (Fresnes-sur-Escaut)", "CENTRE-VILLE (Fresnes-sur-Escaut)"),
    "QP059026": ("nord", "Le Trieu (Fresnes-sur-Escaut)", "Le Trieu"),
    "QP059027": (
        "nord",
        "Quatre Chasses Poudrière Faïencerie (Onnaing, Vicq)",
        "Quatre Chasses - Poudrière - Faïencerie",
    ),
    "QP059028": ("nord", "Centre-Ville (Quiévrechain)", "Centre-ville (Quiévrechain)"),
    "QP059029": ("sud", "La Pépinière (St-Saulve)", "La Pépinière"),
    "QP059030": ("sud", "Dutemple Chasse Royale Saint Waast - La Sentinelle", "Chasse Royale"),
    "QP059031": ("sud", "Zone intercommunale faubourg de Cambrai - La Briquette", "La Briquette"),
    "QP059032": ("nord", "Cité Le Jard (Vieux-Condé)", "Cité Le Jard"),
    "QP059033": ("nord", "La Solitude Hermitage (Vieux-Condé)", "La Solitude - Hermitage"),
}
_COMMUNES = {
    "59014": ("sud", "Anzin", "Anzin"),
    "59079": ("sud", "Beuvrages", "Beuvrages"),
    "59112": ("sud", "Bruay-sur-l'Escaut", "Bruay-sur-l'Escaut"),
    "59153": ("nord", "Condé-sur-l'Escaut", "Condé sur l'Escaut"),
    "59253": ("nord", "Fresnes-sur-Escaut", "Fresnes-sur-Escaut"),
    "59383": ("sud", "Marly", "Marly"),
    "59447": ("nord", "Onnaing", "Onnaing"),
    "59484": ("nord", "Quiévrechain", "Quiévrechain"),
    "59544": ("sud", "Saint-Saulve", "St-Saulve"),
    "59606": ("sud", "Valenciennes", "Valenciennes"),
    "59613": ("nord", "Vicq", "Vicq"),
    "59616": ("nord", "Vieux-Condé", "Vieux-Condé"),
}
_QVA_NORTH = (5, 6, 7, 10, 11, 12, 15, 16)
_QVA = {
    code: ("nord" if i in _QVA_NORTH else "sud", code, code) for i in range(1, 21) for code in (f"QVA2015-{i:02d}",)
}
_EPCI = {"245901160": ("sud", "245901160", "245901160")}
_ALL = _QPV | _QVA | _COMMUNES | _EPCI

# Positions in CODES; the two last are planted: a spelling nobody knows, and one that three quartiers share.
FIRST_QVA, FIRST_COMMUNE, EPCI = len(_QPV), len(_QPV) + len(_QVA), len(_ALL) - 1
UNKNOWN, AMBIGUOUS = len(_ALL), len(_ALL) + 1
_PLANTED = ("Cité des Peupliers", "Centre-ville")
CODES = np.array([*_ALL, *_PLANTED], dtype=object)
NAMES = np.array([*(name for _, name, _ in _ALL.values()), *_PLANTED], dtype=object)
SPELLINGS = np.array([*(spelling for _, _, spelling in _ALL.values()), *_PLANTED], dtype=object)
IS_NORTH = np.array([sector == "nord" for sector, _, _ in _ALL.values()] + [False, False])
