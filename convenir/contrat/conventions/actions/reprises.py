"""Take over one convention born elsewhere: a minimum of fields and the PDF of the signed act."""

from __future__ import annotations

from datetime import date, datetime

from convenir.contrat.conventions import suites
from convenir.contrat.conventions.actions.passages import accomplir
from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import Convention, GenrePiece, Origine
from convenir.socle.comptes.acteur import Acteur


@suites.acte
def reprendre(
    acteur: Acteur, convention: Convention, acte: Fichier, *, signee_le: date, maintenant: datetime
) -> Convention:
    """Put in force a draft whose act was signed outside; its terms, as entered, no longer change."""
    fraiche = accomplir(acteur, convention, "reprendre", jour=signee_le, maintenant=maintenant)
    Convention.objects.filter(pk=fraiche.pk).update(origine=Origine.REPRISE)
    version = fraiche.versions.get(rang=0)
    joindre(acteur, fraiche, GenrePiece.REPRISE, acte, jour=signee_le, maintenant=maintenant, version=version)
    fraiche.refresh_from_db()
    return fraiche
