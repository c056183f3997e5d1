"""What the moves of a convention ask of its file. A convention without a file (taken over) asks for nothing here."""

from __future__ import annotations

from convenir.contrat.conventions.gardes import Contexte, garde
from convenir.contrat.dossiers.models import Dossier
from convenir.contrat.dossiers.queries import completude
from convenir.socle.commun.francais import enumeration, pluriel

CITES = 3


@garde("deposer", texte="R. 5132-2, R. 5132-12, R. 5132-28 : contenu de la convention")
def dossier_rempli(contexte: Contexte) -> str | None:
    """A file is filed once every section of the law and every piece due is there."""
    dossier = _dossier(contexte)
    if dossier is None:
        return None
    manques = completude(dossier).manques
    if not manques:
        return None
    cites = enumeration([f"« {m.libelle} » ({m.raison})" for m in manques[:CITES]])
    suite = f" Et {len(manques) - CITES} de plus." if len(manques) > CITES else ""
    return f"Il manque {pluriel(len(manques), 'élément')} au dossier : {cites}.{suite}"


@garde("completer", "declarer_complet", texte="dossier complet : toutes les pièces demandées sont fournies")
def pieces_demandees_fournies(contexte: Contexte) -> str | None:
    """A file asked for pieces is complete once they are all there, or no longer asked for."""
    dossier = _dossier(contexte)
    if dossier is None:
        return None
    attendues = [d.precision for d in dossier.demandes.filter(fournie_le=None, abandonnee_le=None)]
    return f"Pièces demandées et non fournies : {enumeration(attendues)}." if attendues else None


def _dossier(contexte: Contexte) -> Dossier | None:
    return Dossier.objects.select_related("convention").filter(convention=contexte.convention).first()
