"""Digital inclusion: what structures say that they offer, where, for whom, what they see of the others, what first.

Source: the protocol's own diagnosis (a few figures are left of it), and a survey of structures in the shape of
`structures_numeriques`, `offres_numeriques`, `leviers_numeriques`. The two are never merged.
"""

from pipelines.indicators.digital.definitions import DEFINITIONS, define, latest_survey
from pipelines.indicators.digital.levers import (
    average_ranks,
    list_close_to_first,
    measure_concordance,
    read_rankings,
    tell_agreement,
)
from pipelines.indicators.digital.quartiers import NO_POPULATION, cross_situations, list_quartiers_served
from pipelines.indicators.digital.questions import ask_partners
from pipelines.indicators.digital.services import count_services
from pipelines.indicators.digital.structures import describe_structures
from pipelines.indicators.digital.supply import (
    AWAY,
    BESIDE,
    INSIDE,
    SITUATIONS,
    UNSAID,
    compare_to_median,
    list_without_supply,
    measure_supply,
    place_structures,
    read_population,
)
from pipelines.indicators.digital.visibility import (
    LACKING,
    count_opinions,
    count_response,
    measure_lack,
    pick_fact,
    weigh_facts,
)

__all__ = [
    "AWAY",
    "BESIDE",
    "DEFINITIONS",
    "INSIDE",
    "LACKING",
    "NO_POPULATION",
    "SITUATIONS",
    "UNSAID",
    "ask_partners",
    "average_ranks",
    "compare_to_median",
    "count_opinions",
    "count_response",
    "count_services",
    "cross_situations",
    "define",
    "describe_structures",
    "latest_survey",
    "list_close_to_first",
    "list_quartiers_served",
    "list_without_supply",
    "measure_concordance",
    "measure_lack",
    "measure_supply",
    "pick_fact",
    "place_structures",
    "read_population",
    "read_rankings",
    "tell_agreement",
    "weigh_facts",
]
