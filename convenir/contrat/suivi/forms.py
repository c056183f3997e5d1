"""Forms of the follow-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries.financeurs import prescripteurs_possibles
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.suivi.models import Bilan, ChiffreBilan, NatureEngagement, NatureMoyen
from convenir.contrat.suivi.rules.bilan import RUBRIQUES
from convenir.socle.commun.francais import nombre
from convenir.socle.comptes.formulaires import Entier, FormulaireDsfr, Jour, Nombre
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.organisations.models import Organisation


def zone(rangs: int = 3) -> forms.Textarea:
    """Return a text area."""
    return forms.Textarea(attrs={"rows": rangs})


class FormulaireBilan(FormulaireDsfr):
    """The six legal items and the figures of the structure."""

    def __init__(self, *args: Any, bilan: Bilan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        textes = {r.code: r for r in bilan.rubriques.all()}
        chiffres = {c.code: c for c in bilan.chiffres.all()}
        for r in RUBRIQUES:
            lue = textes.get(r.code)
            aide = f"{r.aide} Repris de l’année passée, à confirmer." if lue and lue.repris else r.aide
            self.fields[f"r-{r.code}"] = forms.CharField(
                label=r.titre, required=False, max_length=20_000, help_text=aide, initial=lue.texte if lue else "",
                widget=forms.Textarea(attrs={"rows": 5, "class": "fr-input"}),
            )  # fmt: skip
            for code, libelle in r.chiffres:
                self.fields[f"c-{code}"] = self._chiffre(libelle, chiffres.get(code))

    @staticmethod
    def _chiffre(libelle: str, lu: ChiffreBilan | None) -> forms.CharField:
        connu = lu is not None and lu.extranet is not None
        dit = f"Selon l’extranet : {_ecrit(lu.extranet)}." if connu and lu else "L’extranet ne le donne pas."
        valeur = lu.structure if lu and lu.structure is not None else lu.extranet if lu else None
        return forms.CharField(
            label=f"{libelle}, selon vous", required=False, max_length=30, help_text=dit,
            initial=_ecrit(valeur) if valeur is not None else "",
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "fr-input"}),
        )  # fmt: skip

    def textes(self) -> dict[str, str]:
        """Return the items sent."""
        return {k[2:]: v for k, v in self.cleaned_data.items() if k.startswith("r-")}

    def chiffres(self) -> dict[str, str]:
        """Return the figures sent."""
        return {k[2:]: v for k, v in self.cleaned_data.items() if k.startswith("c-")}


def _ecrit(valeur: Any) -> str:
    """Write a figure with two decimals at most, none when it is whole."""
    if valeur is None:
        return ""
    return nombre(valeur, 0 if valeur == valeur.to_integral_value() else 2)


class FormulaireMotif(FormulaireDsfr):
    """A reason."""

    motif = forms.CharField(label="Motif", max_length=1000, widget=zone(), help_text="La structure le lit.")


class FormulaireDecision(FormulaireDsfr):
    """Why two sources differ, and which figure is kept."""

    motif = forms.CharField(label="D’où vient l’écart", max_length=1000, widget=zone())
    decision = forms.ChoiceField(
        label="Chiffre retenu",
        choices=[("", "Choisir"), ("extranet", "Celui de l’extranet"), ("structure", "Celui de la structure")],
    )


class FormulaireEcheance(FormulaireDsfr):
    """The day the bilans of a year are due."""

    annee = forms.TypedChoiceField(label="Bilans de l’année", coerce=int)
    echeance = Jour("À déposer au plus tard le")

    def __init__(self, *args: Any, annees: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [(a, str(a)) for a in annees]  # type: ignore[attr-defined]


class ObjectifDeLaConvention(forms.ModelChoiceField):
    """An objective, named with its year."""

    def label_from_instance(self, obj: Any) -> str:
        """« Heures de formation, 2026 »."""
        return f"{obj.libelle}, {obj.annee}"


class FormulaireMoyen(FormulaireDsfr):
    """A means granted, financial or not."""

    nature = forms.ChoiceField(label="Nature", choices=NatureMoyen.choices)
    libelle = forms.CharField(label="Moyen", max_length=200)
    fournisseur = forms.CharField(label="Qui le fournit", max_length=200)
    quantite = Nombre(label="Quantité", required=False, min_value=0, max_digits=14, decimal_places=2)
    unite = forms.CharField(label="Unité", required=False, max_length=40, help_text="Euros, journées, places…")
    prevu_le = Jour("Prévu le", required=False)
    objectif = ObjectifDeLaConvention(
        label="Objectif de la convention qu’il sert", required=False, queryset=Objectif.objects.none(),
        empty_label="Aucun de ceux-ci", help_text="Manqué sans ce moyen, l’objectif le dira.",
    )  # fmt: skip
    objectif_servi = forms.CharField(label="Ou un autre objectif, en mots", required=False, max_length=200)
    annee = Entier(label="Année", min_value=2000, max_value=2100)

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["objectif"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = convention.objectifs.order_by("annee", "axe", "pk")


class FormulaireEtatMoyen(FormulaireDsfr):
    """What came of a means."""

    nom = forms.ChoiceField(
        label="Ce qu’il en est", choices=[("livrer", "Livré"), ("manquer", "Non livré"), ("promettre", "Promis")]
    )
    motif = forms.CharField(
        label="Pourquoi", required=False, max_length=500, help_text="Nécessaire si le moyen n’est pas livré."
    )


class ConventionNommee(forms.ModelChoiceField):
    """A convention, named by its structure and its period."""

    def label_from_instance(self, obj: Any) -> str:
        """« Les Jardins fictifs (ACI), 2026-2028 »."""
        fin = f"-{obj.dernier_jour.year}" if obj.dernier_jour.year != obj.debut.year else ""
        return f"{obj.nom_de_la_partie} ({obj.categorie}), {obj.debut.year}{fin}"


class FormulaireEngagement(FormulaireDsfr):
    """A commitment of a party: one's own, or (`convention` given) that of any party, for the State."""

    nature = forms.ChoiceField(label="Nature", choices=NatureEngagement.choices)
    organisation = forms.ModelChoiceField(
        label="Qui s’engage", queryset=Organisation.objects.none(), required=False,
        empty_label="Une partie hors de cette liste", help_text="Cette partie dira elle-même ce qu’elle a réalisé.",
    )  # fmt: skip
    partie = forms.CharField(
        label="Nom de cette partie, si elle n’est pas dans la liste", required=False, max_length=200
    )
    nombre = Entier(label="Nombre", required=False)
    profil = forms.CharField(label="Profil des personnes, ou contenu", required=False, max_length=300)
    delai_jours = Entier(label="Délai, en jours", required=False, max_value=3650)
    referent = forms.CharField(
        label="Fonction du référent", required=False, max_length=200, help_text="Sans nom de personne."
    )
    annee = Entier(label="Année", min_value=2000, max_value=2100)

    def __init__(self, *args: Any, convention: Convention | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if convention is None:
            del self.fields["organisation"], self.fields["partie"]
        else:
            self.fields["organisation"].queryset = prescripteurs_possibles(convention)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask who commits, when it is not the person's own organisation."""
        lu = super().clean() or {}
        if "partie" in self.fields and not lu.get("organisation") and not lu.get("partie", "").strip():
            self.add_error("organisation", "Dites qui s’engage : choisissez dans la liste, ou écrivez son nom.")
        return lu


class FormulairePrescription(FormulaireEngagement):
    """A commitment of a mission locale to a SIAE of its département."""

    convention = ConventionNommee(
        label="Structure", queryset=Convention.objects.none(), empty_label="Choisissez la structure"
    )
    field_order = ("convention",)

    def __init__(self, *args: Any, conventions: QuerySet[Convention], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["convention"].queryset = conventions  # type: ignore[attr-defined]


class FormulaireRealise(FormulaireDsfr):
    """What came of a commitment."""

    realise = Entier(label="Réalisé", required=False)
    note = forms.CharField(label="Explication", required=False, max_length=500)


class FormulaireReferents(FormulaireDsfr):
    """Referent and substitute of a structure."""

    referent = forms.ModelChoiceField(
        label="Référent", required=False, queryset=Utilisateur.objects.none(), empty_label="Aucun"
    )
    suppleant = forms.ModelChoiceField(
        label="Suppléant", required=False, queryset=Utilisateur.objects.none(), empty_label="Aucun"
    )

    def __init__(self, *args: Any, agents: list[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in ("referent", "suppleant"):
            self.fields[champ].queryset = Utilisateur.objects.filter(pk__in=[a.pk for a in agents])  # type: ignore[attr-defined]


class FormulairePassation(FormulaireDsfr):
    """Hand every convention of one agent to another."""

    cedant = forms.ModelChoiceField(
        label="Qui cède ses conventions", queryset=Utilisateur.objects.none(), empty_label="Choisissez"
    )
    repreneur = forms.ModelChoiceField(
        label="Qui les reprend", queryset=Utilisateur.objects.none(), empty_label="Choisissez"
    )
    motif = forms.CharField(label="Motif", required=False, max_length=300, help_text="Départ, congé, réorganisation.")

    def __init__(self, *args: Any, agents: list[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in ("cedant", "repreneur"):
            self.fields[champ].queryset = Utilisateur.objects.filter(pk__in=[a.pk for a in agents])  # type: ignore[attr-defined]


class FormulaireContestation(FormulaireDsfr):
    """What the structure says of a figure."""

    dite = forms.CharField(label="Le chiffre selon vous", required=False, max_length=60)
    explication = forms.CharField(
        label="Ce qui ne va pas", max_length=2000, widget=zone(5),
        help_text="Sans nom de personne. Dites la source de votre chiffre.",
    )  # fmt: skip


class FormulaireReponse(FormulaireDsfr):
    """The answer of the service to a dispute."""

    nom = forms.ChoiceField(label="Réponse")
    reponse = forms.CharField(label="Raisons", required=False, max_length=2000, widget=zone(4))

    def __init__(self, *args: Any, choix: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nom"].choices = choix  # type: ignore[attr-defined]


class FormulaireCommission(FormulaireDsfr):
    """What the commission is told."""

    jour = Jour("Date de la réunion ou de l’envoi")
    texte = forms.CharField(label="Message du service", required=False, max_length=4000, widget=zone(5))
