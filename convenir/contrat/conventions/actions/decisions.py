"""Adverse decisions: complete before they are taken, notified with proof, open to appeal (décisions, § 10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from convenir.contrat.conventions import actes, droit, policies, suites
from convenir.contrat.conventions.actions.passages import accomplir, verrouiller
from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import Convention, Decision, GenreDecision, GenrePiece, Manquement
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite


@dataclass(frozen=True)
class Projet:
    """A decision about to be taken; every line must be filled, `fondement` when the signatory is a delegate.

    Attributes:
        delegue: whether the signatory acts by delegation of the prefect.
        voies: ways and times of appeal, as the letter prints them.
        appuyee_sur_un_calcul: whether a figure computed by Convenir weighs in it: the mention is then due.
        montant: sums to reclaim, in euros.
        effet_du, effet_au: suspension of the self-prescription after a control, its last day out; no end when None.
    """

    faits: str
    articles: str
    signataire: str
    qualite: str
    prise_le: date
    voies: str
    delegue: bool = False
    fondement: str = ""
    appuyee_sur_un_calcul: bool = False
    mention_algorithmique: bool = False
    montant: Decimal | None = None
    effet_du: date | None = None
    effet_au: date | None = None


def manques(projet: Projet, genre: str) -> list[str]:
    """Return what the template of a decision still lacks, in words; empty when it may be taken."""
    attendus = {
        "les faits": projet.faits,
        "les articles appliqués": projet.articles,
        "le signataire": projet.signataire,
        "sa qualité": projet.qualite,
        "les voies et délais de recours": projet.voies,
        "la délégation de signature": projet.fondement or not projet.delegue,
        "la mention du traitement algorithmique (CRPA, L. 311-3-1)": projet.mention_algorithmique
        or not projet.appuyee_sur_un_calcul,
        "le montant à reprendre": projet.montant if genre == GenreDecision.REPRISE else True,
        "ce qui est suspendu ou repris": (projet.effet_du or projet.montant)
        if genre == GenreDecision.CONTROLE
        else True,
    }
    return [mots for mots, valeur in attendus.items() if not (valeur.strip() if isinstance(valeur, str) else valeur)]


def voies_par_defaut(jour: date) -> str:
    """Return the paragraph on appeals with the times in force on a day: to be reread by the service."""
    delai, silence = droit.delai_de_recours(jour), droit.silence_mois(jour)
    return (
        f"Cette décision peut faire l'objet, dans un délai de {delai} mois à compter de sa notification, d'un recours "
        "gracieux auprès de l'autorité qui l'a prise, d'un recours hiérarchique auprès du ministre chargé de "
        "l'emploi, ou d'un recours contentieux devant le tribunal administratif. Le silence gardé pendant "
        f"{silence} mois sur un recours gracieux ou hiérarchique vaut rejet."
    )


def _exiger_complete(projet: Projet, genre: str) -> None:
    if manquent := manques(projet, genre):
        raise EntreeInvalide(f"La décision n'est pas complète. Il manque : {', '.join(manquent)}.")


def _ecrire(convention: Convention, genre: str, projet: Projet) -> Decision:
    return Decision.objects.create(
        convention=convention,
        genre=genre,
        faits=projet.faits.strip(),
        articles=projet.articles.strip(),
        signataire=projet.signataire.strip(),
        qualite=projet.qualite.strip(),
        fondement=projet.fondement.strip(),
        voies=projet.voies.strip(),
        algorithmique=projet.mention_algorithmique,
        montant=projet.montant,
        effet_du=projet.effet_du,
        effet_au=projet.effet_au,
        prise_le=projet.prise_le,
    )


@suites.acte
def refuser(acteur: Acteur, convention: Convention, projet: Projet, *, maintenant: datetime) -> Decision:
    """Refuse a convention.

    Raises:
        EntreeInvalide: the decision lacks something; the message says all of it.
    """
    _exiger_complete(projet, GenreDecision.REFUS)
    accomplir(acteur, convention, "refuser", jour=projet.prise_le, maintenant=maintenant, motif=projet.faits)
    return _ecrire(convention, GenreDecision.REFUS, projet)


@suites.acte
def resilier(acteur: Acteur, convention: Convention, projet: Projet, *, maintenant: datetime) -> Decision:
    """Terminate after the breach procedure; `projet.montant` are the undue sums to reclaim, if any.

    Raises:
        ActionRefusee: no procedure, or the employer still has time for observations.
        EntreeInvalide: the decision lacks something.
    """
    _exiger_complete(projet, GenreDecision.RESILIATION)
    accomplir(acteur, convention, "resilier", jour=projet.prise_le, maintenant=maintenant, motif=projet.faits)
    decision = _ecrire(convention, GenreDecision.RESILIATION, projet)
    Manquement.objects.filter(convention=convention, clos_le=None).update(decision=decision, clos_le=projet.prise_le)
    return decision


@suites.acte
def reprendre_des_sommes(acteur: Acteur, convention: Convention, projet: Projet) -> Decision:
    """Decide to reclaim sums; the convention itself does not move.

    Raises:
        EntreeInvalide: the decision lacks something.
    """
    fraiche = verrouiller(convention)
    policies.exiger(acteur, fraiche, Capacite.DECIDER_CONVENTION)
    _exiger_complete(projet, GenreDecision.REPRISE)
    decision = _ecrire(fraiche, GenreDecision.REPRISE, projet)
    apres = {"montant": projet.montant, "articles": projet.articles}
    suites.inscrire(
        actes.REPRENDRE_SOMMES, fraiche, acteur, jour=projet.prise_le, apres=apres, cle=decision.pk,
        details=projet.faits.strip(),
    )  # fmt: skip
    return decision


@suites.acte
def decider_apres_controle(acteur: Acteur, convention: Convention, projet: Projet) -> Decision:
    """Suspend the self-prescription, reclaim sums, or both, after a control of eligibility (R. 5132-1-12 to -16).

    The sample is drawn by a computation: the mention of the algorithmic processing is always due.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: the decision lacks something, or its suspension does not hold.
    """
    fraiche = verrouiller(convention)
    policies.exiger(acteur, fraiche, Capacite.DECIDER_CONVENTION)
    projet = replace(projet, appuyee_sur_un_calcul=True)
    _exiger_complete(projet, GenreDecision.CONTROLE)
    if projet.effet_du is not None and projet.effet_du < projet.prise_le:
        raise EntreeInvalide("La suspension ne commence pas avant la décision.")
    if projet.effet_au is not None and (projet.effet_du is None or projet.effet_au <= projet.effet_du):
        raise EntreeInvalide("La suspension finit après avoir commencé.")
    decision = _ecrire(fraiche, GenreDecision.CONTROLE, projet)
    apres = {"montant": projet.montant, "articles": projet.articles, "suspension": projet.effet_du}
    suites.inscrire(
        actes.DECIDER_CONTROLE, fraiche, acteur, jour=projet.prise_le, apres=apres, cle=decision.pk,
        details=projet.faits.strip(),
    )  # fmt: skip
    return decision


@dataclass(frozen=True)
class Lettre:
    """The registered letter that opens a breach procedure.

    Attributes:
        obligatoire: false declarations or diverted purpose: termination is then mandatory.
        avant: day before which observations are awaited; one month after the letter when None, never less.
        fichier: the letter itself.
    """

    faits: str
    articles: str
    envoyee_le: date
    numero: str
    obligatoire: bool = False
    avant: date | None = None
    fichier: Fichier | None = None


@suites.acte
def engager_manquement(acteur: Acteur, convention: Convention, lettre: Lettre, *, maintenant: datetime) -> Manquement:
    """Open a breach procedure; the employer has at least one month from the letter for its observations.

    Raises:
        EntreeInvalide: facts, articles or number of the letter missing; less than one month for the observations.
    """
    au_plus_tot = droit.observations_avant(lettre.envoyee_le)
    if lettre.avant is not None and lettre.avant < au_plus_tot:
        raise EntreeInvalide(f"L'employeur a au moins un mois : ses observations s'attendent le {en_mots(au_plus_tot)}"
                             " au plus tôt.")  # fmt: skip
    if not (lettre.faits.strip() and lettre.articles.strip() and lettre.numero.strip()):
        raise EntreeInvalide("La lettre recommandée dit les faits et les articles ; donnez aussi son numéro.")
    fraiche = accomplir(
        acteur, convention, "engager_manquement", jour=lettre.envoyee_le, maintenant=maintenant, motif=lettre.faits
    )
    if lettre.fichier:
        joindre(acteur, fraiche, GenrePiece.COURRIER, lettre.fichier, jour=lettre.envoyee_le, maintenant=maintenant)
    return Manquement.objects.create(
        convention=fraiche,
        faits=lettre.faits.strip(),
        articles=lettre.articles.strip(),
        obligatoire=lettre.obligatoire,
        lettre_le=lettre.envoyee_le,
        lettre_numero=lettre.numero.strip(),
        observations_avant=lettre.avant or au_plus_tot,
    )


@suites.acte
def observer(
    acteur: Acteur,
    manquement: Manquement,
    texte: str,
    *,
    jour: date,
    fichier: Fichier | None = None,
    maintenant: datetime | None = None,
) -> Manquement:
    """Record the observations of the employer; they come from the structure itself or from the service.

    Written again, they replace the first, which stay in the journal.

    Raises:
        ActionRefusee: the procedure is closed.
        EntreeInvalide: nothing written, or before the letter.
    """
    policies.exiger_l_une(acteur, manquement.convention, Capacite.INSTRUIRE_CONVENTION, Capacite.DEPOSER_DEMANDE)
    if manquement.clos_le is not None:
        raise ActionRefusee(f"La procédure est close depuis le {en_mots(manquement.clos_le)}.")
    if not texte.strip() or jour < manquement.lettre_le:
        raise EntreeInvalide("Écrivez vos observations ; leur date suit celle de la lettre.")
    avant = {"jour": manquement.observations_le, "observations": manquement.observations}
    if fichier:
        joindre(
            acteur, manquement.convention, GenrePiece.OBSERVATIONS, fichier, jour=jour,
            maintenant=maintenant or timezone.now(),
        )  # fmt: skip
    manquement.observations, manquement.observations_le = texte.strip(), jour
    manquement.save(update_fields=["observations", "observations_le"])
    apres = {"jour": jour, "observations": manquement.observations}
    suites.inscrire(
        actes.OBSERVER, manquement.convention, acteur, jour=jour, avant=avant, apres=apres, cle=manquement.pk
    )
    return manquement


@suites.acte
def clore_manquement(
    acteur: Acteur, convention: Convention, *, motif: str, jour: date, maintenant: datetime
) -> Convention:
    """Close a breach procedure without consequence: the convention goes back where it was."""
    fraiche = accomplir(acteur, convention, "clore_manquement", jour=jour, maintenant=maintenant, motif=motif)
    Manquement.objects.filter(convention=fraiche, clos_le=None).update(clos_le=jour)
    return fraiche


def _verrouiller(decision: Decision) -> None:
    """Read a decision again, locked until the transaction ends: another agent may have moved it since."""
    Decision.objects.select_for_update().get(pk=decision.pk)
    decision.refresh_from_db()


@suites.acte
def notifier(acteur: Acteur, decision: Decision, *, jour: date, preuve: Fichier, maintenant: datetime) -> Decision:
    """Record the notification and its proof (acknowledgement of the registered letter): the appeals start from it.

    Raises:
        ActionRefusee: no right, or already notified: the time for the appeals runs from the first day.
        EntreeInvalide: before the decision.
    """
    policies.exiger(acteur, decision.convention, Capacite.INSTRUIRE_CONVENTION)
    _verrouiller(decision)
    if decision.notifiee_le is not None:
        raise ActionRefusee(f"La décision est déjà notifiée, le {en_mots(decision.notifiee_le)}.")
    if jour < decision.prise_le:
        raise EntreeInvalide("Une décision se notifie après avoir été prise.")
    decision.preuve = joindre(
        acteur, decision.convention, GenrePiece.NOTIFICATION, preuve, jour=jour, maintenant=maintenant
    )
    decision.notifiee_le = jour
    decision.save(update_fields=["preuve", "notifiee_le"])
    apres = {"genre": decision.genre, "jour": jour}
    suites.inscrire(
        actes.NOTIFIER, decision.convention, acteur, jour=jour, apres=apres, maintenant=maintenant, cle=decision.pk,
        details=f"{decision.get_genre_display()}.",
    )  # fmt: skip
    return decision


@suites.acte
def recevoir_recours(acteur: Acteur, decision: Decision, objet: str, *, jour: date) -> Decision:
    """Record a *recours gracieux*: its clock starts.

    Raises:
        ActionRefusee: the decision was never notified, or an appeal is already recorded.
        EntreeInvalide: no object, or before the notification.
    """
    policies.exiger(acteur, decision.convention, Capacite.INSTRUIRE_CONVENTION)
    _verrouiller(decision)
    if decision.notifiee_le is None:
        raise ActionRefusee("La décision n'a pas été notifiée : enregistrez d'abord sa notification.")
    if decision.recours_le is not None:
        raise ActionRefusee(f"Un recours gracieux est déjà enregistré, reçu le {en_mots(decision.recours_le)}.")
    if not objet.strip() or jour < decision.notifiee_le:
        raise EntreeInvalide("Dites ce que demande le recours ; sa date suit la notification.")
    decision.recours_le, decision.recours_objet = jour, objet.strip()
    decision.save(update_fields=["recours_le", "recours_objet"])
    apres = {"genre": decision.genre, "jour": jour}
    suites.inscrire(actes.RECOURS, decision.convention, acteur, jour=jour, apres=apres, cle=decision.pk)
    return decision


@suites.acte
def repondre_au_recours(
    acteur: Acteur, decision: Decision, *, accueilli: bool, reponse: str, jour: date, maintenant: datetime
) -> Decision:
    """Answer a *recours gracieux*; accepted, the refusal is examined again, the termination undone.

    Raises:
        ActionRefusee: no appeal to answer.
        EntreeInvalide: no reasons, or before the appeal.
    """
    policies.exiger(acteur, decision.convention, Capacite.DECIDER_CONVENTION)
    _verrouiller(decision)
    if decision.recours_le is None or decision.reponse_le is not None:
        raise ActionRefusee("Aucun recours gracieux n'attend de réponse.")
    if not reponse.strip() or jour < decision.recours_le:
        raise EntreeInvalide("Motivez la réponse ; sa date suit celle du recours.")
    decision.reponse_le, decision.reponse, decision.accueilli = jour, reponse.strip(), accueilli
    decision.save(update_fields=["reponse_le", "reponse", "accueilli"])
    retour = {GenreDecision.REFUS: "reexaminer", GenreDecision.RESILIATION: "retablir"}.get(
        GenreDecision(decision.genre)
    )
    if accueilli and retour:
        accomplir(acteur, decision.convention, retour, jour=jour, maintenant=maintenant, motif=reponse)
    apres = {"genre": decision.genre, "accueilli": accueilli, "jour": jour}
    suites.inscrire(
        actes.REPONDRE, decision.convention, acteur, jour=jour, apres=apres, maintenant=maintenant, cle=decision.pk,
        details="Il est accueilli." if accueilli else "Il est rejeté.",
    )  # fmt: skip
    return decision
