"""From one page of a convention to the others: application, objectives by year, follow-up, neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.states import AVANT_SIGNATURE, EN_VIGUEUR, EtatConvention
from convenir.contrat.dossiers.policies import dossier_de
from convenir.contrat.objectifs.policies import lit_les_objectifs
from convenir.restitution.portail.menu import Lien
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite

SANS_SUIVI = AVANT_SIGNATURE | {EtatConvention.REFUSE}
# Moyens, engagements et annexes des financeurs se négocient avec les objectifs, avant l'acte qui les imprime.
MOYENS_NEGOCIES = AVANT_SIGNATURE - {
    EtatConvention.BROUILLON, EtatConvention.DEPOSE, EtatConvention.INCOMPLET, EtatConvention.COMPLET,
}  # fmt: skip


def salles_de(acteur: Acteur, convention: Convention, chemin: str, jour: date) -> list[Lien]:
    """Return the pages of a convention that this person may open; the current one is marked."""
    pages = [*_pages(acteur, convention), *_voisines(acteur, convention, jour)]
    return [Lien(libelle, url, url == chemin) for libelle, url in pages] if len(pages) > 1 else []


def _pages(acteur: Acteur, convention: Convention) -> Iterator[tuple[str, str]]:
    lit, reference = acteur.peut(Capacite.VOIR_CONVENTIONS), convention.reference
    if lit:
        yield "Convention", convention.get_absolute_url()
    if lit and dossier_de(acteur, convention).exists():
        yield "Demande", reverse("dossiers:dossier", args=[reference])
    if convention.etat != EtatConvention.BROUILLON and lit_les_objectifs(acteur, convention):
        for annee in convention.annees:
            yield f"Objectifs {annee}", reverse("objectifs:negociation", args=[reference, annee])
    if lit and convention.etat not in SANS_SUIVI:
        yield "Suivi", reverse("suivi:convention", args=[reference])
    elif lit and convention.etat in MOYENS_NEGOCIES:
        yield "Moyens", reverse("suivi:convention", args=[reference])


def _voisines(acteur: Acteur, convention: Convention, jour: date) -> Iterator[tuple[str, str]]:
    """The convention it renews, the one that renews it; in its last year, the application still to prepare."""
    finit = convention.etat not in SANS_SUIVI and convention.dernier_jour.year <= jour.year
    if not convention.renouvelle_id and not finit:
        return
    liees = conventions_visibles(acteur).filter(Q(pk=convention.renouvelle_id) | Q(renouvelle=convention.pk))
    suit = False
    for liee in liees.exclude(etat=EtatConvention.REFUSE).only("reference", "debut").order_by("debut"):
        suit = suit or liee.debut > convention.debut
        yield f"Convention {'qui suit' if liee.debut > convention.debut else 'précédente'}", liee.get_absolute_url()
    if finit and not suit and convention.etat in EN_VIGUEUR and acteur.peut(Capacite.DEPOSER_DEMANDE):
        annee = convention.dernier_jour.year + 1
        partie = f"s-{convention.structure_id}" if convention.structure_id else f"m-{convention.mission_locale_id}"
        choix = f"partie={partie}&annee={annee}"
        yield f"Préparer la demande {annee}", f"{reverse('dossiers:nouveau')}?{choix}"
