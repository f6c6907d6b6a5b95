"""The command line: options, messages and exit codes; no logic."""

import sys

# Where JupyterLab is installed, jsonschema compiles a grammar at import (1.2 s) that no notebook needs: skip it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from pipelines.cli.entry import main  # noqa: E402

__all__ = ["main"]
