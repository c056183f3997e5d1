"""Forms in DSFR markup: the classes of the widgets, one field of each kind; `formulaire/champ.html` prints them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from convenir.socle.commun.francais import lire_nombre, nombre

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


class Nombre(forms.DecimalField):
    """A number typed by hand, as people write it: « 1 250 », « 57,5 », « 24 % »."""

    def __init__(self, *, max_digits: int = 18, **options: Any) -> None:
        saisie = forms.TextInput(attrs={"class": "fr-input", "inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_digits=max_digits, widget=saisie, **options)

    def to_python(self, value: Any) -> Any:
        """Read what was typed, refusing what is no number."""
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            return super().to_python(lire_nombre(value.strip())) if value.strip() else None
        except ValueError as erreur:
            raise forms.ValidationError(str(erreur)) from erreur

    def prepare_value(self, value: Any) -> Any:
        """Show a kept number as it is written, without useless zeros: « 1 250,5 »."""
        if not isinstance(value, Decimal):
            return value
        net = value.normalize()
        return nombre(net, max(0, -int(net.as_tuple().exponent)))


class Montant(Nombre):
    """An amount of euros: « 12 500,50 »."""

    def __init__(self, label: str, aide: str = "", *, min_value: Decimal | int = 0, **options: Any) -> None:
        super().__init__(label=label, help_text=aide, min_value=min_value, max_digits=14, decimal_places=2, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a kept amount with its cents."""
        return nombre(value, 2) if isinstance(value, Decimal) else value


class Entier(forms.IntegerField):
    """A whole number typed by hand, no larger than the base holds: « 1 250 »."""

    def __init__(self, *, min_value: int = 0, max_value: int = 2_147_483_647, **options: Any) -> None:
        saisie = forms.TextInput(attrs={"class": "fr-input", "inputmode": "numeric", "autocomplete": "off"})
        super().__init__(min_value=min_value, max_value=max_value, widget=saisie, **options)

    def to_python(self, value: Any) -> Any:
        """Read what was typed, spaces between the thousands included."""
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)
