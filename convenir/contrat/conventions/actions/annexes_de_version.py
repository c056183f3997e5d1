"""The annexe of a version says what its terms say: it follows them until it is keyed, and a signed act has its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from convenir.contrat.conventions.actions.lots import annexe_de
from convenir.contrat.conventions.models import A_REVOIR, VIVANTES, AnnexeFinanciere, EtatAnnexe, Version
from convenir.contrat.conventions.rules.annexes import mois_avant, postes_de_l_annee
from convenir.socle.commun.francais import etp
from convenir.socle.commun.montants import montant_annexe
from convenir.socle.commun.periodes import Periode

DES_TERMES = (
    "postes", "heures_etp", "montant_unitaire", "montant_total", "cofinanceur_id", "cofinancement", "sorties_prevues",
    "taux_durable", "taux_transition", "taux_positives", "taux_dynamique",
)  # fmt: skip
EN_COURS_D_ANNEE = "avenant en cours d'année : la saisir pour les mois restants, ou pour l'année entière"


def accorder_l_annexe(version: Version, *, maintenant: datetime) -> None:
    """Write the terms of a version in its annexes not keyed yet; one that changes is to be looked at again if need be.

    A keyed annexe is the ASP's business: it is left as it was keyed.
    """
    for annexe in version.annexes.select_for_update(of=("self",)).filter(etat__in=A_REVOIR):
        periode = Periode(annexe.debut, annexe.fin)
        neuve = annexe_de(version.convention, version, version.termes, periode, maintenant)
        if all(getattr(annexe, champ) == getattr(neuve, champ) for champ in DES_TERMES):
            continue
        for champ in (*DES_TERMES, "etat", "motif"):
            setattr(annexe, champ, getattr(neuve, champ))
        annexe.jeton += 1
        annexe.save()


def donner_son_annexe(version: Version, *, maintenant: datetime) -> AnnexeFinanciere | None:
    """Make the annexe of an act just signed when no batch prepared it; None for a mission locale, or when it has one.

    That of an avenant of the middle of a year is to be looked at: its months are those left, unless the service
    writes it for the whole year (`pour_l_annee`).
    """
    convention = version.convention
    if convention.structure_id is None or version.annexes.filter(etat__in=VIVANTES).exists():
        return None
    annexe = annexe_de(convention, version, version.termes, version.periode_de_l_annexe, maintenant)
    if version.rang and (version.effet.month, version.effet.day) != (1, 1):
        annexe.etat, annexe.motif = EtatAnnexe.EXCEPTION, EN_COURS_D_ANNEE
    annexe.save()
    return annexe


@dataclass(frozen=True)
class AnneeEntiere:
    """The annexe of an in-year avenant written for the whole year: posts in ETP, total in euros."""

    postes: Decimal
    total: Decimal
    calcul: str


def pour_l_annee(annexe: AnnexeFinanciere) -> AnneeEntiere | None:
    """Return what an annexe would say for the whole year; None when the year cannot be weighed.

    It is weighed when the avenant takes effect on the first day of a month, and the terms before it are known and
    cover the year from its first day.
    """
    version, mois = annexe.version, mois_avant(annexe.version.effet)
    if not version.rang or not mois or annexe.fin != date(annexe.annee + 1, 1, 1):
        return None
    avant = version.convention.versions.signees().filter(rang__lt=version.rang).order_by("rang").last()
    if avant is None or avant.effet > date(annexe.annee, 1, 1) or version.termes.postes is None:
        return None
    if avant.termes.postes is None or (avant.clauses_fin or version.effet) < version.effet:
        return None
    postes = postes_de_l_annee(avant.termes.postes, version.termes.postes, mois)
    calcul = f"{etp(avant.termes.postes)} sur {mois} mois, puis {etp(version.termes.postes)} sur {12 - mois} mois"
    return AnneeEntiere(postes, montant_annexe(postes, annexe.montant_unitaire, 12), calcul)
