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
RESERVE = "Ce relevé porte des objectifs que vous ne lisez pas. Ceux que vous lisez sont à la page des objectifs."


def _cle(reference: str, annee: int) -> str:
    return f"{reference}-{annee}"


def _separer(objet: str) -> tuple[str, int]:
    reference, _, annee = objet.rpartition("-")
    return reference, int(annee)


def _lire(acteur: Acteur, objet: str) -> str | None:
    """Say why a person may not read a record, or None: it prints every objective of its year, with the positions."""
    reference, annee = _separer(objet)
    convention = convention_lisible(acteur, reference)
    if convention is None:
        return policies.HORS_PERIMETRE
    caches = convention.objectifs.filter(annee=annee).exclude(pk__in=policies.objectifs_lisibles(acteur).values("pk"))
    return RESERVE if caches.exists() else None


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


def document_de(acteur: Acteur, convention: Convention, annee: int) -> DocumentProduit | None:
    """Return the record already made, or None when there is none that this person reads."""
    objet = _cle(convention.reference, annee)
    releve = DocumentProduit.objects.filter(genre=CODE, objet=objet).first()
    return None if releve is None or _lire(acteur, objet) else releve


__all__ = ["CODE", "RELEVE", "document_de", "etablir"]
