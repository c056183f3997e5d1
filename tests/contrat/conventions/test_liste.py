"""The posts that the list shows, sorts and exports: those of the annexe of the year, else of the last signed terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from convenir.contrat.conventions.queries.liste import Filtre, compter, filtrer, retenues
from convenir.socle.comptes.acteur import Acteur
from tests.factories_conventions import (
    TERMES,
    AnnexeFinanciereFactory,
    CpoFactory,
    VersionFactory,
    convention_en_cours,
    convention_en_preparation,
)
from tests.factories_socle import StructureFactory

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


@pytest.mark.parametrize("demande", [
    {}, {"vue": "en_cours"}, {"etat": "en_negociation"}, {"vue": "en_cours", "etat": "en_negociation"},
    {"categorie": "ACI", "vue": "en_cours"}, {"categorie": "ML"}, {"departement": "99"},
])  # fmt: skip
def test_le_nombre_annonce_sans_mot_cherche_est_celui_de_la_requete(demande):
    convention_en_cours()
    convention_en_cours(structure=StructureFactory(categorie="EI"))
    convention_en_preparation("en_negociation")
    VersionFactory(convention=CpoFactory())
    acteur, filtre = Acteur.systeme("Essai"), Filtre.lire(demande)
    assert compter(acteur).retenues(filtre) == retenues(acteur, filtre).count()


@pytest.mark.parametrize("tape", [
    "ACI054180019A0M1", "aci 054 18 0019", "ACI 054-18-0019 A2", "044 010124 ACI 00002", "044010124aci00002",
    "044 0101",
])  # fmt: skip
def test_un_numero_asp_se_cherche_dans_la_liste_avec_ses_blancs_ou_d_un_trait(tape):
    convention = convention_en_cours(numero_asp="044 010124 ACI 00002")
    version = convention.versions.get()
    AnnexeFinanciereFactory(version=version, numero="ACI054180019A0M1")
    AnnexeFinanciereFactory(version=version, numero="ACI054180019A1M0", annee=2027)
    autre = convention_en_cours(numero_asp="045 010124 ACI 00002")
    AnnexeFinanciereFactory(version=autre.versions.get(), numero="ACI054180020A0M1")
    acteur, filtre = Acteur.systeme("Essai"), Filtre.lire({"q": tape})
    assert [c.reference for c in filtrer(acteur, filtre, 2026)] == [convention.reference], "une fois, et elle seule"
    assert retenues(acteur, filtre).count() == 1
