"""One act at a time, after what was sent before it, in the context of the cell that opened the form."""

import asyncio
import threading
import time
from contextvars import ContextVar

from pipelines.forms.turns import Turns

WHERE: ContextVar[str] = ContextVar("WHERE", default="nowhere")


def test_without_a_kernel_an_act_is_done_at_once() -> None:
    done = []
    Turns().take_soon(lambda: done.append("click"))
    assert done == ["click"]


def test_what_was_sent_before_a_click_comes_first_even_if_handled_after() -> None:
    done = []

    async def handle() -> None:
        WHERE.set("cell")
        turns = Turns()
        WHERE.set("click")
        turns.take_soon(lambda: done.append(f"click in {WHERE.get()}"))
        assert done == []
        asyncio.get_running_loop().call_later(0.01, turns.take, lambda: done.append("value"))
        await asyncio.sleep(0.3)

    asyncio.run(handle())
    assert done == ["value", "click in cell"]


def test_two_threads_do_not_act_at_once() -> None:
    turns, acting, seen = Turns(), [], []

    def act() -> None:
        acting.append(1)
        time.sleep(0.02)
        seen.append(len(acting))
        acting.pop()

    threads = [threading.Thread(target=turns.take, args=[act]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1, 1, 1, 1]


def test_an_act_may_cause_another() -> None:
    turns, done = Turns(), []
    turns.take(lambda: turns.take(lambda: done.append(1)))
    assert done == [1]
