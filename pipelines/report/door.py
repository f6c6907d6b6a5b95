"""The only door to a published page: what a cell leaves bare goes through `show`, what went around is refused.

In a notebook, a frame or chart at the end of a cell is shown by the report, numbered and checked like any other. In a
build, `refuse_strays` reads the executed notebook: every output must bear the mark that the report gives it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.errors import NotebookError, OseError

if TYPE_CHECKING:
    from pipelines.charts.diagram import Diagram
    from pipelines.charts.style import Chart

NO_FIGURE = (
    "Une figure nue n'est pas publiée : ses données ne peuvent pas être contrôlées. La faire avec une fonction de "
    "pipelines.charts et la donner à report.show."
)


def guard_display(show: "Callable[[pd.DataFrame | Chart | Diagram], Any]", refuse: Callable[[str], Any]) -> None:
    """Send what IPython displays bare to `show`, and a bare matplotlib figure to `refuse`. Nothing outside IPython."""
    # Heavy, and a build only reads what notebooks have displayed.
    from IPython import get_ipython
    from matplotlib.figure import Figure

    from pipelines.charts.diagram import Diagram
    from pipelines.charts.style import Chart

    shell = get_ipython()
    if shell is None:
        return

    def through(shown: "pd.DataFrame | Chart | Diagram") -> None:
        try:
            show(shown)
        except OseError as error:
            # IPython would fall back on the object's own representation, unchecked.
            refuse(str(error))

    # The formatter that displays in the object's stead: no other representation of it is written.
    door = shell.display_formatter.ipython_display_formatter
    door.for_type(pd.DataFrame, lambda frame: through(_named(frame)))
    door.for_type(pd.Series, lambda series: through(_named(series.to_frame(series.name or "valeur"))))
    door.for_type(Chart, through)
    door.for_type(Diagram, through)
    door.for_type(Figure, lambda _: refuse(NO_FIGURE))


def tell_errors() -> None:
    """In a notebook, from now on, an error of ours is its sentence alone, without a trace. Nothing outside IPython."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return

    def tell(shell: Any, kind: type[OseError], error: OseError, _: Any, tb_offset: int | None = None) -> None:
        shell._showtraceback(kind, error, [str(error)])

    shell.set_custom_exc((OseError,), tell)


def refuse_strays(notebook: Any) -> None:
    """NotebookError where an output of an executed notebook did not go through the report, with its cell and the fix.

    What Python writes to stderr is not published: `drop_stderr` takes it out.
    """
    # The cells as evaluators count them: the one that papermill injects is not theirs.
    own = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    for number, cell in enumerate(own, start=1):
        for output in cell.get("outputs", []):
            refused = output.get("metadata", {}).get("ose", {}).get("refus")
            if refused:
                raise NotebookError(f"Cellule {number} : {refused}")
            if not _is_ours(output):
                raise NotebookError(
                    f"La cellule {number} affiche {_kind(output)} sans passer par le rapport : le secret statistique "
                    "n'y est pas contrôlé. Donner ce résultat à report.show (tableau, figure), ou à "
                    "report.read (phrase), ou retirer l'affichage."
                )


def drop_stderr(notebook: Any) -> Any:
    """The notebook without what libraries wrote to stderr: a warning may quote a value."""
    for cell in notebook.cells:
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
    return notebook


def _is_ours(output: Any) -> bool:
    return output["output_type"] in ("display_data", "execute_result") and "ose" in output.get("metadata", {})


def _kind(output: Any) -> str:
    """The kind of the stray output: never its text, which may hold the very count to protect."""
    if output["output_type"] == "stream":
        return "un texte de print"
    if output["output_type"] == "error":
        return "une erreur"
    return "une image" if any(name.startswith("image/") for name in output["data"]) else "une valeur"


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a name for each index level that holds text, as a table needs."""
    if pd.api.types.is_integer_dtype(frame.index.dtype) and frame.index.names == [None]:
        return frame
    names = [name or f"index_{number}" for number, name in enumerate(frame.index.names, start=1)]
    return frame.rename_axis(names)
