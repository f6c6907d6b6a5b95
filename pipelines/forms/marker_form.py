"""The form that marks an action in JupyterLab: the tree's questions one by one, the drawn path, one row when saved."""

import base64
import datetime
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd
from IPython.display import Javascript, display

from pipelines.charts.image import draw
from pipelines.charts.svg import compact
from pipelines.charts.tree import draw_tree
from pipelines.contract import RATINGS, Contract, read_contract
from pipelines.errors import OseError, UsageError
from pipelines.forms.interview import Interview
from pipelines.forms.marker_file import append_marking, check_rater, read_markings
from pipelines.forms.parts import line_up, make_button, make_field, show_html
from pipelines.forms.sentences import ask, conclude, paragraph
from pipelines.forms.turns import Turns
from pipelines.forms.worklist import list_actions, search_actions
from pipelines.indicators.gender import read_as
from pipelines.numbers import count
from pipelines.parameters import check_cell_history
from pipelines.paths import processed_folder
from pipelines.processed import load_table, read_manifest

_HERE = Path(__file__).parent


def open_marker_form(namespace: Mapping[str, Any], *, today: Callable[[], datetime.date] = datetime.date.today) -> None:
    """Show the form: call it as `open_marker_form(globals())` after the imports. What stops it is shown as a sentence.

    Reads the notebook's parameters `contrat`, `annee` (None: the contract's last year) and `code_instructeur`.
    """
    try:
        check_cell_history(namespace.get("In", []), namespace)
        contract = read_contract(namespace["contrat"])
        folder = processed_folder(namespace["contrat"])
        manifest = read_manifest(folder)
        actions = load_table(folder, manifest, "actions")
        form = MarkerForm(contract, actions, namespace["annee"], namespace["code_instructeur"], today)
        if "notations_marqueur" in manifest["tables"]:
            form.know_rounds(load_table(folder, manifest, "notations_marqueur"))
    except OseError as error:
        display(show_html(paragraph(str(error)), "ose-erreur"))
        return
    display(form.root)
    display(Javascript((_HERE / "marker_form.js").read_text(encoding="utf-8")))


