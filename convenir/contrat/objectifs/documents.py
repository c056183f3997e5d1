"""The record of a negotiation among the documents: who reads it, who replaces it, how it is made."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs import policies, releve
from convenir.contrat.objectifs.presentation import presenter
from convenir.contrat.objectifs.queries import convention_lisible, negociation
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.documents import actions
from convenir.socle.documents.genres import GenreDeDocument, declarer
from convenir.socle.documents.models import DocumentProduit

CODE = "objectifs.releve"


def _cle(reference: str, annee: int) -> str:
    return f"{reference}-{annee}"


def _separer(objet: str) -> tuple[str, int]:
    reference, _, annee = objet.rpartition("-")
    return reference, int(annee)


def _lire(acteur: Acteur, objet: str) -> str | None:
    return None if convention_lisible(acteur, _separer(objet)[0]) else policies.HORS_PERIMETRE


def _remplacer(acteur: Acteur, objet: str) -> str | None:
    return raison_du_refus(acteur, Capacite.INSTRUIRE_CONVENTION) or _lire(acteur, objet)


RELEVE = declarer(
    GenreDeDocument(
        CODE, "Relevé de la négociation", _lire, _remplacer,
        lambda objet: reverse("objectifs:negociation", args=list(_separer(objet))),
    )
)  # fmt: skip


def etablir(acteur: Acteur, convention: Convention, annee: int, *, maintenant: datetime) -> DocumentProduit:
    """Make the record of a negotiation, as DOCX and PDF; the same positions give the same bytes.

    Raises:
        ActionRefusee: no right.
    """
    policies.exiger(raison_du_refus(acteur, Capacite.NEGOCIER_OBJECTIFS))
    lue = negociation(acteur, convention, annee)
    donnees = releve.contexte(presenter(lue))
    instants = [p.deposee_le for positions in lue.positions.values() for p in positions]
    instant = max(instants) if instants else datetime(annee, 1, 1, tzinfo=UTC)
    fictif = settings.DONNEES_FICTIVES
    rendus = {
        "docx": releve.en_docx(donnees, instant, fictif=fictif), "pdf": releve.en_pdf(donnees, instant, fictif=fictif),
    }  # fmt: skip
    objet = _cle(convention.reference, annee)
    titre = f"{donnees.meta.titre}, {convention.nom_de_la_partie}"[:250]
    return actions.enregistrer(acteur, CODE, objet, titre, rendus, maintenant=maintenant)


def document_de(convention: Convention, annee: int) -> DocumentProduit | None:
    """Return the record already made, or None (one query)."""
    return DocumentProduit.objects.filter(genre=CODE, objet=_cle(convention.reference, annee)).first()


__all__ = ["CODE", "RELEVE", "document_de", "etablir"]
