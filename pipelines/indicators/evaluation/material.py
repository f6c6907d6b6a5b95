"""What was heard and seen, counted: excerpts by question, kind and role, where they lean, the links they touch."""

from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.evaluation.definitions import CROSSED, NO_MATERIAL, NOT_WRITTEN, TOLD
from pipelines.numbers import count
from pipelines.tables import MATERIAL_LABELS, STANCE_LABELS, VERDICT_LABELS

COUNTS = {"pour": "nb_pour", "contre": "nb_contre", "nuance": "nb_nuances"}
_LINK = ["code_modele", "code_source", "code_cible"]


def select_period(rows: pd.DataFrame, annee_fin: int, *, finale: bool = False) -> pd.DataFrame:
    """The rows of the period that ends in a year; of all periods until then where the evaluation is final."""
    years = rows["annee_fin"]
    return rows[years.le(annee_fin) if finale else years.eq(annee_fin)].reset_index(drop=True)


def count_material(material: pd.DataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """Number of excerpts of each class: `by`, nb_extraits, nb_pour, nb_contre, nb_nuances. Counts, never shares.

    `by`: one column of `materiau_qualitatif`, or several.
    """
    keys = [by] if isinstance(by, str) else list(by)
    stances = {name: material["sens_preuve"].eq(stance).astype("Int64") for stance, name in COUNTS.items()}
    counted = material[keys].assign(nb_extraits=1, **stances)
    out = counted.groupby(keys, sort=False, as_index=False).sum()
    return out.astype(dict.fromkeys(("nb_extraits", *COUNTS.values()), "Int64"))


def describe_material(material: pd.DataFrame) -> pd.DataFrame:
    """Excerpts by kind and role: type_recueil, role, nb_extraits, nb_pour, nb_contre, nb_nuances."""
    out = count_material(material, ["type_materiau", "role"])
    out.insert(0, "type_recueil", out.pop("type_materiau").map(MATERIAL_LABELS).astype("str"))
    return out


def weigh_material(material: pd.DataFrame) -> pd.DataFrame:
    """What the excerpts of each question weigh, one row per question of which something was heard.

    Columns: code_question, nb_extraits, nb_pour, nb_contre, nb_nuances, nb_types, nb_types_concordants, penche, force.
    A kind leans to the side of most of its excerpts. `nb_types_concordants`: kinds that lean to one side, 0 where two
    kinds lean to opposite ones. `force`: CROSSED where two kinds at least agree, else TOLD. `penche`: pour, contre, or
    "" where excerpts disagree or only qualify.
    """
    counted = count_material(material, ["code_question", "type_materiau"])
    counted["cote"] = (counted["nb_pour"] - counted["nb_contre"]).apply(lambda lead: (lead > 0) - (lead < 0))
    rows = []
    for code, kinds in counted.groupby("code_question", sort=False):
        sides = set(kinds["cote"]) - {0}
        agreeing = int(kinds["cote"].ne(0).sum()) if len(sides) == 1 else 0
        leaning = ("pour" if sides == {1} else "contre") if len(sides) == 1 else ""
        total = kinds[["nb_extraits", *COUNTS.values()]].sum()
        rows.append((code, *total, len(kinds), agreeing, leaning, CROSSED if agreeing > 1 else TOLD))
    columns = ["code_question", "nb_extraits", *COUNTS.values(), "nb_types", "nb_types_concordants", "penche", "force"]
    numbers = [name for name in columns if name.startswith("nb_")] + ["force"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, "Int64"))


def say_weight(weighed: pd.DataFrame) -> pd.Series:
    """What was heard of each question, in words, by code_question: « 3 extraits : 0 pour, 2 contre, 1 nuance ; … »."""
    words = [
        f"{count(row.nb_extraits, 'extrait')} : {row.nb_pour} pour, {row.nb_contre} contre, "
        f"{count(row.nb_nuances, 'nuance')} ; {count(row.nb_types, 'type de recueil', 'types de recueil')}, "
        f"{_agree(row.nb_types_concordants)}"
        for row in weighed.itertuples()
    ]
    return pd.Series(words, index=pd.Index(weighed["code_question"]), dtype="str")


def _agree(number: int) -> str:
    return f"{number} qui concordent" if number > 1 else "sans concordance"


