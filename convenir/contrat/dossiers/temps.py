"""What a day brings to the applications: a deadline for pieces that passes is offered for rejection."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from convenir.contrat.conventions.annonces import STRUCTURE, Annonce, completer
from convenir.contrat.conventions.personnes import charge_pour
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.conventions.suites import Evenement, signaler
from convenir.contrat.conventions.temps import ACTEUR, Jour, etape
from convenir.contrat.dossiers import suites
from convenir.contrat.dossiers.actions import obstacle_au_rejet
from convenir.contrat.dossiers.models import Dossier
from convenir.socle.commun.francais import enumeration, pluriel
from convenir.socle.taches.actions import Proposition, proposer
from convenir.socle.taches.models import Risque, Tache

completer(
    "pieces_echues",
    Annonce("délai de vos pièces passé", (STRUCTURE,), suite="Fournissez-les vite : la demande peut être rejetée."),
)


def _incomplets(quand: Jour) -> Any:
    """Files whose asked pieces are late, and those offered for rejection before."""
    echues = Q(demandes__fournie_le=None, demandes__abandonnee_le=None, demandes__echeance__lt=quand.jour)
    return (
        Dossier.objects.filter(echues, convention__etat=EtatConvention.INCOMPLET)
        .select_related(
            "convention__service", "convention__structure__porteur", "convention__mission_locale__organisation"
        )
        .distinct()
        .order_by("convention__reference")
    )


@etape("pieces_echues", "demande à rejeter ou à relancer", "demandes à rejeter ou à relancer", _incomplets)
def proposer_le_rejet(dossier: Dossier, quand: Jour) -> str:
    """Offer a file for rejection once every asked piece is late; the service decides."""
    if obstacle_au_rejet(dossier, quand.jour):
        return ""
    convention = dossier.convention
    manquantes = dossier.demandes.filter(fournie_le=None, abandonnee_le=None).order_by("echeance")
    derniere = max(d.echeance for d in manquantes)
    ouverte = Tache.objects.filter(code=suites.REJETER, objet=convention.reference, faite_le=None).exists()
    proposer(
        Proposition(
            code=suites.REJETER, objet=convention.reference,
            libelle=f"{convention.nom_de_la_partie} : rejeter la demande ou laisser un délai"[:300],
            pourquoi=f"{pluriel(len(manquantes), 'pièce non fournie', 'pièces non fournies')} dans le délai : "
            f"{enumeration([d.precision for d in manquantes])}."[:500],
            organisation=convention.service, url=reverse("dossiers:rejeter", args=[convention.reference]),
            echeance=derniere, risque=Risque.ELEVE, structure=convention.structure,
            mission_locale=convention.mission_locale, destinataire=charge_pour(convention, convention.service),
        ),
        auteur=suites.AUTEUR, maintenant=quand.maintenant,
    )  # fmt: skip
    if ouverte:
        return ""
    signaler(Evenement("pieces_echues", convention, ACTEUR, quand.jour, quand.maintenant, cle=derniere.isoformat()))
    return f"{pluriel(len(manquantes), 'pièce non fournie', 'pièces non fournies')}."
