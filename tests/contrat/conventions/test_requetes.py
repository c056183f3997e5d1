"""La liste des conventions et la page d'une convention se lisent en un nombre de requêtes qui ne dépend de rien."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenir.contrat.conventions.models import Convention
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_conventions import (
    AnnexeFinanciereFactory,
    SignatureFactory,
    VersionFactory,
    convention_en_cours,
    convention_en_preparation,
)
from tests.factories_socle import ServiceNationalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lire():
    """Return how many queries a page takes for a person who sees every convention."""
    client = connecter(AdhesionFactory(organisation=ServiceNationalFactory(), role=Role.NATIONAL)).client

    def requetes(chemin: str) -> int:
        client.get(chemin)  # la session et le droit sont lus
        with CaptureQueriesContext(connection) as lues:
            assert client.get(chemin).status_code == 200
        return len(lues)

    return requetes


def signer(convention: Convention, rang: int) -> None:
    """One more signed avenant, its signatures and its annexe."""
    effet = date(2026 + rang // 5, 1 + rang % 5 * 2, 1)
    version = VersionFactory(
        convention=convention, nature="avenant", numero=rang, rang=rang, effet=effet, etat="a_signer"
    )
    for ordre in (1, 2, 3):
        SignatureFactory(version=version, ordre=ordre)
    AnnexeFinanciereFactory(version=version, debut=effet, fin=date(effet.year + 1, 1, 1), annee=effet.year)
    version.etat, version.signee_le = "signee", effet
    version.save()


@pytest.mark.parametrize("filtre", ["", "?tri=-postes&categorie=ACI", "?vue=a_signer", "?q=fictive"])
def test_la_liste_d_une_convention_ou_de_vingt(lire, filtre):
    def ajouter(nombre: int) -> None:
        for _ in range(nombre):
            AnnexeFinanciereFactory(version=convention_en_cours().versions.get())
            a_signer = convention_en_preparation("a_signer")
            SignatureFactory(version=a_signer.versions.get())
            a_signer.versions.update(etat="a_signer")

    ajouter(1)
    avec_une = lire(f"/conventions/{filtre}")
    ajouter(9)
    assert lire(f"/conventions/{filtre}") == avec_une


def test_la_page_d_une_convention_a_une_version_ou_a_dix(lire):
    convention = convention_en_cours()
    signer(convention, 1)
    adresse = convention.get_absolute_url()
    avec_deux = lire(adresse)
    for rang in range(2, 10):
        signer(convention, rang)
    assert convention.versions.count() == 10
    # La règle de continuité n'est lue qu'une fois finies les clauses en vigueur, celles de la dernière version.
    assert lire(adresse) <= avec_deux
    assert lire(f"{adresse}comparer/") == lire(f"{adresse}comparer/?de=0&vers=9")


def test_la_page_d_une_convention_ne_depend_pas_des_autres(lire):
    convention = convention_en_cours()
    seule = lire(convention.get_absolute_url())
    for _ in range(5):
        convention_en_cours()
    assert lire(convention.get_absolute_url()) == seule
