"""The straight line from raw files to HTML reports."""

import sys

# Where JupyterLab is installed, jsonschema compiles a grammar at import (1.2 s) that no notebook needs: skip it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
