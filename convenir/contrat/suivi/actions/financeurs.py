"""The annex of each funder, by organisation, and the account given to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries.financeurs import financeurs_possibles
from convenir.contrat.suivi import actes
from convenir.contrat.suivi.actions.commun import exiger, fermer_tache
from convenir.contrat.suivi.actions.suites import valider
from convenir.contrat.suivi.annonces import dire, dire_au_financeur
from convenir.contrat.suivi.models import AnnexeDeFinanceur
from convenir.contrat.suivi.queries.financeurs import comptes_rendus
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Organisation
from convenir.socle.taches.portee import reserver

RENDRE_COMPTE = reserver("suivi.compte_rendu_attendu", Capacite.REDIGER_DEMANDE)


@transaction.atomic
def annexer(
    acteur: Acteur, convention: Convention, organisation: Organisation, champs: Mapping[str, object]
) -> AnnexeDeFinanceur:
    """Write the objectives, the responsibilities and the plan of a funder for a year.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: not a funder of the territory, a field is wrong, or this funder already has its annex.
    """
    exiger(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    _exiger_financeur(convention, organisation)
    annexe = AnnexeDeFinanceur(
        convention=convention, organisation=organisation, financeur=organisation.nom[:200], **champs
    )
    valider(annexe)
    annexe.save()
    apres = {"financeur": annexe.financeur, "annee": annexe.annee, "prevu": annexe.prevu}
    journaliser(actes.ANNEXE_FINANCEUR, convention, auteur=acteur.auteur, apres=apres)
    dire("annexe_financeur", convention, acteur, cle=annexe.pk, details=f"{annexe.financeur}, {annexe.annee}.")
    dire_au_financeur(annexe, "votre annexe", acteur)
    return annexe


def _exiger_financeur(convention: Convention, organisation: Organisation) -> None:
    if not financeurs_possibles(convention).filter(pk=organisation.pk).exists():
        raise EntreeInvalide(f"{organisation} n'est pas un financeur de ce territoire : choisissez-le dans la liste.")


@transaction.atomic
def rattacher(acteur: Acteur, annexe: AnnexeDeFinanceur, organisation: Organisation) -> AnnexeDeFinanceur:
    """Say which organisation is the funder of an annex written with a name alone; it then reads its annex.

    Raises:
        ActionRefusee: no right, or an annex that has its organisation.
        EntreeInvalide: not a funder of the territory, or it already has its annex for the year.
    """
    exiger(acteur, annexe.convention, Capacite.INSTRUIRE_CONVENTION)
    if annexe.organisation_id is not None:
        raise ActionRefusee("Cette annexe a déjà son financeur.")
    _exiger_financeur(annexe.convention, organisation)
    annexe.organisation = organisation
    valider(annexe)
    annexe.save(update_fields=["organisation"])
    apres = {"financeur": annexe.financeur, "organisation": organisation.pk}
    journaliser(actes.ANNEXE_FINANCEUR, annexe.convention, auteur=acteur.auteur, apres=apres)
    return annexe


@transaction.atomic
def rendre_compte(
    acteur: Acteur, annexe: AnnexeDeFinanceur, realise: Decimal, explication: str, *, jour: date, maintenant: datetime
) -> AnnexeDeFinanceur:
    """Give the account of a funder's money; any gap to the plan is explained.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a gap without explanation, or a negative amount.
    """
    exiger(acteur, annexe.convention, Capacite.REDIGER_DEMANDE)
    annexe.realise, annexe.explication, annexe.rendu_le = realise, explication.strip(), jour
    valider(annexe)
    annexe.save()
    convention = annexe.convention
    apres = {"financeur": annexe.financeur, "realise": realise, "ecart": annexe.ecart}
    journaliser(actes.COMPTE_RENDU, convention, auteur=acteur.auteur, apres=apres)
    cle = f"{annexe.pk}-{maintenant:%Y%m%dT%H%M%S}"
    dire("compte_rendu", convention, acteur, cle=cle, details=f"{annexe.financeur}, {annexe.annee}.")
    dire_au_financeur(annexe, "compte rendu financier", acteur)
    if not any(c.manque for c in comptes_rendus(convention, annexe.annee)):
        fermer_tache(convention.organisation, RENDRE_COMPTE, f"{convention.reference}-{annexe.annee}", maintenant)
    return annexe
