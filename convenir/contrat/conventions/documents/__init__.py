"""Documents of a convention: typed contexts, worded here, laid out by one shared model."""

from convenir.contrat.conventions.documents.actes import acte_de, produire
from convenir.contrat.conventions.documents.contextes import ActeDocument, Article, Tableau, Titre

__all__ = ["ActeDocument", "Article", "Tableau", "Titre", "acte_de", "produire"]
