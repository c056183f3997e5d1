"""Forms in DSFR markup: the classes of the widgets; `formulaire/champ.html` prints the fields."""

from __future__ import annotations

from typing import Any

from django import forms


class FormulaireDsfr(forms.Form):
    """A form whose widgets carry the DSFR class of their kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            classe = classe_dsfr(champ.widget)
            if classe:
                champ.widget.attrs.setdefault("class", classe)


def classe_dsfr(widget: forms.Widget) -> str:
    """Return the DSFR class of a widget; boxes and radio buttons are drawn by their group."""
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect | forms.CheckboxInput):
        return ""
    return "fr-select" if isinstance(widget, forms.Select) else "fr-input"
