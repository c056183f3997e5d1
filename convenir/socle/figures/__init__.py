"""Charts drawn on the server: plain data in, SVG out, one grammar for pages and documents (see docs/figures.md)."""

from convenir.socle.figures.aide import GenreAide, LigneAide, barres_aide
from convenir.socle.figures.barres import Etape, barre_mini, etapes
from convenir.socle.figures.comparaison import BoiteTerritoire, boites_comparaison
from convenir.socle.figures.entonnoir import Ecart, Soustraction, entonnoir_lignes
from convenir.socle.figures.etp import EtatSaisie, MoisEtp, etp_mensuels
from convenir.socle.figures.figure import ElementLegende, Figure, Legende
from convenir.socle.figures.frise import Bande, frise
from convenir.socle.figures.marches import Palier, paliers
from convenir.socle.figures.mensuelle import MoisCompare, valeurs_mensuelles
from convenir.socle.figures.motifs import FamilleSorties, GenreFamille, MotifSortie, barres_motifs
from convenir.socle.figures.objectifs import PointAnnuel, SerieObjectif, resultats_objectifs
from convenir.socle.figures.positions import Attendu, Negociation, ResultatPasse, Voix, negociation
from convenir.socle.figures.publics import PartPublic, publics_priorites
from convenir.socle.figures.territoires import MoitieCentrale, ValeurSituee, valeurs_situees
from convenir.socle.figures.toile import Svg

__all__ = [
    "Attendu",
    "Bande",
    "BoiteTerritoire",
    "Ecart",
    "ElementLegende",
    "Etape",
    "EtatSaisie",
    "FamilleSorties",
    "Figure",
    "GenreAide",
    "GenreFamille",
    "Legende",
    "LigneAide",
    "MoisCompare",
    "MoisEtp",
    "MoitieCentrale",
    "MotifSortie",
    "Negociation",
    "Palier",
    "PartPublic",
    "PointAnnuel",
    "ResultatPasse",
    "SerieObjectif",
    "Soustraction",
    "Svg",
    "ValeurSituee",
    "Voix",
    "barre_mini",
    "barres_aide",
    "barres_motifs",
    "boites_comparaison",
    "entonnoir_lignes",
    "etapes",
    "etp_mensuels",
    "frise",
    "negociation",
    "paliers",
    "publics_priorites",
    "resultats_objectifs",
    "valeurs_mensuelles",
    "valeurs_situees",
]
