"""Un nombre que la base ne tient pas est refusé à la page qui l'a reçu, avec ses mots, jamais par une erreur."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import pdf
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import (
    AnnexeFinanciereFactory,
    ConventionFactory,
    VersionFactory,
    convention_en_cours,
    convention_en_preparation,
)
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("postes", "1e30"),
        ("montant_unitaire", "9" * 25),
        ("sorties_prevues", "9" * 20),
        ("heures_etp", "1e12"),
        ("taux_durable", "33,333"),
    ],
)
def test_des_termes_que_l_annexe_ne_tiendrait_pas_sont_refuses_a_la_saisie(champ, valeur):
    convention = convention_en_preparation("en_negociation")
    agent = acteurs_par_role(convention.structure)[Role.DEPARTEMENTAL]
    jeton = convention.versions.get().jeton
    termes = {"postes": "12", "montant_unitaire": "100", "jeton": jeton, champ: valeur}
    assert agent.client.post(reverse("conventions:termes", args=[convention.reference]), termes).status_code == 400
    assert convention.versions.get().jeton == jeton


def test_une_annexe_demesuree_est_refusee():
    version = VersionFactory(convention=ConventionFactory(etat="avenant_en_preparation"))
    annexe = AnnexeFinanciereFactory(version=version)
    agent = acteurs_par_role(version.convention.structure)[Role.DEPARTEMENTAL]
    adresse = reverse("conventions:annexe", args=[version.convention.reference, annexe.pk])
    assert agent.client.post(adresse, {"postes": "1e30", "unitaire": "1"}).status_code == 400


def test_une_reprise_demesuree_est_refusee():
    voisine = convention_en_cours().structure
    structure = StructureFactory(departement=voisine.departement)
    agent = acteurs_par_role(voisine)[Role.DEPARTEMENTAL]
    fiche = {
        "identifiant": structure.id_asp, "debut": "01/01/2025", "dernier_jour": "31/12/2026",
        "signee_le": "01/01/2025", "acte": SimpleUploadedFile("acte.pdf", pdf()), "postes": "1e30",
        "montant_unitaire": "1000",
    }  # fmt: skip
    assert agent.client.post(reverse("conventions:reprendre"), fiche).status_code == 400
    assert not structure.conventions.filter(debut=date(2025, 1, 1)).exists()


def test_les_trois_tiers_d_un_taux_ne_se_disent_pas_a_trois_decimales():
    """33,333 trois fois font 99,999 : l'annexe, à deux décimales, ne dirait pas la somme convenue."""
    from convenir.contrat.objectifs.rules import verifier_part

    verifier_part(Decimal("33.33"))
    with pytest.raises(EntreeInvalide):
        verifier_part(Decimal("33.333"))
