"""The public extracts of the ASP load whole, and our rules find their figures again."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from convenir.mesure.donnees import actions, queries, requetes_sql
from convenir.mesure.donnees.annexes import rules
from convenir.mesure.donnees.models import AnnexeLue, ConventionLue
from convenir.mesure.donnees.rapport import Issue
from convenir.socle.organisations.models import Structure
from tests.mesure.donnees.outils import lire_sql

FORMATS = Path(__file__).resolve().parents[4] / "shared" / "data" / "formats"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FORMATS.is_dir(), reason="les extraits publics de l'ASP ne sont pas sur cette machine"),
]


@pytest.fixture
def importee(tmp_path, donnees, geographie, acteur):
    dossier = tmp_path / "extraits"
    dossier.mkdir()
    for extrait in FORMATS.glob("exemple_fluxIAE_*.csv"):
        shutil.copy(extrait, dossier / extrait.name.removeprefix("exemple_"))
    return actions.appliquer(dossier, acteur, motif_sans_fin="extrait public, livré sans ligne FIN")


def test_les_extraits_se_chargent_entiers(importee):
    assert importee.issue is Issue.APPLIQUEE
    assert importee.quarantaine == 0
    assert importee.vues["Structure"]["acceptees"] == 3
    assert importee.vues["AnnexeFinanciere"]["acceptees"] == 38
    assert importee.sans_fin == ["fluxIAE_AnnexeFinanciere_07022022_063004.csv"]
    assert {s.code for s in Structure.objects.all()} == {"900001-ACI", "900002-ACI", "900003-AI", "900003-EI"}
    assert ConventionLue.objects.exists()


def test_les_31_totaux_sont_retrouves_au_centime(importee):
    annexes = [a for a in AnnexeLue.objects.all() if not rules.est_fdi(a.mesure)]
    assert len(annexes) == 31
    for a in annexes:
        mois = rules.mois_de_lannexe(a.debut, a.fin_incluse)
        assert rules.ecart_de_total(a.montant_total, a.etp, a.montant_unitaire, mois) == 0, a
        assert rules.objectifs_coherents(a.taux_dynamique, a.taux_durable, a.taux_transition, a.taux_positives), a
    assert not any("montant total" in a["message"] for a in importee.avertissements)


def test_la_structure_900002_a_15_30_etp_en_2018(importee):
    structure = Structure.objects.get(id_asp=900002, categorie="ACI")
    retenues = queries.annexes_de(structure, 2018)
    assert [a.numero_complet for a in retenues] == ["ACI029160019A2M2"]
    assert sum(a.etp for a in retenues) == Decimal("15.30")
    toutes = AnnexeLue.objects.filter(structure=structure, debut__year=2018)
    assert sum(a.etp for a in toutes) == Decimal("46.50")


def test_le_sql_retient_les_memes_versions(importee):
    motif = queries.sources_courantes()["AnnexeFinanciere"].motif
    relation = requetes_sql.annexes_retenues(f"read_parquet('{motif}')")
    lues = lire_sql(f"SELECT af_id_annexe_financiere, af_id_avenant_modification FROM {relation}")
    assert set(lues) == set(AnnexeLue.objects.filter(retenue=True).values_list("id_annexe", "id_avenant"))
    assert len(lues) == len({a for a, _ in lues})


def test_une_annexe_fdi_est_gardee_et_jamais_retenue(importee):
    fdi = AnnexeLue.objects.filter(mesure="FDI_DC")
    assert fdi.count() == 7
    assert not fdi.filter(retenue=True).exists()
    assert not fdi.exclude(structure=None).exists()
