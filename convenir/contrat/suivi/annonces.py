"""Who is told what of the follow-up: completes the table of the conventions, with the disputed figures of a structure.

What waits for the service opens a task for the agent in charge, who learns of it through that task alone.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.annonces import (
    AVANCEMENT,
    DECISION,
    SERVICE,
    STRUCTURE,
    TOUR,
    Annonce,
    annoncer,
    completer,
)
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.personnes import AGENTS
from convenir.contrat.conventions.suites import Evenement
from convenir.contrat.suivi.models import AnnexeDeFinanceur, Bilan, Contestation, Controle, Moyen
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from convenir.socle.organisations.models import Organisation
from convenir.socle.taches.genres import declarer
from convenir.socle.taches.notifications import Fait, n_attend_plus, prevenir

CONTESTATION = declarer("suivi.contestation", "Un chiffre est contesté, ou la contestation a sa réponse")
COMMISSION = declarer("suivi.commission", "La commission dont vous êtes membre est informée")
ATTENDUS = {
    "bilan": ("bilan_attendu", "bilan d’activité à déposer"),
    "demande": ("demande_attendue", "postes de l’année prochaine à demander"),
    "renouvellement": ("renouvellement_attendu", "renouvellement à demander"),
}
ANNONCES = {
    **{nom: Annonce(libelle, (STRUCTURE,), TOUR) for nom, libelle in ATTENDUS.values()},
    "bilan_deposer": Annonce(
        "bilan d’activité déposé", (SERVICE,), TOUR, "Examinez-le, ou rendez-le à la structure avec votre motif."
    ),
    "bilan_renvoyer": Annonce(
        "bilan d’activité rendu", (STRUCTURE,), TOUR, "Corrigez-le, puis déposez-le de nouveau."
    ),
    "bilan_accepter": Annonce("bilan d’activité examiné", (STRUCTURE,)),
    "ecart_tranche": Annonce("écart tranché entre l’extranet et votre bilan", (STRUCTURE,)),
    "moyen_accorder": Annonce("moyen accordé", (STRUCTURE,)),
    "moyen_livrer": Annonce("moyen livré", (STRUCTURE,)),
    "moyen_manquer": Annonce("moyen non livré", (STRUCTURE,)),
    "moyen_promettre": Annonce("moyen de nouveau promis", (STRUCTURE,)),
    "engagement": Annonce("engagement inscrit", (STRUCTURE, SERVICE)),
    "engagement_realise": Annonce("réalisation d’un engagement renseignée", (STRUCTURE, SERVICE)),
    "annexe_financeur": Annonce("annexe d’un financeur écrite", (STRUCTURE,)),
    "compte_rendu": Annonce("compte rendu financier rendu", (SERVICE,)),
    "analyse": Annonce("résultats analysés", (STRUCTURE,)),
    "preconisation": Annonce("préconisation inscrite", (STRUCTURE,)),
    "preconisation_suivie": Annonce("suite donnée à une préconisation", (STRUCTURE,)),
}
# Un contrôle porte sur une structure, que sa convention soit connue ici ou non. Une décision a déjà son annonce.
CONTROLES = {
    "tirer": Annonce("tirée au sort pour le contrôle de l’éligibilité", (STRUCTURE,)),
    "notifier": Annonce("justificatifs demandés pour le contrôle de l’éligibilité", (STRUCTURE,), TOUR),
    "repondre": Annonce("justificatifs reçus pour le contrôle de l’éligibilité", (STRUCTURE,)),
    "demander_observations": Annonce("observations attendues sur le contrôle de l’éligibilité", (STRUCTURE,), TOUR),
    "observer": Annonce("observations reçues sur le contrôle de l’éligibilité", (STRUCTURE,)),
    "finir_les_delais": Annonce("contrôle de l’éligibilité à décider", (STRUCTURE,)),
    "conforme": Annonce("contrôle de l’éligibilité clos, conforme", (STRUCTURE,)),
    "non_conforme": Annonce("contrôle de l’éligibilité clos, non conforme", (STRUCTURE,), DECISION),
}
for _nom, _annonce in ANNONCES.items():
    completer(_nom, _annonce)


def dire(
    nom: str, convention: Convention, acteur: Acteur, *, cle: object, details: str = "", url: str = "",
    maintenant: datetime | None = None,
) -> int:  # fmt: skip
    """Tell the parties of a convention an act of its follow-up, never its author; return how many were told.

    Args:
        cle: what it is about, so that the same fact is told once.
        details: what it says more, in the words of the act.
        url: page where to look; the follow-up of the convention when empty.
    """
    instant = maintenant or timezone.now()
    page = url or reverse("suivi:convention", args=[convention.reference])
    fait = Evenement(
        nom, convention, acteur, timezone.localdate(instant), instant, cle=str(cle), details=details, url=page
    )
    return annoncer(fait)


def dire_du_bilan(nom: str, bilan: Bilan, acteur: Acteur, *, details: str, maintenant: datetime) -> int:
    """Tell a move of a bilan: it may be made again after a sending back, so each is a fact of its own."""
    cle = f"{bilan.annee}-{maintenant:%Y%m%dT%H%M%S}"
    page = bilan.get_absolute_url()
    return dire(nom, bilan.convention, acteur, cle=cle, details=details, url=page, maintenant=maintenant)


def dire_du_moyen(nom: str, moyen: Moyen, acteur: Acteur) -> int:
    """Tell what came of a means."""
    motif = f" : {moyen.motif}" if moyen.motif else ""
    details = f"{moyen.libelle} ({moyen.fournisseur}){motif}."
    return dire(nom, moyen.convention, acteur, cle=f"{moyen.pk}-{timezone.now():%Y%m%dT%H%M%S}", details=details)


def dire_au_financeur(annexe: AnnexeDeFinanceur, libelle: str, acteur: Acteur) -> int:
    """Tell a funder that its annex is written, or that the structure gave its account."""
    if annexe.organisation is None:
        return 0
    convention = annexe.convention
    fait = Fait(
        AVANCEMENT, f"annexe-{annexe.pk}-{timezone.now():%Y%m%dT%H%M%S}",
        f"{convention.nom_de_la_partie} : {libelle} {annexe.annee}"[:300],
        url=reverse("suivi:convention", args=[convention.reference]),
    )  # fmt: skip
    return prevenir(fait, annexe.organisation, {Role.FINANCEUR}, sauf=acteur.utilisateur)


def dire_de_la_contestation(
    contestation: Contestation, libelle: str, suite: str, acteur: Acteur, *, service: Organisation | None, cle: str
) -> int:
    """Tell the service that a figure is disputed (`service` given), or the structure what became of its dispute."""
    structure = contestation.structure
    fait = Fait(
        CONTESTATION, f"{contestation.pk}-{cle}", f"{structure} : {libelle} « {contestation.libelle} »"[:300],
        suite[:500], reverse("suivi:contestation", args=[contestation.pk]),
    )  # fmt: skip
    if service is not None:
        return prevenir(fait, service, AGENTS, sauf=acteur.utilisateur)
    if structure.porteur is None:
        return 0
    return prevenir(fait, structure.porteur, ROLES_STRUCTURE, structure=structure, sauf=acteur.utilisateur)


def dire_du_controle(nom: str, controle: Controle, acteur: Acteur, *, details: str) -> int:
    """Tell the structure a step of its control; what the step before awaited from it no longer does."""
    structure, annonce = controle.structure, CONTROLES[nom]
    if structure.porteur is None:
        return 0
    n_attend_plus(structure.porteur, {TOUR}, f"controle-{controle.pk}")
    fait = Fait(
        annonce.genre, f"controle-{controle.pk}-{nom}", f"{structure} : {annonce.libelle}"[:300],
        f"Année {controle.campagne.annee}. {details}".strip()[:500], structure.get_absolute_url(),
    )  # fmt: skip
    return prevenir(fait, structure.porteur, ROLES_STRUCTURE, structure=structure, sauf=acteur.utilisateur)
