"""Missions locales side by side on one indicator: by name or by territory, with the median and the central half,
never ranked nor scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from convenir.mesure.indicateurs import queries_ml as ml
from convenir.mesure.indicateurs.models import ChiffreMissionLocale, Instantane
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.rules import rang_proche
from convenir.mesure.indicateurs.valeurs import Statut, Valeur
from convenir.restitution.fiches_ml.graphiques import ecrire_dans
from convenir.restitution.fiches_ml.modele import HISTORIQUE
from convenir.socle.commun.francais import pluriel
from convenir.socle.figures.figure import Figure
from convenir.socle.figures.territoires import MoitieCentrale, ValeurSituee, valeurs_situees
from convenir.socle.organisations.models import MissionLocale

ORDRES = {"nom": "Par nom", "territoire": "Par département"}
PAR_DEFAUT = "TX02"


@dataclass(frozen=True)
class LigneComparee:
    """A mission locale and its figure."""

    mission_locale: MissionLocale
    valeur: Valeur


@dataclass(frozen=True)
class ComparaisonMl:
    """One indicator of one year over a group.

    Attributes:
        minimum: smallest group of which the median is given.
    """

    indicateur: IndicateurMl
    libelle: str
    annee: int
    lignes: tuple[LigneComparee, ...]
    minimum: int

    @property
    def annees(self) -> tuple[int, ...]:
        """The year and those that a reader sets it beside."""
        return tuple(self.annee - rang for rang in range(HISTORIQUE))

    @property
    def rupture(self) -> str:
        """What changed in the definition over these years; empty when nothing did."""
        return ml.rupture(self.indicateur, self.annees)

    @property
    def connues(self) -> list[LigneComparee]:
        """Lines with a value."""
        return [ligne for ligne in self.lignes if ligne.valeur.est_disponible]

    @property
    def groupe(self) -> MoitieCentrale | None:
        """Quartiles by nearest rank; None when the group is too small."""
        valeurs = [ligne.valeur.valeur for ligne in self.connues if ligne.valeur.valeur is not None]
        if len(valeurs) < max(self.minimum, 4):
            return None
        q1, mediane, q3 = (rang_proche(valeurs, centieme) for centieme in (25, 50, 75))
        assert q1 is not None
        assert mediane is not None
        assert q3 is not None
        return MoitieCentrale(q1, mediane, q3)

    @property
    def phrase(self) -> str:
        """Median and central half, in words."""
        ecrire, groupe = ecrire_dans(self.indicateur), self.groupe
        debut = f"{self.libelle}, {self.annee} : {pluriel(len(self.connues), 'valeur connue', 'valeurs connues')} "
        debut += f"sur {pluriel(len(self.lignes), 'mission locale', 'missions locales')}."
        if groupe is None:
            return f"{debut} Le groupe est trop petit pour une médiane."
        return (
            f"{debut} Une sur deux est au-dessus de {ecrire(groupe.mediane)} ; la moitié centrale va de "
            f"{ecrire(groupe.q1)} à {ecrire(groupe.q3)}."
        )

    @property
    def figure(self) -> Figure:
        """One disc for each, over the central half."""
        lignes = [
            ValeurSituee(
                ligne.mission_locale.nom,
                ligne.valeur.valeur if ligne.valeur.est_disponible else None,
                ligne.valeur.effectif if self.indicateur.unite == "%" else "",
                ligne.valeur.texte,
            )
            for ligne in self.lignes
        ]
        return valeurs_situees(
            lignes, self.groupe, cle="comparaison", titre=f"{self.libelle} en {self.annee}",
            ecrire=ecrire_dans(self.indicateur),
        )  # fmt: skip


def comparables(cat: CatalogueMl) -> dict[str, list[tuple[str, str]]]:
    """Return the indicators that may be compared, by axis: rates, then counts, with labels that stand alone."""
    return {
        titre: [
            (i.code, ml.libelle_entier(cat, i))
            for i in sorted(ml.publies(cat), key=lambda i: (i.genre != "rapport", i.code))
            if i.axe == axe
        ]
        for axe, titre in ml.AXES.items()
    }


def comparer(
    instantane: Instantane, annee: int, code: str, missions_locales: Iterable[MissionLocale], *,
    dehors: bool, minimum: int,
) -> ComparaisonMl:  # fmt: skip
    """Return one indicator over missions locales, in the order given (one SQL query).

    Args:
        instantane: snapshot in force for the year.
        annee: civil year.
        code: indicator.
        missions_locales: those in sight, in the order to show.
        dehors: whether the reader is outside the State and the missions locales: what the freeze covered is hidden.
        minimum: smallest group of which the median is given.
    """
    cat = ml.catalogue_de(instantane, annee)
    i = cat.indicateurs[code]
    siennes = list(missions_locales)
    valeurs = valeurs_de_lannee(siennes, annee, [code], dehors=dehors)
    absente = partial(Valeur, code, "", "", str(annee), None, None, None, Statut.MANQUANT, i.unite)
    lignes = tuple(LigneComparee(m, valeurs.get(m.pk, {}).get(code) or absente()) for m in siennes)
    return ComparaisonMl(i, ml.libelle_entier(cat, i), annee, lignes, minimum)


def valeurs_de_lannee(
    missions_locales: Iterable[MissionLocale], annee: int, codes: Iterable[str], *, dehors: bool
) -> Mapping[int, dict[str, Valeur]]:
    """Return the figures of a year by mission locale, hidden where this reader may not see them (one SQL query)."""
    lues = ChiffreMissionLocale.objects.filter(
        annee=annee, mission_locale__in=list(missions_locales), indicateur__in=list(codes)
    )
    par_ml: dict[int, dict[str, Valeur]] = {}
    for chiffre in lues:
        valeur = chiffre.lue.cachee() if dehors and chiffre.secret else chiffre.lue
        par_ml.setdefault(chiffre.mission_locale_id, {})[chiffre.indicateur] = valeur
    return par_ml
