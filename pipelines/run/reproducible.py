"""An IPython extension for the kernels of a build: a notebook that runs twice shows the same outputs.

What only the start of a process can settle (hashes, dates, time zone) is in `pipelines.run.kernels.ENVIRONMENT`; what
differs afterwards is settled here: numbers drawn without a seed, identifiers drawn at random, addresses in memory.
Nothing is imported for it that the notebook does not import: modules are changed when they arrive.
"""

import importlib.abc
import importlib.util
import os
import random
import re
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from itertools import count
from types import ModuleType
from typing import Any

SEED = 0
_ADDRESS = re.compile(rb" at 0x[0-9A-Fa-f]+")
_NO_ADDRESS = " at 0x…".encode()


def load_ipython_extension(shell: Any) -> None:
    """Have the kernel of this shell give the same outputs every time."""
    entropy = _Entropy()
    _seed_random(entropy)
    changes: dict[str, Callable[[ModuleType], None]] = {
        "numpy.random": lambda module: _seed_numpy(module, entropy),
        "matplotlib": _name_svg_parts,
        "pandas.io.formats.style": _number_stylers,
    }
    for name in [name for name in changes if name in sys.modules]:  # by the warm parent
        changes.pop(name)(sys.modules[name])
    sys.meta_path.insert(0, _ChangedOnArrival(changes))

    def start_over(*_: Any) -> None:
        shell.events.unregister("pre_run_cell", start_over)
        entropy.start_over()
        random.seed(SEED)

    # What draws while the kernel starts (IPython, a tip) is not the notebook's.
    shell.events.register("pre_run_cell", start_over)
    kernel = getattr(shell, "kernel", None)
    if kernel is not None:
        _hide_addresses(kernel.session)


class _Entropy:
    """Bits where a generator without a seed takes its own from the system: the same in every run, in the same order.

    A module that draws while it is imported (scipy's examples) has its own: the warm parent has imported it before.
    """

    def __init__(self) -> None:
        self._draw: dict[str, Callable[[int], int]] = {}
        self._system = False
        if hasattr(os, "register_at_fork"):
            # Two processes of a pool must not draw the same numbers: there, the system's again, as `random` does.
            os.register_at_fork(after_in_child=self._ask_the_system)

    def __call__(self, bits: int) -> int:
        name = _module_in_import()
        if name not in self._draw:
            own = random.SystemRandom() if self._system else random.Random(f"{SEED}{name}")  # noqa: S311 no secret
            self._draw[name] = own.getrandbits
        return self._draw[name](bits)

    def start_over(self) -> None:
        """Give the same bits again from the first."""
        self._draw = {}

    def _ask_the_system(self) -> None:
        self._draw, self._system = {}, True


def _module_in_import() -> str:
    """Name of the module whose import runs now, the innermost; "" where none does."""
    frame = sys._getframe()
    while frame.f_back is not None:
        if frame.f_code.co_name == "<module>" and frame.f_back.f_code.co_filename.startswith("<frozen importlib"):
            return str(frame.f_globals["__name__"])
        frame = frame.f_back
    return ""


def _seed_random(entropy: _Entropy) -> None:
    """`random` and its generators without a seed."""
    seed = random.Random.seed

    def seed_alike(self: random.Random, a: Any = None, version: int = 2) -> None:
        seed(self, entropy(256) if a is None else a, version)

    random.Random.seed = seed_alike  # type: ignore[method-assign]
    random.seed = random.seed.__self__.seed  # type: ignore[attr-defined]
    random.seed(SEED)


def _seed_numpy(module: ModuleType, entropy: _Entropy) -> None:
    """`numpy.random` and its generators without a seed: those of seaborn's confidence intervals are."""
    module.bit_generator.randbits = entropy
    module.seed(SEED)


def _name_svg_parts(module: ModuleType) -> None:
    """matplotlib: the identifiers inside an SVG, in a style that goes back to the defaults too."""
    for parameters in (module.rcParams, module.rcParamsDefault):
        parameters["svg.hashsalt"] = "ose"


def _number_stylers(module: ModuleType) -> None:
    """pandas: the identifier of a styled table, where the notebook gives it none."""
    numbers, initialise = count(1), module.Styler.__init__

    def initialise_alike(self: Any, *args: Any, **kwargs: Any) -> None:
        initialise(self, *args, **({"uuid": f"{next(numbers):05d}"} | kwargs))

    module.Styler.__init__ = initialise_alike


def _hide_addresses(session: Any) -> None:
    """Addresses in memory, in whatever the kernel says: values, texts, errors."""
    pack = session.pack
    session.pack = lambda message: _ADDRESS.sub(_NO_ADDRESS, pack(message))


class _ChangedOnArrival(importlib.abc.MetaPathFinder):
    """Finds no module: hands to its function each of those named, once it is imported."""

    def __init__(self, changes: dict[str, Callable[[ModuleType], None]]) -> None:
        self._changes = changes

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        change = self._changes.pop(name, None)  # popped: the search that follows comes here again
        spec = importlib.util.find_spec(name) if change else None
        if spec is None or spec.loader is None:
            return None
        loader = spec.loader
        execute = loader.exec_module

        def execute_and_change(module: ModuleType) -> None:
            execute(module)
            change(module)

        loader.exec_module = execute_and_change  # type: ignore[method-assign]
        return spec
