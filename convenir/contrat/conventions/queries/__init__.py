"""Reading conventions, within the perimeter of the person, in a fixed number of SQL queries."""

from convenir.contrat.conventions.queries.consolidation import termes_au, version_en_vigueur
from convenir.contrat.conventions.queries.recherche import convention_visible, conventions_de, des_memes_jours, trouver

__all__ = ["convention_visible", "conventions_de", "des_memes_jours", "termes_au", "trouver", "version_en_vigueur"]
