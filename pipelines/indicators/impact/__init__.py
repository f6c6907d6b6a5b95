"""Impact, with restraint: a difference-in-differences that is computed only where its conditions hold.

Where one fails, the study says which, gives no figure of impact and does not name one. Source: domain brief, sections
2.6, 9 and 12. Quartiers were chosen because they were poor: even where every condition holds, part of a change may be a
return towards the mean.
"""

from pipelines.indicators.impact.study import Study, study_impact

__all__ = ["Study", "study_impact"]
