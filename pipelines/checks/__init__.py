"""Our own checks: what no single row or table shows. Each is a function, rows and frames → rows at fault, in pandas.

`expectations/<table>.ose.json` calls them by name, as a native suite calls an expectation. They are not subclasses of
Great Expectations' own: such a class sees one frame, and needs a metric provider to say what a merge and a comparison
say here; most of these rules read two tables or more. They stand in files of their own because plain Great
Expectations drops a type that it does not know, reports success, and would so be handed an emptied suite.

A check takes the rows of its table, the frames named by the argument `tables`, in that order, and its thresholds by
name. It returns the rows at fault, with their text in `valeur`; blank and repeated keys are left to the native suites.
"""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any, get_type_hints

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from pipelines.checks.commitments import expect_totals_to_hold_measures
from pipelines.checks.logic import (
    expect_evidence_to_name_a_link,
    expect_links_to_climb,
    expect_links_to_spare_lost_nodes,
    expect_nodes_to_be_linked,
    expect_nodes_to_exist,
    expect_scopes_to_be_known,
)
from pipelines.checks.marker import expect_grants_to_be_rated, expect_typed_marker_to_be_the_computed
from pipelines.checks.objectives import expect_objective_of_own_orientation, expect_objectives_to_form_a_tree
from pipelines.checks.observations import (
    expect_numerators_to_agree,
    expect_parts_below_whole,
    expect_parts_within_whole,
    expect_values_to_fit_their_unit,
)
from pipelines.checks.opinions import expect_delays_of_a_month
from pipelines.checks.programmes import (
    expect_funding_within_cost,
    expect_grant_only_after_decision,
    expect_headcounts_near_plan,
    expect_headcounts_to_agree,
    expect_shares_to_add_up,
    expect_year_within_dates,
)
from pipelines.checks.references import (
    expect_codes_to_be_keys,
    expect_dates_not_after,
    expect_events_not_after,
    expect_siret_to_hold_its_key,
    expect_spellings_to_name_one_territory,
)
from pipelines.errors import DataError

Check = Callable[..., pd.DataFrame]

CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        expect_codes_to_be_keys,
        expect_dates_not_after,
        expect_delays_of_a_month,
        expect_events_not_after,
        expect_evidence_to_name_a_link,
        expect_funding_within_cost,
        expect_grant_only_after_decision,
        expect_grants_to_be_rated,
        expect_headcounts_near_plan,
        expect_headcounts_to_agree,
        expect_links_to_climb,
        expect_links_to_spare_lost_nodes,
        expect_nodes_to_be_linked,
        expect_nodes_to_exist,
        expect_numerators_to_agree,
        expect_objective_of_own_orientation,
        expect_objectives_to_form_a_tree,
        expect_parts_below_whole,
        expect_parts_within_whole,
        expect_scopes_to_be_known,
        expect_shares_to_add_up,
        expect_siret_to_hold_its_key,
        expect_spellings_to_name_one_territory,
        expect_totals_to_hold_measures,
        expect_typed_marker_to_be_the_computed,
        expect_values_to_fit_their_unit,
        expect_year_within_dates,
    )
}


def arguments(check: Check) -> dict[str, Any]:
    """The named arguments of a check, all required, with their types."""
    hints = get_type_hints(check)
    return {p.name: hints[p.name] for p in signature(check).parameters.values() if p.kind is Parameter.KEYWORD_ONLY}


def count_tables(check: Check) -> int:
    """How many frames a check takes beside the rows of its own table."""
    return sum(p.kind is Parameter.POSITIONAL_OR_KEYWORD for p in signature(check).parameters.values()) - 1


def run_check(kind: str, table: str, frames: Mapping[str, pd.DataFrame], given: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of a table at fault by one check. DataError where the value of an argument is not of its type.

    `given`: the arguments, `tables` included, parameters already replaced by their values.
    """
    check = CHECKS[kind]
    values = {}
    for name, hint in arguments(check).items():
        try:
            values[name] = TypeAdapter(hint).validate_python(given[name])
        except ValidationError as error:
            raise DataError(
                f"{table}.ose.json ({kind}) : l'argument « {name} » ne peut pas valoir {given[name]!r}. Le corriger."
            ) from error
    others = [frames[name] for name in given.get("tables", [])]
    return check(frames[table], *others, **values)
