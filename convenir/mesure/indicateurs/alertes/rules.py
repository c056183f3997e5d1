"""Alerts of a structure or a département (décisions, § 6). Pure: figures, parameters and the day are passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs.rules import effectif_vise
from convenir.socle.commun import francais
from convenir.socle.commun.montants import arrondir

SEUIL_REALISATION = "iae.alertes.seuil_realisation"
MOIS_SANS_SAISIE = "iae.alertes.mois_sans_saisie"
ECART_SORTIES = "iae.alertes.ecart_sorties_points"
SORTIES_MINIMUM = "iae.alertes.sorties_minimum"
JOURS_FIN_ANNEXE = "iae.alertes.jours_fin_annexe"
BAISSE_PERSONNES = "iae.alertes.baisse_personnes"
# An alert is strong when realisation is this many points under its threshold, or this many days are left.
POINTS_FORTE, JOURS_FORTE = "iae.alertes.forte_points", "iae.alertes.forte_jours"
CODES = (
    SEUIL_REALISATION, MOIS_SANS_SAISIE, ECART_SORTIES, SORTIES_MINIMUM, JOURS_FIN_ANNEXE, BAISSE_PERSONNES,
    POINTS_FORTE, JOURS_FORTE,
)  # fmt: skip
FORTE, MODEREE = "forte", "moderee"


@dataclass(frozen=True)
class Alerte:
    """One alert, in the words of the pages.

    Attributes:
        code: realisation, saisie, sorties, fin_annexe or presents.
        gravite: forte or moderee.
        fait: the fact, printed in bold.
        chiffre: the figure, already printed.
        seuil: the threshold, already printed.
        consequence: what it means for the dialogue.
        indicateur: code of the figure, to open its source; empty when there is none.
        periode: period of the figure.
        parametres: codes of the parameters applied.
    """

    code: str
    gravite: str
    fait: str
    chiffre: str
    seuil: str
    consequence: str
    indicateur: str = ""
    periode: str = ""
    parametres: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Form kept in the database and printed in JSON."""
        return asdict(self) | {"parametres": list(self.parametres)}


@dataclass(frozen=True)
class Constat:
    """Figures of a structure that alerts look at; None = unknown.

    Attributes:
        taux: realisation year to date, in percent, over `periode`.
        realises, conventionnes: ETP year to date.
        mois_vides: closed and covered months without any entry, the latest in a row, as (year, month).
        dynamiques, examinees: exits of the year.
        objectif_dynamique: target, in percent.
        fin_annexe: last day of the annexe in force.
        suite_connue: a later annexe already exists.
    """

    taux: Decimal | None = None
    realises: Decimal | None = None
    conventionnes: Decimal | None = None
    periode: str = ""
    mois_vides: tuple[tuple[int, int], ...] = ()
    dynamiques: int | None = None
    examinees: int | None = None
    objectif_dynamique: Decimal | None = None
    annee: int = 0
    fin_annexe: date | None = None
    suite_connue: bool = False


@dataclass(frozen=True)
class Seuils:
    """Values of the parameters at the date of the calculation."""

    valeurs: Mapping[str, Decimal] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Decimal:
        return self.valeurs[code]


def alertes_structure(constat: Constat, seuils: Seuils, jour: date) -> list[Alerte]:
    """Return the alerts of a structure, the strong ones first."""
    trouvees = [
        _realisation(constat, seuils),
        _saisie(constat, seuils),
        _sorties(constat, seuils),
        _fin_annexe(constat, seuils, jour),
    ]
    return sorted((a for a in trouvees if a), key=lambda a: a.gravite != FORTE)


def _realisation(c: Constat, seuils: Seuils) -> Alerte | None:
    seuil = seuils[SEUIL_REALISATION]
    if c.taux is None or c.realises is None or c.conventionnes is None or c.taux >= seuil:
        return None
    mois = int(c.periode[5:7]) if len(c.periode) >= 7 else 12
    postes = arrondir((c.conventionnes - c.realises) * 12 / mois, 1)
    return Alerte(
        "realisation",
        FORTE if c.taux <= seuil - seuils[POINTS_FORTE] else MODEREE,
        f"Sous-consommation à fin {francais.mois(int(c.periode[:4]), mois)}.",
        francais.pourcent(c.taux),
        francais.pourcent(seuil, 0),
        f"{francais.etp(c.realises)} réalisés pour {francais.etp(c.conventionnes)} attendus à cette date : "
        f"l’équivalent de {francais.nombre(postes, 1)}{francais.INSECABLE}postes reste inoccupé.",
        "iae.etp.taux_realisation",
        c.periode,
        (SEUIL_REALISATION, POINTS_FORTE),
    )


