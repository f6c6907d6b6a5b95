"""The shipped contract, read once for all the tests of a process that only look at it: nobody can change one."""

import functools

from pipelines.contract import Contract, read_contract


@functools.cache
def shipped_contract() -> Contract:
    """`contrat.yml` of Valenciennes, with its tree, its models and the national sources."""
    return read_contract("valenciennes")
