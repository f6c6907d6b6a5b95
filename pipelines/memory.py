"""What a million actions need: memory that was freed goes back to the system."""

import ctypes
import gc
import sys

import pyarrow as pa


def give_back() -> None:
    """Return to the system the memory that was freed: Arrow and the C library keep it, as much again as is in use."""
    gc.collect()  # a data source and its batches refer to each other
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)
