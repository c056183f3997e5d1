"""L'annexe financière dit ce que disent les termes de son acte, jusqu'à sa saisie dans l'extranet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from convenir.contrat.conventions.actions import (
    AvisRendu,
    NouvelAvenant,
    etablir_pour_l_annee,
    mettre_en_signature,
    modifier_termes,
    passer,
    preparer_avenant,
    preparer_avenants,
    rendre_avis,
    revoir,
    saisir,
)
from convenir.contrat.conventions.actions.annexes_de_version import pour_l_annee
from convenir.contrat.conventions.actions.annexes_lues import suivre_l_asp
from convenir.contrat.conventions.actions.taches_du_lot import tenir_le_lot
from convenir.contrat.conventions.models import AnnexeFinanciere, Convention, Version
from convenir.contrat.conventions.rules.annexes import mois_avant, postes_de_l_annee
from convenir.contrat.conventions.rules.termes import Termes
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.roles import Role
from convenir.socle.taches.models import Tache
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, monde, tout_signer
from tests.contrat.conventions.test_annexes_lues import lue
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import TERMES, CpoFactory, VersionFactory, convention_en_cours
from tests.factories_socle import DepartementFactory, ServiceDepartementalFactory, StructureFactory

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


def en_cours_d_annee(effet: date = date(2026, 7, 1)) -> AnnexeFinanciere:
    """L'annexe d'un avenant signé en cours d'année : de 12 à 14 postes."""
    convention = signer(monde().convention())
    passer(SYSTEME, convention, "commencer", jour=date(2026, 2, 1), maintenant=INSTANT)
    avenant = NouvelAvenant(effet, None, "Postes", replace(TERMES, postes=Decimal(14)))
    preparer_avenant(SYSTEME, convention, avenant, **TEMPS)
    signer(convention)
    return convention.annexes.get(version__rang=1)


def test_la_moyenne_de_l_annee_pese_les_mois():
    assert postes_de_l_annee(Decimal(12), Decimal(14), 6) == Decimal("13.00")
    assert postes_de_l_annee(Decimal(12), Decimal(14), 10) == Decimal("12.33")
    assert postes_de_l_annee(Decimal("7.95"), Decimal("8.86"), 8) == Decimal("8.25")
    assert (mois_avant(date(2026, 7, 1)), mois_avant(date(2026, 7, 15))) == (6, None)
    for mois in (0, 12):
        with pytest.raises(ValueError, match="entre un et onze"):
            postes_de_l_annee(Decimal(1), Decimal(2), mois)


def test_l_annexe_d_un_avenant_en_cours_d_annee_s_ecrit_pour_l_annee_entiere_si_le_service_le_veut():
    annexe = en_cours_d_annee()
    entiere = pour_l_annee(annexe)
    assert (entiere.postes, entiere.total) == (Decimal("13.00"), Decimal("310973.00"))
    faite = etablir_pour_l_annee(SYSTEME, annexe)
    assert (faite.debut, faite.fin, faite.postes, faite.etat) == (
        date(2026, 1, 1), date(2027, 1, 1), Decimal("13.00"), "revue",
    )  # fmt: skip
    assert faite.version.termes.postes == 14, "l'acte signé ne change pas"


def test_l_annee_entiere_ne_se_calcule_pas_d_un_effet_en_cours_de_mois():
    annexe = en_cours_d_annee(date(2026, 7, 15))
    assert pour_l_annee(annexe) is None
    with pytest.raises(ActionRefusee, match="ne se calcule pas"):
        etablir_pour_l_annee(SYSTEME, annexe)


def test_l_annexe_d_un_avenant_signe_a_sa_tache_jusqu_a_sa_saisie():
    annexe = en_cours_d_annee()
    objet = f"{annexe.convention.reference}/annexe-{annexe.pk}"
    tache = Tache.objects.get(code="conventions.saisir_annexe", objet=objet, faite_le=None)
    assert "revoir puis saisir" in tache.libelle
    assert tache.organisation == annexe.convention.service
    revoir(SYSTEME, annexe)
    assert Tache.objects.get(pk=tache.pk).libelle.count("revoir") == 0
    saisir(SYSTEME, annexe, "ACI440260001A0M1")
    assert Tache.objects.get(pk=tache.pk).faite_le is not None


def test_la_tache_du_lot_se_recompte_quand_un_avenant_est_abandonne_ou_une_annexe_rejetee():
    departement = DepartementFactory(code="44", nom="Loire-Atlantique fictive")
    ServiceDepartementalFactory(departement=departement)
    for _ in range(3):
        convention_en_cours(TERMES, structure=StructureFactory(departement=departement))
    preparer_avenants(SYSTEME, "44", 2027, essai=False, jour=date(2026, 11, 27), maintenant=INSTANT)

    def dite() -> str:
        return Tache.objects.get(code="conventions.lot", faite_le=None).libelle.replace("\xa0", " ")

    assert dite() == "3 annexes 2027 : saisir dans l’extranet"
    premiere, deuxieme, _ = AnnexeFinanciere.objects.order_by("pk")
    passer(SYSTEME, premiere.convention, "abandonner_avenant", motif="Refusé", jour=JOUR, maintenant=INSTANT)
    assert dite() == "2 annexes 2027 : saisir dans l’extranet"
    saisir(SYSTEME, deuxieme, "ACI044260013A1M0")
    assert dite() == "1 annexe 2027 : saisir dans l’extranet"
    lue(deuxieme.convention.structure, "REJETE")
    suivre_l_asp(maintenant=INSTANT)
    assert dite() == "1 annexe rejetée 2027 : revoir, puis saisir de nouveau"
    deuxieme.refresh_from_db()
    reprise = revoir(SYSTEME, deuxieme)
    assert (reprise.etat, reprise.numero) == ("revue", "")
    assert dite() == "2 annexes 2027 : saisir dans l’extranet"


def test_une_annexe_saisie_n_efface_pas_ce_qui_reste_a_preparer():
    departement = DepartementFactory(code="44", nom="Loire-Atlantique fictive")
    ServiceDepartementalFactory(departement=departement)
    for _ in range(2):
        convention_en_cours(TERMES, structure=StructureFactory(departement=departement))
    premiere = Convention.objects.order_by("pk").first()
    preparer_avenants(SYSTEME, "44", 2027, essai=False, jour=date(2026, 11, 27), maintenant=INSTANT,
                      seulement=[premiere.pk])  # fmt: skip
    tenir_le_lot("44", 2027, maintenant=INSTANT, a_preparer=1)
    saisir(SYSTEME, AnnexeFinanciere.objects.get(), "ACI044260013A1M0")
    tache = Tache.objects.get(code="conventions.lot", faite_le=None)
    assert tache.libelle == "1\xa0convention : préparer les annexes 2027"


def test_la_page_d_une_annexe_en_cours_d_annee_montre_les_deux_ecritures():
    annexe = en_cours_d_annee()
    client = acteurs_par_role(annexe.convention.structure)[Role.DEPARTEMENTAL].client
    adresse = reverse("conventions:annexe", args=[annexe.convention.reference, annexe.pk])
    page = client.get(adresse).content.decode()
    assert "deux écritures" in page
    assert "310\u202f973,00" in page
    client.post(reverse("conventions:annexe_annee_entiere", args=[annexe.convention.reference, annexe.pk]))
    annexe.refresh_from_db()
    assert annexe.postes == Decimal("13.0000")


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
