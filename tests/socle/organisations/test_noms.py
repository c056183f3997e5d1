"""Name of an organisation at a date: its own, the texts', or its current one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.actions import nommer
from convenir.socle.organisations.models import Nature, NiveauTerritorial, NomDate, Organisation
from convenir.socle.organisations.noms import nom_institutionnel
from tests.factories_socle import (
    AgenceFranceTravailFactory,
    DepartementFactory,
    OrganisationFactory,
    ServiceDepartementalFactory,
    ServiceNationalFactory,
    ServiceRegionalFactory,
)

AUTEUR = Auteur.systeme("Test")
pytestmark = pytest.mark.django_db


def ddets_de_la_creuse():
    return ServiceDepartementalFactory(departement=DepartementFactory(code="23", complement="de la Creuse"))


def test_un_acte_de_2014_et_un_acte_de_2026_ne_nomment_pas_le_service_de_la_meme_facon():
    service = ddets_de_la_creuse()

    assert service.nom_au(date(2014, 6, 1)) == "unité territoriale de la DIRECCTE, département de la Creuse"
    assert service.nom_au(date(2026, 6, 1)) == "DDETS de la Creuse"


def test_un_nom_propre_a_l_organisation_prevaut_le_temps_qu_il_vaut():
    service = ddets_de_la_creuse()

    nommer(service, "DDETS-PP de la Creuse", date(2021, 4, 1), AUTEUR, sigle="DDETS-PP", fin=date(2025, 1, 1))

    assert service.nom_au(date(2021, 3, 31)).startswith("unité départementale")
    assert service.nom_au(date(2021, 4, 1)) == "DDETS-PP de la Creuse"
    assert service.nom_au(date(2024, 12, 31)) == "DDETS-PP de la Creuse"
    assert service.nom_au(date(2025, 1, 1)) == "DDETS de la Creuse"
    assert Entree.objects.get().acte == "organisations.nommer"


@pytest.mark.parametrize(
    ("nom", "debut", "fin", "attendu"),
    [
        ("", date(2022, 4, 1), None, "nom : Ce champ ne peut pas être vide"),
        ("A", date(2021, 4, 1), date(2021, 4, 1), "finir après avoir commencé"),
        ("A", date(2022, 1, 1), None, "déjà un autre nom"),
        ("A", date(2020, 1, 1), date(2022, 1, 1), "déjà un autre nom"),
        ("A", date(2021, 1, 1), None, "commence déjà ce jour-là"),
    ],
)
def test_deux_noms_ne_se_recouvrent_pas(nom, debut, fin, attendu):
    service = ddets_de_la_creuse()
    nommer(service, "Nom", date(2021, 1, 1), AUTEUR)

    with pytest.raises(EntreeInvalide, match=attendu):
        nommer(service, nom, debut, AUTEUR, fin=fin)

    assert NomDate.objects.count() == 1


def test_une_agence_suit_le_nom_de_l_operateur():
    agence = AgenceFranceTravailFactory(nom="France Travail Lyon Vaise")

    assert agence.nom_au(date(2008, 1, 1)) == "ANPE Lyon Vaise"
    assert agence.nom_au(date(2015, 1, 1)) == "Pôle emploi Lyon Vaise"
    assert agence.nom_au(date(2026, 1, 1)) == "France Travail Lyon Vaise"


def test_un_porteur_garde_son_nom():
    assert OrganisationFactory(nom="Les Jardins fictifs").nom_au(date(1990, 1, 1)) == "Les Jardins fictifs"


@given(st.dates(), st.sampled_from(Nature), st.sampled_from(["", *NiveauTerritorial]))
def test_toute_organisation_a_un_nom_tous_les_jours(jour, nature, niveau):
    departement = DepartementFactory.build()
    organisation = Organisation(nature=nature, niveau=niveau, nom="France Travail ou autre")
    organisation.region, organisation.departement = departement.region, departement

    # An unsaved organisation has no dated name of its own: the rest of `nom_au`.
    assert nom_institutionnel(organisation, jour) or organisation.nom


def test_les_noms_d_une_liste_se_lisent_en_un_nombre_fixe_de_requetes(django_assert_num_queries):
    for _ in range(5):
        ServiceRegionalFactory()
        ServiceDepartementalFactory()
    ServiceNationalFactory()
    services = Organisation.objects.select_related("region", "departement__region").prefetch_related("noms")

    with django_assert_num_queries(2):
        assert all(o.nom_au(date(2014, 1, 1) + timedelta(days=o.pk)) for o in services)
