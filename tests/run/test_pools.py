"""Work given to another process is done, whoever is killed."""

import os
import signal

from pipelines.run.pools import do_aside, open_pool


def _die_elsewhere(here: int) -> int:
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def test_work_of_a_killed_process_is_done_here() -> None:
    here = os.getpid()
    with open_pool(1) as pool:
        assert do_aside(pool, os.getpid)() != here
        first, second = (do_aside(pool, _die_elsewhere, here) for _ in range(2))
        assert first() == second() == here
        # By now the pool refuses work.
        assert do_aside(pool, os.getpid)() == here
