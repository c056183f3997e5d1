"""Après une livraison, l'annexe saisie ici suit l'état que l'ASP lui donne."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest

from convenir.contrat.conventions import reactions
from convenir.contrat.conventions.actions import preparer_avenants, revoir, saisir
from convenir.contrat.conventions.actions.annexes_lues import suivre_l_asp
from convenir.contrat.conventions.models import AnnexeFinanciere, Convention
from convenir.mesure.donnees.models import AnnexeLue, Livraison
from convenir.mesure.donnees.signals import livraison_appliquee
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.taches.models import Notification
from tests.contrat.conventions.outils import INSTANT, SYSTEME
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import TERMES, convention_en_cours
from tests.factories_socle import DepartementFactory, StructureFactory

pytestmark = pytest.mark.django_db
NUMERO = "ACI044260013A1M0"


@pytest.fixture
def convention() -> Convention:
    departement = DepartementFactory(code="44", nom="Loire-Atlantique fictive")
    return convention_en_cours(TERMES, structure=StructureFactory(departement=departement))


@pytest.fixture
def annexe(convention) -> AnnexeFinanciere:
    preparer_avenants(SYSTEME, "44", 2027, essai=False, jour=date(2026, 11, 27), maintenant=INSTANT)
    preparee = AnnexeFinanciere.objects.get()
    revoir(SYSTEME, preparee)
    return saisir(SYSTEME, preparee, NUMERO)


def lue(structure, etat: str, **champs) -> AnnexeLue:
    livraison = Livraison.objects.create(source="fluxiae", auteur_nom="Essai")
    defaut = {
        "structure": structure, "id_structure_asp": structure.id_asp, "id_annexe": 31, "id_avenant": 1,
        "numero": "ACI044260013", "avenant": 1, "modification": 0, "mesure": "ACI_DC", "etat": etat,
        "debut": date(2027, 1, 1), "fin_incluse": date(2027, 12, 31), "etp": Decimal(12), "retenue": True,
        "montant_unitaire": Decimal(23921), "montant_total": Decimal(287052), "livraison": livraison, "empreinte": "x",
    }  # fmt: skip
    return AnnexeLue.objects.create(**(defaut | champs))


def livrer() -> AnnexeFinanciere:
    reactions.apres_une_livraison(livraison_uuid=uuid.uuid4())
    return AnnexeFinanciere.objects.get()


def test_l_annexe_saisie_suit_l_asp_provisoire_validee_puis_historisee(annexe, convention):
    assert livrer().etat == "saisi", "l'ASP n'en dit rien encore"
    a_l_asp = lue(convention.structure, "PROVISOIRE")
    provisoire = livrer()
    assert (provisoire.etat, provisoire.annexe_lue, provisoire.ecart_a_l_asp) == ("provisoire", a_l_asp, "")
    AnnexeLue.objects.update(etat="VALIDE")
    assert livrer().etat == "valide"
    assert suivre_l_asp(maintenant=INSTANT) == 0, "rejouer ne change rien"
    AnnexeLue.objects.update(etat="HISTORISE", retenue=False)
    lue(convention.structure, "VALIDE", id_avenant=2, modification=1, etp=Decimal(14))
    assert livrer().etat == "historise", "la modification M1 est une autre annexe"
    assert Entree.objects.filter(acte="conventions.suivre_annexe").count() == 3


def test_chaque_livraison_appliquee_le_fait():
    assert "conventions.livraison" in {inscrit[0][0] for inscrit in livraison_appliquee.receivers}


def test_une_annexe_d_une_autre_structure_ou_d_un_autre_numero_ne_compte_pas(annexe, convention):
    lue(StructureFactory(departement=convention.departement), "VALIDE")
    lue(convention.structure, "VALIDE", id_annexe=32, modification=1)
    lue(convention.structure, "VALIDE", id_annexe=33, disparue_le=date(2027, 3, 1))
    assert livrer().etat == "saisi"


def test_un_brouillon_a_l_asp_ne_dit_rien_et_un_numero_sans_suffixe_suit_la_version_retenue(annexe, convention):
    AnnexeFinanciere.objects.update(numero="ACI044260013")
    lue(convention.structure, "BROUILLON")
    assert livrer().etat == "saisi"
    lue(convention.structure, "VALIDE", id_annexe=32, avenant=2)
    AnnexeLue.objects.filter(id_annexe=31).update(retenue=False)
    assert livrer().etat == "valide"


def test_l_annexe_rejetee_previent_la_structure_et_le_service(annexe, convention):
    gens = acteurs_par_role(convention.structure)
    lue(convention.structure, "REJETE")
    assert livrer().etat == "rejete"
    prevenues = Notification.objects.filter(libelle__contains="annexe rejetée à l’ASP")
    assert gens[Role.DIRECTION_STRUCTURE].acteur.utilisateur.pk in set(
        prevenues.values_list("destinataire", flat=True)
    )
    livrer()
    assert Entree.objects.filter(acte="conventions.annexe_rejetee").count() == 1


def test_la_page_dit_ce_que_l_asp_dit_autrement(annexe, convention):
    gens = acteurs_par_role(convention.structure)
    lue(convention.structure, "VALIDE", etp=Decimal(11), montant_total=Decimal(263131))
    livrer()
    page = gens[Role.DEPARTEMENTAL].client.get(convention.get_absolute_url()).content.decode()
    assert "À l’ASP : postes 11,00" in page
    assert "263\u202f131,00" in page
