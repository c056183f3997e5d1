"""The fiche as a PDF, from the imported and computed world to the bytes.

The golden text is made again by `REFAIRE_ETALONS=1 pytest tests/restitution/test_document.py`, then read before kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from convenir.mesure.indicateurs.models import Instantane
from convenir.restitution.fiches import assemblage, document
from tests.restitution.fabrique import DENOMINATION
from tests.restitution.textes_pdf import comme_l_etalon, lire, texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
ETALON = Path(__file__).parent / "etalons" / "fiche-100006-ACI-2025.txt"
GEL = datetime(2026, 1, 6, 5, 0, tzinfo=UTC)


@pytest.fixture
def fiche(systeme, grande):
    Instantane.objects.update(calcule_le=GEL)
    return assemblage.assembler(systeme, grande, 2025)


def test_texte_etalon(fiche):
    rendu = document.rendre(fiche)
    comme_l_etalon(rendu.octets, ETALON)
    assert rendu.avertissements == ()


def test_memes_donnees_memes_octets(fiche):
    un, deux = document.rendre(fiche), document.rendre(fiche)
    assert un.octets == deux.octets
    assert un.sha256 == deux.sha256


def test_accessible_et_titre(fiche):
    lu = lire(document.rendre(fiche).octets)
    racine = lu.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"].value is True
    assert racine["/Lang"] == "fr-FR"
    assert lu.metadata
    assert lu.metadata.title == f"Fiche bilan 2025 : {DENOMINATION} (ACI)"


def test_porte_l_empreinte_de_l_instantane_et_la_tete_du_journal(fiche):
    donnees = document.donnees(fiche)
    assert donnees.preuve.empreinte == fiche.instantane.sha256
    assert int(donnees.preuve.journal_numero) > 0
    serre = re.sub(r"\s", "", "".join(page.extract_text() for page in lire(document.rendre(fiche).octets).pages))
    assert fiche.instantane.sha256 in serre


def test_un_signe_inconnu_ne_fait_pas_une_erreur(fiche):
    fiche.structure.denomination = "Le Chantier 漢字"
    rendu = document.rendre(replace(fiche))
    assert rendu.avertissements
    assert "Signes remplacés. Signe absent des polices (U+5B57" in " ".join(texte(rendu.octets).split())
    assert "Le Chantier" in texte(rendu.octets)


@pytest.mark.parametrize("code", ["100002-ACI", "100004-ETTI", "100005-ACI"])
def test_les_petites_structures_s_impriment_aussi(systeme, code):
    id_asp, _, categorie = code.partition("-")
    lue = assemblage.assembler(systeme, assemblage.trouver(systeme, int(id_asp), categorie), 2025)
    assert document.rendre(lue).octets.startswith(b"%PDF")
