"""Conventions, the versions of their terms, their signatures, annexes and journal of moves."""

from convenir.contrat.conventions.models.annexes import A_REVOIR, VIVANTES, AnnexeFinanciere, EtatAnnexe
from convenir.contrat.conventions.models.avis import Avis, SensAvis
from convenir.contrat.conventions.models.convention import Convention, Dispositif, MotifDuree, Numerotation, Origine
from convenir.contrat.conventions.models.decisions import Decision, GenreDecision, Manquement
from convenir.contrat.conventions.models.operations import EtatOperation, GenreOperation, Operation
from convenir.contrat.conventions.models.passages import Passage
from convenir.contrat.conventions.models.pieces import GenrePiece, Piece
from convenir.contrat.conventions.models.signatures import EtatSignature, Partie, Signature, Titre, Voie
from convenir.contrat.conventions.models.versions import NatureVersion, Version, VersionSignee

__all__ = [
    "A_REVOIR",
    "VIVANTES",
    "AnnexeFinanciere",
    "Avis",
    "Convention",
    "Decision",
    "Dispositif",
    "EtatAnnexe",
    "EtatOperation",
    "EtatSignature",
    "GenreDecision",
    "GenreOperation",
    "GenrePiece",
    "Manquement",
    "MotifDuree",
    "NatureVersion",
    "Numerotation",
    "Operation",
    "Origine",
    "Partie",
    "Passage",
    "Piece",
    "SensAvis",
    "Signature",
    "Titre",
    "Version",
    "VersionSignee",
    "Voie",
]
