"""Forms of the accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from convenir.socle.comptes.formulaires import FormulaireDsfr
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.comptes.mots_de_passe import AIDE
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure

INCONNU = (
    "Adresse ou mot de passe inconnus. Vérifiez-les, puis recommencez. "
    "Après dix essais, la connexion est bloquée un quart d'heure."
)


def _mot_de_passe(libelle: str, remplissage: str, aide: str = "") -> forms.CharField:
    return forms.CharField(
        label=libelle,
        strip=False,
        max_length=200,
        help_text=aide,
        widget=forms.PasswordInput(attrs={"autocomplete": remplissage}),
    )


def _adresse(remplissage: str) -> forms.EmailField:
    return forms.EmailField(
        label="Adresse électronique",
        help_text="Format attendu : nom@domaine.fr",
        widget=forms.EmailInput(attrs={"autocomplete": remplissage}),
    )


def _motif(libelle: str = "Motif") -> forms.CharField:
    return forms.CharField(
        label=libelle,
        max_length=300,
        help_text="Une phrase, sans donnée personnelle. Elle est gardée au journal.",
    )


class FormulaireConnexion(FormulaireDsfr):
    """Address and password; what comes back is the account, or one message that tells nothing more."""

    email = _adresse("username")
    password = _mot_de_passe("Mot de passe", "current-password")

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.utilisateur: Any = None

    def clean(self) -> dict[str, Any]:
        """Try to log in; the account of a wrong address and a wrong password are refused alike."""
        donnees = super().clean() or {}
        if "email" in donnees and "password" in donnees:
            adresse = Utilisateur.objects.adresse(donnees["email"])
            self.utilisateur = authenticate(self.request, email=adresse, password=donnees["password"])
            if self.utilisateur is None:
                raise ValidationError(INCONNU)
        return donnees

    def get_user(self) -> Any:
        """Return the account, for Django's LoginView."""
        return self.utilisateur


class FormulaireOubli(FormulaireDsfr):
    """The address to which a link is sent."""

    email = _adresse("username")


class FormulaireNouveauMotDePasse(FormulaireDsfr):
    """A password typed twice, under the rule of the CNIL."""

    nouveau = _mot_de_passe("Nouveau mot de passe", "new-password", AIDE)
    confirmation = _mot_de_passe("Le même, une seconde fois", "new-password")

    def __init__(self, *args: Any, utilisateur: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.utilisateur = utilisateur

    def clean(self) -> dict[str, Any]:
        """Refuse two different passwords, or a weak one."""
        donnees = super().clean() or {}
        nouveau = donnees.get("nouveau")
        if nouveau and donnees.get("confirmation") not in (None, nouveau):
            self.add_error("confirmation", "Les deux mots de passe diffèrent. Saisissez-les de nouveau.")
        if nouveau:
            self._verifier(nouveau)
        return donnees

    def _verifier(self, nouveau: str) -> None:
        try:
            password_validation.validate_password(nouveau, self.utilisateur)
        except ValidationError as erreur:
            self.add_error("nouveau", erreur)


class FormulaireChangerMotDePasse(FormulaireNouveauMotDePasse):
    """The same, once the present password is given."""

    actuel = _mot_de_passe("Mot de passe actuel", "current-password")
    field_order = ("actuel", "nouveau", "confirmation")

    def clean_actuel(self) -> str:
        """Refuse a wrong present password."""
        actuel: str = self.cleaned_data["actuel"]
        if not self.utilisateur.check_password(actuel):
            raise ValidationError("Ce n'est pas votre mot de passe actuel.")
        return actuel


class FormulaireNouveauCompte(FormulaireNouveauMotDePasse):
    """What a person gives when they accept an invitation: their name and a password."""

    prenom = forms.CharField(
        label="Prénom", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    nom = forms.CharField(label="Nom", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    field_order = ("prenom", "nom", "nouveau", "confirmation")

    def clean(self) -> dict[str, Any]:
        """Compare the password with the name as well."""
        self.utilisateur.prenom = self.cleaned_data.get("prenom", "")
        self.utilisateur.nom = self.cleaned_data.get("nom", "")
        return super().clean()


class FormulaireInvitation(FormulaireDsfr):
    """To whom and which role, in an organisation already chosen."""

    email = _adresse("off")
    role = forms.ChoiceField(label="Rôle")
    structures = forms.ModelMultipleChoiceField(
        label="Structures suivies",
        queryset=Structure.objects.none(),
        required=False,
        help_text="Ne cochez rien pour toutes celles de l'organisme.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, roles: list[Role], structures: list[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        if len(structures) > 1:
            champ: Any = self.fields["structures"]
            champ.queryset = Structure.objects.filter(pk__in=[s.pk for s in structures]).order_by("denomination", "pk")
        else:
            del self.fields["structures"]


class FormulaireMotif(FormulaireDsfr):
    """A reason."""

    motif = _motif()


class FormulaireComptes(FormulaireDsfr):
    """Filters of the list of accounts."""

    texte = forms.CharField(
        label="Nom, adresse ou organisation",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = forms.ChoiceField(label="Rôle", required=False, choices=[("", "Tous les rôles"), *Role.choices])
    etat = forms.ChoiceField(
        label="Adhésions", required=False, choices=[("", "En cours ou à venir"), ("terminees", "Terminées")]
    )
