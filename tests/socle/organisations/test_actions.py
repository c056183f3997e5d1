"""Organisations created from the geography or one by one, and networks."""

from __future__ import annotations

from datetime import date

import pytest

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.actions import (
    creer_agences_fictives,
    creer_organisation,
    creer_services_etat,
    rattacher_au_reseau,
)
from convenir.socle.organisations.models import Nature, Organisation
from convenir.socle.territoires.actions import charger_geographie
from convenir.socle.territoires.models import Departement
from tests.factories_socle import OrganisationFactory, ReseauFactory, StructureFactory, siret_fictif

AUTEUR = Auteur.systeme("Test")
pytestmark = pytest.mark.django_db


def test_chaque_territoire_a_ses_services_une_seule_fois():
    charger_geographie()
    avant = Entree.objects.count()

    crees, seconde = creer_services_etat(AUTEUR), creer_services_etat(AUTEUR)

    services = {o.code_externe: o for o in Organisation.objects.filter(nature=Nature.SERVICE_ETAT)}
    assert seconde == 0
    assert crees == Organisation.objects.count()
    assert Entree.objects.count() == avant + 1
    # DGEFP, 18 services régionaux, 96 départements de métropole et Saint-Pierre-et-Miquelon.
    assert len(services) == 1 + 18 + 97
    assert services["DEP-69"].nom == "DDETS du Rhône"
    assert services["REG-11"].nom == "DRIEETS d'Île-de-France"
    assert (services["REG-04"].nom, services["REG-04"].departement_id) == ("DEETS de La Réunion", "974")
    assert Organisation.objects.filter(nature=Nature.COLLECTIVITE).count() == 102
    for organisation in Organisation.objects.select_related("region", "departement__region"):
        organisation.full_clean()
        assert organisation.nom == organisation.nom_au(date(2026, 11, 21))


def test_tout_departement_conventionne_depend_d_un_service():
    charger_geographie()
    creer_services_etat(AUTEUR)

    servis = set(
        Organisation.objects.filter(nature=Nature.SERVICE_ETAT, departement__isnull=False).values_list(
            "departement", flat=True
        )
    )

    assert set(Departement.objects.exclude(region__zone="com").values_list("code", flat=True)) <= servis


def test_sans_geographie_l_issue_est_dite():
    with pytest.raises(EntreeInvalide, match="convenir preparer"):
        creer_services_etat(AUTEUR)


def test_les_agences_de_demonstration_sont_marquees_fictives():
    charger_geographie()

    assert creer_agences_fictives(["69", "2A", "984"], AUTEUR) == 2
    assert creer_agences_fictives(["69", "2A"], AUTEUR) == 0
    noms = set(Organisation.objects.filter(nature=Nature.FRANCE_TRAVAIL).values_list("nom", flat=True))
    assert noms == {"France Travail Lyon (agence fictive)", "France Travail Ajaccio (agence fictive)"}


def test_creer_une_organisation_la_journalise():
    reseau = creer_organisation(Nature.RESEAU, " Réseau fictif ", AUTEUR, siret=siret_fictif(9))

    assert reseau.nom == "Réseau fictif"
    assert Entree.objects.get().acte == "organisations.creer"


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"siret": "12345678900012"}, "n'est pas un SIRET"),
        ({"niveau": "regional"}, "a une région"),
        ({"niveau": "departemental"}, "a un département"),
        ({"code_externe": "42"}, "porte déjà ce code"),
    ],
)
def test_une_organisation_fautive_est_refusee(champs, attendu):
    OrganisationFactory(code_externe="42")

    with pytest.raises(EntreeInvalide, match=attendu):
        creer_organisation(Nature.SIAE_PORTEUR, "Association fictive", AUTEUR, **champs)

    assert Organisation.objects.count() == 1


def test_rattacher_au_reseau_n_ajoute_que_les_absentes():
    reseau, structures = ReseauFactory(), StructureFactory.create_batch(2)

    assert rattacher_au_reseau(reseau, structures[:1], AUTEUR) == 1
    assert rattacher_au_reseau(reseau, structures, AUTEUR) == 1
    assert rattacher_au_reseau(reseau, structures, AUTEUR) == 0
    assert set(reseau.structures_adherentes.all()) == set(structures)
    assert Entree.objects.count() == 2
    with pytest.raises(EntreeInvalide, match="n'est pas un réseau"):
        rattacher_au_reseau(OrganisationFactory(), structures, AUTEUR)
