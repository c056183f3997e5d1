"""Forms of the register."""

from __future__ import annotations

from typing import Any

from django import forms

from convenir.contrat.travaux import rules
from convenir.contrat.travaux.models import Travail
from convenir.contrat.travaux.pieces import AIDE
from convenir.contrat.travaux.rules import TravailEcrit
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.formulaires import FormulaireDsfr, Jour, Nombre


class FormulaireTravail(FormulaireDsfr):
    """A work, as its mission locale describes it; carries the version the person has read."""

    genre = forms.ChoiceField(
        label="Genre", choices=[("", "Choisir"), *((g, m[0].capitalize()) for g, m in rules.GENRES.items())]
    )
    axe = forms.ChoiceField(label="Axe de l’offre de service", choices=[("", "Choisir"), *rules.AXES.items()])
    intitule = forms.CharField(label="Intitulé", max_length=200)
    partenaires = forms.CharField(
        label="Partenaires", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Un organisme par ligne. Pas de nom de personne, ni adresse, ni téléphone.",
    )  # fmt: skip
    territoire = forms.CharField(
        label="Territoire", max_length=200, help_text="Communes, intercommunalité, quartier, département."
    )
    debut = Jour("Premier jour")
    fin = Jour("Dernier jour", "Laissez vide si le travail continue, jj/mm/aaaa", required=False)
    livrable = forms.CharField(
        label="Livrable", required=False, max_length=300,
        help_text="Ce qui en reste : rapport, convention, carte, réunions tenues…",
    )  # fmt: skip
    etp = Nombre(
        label="ETP consacrés, sur un an", required=False, min_value=0, max_digits=4, decimal_places=2,
        help_text="Par exemple 0,20 pour un jour par semaine. Laissez vide si vous l’ignorez : ce n’est pas zéro.",
    )  # fmt: skip
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    @classmethod
    def initial_de(cls, travail: Travail) -> dict[str, Any]:
        """Return what the form shows of a work."""
        return {c: getattr(travail, c) for c in cls.base_fields}

    def clean_partenaires(self) -> tuple[str, ...]:
        """Read the partners, one a line."""
        try:
            return rules.lire_partenaires(self.cleaned_data["partenaires"])
        except EntreeInvalide as erreur:
            raise forms.ValidationError(str(erreur)) from None

    def ecrit(self) -> TravailEcrit:
        """Return the work as written."""
        return TravailEcrit(**{c: v for c, v in self.cleaned_data.items() if c != "version"})


class FormulairePiece(FormulaireDsfr):
    """A file to join."""

    fichier = forms.FileField(
        label="Fichier", help_text=AIDE, widget=forms.ClearableFileInput(attrs={"class": "fr-upload"})
    )


class FormulaireRetrait(FormulaireDsfr):
    """Why a work is withdrawn."""

    motif = forms.CharField(
        label="Motif du retrait", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : inscrit deux fois, n’a pas eu lieu. Le service de l’État le lit.",
    )  # fmt: skip
