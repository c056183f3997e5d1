"""Le parapheur : l'acte part avec son bordereau, revient signé, vérifié ; un autre acte est refusé."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from convenir.contrat.conventions import parapheur
from convenir.contrat.conventions.actions import (
    AvisRendu,
    mettre_en_signature,
    passer,
    remettre_au_parapheur,
    rendre_avis,
    revenir_du_parapheur,
)
from convenir.contrat.conventions.documents import produire
from convenir.contrat.conventions.models import Convention, Signature
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, monde, pdf, pdf_signe
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import convention_en_cours

pytestmark = pytest.mark.django_db
JOURS = {"structure": "2026-01-25", "france_travail": "2026-01-26", "etat": "2026-01-28"}


@pytest.fixture
def roles():
    return acteurs_par_role()


@pytest.fixture
def a_signer(roles) -> Convention:
    convention = monde(Structure.objects.get()).convention()
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    version = mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)
    produire(SYSTEME, version, jour=JOUR, maintenant=INSTANT)
    return Convention.objects.get(pk=convention.pk)


def ouvrir(octets: bytes) -> tuple[dict, bytes]:
    with zipfile.ZipFile(BytesIO(octets)) as z:
        slip = json.loads(z.read("bordereau.json"))
        return slip, z.read(slip["fichier"])


def completer(slip: dict, *parties: str) -> dict:
    for ligne in slip["circuit"]:
        if ligne["partie"] in parties:
            jour = JOURS[ligne["partie"]]
            ligne |= {
                "signataire": "Camille Fictive",
                "qualite": "Directrice",
                "titre": "titulaire",
                "signee_le": jour,
            }
    return slip


def envelopper(slip: dict, signe: bytes, nom: str = "acte-signe.pdf") -> bytes:
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w") as z:
        z.writestr("bordereau.json", json.dumps(slip))
        z.writestr(nom, signe)
    return tampon.getvalue()


def signer_fois(octets: bytes, *champs: str) -> bytes:
    for champ in champs:
        octets = pdf_signe(octets, champ)
    return octets


def revenir(convention: Convention, octets: bytes) -> list[Signature]:
    return revenir_du_parapheur(SYSTEME, convention, octets, "retour.zip", maintenant=INSTANT)


def test_l_archive_porte_l_acte_son_empreinte_et_le_circuit_dans_l_ordre_d_autorite(a_signer):
    envoi = remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR)
    slip, acte = ouvrir(envoi.octets)
    piece = a_signer.pieces.get(genre="acte")
    assert (slip["sha256"], slip["reference"], slip["pages"]) == (piece.sha256, a_signer.reference, piece.pages)
    assert acte.startswith(b"%PDF-")
    assert [x["partie"] for x in slip["circuit"]] == ["structure", "france_travail", "etat"]
    assert slip["a_signer_avant"] == "2026-01-01"
    assert remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR).octets == envoi.octets, "mêmes données, mêmes octets"
    assert Entree.objects.filter(acte="conventions.parapheur").count() == 2


def test_le_retour_signe_acheve_l_acte_dans_l_ordre_du_circuit(a_signer):
    slip, acte = ouvrir(remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR).octets)
    signe = signer_fois(acte, "S1", "S2", "S3")
    recues = revenir(a_signer, envelopper(completer(slip, *JOURS), signe))
    assert [s.partie for s in recues] == ["structure", "france_travail", "etat"]
    assert {s.voie for s in Signature.objects.all()} == {"parapheur"}
    a_signer.refresh_from_db()
    assert a_signer.etat == "signe"


def test_un_retour_en_deux_fois_repart_du_pdf_deja_signe(a_signer):
    slip, acte = ouvrir(remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR).octets)
    revenir(a_signer, envelopper(completer(slip, "structure", "france_travail"), signer_fois(acte, "S1", "S2")))
    slip, encours = ouvrir(remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR).octets)
    assert len(encours) > len(acte), "l'acte repart avec les signatures reçues"
    assert [x["etat"] for x in slip["circuit"]] == ["signee", "signee", "attendue"]
    revenir(a_signer, envelopper(completer(slip, "etat"), signer_fois(encours, "S3")))
    a_signer.refresh_from_db()
    assert a_signer.etat == "signe"


@pytest.mark.parametrize(
    ("changer", "message"),
    [
        (lambda slip, acte: (slip | {"sha256": "0" * 64}, pdf_signe(acte)), "autre acte"),
        (lambda slip, acte: (slip, pdf_signe(pdf())), "n'est pas l'acte remis"),
        (lambda slip, acte: (slip, acte), "aucune signature électronique"),
        (lambda slip, acte: (slip | {"reference": "CONV-44-2026-ACI-9999"}, pdf_signe(acte)), "est celui de CONV-44"),
        (lambda slip, acte: (slip | {"format": "autre"}, pdf_signe(acte)), "format attendu"),
        (lambda slip, acte: (slip | {"circuit": []}, pdf_signe(acte)), "aucune signature nouvelle"),
        (lambda slip, acte: (completer(slip, "france_travail"), pdf_signe(acte)), "rapporte 2 signatures, le PDF en"),
    ],
)
def test_ce_qui_revient_est_l_acte_remis_ou_n_est_pas_recu(a_signer, changer, message):
    slip, acte = ouvrir(remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR).octets)
    slip, signe = changer(completer(slip, "structure"), acte)
    with pytest.raises(EntreeInvalide, match=message):
        revenir(a_signer, envelopper(slip, signe))
    assert not Signature.objects.exclude(etat="attendue").exists()


def test_l_etat_ne_signe_pas_avant_les_autres_meme_au_parapheur(a_signer):
    slip, acte = ouvrir(remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR).octets)
    with pytest.raises(ActionRefusee, match="pas encore son tour"):
        revenir(a_signer, envelopper(completer(slip, "etat"), pdf_signe(acte)))


def test_une_archive_illisible_ou_sans_bordereau_est_nommee(a_signer):
    with pytest.raises(EntreeInvalide, match="archive ZIP lisible"):
        revenir(a_signer, b"rien")
    with pytest.raises(EntreeInvalide, match="l'acte signé en PDF et son bordereau"):
        revenir(
            a_signer, parapheur.ecrire({"fichier": "acte.pdf"}, pdf()).replace(b"bordereau.json", b"bordereau.text")
        )


def test_rien_ne_part_au_parapheur_hors_de_la_signature(a_signer):
    with pytest.raises(ActionRefusee, match="Aucun acte"):
        remettre_au_parapheur(SYSTEME, convention_en_cours(), jour=JOUR)
    slip, acte = ouvrir(remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR).octets)
    revenir(a_signer, envelopper(completer(slip, *JOURS), signer_fois(acte, "S1", "S2", "S3")))
    with pytest.raises(ActionRefusee, match="Aucun acte"):
        remettre_au_parapheur(SYSTEME, a_signer, jour=JOUR)


def test_par_la_page_on_telecharge_puis_on_enregistre_le_retour(roles, a_signer):
    client = roles[Role.DEPARTEMENTAL].client
    page = client.get(a_signer.get_absolute_url()).content.decode()
    assert "Télécharger pour un parapheur" in page
    recue = client.post(reverse("conventions:parapheur", args=[a_signer.reference]))
    assert recue["Content-Type"] == "application/zip"
    slip, acte = ouvrir(recue.content)
    retour = envelopper(completer(slip, "structure"), pdf_signe(acte))
    envoi = SimpleUploadedFile("retour.zip", retour, content_type="application/zip")
    reponse = client.post(
        reverse("conventions:parapheur_retour", args=[a_signer.reference]), {"archive": envoi}, follow=True
    )
    assert "1\xa0signature de plus au dossier." in reponse.content.decode()
    assert Signature.objects.get(partie="structure").etat == "signee"
