"""The file as one funder receives it: its request, its sections, the project axis by axis, the pieces."""

from __future__ import annotations

from dataclasses import dataclass

from convenir.contrat.dossiers import referentiel, rules
from convenir.contrat.dossiers.models import ActionProjet, Dossier, Financement, PieceJointe
from convenir.contrat.dossiers.referentiel import Axe, Champ, Section


@dataclass(frozen=True)
class AxeProjete:
    """An axis of the project: what is written freely, then its actions; `attendues` are those this funder expects."""

    axe: Axe
    texte: str
    actions: tuple[ActionProjet, ...]
    attendues: frozenset[int]


@dataclass(frozen=True)
class Projection:
    """What one funder reads, and the titles of the sections that do not go to it."""

    sections: tuple[tuple[Section, tuple[tuple[Champ, str], ...]], ...]
    ecartees: tuple[str, ...]
    axes: tuple[AxeProjete, ...]
    pieces: tuple[tuple[str, PieceJointe], ...]


def projeter(dossier: Dossier, ligne: Financement) -> Projection:
    """Return the file as the funder of a line receives it, in four SQL queries."""
    reponses = {r.champ: r.valeur for r in dossier.reponses.all()}
    gardees = rules.projection(dossier.sections, ligne.nature)
    codes, genres = {s.code for s in gardees}, referentiel.types_de_pieces()
    return Projection(
        sections=tuple((s, tuple((c, rules.lisible(c, reponses.get(c.code, ""))) for c in s.champs)) for s in gardees),
        ecartees=tuple(s.titre for s in dossier.sections if s.code not in codes),
        axes=_axes(dossier, ligne),
        pieces=tuple((genres[p.genre].libelle, p) for p in dossier.pieces.filter(retiree_le=None)),
    )


def _axes(dossier: Dossier, ligne: Financement) -> tuple[AxeProjete, ...]:
    """Return the axes where something is written."""
    textes = {p.axe: p.texte for p in dossier.presentations.all()}
    actions = list(dossier.actions.all())
    siennes = frozenset(a.pk for a in actions if ligne.organisation_id and a.organisation_id == ligne.organisation_id)
    tous = (
        AxeProjete(axe, textes.get(axe.code, ""), tuple(a for a in actions if a.axe == axe.code), siennes)
        for axe in referentiel.axes(dossier.cadre)
    )
    return tuple(a for a in tous if a.texte or a.actions)
