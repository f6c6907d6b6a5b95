"""Runs a command, then waits for what it leaves behind: a process counts as its parent's work once it is waited for.

    python adopt.py WALL.txt COMMAND...

The seconds of the command itself, by the clock, go to WALL.txt.
"""

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path

ADOPT = 36  # PR_SET_CHILD_SUBREAPER of <sys/prctl.h>
# Seconds for what is left to end by itself.
PATIENCE = 10


def main(wall: str, *command: str) -> int:
    """The exit code of the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT, 1)
    began = time.perf_counter()
    code = subprocess.call(command)
    ended = time.perf_counter()
    Path(wall).write_text(str(ended - began), encoding="ascii")
    while hasattr(os, "WNOHANG") and time.perf_counter() < ended + PATIENCE:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
        except ChildProcessError:
            break
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
