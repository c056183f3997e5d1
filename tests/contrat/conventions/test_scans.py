"""Le scan d'un papier signé : gardé, vu à côté de l'acte page à page, attesté ; rien ne compte avant."""

from __future__ import annotations

import pytest
from django.urls import reverse

from convenir.contrat.conventions.actions import deposer_scan, signer
from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.fichiers import lire
from convenir.contrat.conventions.models import Piece
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.planches import page_en_image
from convenir.socle.documents.rendu import DocumentImpossible
from convenir.socle.journal.models import Entree
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, fichier, pdf
from tests.contrat.conventions.test_signatures import scan, version  # noqa: F401
from tests.factories_comptes import AdhesionFactory, connecter

SAISIE = {"jour": "05/01/2026", "voie": "papier", "nom": "Camille Fictive", "qualite": "Présidente",
          "titre": "titulaire", "fondement": ""}  # fmt: skip


@pytest.fixture
def signature(version):  # noqa: F811
    acte = lire("acte.pdf", pdf(2))
    joindre(SYSTEME, version.convention, "acte", acte, jour=JOUR, maintenant=INSTANT, version=version)
    return version.signatures.get(partie="structure")


def garder(signature, recu):
    return deposer_scan(SYSTEME, signature, recu, jour=JOUR, maintenant=INSTANT)


def test_un_scan_garde_ne_signe_rien_avant_l_attestation(signature):
    gardee = garder(signature, fichier(2))
    assert (gardee.etat, gardee.piece.genre) == ("attendue", "scan")
    with pytest.raises(EntreeInvalide, match="côte à côte"):
        signer(SYSTEME, signature, scan(fichier=None, attestee=False), maintenant=INSTANT)
    signee = signer(SYSTEME, signature, scan(fichier=None), maintenant=INSTANT)
    assert (signee.etat, signee.piece.genre, signee.piece.pk) == ("signee", "acte_signe", gardee.piece.pk)
    assert "scan de 2\N{NO-BREAK SPACE}pages" in signee.constat
    assert Entree.objects.filter(acte="conventions.deposer_scan").count() == 1


def test_un_autre_scan_prend_la_place_du_premier(signature):
    premier = garder(signature, fichier(2)).piece
    garder(signature, lire("second.pdf", pdf(2)))
    assert not Piece.objects.filter(pk=premier.pk).exists()
    signee = signer(SYSTEME, signature, scan(2), maintenant=INSTANT)
    assert list(Piece.objects.exclude(genre="acte")) == [signee.piece], "le scan gardé ne double pas l'acte signé"


@pytest.mark.parametrize(("recu", "dit"), [(None, "Joignez"), (3, "3\N{NO-BREAK SPACE}pages, l'acte à signer 2")])
def test_un_scan_est_un_pdf_de_toutes_les_pages(signature, recu, dit):
    with pytest.raises(EntreeInvalide, match=dit):
        garder(signature, recu and fichier(recu))
    signature.refresh_from_db()
    assert signature.piece is None


def test_sans_scan_garde_une_signature_sur_papier_demande_son_fichier(signature):
    with pytest.raises(EntreeInvalide, match="Joignez"):
        signer(SYSTEME, signature, scan(fichier=None), maintenant=INSTANT)


def test_par_la_page_on_depose_on_compare_puis_on_atteste(signature):
    convention = signature.version.convention
    client = connecter(AdhesionFactory(organisation=convention.service, role=Role.DEPARTEMENTAL)).client
    comparer = reverse("conventions:comparer_scan", args=[convention.reference, signature.pk])
    adresse = reverse("conventions:signer", args=[convention.reference, signature.pk])
    assert client.get(comparer).url == adresse, "rien à comparer encore"
    envoi = {**SAISIE, "attestee": "", "fichier": _envoi(2)}
    assert client.post(adresse, envoi).url == comparer
    assert "le comparer à l’acte" in client.get(adresse).content.decode()
    page = client.get(comparer).content.decode()
    assert page.count("<img src") == 4
    assert "Camille Fictive" in page, "ce qui est saisi n'est pas perdu"
    images = [reverse("conventions:page_de_piece", args=[convention.reference, p.pk, 2]) for p in Piece.objects.all()]
    assert [client.get(i).content[:4] for i in images] == [b"\x89PNG"] * 2
    assert client.get(images[0].replace("/2.png", "/3.png")).status_code == 404
    assert client.post(comparer, {**SAISIE, "attestee": ""}).status_code == 400
    assert client.post(comparer, {**SAISIE, "attestee": "oui"}).url == convention.get_absolute_url()
    signature.refresh_from_db()
    assert (signature.etat, signature.signataire, signature.voie) == ("signee", "Camille Fictive", "papier")
    assert client.get(comparer).url == adresse


def _envoi(pages: int):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("acte-signe.pdf", pdf(pages), "application/pdf")


def test_une_page_qui_n_existe_pas_le_dit():
    assert page_en_image(pdf(1), 1).startswith(b"\x89PNG")
    with pytest.raises(DocumentImpossible, match="page 2"):
        page_en_image(pdf(1), 2)
    with pytest.raises(DocumentImpossible):
        page_en_image(b"%PDF-rien", 1)
