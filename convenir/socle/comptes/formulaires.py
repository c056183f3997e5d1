"""Forms in DSFR markup: the classes of the widgets, the one date field; `formulaire/champ.html` prints the fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]
PREMIER, DERNIER = date(1980, 1, 1), date(2099, 12, 31)


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


class Jour(forms.DateField):
    """A date typed by hand, jj/mm/aaaa; also read as AAAA-MM-JJ, as links write it."""

    def __init__(
        self, label: str, aide: str = "Format attendu : jj/mm/aaaa", *, passe: bool = False, **options: Any
    ) -> None:
        """Build the field; `passe` refuses a day to come: the act is already done."""
        champ = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label=label, help_text=aide, widget=champ, input_formats=FORMATS, **options)
        self.passe = passe
        self.error_messages["invalid"] = "Cette date n'existe pas ou n'est pas au format jj/mm/aaaa."

    def validate(self, value: date | None) -> None:
        """Refuse a year that can only be a slip of the fingers, and a day to come when the act is done."""
        super().validate(value)
        if value is not None and not PREMIER <= value <= DERNIER:
            raise forms.ValidationError("L'année doit être comprise entre 1980 et 2099.")
        if value is not None and self.passe and value > timezone.localdate():
            raise forms.ValidationError("Cette date est dans le futur.")
