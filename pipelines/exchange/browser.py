"""The browser of the machine, without window or network: what prints a page, and what tests open it with."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from pipelines.errors import UsageError

VARIABLE = "OSE_NAVIGATEUR"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
# Where Windows and macOS put them, outside the PATH.
PLACES = (
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
# Nothing of the browser's own may reach the network or wait for a display.
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 120


def find_browser() -> str | None:
    """The program that `OSE_NAVIGATEUR` names, or the first browser of this machine; None where there is none.

    UsageError where the variable names no program.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise UsageError(f"{VARIABLE} désigne « {chosen} », qui n'est pas un programme. Corriger ce chemin.")
        return found
    return next((found for name in (*NAMES, *PLACES) if (found := shutil.which(name))), None)


def quiet_arguments() -> list[str]:
    """Arguments that keep the browser quiet; as root it refuses to start in its sandbox."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*QUIET, "--no-sandbox"] if as_root else list(QUIET)


def print_page(page: Path, target: Path, *, patience: float = PATIENCE) -> None:
    """Print a page as a tagged PDF with its outline. UsageError where no browser does so in `patience` seconds."""
    browser = find_browser()
    if browser is None:
        raise UsageError(
            f"Aucun navigateur pour écrire le PDF : installer Chromium, Chrome ou Edge, ou donner son chemin dans la "
            f"variable {VARIABLE}."
        )
    with tempfile.TemporaryDirectory(prefix="ose-", ignore_cleanup_errors=True) as profile:
        command = [
            browser, "--headless", *quiet_arguments(), f"--user-data-dir={profile}", "--no-pdf-header-footer",
            "--generate-pdf-document-outline", f"--print-to-pdf={target}", page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            code = _run(command, patience)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _failed(browser) from error
    if code or not target.is_file():
        raise _failed(browser)


def _run(command: list[str], patience: float) -> int:
    """Exit code of the browser. TimeoutExpired after `patience` seconds: it is then stopped, with all that it started.

    In a session of its own, since the browser may be a script that starts the real one and would leave it behind.
    """
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # The program is the one that the person chose or installed; a page's address is no option of it.
    with subprocess.Popen(command, start_new_session=True, **silent) as running:  # noqa: S603
        try:
            return running.wait(patience)
        except BaseException:  # an interruption too
            if os.name == "nt":
                running.kill()
            else:
                os.killpg(running.pid, signal.SIGKILL)
            raise


def _failed(browser: str) -> UsageError:
    return UsageError(
        f"Le navigateur {Path(browser).name} n'a pas pu écrire le PDF. Vérifier qu'il s'ouvre, qu'il est à jour et "
        f"qu'il reste de la place, ou en choisir un autre avec {VARIABLE}."
    )
