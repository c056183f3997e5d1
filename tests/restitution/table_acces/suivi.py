"""Follow-up: what the State, the structure and its partners reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.actions.bilans import ouvrir_bilan
from convenir.contrat.suivi.models import (
    AnalyseDeResultats,
    Bilan,
    CampagneDeControle,
    Contestation,
    Engagement,
    InformationCommission,
    Moyen,
)
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import ROLES_ETAT, ROLES_STRUCTURE
from convenir.socle.organisations.models import Structure
from tests.factories_conventions import convention_en_cours
from tests.restitution.table_acces.commun import Lieu, Ligne, R

CONVENTIONS = {R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.SIGNATAIRE, R.FRANCE_TRAVAIL, R.FINANCEUR, *ROLES_STRUCTURE}
PRESCRIPTEURS = CONVENTIONS - ROLES_ETAT
INSTRUISENT = {R.REGIONAL, R.DEPARTEMENTAL}
COMMISSION = INSTRUISENT | {R.SIGNATAIRE, R.MEMBRE_CDIAE}


def _ouverts(*noms: str, **autres: Any) -> list[Ligne]:
    return [Ligne(f"suivi:{nom}", CONVENTIONS, **autres) for nom in noms]


def _instruits(*noms: str, **autres: Any) -> list[Ligne]:
    return [Ligne(f"suivi:{nom}", INSTRUISENT, **autres) for nom in noms]


LIGNES = [
    *_ouverts("liste", "exporter", "signes", "signes_exporter", "contestations", "exports", "convention", "bilan",
              "rapprochement", "contestation", "engagement_ajouter", "engagement"),
    Ligne("suivi:prescriptions", PRESCRIPTEURS),
    Ligne("suivi:informations", COMMISSION),
    *(Ligne(f"suivi:{n}", COMMISSION, cible=cible, exceptions=dict.fromkeys(hors, 404))
      for n in ("information", "commission_exporter")
      for cible, hors in (("", ()), ("ailleurs", COMMISSION - {R.REGIONAL}))),
    *_ouverts("bilan_ouvrir", "bilan_passer", methode="post", oui=302),
    Ligne("suivi:convention", {R.NATIONAL, R.REGIONAL}, cible="ailleurs",
          exceptions=dict.fromkeys(CONVENTIONS - {R.NATIONAL, R.REGIONAL}, 404)),
    *_instruits("echeances", "referents", "designer", "reprise", "commission", "commission_du_jour",
                "moyen_ajouter", "moyen", "bilan_rendre", "trancher"),
    *_instruits("annexe_ajouter", "annexe_rattacher", "analyse", "preconiser", "preconisation", "controles",
                "campagne", "controle", "embauches"),
    *_instruits("controle_avancer", "cofinanceur_informe", methode="post", oui=302),
    Ligne("suivi:prescription", set(ROLES_STRUCTURE),
          exceptions=dict.fromkeys(PRESCRIPTEURS - set(ROLES_STRUCTURE), 404)),
    Ligne("suivi:compte_rendu", set(ROLES_STRUCTURE)),
    Ligne("suivi:bilan_sans_compte_rendu", {R.DIRECTION_STRUCTURE}),
    Ligne("suivi:contester", {R.DIRECTION_STRUCTURE}),
]  # fmt: skip


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about: a running convention of the structure, one of each of its parts."""

    def de(*lire: Callable[[Convention], Any]) -> Callable[[], list[Any]]:
        return lambda: [c.reference, *(f(c) for f in lire)] if (c := _convention(lieu.s)) else []

    annee = lambda c: _bilan(c).annee
    return {
        "suivi:exports": lambda: ["moyens", "csv"],
        **{f"suivi:{n}": de() for n in ("convention", "designer", "moyen_ajouter", "engagement_ajouter")},
        **{f"suivi:{n}": de(annee) for n in ("bilan", "bilan_ouvrir", "bilan_rendre", "rapprochement")},
        "suivi:bilan_passer": de(annee, lambda c: "deposer"),
        "suivi:trancher": de(annee, lambda c: _bilan(c).chiffres.first().pk),
        "suivi:moyen": de(_moyen),
        "suivi:engagement": de(_engagement),
        "suivi:prescription": lambda: [_engagement_du_porteur(lieu.s)],
        "suivi:contestation": lambda: [_contestation(lieu.s)],
        "suivi:information": lambda: [_commission(lieu.s)],
        "suivi:commission_exporter": lambda: [_commission(lieu.s)],
        **{f"suivi:{n}": de() for n in ("annexe_ajouter", "analyse")},
        "suivi:preconiser": lambda: [_analyse(_convention(lieu.s)).convention.reference],
        "suivi:preconisation": de(lambda c: _analyse(c).preconisations.create(libelle="x", horizon=2028).pk),
        "suivi:annexe_rattacher": de(lambda c: c.annexes_de_financeurs.create(annee=2024, financeur="y", prevu=1).pk),
        "suivi:bilan_sans_compte_rendu": de(annee),
        "suivi:compte_rendu": de(lambda c: c.annexes_de_financeurs.create(annee=2025, financeur="x", prevu=1).pk),
        "suivi:campagne": lambda: [_campagne(lieu.s).pk],
        "suivi:controle": lambda: [_campagne(lieu.s).controles.create(structure=lieu.s).pk],
        "suivi:embauches": lambda: [_campagne(lieu.s).controles.create(structure=lieu.s).pk],
        "suivi:cofinanceur_informe": lambda: [_campagne(lieu.s).controles.create(structure=lieu.s).pk],
        "suivi:controle_avancer": lambda: [_campagne(lieu.s).controles.create(structure=lieu.s).pk, "notifier"],
        "suivi:contester": lambda: [lieu.s.pk, "iae.etp.realises", "2025"],
    }


