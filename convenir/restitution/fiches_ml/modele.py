"""What a fiche of a mission locale is: plain data, already read and compared, not yet worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from convenir.contrat.travaux.rules import Decompte
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.valeurs import Statut, Valeur, Valeurs
from convenir.socle.organisations.models import MissionLocale

# Years shown together: the year of the fiche and the two before.
HISTORIQUE = 3


@dataclass(frozen=True)
class Moment:
    """A year as far as the snapshot knows it.

    Attributes:
        mois: last closed month, 1 to 12 (0: none).
        jour: last day of that month.
    """

    annee: int
    mois: int
    jour: date

    @classmethod
    def de(cls, instantane: Instantane, annee: int) -> Moment:
        """Return the year as a snapshot knows it."""
        if annee < instantane.arrete_au.year:
            return cls(annee, 12, date(annee, 12, 31))
        if annee > instantane.arrete_au.year:
            return cls(annee, 0, date(annee, 1, 1) - timedelta(days=1))
        return cls(annee, instantane.arrete_au.month, instantane.arrete_au)

    @property
    def est_clos(self) -> bool:
        """Tell whether the whole year is known."""
        return self.mois == 12

    def periode(self, indicateur: IndicateurMl) -> str:
        """Return the period under which the figure of the year is kept: the year, or the last day for a stock."""
        return str(self.annee) if "annee" in indicateur.periodes else self.jour.isoformat()

    def periode_du_mois(self, indicateur: IndicateurMl, mois: int) -> str:
        """Return the period of a month of the year; a stock is read on its last day."""
        if "mois" in indicateur.periodes:
            return f"{self.annee}-{mois:02d}"
        fin = date(self.annee + mois // 12, mois % 12 + 1, 1) - timedelta(days=1)
        return fin.isoformat()

    def cumul(self, indicateur: IndicateurMl) -> str:
        """Return the period from January to the last closed month; the day itself for a stock."""
        if "cumul" in indicateur.periodes:
            return f"{self.annee}-{self.mois:02d}-cumul"
        return self.periode(indicateur) if "annee" in indicateur.periodes else self.jour.isoformat()


@dataclass(frozen=True)
class Autour:
    """A territory around the mission locale, and its values."""

    niveau: str
    nom: str
    valeurs: Valeurs


@dataclass(frozen=True)
class LigneMl:
    """An indicator over the years (latest first) and around; `retrait` sets a « dont » back.

    Attributes:
        a_confirmer: names of the parameters to confirm that it depends on.
        annees_des_termes: in a ratio, what the numerator and the denominator are of, in words; empty otherwise.
        reserve: completeness and bounds of the year, in words; empty when nothing is unknown.
        rupture: what changed in its definition between the years shown; empty when nothing did.
    """

    indicateur: IndicateurMl
    retrait: int
    annees: tuple[Valeur, ...]
    autour: tuple[Valeur | None, ...]
    a_confirmer: tuple[str, ...] = ()
    annees_des_termes: str = ""
    reserve: str = ""
    rupture: str = ""

    @property
    def courante(self) -> Valeur:
        """The year of the fiche."""
        return self.annees[0]

    @property
    def est_mensuel(self) -> bool:
        """Tell whether it is known month by month."""
        return bool({"mois", "stock"} & set(self.indicateur.periodes))


@dataclass(frozen=True)
class SectionMl:
    """An axis of the offer of service, or a family: its lines in the order of annexe 2."""

    axe: str
    titre: str
    lignes: tuple[LigneMl, ...]

    @property
    def ancre(self) -> str:
        """Anchor of the section in the page."""
        return f"axe-{self.axe}"

    def ligne(self, code: str) -> LigneMl | None:
        """Return the line of an indicator."""
        return next((ligne for ligne in self.lignes if ligne.indicateur.code == code), None)


@dataclass(frozen=True)
class FicheMl:
    """Everything the page, the workbook and the JSON say.

    Attributes:
        moments: the year and those before it, latest first, as far as each is known.
        autour: département, région, France.
        a_confirmer: parameters to confirm: code → name.
        parametres: parameters applied that year, as frozen.
        masquee: whether small counts are hidden from this reader.
        travaux: works of the year in the register of axes 4 and 5, by kind; None when this reader may not open it.
    """

    mission_locale: MissionLocale
    moments: tuple[Moment, ...]
    instantane: Instantane
    catalogue: CatalogueMl
    valeurs: Valeurs
    sections: tuple[SectionMl, ...]
    autour: tuple[Autour, ...]
    a_confirmer: Mapping[str, str]
    parametres: tuple[Mapping[str, Any], ...]
    masquee: bool
    travaux: Decompte | None = None

    @property
    def annee(self) -> int:
        """Civil year of the fiche."""
        return self.moments[0].annee

    @property
    def moment(self) -> Moment:
        """The year of the fiche as far as it is known."""
        return self.moments[0]

    @property
    def annees(self) -> tuple[int, ...]:
        """Years shown, latest first."""
        return tuple(m.annee for m in self.moments)

    @property
    def voie(self) -> str:
        """Way by which the values came: `enregistrements` or `agregats`; empty when there is none."""
        return next((v.source for v in (ligne.courante for s in self.sections for ligne in s.lignes) if v.source), "")

    @property
    def a_des_secrets(self) -> bool:
        """Tell whether a figure shown is hidden: the page then says what « s. s. » means."""
        lignes = (ligne for s in self.sections for ligne in s.lignes)
        return any(v is not None and v.statut == Statut.SECRET for x in lignes for v in (*x.annees, *x.autour))

    def section(self, axe: str) -> SectionMl:
        """Return the section of an axis."""
        return next(s for s in self.sections if s.axe == axe)

    def ligne(self, code: str) -> LigneMl | None:
        """Return the line of an indicator."""
        return next((trouvee for s in self.sections if (trouvee := s.ligne(code))), None)
