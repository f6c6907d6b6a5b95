"""The shipped contract with the worst text wherever data or people write, built and opened in the browser."""

import csv
import html
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipelines.cli import main
from pipelines.fingerprint import digest_file
from pipelines.paths import RAW
from pipelines.run.notebooks import known_notebooks
from tests.browser.conftest import ENDS, EVERY_VIEW

LONG = "dix mille signes " * 588
ATTACKS = (
    "<script>alert('script')</script>",
    '"><img src="https://example.invalid/i.png" onerror="alert(\'attribut\')">',
    "javascript:alert('lien')",
    "<svg onload=alert('svg')><style>*{display:none}</style><a href='javascript:alert(1)'>x</a></svg>",
    '=HYPERLINK("https://example.invalid";"cliquer")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${7*7} $\\frac{1}{2}$ <%= 7 * 7 %> ]]> -->",
    "anticonstitutionnellement" * 12,
    "\u202eeélaperuttcejbO\u202d شارع الحرية \u2066\u200f",
    LONG,
)
COMMENT = """---
auteur: "{0}"
empreinte: abc
---
# <script>alert('commentaire')</script>

[lien](javascript:alert(1)) ![image](https://example.invalid/x.png) <iframe src="https://example.invalid"></iframe>

{1}
"""
# The pages where most of the spoilt texts are shown; the long test takes all.
SHOWN = ("0_prise_en_main", "7_rapport_annuel")
EVERY_NOTEBOOK = [notebook.name for notebook in known_notebooks()]
EVERY_PAGE = [*EVERY_NOTEBOOK, "qualite", "accessibilite", "index", "etat", "reference"]
# A text breaks a page at a width; its colours are those of all pages, looked at once in each scheme.
WIDTHS = [(width, scheme) for width, scheme in EVERY_VIEW if scheme == "light" or width == 1280]
NAMED = {
    "programmation/2022_programmation_fictive.csv": (
        "Intitulé de l'action",
        "Porteur",
        "Objectif de l'action",
        "Indicateur de résultat",
    ),
    "suivi/objectifs_fictifs.csv": ("libelle_objectif",),
    "suivi/suivis_renforces_fictifs.csv": ("contexte", "mecanisme", "resultat", "preuve"),
    "suivi/mesures_suivis_fictives.csv": ("libelle_indicateur",),
    "observation/territoires.csv": ("nom_territoire", "note"),
    "engagements/engagements.csv": ("nom_partenaire", "libelle_engagement"),
    "observation/chiffres_cadre.csv": ("libelle_chiffre", "note"),
}


def _spoil(path: Path, columns: tuple[str, ...]) -> None:
    """Attacks appended to the texts of some columns, so that names stay distinct; the file is rewritten as UTF-8."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    first = text.splitlines()[0]
    rows = list(csv.reader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ","))
    places = [rows[0].index(column) for column in columns]
    for number, row in enumerate(rows[1:]):
        for place in places:
            attack = ATTACKS[number % len(ATTACKS)]
            row[place] = f"{attack} {row[place]}" if attack.startswith(("=", "@", "java")) else f"{row[place]} {attack}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";" if first.count(";") > first.count(",") else ",").writerows(rows)


def _contract(folder: Path) -> Path:
    copy = shutil.copytree(RAW / "valenciennes", folder / "hostile")
    for name, columns in NAMED.items():
        _spoil(copy / name, columns)
    yaml, path = YAML(), copy / "contrat.yml"
    content = yaml.load(path)
    everything = " ".join(ATTACKS)
    content["nom"] = everything
    content["nom_epci"] = everything
    content["accessibilite"] = {
        "contact": everything,
        "audit": {
            "date": "2024-03-15", "organisme": everything, "referentiel": ATTACKS[0], "taux": 61.5,
            "non_conformites": list(ATTACKS),
        },
    }  # fmt: skip
    for orientation, attack in zip(content["orientations"], ATTACKS, strict=False):
        orientation["libelle"] += f" {attack}"
    content["orientations"][4]["libelle"] += LONG
    for number, source in enumerate(content["sources"]):
        for key in ("titre", "editeur", "licence", "note", "millesime"):
            source[key] = f"{source.get(key, '')} {ATTACKS[number % len(ATTACKS)]}"
        if source.get("sha256"):
            source["sha256"] = digest_file(copy / source["fichier"])
    yaml.dump(content, path)
    for section in ("actions", "situation", "orientations"):
        written = copy / "commentaires/2022/7_rapport_annuel" / f"{section}.md"
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(COMMENT.format("<b>rôle</b>", "\n\n".join(ATTACKS)), encoding="utf-8")
    return copy


def _build(folder: Path, names: Sequence[str], *sweeps: str) -> Path:
    """The pages of some notebooks on the hostile contract, and of their sweeps the one with the worst name."""
    places = ["--outputs", str(folder / "pages"), "--processed", str(folder / "tables")]
    assert main(["build", "--contrat", str(_contract(folder)), "--with-code", *places, *names, *sweeps]) == 0
    return folder / "pages"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("hostile"), SHOWN)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sweeps = ("-pcommune=59606", "-porientation=O5", "-pmodele=orientation_O5")
    return _build(tmp_path_factory.mktemp("hostile"), EVERY_NOTEBOOK, *sweeps)


def test_no_dialog_no_request_no_broken_page(hostile: Path, inspect: Callable[..., list[str]]) -> None:
    pages = sorted(hostile.rglob("*.html"))
    assert len(pages) >= 7
    faults = {page.relative_to(hostile).as_posix(): inspect(page, ENDS, axe="none") for page in pages}
    assert {page: found for page, found in faults.items() if found} == {}


@pytest.mark.long
@pytest.mark.parametrize("name", EVERY_PAGE)
def test_the_worst_text_is_accessible(everything: Path, inspect: Callable[..., list[str]], name: str) -> None:
    (page,) = (page for page in everything.rglob("*.html") if page.stem.partition("--")[0] == name)
    assert inspect(page, WIDTHS) == []


@pytest.mark.long
def test_every_page_is_inspected(everything: Path) -> None:
    assert sorted(page.stem.partition("--")[0] for page in everything.rglob("*.html")) == sorted(EVERY_PAGE)


def test_the_attacks_are_there_as_text(hostile: Path) -> None:
    report = html.unescape((hostile / "hostile/2022/7_rapport_annuel.html").read_text(encoding="utf-8"))
    tour = html.unescape((hostile / "hostile/2022/0_prise_en_main.html").read_text(encoding="utf-8"))
    for attack in ("<script>alert('script')</script>", "{{ 7 * 7 }}", "<script>alert('commentaire')</script>"):
        assert attack in report
    assert '"><img src="https://example.invalid/i.png"' in tour
    assert "example.invalid/x.png" not in report
    assert "\u202e" not in report + tour
    assert "49" not in report.split("{{ 7 * 7 }}")[1][:20]


def test_no_cell_of_a_download_is_a_formula(hostile: Path) -> None:
    files = sorted(hostile.rglob("*.csv"))
    cells = [
        cell
        for file in files
        for row in csv.reader(file.open(encoding="utf-8-sig", newline=""), delimiter=";")
        for cell in row
    ]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "@", "+"))] == []
