"""What a mission locale reads during the year, without waiting for the dialogue: this month, so far, last year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convenir.mesure.indicateurs import queries_ml as ml
from convenir.mesure.indicateurs.materialisees import valeurs_de_plusieurs
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs
from convenir.restitution.fiches_ml.graphiques import courbe
from convenir.restitution.fiches_ml.modele import Moment
from convenir.socle.commun import francais
from convenir.socle.figures.figure import Figure
from convenir.socle.organisations.models import MissionLocale

# Whole counts only: they are known every month, and their months can be told to a team.
SUIVIS = ("ACT01", "ACT02", "ACT02a", "ACT03", "ACT06", "ACT07", "ACT12", "ENT01", "ENT08", "RES01", "RES03", "RES03x")

DESSINES = ("ACT02", "RES01")


@dataclass(frozen=True)
class PointMensuel:
    """An indicator this month and since January, beside the same months of the year before."""

    indicateur: IndicateurMl
    libelle: str
    mois: Valeur
    mois_avant: Valeur
    cumul: Valeur
    cumul_avant: Valeur

    @property
    def est_un_stock(self) -> bool:
        """Tell whether it is read on the last day of the month: its months do not add up."""
        return "cumul" not in self.indicateur.periodes

    @property
    def ecart(self) -> str:
        """How the months since January stand against the year before, in persons or events; empty if unknown."""
        if self.cumul.valeur is None or self.cumul_avant.valeur is None:
            return ""
        ecart = int(self.cumul.valeur - self.cumul_avant.valeur)
        return "autant" if ecart == 0 else francais.nombre(ecart, signe=True)


@dataclass(frozen=True)
class TableauMensuel:
    """The months of one mission locale."""

    mission_locale: MissionLocale
    moment: Moment
    points: tuple[PointMensuel, ...]
    figures: tuple[Figure, ...] = ()

    @property
    def annee_avant(self) -> int:
        """The year compared."""
        return self.moment.annee - 1

    @property
    def mois_possibles(self) -> list[tuple[int, str]]:
        """The closed months of the year: rank and name."""
        return [(m, francais.MOIS[m - 1].capitalize()) for m in range(1, self.moment.jour.month + 1)]

    @property
    def mois_en_mots(self) -> str:
        """« octobre 2026 »."""
        return francais.mois(self.moment.annee, self.moment.mois)

    @property
    def phrase(self) -> str:
        """What a person with one minute reads."""
        recus = next((p for p in self.points if p.indicateur.code == "ACT02"), None)
        if recus is None or recus.mois.valeur is None:
            return f"Aucun chiffre n’est connu pour {self.mois_en_mots}."
        mois = francais.pluriel(int(recus.mois.valeur), "jeune reçu", "jeunes reçus")
        debut = f"{mois} en entretien en {self.mois_en_mots}"
        if recus.cumul.valeur is None:
            return f"{debut}."
        cumul = f"{debut}, {francais.nombre(recus.cumul.valeur)} depuis janvier"
        if not recus.ecart:
            return f"{cumul}."
        contre = "autant qu’" if recus.ecart == "autant" else f"{recus.ecart} par rapport à "
        meme = "à la même période" if recus.ecart == "autant" else "la même période"
        return f"{cumul}, {contre}{meme} de {self.moment.annee - 1}."


def tableaux(missions_locales: Iterable[MissionLocale], mois: int | None = None) -> list[TableauMensuel]:
    """Return the months of some missions locales, in two SQL queries; none when nothing is computed.

    Args:
        missions_locales: those of the person, already filtered.
        mois: month of the last year, 1 to 12; the last closed one if None or not yet closed.
    """
    instantane = ml.instantane()
    siennes = list(missions_locales)
    if instantane is None or not siennes:
        return []
    annee = max(instantane.annees)
    dernier = Moment.de(instantane, annee)
    choisi = mois if mois and 1 <= mois <= dernier.mois else dernier.mois
    if not choisi:
        return []
    moment = Moment(annee, choisi, dernier.jour)
    lues = valeurs_de_plusieurs([instantane], [("ml", m.code) for m in siennes])
    cat = ml.catalogue_de(instantane, annee)
    return [
        TableauMensuel(m, moment, _points(valeurs, cat, moment), _courbes(valeurs, cat, dernier))
        for m in siennes
        for valeurs in [lues["ml", m.code]]
    ]


def _courbes(valeurs: Valeurs, cat: CatalogueMl, dernier: Moment) -> tuple[Figure, ...]:
    """Draw the months of the two counts that a team follows first."""
    avant = Moment(dernier.annee - 1, 12, dernier.jour)
    return tuple(courbe(valeurs, cat.indicateurs[c], dernier, avant, f"mois-{c}") for c in DESSINES)


def _points(valeurs: Valeurs, cat: CatalogueMl, moment: Moment) -> tuple[PointMensuel, ...]:
    avant = Moment(moment.annee - 1, moment.mois, moment.jour)
    return tuple(_point(valeurs, cat, cat.indicateurs[code], moment, avant) for code in SUIVIS)


def _point(valeurs: Valeurs, cat: CatalogueMl, i: IndicateurMl, moment: Moment, avant: Moment) -> PointMensuel:
    def du_mois(m: Moment) -> Valeur:
        return valeurs.get(i.code, m.periode_du_mois(i, m.mois))

    def cumule(m: Moment) -> Valeur:
        return valeurs.get(i.code, m.cumul(i)) if "cumul" in i.periodes else du_mois(m)

    return PointMensuel(i, ml.libelle_entier(cat, i), du_mois(moment), du_mois(avant), cumule(moment), cumule(avant))
