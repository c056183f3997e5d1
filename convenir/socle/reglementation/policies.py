"""Who may add to the law, and where; each refusal says why."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.territoires.models import Departement


def departements_permis(acteur: Acteur) -> QuerySet[Departement]:
    """Return the départements for which a person may record a local parameter, in the order of their codes."""
    if not acteur.peut(Capacite.AJOUTER_PARAMETRE_LOCAL):
        return Departement.objects.none()
    perimetre = acteur.perimetre
    if perimetre.niveau == "france":
        return Departement.objects.order_by("code")
    dans = Q(code__in=perimetre.codes) if perimetre.niveau == "departement" else Q(region__in=perimetre.codes)
    permis = dans if perimetre.niveau in {"departement", "region"} else Q(pk__in=())
    return Departement.objects.filter(permis).order_by("code")


def refus_local(acteur: Acteur, departement: Departement) -> str | None:
    """Say why a person may not record or end a local parameter of a département; None when they may."""
    if raison := raison_du_refus(acteur, Capacite.AJOUTER_PARAMETRE_LOCAL):
        return raison
    if acteur.perimetre.couvre_departement(departement.code, departement.region_id):
        return None
    return f"{departement} n'est pas dans votre territoire : seuls ses agents et ceux de sa région peuvent le faire."
