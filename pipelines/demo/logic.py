"""One fictional logic-impact model per orientation, read off the objective tree: what is funded, then what contains it.

An objective under another one is a result, one directly under the orientation an intermediate impact, the orientation
the global one; what actions of an objective do is a realisation. Verdicts and evidence are invented.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from pipelines.demo.draws import pick
from pipelines.demo.layouts import MENTION
from pipelines.demo.objectives import OBJECTIVES

FOLDER = "logique_impact"
# Labels of the orientations, as contrat.yml writes them.
_ORIENTATIONS = {
    "O1": "Assurer les effets d'entraînement sociaux et territoriaux du développement économique",
    "O2": "Accompagner la réussite éducative et l'autonomie des jeunes",
    "O3": "Favoriser la santé, la prévention et l'accès aux soins",
    "O4": "Améliorer le cadre de vie et l'habitat avec les habitants",
    "O5": "Renforcer le lien social, la citoyenneté et la culture",
    "O6": "Faciliter l'accès aux droits et l'inclusion numérique",
}
# Realisations that are also supposed to serve another result of their orientation.
_ACROSS = (("r-O1.1.3", "O1.1.1"), ("r-O1.3.2", "O1.1.1"), ("r-O2.2.1", "O2.1.1"), ("r-O6.2.1", "O6.1.1"))
_NODES = (
    "code_noeud", "niveau", "rang", "libelle_noeud", "est_perdu", "libelle_indicateur", "unite", "sens", "valeur_cible",
    "echeance", "valeur", "relevee_en", "calcul", "portee_calcul", "est_incertain", "note",
)  # fmt: skip
_LINKS = (
    "code_source", "code_cible", "statut", "supposition", "force_preuve", "preuve_pour", "preuve_contre",
    "autres_facteurs", "verdict", "est_saut_declare", "est_incertain", "note",
)  # fmt: skip
_TARGETS = (2, 4, 6, 10)
_SUPPOSED = {
    "r": "Les habitants visés viennent, et restent (exemple fictif)",
    "R": "Le résultat tient après la fin des actions (exemple fictif)",
    "I": "Rien d'autre ne l'annule (exemple fictif)",
}
# Verdict, status, strength of the evidence, evidence for and against, other factors; and how often it is drawn.
_EXAMINED = (
    ("non_examine", "hypothese", "absente", "", "", ""),
    ("etaye", "valide", "forte", "Suivi de deux ans (exemple fictif)", "", "Reprise générale, pesée (exemple fictif)"),
    ("partiel", "valide", "moyenne", "Entretiens avec trois porteurs (exemple fictif)",
     "Un porteur dit le contraire (exemple fictif)", "Dispositif voisin (exemple fictif)"),
    ("faible", "hypothese", "faible", "Une réunion de quartier (exemple fictif)", "", ""),
    ("contredit", "hypothese", "absente", "", "Les participants ne reviennent pas (exemple fictif)", ""),
)  # fmt: skip
_WEIGHTS = (5, 4, 3, 2, 1)


def write_models(folder: Path, seed: int) -> None:
    """Write the three files of each orientation's model under a contract folder."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for rank, (orientation, label) in enumerate(_ORIENTATIONS.items()):
        rng = np.random.default_rng([seed, 11, rank])
        nodes = _draw_nodes(rng, orientation, label)
        links = _draw_links(rng, orientation)
        files = {
            f"{_name(orientation)}_noeuds.csv": _table(_NODES, nodes),
            f"{_name(orientation)}_liens.csv": _table(_LINKS, links),
            f"{_name(orientation)}.yml": _describe(orientation, label),
        }
        for name, text in files.items():
            (folder / FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def _name(orientation: str) -> str:
    return f"orientation_{orientation}"


def _draw_nodes(rng: np.random.Generator, orientation: str, label: str) -> list[dict[str, object]]:
    """The orientation, its objectives, and a realisation for each objective that contains no other or serves titles."""
    objectives = [(code, text) for code, _, text in OBJECTIVES if code.startswith(f"{orientation}.")]
    nodes: list[dict[str, object]] = []
    for code, text in objectives:
        deep = code.count(".")
        if deep < 3:
            level = "impact_intermediaire" if deep == 1 else "resultat_attendu"
            nodes.append(
                {"code_noeud": code, "niveau": level, "libelle_noeud": text, **_draw_indicator(rng, code, deep)}
            )
        if (
            deep == 3
            or _is_leaf(code)
            or any(c.count(".") == 3 and c.rpartition(".")[0] == code for c, _ in objectives)
        ):
            nodes.append({
                "code_noeud": f"r-{code}", "niveau": "realisation", "libelle_noeud": f"Actions de l'objectif {code}",
                "libelle_indicateur": "Actions financées dans l'année", "unite": "actions",
                "valeur_cible": _TARGETS[rng.integers(0, len(_TARGETS))] if rng.integers(0, 5) else "",
                "calcul": "nb_actions_financees", "portee_calcul": code,
            })  # fmt: skip
    nodes.append({"code_noeud": orientation, "niveau": "impact_global", "libelle_noeud": label})
    ranks: dict[object, int] = {}
    for node in nodes:
        ranks[node["niveau"]] = ranks.get(node["niveau"], 0) + 1
        node |= {"rang": ranks[node["niveau"]], "est_perdu": "non", "est_incertain": "non"}
    return nodes


def _draw_indicator(rng: np.random.Generator, code: str, deep: int) -> dict[str, object]:
    """What measures an objective: nothing for one in four, so that a report has something to say of it."""
    if not rng.integers(0, 4):
        return {}
    if deep == 1:
        return {
            "libelle_indicateur": "Part des habitants des quartiers parmi les bénéficiaires prévus", "unite": "%",
            "valeur_cible": 50, "calcul": "part_qpv_prevus", "portee_calcul": code,
        }  # fmt: skip
    if rng.integers(0, 2):
        return {
            "libelle_indicateur": "Participants qui se disent à l'aise à la fin (exemple fictif)", "unite": "%",
            "valeur_cible": 60, "valeur": 40 + 5 * rng.integers(0, 9), "relevee_en": "décembre 2022",
        }  # fmt: skip
    return {
        "libelle_indicateur": "Résultats attendus des actions qui sont atteints", "unite": "%",
        "valeur_cible": 60, "echeance": "chaque année", "calcul": "part_resultats_atteints", "portee_calcul": code,
    }  # fmt: skip


def _is_leaf(code: str) -> bool:
    return not any(other.startswith(f"{code}.") for other, _, _ in OBJECTIVES)


def _draw_links(rng: np.random.Generator, orientation: str) -> list[dict[str, object]]:
    """From each node to what contains it, and the links across; what the evidence says is drawn."""
    pairs: list[tuple[str, str]] = []
    for node in _draw_nodes(np.random.default_rng(0), orientation, ""):
        code = str(node["code_noeud"])
        if code.startswith("r-"):
            own = code.removeprefix("r-")
            pairs.append((code, own if own.count(".") < 3 else own.rpartition(".")[0]))
        elif code != orientation:
            pairs.append((code, code.rpartition(".")[0]))
    pairs += [pair for pair in _ACROSS if pair[1].startswith(orientation)]
    drawn = pick(rng, _WEIGHTS, len(pairs))
    return [_write_link(pair, _EXAMINED[position]) for pair, position in zip(pairs, drawn, strict=True)]


def _write_link(pair: tuple[str, str], examined: Sequence[str]) -> dict[str, object]:
    source, target = pair
    verdict, status, strength, told, against, others = examined
    level = "r" if source.startswith("r-") else "I" if source.count(".") == 1 else "R"
    # An objective that contains no other, directly under the orientation: no result stands between.
    skips = level == "r" and target.count(".") == 1
    return {
        "code_source": source, "code_cible": target, "statut": status, "supposition": _SUPPOSED[level],
        "force_preuve": strength, "preuve_pour": told, "preuve_contre": against, "autres_facteurs": others,
        "verdict": verdict, "est_saut_declare": "oui" if skips else "non", "est_incertain": "oui",
        "note": "Cet objectif n'en contient aucun autre" if skips else "",
    }  # fmt: skip


def _describe(orientation: str, label: str) -> str:
    return (
        f"titre: Orientation {orientation[1:]}\n"
        f"question: Les actions financées servent-elles l'orientation « {label} » ?\n"
        f"orientation: {orientation}\n"
        'date: "2022"\n'
        "origine: >-\n"
        "  Tiré de l'arborescence d'objectifs, elle-même inventée. Suppositions, preuves et verdicts sont inventés.\n"
        "editeur: Générateur de démonstration d'ose\n"
        "licence: Licence ouverte 2.0\n"
        'millesime: "2022"\n'
        "fictif: true\n"
        f'note: "{MENTION} : nœuds, liens, cibles et preuves inventés, à partir d\'une graine"\n'
    )


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
