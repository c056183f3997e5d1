"""Rights inside the query: a narrower perimeter never shows more."""

from __future__ import annotations

import pytest

from convenir.socle.organisations.models import Structure
from convenir.socle.organisations.perimetre import Perimetre
from tests.factories_socle import DepartementFactory, RegionFactory, ReseauFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def structures():
    aura, bretagne = RegionFactory(code="84"), RegionFactory(code="53")
    rhone, isere = DepartementFactory(code="69", region=aura), DepartementFactory(code="38", region=aura)
    finistere = DepartementFactory(code="29", region=bretagne)
    return {d.code: StructureFactory.create_batch(2, departement=d) for d in (rhone, isere, finistere)}


def vues(perimetre):
    return set(Structure.objects.visibles_par(perimetre))


def test_chaque_perimetre_contient_le_plus_etroit(structures):
    departement = vues(Perimetre.departement("69"))
    region = vues(Perimetre.region("84"))

    assert departement == set(structures["69"])
    assert region == departement | set(structures["38"])
    assert vues(Perimetre.france()) == region | set(structures["29"])


def test_une_structure_ne_voit_qu_elle(structures):
    une = structures["69"][0]

    assert vues(Perimetre.des_structures([une.pk])) == {une}


def test_un_reseau_voit_ses_adherentes_une_seule_fois(structures):
    reseau, autre = ReseauFactory(), ReseauFactory()
    adherente = structures["29"][0]
    adherente.reseaux.set([reseau, autre])

    assert list(Structure.objects.visibles_par(Perimetre.des_reseaux([reseau.pk, autre.pk]))) == [adherente]
    assert vues(Perimetre.des_reseaux([ReseauFactory().pk])) == set()


@pytest.mark.parametrize(
    "vide",
    [
        Perimetre.aucun(), Perimetre.region(), Perimetre.departement(), Perimetre.des_structures([]),
        Perimetre.des_missions_locales_de_region("84"),
        Perimetre.des_reseaux([]), Perimetre("aucun", codes=frozenset({"69"})), Perimetre.departement("84"),
    ],
)  # fmt: skip
def test_un_perimetre_vide_ne_montre_rien(structures, vide):
    assert vues(vide) == set()


def test_un_niveau_mal_ecrit_est_refuse():
    with pytest.raises(ValueError, match="« France » n'existe pas"):
        Perimetre("France")


def test_le_droit_tient_apres_une_recherche(structures):
    StructureFactory(departement_id="29", denomination="Régie")
    ici = StructureFactory(departement_id="69", denomination="Régie")

    assert list(Structure.objects.rechercher("régie").visibles_par(Perimetre.departement("69"))) == [ici]


@pytest.mark.parametrize(
    ("perimetre", "couvre"),
    [
        (Perimetre.france(), True),
        (Perimetre.region("84"), True),
        (Perimetre.region("53"), False),
        (Perimetre.departement("69"), True),
        (Perimetre.departement("84"), False),
        (Perimetre.aucun(), False),
        (Perimetre.des_structures([1]), False),
    ],
)
def test_couvre_departement(perimetre, couvre):
    assert perimetre.couvre_departement("69", "84") is couvre
