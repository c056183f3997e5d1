"""Forms of a document: replace it, go back."""

from __future__ import annotations

from django import forms

from convenir.socle.comptes.formulaires import FormulaireDsfr


class FormulaireRemplacement(FormulaireDsfr):
    """A file and its reason."""

    fichier = forms.FileField(
        label="Fichier qui remplace le document", help_text="PDF ou DOCX, 20 Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"class": "fr-upload", "accept": ".pdf,.docx"}),
    )  # fmt: skip
    motif = forms.CharField(label="Pourquoi", max_length=500)