class MarkerForm:
    """One form on one contract's year: `root` is the widget to show. UsageError or DataError where it cannot open."""

    def __init__(
        self,
        contract: Contract,
        actions: pd.DataFrame,
        annee: int | None,
        code_instructeur: str,
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        reading = read_as(contract.arbre_marqueur)
        self.annee = contract.annees.fin if annee is None else annee
        if not max(contract.annee_marqueur, contract.annees.debut) <= self.annee <= contract.annees.fin:
            raise UsageError(
                f"Le marqueur n'existe pas en {self.annee} : choisir une année de {contract.annee_marqueur} à "
                f"{contract.annees.fin}."
            )
        if not (actions["annee"] == self.annee).any():
            raise UsageError(f"Aucune action en {self.annee} : choisir une autre année dans la cellule des paramètres.")
        self.file, self.actions, self.today = contract.dossier / RATINGS.fichier, actions, today
        self.start = Interview(contract.arbre_marqueur, reading)
        self.interview, self.action, self.offered = self.start, "", None
        self.rounds: dict[tuple[str, str], int] = {}
        self.turns = Turns()
        # A tree has a dozen paths: each is drawn once.
        self.drawn: dict[tuple[str, ...], str] = {}
        self._make_widgets(code_instructeur)
        self._list_actions()
        self._show()

    def know_rounds(self, ratings: pd.DataFrame) -> None:
        """Take into account the rounds that other files hold (table notations_marqueur): a new one comes after them."""
        others = ratings[ratings["id_source"] != RATINGS.id]
        self.rounds = others.groupby(["code_action", "code_instructeur"])["tour"].max().astype(int).to_dict()

    def _make_widgets(self, code_instructeur: str) -> None:
        style = show_html(f"<style>{(_HERE / 'marker_form.css').read_text(encoding='utf-8')}</style>")
        self.title, self.picture = show_html(), show_html("", "ose-arbre")
        self.error, self.announced = show_html("", "ose-erreur"), show_html("", "ose-annonce")
        self.rater = make_field(
            widgets.Text, "Votre code d'instructeur", value=code_instructeur, continuous_update=False
        )
        self.words = make_field(widgets.Text, "Chercher une action (code, intitulé, porteur)")
        self.chosen = make_field(
            widgets.Select, f"Actions de {self.annee}, celles que vous n'avez pas marquées d'abord", rows=9
        )
        # Sent whole when it is left, not letter by letter.
        self.reason = make_field(widgets.Textarea, "Motif", rows=3, continuous_update=False)
        self.answers = {word: make_button(word) for word in ("Oui", "Non", "Je ne sais pas")}
        begin, go_on = make_button("Marquer cette action"), make_button("Continuer")
        self.pass_over, self.save = make_button("Passer les critères"), make_button("Enregistrer")
        self.back, give_up = make_button("Revenir"), make_button("Abandonner cette action")
        self.choice = widgets.VBox([self.rater, self.words, self.chosen, line_up(begin)])
        self.replies = line_up(*self.answers.values(), self.pass_over)
        self.replies.add_class("ose-reponses")
        self.writing = widgets.VBox([self.reason, line_up(go_on)])
        self.ending, self.way_out = line_up(self.save), line_up(self.back, give_up)
        parts = [style, self.title, self.error, self.announced, self.choice, self.replies, self.writing, self.ending]
        page = widgets.VBox([*parts, self.way_out])
        page.add_class("ose-page")
        self.root = widgets.HBox([page, self.picture])
        self.root.add_class("ose-saisie")
        for button, value in zip(self.answers.values(), (True, False, None), strict=True):
            self._on_click(button, self.replies, lambda value=value: self._go(self.interview.answer(value)))
        self._on_click(begin, self.choice, self._begin)
        self._on_click(go_on, self.writing, self._give_reason)
        self._on_click(self.pass_over, self.replies, lambda: self._go(self.interview.pass_over()))
        self._on_click(self.back, self.way_out, lambda: self._go(self.interview.take_back()))
        self._on_click(self.save, self.ending, self._save)
        self._on_click(give_up, self.way_out, self._give_up)
        self._on_value(self.rater, self._list_actions)
        self._on_value(self.words, self._search)

    def _on_click(self, button: widgets.Button, place: widgets.Box, act: Callable[[], None]) -> None:
        def act_if_shown() -> None:
            # A click that was on its way while the form moved on asks for nothing.
            if button.layout.display is None and place.layout.display is None:
                self._say_errors(act)

        button.on_click(lambda _: self.turns.take_soon(act_if_shown))

    def _on_value(self, field: widgets.Widget, act: Callable[[], None]) -> None:
        field.observe(lambda _: self.turns.take(lambda: self._say_errors(act)), "value")

    def _say_errors(self, act: Callable[[], None]) -> None:
        """Do something; what goes wrong is a sentence in the form, and the answers stay."""
        self.error.value = ""
        try:
            act()
        except OseError as error:
            self.error.value = paragraph(str(error))
        except Exception as error:  # ipywidgets would leave it in a log that nobody reads
            kind = type(error).__name__
            self.error.value = paragraph(f"Erreur imprévue ({kind} : {error}). Vos réponses sont gardées : réessayer.")

    def _list_actions(self) -> None:
        """The list as the file stands now, for the rater who is named."""
        markings = read_markings(self.file)
        self.listed = list_actions(self.actions, markings, self.annee, self.rater.value.strip().upper())
        self._search()

    def _search(self) -> None:
        found = search_actions(self.listed, self.words.value)
        before = self.chosen.value
        self.chosen.options = list(zip(found["libelle"], found["code_action"], strict=True))
        # What was chosen stays so while the list changes around it; what was only offered makes room for the first.
        if before != self.offered and before in set(found["code_action"]):
            self.chosen.value = before
        else:
            self.chosen.index = 0 if len(found) else None
            self.offered = self.chosen.value
        left = count(int((found["nb_notations"] == 0).sum()), "action")
        self.announced.value = paragraph(f"{left} à marquer sur {count(len(found), 'action')} dans la liste.")

    def _begin(self) -> None:
        try:
            rater = check_rater(self.rater.value)
        except UsageError:
            self.rater.focus()
            raise
        if self.chosen.value is None:
            self.words.focus()
            raise UsageError("Aucune action n'est choisie : changer les mots cherchés, puis en choisir une.")
        self.action, self.reason.value = self.chosen.value, ""
        self.rater.value = rater
        self._go(self.start)

    def _give_reason(self) -> None:
        reason = self.reason.value.strip()
        if not reason:
            self.reason.focus()
            raise UsageError("Le motif est vide : l'écrire, ou revenir et répondre « Je ne sais pas ».")
        self._go(self.interview.answer(reason))

    def _save(self) -> None:
        if set(self.interview.said.values()) <= {None}:
            raise UsageError(
                "Aucune question n'a de réponse : il n'y a rien à enregistrer. Revenir pour répondre, ou abandonner."
            )
        cells = self.interview.row(self.action, self.rater.value, self.today())
        number = append_marking(self.file, cells, earlier=self.rounds.get((self.action, self.rater.value), 0))
        again = f" ({number}e fois)" if number > 1 else ""
        self._leave(f"{self.action} : réponses enregistrées{again}.")

    def _give_up(self) -> None:
        self._leave(f"{self.action} : action abandonnée, rien n'est enregistré.")

    def _leave(self, told: str) -> None:
        """Back to the list, where the next action is offered."""
        self.action, self.announced.value = "", paragraph(told)
        self._show()
        self.words.value, self.chosen.index = "", None
        self._list_actions()
        self.announced.value = paragraph(told) + self.announced.value
        self.chosen.focus()

    def _go(self, interview: Interview) -> None:
        """On to a state of the interview; taking back a reason gives its text back to mend."""
        self.interview = interview
        self._show()

    def _show(self) -> None:
        step = self.interview.step if self.action else None
        asks = step is not None and step.genre != "motif"
        shown = {
            self.choice: not self.action,
            self.replies: asks,
            self.pass_over: asks and step.facultatif,
            self.writing: step is not None and not asks,
            self.ending: bool(self.action) and step is None,
            self.way_out: bool(self.action),
            self.back: bool(self.interview.replies),
            self.picture: bool(self.action),
        }
        for widget, is_shown in shown.items():
            widget.layout.display = None if is_shown else "none"
        label = dict(zip(self.listed["code_action"], self.listed["libelle"], strict=True)).get(self.action, "")
        self.title.value = paragraph(label or "Marquer une action", "ose-titre")
        if not self.action:
            return
        self.announced.value = ask(self.interview, step) if step else conclude(self.interview)
        first = self.save if step is None else self.answers["Oui"] if asks else self.reason
        first.focus()
        # Last, since it takes half a second that nobody has to wait for.
        self.picture.value = self._draw()

    def _draw(self) -> str:
        taken = self.interview.taken
        if taken not in self.drawn:
            chart = draw_tree(self.interview.tree, reading=self.interview.reading, taken=taken)
            image = base64.b64encode(compact(draw(chart, "svg"))).decode()
            self.drawn[taken] = f'<img src="data:image/svg+xml;base64,{image}" alt="{escape(chart.alt)}">'
        return self.drawn[taken]
