"""The yearly bilan d'activité: its six items (R. 5132-3), its due date, the reconciliation of two sources. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from convenir.socle.commun.francais import enumeration, jour, pluriel


@dataclass(frozen=True)
class Rubrique:
    """One of the six legal items; `chiffres` are the indicators (code, words) that pre-fill it."""

    code: str
    titre: str
    aide: str
    chiffres: tuple[tuple[str, str], ...] = ()


# Code du travail, R. 5132-3 (EI), de même R. 5132-13 (AI) et R. 5132-29 (ACI).
RUBRIQUES = (
    Rubrique("moyens", "Moyens humains et matériels", "Encadrants, accompagnateurs, locaux, matériel.",
             (("etp_realises", "ETP d'insertion réalisés"), ("etp_conventionnes", "ETP conventionnés"))),
    Rubrique("personnes", "Personnes embauchées et leurs contrats", "Qui a été accueilli, sous quels contrats.",
             (("presents", "Personnes présentes dans l'année"),)),
    Rubrique("suivi", "Suivi individuel et accompagnement", "Nature, objet et durée de l'accompagnement."),
    Rubrique("actions_sociales", "Propositions d'action sociale", "Pendant le parcours et avant la sortie."),
    Rubrique("propositions", "Propositions d'orientation, de formation ou d'emploi",
             "Ce qui a été proposé, et les suites données."),
    Rubrique("retour_emploi", "Accès et retour à l'emploi", "Ce que sont devenues les personnes sorties.",
             (("sorties_examinees", "Sorties examinées"), ("sorties_dynamiques", "Sorties dynamiques"),
              ("sorties_durables", "Sorties en emploi durable"))),
)  # fmt: skip
CHIFFRES = {code: libelle for r in RUBRIQUES for code, libelle in r.chiffres}


class Depot(StrEnum):
    """When a bilan was filed."""

    A_TEMPS = "à temps"
    EN_RETARD = "en retard"
    SANS_DATE = "sans date limite"


def depot(depose_le: date, echeance: date | None) -> Depot:
    """Say whether a bilan came in time: the due date itself is in time."""
    if echeance is None:
        return Depot.SANS_DATE
    return Depot.A_TEMPS if depose_le <= echeance else Depot.EN_RETARD


def delai_du_depot(depose_le: date, echeance: date | None) -> str:
    """Write it: « à temps », « en retard de 3 jours », « déposé ; aucune date limite n'est fixée »."""
    if echeance is None:
        return "déposé ; aucune date limite n'est fixée"
    retard = (depose_le - echeance).days
    return "à temps" if retard <= 0 else f"en retard de {pluriel(retard, 'jour')} (attendu le {jour(echeance)})"


def rubriques_vides(textes: Mapping[str, str]) -> list[Rubrique]:
    """Return the legal items that say nothing: a bilan is not filed without the six."""
    return [r for r in RUBRIQUES if not textes.get(r.code, "").strip()]


@dataclass(frozen=True)
class CompteRendu:
    """The *compte rendu financier* due to a funder with the bilan; `cle` None: the service wrote no annex for it.

    Attributes:
        rendu_le: day it was given; None while it is missing.
    """

    financeur: str
    cle: int | None
    rendu_le: date | None = None

    @property
    def manque(self) -> bool:
        """Whether it is still due."""
        return self.rendu_le is None


def refus_sans_compte_rendu(manquants: Sequence[str], motif: str, attendu_le: date | None, depot: date) -> str:
    """Say why a bilan may not be filed yet: accounts missing, and neither a reason nor a day they are awaited.

    Args:
        manquants: funders whose account is missing.
        motif: why the bilan is filed without them.
        attendu_le: day on which they are awaited.
        depot: day of the filing.
    """
    if not manquants:
        return ""
    if attendu_le is not None and attendu_le < depot:
        return "Un compte rendu financier s'attend après le dépôt du bilan."
    if motif.strip() or attendu_le is not None:
        return ""
    noms = enumeration(manquants)
    return f"Compte rendu financier manquant : {noms}. Rendez compte, ou dites pourquoi, ou quand il viendra."


@dataclass(frozen=True)
class Ecart:
    """The same figure in two sources; `difference` is structure − extranet, None when one of them is unknown."""

    code: str
    libelle: str
    extranet: Decimal | None
    structure: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Structure minus extranet."""
        return None if self.extranet is None or self.structure is None else self.structure - self.extranet

    @property
    def concorde(self) -> bool:
        """Whether both are known and equal (or equal once the extranet's decimals are rounded alike)."""
        return self.difference is not None and abs(self.difference) < Decimal("0.005")

    @property
    def a_trancher(self) -> bool:
        """Whether the sources differ, or one alone knows; a figure that neither gives asks for nothing."""
        return not self.concorde and not (self.extranet is None and self.structure is None)
