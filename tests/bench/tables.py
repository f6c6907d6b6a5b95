"""What was measured, as the tables of the README; with the day, and the machine without its name."""

import datetime
import os
import platform
import re
import statistics
from pathlib import Path
from typing import Any

import psutil

from pipelines.paths import ROOT
from tests.bench.ways import CEILING, REFERENCE, WAYS

README = ROOT / "README.md"
BEGIN, END = "<!-- mesures -->", "<!-- fin des mesures -->"
# Ratios that are aimed at: way → at least so many times as long as ours; of the ceiling, ours at most so many times.
AIMS = {"boucle": 8.0, "api": 2.5}
CEILING_AIM, NOTHING_AIM, READY_AIM = 1.6, 2.0, 0.15


def describe(found: dict[str, Any]) -> str:
    """The tables in Markdown; what was not measured has none."""
    parts = [_machine(found), _ways(found), _others(found), _rows(found), _contracts(found), _left(found)]
    return "\n\n".join(part for part in parts if part)


def write_readme(text: str, readme: Path = README) -> None:
    """Put the tables between the marks of the README. ValueError where it has not both."""
    whole = readme.read_text(encoding="utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{readme.name} : il faut les lignes « {BEGIN} » et « {END} ».")
    readme.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8", newline="\n")


def _machine(found: dict[str, Any]) -> str:
    day = datetime.datetime.now(datetime.UTC).date()
    memory = round(psutil.virtual_memory().total / 1024**3)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    said = f"Mesuré le {day:%d/%m/%Y} : {os.cpu_count()} cœurs ({_processor()}), {memory} Gio, {platform.system()}, "
    said += f"Python {platform.python_version()}, charge de la machine à la fin {_number(load, 1)}. "
    said += f"{len(found['notebooks'])} notebooks, une page chacun, sur des tables déjà préparées ; milieux."
    return said


def _processor() -> str:
    """The model of the processor, as the system says it."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8")) if info.is_file() else []
    return re.sub(r"\s+", " ", names[0]).strip() if names else platform.processor() or platform.machine()


def _ways(found: dict[str, Any]) -> str:
    """One line a way: its time, how many times ours, its processor, memory, and a second run."""
    ways = found.get("voies", {})
    if REFERENCE not in ways:
        return ""
    head = ["voie", "durée (s)", "fois ose", "calcul (s)", "fois ose", "mémoire (Mio)", "une seconde fois (s)"]
    lines = []
    for name, way in WAYS.items():
        if name not in ways:
            continue
        cold = ways[name]["froid"]
        # Without a memory of what is done, a second run is the first one again.
        again = _number(_middle(ways[name]["rien"], "wall"), 2) if "rien" in ways[name] else "comme la première"
        wall, work = ([_middle(cold, figure), _times_ours(ways, name, figure)] for figure in ("wall", "work"))
        numbers = [_number(wall[0], 1), _number(wall[1], 2), _number(work[0], 1), _number(work[1], 2)]
        lines.append([way.title, *numbers, _number(_middle(cold, "peak"), 0), again])
    titles = {"boucle": "papermill et nbconvert en commandes", "api": "depuis Python"}
    said = [
        f"{titles[name]} : {_number(_times_ours(ways, name, 'wall'), 1)} fois, visé {_number(aim, 1)}"
        for name, aim in AIMS.items()
        if name in ways
    ]
    if CEILING in ways:
        ratio = 1 / _times_ours(ways, CEILING, "wall")
        said.append(f"ose sur son plafond : {_number(ratio, 2)}, visé {_number(CEILING_AIM, 1)} au plus")
    return _table(head, lines) + (f"\n\n{' ; '.join(said).capitalize()}." if said else "")


def _times_ours(ways: dict[str, Any], name: str, figure: str) -> float:
    """How many times what ours took just before, on the same machine then as fast; the middle of all runs of ours."""
    ours = _middle(ways[REFERENCE]["froid"], figure)
    return statistics.median(one[figure] / one.get("ose", {}).get(figure, ours) for one in ways[name]["froid"])


def _others(found: dict[str, Any]) -> str:
    lines = []
    if "rien" in found:
        ours, pandas = found["rien"]["ose"], found["rien"]["pandas"]
        aim = f"{_number(NOTHING_AIM, 0)} fois au plus"
        lines.append(["`ose build` sans rien à faire", ours, '`python -c "import pandas"`', pandas, aim])
    if "noyaux" in found:
        warm, stock = found["noyaux"]["prechauffe"], found["noyaux"]["ordinaire"]
        lines.append(["noyau prêt, préchauffé", warm, "noyau ordinaire", stock, f"{_number(READY_AIM, 2)} s au plus"])
    if not lines:
        return ""
    head = ["mesure", "durée (s)", "à côté de", "durée (s)", "rapport", "visé"]
    cells = [[a, _number(b, 3), c, _number(d, 3), _number(b / d, 2), aim] for a, b, c, d, aim in lines]
    return _table(head, cells)


def _rows(found: dict[str, Any]) -> str:
    if not found.get("lignes"):
        return ""
    head = ["actions", "préparer : calcul (s)", "pic (Mio)", "voie simple : calcul (s)", "pic (Mio)", "rapport"]
    cells = []
    for line in found["lignes"]:
        plain = line["simple"]
        ratio = line["calcul"] / plain["calcul"]
        numbers = [_number(line["calcul"], 1), str(line["mo"]), _number(plain["calcul"], 1), str(plain["mo"])]
        cells.append([_whole(line["actions"]), *numbers, _number(ratio, 1)])
    return _table(head, cells)


def _contracts(found: dict[str, Any]) -> str:
    if not found.get("contrats"):
        return ""
    head = ["contrats", "pages", "durée (s)", "s par page", "mémoire (Mio)"]
    cells = []
    for line in found["contrats"]:
        wall, pages = line["wall"], line["pages"]
        numbers = [_number(wall, 1), _number(wall / pages, 2)]
        cells.append([_whole(line["contrats"]), _whole(pages), *numbers, _number(line["peak"], 0)])
    return _table(head, cells)


def _left(found: dict[str, Any]) -> str:
    left = found.get("laisses", {})
    return "Laissé de côté : " + " ; ".join(f"{name} ({why})" for name, why in left.items()) + "." if left else ""


def _table(head: list[str], lines: list[list[str]]) -> str:
    marks = [":--" if at == 0 else "--:" for at in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, marks, *lines])


def _middle(measures: list[dict[str, float]], name: str) -> float:
    return statistics.median(one[name] for one in measures)


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def _whole(value: int) -> str:
    return f"{value:,}".replace(",", " ")
