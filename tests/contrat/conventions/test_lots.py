"""Avenants et annexes d'une année, par lot : ce qui est préparé, ce qui est à revoir, ce qui est écarté."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenir.contrat.conventions.actions import preparer_avenants, revoir, saisir
from convenir.contrat.conventions.models import AnnexeFinanciere, Convention, Version
from convenir.contrat.conventions.queries import trouver
from convenir.contrat.conventions.states import EtatConvention
from convenir.restitution.commandes.principal import main
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import INSTANT, SYSTEME
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import TERMES, convention_en_cours
from tests.factories_socle import DepartementFactory, StructureFactory

pytestmark = pytest.mark.django_db
TEMPS = {"jour": date(2026, 11, 27), "maintenant": INSTANT}


@pytest.fixture
def departement():
    return DepartementFactory(code="44", nom="Loire-Atlantique fictive")


def en_cours(departement, termes=TERMES, **champs) -> Convention:
    return convention_en_cours(termes, structure=StructureFactory(departement=departement), **champs)


def preparer(annee: int = 2027, *, essai: bool = False, acteur=SYSTEME):
    return preparer_avenants(acteur, "44", annee, essai=essai, **TEMPS)


def test_chaque_convention_en_cours_recoit_son_avenant_et_son_annexe_au_nouveau_montant(departement):
    convention = en_cours(departement)
    rapport = preparer()
    assert [ligne.reference for ligne in rapport.preparees] == [convention.reference]
    version, annexe = Version.objects.get(rang=1), AnnexeFinanciere.objects.get()
    assert (version.nature, version.numero, version.effet, version.clauses_fin) == (
        "avenant", 1, date(2027, 1, 1), date(2028, 1, 1),
    )  # fmt: skip
    assert (annexe.postes, annexe.montant_unitaire, annexe.montant_total) == (12, 23921, Decimal("287052.00"))
    assert version.termes == replace(TERMES, montant_unitaire=annexe.montant_unitaire)
    assert Convention.objects.get(pk=convention.pk).etat == EtatConvention.AVENANT_EN_PREPARATION
    assert convention.passages.get().transition == "preparer_avenant"


def test_essayer_n_ecrit_rien_et_rejouer_ne_change_rien(departement):
    en_cours(departement)
    assert len(preparer(essai=True).preparees) == 1
    assert not AnnexeFinanciere.objects.exists()
    preparer()
    assert preparer().preparees == []
    assert AnnexeFinanciere.objects.count() == 1


def test_une_convention_suspendue_est_ecartee_une_convention_d_une_autre_annee_est_ignoree(departement):
    suspendue = en_cours(departement)
    Convention.objects.filter(pk=suspendue.pk).update(
        etat="suspendu", suspendue_le=date(2026, 6, 1), etat_precedent="en_cours"
    )
    en_cours(departement, fin=date(2027, 1, 1))
    rapport = preparer()
    assert rapport.preparees == []
    assert "une à une" in rapport.ecartees[0].exception


def test_une_annexe_partielle_est_a_revoir_son_mois_est_arrondi_avant_d_etre_multiplie(departement):
    en_cours(departement, fin=date(2027, 4, 1))
    annexe = preparer() and AnnexeFinanciere.objects.get()
    assert annexe.etat == "exception"
    assert "3 mois" in annexe.motif
    assert annexe.montant_total == Decimal("71763.00")
    with pytest.raises(ActionRefusee, match="à revoir d'abord"):
        saisir(SYSTEME, annexe, "ACI044260013A1M0")
    revue = revoir(SYSTEME, annexe, postes=Decimal("10.5"))
    assert (revue.etat, revue.montant_total) == ("revue", Decimal("62792.64"))
    assert Version.objects.get(rang=1).termes.postes == Decimal("10.5")
    assert saisir(SYSTEME, annexe, "aci 044-26 0013 a1m0").numero == "ACI044260013A1M0"
    with pytest.raises(ActionRefusee, match="saisie"):
        revoir(SYSTEME, annexe)


def test_un_numero_d_une_autre_mesure_ou_illisible_est_refuse(departement):
    en_cours(departement)
    annexe = preparer() and AnnexeFinanciere.objects.get()
    with pytest.raises(EntreeInvalide, match="numéro de EI"):
        saisir(SYSTEME, annexe, "EI044260013A1M0")
    with pytest.raises(EntreeInvalide, match="Forme attendue"):
        saisir(SYSTEME, annexe, "treize")


def test_le_lot_se_prepare_dans_son_territoire_seulement(departement):
    convention = en_cours(departement)
    gens = acteurs_par_role(convention.structure)
    assert preparer(essai=True, acteur=gens[Role.DEPARTEMENTAL].acteur).preparees
    with pytest.raises(ActionRefusee):
        preparer(essai=True, acteur=gens[Role.FRANCE_TRAVAIL].acteur)
    DepartementFactory(code="85", nom="Vendée fictive")
    with pytest.raises(ActionRefusee, match="territoire"):
        preparer_avenants(gens[Role.DEPARTEMENTAL].acteur, "85", 2027, essai=True, **TEMPS)
    with pytest.raises(EntreeInvalide, match="n'existe pas"):
        preparer_avenants(SYSTEME, "999", 2027, essai=True, **TEMPS)


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_conventions(departement):
    def requetes(nombre: int) -> int:
        for _ in range(nombre):
            en_cours(departement)
        with CaptureQueriesContext(connection) as lues:
            assert len(preparer(2027).preparees) == nombre
        return len(lues)

    requetes(1)  # le journal naît avec le premier acte
    assert requetes(1) == requetes(6)


def test_les_termes_consolides_et_le_lot_en_ligne_de_commande(departement, capsys):
    convention = en_cours(departement)
    assert main(["convention", str(convention.structure.id_asp), "--date", "2026-06-01"]) == 0
    lu = json.loads(capsys.readouterr().out)
    assert (lu["reference"], lu["termes"]["postes"], lu["termes"]["taux_dynamique"]) == (
        convention.reference,
        "12.000000",
        "62.000000",
    )
    assert (lu["termes"]["montant_socle"], lu["version"]["libelle"]) == ("287052.00", "Convention initiale")
    assert main(["convention", convention.reference, "--date", "2025-06-01"]) == 0
    assert json.loads(capsys.readouterr().out)["termes"] is None
    assert main(["convention", "inconnue"]) == 1
    lot = ["conventions", "preparer-avenants", "--departement", "44", "--annee", "2027"]
    assert main([*lot, "--essai", "--json"]) == 0
    capsys.readouterr()
    assert main(lot) == 0
    assert "1\u00a0avenant préparé" in capsys.readouterr().out


@pytest.mark.parametrize("tape", ["044 010124 ACI 00002", "044010124aci00002", " 044  010124 ACI00002 "])
def test_convenir_convention_se_trouve_par_son_numero_asp_d_un_trait_ou_non(tape, capsys):
    convention = convention_en_cours(numero_asp="044 010124 ACI 00002")
    convention_en_cours(numero_asp="044 010124 ACI 00003")
    assert main(["convention", tape, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["reference"] == convention.reference


def test_une_convention_sans_numero_asp_ne_se_trouve_pas_par_un_texte_vide():
    convention_en_cours(numero_asp="")
    assert not trouver(SYSTEME, "  ").exists()
