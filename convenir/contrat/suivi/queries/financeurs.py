"""The funders of a convention: those of its territory, and the accounts that each awaits with the bilan of a year."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries import version_en_vigueur
from convenir.contrat.dossiers.models import Financement
from convenir.contrat.suivi.models import AnnexeDeFinanceur
from convenir.contrat.suivi.rules.bilan import CompteRendu
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role


def annexes_lisibles(acteur: Acteur) -> QuerySet[AnnexeDeFinanceur]:
    """Return the annexes that a person who sees their convention may read: a funder, its own alone."""
    if acteur.role != Role.FINANCEUR:
        return AnnexeDeFinanceur.objects.all()
    return AnnexeDeFinanceur.objects.filter(organisation__isnull=False, organisation=acteur.organisation)


def demandes_sans_annexe(convention: Convention, annee: int) -> QuerySet[Financement]:
    """Return what the filed application asked of the funders of the territory that have no annex for a year."""
    annexees = AnnexeDeFinanceur.objects.filter(convention=convention, annee=annee, organisation__isnull=False)
    demandes = Financement.objects.filter(
        dossier__convention=convention, dossier__depose_le__isnull=False, organisation__isnull=False
    )
    return demandes.exclude(organisation__in=annexees.values("organisation")).order_by("pk")


def comptes_rendus(convention: Convention, annee: int) -> list[CompteRendu]:
    """Return the account due to each funder for a year: those that have an annex, then co-financers without one."""
    annexes = list(AnnexeDeFinanceur.objects.filter(convention=convention, annee=annee).order_by("financeur", "pk"))
    dus = [CompteRendu(a.financeur, a.pk, a.rendu_le) for a in annexes]
    connus = {str(a.organisation_id) for a in annexes} | {a.financeur for a in annexes}
    version = version_en_vigueur(convention, min(date(annee, 12, 31), convention.dernier_jour))
    cofinancements = version.termes.cofinancements if version else ()
    return dus + [CompteRendu(c.nom, None) for c in cofinancements if not {c.cle, c.nom} & connus]
