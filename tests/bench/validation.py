"""What preparing one contract more costs, prepared with 1, 10 or 50, beside one at a time.

    python -m tests.bench.validation [--contrats 10]

Writes invented contracts (`pipelines.demo.france`) in a temporary folder, and prepares them in this process: one at a
time, then together. Processor time, which neighbours on the machine change little; compare ratios, not seconds.
"""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from pipelines import prepare
from pipelines.contract import Contract, read_contract
from pipelines.demo.france import write_france
from pipelines.validate.native import open_source

SIZES = (1, 10, 50)


def time_together(contracts: Sequence[Contract], processed: Path, *, size: int) -> tuple[float, float]:
    """Seconds of processor by contract, prepared so many at a time: in all, and for the checks alone."""
    checks = 0.0
    validate = prepare.validate_together

    def timed(*args: object) -> object:
        nonlocal checks
        start = time.process_time()
        try:
            return validate(*args)
        finally:
            checks += time.process_time() - start

    prepare.validate_together = timed
    start = time.process_time()
    try:
        for first in range(0, len(contracts), size):
            for outcome in prepare.prepare_together(contracts[first : first + size], processed, force=True):
                if isinstance(outcome, Exception):
                    raise outcome
    finally:
        prepare.validate_together = validate
    return (time.process_time() - start) / len(contracts), checks / len(contracts)


@click.command(help=__doc__)
@click.option("--contrats", default=SIZES[-1], type=click.IntRange(2), help="Combien de contrats au plus.")
def main(contrats: int) -> None:
    """Measure each size, and print one line for each."""
    open_source()  # paid once a process
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_france(folder / "contrats", contrats)
        contracts = [read_contract(str(path)) for path in sorted((folder / "contrats").iterdir())]
        click.echo(
            "| contrats à la fois | calcul par contrat (s) | dont contrôles (s) | rapport | rapport des contrôles |"
        )
        click.echo("| --: | --: | --: | --: | --: |")
        alone = time_together(contracts, folder / "tables", size=1)
        for size in sorted({min(size, contrats) for size in SIZES}):
            whole, checks = alone if size == 1 else time_together(contracts, folder / "tables", size=size)
            ratios = f"{whole / alone[0]:.2f} | {checks / alone[1]:.2f}".replace(".", ",")
            click.echo(f"| {size} | {whole:.2f} | {checks:.2f} | ".replace(".", ",") + f"{ratios} |")


if __name__ == "__main__":
    main()
