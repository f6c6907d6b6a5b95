"""The register of grants of one body and one year: what the contract declares and what its tables hold, as a file."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.clean.codes import parse_siret
from pipelines.contract import Contract
from pipelines.errors import DataError, UsageError
from pipelines.exchange.scdl import COLUMNS, explain_unpublishable, list_grants, to_scdl
from pipelines.numbers import count, format_euros
from pipelines.prepare import prepare
from pipelines.processed import load_table
from pipelines.publication import Publisher, YearOfGrants
from pipelines.report.downloads import to_csv
from pipelines.run.publish import unwritable
from pipelines.tables import FUNDER_LABELS, FUNDERS

OWN = "agglomeration"
# What the schema requires and no table holds, with what to write there.
_REQUIRED = {
    "nom": "nom officiel de l'organisme",
    "siret": "SIRET de l'organisme, 14 chiffres, entre guillemets",
    "date_convention": "date de signature des conventions, AAAA-MM-JJ",
    "conditions_versement": "unique, échelonné ou autre",
    "description_versement": "comment la subvention est versée, en 256 caractères au plus",
    "debut_versement": "date du versement, ou début de la période, AAAA-MM-JJ",
    "notification_ue": "oui ou non : aide de minimis notifiée à la Commission européenne",
}
_ASIDE = [
    "code_action", "nom_porteur", "code_siret", "code_rna", "intitule", "statut", "montant_accorde", "motif", "fichier",
    "feuille", "ligne",
]  # fmt: skip


@dataclass(frozen=True)
class Register:
    """A register that was written: its file, the file of grants that it cannot hold, and the balance of both.

    `balance`: one row per reason, "" for what is in the register; columns `motif`, `nb_subventions`, `montant` (euros).
    """

    file: Path
    aside: Path
    body: str
    is_fictional: bool
    balance: pd.DataFrame


def export_register(contract: Contract, processed: Path, outputs: Path, *, year: int, funder: str = OWN) -> Register:
    """Prepare the contract's tables if they are not, then write the register: see `write_register` for both."""
    declared_publisher(contract, funder, year)  # said at once, not after the preparation
    manifest = prepare(contract, processed)
    folder = processed / contract.nom_dossier
    actions, funding = (load_table(folder, manifest, name) for name in ("actions", "financements"))
    return write_register(contract, actions, funding, outputs, year=year, funder=funder)


def write_register(
    contract: Contract, actions: pd.DataFrame, funding: pd.DataFrame, outputs: Path, *, year: int, funder: str = OWN
) -> Register:
    """Write the SCDL register of what `funder` granted in `year`, and beside, for the house, what it cannot hold.

    UsageError for a funder that is no single body or a folder that cannot be written. DataError where the contract does
    not declare enough, or nothing can be published: the last register then stays as it is.
    """
    body, exercise = declared_publisher(contract, funder, year)
    grants = list_grants(actions, funding, year, funder)
    if grants.empty:
        raise DataError(
            f"Aucun montant accordé par « {funder} » en {year} dans les tables du contrat : il n'y a rien à exporter. "
            "Choisir une autre année ou un autre financeur (--annee, --financeur)."
        )
    unknown = sorted(set(exercise.conventions) - set(grants["code_action"]))
    if unknown:
        raise DataError(
            f"contrat.yml : publication_scdl > {funder} > exercices > {year} > conventions cite "
            f"{', '.join(unknown[:3])}, que {body.nom} n'a pas financé en {year}. Corriger ce numéro, ou l'enlever."
        )
    grants = grants.assign(motif=explain_unpublishable(grants))
    kept, aside = grants[grants["motif"] == ""], grants[grants["motif"] != ""]
    names = FUNDER_LABELS | {code: one.nom for code, one in contract.publication_scdl.items() if one.nom}
    text = to_scdl(kept, body, exercise, names, contract.nom, contract.date_arret.isoformat())
    is_fictional = bool(body.est_fictif or grants["est_fictif"].any())
    siren = contract.code_epci if funder == OWN else body.siret[:9]
    register = Register(
        file=outputs / contract.nom_dossier / str(year) / f"{_stem(siren, year, is_fictional)}.csv",
        aside=outputs / contract.nom_dossier / "interne" / f"{_stem(siren, year, is_fictional)}_ecartees.csv",
        body=body.nom,
        is_fictional=is_fictional,
        balance=balance_grants(grants),
    )
    files, obsolete = {register.aside: to_csv(aside[_ASIDE])}, []
    if len(kept):
        files[register.file] = text.to_csv(index=False, columns=list(COLUMNS), lineterminator="\n")
        # A register and its fictional twin never stand side by side.
        twin = _stem(siren, year, not is_fictional)
        obsolete = [register.file.with_name(f"{twin}.csv"), register.aside.with_name(f"{twin}_ecartees.csv")]
    _write(outputs, files, obsolete)
    if kept.empty:
        raise DataError(
            f"Aucune des subventions accordées par {body.nom} en {year} ne peut figurer dans un registre valable : "
            f"voir interne/{register.aside.name}, corriger les données, puis relancer.",
            details="\n".join(describe_balance(register.balance)),
        )
    return register


