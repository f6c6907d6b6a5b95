"""The codebook: the certified tables, printed in Markdown for the README."""

from collections.abc import Iterable

from pipelines.tables.model import Table


def print_codebook(tables: Iterable[Table]) -> str:
    """The codebook of the certified tables, in Markdown, for the README."""
    lines = []
    for table in tables:
        lines += [
            f"### `{table.name}`",
            "",
            f"Une ligne : {table.row}. Clé : {', '.join(f'`{name}`' for name in table.key)}.",
            "",
            "| colonne | type | unité | sens | valeurs |",
            "|---|---|---|---|---|",
        ]
        for c in table.columns:
            values = ", ".join(f"`{value}`" for value in c.vocabulary)
            lines.append(f"| `{c.name}` | {c.kind} | {c.unit} | {c.meaning} | {values} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
