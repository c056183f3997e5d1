"""How a measure of quality is written, the same on the page, in the document and at the command line. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from convenir.mesure.indicateurs.qualite.calcul import LigneQualite
from convenir.mesure.indicateurs.qualite.charte import Article
from convenir.mesure.indicateurs.valeurs import Statut
from convenir.socle.commun import francais


def dire(x: LigneQualite, article: Article) -> str:
    """Write a measure: « 12,5 % (3 sur 24), à reprendre (seuil 10 %) », « 9 jours », « n. d. »."""
    if x.valeur is None:
        return "rien à mesurer" if x.statut == Statut.NON_CALCULABLE else f"n.{francais.FINE}d. (table absente)"
    marque = f", à reprendre (seuil {mesure(x.seuil, article)})" if x.a_reprendre else ""
    compte = (
        ""
        if x.numerateur is None
        else f" ({francais.nombre(x.numerateur)} sur {francais.nombre(x.denominateur or 0)})"
    )
    return f"{mesure(x.valeur, article)}{compte}{marque}"


def mesure(valeur: Decimal, article: Article) -> str:
    """Write a value in the unit of the article."""
    return francais.pourcent(valeur) if article.unite == "%" else francais.pluriel(int(valeur), "jour")


def dire_seuil(seuil: Decimal, article: Article) -> str:
    """Write when an article asks for a correction: « dès le premier cas », « au-dessus de 10 % »."""
    return f"au-dessus de {mesure(seuil, article)}" if seuil else "dès le premier cas"


def resumer(lignes: Iterable[LigneQualite]) -> str:
    """Say in one sentence what the year asks for."""
    lues = list(lignes)
    mesurees = [x for x in lues if x.valeur is not None]
    reprises = [x for x in mesurees if x.a_reprendre]
    if not mesurees:
        return "Rien n’est mesurable : les tables de la livraison sont vides ou absentes."
    if not reprises:
        return f"Les {len(mesurees)} articles mesurés sont tenus : aucun ne passe son seuil."
    return (
        f"{francais.pluriel(len(reprises), 'article')} sur {len(mesurees)} "
        f"{'demandent' if len(reprises) > 1 else 'demande'} une reprise avant de lire les résultats."
    )
