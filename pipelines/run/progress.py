"""What a build says while it runs: a bar on a terminal, a line for each page, and all of it in the log."""

import logging
import os
import time
from collections.abc import Callable

import click
from tqdm import tqdm

from pipelines.bars import open_bar
from pipelines.errors import OseError
from pipelines.numbers import count
from pipelines.paths import QUIET_VARIABLE
from pipelines.run.jobs import Job

LOG = logging.getLogger("ose")
LOG.addHandler(logging.NullHandler())  # without a log, nothing is written anywhere


class Progress:
    """Tells of a build as it goes; `quiet`: failures alone, on the error stream; `silent`: no lines, bars and log."""

    def __init__(self, quiet: bool = False, silent: bool = False) -> None:
        self._quiet, self._silent = quiet, silent
        os.environ.pop(QUIET_VARIABLE, None)
        if quiet:
            os.environ[QUIET_VARIABLE] = "1"
        self._bar: tqdm | None = None
        self._began = time.perf_counter()

    def prepare(self, contracts: int) -> None:
        """The tables of so many contracts are being prepared."""
        LOG.info("Préparation de %s", count(contracts, "contrat"))
        if contracts > 1:  # of one, reading and checks have their own
            self._open("Préparation", contracts)

    def prepared(self, name: str, outcome: object) -> None:
        """The tables of a contract are there, or it was refused."""
        LOG.log(logging.ERROR if isinstance(outcome, OseError) else logging.DEBUG, "%s : %s", name, outcome)
        if self._bar is not None:
            self._bar.set_postfix_str(name)
            self._bar.update()

    def start(self, stale: int, current: int) -> None:
        """So many pages are to be made, and so many are up to date."""
        LOG.info("%s à construire, %s déjà à jour", count(stale, "page"), current)
        self._open("Rapports", stale, f", {current} déjà à jour")

    def _open(self, title: str, total: int, more: str = "") -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar = open_bar(title, total=total, more=more)

    def begin(self, job: Job) -> None:
        """A page is handed over to be made."""
        if self._bar is not None:
            self._bar.set_postfix_str(job.base.name)

    def page(self, job: Job, seconds: float, error: OseError | None) -> None:
        """A page has been made, or has failed."""
        name, lasted = f"{job.base.as_posix()}.html", f"{seconds:.1f} s".replace(".", ",")
        if error:
            where = f", section « {error.section} »" if error.section else ""
            kept = f" Notebook gardé : {error.kept}" if error.kept else ""
            self._write(f"échec      {name}{where} : {error}{kept}", err=True)
            LOG.error("%s%s : %s%s%s", name, where, error, kept, f"\n{error.details}" if error.details else "")
        else:
            self._write(f"construit  {name} ({lasted})")
            LOG.info("construit %s en %s", name, lasted)
        if self._bar is not None:
            self._bar.update()

    def end(self) -> None:
        """The build is over."""
        if self._bar is not None:
            self._bar.close()
        LOG.info("Fin, après %.1f s", time.perf_counter() - self._began)

    def _write(self, line: str, err: bool = False) -> None:
        if self._silent or (self._quiet and not err):
            return
        write: Callable[[], None] = lambda: click.echo(line, err=err)  # noqa: E731
        if self._bar is None or self._bar.disable:
            write()
        else:
            with self._bar.external_write_mode():
                write()
