"""Invented works in the registers of the missions locales of the région: finished, going on, withdrawn."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from convenir.contrat.travaux import actions
from convenir.contrat.travaux.models import Travail
from convenir.contrat.travaux.rules import TravailEcrit
from convenir.restitution.demonstration.dossiers import PDF
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.models import MissionLocale

TENUES = 3


def creer(region: str, acteur: Acteur) -> int:
    """Write the registers of the first missions locales; return how many works there are. Idempotent."""
    if not Travail.objects.exists():
        maintenant = timezone.now()
        siennes = MissionLocale.objects.filter(departement__region=region).select_related("departement")
        for rang, mission_locale in enumerate(siennes.order_by("code")[:TENUES]):
            _tenir(mission_locale, rang, acteur, maintenant)
    return Travail.objects.count()


def _tenir(mission_locale: MissionLocale, rang: int, acteur: Acteur, maintenant: datetime) -> None:
    """Write the register of one: fewer works from one to the next, so that registers differ."""
    annee = timezone.localdate().year
    ecrits = _travaux(annee, mission_locale.departement.nom)
    inscrits = [
        actions.ajouter(acteur, mission_locale, e, maintenant=maintenant) for e in ecrits[: len(ecrits) - rang]
    ]
    actions.joindre(acteur, inscrits[0], "diagnostic-fictif.pdf", PDF, maintenant=maintenant)
    if rang == 0:
        actions.retirer(acteur, inscrits[-1], "Inscrit deux fois par erreur (fictif).", maintenant=maintenant)


def _travaux(annee: int, departement: str) -> list[TravailEcrit]:
    return [
        TravailEcrit(
            "diagnostic", "4", "Les jeunes sans diplôme ni emploi du bassin (fictif)",
            ("Communauté de communes fictive", "Maison de l’emploi fictive"), f"Bassin d’emploi, {departement}",
            date(annee, 1, 15), date(annee, 6, 30), "Rapport de 24 pages et une carte par commune", Decimal("0.20"),
        ),
        TravailEcrit(
            "partenariat", "5", "Permanences dans les lycées professionnels (fictif)",
            ("Lycée professionnel fictif", "Plateforme de suivi et d’appui fictive"), departement,
            date(annee - 1, 9, 1), None, "Convention de partenariat, bilan chaque été", Decimal("0.30"),
        ),
        TravailEcrit(
            "projet", "5", "Garage solidaire pour les jeunes en formation (fictif)",
            ("Conseil départemental fictif", "Association de mobilité fictive"), f"Nord de la {departement}",
            date(annee, 3, 1), None, "", None,
        ),
        TravailEcrit(
            "etude", "4", "Les métiers qui recrutent sans diplôme (fictif)", (), departement, date(annee - 1, 10, 1),
            date(annee, 2, 28), "Note de huit pages", Decimal("0.10"),
        ),
        TravailEcrit(
            "projet", "5", "Forum des métiers de l’eau (fictif)", ("Syndicat des eaux fictif",), departement,
            date(annee, 5, 12), date(annee, 5, 12), "Forum d’une journée", None,
        ),
    ]  # fmt: skip
