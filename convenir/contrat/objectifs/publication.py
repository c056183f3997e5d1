"""The objectives of a convention as plain JSON, for the command line and the API.

A position that the other negotiator has not opened yet is left out for that negotiator: reading here opens nothing,
and its author may still take it back.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries.publication import decimal
from convenir.contrat.objectifs import policies
from convenir.contrat.objectifs.models import Objectif, Position
from convenir.contrat.objectifs.states import NEGOCIATEURS
from convenir.socle.comptes.acteur import Acteur


def en_objectifs(acteur: Acteur, convention: Convention, annee: int | None = None) -> list[dict[str, Any]]:
    """Return the objectives that a person reads, their steps and their positions, in three SQL queries."""
    lus = policies.objectifs_lisibles(acteur).filter(convention=convention).order_by("annee", "axe", "pk")
    if annee is not None:
        lus = lus.filter(annee=annee)
    positions = Prefetch("positions", _positions(acteur), to_attr="lues")
    return [_objectif(o) for o in lus.select_related("attendu_par").prefetch_related("paliers", positions)]


def _positions(acteur: Acteur) -> QuerySet[Position]:
    tenues = Position.objects.tenues().select_related("organisation")
    moi = policies.partie_de(acteur)
    if moi not in NEGOCIATEURS:
        return tenues
    return tenues.exclude(ouverte_le=None, partie__in=[p for p in NEGOCIATEURS if p != moi])


def _objectif(o: Objectif) -> dict[str, Any]:
    return {
        "annee": o.annee,
        "axe": o.axe,
        "nature": o.nature,
        "indicateur": o.indicateur,
        "grille": o.grille,
        "version": o.version,
        "libelle": o.libelle,
        "precisions": o.precisions,
        "unite": o.unite,
        "sens": o.sens,
        "orientation": o.orientation,
        "attendu_par": str(o.attendu_par) if o.attendu_par else "",
        "base": decimal(o.base),
        "base_periode": o.base_periode,
        "etat": o.etat,
        "etat_libelle": o.get_etat_display(),
        "revision": o.revision,
        "cible": decimal(o.cible),
        "attendu": o.attendu,
        "borne_basse": decimal(o.borne_basse),
        "borne_haute": decimal(o.borne_haute),
        "convenu_le": o.convenu_le.isoformat() if o.convenu_le else None,
        "trajectoire": [{"annee": p.annee, "valeur": decimal(p.valeur)} for p in o.paliers.all()],
        "resultat": decimal(o.resultat),
        "issue": o.issue,
        "explication": o.explication,
        "positions": [_position(p) for p in getattr(o, "lues", [])],
    }


def _position(p: Position) -> dict[str, Any]:
    return {
        "rang": p.rang,
        "partie": p.partie,
        "organisation": str(p.organisation),
        "genre": p.genre,
        "valeur": decimal(p.valeur),
        "attendu": p.attendu,
        "raisons": p.raisons,
        "deposee_le": p.deposee_le.isoformat(),
    }
