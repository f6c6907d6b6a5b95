"""What a report says in words: readings, refusals, findings, each checked against its values and its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from IPython.display import display

from pipelines.errors import UsageError
from pipelines.report import blocks
from pipelines.report.certified import Certified
from pipelines.report.lint import DESCRIPTION, refuse_claims, refuse_digits
from pipelines.report.spoken import Cell
from pipelines.values import plain


@dataclass
class Sentences(Certified):
    """A report that speaks; it keeps what its next sentence, commentary or reference needs to know."""

    # A reading speaks of what was shown last, bears the same mark and has the same evidence.
    _fictional: bool = False
    _force: int = DESCRIPTION
    # What was shown under a key, as a later sentence refers to it: « tableau 3 ».
    _keys: dict[str, str] = field(default_factory=dict)
    # The figures shown since the last commentary, as they are read: what the next commentary speaks of.
    _spoken_of: list[list[Cell]] = field(default_factory=list)
    # What was shown and read since then: its strength, whether it is a causal design, whether it is fictional.
    _evidence: list[tuple[int, bool, bool]] = field(default_factory=list)

    def renvoi(self, cle: str) -> str:
        """« tableau 3 »: a link, inside a sentence, to what was shown under this key. UsageError where nothing was."""
        if cle not in self._keys:
            known = f" Clés : {', '.join(self._keys)}." if self._keys else ""
            raise UsageError(f"Rien n'a encore été montré sous la clé « {cle} » : donner cle=... à report.show.{known}")
        return self._keys[cle]

    def read(self, text: str, *, force: int | None = None, causal: bool = False) -> None:
        """Show a « Lecture » sentence, computed from values in the cell, about what was shown last.

        Its numbers are values of `pipelines.values`. `force`: the strength of its evidence, that of what was shown last
        unless said; `causal`: a causal design passed, and « effet » may be written. UsageError on a number typed by
        hand, or on a word that the evidence does not allow.
        """
        self._check(text, force, causal)
        self._evidence.append((self._force if force is None else force, causal, self._fictional))
        publish(blocks.reading_block(text, fictional=self._fictional), f"Lecture : {plain(text)}")

    def declare_status(self, status: str, text: str) -> None:
        """Show the status that the notebook found (« projet », « definitif »), in a sentence; the page bears it.

        For a notebook that finds its status itself (metadata « ose » > « statut »): `statut_rapport` of the contract
        then says nothing of its page. UsageError on another status.
        """
        if status not in ("projet", "definitif"):
            raise UsageError(f"Un rapport est « projet » ou « definitif », pas « {status} ».")
        self._check(text)
        html = blocks.reading_block(text, fictional=self._fictional)
        display({"text/html": html, "text/plain": plain(text)}, raw=True, metadata={"ose": {"statut": status}})

    def say(self, *sentences: str, sources: Sequence[str | pd.DataFrame] | None = None, liste: bool = False) -> None:
        """Show a paragraph of computed sentences, or a list of them (`liste`), checked as `read` checks them.

        `sources`: what they were computed from, marked where it is fictional; what was shown last unless said.
        """
        lines = None if sources is None else self.cited(sources)
        self._fictional = self._fictional if lines is None else any(line["fictif"] for line in lines)
        for sentence in sentences:
            self._check(sentence)
        self._spoken_of.append([Cell("Texte", "", "", plain(sentence)) for sentence in sentences])
        self._evidence.append((self._force, False, self._fictional))
        publish(
            blocks.text_block(sentences, listed=liste, fictional=self._fictional), plain(" ".join(sentences)), lines
        )

    def refuse(self, reason: str, *, quoi: str = "Comparaison refusée") -> None:
        """Show that a comparison is refused, or that there is nothing to show (`quoi`), and why."""
        self._check(reason)
        publish(blocks.refusal_block(reason, what=quoi), f"{quoi} : {plain(reason)}")

    def refuse_bare(self, reason: str) -> None:
        """Show that what ends a cell is not published, and why; a build stops there."""
        html = blocks.refusal_block(reason, what="Résultat non publié")
        display({"text/html": html, "text/plain": reason}, raw=True, metadata={"ose": {"refus": reason}})

    def finding(
        self, text: str, *, sources: Sequence[str | pd.DataFrame], force: int = DESCRIPTION, causal: bool = False
    ) -> None:
        """Show the finding of a Focus, one computed sentence above all else; checked as `read` is."""
        lines = self.cited(sources)
        self._fictional, self._force = any(line["fictif"] for line in lines), force
        self._check(text, force, causal)
        self._spoken_of.append([Cell("Constat", "", "", plain(text))])
        self._evidence.append((force, causal, self._fictional))
        html = blocks.finding_block(text, strength=force, fictional=self._fictional)
        publish(html, f"Constat : {plain(text)}", lines)

    def known(self, sait: Sequence[str], ne_sait_pas: Sequence[str]) -> None:
        """Show what is known beside what is not, in sentences checked as `read` checks them."""
        for text in (*sait, *ne_sait_pas):
            self._check(text)
        html = blocks.known_block(sait, ne_sait_pas, fictional=self._fictional)
        publish(html, plain(f"On sait : {' '.join(sait)} On ne sait pas : {' '.join(ne_sait_pas)}"))

    def explain(self, methode: str) -> None:
        """Show how a Focus is computed: a box, folded on screen, printed whole."""
        self._refuse_claims(methode, self._force)
        publish(blocks.method_block(methode), f"Méthode : {plain(methode)}")

    def _check(self, text: str, force: int | None = None, causal: bool = False) -> None:
        """UsageError where a computed sentence holds a number typed by hand, or claims more than its evidence."""
        refuse_digits(text)
        self._refuse_claims(text, self._force if force is None else force, causal)

    def _refuse_claims(self, text: str, force: int, causal: bool = False) -> None:
        refuse_claims(text, force=force, causal=causal, exempt=self.labels)


def publish(html: str, said: str, sources: Sequence[Mapping[str, Any]] = (), **told: Any) -> None:
    """Put a block of ours in the cell's output, with what the page must know of it."""
    about = told | ({"sources": [line["id"] for line in sources]} if sources else {})
    display({"text/html": html, "text/plain": said}, raw=True, metadata={"ose": about})