def _convention(structure: Structure) -> Convention:
    existante = Convention.objects.filter(structure=structure).first()
    return existante or convention_en_cours(structure=structure, debut=date(2025, 1, 1), fin=date(2028, 1, 1))


def _engagement_du_porteur(structure: Structure) -> int:
    sienne = _convention(structure)
    return Engagement.objects.create(
        convention=sienne, annee=2026, nature="offres", partie="x", nombre=1, organisation=structure.porteur
    ).pk


def _bilan(convention: Convention) -> Bilan:
    return ouvrir_bilan(Acteur.systeme("Essai"), convention, 2025, maintenant=timezone.now())


def _analyse(convention: Convention) -> AnalyseDeResultats:
    return AnalyseDeResultats.objects.create(
        convention=convention, issue="a_apprecier", faite_le=timezone.now(), faite_par="x"
    )


def _campagne(structure: Structure) -> CampagneDeControle:
    return CampagneDeControle.objects.create(
        departement=structure.departement, annee=2025, graine="g", population=[structure.code],
        empreinte="x", taille=1, tiree_le=timezone.now(), tiree_par="x",
    )  # fmt: skip


def _moyen(convention: Convention) -> int:
    return Moyen.objects.create(
        convention=convention, annee=2026, nature="dla", libelle="DLA", fournisseur="DLA 85"
    ).pk


def _engagement(convention: Convention) -> int:
    champs = {"annee": 2026, "partie": "Agence", "nature": "orientations", "nombre": 20}
    return Engagement.objects.create(convention=convention, **champs).pk


def _contestation(structure: Structure) -> int:
    champs = {"indicateur": "iae.etp.realises", "periode": "2025", "libelle": "ETP", "valeur_montree": "1"}
    return Contestation.objects.create(
        structure=structure, explication="x", ouverte_le=timezone.now(), ouverte_par="x", **champs
    ).pk


def _commission(structure: Structure) -> int:
    return InformationCommission.objects.create(
        departement=structure.departement, jour=date(2026, 3, 1), faite_le=timezone.now(), faite_par="x"
    ).pk
