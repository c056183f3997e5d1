"""Everything invented about one département, ready to be written or added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from convenir.mesure.donnees.generateur import calendrier
from convenir.mesure.donnees.generateur.annexes import Annexe, tableaux, tirer_annexes
from convenir.mesure.donnees.generateur.baremes import premiere_annee
from convenir.mesure.donnees.generateur.contrats import Contrats, tirer_contrats
from convenir.mesure.donnees.generateur.marges import marges
from convenir.mesure.donnees.generateur.mensuel import Mensuel, durees_hebdomadaires, tirer_mensuel
from convenir.mesure.donnees.generateur.monde import Compteurs, Monde, Unite, tirer_monde
from convenir.mesure.donnees.generateur.personnes import Personnes, tirer_personnes
from convenir.mesure.donnees.generateur.sejours import Sejours, tirer_sejours
from convenir.mesure.donnees.generateur.sorties import tirer_motifs
from convenir.mesure.donnees.generateur.territoire import Departement, code_de_region, departements, repartition
from convenir.socle.commun.erreurs import EntreeInvalide


@dataclass(frozen=True)
class Demande:
    """What is to be invented; checked once by `preparer`."""

    departements: tuple[tuple[Departement, int], ...]
    """Départements and their number of SIAE."""
    annees: tuple[int, ...]
    jusquau: date
    graine: int
    erreurs: float

    @property
    def mois(self) -> np.ndarray:
        return calendrier.fenetre(self.annees, self.jusquau)

    @property
    def extraction(self) -> datetime:
        return calendrier.extraction_apres(self.jusquau)


@dataclass(frozen=True)
class AnnexeFdi:
    """An annexe of the Fonds départemental d'insertion: an amount, no post."""

    unite: Unite
    annee: int
    id_annexe: int
    id_avenant: int
    numero: str


@dataclass(frozen=True)
class Lot:
    """One département: the people, contracts and months as parallel arrays."""

    demande: Demande
    rng: np.random.Generator
    monde: Monde
    annexes: list[Annexe]
    fdi: list[AnnexeFdi]
    ids_annexes: np.ndarray
    sejours: Sejours
    personnes: Personnes
    hebdo: np.ndarray
    motifs: np.ndarray
    contrats: Contrats
    mensuel: Mensuel
    mois: np.ndarray


def preparer(
    *, region: str | None = None, france: bool = False, annees: Sequence[int] = (2023, 2024, 2025),
    erreurs: float = 0.0, graine: int = 1, jusquau: date | None = None, siae: int | None = None,
) -> Demande:  # fmt: skip
    """Check the arguments and say what is to be invented.

    Raises:
        EntreeInvalide: unknown region, years that do not follow one another or that no scale covers, no closed month
            before `jusquau`, share of errors out of [0, 1[, negative seed.
    """
    if graine < 0:
        raise EntreeInvalide(f"La graine est un nombre entier positif ou nul : {graine} ne convient pas.")
    if not 0 <= erreurs < 1:
        raise EntreeInvalide(f"La part d'erreurs doit être comprise entre 0 et 1 : {erreurs} ne convient pas.")
    if not annees or list(annees) != list(range(annees[0], annees[0] + len(annees))):
        raise EntreeInvalide("Les années demandées doivent se suivre, par exemple 2023-2025.")
    if annees[0] < (premiere := premiere_annee()):
        raise EntreeInvalide(f"L'année {annees[0]} n'a pas de barème connu : commencez à {premiere} au plus tôt.")
    fin = jusquau or _fin_par_defaut(annees[-1])
    if fin < date(annees[0], 1, 31):
        raise EntreeInvalide(f"Aucun mois n'est complet au {fin:%d/%m/%Y} pour les années demandées.")
    complets = min(fin, date(annees[-1], 12, 31))
    dans = [d for d in departements() if france or d.region == code_de_region(region)]
    return Demande(tuple(_effectifs(dans, siae)), tuple(annees), complets, graine, erreurs)


def _fin_par_defaut(annee: int) -> date:
    """Last day of the year, or the end of the last closed month when the year is running."""
    premier = date.today().replace(day=1)  # noqa: DTZ011 - a local calendar day is meant
    return min(date(annee, 12, 31), date.fromordinal(premier.toordinal() - 1))


def _effectifs(dans: list[Departement], siae: int | None) -> list[tuple[Departement, int]]:
    parts = repartition(marges()["siae_france"])
    if siae is None:
        return [(d, parts[d.code]) for d in dans]
    total = sum(parts[d.code] for d in dans)
    bornes = np.rint(np.cumsum([parts[d.code] for d in dans]) * siae / total).astype(int)
    return [(d, int(n)) for d, n in zip(dans, np.diff(bornes, prepend=0), strict=True)]


def tirer_lots(demande: Demande) -> Iterator[Lot]:
    """Invent the départements one after another; the same demand always gives the same lots."""
    compteurs = Compteurs()
    for departement, siae in demande.departements:
        if siae:
            yield tirer_lot(demande, departement, siae, compteurs)


def tirer_lot(demande: Demande, departement: Departement, siae: int, compteurs: Compteurs) -> Lot:
    """Invent one département."""
    rng = np.random.default_rng([demande.graine, *departement.code.encode()])
    mois = demande.mois
    dernier_jour = int(calendrier.debuts_de_mois(mois[-1:] + 1)[0]) - 1
    monde = tirer_monde(rng, departement, siae, mois, compteurs)
    annexes = tirer_annexes(rng, monde, demande.annees, demande.jusquau, compteurs)
    fdi = list(_tirer_fdi(rng, monde, demande.annees, compteurs))
    ids, cibles = tableaux(annexes, len(monde.unites), mois)
    sejours = tirer_sejours(rng, monde, mois, dernier_jour)
    personnes = tirer_personnes(rng, monde, sejours, compteurs)
    motifs = tirer_motifs(rng, monde, sejours, int(mois[-1]) // 12, demande.erreurs)
    contrats = tirer_contrats(rng, sejours, int(calendrier.debuts_de_mois(mois[:1])[0]), dernier_jour)
    hebdo = durees_hebdomadaires(rng, sejours)
    mensuel = tirer_mensuel(rng, monde, sejours, contrats, hebdo, mois, ids, cibles)
    return Lot(demande, rng, monde, annexes, fdi, ids, sejours, personnes, hebdo, motifs, contrats, mensuel, mois)


def _tirer_fdi(
    rng: np.random.Generator, monde: Monde, annees: tuple[int, ...], compteurs: Compteurs
) -> Iterator[AnnexeFdi]:
    for unite in monde.unites:
        for annee in annees:
            if rng.random() < marges()["fdi"] and not unite.penitentiaire:
                ordre = compteurs.suivant("FDI", monde.departement.code_asp, annee)
                numero = f"FDI{monde.departement.code_asp}{annee % 100:02d}{ordre:04d}"
                yield AnnexeFdi(unite, annee, compteurs.annexe, compteurs.avenant, numero)
                compteurs.annexe += 1
                compteurs.avenant += 1
