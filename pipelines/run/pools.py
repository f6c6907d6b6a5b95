"""Processes of this machine that work for this one and end with it, be it killed; they start with all they need."""

import json
import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import util
from threading import Thread
from typing import ParamSpec, TypeVar

from pipelines.fingerprint import method
from pipelines.paths import METHOD_VARIABLE, QUIET_VARIABLE

# What whoever executes a notebook and writes its page imports.
_MODULES = ["pipelines.run.execute", "papermill", "pipelines.report.page"]
# Elsewhere a fork is absent, or unsafe once graphics are loaded.
_FORKS = sys.platform == "linux"
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def import_ahead() -> None:
    """Start the process that the others are forked from, where the system has one: it imports as this one goes on."""
    if _FORKS:
        from multiprocessing import forkserver  # not made for every system

        multiprocessing.set_forkserver_preload(_MODULES)
        forkserver.ensure_running()


def open_pool(count: int) -> ProcessPoolExecutor:
    """That many processes, of the method of this one. Not forks of it, whose threads may hold locks."""
    # The sources may change while a long build runs: all is said to be made by one method. And one process has a bar.
    carried = {METHOD_VARIABLE: json.dumps(method()), QUIET_VARIABLE: "1"}
    context = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
    return ProcessPoolExecutor(count, context, _begin, (os.environ | carried, util.get_temp_dir()))


def do_aside(
    pool: Executor, work: Callable[_Given, _Made], *args: _Given.args, **kwargs: _Given.kwargs
) -> Callable[[], _Made]:
    """Have a process of the pool do some work; what is returned gives its result, made here where it was killed."""
    here = partial(work, *args, **kwargs)
    try:
        future = pool.submit(work, *args, **kwargs)
    except BrokenExecutor:
        return here

    def result() -> _Made:
        try:
            return future.result()
        except BrokenExecutor:
            return here()

    return result


def _begin(environment: Mapping[str, str], place: str) -> None:
    # A fork has the environment of the process it was forked from.
    os.environ.clear()
    os.environ.update(environment)
    Thread(target=_end_with_parent, args=(place,), daemon=True).start()


def _end_with_parent(place: str) -> None:
    """End when the parent does, and take along the folder that Python made for it: killed, it cannot."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(place, ignore_errors=True)
        os._exit(1)
