"""The straight line from raw files to HTML reports."""
