"""`outputs/etat.html`: what the last build did, page by page, for the team; no published page leads to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from pipelines.numbers import count, format_date, format_number
from pipelines.report.templates import environment

TITLE = "État des rapports"
# State of a page in the record → what the team reads.
STATES = {"echec": "en échec", "absente": "absente", "faite": "faite", "a_jour": "déjà à jour"}
# Beyond so many, all of France would make a page that no browser opens: the record and the log hold the rest.
FAILURES_TOLD, PAGES_LISTED = 300, 3000


def render_status(record: Mapping[str, Any]) -> str:
    """The page of one build, from its record; what failed first, the contracts where nothing did folded.

    `record`: `debut`, `fin` (ISO times), `secondes`, `version`, `remarque`, and `contrats`, each with `contrat`, `nom`,
    `refus` ("" or why its data were refused) and `pages` (`page`, `titre`, `annee`, `sujet`, `etat`, `secondes`,
    `message`, `section`, `echec`; paths from the outputs). The same record gives the same bytes.
    """
    contracts = sorted((_contract(one) for one in record["contrats"]), key=lambda one: one["rank"])
    failures = [failure for contract in contracts for failure in contract["failures"]]
    listed = 0
    for contract in contracts:
        listed += len(contract["pages"])
        contract["is_listed"] = listed <= PAGES_LISTED
    states = Counter(page["etat"] for contract in record["contrats"] for page in contract["pages"])
    return (
        environment()
        .get_template("status.html.j2")
        .render(
            title=TITLE,
            begun=_moment(record["debut"]),
            ended=_moment(record["fin"], after=record["debut"]),
            lasted=format_duration(record["secondes"]),
            version=record["version"],
            remark=record["remarque"],
            figures=_figures(states, sum(bool(contract["refus"]) for contract in contracts)),
            refused=[contract for contract in contracts if contract["refus"]],
            failures=failures[:FAILURES_TOLD],
            untold=max(0, len(failures) - FAILURES_TOLD),
            contracts=contracts,
            unlisted=sum(not contract["is_listed"] for contract in contracts),
        )
    )


def format_duration(seconds: float | None) -> str:
    """« 8,4 s », « 1 min 32 s », « 2 h 05 min »; "" where nothing was measured."""
    if seconds is None:
        return ""
    if seconds < 59.95:
        return f"{format_number(seconds, 1)}\u00a0s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}\u00a0min\u00a0{rest:02}\u00a0s"
    return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02}\u00a0min"


def _contract(contract: Mapping[str, Any]) -> dict[str, Any]:
    """A contract with its pages as they are shown, worst first; `rank`: those to look at, then by name."""
    order = list(STATES)
    pages = sorted(contract["pages"], key=lambda page: order.index(page["etat"]))
    shown = [_page(page) for page in pages]
    states = Counter(page["etat"] for page in pages)
    name = contract["nom"] or contract["contrat"]
    counted = ["données refusées"] * bool(contract["refus"]) + [
        _counted(one, states[one]) for one in order if states[one]
    ]
    return {
        "folder": contract["contrat"],
        "name": name,
        "refus": contract["refus"],
        "pages": shown,
        "failures": [{**page, "contract": name} for page in shown if page["failed"]],
        "counted": ", ".join(counted) or "aucune page",
        "is_open": bool(contract["refus"]) or states["echec"] > 0,
        "rank": (not contract["refus"], not states["echec"], not states["absente"], name, contract["contrat"]),
    }


def _page(page: Mapping[str, Any]) -> dict[str, Any]:
    path = PurePosixPath(page["page"])
    return {
        "name": f"{page['titre']}\u00a0: {page['sujet']}" if page["sujet"] else page["titre"],
        "notebook": path.stem.split("--")[0],
        "href": "" if page["etat"] in ("absente", "echec") else _href(page["page"]),
        "year": page["annee"],
        "failed": page["etat"] == "echec",
        "state": STATES[page["etat"]],
        "lasted": format_duration(page["secondes"]),
        "section": page["section"],
        "message": page["message"],
        "kept": page["echec"],
        "kept_href": _href(page["echec"]) if page["echec"] else "",
    }


def _href(path: str) -> str:
    """The address of a file of the outputs from the page: a path, whatever it looks like."""
    return f"./{quote(path)}"


def _figures(states: Mapping[str, int], refused: int) -> Sequence[tuple[str, str]]:
    """Number and what it counts; what a build seldom has is told where there is some."""
    told = ["faite", "a_jour", "echec"] + ["absente"] * (states["absente"] > 0)
    figures = [(format_number(states[state]), _noun(state, states[state])) for state in told]
    if refused:
        figures.append((format_number(refused), "contrats refusés" if refused > 1 else "contrat refusé"))
    return figures


def _noun(state: str, number: int) -> str:
    """« pages faites », « page en échec »."""
    return f"pages {_plural(state)}" if number > 1 else f"page {STATES[state]}"


def _counted(state: str, number: int) -> str:
    """« 3 faites », « 1 en échec »."""
    return count(number, STATES[state], _plural(state))


def _plural(state: str) -> str:
    return f"{STATES[state]}s" if state in ("faite", "absente") else STATES[state]


def _moment(text: str, after: str = "") -> str:
    """« le 27 novembre 2026 à 10 h 18 » from an ISO time, by its own clock; the hour alone on the day of `after`."""
    moment = datetime.fromisoformat(text)
    hour = f"à {moment.hour}\u00a0h\u00a0{moment.minute:02}"
    if after and datetime.fromisoformat(after).date() == moment.date():
        return hour
    return f"le {format_date(moment.date(), long=True)} {hour}"
