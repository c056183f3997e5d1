"""A structure: its key, its constraints, how it is found."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from convenir.socle.organisations.models import Structure
from tests.factories_socle import CommuneFactory, OrganisationFactory, StructureFactory, siret_fictif

pytestmark = pytest.mark.django_db


@pytest.fixture
def jardins():
    commune = CommuneFactory(nom="Ambérieu-en-Bugey")
    return StructureFactory(
        id_asp=900_002,
        denomination="Les Jardins de l'Étape",
        commune=commune,
        departement=commune.departement,
        siret_signature=siret_fictif(101),
        siret_actualise=siret_fictif(102),
    )


@pytest.mark.parametrize(
    "texte",
    [
        "etape", "ÉTAPE jardins", "l'étape", "amberieu en bugey", "900002", "900002-ACI", "", siret_fictif(101),
        siret_fictif(102)[:9], " ".join((siret_fictif(102)[:3], siret_fictif(102)[3:6], siret_fictif(102)[6:9])),
    ],
)  # fmt: skip
def test_une_structure_se_trouve_par_ce_qu_on_sait_d_elle(jardins, texte):
    assert list(Structure.objects.rechercher(texte)) == [jardins]


@pytest.mark.parametrize("texte", ["étapes", "jardins marseille", "900003", siret_fictif(103)])
def test_ce_qui_n_est_pas_d_elle_ne_la_trouve_pas(jardins, texte):
    assert not Structure.objects.rechercher(texte).exists()


def test_la_recherche_suit_un_changement_meme_enregistre_seul(jardins):
    jardins.denomination = "Régie nouvelle"
    jardins.save(update_fields=["denomination"])

    assert Structure.objects.rechercher("regie nouvelle").exists()
    assert not Structure.objects.rechercher("jardins").exists()


def test_code_et_adresse(jardins):
    assert jardins.code == "900002-ACI"
    assert str(jardins) == "Les Jardins de l'Étape (ACI)"
    assert "900002-ACI" in jardins.get_absolute_url()


@pytest.mark.parametrize(
    "champs",
    [
        {"siret_signature": "1234"},
        {"siret_actualise": "1234567890001X"},
        {"categorie": "FDI"},
        {"denomination": ""},
        {"id_asp": 900_002},
    ],
)
def test_la_base_refuse_ce_qui_ne_tient_pas(jardins, champs):
    voulue = {"categorie": "ACI", "siret_signature": siret_fictif(3), "siret_actualise": siret_fictif(3)} | champs

    with pytest.raises(IntegrityError), transaction.atomic():
        StructureFactory(departement=jardins.departement, commune=jardins.commune, porteur=None, **voulue)


def test_un_siret_au_mauvais_chiffre_de_controle_est_explique():
    faux = siret_fictif(5)[:13] + str((int(siret_fictif(5)[13]) + 1) % 10)

    with pytest.raises(ValidationError, match="n'est pas un SIRET : quatorze chiffres"):
        OrganisationFactory.build(siret=faux).full_clean()
