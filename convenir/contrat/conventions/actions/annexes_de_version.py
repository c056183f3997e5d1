"""The annexe of a version says what its terms say: it follows them until it is keyed, and a signed act has its own."""

from __future__ import annotations

from datetime import date, datetime

from convenir.contrat.conventions.actions.lots import annexe_de
from convenir.contrat.conventions.models import A_REVOIR, VIVANTES, AnnexeFinanciere, EtatAnnexe, Version
from convenir.socle.commun.periodes import Periode

DES_TERMES = (
    "postes", "heures_etp", "montant_unitaire", "montant_total", "cofinanceur_id", "cofinancement", "sorties_prevues",
    "taux_durable", "taux_transition", "taux_positives", "taux_dynamique",
)  # fmt: skip
EN_COURS_D_ANNEE = "avenant en cours d'année : vérifier la période et le total"


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

    That of an avenant of the middle of a year is to be looked at: its months are those left.
    """
    convention = version.convention
    if convention.structure_id is None or version.annexes.filter(etat__in=VIVANTES).exists():
        return None
    fin = min(date(version.effet.year + 1, 1, 1), version.clauses_fin or convention.fin, convention.fin)
    annexe = annexe_de(convention, version, version.termes, Periode(version.effet, fin), maintenant)
    if version.rang and (version.effet.month, version.effet.day) != (1, 1):
        annexe.etat, annexe.motif = EtatAnnexe.EXCEPTION, EN_COURS_D_ANNEE
    annexe.save()
    return annexe
