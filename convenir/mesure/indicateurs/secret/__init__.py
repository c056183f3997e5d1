"""Statistical secrecy: small counts masked in what is published, and enough others that none can be found back."""

from convenir.mesure.indicateurs.secret.publication import masquer
from convenir.mesure.indicateurs.secret.relations import Genre, Relation
from convenir.mesure.indicateurs.secret.suppression import supprimer

__all__ = ["Genre", "Relation", "masquer", "supprimer"]
