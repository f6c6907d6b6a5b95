"""A diagram drawn whole beside dot's own layout of the same nodes and links: no wrapped text, no SVG, no sheets.

    python -m tests.bench.diagrams 23 150 400

« calcul » is processor time, the best of five, without the imports that both share.
"""

import sys
import time
from collections.abc import Callable

import pandas as pd
from pygraphviz import AGraph

from pipelines.charts.diagram import draw_logic_model
from tests.charts.diagram_samples import HEADINGS, large


def lay_out_plainly(nodes: pd.DataFrame, edges: pd.DataFrame) -> None:
    """What one would write in a notebook."""
    graph = AGraph(directed=True, rankdir="LR")
    graph.add_nodes_from(nodes["code_noeud"], shape="box")
    graph.add_edges_from(zip(edges["code_source"], edges["code_cible"], strict=True))
    graph.layout(prog="dot")


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main(sizes: list[int]) -> None:
    """Print one line a size."""
    print("| nœuds | liens | calcul (s) | dot seul (s) | rapport | SVG (Ko) |")
    print("| --: | --: | --: | --: | --: | --: |")
    for size in sizes:
        nodes, edges = large(size)
        diagram = draw_logic_model(nodes, edges, title="Un modèle", levels=HEADINGS)
        ours = _best(lambda model=(nodes, edges): draw_logic_model(*model, title="Un modèle", levels=HEADINGS))
        plain = _best(lambda model=(nodes, edges): lay_out_plainly(*model))
        numbers = [
            str(len(edges)),
            f"{ours:.3f}",
            f"{plain:.3f}",
            f"{ours / plain:.1f}",
            f"{len(diagram.svg) / 1000:.0f}",
        ]
        print(f"| {size} | " + " | ".join(numbers).replace(".", ",") + " |")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [23, 150, 400])
