"""Make a move of the table: right, state, guards, then the two states and the two journals."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from convenir.contrat.conventions import actes, annonces, gardes, policies, states, suites
from convenir.contrat.conventions.models import A_REVOIR, Convention, EtatAnnexe, EtatSignature, Passage, Version
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur

# Ces passages portent des données : ils ont leur propre action, qui appelle `accomplir`.
PROPRES = frozenset(
    {
        "rendre_avis", "mettre_en_signature", "signer", "achever_signature", "annuler_signatures", "reprendre",
        "preparer_avenant", "engager_manquement", "clore_manquement", "resilier", "refuser", "retirer_signature",
    }
)  # fmt: skip


@suites.acte
def passer(
    acteur: Acteur, convention: Convention, nom: str, *, jour: date, maintenant: datetime, motif: str = ""
) -> Convention:
    """Make a move that carries nothing but its reason; return the convention as it now stands.

    Args:
        nom: a move of `states.TRANSITIONS`.
        jour: day of the act, for the guards and the journal.
        motif: reason, when the table asks for one.

    Raises:
        ActionRefusee: right, state or guard; the message says which.
        EntreeInvalide: no reason given.
    """
    if nom in PROPRES:
        raise ActionRefusee(f"« {states.TRANSITIONS[nom].libelle} » demande plus qu'un motif.")
    return accomplir(acteur, convention, nom, jour=jour, maintenant=maintenant, motif=motif)


def verrouiller(convention: Convention) -> Convention:
    """Return the convention as the database has it, locked until the transaction ends."""
    return Convention.objects.select_for_update().select_related(None).get(pk=convention.pk)


def version_a_traiter(convention: Convention) -> Version | None:
    """Return the last version when it is not signed: the one that a move bears on."""
    derniere = convention.versions.order_by("-rang").first()
    return None if derniere is None or derniere.etat == states.EtatVersion.SIGNEE else derniere


def accomplir(
    acteur: Acteur, convention: Convention, nom: str, *, jour: date, maintenant: datetime, motif: str = ""
) -> Convention:
    """Make any move, inside the transaction of the act that carries its data.

    Raises:
        ActionRefusee: right, state or guard; the message says which.
        EntreeInvalide: the table asks for a reason and none is given, or a person dates the act in the future.
    """
    fraiche = verrouiller(convention)
    version = version_a_traiter(fraiche)
    transition = states.verifier(nom, fraiche.etat, version.etat if version else None)
    policies.exiger_transition(acteur, fraiche, transition)
    if transition.motif and not motif.strip():
        raise EntreeInvalide(f"« {transition.libelle} » : donnez le motif, il reste au journal.")
    if not acteur.est_systeme and jour > timezone.localdate(maintenant):
        # Les gardes jugent au jour de l'acte : un jour à venir passerait outre les délais.
        raise EntreeInvalide(f"« {transition.libelle} » : la date de l'acte est dans le futur.")
    gardes.exiger(nom, gardes.Contexte(fraiche, version, jour))
    depuis = fraiche.etat
    if version and transition.version:
        _changer_version(version, transition.version[1], jour)
    _changer(fraiche, transition, jour)
    if version and version.etat in states.EN_SUSPENS and fraiche.etat in states.CLOS:
        _changer_version(version, states.EtatVersion.ABANDONNEE, jour)
    _inscrire(acteur, fraiche, version, transition, depuis, jour, maintenant, motif.strip())
    return fraiche


def _changer(convention: Convention, transition: states.Transition, jour: date) -> None:
    """Move the convention; remember where a suspension or a breach procedure comes from."""
    vers = transition.passages[convention.etat]
    if vers == states.AVANT:
        vers = _retour(convention, convention.etat_precedent or states.E.EN_COURS)
        convention.etat_precedent = _retour(convention, states.E.EN_COURS) if vers == states.E.SUSPENDU else ""
    elif vers in {states.E.SUSPENDU, states.E.MANQUEMENT} and vers != convention.etat:
        convention.etat_precedent = convention.etat
    elif vers not in {states.E.SUSPENDU, states.E.MANQUEMENT}:
        convention.etat_precedent = ""
    if vers != convention.etat:
        convention.etat_depuis = jour
    if vers == states.E.SUSPENDU:
        convention.suspendue_le = convention.suspendue_le or jour
    elif vers != states.E.MANQUEMENT:
        convention.suspendue_le = None
    convention.etat = vers
    convention.jeton += 1
    convention.save()


def _retour(convention: Convention, avant: str) -> str:
    """Where the way back leads: the state before, adjusted to what happened to the avenant meanwhile."""
    en_suspens = convention.versions.en_suspens().exists()
    if avant == states.E.EN_COURS and en_suspens:
        return states.E.AVENANT_EN_PREPARATION
    if avant == states.E.AVENANT_EN_PREPARATION and not en_suspens:
        return states.E.EN_COURS
    return avant


def _changer_version(version: Version, vers: str, jour: date) -> None:
    version.etat = vers
    version.signee_le = jour if vers == states.EtatVersion.SIGNEE else None
    version.jeton += 1
    version.save()
    if vers == states.EtatVersion.ABANDONNEE:  # rien n'est plus à saisir ni à signer pour elle
        version.annexes.filter(etat__in=A_REVOIR).update(etat=EtatAnnexe.ANNULE)
        annuler_les_signatures(version)


def annuler_les_signatures(version: Version) -> None:
    """Take back what asked for the signatures of a version; those received stay in the journal and no longer count."""
    vives = version.signatures.exclude(etat=EtatSignature.ANNULEE)
    for signature in vives.select_related("organisation"):
        annonces.n_est_plus_a_signer(signature, signee=False)
    vives.update(etat=EtatSignature.ANNULEE)


def _inscrire(
    acteur: Acteur,
    convention: Convention,
    version: Version | None,
    transition: states.Transition,
    depuis: str,
    jour: date,
    maintenant: datetime,
    motif: str,
) -> None:
    auteur = acteur.auteur
    passage = Passage.objects.create(
        convention=convention,
        version=version if transition.version else None,
        transition=transition.nom,
        depuis=depuis,
        vers=convention.etat,
        jour=jour,
        enregistre_le=maintenant,
        auteur_id=auteur.utilisateur_id,
        auteur_nom=auteur.nom,
        organisation_nom=auteur.organisation,
        motif=motif,
    )
    apres = {"etat": convention.etat, "jour": jour, "motif": motif}
    if version and transition.version:
        apres |= {"version": version.libelle, "etat_version": version.etat, "empreinte": version.empreinte}
    suites.inscrire(
        actes.PASSAGES[transition.nom], convention, acteur, jour=jour, avant={"etat": depuis}, apres=apres,
        maintenant=maintenant, passage=passage, cle=passage.pk, details=motif,
    )  # fmt: skip
