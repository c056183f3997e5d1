"""Recording of the structures of a delivery in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.models import Charge, Entree
from convenir.socle.organisations.actions import comparer_structures, enregistrer_structures
from convenir.socle.organisations.models import Nature, Organisation, Structure
from convenir.socle.organisations.perimetre import Perimetre
from convenir.socle.organisations.rules import CATEGORIES, StructureLue
from tests.factories_socle import CommuneFactory, DepartementFactory, StructureFactory, siret_fictif

AUTEUR = Auteur.systeme("Test")
JOUR = date(2026, 11, 20)
UNE = StructureLue(
    900_002, "ACI", "Les Jardins de l'Étape", siret_fictif(1), siret_fictif(2), "9220", "8899B", "69123", "69"
)
DEUX = replace(UNE, categorie="EI")
TROIS = replace(UNE, id_asp=900_003, denomination="Régie fictive", commune_code="38185", departement_code="38")


def poser_geographie():
    rhone, isere = DepartementFactory(code="69", region__code="84"), DepartementFactory(code="38", region__code="84")
    CommuneFactory(code="69123", nom="Lyon", departement=rhone)
    CommuneFactory(code="38185", nom="Grenoble", departement=isere)


@pytest.fixture
def geographie(db):
    poser_geographie()


def enregistrer(*lignes, jour=JOUR, **options):
    return enregistrer_structures(lignes, AUTEUR, jour, **options)


def test_deux_categories_d_un_meme_organisme_ont_un_seul_porteur(geographie):
    effets = enregistrer(UNE, DEUX, TROIS)

    assert effets.crees == ["900002-ACI", "900002-EI", "900003-ACI"]
    porteur = Organisation.objects.get(code_externe="900002")
    assert (porteur.nature, porteur.nom, porteur.siret) == (Nature.SIAE_PORTEUR, UNE.denomination, siret_fictif(2))
    assert porteur.structures.count() == 2
    structure = Structure.objects.get(id_asp=900_002, categorie="ACI")
    assert structure.recherche == f"les jardins de l etape lyon {siret_fictif(1)} {siret_fictif(2)} 900002 aci"
    assert structure.commune_id == "69123"


def test_rien_ne_change_la_seconde_fois(geographie):
    enregistrer(UNE, DEUX, TROIS)
    journal = Entree.objects.count()

    effets = enregistrer(TROIS, DEUX, UNE)

    assert not effets
    assert Entree.objects.count() == journal


def test_seul_ce_qui_change_est_ecrit_et_journalise(geographie):
    enregistrer(UNE, TROIS)
    cree_le = Structure.objects.get(id_asp=900_002).cree_le

    effets = enregistrer(replace(UNE, code_naf="7830Z"), TROIS, jour=date(2026, 11, 27))

    structure = Structure.objects.get(id_asp=900_002)
    assert effets.modifies == ["900002-ACI"]
    assert (structure.code_naf, structure.cree_le) == ("7830Z", cree_le)
    charge = Charge.objects.get(entree=Entree.objects.latest("numero"))
    assert charge.avant == {"900002-ACI": {"code_naf": "8899B"}}
    assert charge.apres == {"900002-ACI": {"code_naf": "7830Z"}, "porteurs": 0}


def test_une_structure_disparue_finit_et_revient_sans_jamais_etre_supprimee(geographie):
    enregistrer(UNE, DEUX)
    cle = Structure.objects.get(categorie="EI").pk

    disparue = enregistrer(UNE)
    assert disparue.termines == ["900002-EI"]
    assert Structure.objects.get(pk=cle).suivie_jusquau == JOUR
    assert not Structure.objects.suivies().filter(pk=cle).exists()
    assert not enregistrer(UNE, jour=date(2026, 12, 1))

    revenue = enregistrer(UNE, DEUX, jour=date(2026, 12, 8))
    assert revenue.modifies == ["900002-EI"]
    assert Structure.objects.get(pk=cle).suivie_jusquau is None


@pytest.mark.parametrize(
    ("couverture", "termines"),
    [
        (None, []),
        (Perimetre.aucun(), []),
        (Perimetre.france(), ["900003-ACI"]),
        (Perimetre.region("84"), ["900003-ACI"]),
        (Perimetre.departement("38"), ["900003-ACI"]),
        (Perimetre.departement("69"), []),
    ],
)
def test_la_couverture_dit_ou_une_absence_vaut_fin(geographie, couverture, termines):
    enregistrer(UNE, TROIS)

    assert enregistrer(UNE, couverture=couverture).termines == termines


def test_comparer_dit_la_meme_chose_sans_rien_ecrire(geographie, django_assert_num_queries):
    enregistrer(UNE, TROIS)
    nouvelle = [replace(UNE, denomination="Nouveau nom"), replace(DEUX, commune_code="00000")]

    with django_assert_num_queries(6):
        prevus = comparer_structures(nouvelle, couverture=Perimetre.france())

    assert Structure.objects.count() == 2
    assert (prevus.crees, prevus.modifies, prevus.termines) == (["900002-EI"], ["900002-ACI"], ["900003-ACI"])
    assert prevus.sans_commune == ["900002-EI"]
    assert enregistrer(*nouvelle, couverture=Perimetre.france()) == prevus


def test_un_porteur_suit_le_nom_et_le_siret_de_sa_structure(geographie):
    enregistrer(UNE)

    enregistrer(replace(UNE, denomination="Nouveau nom", siret_actualise=siret_fictif(7)))

    porteur = Organisation.objects.get(code_externe="900002")
    assert (porteur.nom, porteur.siret) == ("Nouveau nom", siret_fictif(7))


def test_une_structure_sans_porteur_en_recoit_un_un_porteur_choisi_a_la_main_reste(geographie):
    orpheline = StructureFactory(id_asp=900_002, categorie="ACI", porteur=None, departement_id="69", commune=None)
    choisie = StructureFactory(id_asp=900_003, categorie="ACI", departement_id="38", commune=None)
    choisi = choisie.porteur
    choisie.porteur.code_externe = ""
    choisie.porteur.save()

    enregistrer(UNE, TROIS)

    orpheline.refresh_from_db()
    choisie.refresh_from_db()
    assert orpheline.porteur.code_externe == "900002"
    assert choisie.porteur == choisi


def test_une_ligne_fautive_refuse_le_lot_entier(geographie):
    with pytest.raises(EntreeInvalide, match="Structure 900003-ACI : département « 99 » inconnu"):
        enregistrer(UNE, replace(TROIS, departement_code="99"))

    assert not Structure.objects.exists()
    assert not Organisation.objects.exists()
    assert not Entree.objects.exists()


def test_le_nombre_de_requetes_ne_suit_pas_le_nombre_de_structures(geographie, django_assert_max_num_queries):
    livraison = [replace(UNE, id_asp=i, siret_actualise=siret_fictif(i)) for i in range(1, 1001)]

    with django_assert_max_num_queries(60):
        enregistrer(*livraison)
    with django_assert_max_num_queries(60):
        assert len(enregistrer(*[replace(x, code_naf="7830Z") for x in livraison]).modifies) == 1000


class ProprietesTests(TestCase):
    """Whatever two deliveries say, the second applied twice, in any order, changes nothing more."""

    @settings(max_examples=25, deadline=None)
    @given(st.data())
    def test_idempotence(self, data):
        poser_geographie()
        lignes = st.builds(
            replace,
            st.sampled_from([UNE, TROIS]),
            id_asp=st.integers(1, 3),
            categorie=st.sampled_from(CATEGORIES),
            denomination=st.sampled_from(["Alpha", "Bêta"]),
        )
        livraisons = st.lists(lignes, max_size=6, unique_by=lambda x: x.cle)
        enregistrer(*data.draw(livraisons))
        derniere = data.draw(livraisons)
        prevus = comparer_structures(derniere)

        assert enregistrer(*derniere) == prevus
        assert not enregistrer(*data.draw(st.permutations(derniere)))
