"""What one would write with papermill's and nbconvert's own functions: two processes, a notebook at a time each."""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import papermill
from nbconvert import HTMLExporter


def build(one: dict[str, Any]) -> None:
    """Execute a notebook of the plan and write its page."""
    executed = f"{one['name']}.ipynb"
    papermill.execute_notebook(
        one["path"], executed, parameters=one["parameters"], kernel_name="python3", progress_bar=False
    )
    body, _ = HTMLExporter().from_filename(executed)
    Path(executed).with_suffix(".html").write_text(body, encoding="utf-8")


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(build, json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["notebooks"]))
