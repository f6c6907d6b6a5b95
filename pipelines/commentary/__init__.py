"""Human commentary: text files kept apart from the code that is rerun, carried to the certified tables by prepare.

`commentaires/<annee>/<notebook>/<section>.md` may open with a head between two lines « --- »: `auteur` (a role, no
name), `date`, and `empreinte`, the fingerprint of the figures that it speaks of, as the report prints it. Beside it,
`<section>.chiffres.csv` keeps these figures. When they change, the report says « à relire », and what changed.
"""

from pipelines.commentary.collecting import collect_comments, comment_files, select_comments
from pipelines.commentary.writing import accept_figures, figures_beside, write_draft

__all__ = [
    "accept_figures",
    "collect_comments",
    "comment_files",
    "figures_beside",
    "select_comments",
    "write_draft",
]
