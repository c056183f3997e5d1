"""« À faire », fed by what the figures and the deliveries ask: one task per kind of alert for a service, one per
structure for its own people. A task closes by itself when its cause is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from convenir.mesure.donnees.models import Livraison
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs.models import Instantane, SituationStructure
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import Organisation
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.models import Risque, Tache
from convenir.socle.taches.portee import reserver

AUTEUR = Auteur.systeme("Tâche de fond")
DELAI = timedelta(days=30)


@dataclass(frozen=True)
class Modele:
    """What a kind of alert asks of the departmental service."""

    quoi: str
    pourquoi: str
    risque: Risque = Risque.ORDINAIRE
    datee: bool = False


MODELES = {
    "saisie": Modele(
        "demander les états mensuels manquants",
        "Aucune saisie depuis deux mois clos : leurs ETP et leurs sorties sont sous-estimés.",
        Risque.ELEVE,
        datee=True,
    ),
    "fin_annexe": Modele(
        "préparer l’annexe suivante",
        "L’annexe s’achève et aucune suite n’est connue : les paiements s’arrêteraient.",
        Risque.ELEVE,
    ),
    "realisation": Modele(
        "examiner la sous-consommation", "L’activité est sous le seuil : des postes peuvent être redéployés."
    ),
    "sorties": Modele(
        "préparer le dialogue sur les sorties", "Les sorties dynamiques sont loin de l’objectif négocié."
    ),
}
CODE = "alertes."
SAISIE_STRUCTURE = "saisie.structure"
QUARANTAINE = reserver("livraison.quarantaine", Capacite.VOIR_LIVRAISONS, Capacite.DEPOSER_MISSION_LOCALE)
for _code in MODELES:
    reserver(CODE + _code, Capacite.INSTRUIRE_CONVENTION)
reserver(CODE + SAISIE_STRUCTURE, Capacite.REDIGER_DEMANDE)


def apres_un_calcul(instantane: Instantane, **_: Any) -> None:
    """Propose the tasks of the latest year, and close those whose cause is gone."""
    annee = max(instantane.annees)
    situations = [s for s in _situations(annee) if s.alertes]
    ouvertes = {
        *_pour_les_services(situations, instantane, annee),
        *_pour_les_structures(situations, instantane, annee),
    }
    _fermer(ouvertes)


def apres_une_livraison(livraison_uuid: UUID, **_: Any) -> None:
    """Ask the one who loaded a delivery to look at the lines set aside."""
    livraison = Livraison.objects.select_related("organisation").get(uuid=livraison_uuid)
    ecart = int((livraison.rapport or {}).get("quarantaine", 0))
    if livraison.organisation is None or not ecart:
        return
    _proposer(
        Proposition(
            code=QUARANTAINE,
            objet=str(livraison.uuid),
            libelle=f"{livraison} : vérifier {pluriel(ecart, 'ligne mise à l’écart', 'lignes mises à l’écart')}",
            pourquoi="Tant qu’elles sont à l’écart, les chiffres qu’elles portent sont sous-estimés.",
            organisation=livraison.organisation,
            url=livraison.get_absolute_url(),
        )
    )


def _situations(annee: int) -> Iterable[SituationStructure]:
    return indicateurs.situations(annee).filter(structure__suivie_jusquau=None).select_related("structure__porteur")


def _pour_les_services(
    situations: list[SituationStructure], instantane: Instantane, annee: int
) -> Iterable[tuple[int, str, str]]:
    """One task per departmental service and kind of alert."""
    services = {
        o.departement_id: o
        for o in Organisation.objects.filter(nature="service_etat", niveau="departemental").order_by("-pk")
    }
    comptes: dict[tuple[str, str], int] = defaultdict(int)
    fins: dict[str, date] = {}
    for s in situations:
        departement = s.structure.departement_id
        for code in {a["code"] for a in s.alertes}:
            comptes[departement, code] += 1
        if s.fin_annexe and s.fin_annexe >= instantane.arrete_au:
            fins[departement] = min(s.fin_annexe, fins.get(departement, s.fin_annexe))
    for (departement, code), nombre in sorted(comptes.items()):
        if departement in services and code in MODELES:
            echeance = fins.get(departement) if code == "fin_annexe" else _echeance(code, instantane)
            yield _proposer(_tache_du_service(services[departement], code, nombre, annee, echeance))


def _echeance(code: str, instantane: Instantane) -> date | None:
    return instantane.arrete_au + DELAI if MODELES[code].datee else None


def _tache_du_service(service: Organisation, code: str, nombre: int, annee: int, echeance: date | None) -> Proposition:
    modele = MODELES[code]
    return Proposition(
        code=CODE + code,
        objet=str(annee),
        libelle=f"{pluriel(nombre, 'structure')} : {modele.quoi}",
        pourquoi=modele.pourquoi,
        organisation=service,
        url=f"{reverse('portail:structures')}?annee={annee}&motif={code}",
        echeance=echeance,
        risque=modele.risque,
    )


def _pour_les_structures(
    situations: list[SituationStructure], instantane: Instantane, annee: int
) -> Iterable[tuple[int, str, str]]:
    """One task per structure that has stopped entering its months."""
    for s in situations:
        porteur = s.structure.porteur
        if porteur is None or "saisie" not in {a["code"] for a in s.alertes}:
            continue
        yield _proposer(
            Proposition(
                code=CODE + SAISIE_STRUCTURE,
                objet=f"{s.structure.code}-{annee}",
                libelle=f"{s.structure} : saisir les états mensuels manquants dans l’extranet de l’ASP",
                pourquoi="Sans eux, vos ETP et vos sorties sont sous-estimés, et l’aide de ces mois n’est pas due.",
                organisation=porteur,
                structure=s.structure,
                url=f"{s.structure.get_absolute_url()}?annee={annee}#etp",
                echeance=instantane.arrete_au + DELAI,
                risque=Risque.ELEVE,
            )
        )


def _proposer(proposition: Proposition) -> tuple[int, str, str]:
    """Propose a task and return its key."""
    tache = proposer(proposition, auteur=AUTEUR, maintenant=timezone.now())
    return tache.organisation_id, tache.code, tache.objet


def _fermer(ouvertes: set[tuple[int, str, str]]) -> None:
    """Close the open alert tasks that the latest figures no longer ask for."""
    anciennes = Tache.objects.filter(code__startswith=CODE, faite_le=None).select_related("organisation")
    for tache in anciennes:
        if (tache.organisation_id, tache.code, tache.objet) not in ouvertes:
            terminer(tache.organisation, tache.code, tache.objet, auteur=AUTEUR, maintenant=timezone.now())
