"""Presentation attributes of each class of the chart grammar, on screen and in print.

Screen values are the light DSFR tokens; the page style sheet overrides them (dark theme). Print values carry no
colour: strokes, dashes and patterns only, one light grey ground.
"""

from __future__ import annotations

Attributs = dict[str, str]

BLEU, ENCRE, TEXTE, MENTION, FILET, BLANC = "#000091", "#161616", "#3a3a3a", "#666666", "#dddddd", "#ffffff"
CARAMEL = "#845d48"
NOIR, GRIS = "#1a1a1a", "#565656"
POLICES = ("Marianne, Inter, Arial, sans-serif", "Inter, 'DejaVu Sans', sans-serif")


def _trait(couleur: str, epaisseur: float, tirets: str = "") -> Attributs:
    attributs = {"stroke": couleur, "stroke-width": f"{epaisseur:g}", "fill": "none"}
    return attributs | ({"stroke-dasharray": tirets} if tirets else {})


def _plein(couleur: str, bord: str = "", epaisseur: float = 1, tirets: str = "") -> Attributs:
    return (_trait(bord, epaisseur, tirets) if bord else {}) | {"fill": couleur}


ECRAN: dict[str, Attributs] = {
    "axe": _trait(FILET, 1),
    "axe0": _trait(TEXTE, 1.5),
    "bande": _plein("#eeeeee"),
    "boite": _plein("#eeeeee", MENTION),
    "resultat": _plein(BLEU),
    "lien": _trait(BLEU, 2),
    "reconduit": _trait(BLEU, 2, "2 4"),
    "avant": _plein(BLANC, BLEU, 2),
    "objectif": _trait(ENCRE, 3),
    "mince": {"stroke-width": "2"},
    "halo": _trait(BLANC, 5),
    "mediane": _trait(MENTION, 3),
    "bord": {"stroke": BLANC, "stroke-width": "1.5"},
    "reference": _trait(MENTION, 1.5, "5 4"),
    "alloue": _trait(MENTION, 2),
    "intervalle": _trait(MENTION, 2),
    "prevu": _plein("hachures", BLEU, 1.5),
    "partiel": _plein("hachures", BLEU, 1.5, "4 3"),
    "neutre": _plein(MENTION),
    "clair": _plein("#e3e3fd", BLEU),
    "retire": _plein(BLANC, MENTION, 1.5, "3 3"),
    "nd-trait": _trait(MENTION, 2),
    "constate": _plein(ENCRE, ENCRE, 2),
    "constate-avant": _plein(BLANC, ENCRE, 2),
    "etat": _plein(BLEU, BLEU, 2),
    "etat-avant": _plein(BLANC, BLEU, 2),
    "structure": _plein(CARAMEL, CARAMEL, 2),
    "structure-avant": _plein(BLANC, CARAMEL, 2),
    "tiers": _plein("#eeeeee", MENTION, 2),
    "tiers-avant": _plein(BLANC, MENTION, 2),
    "convenu": _plein(ENCRE),
    "fond": _plein(BLANC),
    "h-trait": {"stroke": BLEU, "stroke-width": "1.5"},
    "p-point": _plein(MENTION),
    "t-s": {"font-size": "12", "fill": MENTION},
    "t-b": {"font-weight": "700", "fill": ENCRE},
    "t-n": {},
    "t-r": {"font-weight": "700", "fill": BLEU},
    "t-i": {"fill": BLANC, "stroke": "none"},
}
IMPRESSION: dict[str, Attributs] = ECRAN | {
    "axe": _trait("#c4c4c4", 0.75),
    "axe0": _trait(NOIR, 1.25),
    "bande": _plein("#f0f0f0"),
    "boite": _plein("#f0f0f0", GRIS),
    "resultat": _plein(NOIR),
    "lien": _trait(NOIR, 1.5),
    "reconduit": _trait(NOIR, 1.5, "2 4"),
    "avant": _plein(BLANC, NOIR, 1.75),
    "objectif": _trait(NOIR, 3),
    "mediane": _trait(NOIR, 2.5),
    "reference": _trait(GRIS, 1.25, "5 4"),
    "alloue": _trait(NOIR, 2),
    "intervalle": _trait(NOIR, 1.5),
    "prevu": _plein("hachures", NOIR, 1.25),
    "partiel": _plein("hachures", NOIR, 1.25, "4 3"),
    "neutre": _plein("points", NOIR, 1),
    "clair": _plein(BLANC, NOIR, 1),
    "retire": _plein(BLANC, NOIR, 1.25, "3 3"),
    "nd-trait": _trait(NOIR, 1.5),
    "constate": _plein(NOIR, NOIR, 1.75),
    "constate-avant": _plein(BLANC, NOIR, 1.75),
    "etat": _plein(NOIR, NOIR, 1.75),
    "etat-avant": _plein(BLANC, NOIR, 1.75),
    "structure": _plein(GRIS, NOIR, 1.75),
    "structure-avant": _plein(BLANC, NOIR, 1.75),
    "tiers": _plein("#f0f0f0", GRIS, 1.75),
    "tiers-avant": _plein(BLANC, GRIS, 1.75),
    "convenu": _plein(NOIR),
    "h-trait": {"stroke": NOIR, "stroke-width": "1"},
    "p-point": _plein(NOIR),
    "t-s": {"font-size": "12", "fill": GRIS},
    "t-b": {"font-weight": "700", "fill": NOIR},
    "t-r": {"font-weight": "700", "fill": NOIR},
}
MOTIFS = {
    "hachures": '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line x1="0" y1="0" x2="0" y2="6" {trait}/></pattern>',
    "points": '<pattern id="{id}" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<circle cx="1.25" cy="1.25" r="0.9" {point}/><circle cx="3.75" cy="3.75" r="0.9" {point}/></pattern>',
}


def attributs(classes: str, impression: bool) -> Attributs:
    """Return the attributes of a list of classes, the later ones prevailing.

    Raises:
        KeyError: a class unknown to the grammar.
    """
    table = IMPRESSION if impression else ECRAN
    reunis: Attributs = {}
    for classe in classes.split():
        reunis |= table[classe]
    return reunis
