"""Territories that fictional actions touch: official codes, fictional QVA, and the spellings that offices write."""

import numpy as np

# Sector of animation and hand-written spelling of each QPV; three of them are named « Centre-ville ».
_QPV = {
    "QP059020": ("sud", "Verrerie - Square République (Anzin)"),
    "QP059021": ("sud", "Zone intercommunale rives de l'Escaut"),
    "QP059022": ("sud", "Cité Thiers - Cité du Rivage"),
    "QP059023": ("nord", "Centre-ville (Condé-sur-l'Escaut)"),
    "QP059024": ("nord", "Lecoq"),
    "QP059025": ("nord", "Centre-ville (Fresnes)"),
    "QP059026": ("nord", "Le Trieu (Fresnes-sur-Escaut)"),
    "QP059027": ("nord", "Quatre Chasses - Poudrière - Faïencerie"),
    "QP059028": ("nord", "Centre-ville (Quiévrechain)"),
    "QP059029": ("sud", "La Pépinière (St-Saulve)"),
    "QP059030": ("sud", "Dutemple Chasse Royale Saint Waast - La Sentinelle"),
    "QP059031": ("sud", "La Briquette"),
    "QP059032": ("nord", "Cité Le Jard"),
    "QP059033": ("nord", "La Solitude - Hermitage"),
}
_COMMUNES = {
    "59014": ("sud", "Anzin"),
    "59079": ("sud", "Beuvrages"),
    "59112": ("sud", "Bruay-sur-l'Escaut"),
    "59153": ("nord", "Condé sur l'Escaut"),
    "59253": ("nord", "Fresnes-sur-Escaut"),
    "59383": ("sud", "Marly"),
    "59447": ("nord", "Onnaing"),
    "59484": ("nord", "Quiévrechain"),
    "59544": ("sud", "St-Saulve"),
    "59606": ("sud", "Valenciennes"),
    "59613": ("nord", "Vicq"),
    "59616": ("nord", "Vieux-Condé"),
}
_QVA_NORTH = (5, 6, 7, 10, 11, 12, 15, 16)
_QVA = {f"QVA2015-{i:02d}": ("nord" if i in _QVA_NORTH else "sud", f"QVA2015-{i:02d}") for i in range(1, 21)}
_EPCI = {"245901160": ("sud", "245901160")}
_ALL = _QPV | _QVA | _COMMUNES | _EPCI

# Positions in CODES; the two last are planted: a spelling nobody knows, and one that three quartiers share.
FIRST_QVA, FIRST_COMMUNE, EPCI = len(_QPV), len(_QPV) + len(_QVA), len(_ALL) - 1
UNKNOWN, AMBIGUOUS = len(_ALL), len(_ALL) + 1
CODES = np.array([*_ALL, "Cité des Peupliers", "Centre-ville"], dtype=object)
SPELLINGS = np.array([*(name for _, name in _ALL.values()), "Cité des Peupliers", "Centre-ville"], dtype=object)
IS_NORTH = np.array([sector == "nord" for sector, _ in _ALL.values()] + [False, False])
