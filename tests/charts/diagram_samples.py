"""Models to draw: a small one that holds every state, verdict and status, and one of any size, drawn from a seed."""

import random
from collections.abc import Sequence

import pandas as pd

from pipelines.tables.vocabulary import LINK_STATUSES, LOGIC_LEVELS, NODE_STATES, VERDICTS

HEADINGS = dict(
    zip(LOGIC_LEVELS, ("Actions", "Résultats attendus", "Impacts intermédiaires", "Impact global"), strict=True)
)
Link = tuple[str, str]
_WORDS = "former accompagner habitants quartiers emploi santé réussite partenaires insertion jeunes parents droits"


def make_nodes(levels: Sequence[Sequence[str]], label: str | None = None) -> pd.DataFrame:
    """Nodes by level, first level first, every state in turn; the last of those without a state has lost its label."""
    rows = [
        (code, level, rank)
        for level, codes in zip(LOGIC_LEVELS, levels, strict=True)
        for rank, code in enumerate(codes)
    ]
    states = [NODE_STATES[at % len(NODE_STATES)] for at in range(len(rows))]
    nodes = pd.DataFrame(rows, columns=["code_noeud", "niveau", "rang"]).assign(etat=states)
    lost = nodes["etat"] == "perdu"
    labels = label if label is not None else "Les partenaires de « " + nodes["code_noeud"] + " » se connaissent mieux"
    return nodes.assign(
        libelle_noeud=pd.Series(labels, index=nodes.index, dtype="str").mask(lost),
        est_perdu=lost,
        resume=nodes["etat"].map({"atteint": "62 % pour 60 % visés"}).fillna(""),
    )


def make_edges(links: Sequence[Link], nodes: pd.DataFrame) -> pd.DataFrame:
    """Links with every verdict and status in turn; one that skips a level says so."""
    level = nodes.set_index("code_noeud")["niveau"].map(LOGIC_LEVELS.index)
    return pd.DataFrame({
        "code_source": pd.Series([source for source, _ in links], dtype="str"),
        "code_cible": pd.Series([target for _, target in links], dtype="str"),
        "statut": pd.Series([LINK_STATUSES[at % len(LINK_STATUSES)] for at in range(len(links))], dtype="str"),
        "verdict": pd.Series([VERDICTS[at % len(VERDICTS)] for at in range(len(links))], dtype="str"),
        "supposition": pd.Series(["Si chacun vient"] * len(links), dtype="str"),
        "est_saut": pd.Series([bool(level[target] - level[source] > 1) for source, target in links], dtype="bool"),
    })  # fmt: skip


SMALL_LEVELS = (("a1", "a2", "a3", "a4"), ("b1", "b2", "b3", "b4"), ("c1", "c2", "c3"), ("G",))
SMALL_LINKS = (
    ("a1", "b2"), ("a1", "b3"), ("a2", "b1"), ("a3", "b3"), ("a3", "c1"), ("b1", "c2"), ("b2", "c1"), ("b3", "c2"),
    ("b3", "c3"), ("a2", "G"), ("c1", "G"), ("c2", "G"), ("c3", "G"),
)  # fmt: skip
# A cycle over all levels, one inside a level, a link to itself, one back over two levels.
CYCLES = (("G", "a1"), ("b1", "b2"), ("b2", "b1"), ("c3", "c3"), ("c2", "a3"))


def small(links: Sequence[Link] = SMALL_LINKS, label: str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Twelve nodes in four levels, and these links."""
    nodes = make_nodes(SMALL_LEVELS, label)
    return nodes, make_edges(links, nodes)


def large(size: int, seed: int = 8) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A model of `size` nodes, each linked to one or two of the next level, a few past it: the same each time."""
    draw = random.Random(seed)  # noqa: S311
    counts = [round(size * share) for share in (0.4, 0.35, 0.2)]
    levels = [
        [f"{letter}{rank}" for rank in range(count)]
        for letter, count in zip("abcd", [*counts, size - sum(counts)], strict=True)
    ]
    links: dict[Link, None] = {}
    for at, codes in enumerate(levels[:-1]):
        for rank, code in enumerate(codes):
            for _ in range(draw.randint(1, 2)):
                skips = draw.random() < 0.05 and at < 2
                targets = levels[at + 2 if skips else at + 1]
                near = rank * len(targets) // len(codes) + draw.randint(-3, 3)
                links[code, targets[min(max(near, 0), len(targets) - 1)]] = None
    nodes = make_nodes(levels)
    words = [" ".join(draw.choices(_WORDS.split(), k=draw.randint(3, 12))).capitalize() for _ in range(len(nodes))]
    nodes["libelle_noeud"] = pd.Series(words).mask(nodes["est_perdu"])
    return nodes, make_edges(list(links), nodes)
