"""What follows a move of a convention, for its file: dates, acknowledgement, tasks; called by `signals`."""

from __future__ import annotations

from datetime import date, datetime

from convenir.contrat.conventions.models import Passage
from convenir.contrat.conventions.personnes import charge_pour
from convenir.contrat.dossiers import accuses, actes
from convenir.contrat.dossiers.models import Dossier
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import Organisation
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.models import Risque
from convenir.socle.taches.portee import reserver

VERIFIER, REJETER = (reserver(f"dossier.{nom}", Capacite.INSTRUIRE_CONVENTION) for nom in ("verifier", "rejeter"))
FOURNIR, CORRIGER, REPONDRE = (
    reserver(f"dossier.{nom}", Capacite.REDIGER_DEMANDE) for nom in ("fournir", "corriger", "repondre")
)
AUTEUR = Auteur.systeme("Dossiers")


def apres_passage(passage: Passage) -> None:
    """Write what a move entails for the file of its convention, inside the transaction of the move."""
    dossier = Dossier.objects.select_related("convention__service").filter(convention=passage.convention_id).first()
    suite = SUITES.get(passage.transition)
    if dossier is not None:
        # Toute pièce demandée de nouveau, fournie ou abandonnée retire la proposition de rejet.
        _terminer(dossier, REJETER, passage, dossier.convention.service)
    if dossier is not None and suite is not None:
        suite(dossier, passage)


def _depose(dossier: Dossier, passage: Passage) -> None:
    """A filing is acknowledged, and the service looks whether it is complete."""
    if dossier.depose_le is None:
        dossier.depose_le = passage.jour
        dossier.save(update_fields=["depose_le"])
    accuse = accuses.emettre(dossier, recu_le=passage.jour, maintenant=passage.enregistre_le)
    for code in (FOURNIR, CORRIGER):
        _terminer(dossier, code, passage, dossier.convention.organisation)
    apres = {"numero": accuse.rang, "limite": accuse.limite_le, "sha256": accuse.sha256}
    journaliser(actes.ACCUSE, dossier, auteur=AUTEUR, apres=apres)
    proposer_tache(
        dossier,
        VERIFIER,
        dossier.convention.service,
        "vérifier que le dossier est complet",
        "L'accusé de réception court : la structure attend une réponse.",
        accuse.limite_le,
        passage,
    )


def _complet(dossier: Dossier, passage: Passage) -> None:
    dossier.complet_le = passage.jour
    dossier.save(update_fields=["complet_le"])
    _terminer(dossier, VERIFIER, passage, dossier.convention.service)
    _terminer(dossier, FOURNIR, passage, dossier.convention.organisation)


def _incomplet(dossier: Dossier, passage: Passage) -> None:
    dossier.complet_le = None
    dossier.save(update_fields=["complet_le"])
    _terminer(dossier, VERIFIER, passage, dossier.convention.service)


def _renvoye(dossier: Dossier, passage: Passage) -> None:
    """Everything may be written again: the remarks that waited have nothing left to reopen."""
    _incomplet(dossier, passage)
    dossier.commentaires.filter(repondu_le=None, leve_le=None).update(leve_le=passage.enregistre_le)
    _terminer(dossier, REPONDRE, passage, dossier.convention.organisation)
    proposer_tache(dossier, CORRIGER, dossier.convention.organisation, "corriger la demande et la déposer de nouveau",
                   f"Le service l'a rendue : {passage.motif}"[:500], None, passage)  # fmt: skip


def _clos(dossier: Dossier, passage: Passage) -> None:
    _terminer(dossier, VERIFIER, passage, dossier.convention.service)
    for code in (FOURNIR, CORRIGER, REPONDRE):
        _terminer(dossier, code, passage, dossier.convention.organisation)


SUITES = {
    "deposer": _depose,
    "completer": _depose,
    "declarer_complet": _complet,
    "declarer_incomplet": _incomplet,
    "renvoyer": _renvoye,
    "refuser": _clos,
    "soumettre_avis": _clos,
}


def proposer_tache(
    dossier: Dossier,
    code: str,
    organisation: Organisation | None,
    faire: str,
    pourquoi: str,
    echeance: date | None,
    passage: Passage,
    risque: Risque = Risque.ORDINAIRE,
) -> None:
    """Open the task of a file, for a service or for the structure; nothing for a structure without an organisation."""
    if organisation is None:
        return
    convention = dossier.convention
    proposition = Proposition(
        code=code,
        objet=convention.reference,
        libelle=f"{convention.nom_de_la_partie} : {faire}"[:300],
        pourquoi=pourquoi,
        organisation=organisation,
        url=dossier.get_absolute_url(),
        echeance=echeance,
        risque=risque,
        structure=convention.structure,
        mission_locale=convention.mission_locale,
        destinataire=charge_pour(convention, organisation),
    )
    proposer(proposition, auteur=AUTEUR, maintenant=passage.enregistre_le)


def tenir_le_rejet(dossier: Dossier, maintenant: datetime) -> None:
    """Withdraw the offer to reject as soon as no asked piece is awaited any more."""
    if not dossier.demandes.filter(fournie_le=None, abandonnee_le=None).exists():
        terminer(
            dossier.convention.service, REJETER, dossier.convention.reference, auteur=AUTEUR, maintenant=maintenant
        )


def _terminer(dossier: Dossier, code: str, passage: Passage, organisation: Organisation | None) -> None:
    if organisation is not None:
        terminer(organisation, code, dossier.convention.reference, auteur=AUTEUR, maintenant=passage.enregistre_le)
