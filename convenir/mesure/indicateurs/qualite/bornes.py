"""What unknowns change in a figure: its best and worst readings, and how much of it is known. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from convenir.mesure.indicateurs.rules import bornes_du_taux
from convenir.mesure.indicateurs.valeurs import Unite, Valeur, Valeurs, ecrire
from convenir.socle.commun import francais
from convenir.socle.commun.montants import arrondir

CENT = Decimal(100)
SORTIES_INCONNUES = "RES03x"
# Counts and rates of exits that an unknown situation may raise: code → exits among which it is counted.
DES_SORTIES = dict.fromkeys(
    ("RES03b", "RES03b1", "RES03b2", "RES03b3", "RES03b4", "RES03b5", "RES03b6", "RES03c", "RES03c1", "TX01", "TX02"),
    "RES03",
)
# Counts of a trait that may be unknown: code → whole, line of those of whom it is.
DES_TRAITS = {
    "ACT04a": ("ACT04", "ACT04x"), "ACT04c": ("ACT04", "ACT04y"), "ACT07a": ("ACT07", "ACT07x"),
    "ACT12a": ("ACT12", "ACT12x"), "RES03a": ("RES03", "RES03y"), "TX03": ("ACT04", "ACT04x"),
}  # fmt: skip
# The same, when its breakdown leaves the unknown out.
DES_DECOUPAGES = {"ACT04b": ("ACT04", "sexe")}
# Rates in which an unknown counts until it is known: code → line of the unknown among the numerator.
DE_LA_COUVERTURE = {"COUV1": "COUV0x", "COUV2": "COUV0x", "COUV3": "COUV0y", "COUV4": "COUV0y"}
BORNEES = frozenset({*DES_SORTIES, *DES_TRAITS, *DES_DECOUPAGES, *DE_LA_COUVERTURE})


@dataclass(frozen=True)
class Bornes:
    """The readings of a figure when some of what it counts is unknown.

    Attributes:
        bas: if no unknown were counted in it.
        haut: if all were.
        inconnus: how many are unknown.
        parmi: among how many.
        connus: rate among the known alone; None for a count, or when nothing is known.
    """

    bas: Decimal
    haut: Decimal
    inconnus: int
    parmi: int
    unite: str
    connus: Decimal | None = None

    @property
    def completude(self) -> Decimal | None:
        """Return the share that is known, in percent; None when there is nobody."""
        return arrondir(CENT * (self.parmi - self.inconnus) / self.parmi, 6) if self.parmi else None

    @property
    def texte(self) -> str:
        """Print: « de 40 % à 65 % »; empty when nothing is unknown."""
        return f"de {ecrire(self.bas, self.unite)} à {ecrire(self.haut, self.unite)}" if self.inconnus else ""

    @property
    def reserve(self) -> str:
        """What to print beside the figure: its completeness and its two readings; empty when nothing is unknown."""
        if not self.texte or self.completude is None:
            return ""
        return f"Complétude {francais.pourcent(self.completude)} ; selon les inconnus, {self.texte}."


def bornes(valeurs: Valeurs, code: str, periode: str, ventilation: str = "", modalite: str = "") -> Bornes | None:
    """Return the best and worst readings of a figure (spec § 5.4, step 0: [O/n, (O + k)/n]).

    Args:
        valeurs: values of one territory.
        code: indicator.
        periode: period; a trait is broken down over the year, or the last stock, alone.
        ventilation: breakdown; the traits have bounds without one only.
        modalite: modality of the breakdown.

    Returns:
        None when no unknown can change the figure, or when it is not available.
    """
    valeur = valeurs.get(code, periode, ventilation, modalite)
    if not valeur.est_disponible or valeur.numerateur is None:
        return None
    if code in DE_LA_COUVERTURE and not ventilation:
        return _de_couverture(valeur, valeurs.get(DE_LA_COUVERTURE[code], periode).numerateur)
    if code in DES_SORTIES:
        tout = valeurs.get(DES_SORTIES[code], periode, ventilation, modalite)
        inconnus = valeurs.get(SORTIES_INCONNUES, periode, ventilation, modalite).numerateur
    elif code in DES_TRAITS and not ventilation:
        tout = valeurs.get(DES_TRAITS[code][0], periode)
        inconnus = valeurs.get(DES_TRAITS[code][1], periode).numerateur
    elif code in DES_DECOUPAGES and not ventilation:
        tout = valeurs.get(DES_DECOUPAGES[code][0], periode)
        inconnus = _sans_modalite(valeurs, *DES_DECOUPAGES[code], periode, tout.numerateur)
    else:
        return None
    if tout.numerateur is None or inconnus is None:
        return None
    return _bornes(int(valeur.numerateur), int(inconnus), int(tout.numerateur), valeur.unite)


def _de_couverture(valeur: Valeur, inconnus: Decimal | None) -> Bornes | None:
    """Of youths whose commune is unknown, none or all live in the zone: the figure is the highest reading."""
    n, d = valeur.numerateur, valeur.denominateur
    if n is None or not d or inconnus is None:
        return None
    return Bornes(
        arrondir(CENT * (n - inconnus) / d, 6), arrondir(CENT * n / d, 6), int(inconnus), int(n), valeur.unite
    )


def _sans_modalite(valeurs: Valeurs, code: str, decoupage: str, periode: str, tout: Decimal | None) -> Decimal | None:
    """Return how many of a whole have no modality; a youth who had two in the year can only lower it."""
    modalites = [v.numerateur for v in valeurs.modalites(code, periode, decoupage)]
    if tout is None or not modalites or any(n is None for n in modalites):
        return None
    return max(tout - sum((n for n in modalites if n is not None), Decimal(0)), Decimal(0))


def _bornes(observes: int, inconnus: int, parmi: int, unite: str) -> Bornes | None:
    # An unknown counts at most once, and the figure is at most its whole.
    inconnus = min(inconnus, max(parmi - observes, 0))
    if unite != Unite.POURCENT:
        return Bornes(Decimal(observes), Decimal(observes + inconnus), inconnus, parmi, unite)
    lues = bornes_du_taux(observes, inconnus, parmi)
    if lues is None:
        return None
    connus = arrondir(CENT * observes / (parmi - inconnus), 6) if parmi > inconnus else None
    return Bornes(*lues, inconnus, parmi, unite, connus)
