"""Part 4, the causal chain of one's own action: read one, word its boxes, write one, and see what is missing in it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.charts.diagram import Diagram, draw_logic_model
from pipelines.indicators import logic_model
from pipelines.numbers import count
from pipelines.tables import GRANTED, LOGIC_LEVEL_LABELS
from pipelines.training.chain_faults import find_faults
from pipelines.training.chain_reading import read_chain
from pipelines.training.feedback import NotYet, Right, check_answer, require

if TYPE_CHECKING:
    from pipelines.report.report import Report

CANNOT = "on ne peut pas"
DONE, FOLLOWS, CHANGES = "réalisation", "résultat", "impact"
# An invented chain: boxes, links with what must be true for each to hold, and what measures the result.
EXAMPLE = (
    [
        ("r1", "realisation", "Trente ateliers de conversation en français"),
        ("R1", "resultat_attendu", "Les participantes prennent seules un rendez-vous médical"),
        ("I1", "impact_intermediaire", "Les familles du quartier consultent plus tôt"),
        ("G", "impact_global", "L'accès aux soins est le même dans le quartier qu'ailleurs"),
    ],
    [
        ("r1", "R1", "Les participantes viennent assez souvent pour oser téléphoner"),
        ("R1", "I1", "Un médecin proche accepte de nouveaux patients"),
        ("I1", "G", "Le coût des soins ne décourage pas"),
    ],
    {"R1": "Part des participantes interrogées qui ont pris seules un rendez-vous"},
)
_WORDINGS = (
    ("Trente ateliers de conversation ont lieu dans l'année", DONE, "c'est ce que l'association fait."),
    ("Les participantes prennent seules un rendez-vous", FOLLOWS,
     "c'est ce que les participantes font après, que l'action cherche directement."),
    ("Vingt-cinq personnes sont venues au moins une fois", DONE,
     "compter les présents dit que l'action a eu lieu, pas ce qu'elle change pour eux."),
    ("Organiser l'entraide entre voisines", DONE,
     "un verbe à l'infinitif dit ce que vous ferez, même quand il annonce une bonne chose."),
    ("Les familles du quartier consultent plus tôt", CHANGES,
     "cela dépasse les participantes, et demande que d'autres conditions soient réunies."),
    ("Les adolescents de l'atelier écrivent leur lettre de motivation sans aide", FOLLOWS,
     "c'est ce que les participants savent faire après, que l'action cherche directement."),
)  # fmt: skip
# What else was true that year: could it explain, without the action, what was observed?
_FACTS = (
    ("Une maison médicale a ouvert dans le quartier la même année.", True),
    ("Deux ateliers ont été annulés, faute de salle.", False),
    ("Celles qui ont cessé de venir n'ont pas été interrogées.", True),
    ("L'association avait écrit cet objectif dans sa demande.", False),
    ("La plupart suivaient aussi les cours du centre social.", True),
)
OBSERVED = "Sur les participantes interrogées à la fin, les trois quarts prennent seules leurs rendez-vous."


def take_model(
    models: pd.DataFrame, nodes: pd.DataFrame, links: pd.DataFrame, code: str | None
) -> tuple[str, Mapping[str, str], pd.DataFrame, pd.DataFrame]:
    """A model to read: title, names of its levels, its nodes and links; the invented chain where the contract has none.

    UsageError where no model bears the name `code`; None: the first.
    """
    if models.empty and code is None:
        return "Exemple fictif", LOGIC_LEVEL_LABELS, *read_chain(*EXAMPLE)
    model = logic_model.pick_model(models, code)
    own_nodes, own_links = (logic_model.select_model(rows, model["code_modele"]) for rows in (nodes, links))
    bare = own_nodes["libelle_indicateur"].isna()
    judged = own_nodes.assign(
        etat=bare.map({True: "sans_indicateur", False: "non_mesure"}).mask(own_nodes["est_perdu"], "perdu"),
        nb_indicateurs=(~bare).astype("Int64"),
    )
    return str(model["titre"]), logic_model.name_levels(model), judged, own_links


def draw_chain(
    nodes: pd.DataFrame, links: pd.DataFrame, title: str, levels: Mapping[str, str] = LOGIC_LEVEL_LABELS
) -> Diagram:
    """The chain as the logic-impact report draws it. `nodes`, `links`: of `take_model` or `read_chain`."""
    kept = links.assign(est_saut=logic_model.flag_skips(nodes, links))
    return draw_logic_model(nodes, kept, title=title, levels=levels)


def check_examined(answer: Any, links: pd.DataFrame) -> Right:
    """Is the answer the number of links that somebody examined, rather than drew or argued?"""
    kept = logic_model.list_links(links)
    examined = int((kept["verdict"] != "non_examine").sum())
    return check_answer(
        answer,
        examined,
        mistakes=[
            (len(kept), "c'est le nombre de liens dessinés. Une flèche dit ce qu'on suppose, et rien de plus."),
            (int(kept["preuve_pour"].notna().sum()), "c'est le nombre de liens que l'on "
             "argumente. Avancer une raison d'y croire n'est pas avoir vérifié."),
        ],
        otherwise="chercher le verdict : un lien est examiné quand il est autre que « non examiné ».",
        right="Une flèche est une hypothèse tant que personne ne l'a examinée. C'est ce nombre, et non celui des "
        "flèches, qui dit ce que le modèle permet d'affirmer.",
    )  # fmt: skip


def pick_action(actions: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """One granted action that writes its objective and the indicator of its result, as a row; no row where none does.

    Columns: intitule, objectif_action, libelle_indicateur, id_source. No value: those of one action may be persons.
    """
    own = results[["code_action", "libelle_indicateur"]].dropna().drop_duplicates("code_action")
    kept = actions[actions["statut"].isin(GRANTED)].dropna(subset="objectif_action")
    both = kept.merge(own, on="code_action", validate="one_to_one")
    return both[["intitule", "objectif_action", "libelle_indicateur", "id_source"]].head(1)


def list_wordings() -> pd.DataFrame:
    """Six invented wordings: lettre, libelle, niveau (one of three words), motif."""
    table = pd.DataFrame(_WORDINGS, columns=["libelle", "niveau", "motif"])
    return table.assign(lettre=list("ABCDEF"))[["lettre", "libelle", "niveau", "motif"]]


def check_wordings(answers: Any, wordings: pd.DataFrame) -> Right:
    """Does the answer tell of each wording, in order, whether it is what is done, what follows, or a wider change?"""
    require(answers)
    if not isinstance(answers, list | tuple) or len(answers) != len(wordings):
        raise NotYet(f"Pas encore : il faut une liste de {len(wordings)} mots, un par lettre, dans l'ordre.")
    require(*answers)
    for answer, line in zip(answers, wordings.itertuples(), strict=True):
        others = [word for word in (DONE, FOLLOWS, CHANGES) if word != line.niveau]
        check_answer(
            answer,
            line.niveau,
            mistakes=[(word, f"libellé {line.lettre}, {line.motif}") for word in others],
            otherwise=f"libellé {line.lettre}, écrire « {DONE} », « {FOLLOWS} » ou « {CHANGES} ».",
            right="",
        )
    return Right(
        "La question qui sépare : qui est le sujet de la phrase ? Si c'est vous, c'est une réalisation. "
        "Si ce sont les participants, après, c'est un résultat. Si c'est plus large qu'eux, c'est un impact."
    )


def check_chain(report: "Report", nodes: Any, links: Any, indicators: Any) -> Right:
    """Show the learner's chain as the reports draw it, then what is missing in it; Right where nothing is."""
    require(nodes, links, indicators)
    read_nodes, read_links = read_chain(nodes, links, indicators)
    report.show(draw_chain(read_nodes, read_links, "Votre chaîne"), "Votre chaîne, telle qu'écrite", sources=[])
    faults = find_faults(read_nodes, read_links)
    if len(faults):
        report.show(faults, "Ce qui manque encore à votre chaîne", sources=[])
        first = faults.iloc[0]
        raise NotYet(
            f"Pas encore : {count(len(faults), 'point')} à revoir. Le premier, « {first['constat'].lower()} » "
            f"({first['ou']}) : {first['explication']} {first['que_faire']}"
        )
    return Right(
        "Votre chaîne est complète : chaque boîte est reliée, chaque lien dit ce qu'il suppose, un résultat se mesure. "
        "Elle ne prouve rien encore : elle dit où aller vérifier."
    )


