"""Forms of the deliveries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from convenir.mesure.donnees.annexes.corrections import CHAMPS_ANNEXE, CHAMPS_STRUCTURE
from convenir.mesure.donnees.models import AnnexeLue, CorrespondanceDeSource, Source
from convenir.socle.comptes.formulaires import FormulaireDsfr
from convenir.socle.organisations.models import Structure

YAML_MAX = 200_000
GENRES = [("", "Le reconnaître à son contenu"), (Source.MISSIONS_LOCALES, "Missions locales")]
AIDE_ML = "Un fichier CSV ou Parquet par table (jeune, actualite, situation…), ou leur archive. Plusieurs à la fois."
ENCODAGES = [("", "UTF-8 (habituel)"), ("cp1252", "Windows (latin-1)")]


class PlusieursFichiers(forms.ClearableFileInput):
    """File input that takes several files."""

    allow_multiple_selected = True


class ChampFichiers(forms.FileField):
    """One or several uploaded files."""

    widget = PlusieursFichiers

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file; none is an error."""
        fichiers = data if isinstance(data, list | tuple) else [data] if data else []
        if not fichiers:
            raise forms.ValidationError("Choisissez au moins un fichier.")
        return [super(ChampFichiers, self).clean(fichier, initial) for fichier in fichiers]


class ChampCorrespondance(forms.ModelChoiceField):
    """One of the mappings of the organisation, or the published format."""

    def __init__(self, **kwargs: Any) -> None:
        vide = "Format publié, ou export nouveau"
        super().__init__(CorrespondanceDeSource.objects.none(), required=False, empty_label=vide, **kwargs)


class FormulaireChoix(FormulaireDsfr):
    """The mapping through which a deposit is read."""

    correspondance = ChampCorrespondance(label="Ce dépôt se lit par")

    def __init__(self, *args: Any, siennes: QuerySet[CorrespondanceDeSource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["correspondance"].queryset = siennes  # type: ignore[attr-defined]


class FormulaireNom(FormulaireDsfr):
    """The name of a mapping."""

    nom = forms.CharField(
        label="Nom de l'export", max_length=80, help_text="Celui que vous reconnaîtrez au moment de déposer."
    )


class FormulaireDepot(FormulaireDsfr):
    """Files of a delivery. The password is used once and never stored."""

    fichiers = ChampFichiers(
        label="Fichiers",
        allow_empty_file=True,
        help_text="Une archive de l'ASP, ses fichiers fluxIAE_…, ou un fichier agrégé. Plusieurs fichiers à la fois.",
        widget=PlusieursFichiers(attrs={"multiple": True, "class": "fr-upload"}),
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe de l'archive",
        required=False,
        strip=False,
        max_length=200,
        help_text="Si l'archive en a un. Il sert à l'ouvrir et n'est pas gardé.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    genre = forms.ChoiceField(
        label="Ce que vous déposez",
        required=False,
        choices=GENRES,
        help_text="Choisissez « Missions locales » pour des enregistrements ou des indicateurs de missions locales.",
    )
    correspondance = ChampCorrespondance(
        label="Correspondance des colonnes",
        help_text="Missions locales : l'export d'où viennent ces fichiers. Par défaut, celui du dernier dépôt.",
    )
    encodage = forms.ChoiceField(
        label="Encodage des fichiers",
        required=False,
        choices=ENCODAGES,
        help_text="Changez-le seulement si un premier dépôt a été refusé pour son encodage.",
    )

    def __init__(
        self, *args: Any, propre: bool = False, correspondances: QuerySet[CorrespondanceDeSource], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["correspondance"].queryset = correspondances  # type: ignore[attr-defined]
        if propre:
            self.fields["fichiers"].help_text = AIDE_ML

    def envoyes(self) -> list[tuple[str, Path]]:
        """Return the name and the temporary path of each file sent."""
        return [(f.name, Path(f.temporary_file_path())) for f in self.cleaned_data["fichiers"]]


class FormulaireYaml(FormulaireDsfr):
    """A mapping written as YAML."""

    fichier = forms.FileField(
        label="Fichier de correspondance (YAML)",
        help_text="Celui que vous avez exporté d'ici, ou celui d'une autre mission locale au même logiciel.",
        widget=forms.ClearableFileInput(attrs={"class": "fr-upload"}),
    )

    def clean_fichier(self) -> str:
        """Return the text of the file."""
        fichier = self.cleaned_data["fichier"]
        if fichier.size > YAML_MAX:
            raise forms.ValidationError("Ce fichier est trop gros pour une correspondance (200 ko au plus).")
        try:
            return str(fichier.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise forms.ValidationError("Ce fichier n'est pas en UTF-8. Enregistrez-le en UTF-8.") from None


class FormulaireMotif(FormulaireDsfr):
    """Reasons asked before a delivery is applied; only those that are needed are shown."""

    motif_confirmation = forms.CharField(
        label="Motif de la confirmation",
        max_length=500,
        min_length=3,
        help_text="Pourquoi appliquer malgré les seuils. Une phrase, sans donnée personnelle, gardée au journal.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    motif_sans_fin = forms.CharField(
        label="Motif de l'application sans ligne FIN",
        max_length=500,
        min_length=3,
        help_text="Comment vous savez que le fichier est complet. Une phrase, gardée au journal.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, rapport: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rapport.get("seuils"):
            del self.fields["motif_confirmation"]
        if not rapport.get("sans_fin"):
            del self.fields["motif_sans_fin"]


class FormulaireRemise(FormulaireDsfr):
    """Reason to put an earlier delivery in force again."""

    motif = forms.CharField(
        label="Motif",
        max_length=500,
        min_length=3,
        help_text="Pourquoi revenir à cette livraison. Une phrase, gardée au journal.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FormulaireCorrection(FormulaireDsfr):
    """A corrected value and its reason."""

    champ = forms.ChoiceField(label="Donnée à corriger")
    valeur = forms.CharField(
        label="Valeur exacte", max_length=200, help_text="Nombre : 12,50. Date : 2026-12-31. Commune : son code Insee."
    )
    motif = forms.CharField(
        label="Motif",
        max_length=500,
        help_text="Ce qui prouve la valeur exacte. Une phrase, sans donnée personnelle, gardée au journal.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, objet: Structure | AnnexeLue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(objet, Structure):
            choix = list(CHAMPS_STRUCTURE.items())
        else:
            choix = [(champ, libelle) for champ, (_, _, libelle) in CHAMPS_ANNEXE.items()]
        self.fields["champ"].choices = [(c, nom[0].upper() + nom[1:]) for c, nom in choix]  # type: ignore[attr-defined]
