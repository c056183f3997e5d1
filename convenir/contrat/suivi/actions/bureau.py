"""Referents, hand-over, disputed figures, information of the commission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.personnes import charge
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.states import CLOS
from convenir.contrat.suivi import actes, states
from convenir.contrat.suivi.actions.commun import AUTEUR, exiger
from convenir.contrat.suivi.annonces import dire_de_la_contestation
from convenir.contrat.suivi.models import Contestation, Passation
from convenir.contrat.suivi.queries.listes import contestations_vivantes
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Nature, Organisation, Structure
from convenir.socle.taches.actions import Proposition, confier, proposer, terminer
from convenir.socle.taches.models import Tache
from convenir.socle.taches.portee import reserver

TRAITER = reserver("suivi.contestation", Capacite.INSTRUIRE_CONVENTION)


def agents_du_service(service: Organisation, jour: date) -> list[Utilisateur]:
    """Return who may be referent in a service: its agents of the day, by name."""
    roles = (Role.DEPARTEMENTAL, Role.REGIONAL)
    adhesions = Adhesion.objects.en_vigueur(jour).filter(organisation=service, role__in=roles)
    return list(
        Utilisateur.objects.filter(adhesions__in=adhesions, est_actif=True).distinct().order_by("nom", "prenom")
    )


@transaction.atomic
def designer(
    acteur: Acteur, convention: Convention, referent: Utilisateur | None, suppleant: Utilisateur | None, *, jour: date
) -> int:
    """Name the referent and the substitute of a structure: every convention of it that is not closed; return how many.

    Raises:
        ActionRefusee: no right, or someone who is not an agent of the service.
        EntreeInvalide: the same person twice, or a substitute without a referent.
    """
    exiger(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    if suppleant and (referent is None or referent == suppleant):
        raise EntreeInvalide("Le suppléant remplace un référent, qui est une autre personne.")
    agents = agents_du_service(convention.service, jour)
    if any(p is not None and p not in agents for p in (referent, suppleant)):
        raise ActionRefusee(f"Choisissez parmi les agents de {convention.service}.")
    visees = _memes(convention).exclude(etat__in=CLOS)
    nombre = visees.update(referent=referent, suppleant=suppleant)
    _confier(convention, acteur)
    apres = {"referent": referent.pk if referent else None, "suppleant": suppleant.pk if suppleant else None}
    journaliser(actes.REFERENT, convention, auteur=acteur.auteur, apres=apres | {"conventions": nombre})
    return nombre


def _confier(convention: Convention, acteur: Acteur) -> None:
    """Give the open tasks of the service on a structure to whoever is now in charge."""
    fraiche = Convention.objects.select_related("service").get(pk=convention.pk)
    siennes = Tache.objects.filter(
        organisation=fraiche.service, structure=fraiche.structure_id, mission_locale=fraiche.mission_locale_id
    )
    confier(siennes, charge(fraiche), auteur=acteur.auteur)


def _memes(convention: Convention):  # type: ignore[no-untyped-def]
    if convention.structure_id:
        return Convention.objects.filter(structure=convention.structure_id)
    return Convention.objects.filter(mission_locale=convention.mission_locale_id)


@transaction.atomic
def transmettre(
    acteur: Acteur, cedant: Utilisateur, repreneur: Utilisateur, *, motif: str, jour: date, maintenant: datetime
) -> Passation:
    """Hand every convention of an agent to another, as referent and as substitute, in one act.

    Raises:
        ActionRefusee: no right, or a person who does not belong to the service.
        EntreeInvalide: the same person, or nothing to hand over.
    """
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if cedant == repreneur:
        raise EntreeInvalide("Choisissez deux personnes différentes.")
    siennes = conventions_visibles(acteur).filter(referent=cedant).exclude(etat__in=CLOS)
    remplacees = conventions_visibles(acteur).filter(suppleant=cedant).exclude(etat__in=CLOS)
    cles = list(siennes.values_list("pk", flat=True)), list(remplacees.values_list("pk", flat=True))
    if not any(cles):
        raise EntreeInvalide("Cette personne ne suit aucune convention de votre périmètre.")
    services = Organisation.objects.filter(conventions_instruites__in=[*cles[0], *cles[1]]).distinct()
    if any(repreneur not in agents_du_service(s, jour) for s in services):
        raise ActionRefusee("La personne qui reprend doit être un agent du service qui instruit ces conventions.")
    # Qui remplaçait le cédant devient référent seul ; un référent ne se supplée pas lui-même.
    Convention.objects.filter(pk__in=cles[0], suppleant=repreneur).update(suppleant=None)
    Convention.objects.filter(pk__in=cles[0]).update(referent=repreneur)
    Convention.objects.filter(pk__in=cles[1], referent=repreneur).update(suppleant=None)
    Convention.objects.filter(pk__in=cles[1], suppleant=cedant).update(suppleant=repreneur)
    transmises = Convention.objects.filter(pk__in=cles[0])
    siennes_a_faire = Q(structure__in=transmises.values("structure")) | Q(
        mission_locale__in=transmises.values("mission_locale")
    )
    confier(Tache.objects.filter(siennes_a_faire, destinataire=cedant), repreneur, auteur=acteur.auteur)
    passation = Passation.objects.create(
        departement_id=acteur.organisation.departement_id if acteur.organisation else None, cedant=cedant,
        repreneur=repreneur, conventions=len({*cles[0], *cles[1]}), motif=motif.strip(), faite_le=maintenant,
        faite_par=acteur.auteur.nom,
    )  # fmt: skip
    apres = {
        "cede": cedant.pk,
        "reprend": repreneur.pk,
        "conventions": passation.conventions,
        "motif": passation.motif,
    }
    journaliser(actes.PASSATION, passation, auteur=acteur.auteur, apres=apres)
    return passation


@dataclass(frozen=True)
class ChiffreConteste:
    """A figure as it was shown, and what the structure says of it."""

    indicateur: str
    periode: str
    libelle: str
    montree: str
    dite: str
    explication: str


@transaction.atomic
def contester(acteur: Acteur, structure: Structure, chiffre: ChiffreConteste, *, maintenant: datetime) -> Contestation:
    """Dispute a figure: the service gets a task, and the figure says that it is disputed.

    Raises:
        ActionRefusee: not the direction of this structure.
        EntreeInvalide: no explanation, or a figure already disputed.
    """
    acteur.exiger(Capacite.DEPOSER_DEMANDE)
    if not Structure.objects.visibles_par(acteur.perimetre).filter(pk=structure.pk).exists():
        raise ActionRefusee("Cette structure n'est pas la vôtre.")
    if not chiffre.explication.strip():
        raise EntreeInvalide("Expliquez ce qui ne va pas.")
    contestation = Contestation(
        structure=structure, indicateur=chiffre.indicateur, periode=chiffre.periode, libelle=chiffre.libelle[:200],
        valeur_montree=chiffre.montree[:60], valeur_dite=chiffre.dite.strip()[:60],
        explication=chiffre.explication.strip(), ouverte_le=maintenant, ouverte_par=acteur.auteur.nom,
    )  # fmt: skip
    if _vivantes(contestation).exists():
        raise EntreeInvalide("Ce chiffre est déjà contesté : la réponse du service est attendue.")
    contestation.save()
    apres = {"indicateur": chiffre.indicateur, "periode": chiffre.periode, "montree": chiffre.montree}
    journaliser(actes.CONTESTATION, contestation, auteur=acteur.auteur, apres=apres)
    _demander_traitement(contestation, maintenant)
    _dire_au_service(contestation, acteur, maintenant)
    return contestation


def _vivantes(contestation: Contestation) -> QuerySet[Contestation]:
    """Return the disputes of the same figure that still wait."""
    return contestations_vivantes(contestation.structure).filter(
        indicateur=contestation.indicateur, periode=contestation.periode
    )


def _dire_au_service(contestation: Contestation, acteur: Acteur, maintenant: datetime) -> None:
    if (service := service_de(contestation.structure)) is not None:
        dire_de_la_contestation(
            contestation, "conteste", contestation.explication, acteur, service=service,
            cle=f"ouverte-{maintenant:%Y%m%dT%H%M%S}",
        )  # fmt: skip


def service_de(structure: Structure) -> Organisation | None:
    """Return the service of the State of a structure's département."""
    services = Organisation.objects.filter(nature=Nature.SERVICE_ETAT, departement=structure.departement_id)
    return services.order_by("niveau", "pk").first()


