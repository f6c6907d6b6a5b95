"""The command line: options, messages and exit codes; no logic."""

from pipelines.cli.entry import main

__all__ = ["main"]
