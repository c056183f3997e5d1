"""Attach a file to a convention, inside the transaction of the act that brings it."""

from __future__ import annotations

from datetime import date, datetime

from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import Convention, Piece, Version
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.stockage import deposer


def joindre(
    acteur: Acteur,
    convention: Convention,
    genre: str,
    fichier: Fichier,
    *,
    jour: date,
    maintenant: datetime,
    version: Version | None = None,
) -> Piece:
    """Store the bytes under their fingerprint and record the piece; the caller journals its act."""
    depot = deposer(fichier.octets, f"piece{fichier.suffixe}")
    return Piece.objects.create(
        convention=convention,
        version=version,
        genre=genre,
        nom=fichier.nom,
        sha256=depot.sha256,
        suffixe=fichier.suffixe,
        taille=len(fichier.octets),
        pages=fichier.pages,
        jour=jour,
        deposee_le=maintenant,
        deposee_par=acteur.auteur.nom,
    )
