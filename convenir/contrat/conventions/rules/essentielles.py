"""Essential data of grant agreements: the columns of the public format, and what one row may say. Pure.

Décret n° 2017-779 du 5 mai 2017, arrêté du 17 novembre 2017 and its référentiel; columns and patterns read in the
schema « Subventions » of the SCDL, version 2.1.1 (schema.data.gouv.fr), which cites both texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

COLONNES = (
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire", "idBeneficiaire",
    "rnaBeneficiaire", "objet", "montant", "nature", "conditionsVersement", "datesPeriodeVersement", "idRAE",
    "notificationUE", "pourcentageSubvention", "dispositifAide",
)  # fmt: skip
LONGUEUR_OBJET = 256
SIRET = re.compile(r"[0-9]{14}\Z")
EN_NUMERAIRE, ECHELONNE = "aide en numéraire", "échelonné"
# Catégories juridiques de l'Insee : celles en 1 sont des personnes physiques.
PERSONNE_PHYSIQUE = "1"


@dataclass(frozen=True)
class Subvention:
    """What one funder grants to one body by one signed act.

    Attributes:
        forme: legal category of the beneficiary (Insee), to leave natural persons out; empty when unknown.
        montant: in euros, for the period.
        debut, fin: period of payment, the last day out.
        notifiee_ue: whether it is a *de minimis* aid notified to the European Commission.
    """

    attribuant: str
    siret_attribuant: str
    signee_le: date
    reference: str
    beneficiaire: str
    siret_beneficiaire: str
    forme: str
    objet: str
    montant: Decimal
    debut: date
    fin: date
    notifiee_ue: bool = False


@dataclass(frozen=True)
class Ecartee:
    """A grant that is not published, and why."""

    subvention: Subvention
    raison: str


def raison_d_ecarter(s: Subvention, seuil: Decimal) -> str:
    """Say why a grant is not published; nothing when it is.

    Args:
        seuil: yearly amount above which an agreement and its publication are due, in euros.
    """
    if s.forme.startswith(PERSONNE_PHYSIQUE):
        return "le bénéficiaire est une personne physique"
    if s.montant <= seuil:
        return "le montant ne dépasse pas le seuil"
    manques = [
        nom
        for nom, siret in (("de l'attribuant", s.siret_attribuant), ("du bénéficiaire", s.siret_beneficiaire))
        if not SIRET.match(siret)
    ]
    return f"SIRET inconnu : {' et '.join(manques)}" if manques else ""


def trier(subventions: Iterable[Subvention], seuil: Decimal) -> tuple[list[Subvention], list[Ecartee]]:
    """Part what is published from what is not, in the order of the file: date, reference, funder."""
    publiees, ecartees = [], []
    for s in sorted(subventions, key=lambda s: (s.signee_le, s.reference, s.attribuant, s.debut)):
        raison = raison_d_ecarter(s, seuil)
        if raison:
            ecartees.append(Ecartee(s, raison))
        else:
            publiees.append(s)
    return publiees, ecartees


def rang(s: Subvention) -> list[str]:
    """Write a row: ISO dates, a point in numbers, one beneficiary for the whole; what is unknown stays empty."""
    dernier = s.fin - timedelta(days=1)
    return [
        s.attribuant, s.siret_attribuant, s.signee_le.isoformat(), s.reference, s.beneficiaire, s.siret_beneficiaire,
        "", s.objet[:LONGUEUR_OBJET], format(s.montant, ".2f"), EN_NUMERAIRE, ECHELONNE,
        f"{s.debut.isoformat()}/{dernier.isoformat()}", "", "oui" if s.notifiee_ue else "non", "1.00", "",
    ]  # fmt: skip


def rangs(subventions: Iterable[Subvention]) -> Iterator[list[str]]:
    """Yield the file: its columns, then one row by grant."""
    yield list(COLONNES)
    yield from map(rang, subventions)
