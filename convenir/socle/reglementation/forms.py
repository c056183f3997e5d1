"""Forms of « Textes et paramètres »: read a date, add a value, record a local definition, give a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from convenir.socle.comptes.formulaires import FormulaireDsfr, Jour, Nombre
from convenir.socle.reglementation.actions import SaisieLocale, SaisiePriorite, SaisieValeur
from convenir.socle.reglementation.catalogue import Catalogue
from convenir.socle.reglementation.definitions import Parametre
from convenir.socle.reglementation.publics import LIBELLES
from convenir.socle.territoires.models import Departement

AUTRE = "autre"


class FormulaireDate(FormulaireDsfr):
    """The day one reads at, and the territory when amounts differ by territory."""

    date = Jour("Date (jj/mm/aaaa)", aide="", required=False)
    territoire = forms.ChoiceField(label="Territoire", required=False)

    def __init__(self, *args: Any, territoires: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["territoire"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = territoires
        if not territoires:
            del self.fields["territoire"]


class FormulaireValeur(FormulaireDsfr):
    """A dated value with its text, its source and the reason of the addition."""

    code = forms.ChoiceField(label="Paramètre")
    valeur = forms.CharField(label="Valeur", max_length=200, help_text="Sans unité. Exemples : 13304 ; 12,5 ; 05-31")
    debut = Jour("Date d'effet", "Jour à partir duquel la valeur s'applique, jj/mm/aaaa")
    dernier_jour = Jour("Dernier jour", "Laissez vide si le texte n'en fixe pas, jj/mm/aaaa", required=False)
    texte_code = forms.ChoiceField(label="Texte")
    texte = forms.CharField(
        label="Intitulé du texte",
        max_length=300,
        required=False,
        help_text="Obligatoire s'il n'est pas dans la liste. Exemple : Arrêté du 12 février 2026",
    )
    publie_le = Jour("Date de publication", "Au Journal officiel, jj/mm/aaaa", required=False)
    source = forms.CharField(
        label="Source",
        max_length=500,
        help_text="Adresse de la page où la valeur est écrite, ou référence du document",
    )
    certitude = forms.ChoiceField(
        label="Certitude",
        choices=[("confirme", "Confirmée : j'ai lu le texte"), ("a_confirmer", "À confirmer")],
    )
    pourquoi = forms.CharField(
        label="Ce qui reste à confirmer",
        max_length=500,
        required=False,
        help_text="Obligatoire si la valeur est à confirmer",
    )
    motif = forms.CharField(
        label="Motif de l'ajout",
        max_length=500,
        help_text="Une phrase. Elle est gardée au journal et dans l'histoire.",
    )

    def __init__(self, *args: Any, catalogue: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.catalogue = catalogue
        self._proposer("code", _parametres(catalogue))
        textes = [(t.code, t.titre) for t in catalogue.textes.values() if t.nature not in ("defaut", "document")]
        self._proposer("texte_code", [(AUTRE, "Autre texte, à écrire ci-dessous"), *textes])

    def _proposer(self, nom: str, choix: list[Any]) -> None:
        champ = self.fields[nom]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = choix

    def clean(self) -> dict[str, Any]:
        """Ask for a text, known or written."""
        lu = super().clean() or {}
        if lu.get("texte_code") == AUTRE and not lu.get("texte"):
            self.add_error("texte", "Choisissez un texte dans la liste, ou écrivez son intitulé.")
        if lu.get("certitude") == "a_confirmer" and not lu.get("pourquoi"):
            self.add_error("pourquoi", "Dites ce qui reste à confirmer.")
        return lu

    def saisie(self) -> SaisieValeur:
        """Return what was entered."""
        lu = self.cleaned_data
        connu = "" if lu["texte_code"] == AUTRE else lu["texte_code"]
        texte = lu["texte"] or self.catalogue.textes[connu].titre
        communs = {nom: lu[nom] for nom in ("code", "valeur", "debut", "dernier_jour", "publie_le", "source", "motif")}
        return SaisieValeur(
            **communs,
            texte=texte,
            texte_code=connu,
            a_confirmer=lu["certitude"] == "a_confirmer",
            pourquoi=lu["pourquoi"],
        )


def _parametres(catalogue: Catalogue) -> list[tuple[str, list[tuple[str, str]]]]:
    def nommer(parametre: Parametre) -> str:
        return f"{parametre.libelle} ({parametre.code})"

    return [
        (f"{famille.groupe} : {famille.libelle}", [(p.code, nommer(p)) for p in catalogue.de_la_famille(famille.code)])
        for famille in catalogue.familles.values()
    ]


class FormulaireLocal(FormulaireDsfr):
    """Local sorties positives: which reasons, adopted by whom and when, for which period."""

    departement = forms.ModelChoiceField(Departement.objects.none(), label="Département", empty_label="Choisir")
    motifs = forms.MultipleChoiceField(
        label="Motifs de sortie tenus pour positifs",
        widget=forms.CheckboxSelectMultiple,
        help_text="Seuls les motifs classés « autre sortie », ou sans catégorie connue, peuvent l'être.",
    )
    libelle = forms.CharField(
        label="Définition adoptée", max_length=300, help_text="Telle que l'acte l'écrit, en une ou deux phrases"
    )
    organe = forms.CharField(
        label="Instance qui l'a adoptée",
        max_length=200,
        help_text="CDIAE, commission de l'inclusion et de l'IAE…",
    )
    adopte_le = Jour("Date d'adoption")
    reference = forms.CharField(
        label="Référence de l'acte", max_length=300, help_text="Exemple : relevé de décisions n° 12, point 3"
    )
    debut = Jour("Date d'effet", "Les sorties à partir de ce jour sont lues ainsi, jj/mm/aaaa")
    dernier_jour = Jour("Dernier jour", "Laissez vide si l'acte n'en fixe pas, jj/mm/aaaa", required=False)
    motif = forms.CharField(label="Motif de la saisie", max_length=500, help_text="Une phrase, gardée au journal.")

    def __init__(
        self, *args: Any, departements: QuerySet[Departement], motifs: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choix, cases = self.fields["departement"], self.fields["motifs"]
        assert isinstance(choix, forms.ModelChoiceField)
        assert isinstance(cases, forms.MultipleChoiceField)
        choix.queryset, cases.choices = departements, motifs
        seuls = list(departements[:2])
        if len(seuls) == 1:
            self.initial.setdefault("departement", seuls[0].pk)

    def saisie(self) -> SaisieLocale:
        """Return what was entered."""
        lu = dict(self.cleaned_data)
        return SaisieLocale(**{**lu, "motifs": tuple(lu["motifs"])})


class FormulairePriorite(FormulaireDsfr):
    """A priority public: which share is sought, adopted by whom and when, for which period."""

    departement = forms.ModelChoiceField(Departement.objects.none(), label="Département", empty_label="Choisir")
    public = forms.ChoiceField(label="Public prioritaire", choices=[("", "Choisir"), *LIBELLES.items()])
    part = Nombre(
        label="Part visée, en %",
        max_digits=5,
        decimal_places=2,
        help_text="Part des salariés présents dans l'année. Exemple : 40 ou 12,5",
    )
    organe = forms.CharField(
        label="Instance qui l'a adoptée", max_length=200, help_text="CDIAE, commission de l'inclusion et de l'IAE…"
    )
    adopte_le = Jour("Date d'adoption")
    reference = forms.CharField(
        label="Référence de l'acte", max_length=300, help_text="Exemple : relevé de décisions n° 12, point 3"
    )
    debut = Jour("Date d'effet", "Premier jour où la priorité vaut, jj/mm/aaaa")
    dernier_jour = Jour("Dernier jour", "Laissez vide si l'acte n'en fixe pas, jj/mm/aaaa", required=False)
    motif = forms.CharField(label="Motif de la saisie", max_length=500, help_text="Une phrase, gardée au journal.")

    def __init__(self, *args: Any, departements: QuerySet[Departement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = self.fields["departement"]
        assert isinstance(choix, forms.ModelChoiceField)
        choix.queryset = departements
        seuls = list(departements[:2])
        if len(seuls) == 1:
            self.initial.setdefault("departement", seuls[0].pk)

    def saisie(self) -> SaisiePriorite:
        """Return what was entered."""
        return SaisiePriorite(**self.cleaned_data)


class FormulaireMotif(FormulaireDsfr):
    """Why a value is withdrawn."""

    motif = forms.CharField(
        label="Motif du retrait", max_length=500, help_text="Une phrase, gardée au journal et dans l'histoire."
    )


class FormulaireFin(FormulaireDsfr):
    """End of a local definition, or its withdrawal when it was entered by mistake."""

    dernier_jour = Jour(
        "Dernier jour", "Laissez vide pour retirer une saisie faite par erreur, jj/mm/aaaa", required=False
    )
    motif = forms.CharField(label="Motif", max_length=500, help_text="Une phrase, gardée au journal.")
