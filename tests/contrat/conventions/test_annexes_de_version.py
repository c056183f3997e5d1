"""L'annexe financière dit ce que disent les termes de son acte, jusqu'à sa saisie dans l'extranet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from convenir.contrat.conventions.actions import (
    AvisRendu,
    NouvelAvenant,
    mettre_en_signature,
    modifier_termes,
    passer,
    preparer_avenant,
    preparer_avenants,
    rendre_avis,
    saisir,
)
from convenir.contrat.conventions.models import AnnexeFinanciere, Convention, Version
from convenir.contrat.conventions.rules.termes import Termes
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, monde, tout_signer
from tests.factories_conventions import TERMES, CpoFactory, VersionFactory, convention_en_cours
from tests.factories_socle import DepartementFactory, StructureFactory

pytestmark = pytest.mark.django_db
TEMPS = {"jour": JOUR, "maintenant": INSTANT}


def signer(convention: Convention) -> Convention:
    passer(SYSTEME, convention, "soumettre_avis", **TEMPS)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    tout_signer(mettre_en_signature(SYSTEME, convention, **TEMPS))
    return Convention.objects.get(pk=convention.pk)


def preparee() -> AnnexeFinanciere:
    departement = DepartementFactory(code="44", nom="Loire-Atlantique fictive")
    convention_en_cours(TERMES, structure=StructureFactory(departement=departement))
    preparer_avenants(SYSTEME, "44", 2027, essai=False, jour=date(2026, 11, 27), maintenant=INSTANT)
    return AnnexeFinanciere.objects.get()


def changer(annexe: AnnexeFinanciere, **champs) -> AnnexeFinanciere:
    version = Version.objects.get(pk=annexe.version_id)
    termes = replace(version.termes, **champs)
    modifier_termes(SYSTEME, version, termes, jeton=version.jeton, maintenant=INSTANT)
    return AnnexeFinanciere.objects.get(pk=annexe.pk)


def test_une_convention_signee_a_l_annexe_de_sa_premiere_annee():
    m = monde()
    convention = m.convention(m.cofinancees())
    assert not convention.annexes.exists()
    annexe = signer(convention).annexes.get()
    assert (annexe.annee, annexe.debut, annexe.fin, annexe.etat) == (
        2026,
        date(2026, 1, 1),
        date(2027, 1, 1),
        "preparee",
    )
    assert (annexe.postes, annexe.montant_total, annexe.taux_dynamique) == (12, Decimal("287052.00"), 62)
    assert (annexe.cofinanceur, annexe.cofinancement) == (m.departement, 47842)


def test_une_premiere_annee_incomplete_se_revoit():
    convention = monde().convention(debut=date(2026, 7, 1), fin=date(2028, 7, 1), motif_periode="Ouverture en juillet")
    annexe = signer(convention).annexes.get()
    assert (annexe.etat, annexe.montant_total) == ("exception", Decimal("143526.00"))
    assert "6 mois" in annexe.motif


def test_un_avenant_en_cours_d_annee_a_son_annexe_a_revoir():
    convention = signer(monde().convention())
    passer(SYSTEME, convention, "commencer", jour=date(2026, 2, 1), maintenant=INSTANT)
    avenant = NouvelAvenant(date(2026, 7, 1), None, "Postes", replace(TERMES, postes=Decimal(14)))
    preparer_avenant(SYSTEME, convention, avenant, **TEMPS)
    signer(convention)
    annexe = convention.annexes.get(version__rang=1)
    assert (annexe.postes, annexe.debut, annexe.etat) == (14, date(2026, 7, 1), "exception")
    assert "en cours d'année" in annexe.motif


def test_l_annexe_du_lot_suit_les_termes_de_son_avenant_et_n_est_pas_doublee_a_la_signature():
    annexe = changer(preparee(), postes=Decimal("13.5"), taux_durable=Decimal(25))
    assert (annexe.postes, annexe.montant_total) == (Decimal("13.5"), Decimal("322933.50"))
    assert (annexe.taux_durable, annexe.taux_dynamique, annexe.etat) == (25, 64, "preparee")
    incomplete = changer(annexe, taux_durable=None)
    assert (incomplete.etat, incomplete.taux_dynamique) == ("exception", None)
    assert "objectifs de sortie incomplets" in incomplete.motif
    assert changer(incomplete, taux_durable=Decimal(25)).etat == "preparee"


def test_une_annexe_saisie_reste_ce_qui_a_ete_saisi():
    annexe = preparee()
    saisir(SYSTEME, annexe, "ACI044260013A1M0")
    assert changer(annexe, postes=Decimal(20)).postes == 12


def test_l_annexe_d_un_avenant_abandonne_n_est_plus_a_saisir():
    annexe = preparee()
    passer(SYSTEME, annexe.convention, "abandonner_avenant", motif="Refusé", jour=JOUR, maintenant=INSTANT)
    annexe.refresh_from_db()
    assert annexe.etat == "annule"
    preparer_avenants(SYSTEME, "44", 2027, essai=False, jour=date(2026, 11, 27), maintenant=INSTANT)
    assert sorted(AnnexeFinanciere.objects.values_list("etat", flat=True)) == ["annule", "preparee"]


def test_une_cpo_n_a_pas_d_annexe():
    cpo = CpoFactory(etat="en_negociation")
    VersionFactory(convention=cpo, termes=Termes(dotation=Decimal(480000)))
    tout_signer(mettre_en_signature(SYSTEME, cpo, **TEMPS))
    assert Convention.objects.get(pk=cpo.pk).etat == "signe"
    assert not cpo.annexes.exists()
