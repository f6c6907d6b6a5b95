"""papermill as a build calls it: its own engine, of which the notebook is kept as far as it went, within a time."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.run.means import Limits

_ENGINE = "ose"


@dataclass
class Run:
    """A notebook that runs, with its outputs so far, None before it starts; the position of the last cell begun."""

    notebook: Any = None
    position: int = 0


def execute_notebook(
    source: Path, parameters: Mapping[str, Any], place: Path, kernels: str, limits: Limits, run: Run
) -> Any:
    """The executed notebook, through stock papermill and the environment's own python3 kernel, forked or not.

    `place`: its working directory; `run` is filled as it goes.
    """
    import papermill
    from papermill.engines import NBClientEngine, papermill_engines

    from pipelines.run.manager import papermill_options

    class Keeping(NBClientEngine):
        """papermill's engine, of whose notebook this run keeps hold: of one that stops, papermill gives back none."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
            run.notebook = nb_man.nb
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)

    def time_left(cell: Any) -> float:
        run.position = next(i for i, one in enumerate(run.notebook.cells) if one is cell)
        return max(1, deadline - time.monotonic())

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what it says in English is told in French
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    papermill_engines.register(_ENGINE, Keeping)
    deadline = time.monotonic() + limits.seconds
    return papermill.execute_notebook(
        str(source),
        None,  # its copy after each cell is for who watches
        parameters=dict(parameters),
        engine_name=_ENGINE,
        kernel_name="python3",
        cwd=str(place),
        progress_bar=False,
        log_output=False,
        timeout_func=time_left,
        **(papermill_options(kernels) if kernels else {}),
    )
