"""People, their memberships (person × organisation × role, with dates) and invitations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from convenir.socle.comptes.roles import Role


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    """Create accounts; the address is kept in lower case, so that it is one account however it is typed."""

    @staticmethod
    def adresse(email: str) -> str:
        """Return the address as it is kept and compared."""
        return email.strip().lower()

    def creer(self, email: str, *, prenom: str, nom: str, mot_de_passe: str | None = None) -> Utilisateur:
        """Create an account; without a password it cannot be used to log in locally."""
        utilisateur = self.model(email=self.adresse(email), prenom=prenom, nom=nom)
        utilisateur.set_password(mot_de_passe)
        utilisateur.save(using=self._db)
        return utilisateur

    def get_by_natural_key(self, username: str | None) -> Utilisateur:
        """Find an account by its address, whatever its case."""
        return self.get(email=self.adresse(username or ""))


class Utilisateur(AbstractBaseUser):
    """A person's account; what it may do comes from its memberships alone."""

    email = models.EmailField("adresse électronique", unique=True)
    prenom = models.CharField("prénom", max_length=100)
    nom = models.CharField("nom", max_length=100)
    est_actif = models.BooleanField("compte actif", default=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["prenom", "nom"]

    objects = UtilisateurManager()

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["nom", "prenom", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="comptes_email_sans_casse",
                violation_error_message="Un compte existe déjà pour cette adresse électronique.",
            )
        ]

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def nom_complet(self) -> str:
        """First name and name."""
        return f"{self.prenom} {self.nom}".strip()

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """What Django reads before logging someone in."""
        return self.est_actif


class AdhesionQuerySet(models.QuerySet["Adhesion"]):
    """Memberships by date."""

    def en_vigueur(self, jour: date) -> AdhesionQuerySet:
        """Keep the memberships in force on a day: begun, and not ended (`fin` is the first day out)."""
        return self.filter(Q(fin=None) | Q(fin__gt=jour), debut__lte=jour)


class Adhesion(models.Model):
    """A person acts for an organisation in a role from `debut` to the day before `fin`."""

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.PROTECT, related_name="adhesions", verbose_name="compte"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="adhesions", verbose_name="organisation"
    )
    role = models.CharField("rôle", max_length=30, choices=Role.choices)
    structures = models.ManyToManyField(
        "organisations.Structure", blank=True, related_name="adhesions", verbose_name="structures suivies"
    )
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)
    fin_motif = models.CharField("motif de la fin", max_length=300, blank=True)

    objects = AdhesionQuerySet.as_manager()

    class Meta:
        verbose_name = "adhésion"
        verbose_name_plural = "adhésions"
        ordering = ["debut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                name="comptes_adhesion_dates",
                violation_error_message="L'adhésion finit avant de commencer.",
            ),
            models.CheckConstraint(
                condition=Q(fin=None) | ~Q(fin_motif=""),
                name="comptes_adhesion_fin_motivee",
                violation_error_message="La fin d'une adhésion porte son motif.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="comptes_adhesion_role",
                violation_error_message="Ce rôle n'existe pas.",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "organisation", "role"],
                condition=Q(fin=None),
                name="comptes_adhesion_unique",
                violation_error_message="Cette personne tient déjà ce rôle dans cette organisation.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"

    @property
    def dernier_jour(self) -> date | None:
        """Last day in force, or None while no end is set."""
        return None if self.fin is None else max(self.debut, self.fin - timedelta(days=1))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by state."""

    def en_attente(self, instant: datetime) -> InvitationQuerySet:
        """Keep those that can still be accepted."""
        return self.filter(acceptee_le=None, annulee_le=None, expire_le__gt=instant)


class Invitation(models.Model):
    """An offer of membership sent to an address; the token is kept as a digest only."""

    email = models.EmailField("adresse électronique")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="invitations", verbose_name="organisation"
    )
    role = models.CharField("rôle", max_length=30, choices=Role.choices)
    structures = models.ManyToManyField(
        "organisations.Structure", blank=True, related_name="invitations", verbose_name="structures suivies"
    )
    jeton = models.CharField("empreinte du jeton", max_length=64, unique=True)
    creee_le = models.DateTimeField("envoyée le")
    expire_le = models.DateTimeField("expire le")
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    invitee_par = models.ForeignKey(
        Utilisateur,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations_envoyees",
        verbose_name="invitée par",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-creee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expire_le__gt=F("creee_le")),
                name="comptes_invitation_dates",
                violation_error_message="L'invitation expire avant d'être envoyée.",
            ),
            models.CheckConstraint(
                condition=Q(acceptee_le=None) | Q(annulee_le=None),
                name="comptes_invitation_une_issue",
                violation_error_message="Une invitation acceptée ne s'annule pas.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="comptes_invitation_role",
                violation_error_message="Ce rôle n'existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in lower case."""
        self.email = UtilisateurManager.adresse(self.email)
        super().save(*args, **kwargs)

    def etat(self, instant: datetime) -> str:
        """Return « acceptée », « annulée », « expirée » or « en attente »."""
        if self.acceptee_le:
            return "acceptée"
        if self.annulee_le:
            return "annulée"
        return "expirée" if self.expire_le <= instant else "en attente"