def _saisie(c: Constat, seuils: Seuils) -> Alerte | None:
    seuil = int(seuils[MOIS_SANS_SAISIE])
    if len(c.mois_vides) < seuil or not c.mois_vides:
        return None
    premier = francais.mois(*min(c.mois_vides))
    return Alerte(
        "saisie",
        FORTE,
        f"Aucune saisie depuis {premier}.",
        francais.pluriel(len(c.mois_vides), "mois clos sans saisie", "mois clos sans saisie"),
        f"{seuil}{francais.INSECABLE}mois",
        "Les ETP, les personnes et les sorties de ces mois manquent : les chiffres de l’année sont provisoires.",
        "iae.etp.mois_manquants",
        str(c.annee),
        (MOIS_SANS_SAISIE,),
    )


def _sorties(c: Constat, seuils: Seuils) -> Alerte | None:
    if not c.examinees or c.dynamiques is None or c.objectif_dynamique is None:
        return None
    if c.examinees < seuils[SORTIES_MINIMUM]:
        return None
    taux = Decimal(100 * c.dynamiques) / c.examinees
    ecart = c.objectif_dynamique - taux
    if ecart < seuils[ECART_SORTIES]:
        return None
    manque = effectif_vise(c.objectif_dynamique, c.examinees) - c.dynamiques
    return Alerte(
        "sorties",
        MODEREE,
        "Sorties dynamiques au-dessous de l’objectif.",
        f"{francais.pourcent(taux)} ({c.dynamiques} sur {c.examinees})",
        f"objectif {francais.pourcent(c.objectif_dynamique, 0)}, alerte à partir de "
        f"{francais.nombre(seuils[ECART_SORTIES])}{francais.INSECABLE}points d’écart",
        f"Il manque {francais.pluriel(manque, 'sortie dynamique', 'sorties dynamiques')} pour atteindre l’objectif.",
        "iae.sorties.taux_dynamique",
        str(c.annee),
        (ECART_SORTIES, SORTIES_MINIMUM),
    )


def _fin_annexe(c: Constat, seuils: Seuils, jour: date) -> Alerte | None:
    if c.fin_annexe is None or c.suite_connue:
        return None
    reste = (c.fin_annexe - jour).days
    if not 0 <= reste <= seuils[JOURS_FIN_ANNEXE]:
        return None
    return Alerte(
        "fin_annexe",
        FORTE if reste <= seuils[JOURS_FORTE] else MODEREE,
        f"L’annexe financière s’achève le {francais.jour(c.fin_annexe)}.",
        francais.jour(c.fin_annexe),
        f"alerte {francais.pluriel(int(seuils[JOURS_FIN_ANNEXE]), 'jour')} avant",
        "Aucune annexe suivante n’est connue : le renouvellement est à instruire.",
        parametres=(JOURS_FIN_ANNEXE, JOURS_FORTE),
    )


def alerte_presents(
    moyenne: Decimal | None, precedente: Decimal | None, annee: int, mois: int, seuils: Seuils
) -> Alerte | None:
    """Return the alert of a département whose monthly mean of people present fell, over the same months.

    Args:
        moyenne: mean of the first `mois` months of the year.
        precedente: mean of the same months the year before.
        annee: the year.
        mois: closed months compared.
        seuils: the parameter `iae.alertes.baisse_personnes` is the fall tolerated, in persons.
    """
    if not moyenne or not precedente or mois == 0:
        return None
    perdues = precedente - moyenne
    if perdues <= seuils[BAISSE_PERSONNES]:
        return None
    baisse = perdues * 100 / precedente
    return Alerte(
        "presents",
        MODEREE,
        f"Moins de personnes présentes qu’en {annee - 1}.",
        f"{francais.nombre(moyenne, 1)} personnes par mois",
        f"{francais.nombre(precedente, 1)} personnes par mois en {annee - 1}",
        f"Baisse de {francais.pourcent(baisse)} sur les mêmes mois, jusqu'à {francais.MOIS[mois - 1]} ; "
        "les textes demandent que le nombre de personnes accueillies ne baisse pas.",
        "iae.publics.presents_moyenne",
        str(annee),
        (BAISSE_PERSONNES,),
    )
