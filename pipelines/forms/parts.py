"""The parts of a form: text, fields under their labels, rows of buttons."""

from typing import Any

import ipywidgets as widgets


def show_html(value: str = "", name: str = "") -> widgets.HTML:
    """HTML that is already safe, of a class where it is named."""
    made = widgets.HTML(value)
    if name:
        made.add_class(name)
    return made


def make_field(kind: type[widgets.DOMWidget], label: str, **options: Any) -> Any:
    """A field under its label."""
    made = kind(description=label, style={"description_width": "initial"}, **options)
    made.add_class("ose-champ")
    return made


def make_button(word: str) -> widgets.Button:
    """A button that says a word."""
    return widgets.Button(description=word)


def line_up(*buttons: widgets.Button) -> widgets.HBox:
    """Buttons side by side, below one another where they have no room."""
    row = widgets.HBox(buttons)
    row.add_class("ose-boutons")
    return row
