"""Data of the files."""

from convenir.contrat.dossiers.models.brouillons import Brouillon
from convenir.contrat.dossiers.models.dossier import Dossier, DossierQuerySet, Financement, NatureFinanceur, Reponse
from convenir.contrat.dossiers.models.echanges import Accuse, Commentaire
from convenir.contrat.dossiers.models.fichiers import FichierJoint
from convenir.contrat.dossiers.models.pieces import DemandeDePiece, PieceJointe
from convenir.contrat.dossiers.models.projet import ActionProjet, PresentationLibre
from convenir.contrat.dossiers.models.versions import LigneVersionnee

__all__ = [
    "Accuse",
    "ActionProjet",
    "Brouillon",
    "Commentaire",
    "DemandeDePiece",
    "Dossier",
    "DossierQuerySet",
    "FichierJoint",
    "Financement",
    "LigneVersionnee",
    "NatureFinanceur",
    "PieceJointe",
    "PresentationLibre",
    "Reponse",
]
