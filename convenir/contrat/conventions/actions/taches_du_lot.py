"""One task by département for the annexes of a year, whatever their number: prepare, look at, key."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.actions.creation import service_instructeur
from convenir.contrat.conventions.attendus import AUTEUR
from convenir.contrat.conventions.models import AnnexeFinanciere, EtatAnnexe
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.models import Tache
from convenir.socle.taches.portee import reserver
from convenir.socle.territoires.models import Departement

CODE = reserver("conventions.lot", Capacite.INSTRUIRE_CONVENTION)


def tenir_le_lot(departement: str, annee: int, *, maintenant: datetime, a_preparer: int = 0) -> str:
    """Keep the task of a batch equal to what is left; return its words when they changed, else nothing.

    Args:
        a_preparer: conventions that still need their avenant, when known: they come first.
    """
    lieu = Departement.objects.get(pk=departement)
    try:
        service = service_instructeur(lieu.code, lieu.region_id)
    except EntreeInvalide:
        return ""
    objet = f"{departement}-{annee}"
    faire = _reste(departement, annee, a_preparer)
    ouverte = Tache.objects.filter(organisation=service, code=CODE, objet=objet, faite_le=None).first()
    if not faire:
        faite = terminer(service, CODE, objet, auteur=AUTEUR, maintenant=maintenant)
        return f"Annexes {annee} saisies." if faite else ""
    if ouverte is not None and ouverte.libelle == faire:
        return ""
    proposer(
        Proposition(
            code=CODE, objet=objet, libelle=faire, organisation=service, echeance=_echeance(annee, maintenant),
            pourquoi="Sans annexe saisie dans l’extranet, les paiements s’arrêtent.",
            url=reverse("conventions:lot", args=[departement, annee]),
        ),
        auteur=AUTEUR, maintenant=maintenant,
    )  # fmt: skip
    return faire


def _echeance(annee: int, maintenant: datetime) -> date | None:
    """The last day of the year before; none for acts signed since."""
    fin = date(annee - 1, 12, 31)
    return fin if timezone.localdate(maintenant) <= fin else None


def _reste(departement: str, annee: int, a_preparer: int) -> str:
    """Say what is left: conventions to prepare, then annexes to look at, rejected ones, then annexes to key."""
    if a_preparer:
        return f"{pluriel(a_preparer, 'convention')} : préparer les annexes {annee}"
    # Un acte signé en cours d'année n'est d'aucun lot : sa convention a sa propre tâche (`attendus`).
    lues = AnnexeFinanciere.objects.filter(
        convention__departement=departement, annee=annee, version__effet=date(annee, 1, 1)
    )
    if n := lues.filter(etat=EtatAnnexe.EXCEPTION).count():
        return f"{pluriel(n, 'annexe')} {annee} : revoir une à une"
    if n := lues.filter(etat=EtatAnnexe.REJETE).count():
        return f"{pluriel(n, 'annexe rejetée', 'annexes rejetées')} {annee} : revoir, puis saisir de nouveau"
    if n := lues.filter(etat__in=[EtatAnnexe.PREPAREE, EtatAnnexe.REVUE]).count():
        return f"{pluriel(n, 'annexe')} {annee} : saisir dans l’extranet"
    return ""