def quote_material(material: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """The excerpts, question by question, the oldest first.

    Columns: code_question, type_recueil, role, date_recueil, sens_extrait, extrait.
    """
    order = {code: rank for rank, code in enumerate(questions["code_question"])}
    out = material.assign(
        type_recueil=material["type_materiau"].map(MATERIAL_LABELS).astype("str"),
        sens_extrait=material["sens_preuve"].map(STANCE_LABELS).astype("str"),
        ordre=material["code_question"].map(order),
    ).sort_values(["ordre", "date_recueil"], kind="stable")
    return out[["code_question", "type_recueil", "role", "date_recueil", "sens_extrait", "extrait"]]


def add_material(links: pd.DataFrame, material: pd.DataFrame) -> pd.DataFrame:
    """The links of logic models with the excerpts that point at each: extraits_pour, extraits_contre, nb_extraits.

    Columns are those of `logique_liens` and these three; verdicts are those that people gave, and do not change.
    """
    pointed = material.dropna(subset=_LINK)
    told = pointed["type_materiau"].map(MATERIAL_LABELS).astype("str") + " : " + pointed["extrait"].astype("str")
    pointed = pointed.assign(dit=told)
    out = links
    for stances, name in ((("pour",), "extraits_pour"), (("contre", "nuance"), "extraits_contre")):
        own = pointed[pointed["sens_preuve"].isin(stances)]
        gathered = own.groupby(_LINK, sort=False)["dit"].agg(" ; ".join).rename(name).reset_index()
        out = out.merge(gathered, on=_LINK, how="left", validate="many_to_one")
    counts = pointed.groupby(_LINK, sort=False).size().rename("nb_extraits").reset_index()
    out = out.merge(counts, on=_LINK, how="left", validate="many_to_one")
    return out.assign(nb_extraits=out["nb_extraits"].fillna(0).astype("Int64"))


def join_material(links: pd.DataFrame, material: pd.DataFrame) -> pd.DataFrame:
    """The links with what was heard of each among its evidence: preuve_pour, preuve_contre, the model's own text first.

    Columns are those of `add_material`. Verdicts do not change.
    """
    both = add_material(links, material)
    return both.assign(
        preuve_pour=_join(both["preuve_pour"], both["extraits_pour"]),
        preuve_contre=_join(both["preuve_contre"], both["extraits_contre"]),
    )


def list_contributions(
    links: pd.DataFrame, nodes: pd.DataFrame, models: pd.DataFrame, material: pd.DataFrame
) -> pd.DataFrame:
    """The links at which excerpts point, with all that the model and they put forward for and against each.

    Columns: titre_modele, de, vers, preuves_pour, preuves_contre, verdict_lien, nb_extraits. Texts of the model
    come first; links that were rejected are left out. The verdict is the one that people gave.
    """
    both = join_material(links[links["statut"] != "rejete"], material)
    both = both[both["nb_extraits"].gt(0)]
    labels = nodes.drop_duplicates(["code_modele", "code_noeud"]).set_index(["code_modele", "code_noeud"])
    titles = models.set_index("code_modele")["titre"]
    ends = {
        end: [
            f"{code} {labels['libelle_noeud'].get((model, code), '')}".strip()
            for model, code in both[["code_modele", column]].itertuples(index=False, name=None)
        ]
        for end, column in (("de", "code_source"), ("vers", "code_cible"))
    }
    return pd.DataFrame(
        {
            "titre_modele": both["code_modele"].map(titles).astype("str"),
            **ends,
            "preuves_pour": both["preuve_pour"].fillna(NOT_WRITTEN),
            "preuves_contre": both["preuve_contre"].fillna(NOT_WRITTEN),
            "verdict_lien": both["verdict"].map(VERDICT_LABELS).astype("str"),
            "nb_extraits": both["nb_extraits"],
        }
    ).reset_index(drop=True)


def cover_links(links: pd.DataFrame, models: pd.DataFrame, material: pd.DataFrame) -> pd.DataFrame:
    """How far each logic model is examined: titre_modele, nb_liens (not rejected), nb_examines, nb_etayes, nb_extraits.

    nb_etayes: links that the examination supports, at least in part. nb_extraits: excerpts that point at its links.
    """
    both = add_material(links[links["statut"] != "rejete"], material)
    counted = both.assign(
        nb_liens=1,
        nb_examines=both["verdict"].ne("non_examine").astype("Int64"),
        nb_etayes=both["verdict"].isin(["etaye", "partiel"]).astype("Int64"),
    )
    names = ["nb_liens", "nb_examines", "nb_etayes", "nb_extraits"]
    sums = counted.groupby("code_modele")[names].sum().reindex(models["code_modele"], fill_value=0)
    out = sums.astype("Int64").reset_index(drop=True)
    out.insert(0, "titre_modele", models["titre"].astype("str").to_numpy())
    return out


def _join(written: pd.Series, heard: pd.Series) -> pd.Series:
    """Both texts of each row as one, missing where neither says anything."""
    pairs = zip(written.fillna(""), heard.fillna(""), strict=True)
    texts = [" ; ".join(text for text in pair if text) or None for pair in pairs]
    return pd.Series(texts, index=written.index, dtype="str")


def say_nothing_heard(questions: pd.DataFrame, said: pd.Series) -> pd.Series:
    """What was heard of every question, NO_MATERIAL for one of which nothing was: indexed by code_question."""
    return said.reindex(questions["code_question"]).fillna(NO_MATERIAL)
