"""Text frame → (kept, set aside, journal). Nothing is lost: what is not kept stays, with its line and its reason."""

from pipelines.clean.rows import Cleaned, clean_table

__all__ = ["Cleaned", "clean_table"]
