"""The form of the preferences: one rhythm per kind."""

from __future__ import annotations

from typing import Any

from django import forms

from convenir.socle.comptes.formulaires import FormulaireDsfr
from convenir.socle.taches.genres import Rythme, connus


class FormulairePreferences(FormulaireDsfr):
    """One select per declared kind; the fields are named after the codes."""

    def __init__(self, *args: Any, rythmes: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for genre in connus():
            self.fields[genre.code] = forms.ChoiceField(
                label=genre.libelle,
                choices=Rythme.choices,
                initial=rythmes.get(genre.code, genre.defaut),
                widget=forms.Select(attrs={"class": "fr-select"}),
            )
