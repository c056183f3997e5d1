"""Means, commitments and disputed figures as sheets: every row of the perimeter, none cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils import timezone

from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.suivi.models import Contestation, Engagement, Moyen
from convenir.contrat.suivi.queries.listes import contestations_visibles
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.tableurs import Cellule

PAR_LOT = 2000
DE_LA_CONVENTION = ("reference", "structure", "departement", "annee")
LIEES = ("convention__structure", "convention__mission_locale", "convention__departement")
Rangs = Iterator[list[Cellule]]


def _de_la_convention(objet: Moyen | Engagement) -> list[Cellule]:
    convention = objet.convention
    return [convention.reference, convention.nom_de_la_partie, convention.departement_id, objet.annee]


def moyens(acteur: Acteur) -> Rangs:
    """Yield the means granted to the conventions a person sees, and the objective each serves."""
    yield [
        *DE_LA_CONVENTION, "nature", "moyen", "fournisseur", "quantite", "unite", "prevu_le", "objectif", "issue",
        "etat", "etat_le", "motif",
    ]  # fmt: skip
    lus = Moyen.objects.filter(convention__in=conventions_visibles(acteur).values("pk"))
    ordonnes = lus.select_related(*LIEES, "objectif").order_by("convention__reference", "annee", "pk")
    for m in ordonnes.iterator(chunk_size=PAR_LOT):
        yield [
            *_de_la_convention(m), m.get_nature_display(), m.libelle, m.fournisseur, m.quantite, m.unite, m.prevu_le,
            m.objectif_servi, m.objectif.get_issue_display() if m.objectif else "", m.get_etat_display(), m.etat_le,
            m.motif,
        ]  # fmt: skip


def engagements(acteur: Acteur) -> Rangs:
    """Yield the commitments of the parties, promised and kept."""
    yield [
        *DE_LA_CONVENTION, "de_la_structure", "partie", "nature", "nombre", "profil", "delai_jours", "referent",
        "realise", "explication",
    ]  # fmt: skip
    lus = Engagement.objects.filter(convention__in=conventions_visibles(acteur).values("pk"))
    ordonnes = lus.select_related(*LIEES).order_by("convention__reference", "annee", "pk")
    for e in ordonnes.iterator(chunk_size=PAR_LOT):
        yield [
            *_de_la_convention(e), "oui" if e.de_la_structure else "non", e.partie, e.get_nature_display(), e.nombre,
            e.profil, e.delai_jours, e.referent, e.realise, e.realise_note,
        ]  # fmt: skip


def contestations(acteur: Acteur) -> Rangs:
    """Yield the disputed figures of the structures a person sees; who disputed is not told."""
    yield [
        "structure", "code", "departement", "indicateur", "chiffre", "periode", "valeur_montree", "valeur_dite",
        "explication", "etat", "ouverte_le", "reponse", "close_le", "valeur_nouvelle",
    ]  # fmt: skip
    for c in contestations_visibles(acteur).order_by("pk").iterator(chunk_size=PAR_LOT):
        yield _contestation(c)


def _contestation(c: Contestation) -> list[Cellule]:
    close = timezone.localdate(c.close_le) if c.close_le else None
    return [
        c.structure.denomination, c.structure.code, c.structure.departement_id, c.indicateur, c.libelle, c.periode,
        c.valeur_montree, c.valeur_dite, c.explication, c.get_etat_display(), timezone.localdate(c.ouverte_le),
        c.reponse, close, c.valeur_nouvelle,
    ]  # fmt: skip


EXPORTS: dict[str, Callable[[Acteur], Rangs]] = {
    "moyens": moyens, "engagements": engagements, "contestations": contestations,
}  # fmt: skip
