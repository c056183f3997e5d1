"""L'acte à signer : texte étalon du PDF, mêmes données, mêmes octets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from convenir.contrat.conventions.actions import (
    AvisRendu,
    NouvelAvenant,
    mettre_en_signature,
    passer,
    preparer_avenant,
)
from convenir.contrat.conventions.actions import rendre_avis as rendre
from convenir.contrat.conventions.documents import produire
from convenir.contrat.conventions.models import Convention, Piece
from convenir.contrat.conventions.rules.termes import Ecrit, Termes
from convenir.socle.documents.stockage import relire
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, monde, tout_signer
from tests.factories_conventions import CpoFactory, VersionFactory

pytestmark = pytest.mark.django_db


def texte(piece: Piece) -> str:
    pages = PdfReader(BytesIO(relire(piece.sha256))).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split()).replace("\u00a0", " ").replace("\u202f", " ")


def a_signer():
    m = monde()
    termes = replace(m.cofinancees(), axes=(Ecrit("accueil", "Livret d’accueil et tutorat."),))
    convention = m.convention(termes)
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    rendre(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    return m, mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)


def test_la_convention_dit_ses_parties_ses_postes_son_calcul_et_sa_preuve():
    m, version = a_signer()
    piece = produire(SYSTEME, version, jour=JOUR, maintenant=INSTANT)
    lu = texte(piece)
    for attendu in (
        "Vu l’avis favorable", m.structure.denomination, m.departement.nom, "12,00 ETP d’insertion par an",
        "287 052,00 €", "239 210,00 €", "Sorties dynamiques (somme des trois) 62 %", "Livret d’accueil et tutorat",
        "ne peut dépasser le 31 mai", "DONNÉES FICTIVES", version.empreinte[:8],
    ):  # fmt: skip
        assert attendu in lu, attendu
    assert piece.pages == len(PdfReader(BytesIO(relire(piece.sha256))).pages)
    assert produire(SYSTEME, version, jour=JOUR, maintenant=INSTANT).pk == piece.pk


def test_un_avenant_dit_ce_qui_change_et_que_le_reste_demeure():
    _, version = a_signer()
    tout_signer(version)
    convention = Convention.objects.get(pk=version.convention_id)
    passer(SYSTEME, convention, "commencer", jour=date(2026, 2, 1), maintenant=INSTANT)
    termes = replace(version.termes, postes=Decimal("13.5"))
    avenant = NouvelAvenant(date(2026, 7, 1), None, "Un poste et demi de plus", termes)
    nouvelle = preparer_avenant(SYSTEME, convention, avenant, jour=JOUR, maintenant=INSTANT)
    lu = texte(produire(SYSTEME, nouvelle, jour=JOUR, maintenant=INSTANT))
    assert "Postes d’insertion : 13,50 ETP au lieu de 12,00 ETP" in lu
    assert "« Convention initiale » restent applicables" in lu


def test_une_cpo_a_sa_dotation_et_ses_axes():
    cpo = CpoFactory(etat="en_negociation")
    termes = Termes(dotation=Decimal(480000), axes=(Ecrit("parcours", "CEJ, PACEA, ateliers."),))
    version = VersionFactory(convention=cpo, termes=termes)
    mettre_en_signature(SYSTEME, cpo, jour=JOUR, maintenant=INSTANT)
    lu = texte(produire(SYSTEME, version, jour=JOUR, maintenant=INSTANT))
    assert "480 000,00 €" in lu
    assert "Accompagnement des parcours d’insertion : CEJ, PACEA, ateliers." in lu
    assert "relevé de conclusions, écrit par l’État et la mission locale ensemble" in lu
