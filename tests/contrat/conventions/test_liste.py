"""The posts that the list shows, sorts and exports: those of the annexe of the year, else of the last signed terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from convenir.contrat.conventions.queries.liste import Filtre, filtrer
from convenir.socle.comptes.acteur import Acteur
from tests.factories_conventions import (
    TERMES,
    AnnexeFinanciereFactory,
    CpoFactory,
    VersionFactory,
    convention_en_cours,
    convention_en_preparation,
)

pytestmark = pytest.mark.django_db


def postes(annee: int = 2026, tri: str = "postes") -> list[Decimal | None]:
    return [c.postes for c in filtrer(Acteur.systeme("Essai"), Filtre(tri=tri), annee)]


def test_les_postes_sont_ceux_de_l_annexe_de_l_annee_sinon_des_termes():
    convention = convention_en_cours(replace(TERMES, postes=Decimal("13.98")))
    AnnexeFinanciereFactory(version=convention.versions.get(), postes=Decimal("9.5"))
    assert postes(2026) == [Decimal("9.5")]
    assert postes(2027) == [Decimal("13.98")]


def test_ce_qui_n_est_pas_signe_ne_change_pas_les_postes_d_une_convention_en_cours():
    convention = convention_en_cours()
    avenant = {"convention": convention, "nature": "avenant", "termes": replace(TERMES, postes=Decimal(20))}
    VersionFactory(**avenant, rang=1, numero=1, etat="abandonnee")
    suivant = VersionFactory(**avenant, rang=2, numero=1)
    assert postes() == [Decimal(12)]
    suivant.etat, suivant.signee_le = "signee", date(2026, 6, 1)
    suivant.save()
    assert postes() == [Decimal(20)]


def test_une_convention_en_negociation_montre_les_postes_proposes():
    convention_en_preparation("en_negociation")
    assert postes() == [Decimal(12)]


def test_les_postes_se_trient_en_nombres_et_l_absence_vient_en_dernier():
    for nombre in ("100", "9.5", "20"):
        convention_en_cours(replace(TERMES, postes=Decimal(nombre)))
    VersionFactory(convention=CpoFactory(), termes=replace(TERMES, postes=None))
    assert postes() == [Decimal("9.5"), Decimal(20), Decimal(100), None]
    assert postes(tri="-postes") == [Decimal(100), Decimal(20), Decimal("9.5"), None]
