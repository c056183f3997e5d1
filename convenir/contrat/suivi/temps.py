"""What a day brings to the follow-up: obligations near or late, one task by structure, one by service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from convenir.contrat.conventions.annonces import SERVICE, STRUCTURE, Annonce, completer
from convenir.contrat.conventions.suites import Evenement, signaler
from convenir.contrat.conventions.temps import ACTEUR, Jour, etape
from convenir.contrat.suivi.actions.bilans import DEPOSER
from convenir.contrat.suivi.actions.commun import AUTEUR, fermer_tache, ouvrir_tache
from convenir.contrat.suivi.actions.suites import PRECONISER
from convenir.contrat.suivi.annonces import ATTENDUS, dire
from convenir.contrat.suivi.models import Bilan, Preconisation
from convenir.contrat.suivi.queries.obligations import Due, dues_par_les_structures
from convenir.contrat.suivi.queries.renouvellement import preconisations_a_rappeler
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import Organisation
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.models import Risque, Tache
from convenir.socle.taches.portee import reserver

DEMANDER = reserver("suivi.demande_a_faire", Capacite.REDIGER_DEMANDE)
RENOUVELER = reserver("suivi.renouvellement", Capacite.REDIGER_DEMANDE)
BILANS_EN_RETARD = reserver("suivi.bilans_en_retard", Capacite.INSTRUIRE_CONVENTION)
CODES = {"bilan": DEPOSER, "demande": DEMANDER, "renouvellement": RENOUVELER}
FAIRE = {
    "bilan": "déposer le bilan {annee}",
    "demande": "demander les postes de {annee}",
    "renouvellement": "demander le renouvellement de la convention",
}
completer(
    "bilan_en_retard", Annonce("bilan en retard", (STRUCTURE,), suite="Déposez-le : le dialogue s’appuie sur lui.")
)
completer("demande_en_retard", Annonce("demande de postes en retard", (STRUCTURE, SERVICE)))
completer("renouvellement_en_retard", Annonce("renouvellement non demandé", (STRUCTURE, SERVICE)))


@etape("obligations", "obligation à rappeler ou en retard", "obligations à rappeler ou en retard",
       lambda q: dues_par_les_structures(q.jour))  # fmt: skip
def rappeler(due: Due, quand: Jour) -> str:
    """Open or bring up to date the task of the structure; once late, say so to it, once."""
    o, convention = due.obligation, due.convention
    assert o.date is not None  # seules les obligations datées se rappellent
    retard = o.date < quand.jour
    objet = f"{convention.reference}-{due.annee}"
    deja = Tache.objects.filter(code=CODES[o.code], objet=objet, faite_le=None).first()
    risque = Risque.ELEVE if retard else Risque.ORDINAIRE
    if deja is not None and (deja.risque, deja.echeance) == (risque, o.date):
        return ""
    url = (
        Bilan(convention=convention, annee=due.annee).get_absolute_url()
        if o.code == "bilan"
        else reverse("suivi:convention", args=[convention.reference])
    )
    ouvrir_tache(
        convention, convention.organisation, CODES[o.code], objet, FAIRE[o.code].format(annee=due.annee),
        pourquoi=o.texte, url=url, maintenant=quand.maintenant, echeance=o.date, risque=risque,
    )  # fmt: skip
    if retard:
        signaler(
            Evenement(f"{o.code}_en_retard", convention, ACTEUR, quand.jour, quand.maintenant, cle=str(due.annee))
        )
    else:
        dire(
            ATTENDUS[o.code][0], convention, ACTEUR, cle=f"{due.annee}-{o.date}", url=url, maintenant=quand.maintenant,
            details=f"{o.libelle} : au plus tard le {en_mots(o.date)}.",
        )  # fmt: skip
    return f"{o.libelle} : {'attendu le' if retard else 'avant le'} {en_mots(o.date)}."


def _a_fermer(quand: Jour) -> Iterable[Tache]:
    """Open tasks of posts or of renewal that nobody owes any more."""
    voulues = {(CODES[d.obligation.code], f"{d.convention.reference}-{d.annee}") for d in
               dues_par_les_structures(quand.jour)}  # fmt: skip
    ouvertes = Tache.objects.filter(code__in=[DEMANDER, RENOUVELER], faite_le=None).select_related("organisation")
    return [t for t in ouvertes if (t.code, t.objet) not in voulues]


@etape("obligations_faites", "obligation satisfaite", "obligations satisfaites", _a_fermer)
def fermer(tache: Tache, quand: Jour) -> str:
    """Close what is done: posts in hand, the convention that follows asked for."""
    fermer_tache(tache.organisation, tache.code, tache.objet, quand.maintenant)
    return tache.libelle


@etape("preconisations", "préconisation à suivre", "préconisations à suivre",
       lambda q: preconisations_a_rappeler(q.jour))  # fmt: skip
def rappeler_une_preconisation(preconisation: Preconisation, quand: Jour) -> str:
    """Ask the service what came of a recommendation whose year ends: it goes on being asked in the next convention."""
    convention, objet = preconisation.analyse.convention, str(preconisation.pk)
    if Tache.objects.filter(code=PRECONISER, objet=objet, faite_le=None).exists():
        return ""
    ouvrir_tache(
        convention, convention.service, PRECONISER, objet, f"dire ce qu’il en est de « {preconisation.libelle} »",
        pourquoi=f"Cette préconisation était à réaliser en {preconisation.horizon}.", maintenant=quand.maintenant,
        url=reverse("suivi:preconisation", args=[convention.reference, preconisation.pk]),
        echeance=date(preconisation.horizon, 12, 31),
    )  # fmt: skip
    return preconisation.libelle


@dataclass(frozen=True)
class EnRetard:
    """The late bilans of a service, whether they were opened or not."""

    service: Organisation
    nombre: int

    @property
    def pk(self) -> int:
        """Key of the service."""
        return self.service.pk

    def __str__(self) -> str:
        return str(self.service)


def _services(quand: Jour) -> Iterable[EnRetard]:
    """Services with late bilans, and those told of some before."""
    comptes: Counter[int] = Counter()
    services: dict[int, Organisation] = {}
    for due in dues_par_les_structures(quand.jour):
        if due.obligation.code == "bilan" and due.obligation.date and due.obligation.date < quand.jour:
            services[due.convention.service_id] = due.convention.service
            comptes[due.convention.service_id] += 1
    for tache in Tache.objects.filter(code=BILANS_EN_RETARD, faite_le=None).select_related("organisation"):
        services.setdefault(tache.organisation_id, tache.organisation)
    return [EnRetard(services[cle], comptes[cle]) for cle in sorted(services)]


@etape("bilans", "service averti de ses bilans en retard", "services avertis de leurs bilans en retard", _services)
def avertir_le_service(cas: EnRetard, quand: Jour) -> str:
    """Keep one task by service, whatever the number of late bilans; close it when none is late."""
    objet = str(quand.jour.year - 1)
    if not cas.nombre:
        faite = terminer(cas.service, BILANS_EN_RETARD, objet, auteur=AUTEUR, maintenant=quand.maintenant)
        return "Plus aucun bilan en retard." if faite else ""
    libelle = f"{pluriel(cas.nombre, 'bilan')} en retard : relancer les structures"
    deja = Tache.objects.filter(organisation=cas.service, code=BILANS_EN_RETARD, objet=objet, faite_le=None).first()
    if deja is not None and deja.libelle == libelle:
        return ""
    proposer(
        Proposition(
            code=BILANS_EN_RETARD, objet=objet, libelle=libelle, organisation=cas.service, risque=Risque.ELEVE,
            pourquoi="Le dialogue de gestion s’appuie sur eux.", url=f"{reverse('suivi:liste')}?quoi=bilan",
        ),
        auteur=AUTEUR, maintenant=quand.maintenant,
    )  # fmt: skip
    return libelle
