"""What is to be done, by whom and before when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from convenir.socle.taches.genres import Rythme


class Risque(models.IntegerChoices):
    """What is at stake if the task is not done; the greater comes first at equal dates."""

    ORDINAIRE = 0, "ordinaire"
    ELEVE = 1, "élevé"
    MAJEUR = 2, "majeur"


class Tache(models.Model):
    """A task for a person or for everyone of an organisation, about one object."""

    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taches",
        verbose_name="destinataire",
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="taches", verbose_name="organisation"
    )
    structure = models.ForeignKey(
        "organisations.Structure",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taches",
        verbose_name="structure",
    )
    mission_locale = models.ForeignKey(
        "organisations.MissionLocale",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taches",
        verbose_name="mission locale",
    )
    code = models.CharField("code", max_length=100)
    objet = models.CharField("clé de l'objet", max_length=200)
    libelle = models.CharField("ce qu'il faut faire", max_length=300)
    pourquoi = models.CharField("pourquoi", max_length=500, blank=True)
    url = models.CharField("adresse de la page", max_length=500, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)
    risque = models.PositiveSmallIntegerField("risque", choices=Risque.choices, default=Risque.ORDINAIRE)
    proposee_le = models.DateTimeField("proposée le")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "tâche"
        verbose_name_plural = "tâches"
        ordering = ["echeance", "-risque", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "objet"],
                condition=Q(faite_le=None),
                name="taches_une_ouverte",
                violation_error_message="Cette tâche est déjà à faire.",
            ),
            models.CheckConstraint(
                condition=Q(risque__in=Risque.values),
                name="taches_risque",
                violation_error_message="Ce niveau de risque n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(structure=None) | Q(mission_locale=None),
                name="taches_un_sujet",
                violation_error_message="Une tâche porte sur une structure ou une mission locale, non les deux.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "echeance"], condition=Q(faite_le=None), name="taches_ouvertes")
        ]

    def __str__(self) -> str:
        return self.libelle


class Notification(models.Model):
    """Something that happened, told to one person for one of their organisations."""

    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", verbose_name="destinataire"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.CASCADE, related_name="+", verbose_name="organisation"
    )
    genre = models.CharField("genre", max_length=100)
    cle = models.CharField(
        "clé du fait", max_length=200, help_text="le même fait n'est dit qu'une fois à une personne"
    )
    libelle = models.CharField("ce qui s'est passé", max_length=300)
    texte = models.CharField("ce qui suit", max_length=500, blank=True)
    url = models.CharField("adresse de la page", max_length=500, blank=True)
    instant = models.DateTimeField("instant")
    lue_le = models.DateTimeField("lue le", null=True, blank=True)
    envoi = models.ForeignKey(
        "Envoi", on_delete=models.SET_NULL, null=True, blank=True, related_name="notifications", verbose_name="envoi"
    )

    class Meta:
        verbose_name = "notification"
        ordering = ["-instant", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["destinataire", "organisation", "genre", "cle"],
                name="notification_une_fois",
                violation_error_message="Cette personne est déjà prévenue de ce fait.",
            )
        ]
        indexes = [
            models.Index(fields=["destinataire", "organisation", "-instant"], name="notification_liste"),
            models.Index(fields=["destinataire"], condition=Q(envoi=None), name="notification_a_envoyer"),
        ]

    def __str__(self) -> str:
        return self.libelle


class Preference(models.Model):
    """The rhythm a person chose for a kind of notification."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences", verbose_name="compte"
    )
    genre = models.CharField("genre", max_length=100)
    rythme = models.CharField("rythme", max_length=12, choices=Rythme.choices)

    class Meta:
        verbose_name = "préférence de notification"
        verbose_name_plural = "préférences de notification"
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "genre"],
                name="preference_par_genre",
                violation_error_message="Un genre de notification n'a qu'un rythme.",
            ),
            models.CheckConstraint(
                condition=Q(rythme__in=Rythme.values),
                name="preference_rythme",
                violation_error_message="Ce rythme n'existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.genre} : {self.get_rythme_display()}"


class Envoi(models.Model):
    """A mail sent to a person for a rhythm and a period: there is one at most."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="envois", verbose_name="compte"
    )
    rythme = models.CharField("rythme", max_length=12, choices=Rythme.choices)
    periode = models.CharField("période", max_length=20)
    envoye_le = models.DateTimeField("envoyé le")

    class Meta:
        verbose_name = "envoi"
        ordering = ["-envoye_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "rythme", "periode"],
                name="envoi_un_par_periode",
                violation_error_message="Un courriel est déjà parti pour cette période.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_rythme_display()}, {self.periode}"
