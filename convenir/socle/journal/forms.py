"""Filters of the page, read from the address."""

from __future__ import annotations

from typing import Any

from django import forms

from convenir.socle.journal import actes
from convenir.socle.journal.queries import Filtres

FORMATS_DE_DATE = ["%Y-%m-%d", "%d/%m/%Y"]


def _champ_date(libelle: str) -> forms.DateField:
    return forms.DateField(
        label=libelle,
        required=False,
        input_formats=FORMATS_DE_DATE,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "class": "fr-input"}),
        error_messages={"invalid": "Écrivez une date comme 31/12/2026."},
    )


class FormulaireFiltres(forms.Form):
    """Act, organisation, period and words; every field may stay empty."""

    texte = forms.CharField(
        label="Personne, objet ou numéro",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "fr-input", "type": "search"}),
    )
    acte = forms.ChoiceField(label="Acte", required=False, widget=forms.Select(attrs={"class": "fr-select"}))
    organisation = forms.CharField(
        label="Organisation", required=False, max_length=100, widget=forms.TextInput(attrs={"class": "fr-input"})
    )
    du = _champ_date("Du (jj/mm/aaaa)")
    au = _champ_date("Au (jj/mm/aaaa)")

    def __init__(self, *args: Any, avec_organisation: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acte"].choices = [("", "Tous les actes"), *actes.connus()]  # type: ignore[attr-defined]
        if not avec_organisation:
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        donnees = super().clean() or {}
        du, au = donnees.get("du"), donnees.get("au")
        if du and au and au < du:
            self.add_error("au", "La période finit avant de commencer. Inversez les deux dates.")
        return donnees

    def filtres(self) -> Filtres:
        """Return the valid choices; a field in error filters nothing, and its message says so."""
        self.is_valid()
        lus = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in self.errors}
        return Filtres(**lus)