def _demander_traitement(contestation: Contestation, maintenant: datetime) -> None:
    service = service_de(contestation.structure)
    if service is None:
        return
    proposition = Proposition(
        code=TRAITER,
        objet=str(contestation.pk),
        libelle=f"{contestation.structure} : répondre à la contestation de « {contestation.libelle} »"[:300],
        pourquoi="Le chiffre est dit contesté tant que la source n'est pas corrigée ou le chiffre maintenu.",
        organisation=service,
        url=reverse("suivi:contestation", args=[contestation.pk]),
        structure=contestation.structure,
    )
    proposer(proposition, auteur=AUTEUR, maintenant=maintenant)


@transaction.atomic
def passer_contestation(
    acteur: Acteur, contestation: Contestation, nom: str, *, reponse: str, maintenant: datetime
) -> Contestation:
    """Answer a dispute: corrected at its source, upheld, or opened again.

    Raises:
        ActionRefusee: right, perimeter or state.
        EntreeInvalide: no reason given.
    """
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if not Structure.objects.visibles_par(acteur.perimetre).filter(pk=contestation.structure_id).exists():
        raise ActionRefusee("Cette structure n'est pas dans votre périmètre.")
    contestation = (
        Contestation.objects.select_for_update(of=("self",)).select_related("structure").get(pk=contestation.pk)
    )
    transition = states.verifier(states.CONTESTATION, nom, contestation.etat)
    if transition.capacite is None:
        raise ActionRefusee("La livraison suivante clôt la contestation, sans que personne ne le demande.")
    if transition.motif and not reponse.strip():
        raise EntreeInvalide("Donnez vos raisons : la structure les lit.")
    if nom == "rouvrir" and _vivantes(contestation).exclude(pk=contestation.pk).exists():
        raise ActionRefusee("La structure conteste déjà de nouveau ce chiffre : répondez à cette contestation-là.")
    contestation.etat, contestation.close_le = transition.vers, None
    contestation.reponse = reponse.strip() or contestation.reponse
    contestation.save()
    apres = {"etat": contestation.etat, "reponse": contestation.reponse}
    journaliser(actes.CONTESTATIONS[nom], contestation, auteur=acteur.auteur, apres=apres)
    suite = f"{contestation.get_etat_display()}. {contestation.reponse}".strip()
    dire_de_la_contestation(contestation, "réponse sur", suite, acteur, service=None,
                            cle=f"{nom}-{maintenant:%Y%m%dT%H%M%S}")  # fmt: skip
    service = service_de(contestation.structure)
    if nom == "rouvrir":
        _demander_traitement(contestation, maintenant)
        _dire_au_service(contestation, acteur, maintenant)
    elif service is not None:
        terminer(service, TRAITER, str(contestation.pk), auteur=AUTEUR, maintenant=maintenant)
    return contestation
