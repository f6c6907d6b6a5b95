"""« Qu'est-ce qui a changé depuis la dernière édition ? », at the end of a report that has one to compare with."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.editions import RUBRICS, Edition, choose_edition, compare_editions, count_changes, parse_edition, present
from pipelines.errors import DataError, UsageError
from pipelines.fingerprint import digest_notebook
from pipelines.paths import processed_folder, running_notebook
from pipelines.processed import READS, load_edition
from pipelines.report.provenance import describe
from pipelines.values import format_text, format_year

if TYPE_CHECKING:
    from pipelines.report.report import Report

# Longer, a table of changes is folded under its title.
UNFOLDED = 12
NOTE = (
    "Une cause est ce qui n'est plus le même parmi ce dont le chiffre dépend : les fichiers que le tableau cite, leurs "
    "corrections, les paramètres, la méthode. Quand plusieurs sont possibles, rien ici ne dit la part de chacune."
)


def show_changes(
    report: "Report", notebook: str, shown: Sequence[Mapping[str, Any]], parameters: Sequence[Mapping[str, Any]]
) -> None:
    """Show what changed since the edition that the contract names for this report, or how to have one next time.

    `shown`: what the report has shown so far; `parameters`: those of the notebook that runs.
    """
    entry = choose_edition(report.certificate["editions"], notebook, "", report.annee)
    if entry is None:
        report.refuse(_how_to_keep(notebook, report.annee), quoi="Pas d'édition antérieure")
        return
    before = parse_edition(load_edition(processed_folder(report.contrat), entry), entry["fichier"], DataError)
    after = _present(report, notebook, shown, parameters)
    changes = compare_editions(before, after)
    if before.annee != after.annee:
        report.refuse(
            f"l'édition gardée est celle de {format_year(before.annee)}, ce rapport est celui de "
            f"{format_year(after.annee)} : deux années différentes, dont les chiffres ne sont pas deux éditions du "
            "même rapport. Les fichiers et la méthode seuls sont comparés.",
            quoi="Chiffres non comparés",
        )
    _show(report, changes, sources=[file.id for file in after.entrees], name=entry["fichier"])


def _show(report: "Report", changes: pd.DataFrame, *, sources: Sequence[str], name: str) -> None:
    cited = [pd.DataFrame({"id_source": list(sources)}, dtype="str")]
    if changes.empty:
        report.read(f"rien n'a changé depuis l'édition gardée dans {format_text(name)}.")
        return
    title = f"Ce qui a changé depuis l'édition gardée dans {format_text(name)}"
    report.show(count_changes(changes), title, sources=cited, note=NOTE)
    for rubric, label in RUBRICS.items():
        lines = present(changes, rubric)
        if len(lines):
            report.show(lines, f"{label} : ce qui a changé", sources=cited, replie=len(lines) > UNFOLDED)


def _present(
    report: "Report", notebook: str, shown: Sequence[Mapping[str, Any]], parameters: Sequence[Mapping[str, Any]]
) -> Edition:
    """The edition that is being written, from what was shown so far."""
    path = running_notebook(notebook)
    if path is None:
        raise UsageError(
            f"Aucun notebook ne s'appelle « {notebook} » : donner à report.show_changes le nom de celui-ci."
        )
    identity = {
        "titre": notebook,
        "notebook": notebook,
        "annee": report.annee,
        "parametres": list(parameters),
        "empreinte_notebook": digest_notebook(path.read_bytes()),
    }
    used = {name for one in shown for name in one["sources"]}
    return Edition.model_validate(describe(identity, report.certificate, used=used, read=READS, stale=(), shown=shown))


def _how_to_keep(notebook: str, annee: int) -> str:
    file = format_text(f"suivi/editions/{notebook}_{annee}.json")
    return (
        f"contrat.yml n'en nomme aucune. Pour comparer la prochaine fois : copier {format_text(f'{notebook}.json')}, "
        f"que la construction écrit à côté de cette page, en {file} dans le dossier du contrat ; puis écrire dans "
        f"contrat.yml, sous « editions », « - fichier: {file} »."
    )
