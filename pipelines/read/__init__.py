"""A file as text, whatever its shape: every record with its line number, before any typing."""

from pipelines.read.source import RawTable, read_source

__all__ = ["RawTable", "read_source"]
