"""The ceiling: the cells of the notebooks as plain scripts, forked two at a time from a process that is warm.

    python -m tests.bench.plain PLAN.json

No kernel, no messages, no nbconvert: each script runs its cells and writes the blocks that they show one after the
other into a file. What a build takes beyond that is what notebooks and pages cost.
"""

import ast
import gc
import json
import os
import sys
from pathlib import Path
from types import CodeType
from typing import Any

import IPython.display

from pipelines.run.warm_parent import preload

AT_ONCE = 2


def main(plan: Path) -> None:
    """Run every notebook of a plan; exits with 1 where one fails."""
    said = json.loads(plan.read_text(encoding="utf-8"))
    preload()
    gc.collect()
    gc.freeze()  # as a warm parent does: the scripts' collector would read all that was imported
    waiting, running, failed = list(said["notebooks"]), 0, False
    while waiting or running:
        if waiting and running < AT_ONCE:
            one = waiting.pop(0)
            running += 1
            if os.fork() == 0:
                os._exit(_run(one, Path(said["outputs"])))
        else:
            failed |= os.wait()[1] != 0
            running -= 1
    sys.exit(failed)


def _run(one: dict[str, Any], outputs: Path) -> int:
    try:
        blocks = run_cells(Path(one["path"]), one["parameters"])
        outputs.joinpath(f"{one['name']}.html").write_text("\n".join(blocks), encoding="utf-8")
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def run_cells(path: Path, parameters: dict[str, Any]) -> list[str]:
    """What a notebook shows, in order; `parameters` take the place of the values of its parameters cell."""
    shown: list[str] = []
    whole = IPython.display.display
    for module in list(sys.modules.values()):
        if getattr(module, "display", None) is whole:
            module.display = lambda data, **_: shown.append(data["text/html"])
    sources: list[str] = []
    # What a report looks up of the notebook that runs.
    namespace: dict[str, Any] = {"__name__": "__main__", "In": sources}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        sources.append("".join(cell["source"]))
        body, last = _compile(sources[-1], f"{path.name}[{len(sources)}]")
        exec(body, namespace)  # noqa: S102 our own notebooks
        value = eval(last, namespace) if last else None  # noqa: S307
        if value is not None:
            namespace["report"].show_bare(value)
        if "parameters" in cell["metadata"].get("tags", []):
            namespace |= parameters
    return shown


def _compile(source: str, name: str) -> tuple[CodeType, CodeType | None]:
    """The statements of a cell, and the expression that ends it, whose value a notebook displays."""
    body = ast.parse(source, name).body
    ends = bool(body) and isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";")
    last = compile(ast.Expression(body.pop().value), name, "eval") if ends else None
    return compile(ast.Module(body, type_ignores=[]), name, "exec"), last


if __name__ == "__main__":
    main(Path(sys.argv[1]))