def list_facts() -> pd.DataFrame:
    """Five invented facts of the year: lettre, fait, est_autre_explication."""
    table = pd.DataFrame(_FACTS, columns=["fait", "est_autre_explication"])
    return table.assign(lettre=list("ABCDE"))[["lettre", "fait", "est_autre_explication"]]


def check_rivals(letters: Any, said: Any, facts: pd.DataFrame) -> Right:
    """Does the answer name the facts that could explain the change too, and refuse « a contribué à »?"""
    require(letters, said)
    expected = facts.loc[facts["est_autre_explication"], "lettre"].tolist()
    given = [str(one).strip().upper() for one in (letters if isinstance(letters, Sequence | set) else [letters])]
    check_answer(
        given,
        expected,
        mistakes=[
            ([one for one in expected if one != "C"], "relire C. Si celles pour qui cela "
             "n'allait pas sont parties, celles qui restent vont mieux, même sans l'action."),
        ],
        otherwise=_tell_fact(given, expected),
        right="",
    )  # fmt: skip
    paths = logic_model.trace_paths(*read_chain(*EXAMPLE))
    lawful = logic_model.SAID if (paths["peut_se_dire"] == logic_model.SAID).any() else CANNOT
    return check_answer(
        said,
        lawful,
        mistakes=[(logic_model.SAID, "aucun lien de cette chaîne n'a été examiné, et trois autres "
                   "explications restent à peser. On peut décrire, pas attribuer.")],
        otherwise=f"écrire « {logic_model.SAID} » ou « {CANNOT} », entre guillemets.",
        right="Trois autres explications, aucun lien examiné : on décrit ce qu'on observe, et on dit ce qu'il reste à "
        "vérifier. C'est un constat de force deux, et il est utile.",
    )  # fmt: skip


def _tell_fact(given: Sequence[str], expected: Sequence[str]) -> str:
    """What to look at again, where some letters are wrong or lacking."""
    extra = [one for one in given if one not in expected]
    if extra:
        return (
            f"le fait {extra[0]} ne suffirait pas, à lui seul, à faire monter la part de celles qui prennent leurs "
            "rendez-vous."
        )
    return "il en manque : pour chaque fait, imaginer l'année sans l'action. Aurait-on observé la même chose ?"
