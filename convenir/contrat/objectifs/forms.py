"""Forms of the negotiation, in DSFR markup."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.models.convention import Dispositif
from convenir.contrat.conventions.queries.financeurs import financeurs_possibles
from convenir.contrat.objectifs import mesures
from convenir.contrat.objectifs.models import AXES_IAE, AXES_ML
from convenir.contrat.objectifs.rules import ISSUES
from convenir.contrat.objectifs.states import Genre
from convenir.mesure.indicateurs.releves_ml.chargement import grille_de, grilles
from convenir.socle.commun.francais import lire_nombre
from convenir.socle.comptes.formulaires import FormulaireDsfr, Nombre
from convenir.socle.organisations.models import Organisation

_PALIER = re.compile(r"\s*(\d{4})\s*[:=]\s*(\S.*?)\s*\Z")


class FormulaireReponse(FormulaireDsfr):
    """A position; `revision` is what the person had read."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    genre = forms.ChoiceField(label="Votre réponse", choices=Genre.choices, widget=forms.RadioSelect)
    valeur = Nombre(label="Valeur proposée", required=False)
    attendu = forms.CharField(label="Ce que vous proposez d’attendre", max_length=500, required=False)
    raisons = forms.CharField(
        label="Vos raisons", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Obligatoires sauf si vous acceptez. Elles restent dans vos mots.",
    )  # fmt: skip


class FormulaireAvis(FormulaireDsfr):
    """The view of an organisation that does not negotiate."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    valeur = Nombre(label="Valeur qui vous paraît juste", required=False)
    raisons = forms.CharField(label="Votre avis", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class FormulaireObjectif(FormulaireDsfr):
    """Pose an objective: of the catalogue, or local, or qualitative."""

    axe = forms.ChoiceField(label="Axe du projet")
    indicateur = forms.ChoiceField(
        label="Indicateur du catalogue", required=False,
        help_text="Choisissez-en un, ou laissez vide et nommez l’objectif ci-dessous.",
    )  # fmt: skip
    grille = forms.ChoiceField(label="Grille d’indicateurs", required=False)
    libelle = forms.CharField(
        label="Objectif", max_length=200, required=False, help_text="Obligatoire hors catalogue."
    )
    qualitatif = forms.BooleanField(label="Objectif qualitatif : la cible s’écrit en mots", required=False)
    unite = forms.CharField(
        label="Unité", max_length=20, required=False, help_text="« personnes », « heures », « % »…"
    )
    sens = forms.ChoiceField(
        label="Ce qui est mieux", choices=[("hausse", "Plus"), ("baisse", "Moins")], required=False
    )
    base = Nombre(label="Valeur de base", required=False, help_text="Hors catalogue : la dernière valeur connue.")
    base_texte = forms.CharField(label="D’où vient la valeur de base", max_length=200, required=False)
    precisions = forms.CharField(
        label="Précisions", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    orientation = forms.CharField(label="Orientation du PDIAE servie", max_length=200, required=False)
    attendu_par = forms.ModelChoiceField(
        label="Attendu par un autre financeur", queryset=Organisation.objects.none(), required=False,
        empty_label="Personne d’autre que l’État",
    )  # fmt: skip

    def __init__(self, *args: Any, convention: Convention, annee: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ml = convention.dispositif == Dispositif.ML
        self.fields["axe"].choices = [(a.value, a.label) for a in (AXES_ML if ml else AXES_IAE)]  # type: ignore[attr-defined]
        indicateurs = [("", "Aucun : objectif local ou qualitatif"), *mesures.choix_d_indicateurs(convention, annee)]
        self.fields["indicateur"].choices = indicateurs  # type: ignore[attr-defined]
        if ml:
            codes = [(g.code, g.libelle) for g in grilles().values()]
            self.fields["grille"].choices = codes  # type: ignore[attr-defined]
            self.fields["grille"].initial = grille_de(annee)
        else:
            del self.fields["grille"]
        self.fields["attendu_par"].queryset = financeurs_possibles(convention)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if not lues.get("indicateur") and not (lues.get("libelle") or "").strip():
            self.add_error("libelle", "Choisissez un indicateur, ou nommez l’objectif.")
        return lues


class FormulairePrecisions(FormulaireDsfr):
    """What surrounds the target: words, bounds, trajectory."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    precisions = forms.CharField(
        label="Précisions", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    orientation = forms.CharField(label="Orientation du PDIAE servie", max_length=200, required=False)
    attendu_par = forms.ModelChoiceField(
        label="Attendu par un autre financeur", queryset=Organisation.objects.none(), required=False,
        empty_label="Personne d’autre que l’État",
    )  # fmt: skip
    borne_basse = Nombre(label="Borne basse", required=False, help_text="Valeur à partir de laquelle il est atteint.")
    borne_haute = Nombre(label="Borne haute", required=False)
    paliers = forms.CharField(
        label="Trajectoire", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une année par ligne : « 2027 : 25 ».",
    )  # fmt: skip

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attendu_par"].queryset = financeurs_possibles(convention)  # type: ignore[attr-defined]

    def clean_paliers(self) -> list[tuple[int, Decimal]]:
        """Read the steps, line by line."""
        lus = []
        for numero, ligne in enumerate(self.cleaned_data["paliers"].splitlines(), start=1):
            if not ligne.strip():
                continue
            trouve = _PALIER.match(ligne)
            if not trouve:
                raise forms.ValidationError(
                    f"Ligne {numero}, « {ligne.strip()} » : écrivez l’année puis la valeur, « 2027 : 25 »."
                )
            try:
                lus.append((int(trouve[1]), lire_nombre(trouve[2])))
            except ValueError as erreur:
                raise forms.ValidationError(f"Ligne {numero} : {erreur}") from erreur
        return lus


class FormulaireJugement(FormulaireDsfr):
    """How an objective ended."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    resultat = Nombre(label="Résultat", required=False)
    source = forms.CharField(label="Source du résultat", max_length=300, required=False)
    issue = forms.ChoiceField(label="Issue", choices=[("", "Choisir"), *ISSUES.items()], required=False)
    explication = forms.CharField(
        label="Explication", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Obligatoire sauf si l’objectif est atteint : contexte, difficultés, organisation, publics.",
    )  # fmt: skip


class FormulaireMotif(FormulaireDsfr):
    """A reason."""

    motif = forms.CharField(label="Motif", max_length=500)