def balance_grants(grants: pd.DataFrame) -> pd.DataFrame:
    """Grants and euros by reason why they are not published, "" first for those that are."""
    return (
        grants.groupby("motif", as_index=False)
        .agg(nb_subventions=("code_action", "size"), montant=("montant_accorde", "sum"))
        .sort_values("motif", ignore_index=True)
    )


def describe_balance(balance: pd.DataFrame) -> list[str]:
    """The balance as French lines: granted = published + not publishable, reason by reason."""
    published = balance[balance["motif"] == ""]
    refused = balance[balance["motif"] != ""]
    rows = [
        ("accordées", balance["nb_subventions"].sum(), balance["montant"].sum(), ""),
        ("= exportées", published["nb_subventions"].sum(), published["montant"].sum(), ""),
        *(("+ écartées", row.nb_subventions, row.montant, row.motif) for row in refused.itertuples()),
    ]
    return [
        f"{label:<12} {count(number, 'subvention'):>16} {format_euros(euros, 2):>18}  {reason}".rstrip()
        for label, number, euros, reason in rows
    ]


def declared_publisher(contract: Contract, funder: str, year: int) -> tuple[Publisher, YearOfGrants]:
    """The body and its year as `contrat.yml` declares them, complete and sound; errors name what to write."""
    if funder not in FUNDERS:
        raise UsageError(f"Financeur « {funder} » inconnu. Financeurs : {', '.join(FUNDERS)}.")
    if funder == "commune":
        raise UsageError(
            "« commune » réunit les montants de plusieurs communes, et un registre est celui d'un seul organisme : "
            "choisir un autre financeur avec --financeur."
        )
    body = contract.publication_scdl.get(funder, Publisher())
    exercise = body.exercices.get(year, YearOfGrants())
    body = body.model_copy(update={"nom": body.nom or (contract.nom_epci if funder == OWN else "")})
    given = body.model_dump() | exercise.model_dump()
    missing = [key for key in _REQUIRED if not given[key]]
    if missing:
        raise DataError(
            f"contrat.yml ne dit pas tout ce qu'un registre SCDL exige de « {funder} » pour {year} : il manque "
            f"{', '.join(missing)}. Ajouter ces clés à « publication_scdl ».",
            details=_template(funder, year, missing),
        )
    # Fourteen zeros stand for the number of a body that is fictional: below, no other may bear them.
    sirets = {key: given[key] for key in ("siret", "siret_service_instructeur") if given[key].strip("0")}
    values, reasons = parse_siret(pd.Series(sirets, dtype="str"))
    for key, reason in reasons[values.isna()].items():
        raise DataError(f"contrat.yml : publication_scdl > {funder} > {key} : {reason}. Corriger ce numéro.")
    body = body.model_copy(update=values.to_dict())
    if not body.est_fictif:
        _refuse_foreign(body, contract.code_epci if funder == OWN else "")
    return body, exercise


def _refuse_foreign(body: Publisher, siren: str) -> None:
    """DataError where a real body bears a number that cannot be its own."""
    if set(body.siret) == {"0"} or not body.siret.startswith(siren):
        own = f" : ses neuf premiers chiffres sont son SIREN ({siren})" if siren else ""
        raise DataError(
            f"contrat.yml : le SIRET {body.siret} n'est pas celui de {body.nom}{own}. Le relever au répertoire Sirene, "
            "ou déclarer « est_fictif: true » si ce registre n'est qu'une démonstration."
        )


def _template(funder: str, year: int, missing: list[str]) -> str:
    """The missing keys as lines to paste into `contrat.yml`, each with what to write."""
    own = [f"    {key}:  # {_REQUIRED[key]}" for key in ("nom", "siret") if key in missing]
    yearly = [f"        {key}:  # {_REQUIRED[key]}" for key in missing if key not in ("nom", "siret")]
    years = ["    exercices:", f"      {year}:", *yearly] if yearly else []
    return "\n".join(["publication_scdl:", f"  {funder}:", *own, *years])


def _stem(siren: str, year: int, is_fictional: bool) -> str:
    return f"{siren}_subventions_{year}{'_fictif' if is_fictional else ''}"


def _write(outputs: Path, files: dict[Path, str], obsolete: list[Path]) -> None:
    """Write every file beside its place, then move them all in; then remove the obsolete ones."""
    staged = {path: path.with_name(f".{path.name}.encours") for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path].write_text(text, encoding="utf-8", newline="\n")
        for path, beside in staged.items():
            beside.replace(path)
        for path in obsolete:
            path.unlink(missing_ok=True)
    except OSError as error:
        for beside in staged.values():
            try:
                beside.unlink(missing_ok=True)
            except OSError:
                continue
        raise unwritable(outputs, error) from error
