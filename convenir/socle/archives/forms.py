"""Forms of the slips."""

from __future__ import annotations

from django import forms

from convenir.socle.comptes.formulaires import FormulaireDsfr, Jour


class FormulaireBordereau(FormulaireDsfr):
    """Who signs a slip for the service."""

    signataire = forms.CharField(label="Signataire du service", max_length=200)
    qualite = forms.CharField(label="Sa qualité", max_length=200)


class FormulaireVisa(FormulaireDsfr):
    """The visa of the Archives."""

    par = forms.CharField(label="Visé par", max_length=200, help_text="« Directrice des Archives départementales »")
    jour = Jour("Visa du")
    fichier = forms.FileField(
        label="Bordereau visé", help_text="PDF, 20 Mio au plus",
        widget=forms.FileInput(attrs={"class": "fr-upload", "accept": ".pdf"}),
    )  # fmt: skip


class FormulaireRefus(FormulaireDsfr):
    """Why the Archives refuse their visa."""

    motif = forms.CharField(label="Motif du refus", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
