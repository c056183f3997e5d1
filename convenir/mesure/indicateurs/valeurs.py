"""A value with its numerator, denominator and status, and the set of values of one territory: pure Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from convenir.socle.commun import francais

CODE_FRANCE = "FR"
NIVEAUX = ("annexe", "siae", "departement", "region", "france")
Cle = tuple[str, str, str, str]


class Statut(StrEnum):
    """Why a value is there, or is not (décisions, § 5)."""

    DISPONIBLE = "disponible"
    NON_CALCULABLE = "non_calculable"
    MANQUANT = "manquant"
    NON_EXPLOITABLE = "non_exploitable"
    SECRET = "secret"


class Unite(StrEnum):
    """Units of the catalogue; each has its number of decimals and its printed form."""

    PERSONNES = "personnes"
    NOMBRE = "nombre"
    MOIS = "mois"
    ETP = "ETP"
    EUROS = "euros"
    HEURES = "heures"
    POURCENT = "%"
    RATIO = "ratio"


ENTIERES = frozenset({Unite.PERSONNES, Unite.NOMBRE, Unite.MOIS})
_ABSENCES = {
    Statut.NON_CALCULABLE: "non calculable",
    Statut.MANQUANT: f"n.{francais.FINE}d.",
    Statut.NON_EXPLOITABLE: f"n.{francais.FINE}e.",
    Statut.SECRET: f"s.{francais.FINE}s.",
}
INSUFFISANT = "données insuffisantes"


@dataclass(frozen=True)
class Valeur:
    """One value; `valeur` is None unless its status is `disponible`."""

    indicateur: str
    ventilation: str
    modalite: str
    periode: str
    numerateur: Decimal | None
    denominateur: Decimal | None
    valeur: Decimal | None
    statut: str
    unite: str = Unite.NOMBRE
    exclus: int | None = None
    source: str = ""

    @property
    def cle(self) -> Cle:
        """What identifies the value inside its territory."""
        return (self.indicateur, self.ventilation, self.modalite, self.periode)

    @property
    def est_disponible(self) -> bool:
        """Tell whether there is a figure to print."""
        return self.statut == Statut.DISPONIBLE and self.valeur is not None

    @property
    def texte(self) -> str:
        """Printed form: « 54,3 % », « 12,08 ETP », « non calculable », « n. d. »."""
        if self.valeur is not None and self.statut == Statut.DISPONIBLE:
            return ecrire(self.valeur, self.unite)
        if self.statut == Statut.NON_CALCULABLE and ".projection" in self.indicateur:
            return INSUFFISANT
        return _ABSENCES.get(Statut(self.statut), _ABSENCES[Statut.MANQUANT])

    def cachee(self) -> Valeur:
        """Return the same value hidden by the secret: neither the figure nor what would give it back."""
        return replace(self, numerateur=None, denominateur=None, valeur=None, exclus=None, statut=Statut.SECRET)

    @property
    def effectif(self) -> str:
        """The count behind a rate: « 19 sur 35 »; empty when there is none."""
        if self.numerateur is None or self.denominateur is None:
            return ""
        decimales = 0 if self.numerateur == self.numerateur.to_integral_value() else 2
        return f"{francais.nombre(self.numerateur, decimales)} sur {francais.nombre(self.denominateur, decimales)}"


Lecteur = Callable[[], Iterable[Valeur]]


def ecrire(valeur: Decimal, unite: str) -> str:
    """Print a figure in its unit, as pages and documents do."""
    if unite == Unite.POURCENT:
        return francais.pourcent(valeur)
    if unite == Unite.EUROS:
        return francais.euros(valeur)
    if unite == Unite.ETP:
        return francais.etp(valeur)
    if unite == Unite.HEURES:
        return f"{francais.nombre(valeur)}{francais.INSECABLE}h"
    return francais.nombre(valeur, 0 if unite in ENTIERES else 2)


@dataclass(frozen=True)
class Dispersion:
    """Spread of the SIAE of one category in one territory: quartiles by nearest rank, and how many there are."""

    q1: Valeur
    mediane: Valeur
    q3: Valeur
    effectif: int


class Valeurs:
    """The values of one territory over the years of its snapshot; each indicator is read when first asked for."""

    def __init__(self, niveau: str, code: str) -> None:
        self.niveau, self.code = niveau, code
        self._lues: dict[str, dict[Cle, Valeur]] = {}
        self._reserves: dict[str, list[Lecteur]] = {}
        # Published values that a reader outside the parties must not see; None: nobody has chosen them.
        self.secrets: set[tuple[str, str]] | None = None

    @classmethod
    def de(cls, niveau: str, code: str, valeurs: Iterable[Valeur]) -> Valeurs:
        """Build from values; the first of two with the same key is kept."""
        nouvelles = cls(niveau, code)
        nouvelles.ajouter(valeurs)
        return nouvelles

    def ajouter(self, valeurs: Iterable[Valeur]) -> None:
        """Add values that are not there yet."""
        for valeur in valeurs:
            self._de(valeur.indicateur).setdefault(valeur.cle, valeur)

    def reserver(self, indicateur: str, lire: Lecteur) -> None:
        """Keep a reader of values of one indicator, called if it is asked for; earlier values prevail."""
        self._reserves.setdefault(indicateur, []).append(lire)

    def _de(self, indicateur: str) -> dict[Cle, Valeur]:
        lues = self._lues.setdefault(indicateur, {})
        for lire in self._reserves.pop(indicateur, ()):
            for valeur in lire():
                lues.setdefault(valeur.cle, valeur)
        return lues

    def __iter__(self) -> Iterator[Valeur]:
        for indicateur in sorted({*self._lues, *self._reserves}):
            yield from self._de(indicateur).values()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def get(self, indicateur: str, periode: str, ventilation: str = "", modalite: str = "") -> Valeur:
        """Return a value; one with the status `manquant` when it is absent."""
        lues = self._de(indicateur)
        trouvee = lues.get((indicateur, ventilation, modalite, periode))
        unite = next((v.unite for v in lues.values()), Unite.NOMBRE)
        return trouvee or Valeur(
            indicateur, ventilation, modalite, periode, None, None, None, Statut.MANQUANT, unite=unite
        )

    def modalites(self, indicateur: str, periode: str, ventilation: str) -> list[Valeur]:
        """Return the values of a breakdown, by modality."""
        lues = [v for v in self._de(indicateur).values() if (v.ventilation, v.periode) == (ventilation, periode)]
        return sorted(lues, key=lambda v: v.modalite)

    def serie(self, indicateur: str, suffixe: str = "", annee: int | None = None) -> list[Valeur]:
        """Return the monthly values (`suffixe="-cumul"` for the cumulative ones), in order of time."""
        attendu = 7 + len(suffixe)
        lues = (
            v
            for v in self._de(indicateur).values()
            if not v.ventilation
            and len(v.periode) == attendu
            and v.periode.endswith(suffixe)
            and v.periode[5:6] != "T"
            and (annee is None or v.periode.startswith(f"{annee}-"))
        )
        return sorted(lues, key=lambda v: v.periode)

    def dispersion(self, indicateur: str, periode: str, categorie: str) -> Dispersion | None:
        """Return the spread of a category's SIAE in this territory, or None if it was not computed."""
        lues = {v.modalite: v for v in self.modalites(indicateur, periode, f"dispersion_{categorie}")}
        if not {"q1", "mediane", "q3"} <= lues.keys():
            return None
        effectif = lues["mediane"].denominateur
        return Dispersion(lues["q1"], lues["mediane"], lues["q3"], int(effectif or 0))

    def remplacer(self, valeurs: Iterable[Valeur]) -> Valeurs:
        """Return a copy where the given values take the place of those with the same key."""
        remplacantes = list(valeurs)
        copie = Valeurs.de(self.niveau, self.code, remplacantes)
        copie.ajouter(self)
        return copie
