"""The annexes of a year for a département: what is prepared, what is to be looked at, what is keyed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, QuerySet

from convenir.contrat.conventions.models import AnnexeFinanciere, EtatAnnexe
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.tableurs import Cellule

A_SAISIR = (EtatAnnexe.PREPAREE, EtatAnnexe.REVUE)
LIEES = ("convention__structure__commune", "convention__structure__porteur", "convention__departement",
         "version")  # fmt: skip


def annexes_du_lot(acteur: Acteur, departement: str, annee: int, etat: str = "") -> QuerySet[AnnexeFinanciere]:
    """Return the annexes of a year for a département, those to look at first; `etat` keeps one state."""
    lues = AnnexeFinanciere.objects.filter(
        convention__in=conventions_visibles(acteur).filter(departement=departement), annee=annee
    )
    if etat in EtatAnnexe.values:
        lues = lues.filter(etat=etat)
    return lues.select_related(*LIEES).order_by("-motif", "convention__reference", "debut")


def comptes_du_lot(acteur: Acteur, departement: str, annee: int) -> dict[str, int]:
    """Return how many annexes there are in each state, one query."""
    lignes = annexes_du_lot(acteur, departement, annee).order_by().values_list("etat").annotate(n=Count("pk"))
    return dict(lignes)


COLONNES = (
    "reference", "numero_convention", "id_asp", "structure", "siret", "categorie", "annee", "debut", "fin", "avenant",
    "postes_etp", "heures_etp", "montant_unitaire", "montant_total", "cofinanceur", "cofinancement",
    "sorties_prevues", "taux_durable", "taux_transition", "taux_positives", "taux_dynamique", "numero_annexe", "etat",
    "a_revoir",
)  # fmt: skip


def rangs(annexes: QuerySet[AnnexeFinanciere]) -> Iterator[list[Cellule]]:
    """Yield the sheet: the names of its columns, then one row by annexe."""
    yield list(COLONNES)
    for a in annexes.iterator(chunk_size=1000):
        yield rang(a)


def rang(a: AnnexeFinanciere) -> list[Cellule]:
    """Return what the extranet asks for one annexe, in its order."""
    structure, porteur = a.convention.structure, a.convention.structure.porteur if a.convention.structure else None
    return [
        a.convention.reference, a.convention.numero_asp, structure.id_asp if structure else "",
        a.convention.nom_de_la_partie, porteur.siret if porteur else "", a.convention.categorie, a.annee, a.debut,
        a.dernier_jour, a.version.libelle, a.postes, a.heures_etp, a.montant_unitaire, a.montant_total,
        " ; ".join(c.nom for c in a.cofinancements), a.cofinance, a.sorties_prevues, a.taux_durable,
        a.taux_transition, a.taux_positives, a.taux_dynamique, a.numero, a.get_etat_display(), a.motif,
    ]  # fmt: skip


def annee_suivante(jour: date) -> int:
    """Return the year whose annexes are prepared now."""
    return jour.year + 1
