"""What a fiche bilan is: plain data, already read and compared, not yet worded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.mesure.donnees.models import AnnexeLue
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.rules import effectif_vise
from convenir.mesure.indicateurs.valeurs import Valeur
from convenir.socle.commun.montants import arrondir
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation.queries import Priorite


def ecrire_taux(taux: Valeur, peu: bool) -> str:
    """Print a rate, or its count alone when it stands on too few."""
    return (taux.effectif if peu else "") or taux.texte


@dataclass(frozen=True)
class ResultatAnnuel:
    """A rate of one year beside its objective (percent); `peu` when too few exits are examined for a rate."""

    annee: int
    resultat: Valeur
    objectif: Decimal | None
    peu: bool = False

    @property
    def texte(self) -> str:
        """What is printed first: « 4 sur 9 » when they are few, else the rate (décisions, § 6)."""
        return ecrire_taux(self.resultat, self.peu)

    @property
    def detail(self) -> str:
        """What is printed after it: the rate when they are few, else the count."""
        return self.resultat.texte if self.peu else self.resultat.effectif

    @property
    def manque(self) -> int | None:
        """Exits still missing to reach the objective; 0 when reached, None when one of the two is unknown."""
        if self.objectif is None or not self.resultat.est_disponible:
            return None
        numerateur, denominateur = self.resultat.numerateur, self.resultat.denominateur
        if numerateur is None or not denominateur:
            return None
        return max(0, effectif_vise(self.objectif, int(denominateur)) - int(numerateur))

    @property
    def ecart(self) -> Decimal | None:
        """Result minus objective, in points."""
        if self.objectif is None or self.resultat.valeur is None:
            return None
        return self.resultat.valeur - self.objectif


@dataclass(frozen=True)
class LectureTriennale:
    """Exits of a type over up to three years together, offered when the year alone holds few; `peu`: no rate yet."""

    debut: int
    fin: int
    numerateur: int
    denominateur: int
    peu: bool

    @property
    def valeur(self) -> Decimal:
        """Rate over the years, in percent."""
        return arrondir(Decimal(100 * self.numerateur) / self.denominateur, 6)


@dataclass(frozen=True)
class LigneObjectif:
    """A type of exit over three years, latest first."""

    code: str
    libelle: str
    annees: tuple[ResultatAnnuel, ...]
    reference: Decimal | None
    lecture: str
    intervalle: tuple[Decimal, Decimal] | None
    total: bool = False
    triennale: LectureTriennale | None = None

    @property
    def courant(self) -> ResultatAnnuel:
        """The year of the fiche."""
        return self.annees[0]


@dataclass(frozen=True)
class Motif:
    """Exits by one reason over three years, latest first; None for a year that no file covers."""

    code: str
    libelle: str
    effectifs: tuple[int | None, ...]


@dataclass(frozen=True)
class Famille:
    """A family of exits: durable, transition, positive, other, set aside; None for a year that no file covers."""

    code: str
    libelle: str
    effectifs: tuple[int | None, ...]
    motifs: tuple[Motif, ...]
    taux: Valeur | None


@dataclass(frozen=True)
class MoisEtp:
    """A month of activity, in monthly ETP; `realise=None` when nothing was entered."""

    annee: int
    mois: int
    conventionne: Decimal | None
    realise: Decimal | None


@dataclass(frozen=True)
class Activite:
    """Agreed and done, in annual ETP, month by month and to the end of the year."""

    mois: tuple[MoisEtp, ...]
    conventionnes: Valeur
    realises: Valeur
    taux: Valeur
    ecart: Valeur
    projection: Valeur
    projection_basse: Valeur
    projection_haute: Valeur
    dernier_mois: int
    mois_manquants: tuple[int, ...]


@dataclass(frozen=True)
class LignePublic:
    """A public: people present, share, and the same share around; latest year first for `effectifs`.

    `priorite` is the share that the territory seeks, `lecture` what is read of one against the other.
    """

    libelle: str
    ventilation: str
    modalite: str
    effectifs: tuple[Valeur, ...]
    part: Valeur
    departement: Valeur
    france: Valeur
    priorite: Priorite | None = None
    lecture: str = ""

    @property
    def part_visee(self) -> Decimal | None:
        """Share sought by the territory, in percent."""
        return self.priorite.part if self.priorite else None


@dataclass(frozen=True)
class LigneComparaison:
    """A rate of the structure among those of its category, in one territory; how many they are may be unknown."""

    niveau: str
    territoire: str
    effectif: int | None
    q1: Decimal | None
    mediane: Decimal | None
    q3: Decimal | None
    mention: str = "trop peu de structures"
    ensemble: Valeur | None = None
    """National rate of the category that was imported, when the files do not give the spread of the structures."""


@dataclass(frozen=True)
class Comparaison:
    """One indicator compared at the three levels; `absents` says which level is not known and why."""

    indicateur: str
    libelle: str
    structure: Valeur
    lignes: tuple[LigneComparaison, ...]
    peu: bool = False

    @property
    def texte(self) -> str:
        """The value of the structure, printed."""
        return ecrire_taux(self.structure, self.peu)


@dataclass(frozen=True)
class Bareme:
    """Amount of one ETP in the scale on the first day of an annexe, in euros (décisions, § 4).

    It is information: the annexe's own amount is the one that counts. `ecart` is the annexe's minus the scale's.
    """

    code: str
    valeur: Decimal
    debut: date
    a_confirmer: bool
    ecart: Decimal


@dataclass(frozen=True)
class Manque:
    """A missing piece of data: who holds it, what it is, and what its absence changes."""

    origine: str
    quoi: str
    effet: str


def annexe_au(annexes: Sequence[AnnexeLue], jour: date) -> AnnexeLue | None:
    """Return the annexe in force on a day, else the last one."""
    en_vigueur = [a for a in annexes if a.vaut_au(jour)] or list(annexes)
    return en_vigueur[-1] if en_vigueur else None


@dataclass(frozen=True)
class FicheBilan:
    """Everything the page, the document and the JSON say."""

    structure: Structure
    annee: int
    arretee_le: date
    annees: tuple[int, ...]
    annexes: tuple[AnnexeLue, ...]
    instantane: Instantane
    fichiers: tuple[Mapping[str, Any], ...]
    objectifs: tuple[LigneObjectif, ...]
    familles: tuple[Famille, ...]
    constatees: Valeur
    examinees: tuple[Valeur, ...]
    activite: Activite
    publics: tuple[LignePublic, ...]
    presents: tuple[Valeur, ...]
    embauches: tuple[Valeur, ...]
    eligibilite: tuple[tuple[str, Valeur], ...]
    aide: dict[str, Valeur]
    aides: tuple[tuple[str, tuple[Valeur, ...]], ...]
    moyens: tuple[tuple[str, tuple[Valeur, ...]], ...]
    comparaisons: tuple[Comparaison, ...]
    france_absente: str
    alertes: tuple[Mapping[str, Any], ...]
    manques: tuple[Manque, ...]
    a_confirmer: Mapping[str, str]
    bareme: Bareme | None = None

    @property
    def annexe(self) -> AnnexeLue | None:
        """The annexe in force on the day of the fiche, else the last of the year."""
        return annexe_au(self.annexes, self.arretee_le)

    @property
    def dynamique(self) -> LigneObjectif:
        """The line of the dynamic exits."""
        return next(ligne for ligne in self.objectifs if ligne.code == "dynamique")

    @property
    def durable(self) -> LigneObjectif:
        """The line of the durable exits."""
        return next(ligne for ligne in self.objectifs if ligne.code == "durable")
