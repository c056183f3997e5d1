"""Quality of the entry, per mission locale and month: read before any result (the entry charter, in figures)."""

from convenir.mesure.indicateurs.qualite.calcul import LigneQualite, calculer_qualite
from convenir.mesure.indicateurs.qualite.charte import Article, Charte, charte

__all__ = ["Article", "Charte", "LigneQualite", "calculer_qualite", "charte"]
