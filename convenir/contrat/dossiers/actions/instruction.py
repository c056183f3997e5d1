"""What moves a file: filing, completeness, comments, send-back. Each move is one of the convention's."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions.actions import Projet, passer, refuser
from convenir.contrat.conventions.models import Decision
from convenir.contrat.conventions.suites import Evenement, signaler
from convenir.contrat.dossiers import actes, cibles, policies, suites
from convenir.contrat.dossiers.models import Commentaire, Dossier
from convenir.contrat.dossiers.rules import refus_de_rejeter
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.taches.actions import Proposition, proposer, terminer

PLUS_D_ECHANGE = "La demande n'est plus à l'instruction : ses réponses ne se rouvrent plus."


@transaction.atomic
def deposer(acteur: Acteur, dossier: Dossier, *, jour: date, maintenant: datetime) -> Dossier:
    """File the application, or file it again with the pieces asked for; the acknowledgement follows by itself.

    Raises:
        ActionRefusee: not the direction, a file that lacks something (named), or a state that forbids it.
    """
    policies.exiger(policies.refus_d_ecrire(acteur, dossier))
    policies.exiger(policies.refus_de_deposer(acteur))
    dossier.convention.refresh_from_db(fields=["etat"])
    nom = "deposer" if dossier.en_redaction else "completer"
    passer(acteur, dossier.convention, nom, jour=jour, maintenant=maintenant)
    return relire(dossier)


@transaction.atomic
def declarer_complet(acteur: Acteur, dossier: Dossier, *, jour: date, maintenant: datetime) -> Dossier:
    """Say that the file is complete.

    Raises:
        ActionRefusee: no right, a state that does not allow it, or pieces asked for and not supplied.
    """
    policies.exiger(policies.refus_d_instruire(acteur, dossier))
    passer(acteur, dossier.convention, "declarer_complet", jour=jour, maintenant=maintenant)
    return relire(dossier)


@transaction.atomic
def renvoyer(acteur: Acteur, dossier: Dossier, motif: str, *, jour: date, maintenant: datetime) -> Dossier:
    """Give the file back to the structure, which writes it freely again; possible at every stage of the instruction.

    Raises:
        ActionRefusee: no right, or the file is past the instruction.
        EntreeInvalide: no reason.
    """
    policies.exiger(policies.refus_d_instruire(acteur, dossier))
    passer(acteur, dossier.convention, "renvoyer", jour=jour, maintenant=maintenant, motif=motif)
    return relire(dossier)


def obstacle_au_rejet(dossier: Dossier, jour: date) -> str:
    """Say why the application may not be rejected for missing pieces today, or nothing."""
    attendues = dossier.demandes.filter(fournie_le=None, abandonnee_le=None)
    return refus_de_rejeter(attendues.values_list("echeance", flat=True), jour)


@transaction.atomic
def rejeter(acteur: Acteur, dossier: Dossier, projet: Projet, *, maintenant: datetime) -> Decision:
    """Reject an application whose asked pieces were not supplied in time: this refuses the convention.

    Raises:
        ActionRefusee: no right, pieces not asked for, or a deadline still running.
        EntreeInvalide: the decision lacks something; the message says all of it.
    """
    if obstacle := obstacle_au_rejet(dossier, projet.prise_le):
        raise ActionRefusee(obstacle)
    return refuser(acteur, dossier.convention, projet, maintenant=maintenant)


@transaction.atomic
def commenter(acteur: Acteur, dossier: Dossier, champ: str, texte: str, *, maintenant: datetime) -> Commentaire:
    """Write a remark on something the file holds (`cibles`); it reopens that and nothing else.

    Raises:
        ActionRefusee: no right, or the file is not under instruction.
        EntreeInvalide: empty remark, something the file does not hold, or that already waits for an answer.
    """
    policies.exiger(policies.refus_d_instruire(acteur, dossier))
    if not dossier.en_echange:
        raise ActionRefusee(PLUS_D_ECHANGE)
    Dossier.objects.select_for_update().get(pk=dossier.pk)  # two remarks on the same question come one after the other
    vise = cibles.libelle(dossier, champ)
    if vise is None or not texte.strip():
        raise EntreeInvalide(
            "Écrivez votre commentaire sur une question, un axe ou un financement du dossier, ou sur une action."
        )
    if dossier.commentaires.filter(champ=champ, repondu_le=None, leve_le=None).exists():
        raise EntreeInvalide("Un commentaire attend déjà une réponse de la structure.")
    commentaire = Commentaire.objects.create(
        dossier=dossier, champ=champ, texte=texte.strip(), auteur_nom=acteur.auteur.nom,
        organisation_nom=acteur.auteur.organisation, ecrit_le=maintenant, avant=cibles.texte_actuel(dossier, champ),
    )  # fmt: skip
    journaliser(actes.COMMENTAIRE, dossier, auteur=acteur.auteur, apres={"question": champ})
    _tenir_la_tache(dossier, maintenant)
    _signaler("commenter", acteur, commentaire, vise, maintenant)
    return commentaire


@transaction.atomic
def repondre(acteur: Acteur, commentaire: Commentaire, texte: str, *, maintenant: datetime) -> None:
    """Answer a remark: the question, changed or not, closes again.

    Raises:
        ActionRefusee: no right, or the remark is closed.
    """
    policies.exiger(policies.refus_d_ecrire(acteur, commentaire.dossier))
    _exiger_ouvert(commentaire)
    commentaire.repondu_le, commentaire.reponse = maintenant, texte.strip()
    commentaire.save(update_fields=["repondu_le", "reponse"])
    apres = {"question": commentaire.champ, "commentaire": commentaire.pk}
    journaliser(actes.COMMENTAIRE_REPONDU, commentaire.dossier, auteur=acteur.auteur, apres=apres)
    _tenir_la_tache(commentaire.dossier, maintenant)
    vise = cibles.libelle(commentaire.dossier, commentaire.champ) or "financement retiré"
    _signaler("repondre_commentaire", acteur, commentaire, vise, maintenant)


@transaction.atomic
def retirer_commentaire(acteur: Acteur, commentaire: Commentaire, *, maintenant: datetime) -> None:
    """Withdraw a remark that waits for an answer: the question closes.

    Raises:
        ActionRefusee: no right, or the remark is closed.
    """
    policies.exiger(policies.refus_d_instruire(acteur, commentaire.dossier))
    _exiger_ouvert(commentaire)
    commentaire.leve_le = maintenant
    commentaire.save(update_fields=["leve_le"])
    journaliser(
        actes.COMMENTAIRE_RETIRE, commentaire.dossier, auteur=acteur.auteur, apres={"question": commentaire.champ}
    )
    _tenir_la_tache(commentaire.dossier, maintenant)


def _exiger_ouvert(commentaire: Commentaire) -> None:
    """Refuse a remark that somebody has closed, meanwhile or before."""
    commentaire.refresh_from_db(
        fields=["repondu_le", "leve_le"], from_queryset=Commentaire.objects.select_for_update()
    )
    if not commentaire.ouvert:
        raise ActionRefusee("Ce commentaire n'attend plus de réponse.")


def _signaler(nom: str, acteur: Acteur, commentaire: Commentaire, vise: str, maintenant: datetime) -> None:
    """Tell the other party of a remark or of its answer."""
    convention = commentaire.dossier.convention
    signaler(
        Evenement(
            nom, convention, acteur, timezone.localdate(maintenant), maintenant, cle=str(commentaire.pk),
            details=f"« {vise} »",
        )
    )  # fmt: skip


def _tenir_la_tache(dossier: Dossier, maintenant: datetime) -> None:
    """Keep one task for the structure while questions are open."""
    convention = dossier.convention
    if convention.organisation is None:
        return
    ouverts = dossier.commentaires.filter(repondu_le=None, leve_le=None).count()
    if not ouverts:
        terminer(
            convention.organisation, suites.REPONDRE, convention.reference, auteur=suites.AUTEUR, maintenant=maintenant
        )
        return
    quoi = "une question rouverte" if ouverts == 1 else f"{ouverts} questions rouvertes"
    proposer(
        Proposition(
            code=suites.REPONDRE, objet=convention.reference,
            libelle=f"{convention.nom_de_la_partie} : répondre à {quoi} par le service"[:300],
            pourquoi="L'instruction continue pendant que vous répondez.", organisation=convention.organisation,
            url=dossier.get_absolute_url(), structure=convention.structure, mission_locale=convention.mission_locale,
        ),
        auteur=suites.AUTEUR, maintenant=maintenant,
    )  # fmt: skip


def relire(dossier: Dossier) -> Dossier:
    """Return the file and its convention as the database has them."""
    return Dossier.objects.pour_liste().select_related("convention__service").get(pk=dossier.pk)
