"""Dry run, application, idempotence."""

from __future__ import annotations

import pytest

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.models import AnnexeLue, FichierRecu, Livraison
from convenir.mesure.donnees.rapport import Issue
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure

pytestmark = pytest.mark.django_db


def test_un_essai_ne_laisse_rien(mini, donnees, geographie, acteur):
    rapport = actions.essayer(mini, acteur)
    print(rapport.as_dict(limite=5))
    assert rapport.issue is Issue.ESSAI
    assert rapport.effets["crees"] > 0
    assert not Livraison.objects.exists()
    assert not Structure.objects.exists()
    assert not Entree.objects.exists()
    assert [f for f in donnees.rglob("*") if f.is_file() and f.name != ".verrou"] == []


def test_appliquer_puis_rien_a_faire(mini, donnees, geographie, acteur):
    rapport = actions.appliquer(mini, acteur)
    assert rapport.issue is Issue.APPLIQUEE
    assert Structure.objects.count() == 6
    assert AnnexeLue.objects.count() == 8
    assert FichierRecu.objects.filter(conserve=True).count() >= 8
    entrees = Entree.objects.count()
    assert actions.appliquer(mini, acteur).issue is Issue.DEJA_IMPORTEE
    assert Entree.objects.count() == entrees
    assert Livraison.objects.count() == 1
    assert set(queries.sources_courantes()) >= {"Structure", "AnnexeFinanciere", "EtatMensuelIndiv"}
