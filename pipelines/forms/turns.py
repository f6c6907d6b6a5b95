"""What a person does in a form, one thing after the other: a kernel may hear of two things at once, or in disorder."""

import asyncio
import threading
from collections.abc import Callable
from contextvars import copy_context

# Seconds: nobody notices, and what was sent before a click has come.
_SETTLING = 0.05


class Turns:
    """Gives each act its turn. Made in the cell that opens the form, whose context the clicks then act in.

    A kernel with subshells hands each widget's messages to the thread that last spoke for that widget: a click could be
    handled in one thread while the text typed before it waits in another that draws. In the cell's context all buttons
    stay with the main thread, and the fields' values, which are never slow to take, arrive first.
    """

    def __init__(self) -> None:
        self._context = copy_context()
        self._lock = threading.RLock()

    def take(self, act: Callable[[], None]) -> None:
        """Do something now, when nothing else is being done."""
        with self._lock:
            act()

    def take_soon(self, act: Callable[[], None]) -> None:
        """Do something once what was sent before has come; at once where no kernel is running."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.take(act)
            return
        loop.call_later(_SETTLING, self.take, act, context=self._context.copy())
