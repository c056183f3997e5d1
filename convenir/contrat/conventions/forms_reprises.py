"""Forms of the take-over: one convention, an archive of many."""

from __future__ import annotations

from typing import Any

from django import forms

from convenir.contrat.conventions.forms import FichierRecu, OuiNon
from convenir.contrat.conventions.rules.reprises import NOMBRES
from convenir.contrat.conventions.rules.termes import LIBELLES, Termes
from convenir.socle.comptes.formulaires import Entier, FormulaireDsfr, Jour, Nombre
from convenir.socle.organisations.categories import Categorie
from convenir.socle.territoires.models import Departement

UNITES = {
    "postes": "En ETP",
    "montant_unitaire": "En euros par an",
    "heures_etp": "En heures par an",
    "taux_durable": "En % des sorties",
    "taux_transition": "En % des sorties",
    "taux_positives": "En % des sorties",
    "dotation": "En euros, pour une mission locale",
}
MINIMUM = frozenset({"identifiant", "categorie", "debut", "dernier_jour", "signee_le", "acte"})


class FormulaireReprise(FormulaireDsfr):
    """A convention signed outside: the minimum, then the terms when they are known."""

    identifiant = forms.CharField(label="Identifiant ASP de la structure, ou code de la mission locale", max_length=30)
    categorie = forms.ChoiceField(
        label="Catégorie", required=False, choices=[("", "La seule de cet identifiant"), *Categorie.choices]
    )
    debut = Jour("Premier jour")
    dernier_jour = Jour("Dernier jour")
    signee_le = Jour("Signée le")
    acte = FichierRecu("Acte signé")
    numero_asp = forms.CharField(label="Numéro de la convention à l'ASP", max_length=30, required=False)
    clauses_jusquau = Jour("Dernier jour des clauses financières",
                           "Le 31 décembre de la première année si vous laissez vide", required=False)  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in NOMBRES:
            self.fields[nom] = Nombre(label=LIBELLES[nom], help_text=UNITES.get(nom, ""), min_value=0, required=False)
        self.fields["sorties_prevues"] = Entier(label=LIBELLES["sorties_prevues"], required=False)

    def minimum(self) -> list[forms.BoundField]:
        """Who, when, the act: what is asked for."""
        return [champ for champ in self if champ.name in MINIMUM]

    def suite(self) -> list[forms.BoundField]:
        """What else the act says, when it is known."""
        return [champ for champ in self if champ.name not in MINIMUM]

    def clean(self) -> dict[str, Any]:
        """Refuse impossible terms."""
        propre = super().clean() or {}
        if not self.errors:
            try:
                nombres: dict[str, Any] = {n: propre.get(n) for n in (*NOMBRES, "sorties_prevues")}
                Termes(**nombres)
            except ValueError as erreur:
                raise forms.ValidationError(str(erreur)) from erreur
        return propre


class FormulaireArchive(FormulaireDsfr):
    """An archive of conventions to take over."""

    departement = forms.ChoiceField(label="Département")
    archive = forms.FileField(
        label="Archive", help_text="ZIP, 100 Mio au plus",
        widget=forms.FileInput(attrs={"class": "fr-upload", "accept": ".zip"}),
    )  # fmt: skip
    ecrire = OuiNon("Ce qu'il faut faire", "Essayer, sans rien écrire", "Reprendre les conventions")

    def __init__(self, *args: Any, departements: list[Departement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["departement"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [(d.pk, f"{d.pk} {d.nom}") for d in departements]
