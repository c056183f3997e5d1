"""Relevé de la négociation : texte étalon du DOCX relu et du PDF, mêmes octets, remplacement avec trace."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from convenir.contrat.objectifs import documents, releve
from convenir.contrat.objectifs.annexe import objectifs_negocies
from convenir.contrat.objectifs.presentation import presenter
from convenir.contrat.objectifs.queries import negociation as lire
from convenir.socle.comptes.roles import Role
from convenir.socle.documents import actes
from convenir.socle.documents.docx import rendre_docx, texte_du_docx
from convenir.socle.documents.models import DocumentProduit, VersionDocument
from convenir.socle.documents.rendu import DocumentImpossible
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Nature
from tests.factories_objectifs import INSTANT, Negociation, negociation
from tests.factories_socle import OrganisationFactory

pytestmark = pytest.mark.django_db
ETALON = Path(__file__).with_name("releve.txt")


@pytest.fixture(autouse=True)
def dossier(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path


@pytest.fixture
def jeu() -> Negociation:
    jeu = negociation(reference="CONV-99-2026-ACI-0042")
    jeu.convention.structure.denomination = "Les Jardins fictifs"
    jeu.convention.structure.save()
    jeu.convention.service.nom = "DDETS fictive"
    jeu.convention.service.save()
    trois = jeu.sorties()
    jeu.convenir(trois["durable"], "24")
    jeu.dire(jeu.agente, trois["positive"], "proposition", "17", raisons="Deux formations ouvrent. <b>&</b> {{ 7*7 }}")
    jeu.dire(jeu.directeur, trois["positive"], "desaccord", "14", raisons="Une seule est accessible sans permis.")
    return jeu


def donnees(jeu: Negociation) -> releve.DonneesReleve:
    return releve.contexte(presenter(lire(jeu.agente.acteur, jeu.convention, 2026)))


def test_les_nombres_du_docx_s_alignent_a_droite_comme_dans_le_pdf(jeu):
    document = Document(BytesIO(releve.en_docx(donnees(jeu), INSTANT, fictif=True).octets))
    (objectifs,) = [t for t in document.tables if t.rows[0].cells[0].text == "Objectif"]
    for rang in objectifs.rows:
        alignes = [c.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT for c in rang.cells]
        assert alignes == [False, True, True, False], [c.text for c in rang.cells]


def test_texte_etalon_du_document_rendu(jeu):
    obtenu = texte_du_docx(releve.en_docx(donnees(jeu), INSTANT, fictif=True).octets)
    if os.environ.get("REFAIRE_ETALONS"):
        ETALON.write_text(obtenu, "utf-8")
    assert obtenu == ETALON.read_text("utf-8")
    assert "<b>&</b> {{ 7*7 }}" in obtenu
    assert "DONNÉES FICTIVES" in obtenu


def test_l_orientation_servie_et_qui_attend_l_objectif_sont_au_releve_a_l_acte_et_a_la_page(jeu):
    region = OrganisationFactory(nom="Région fictive", nature=Nature.COLLECTIVITE)
    durable = jeu.convention.objectifs.get(indicateur="iae.sorties.taux_durable")
    durable.orientation, durable.attendu_par = "Lever les freins", region
    durable.save()
    dit = "Sert l’orientation « Lever les freins », attendu par Région fictive."
    lus = donnees(jeu)
    assert dit in texte_du_docx(releve.en_docx(lus, INSTANT, fictif=True).octets).replace("\u00a0", " ")
    (pdf,) = {o.repond.replace("\u00a0", " ") for o in lus.objectifs if o.repond}
    assert pdf == dit
    adresse = reverse("objectifs:negociation", args=[jeu.convention.reference, 2026])
    assert dit in jeu.directeur.client.get(adresse).content.decode().replace("\u00a0", " ")
    version = jeu.convention.versions.get()
    articles = {a.titre: a.puces for a in objectifs_negocies(version)}
    (puce,) = articles["À quoi les objectifs répondent"]
    assert puce.replace("\u00a0", " ") == (
        "Emploi durable : sert l’orientation « Lever les freins », attendu par Région fictive."
    )
    durable.orientation, durable.attendu_par = "", None
    durable.save()
    assert "À quoi les objectifs répondent" not in {a.titre for a in objectifs_negocies(version)}


def test_memes_donnees_memes_octets(jeu):
    lues = donnees(jeu)
    un, deux = (releve.en_docx(lues, INSTANT, fictif=False) for _ in range(2))
    assert un.sha256 == deux.sha256
    assert releve.en_docx(lues, INSTANT + timedelta(days=1), fictif=False).sha256 != un.sha256
    assert releve.en_pdf(lues, INSTANT, fictif=True).octets.startswith(b"%PDF-")


def test_gabarit_ou_donnees_inconnus(jeu):
    with pytest.raises(DocumentImpossible, match="inconnu"):
        rendre_docx("nulle-part", {}, horodatage=INSTANT, fictif=True)
    with pytest.raises(DocumentImpossible, match="composé"):
        rendre_docx("releve-objectifs", {"meta": {}}, horodatage=INSTANT, fictif=True)


def test_etablir_deux_fois_n_ecrit_rien(jeu):
    for _ in range(2):
        document = documents.etablir(jeu.agente.acteur, jeu.convention, 2026, maintenant=INSTANT)
    assert document.versions.count() == 2
    assert Entree.objects.filter(acte=actes.ETABLI).count() == 2


def test_remplacer_puis_revenir_avec_trace(jeu):
    adresse = reverse("objectifs:releve", args=[jeu.convention.reference, 2026])
    assert jeu.agente.client.post(adresse).status_code == 302
    document = DocumentProduit.objects.get()
    page = jeu.agente.client.get(document.get_absolute_url()).content.decode()
    assert "Remplacer par un fichier" in page
    rendu = document.versions.get(format="docx")
    octets = rendre_docx("releve-objectifs", donnees(jeu), horodatage=INSTANT, fictif=False).octets
    envoi = reverse("documents:remplacer", args=[document.uuid])

    def deposer(contenu: bytes, nom: str = "relu.docx", motif: str = "Relu par le service") -> int:
        fichier = SimpleUploadedFile(nom, contenu)
        return jeu.agente.client.post(envoi, {"fichier": fichier, "motif": motif}).status_code

    assert deposer(b"PK pas un docx") == 400
    assert deposer(octets, "relu.exe") == 400
    assert deposer(octets, motif="") == 400
    assert "déposez aussi l’autre" not in page
    assert deposer(octets) == 302
    assert deposer(octets) == 400, "le fichier en vigueur ne se remplace pas par lui-même"
    page = jeu.agente.client.get(document.get_absolute_url()).content.decode()
    assert "Seul le DOCX a été déposé à la main" in page, "le PDF d'avant ne passe pas pour le même texte"
    courante = document.versions.get(format="docx", en_vigueur=True)
    assert (courante.origine, courante.motif) == ("depot", "Relu par le service")
    trace = Entree.objects.get(acte=actes.REMPLACE).charge
    assert (trace.avant["empreinte"], trace.apres["empreinte"]) == (rendu.sha256, courante.sha256)
    jeu.dire(jeu.agente, jeu.sorties()["transition"], "proposition", "20")
    documents.etablir(jeu.agente.acteur, jeu.convention, 2026, maintenant=INSTANT)
    assert document.versions.get(format="docx", en_vigueur=True) == courante  # un rendu n'efface pas un dépôt
    revenir = reverse("documents:revenir", args=[document.uuid, rendu.pk])
    assert jeu.agente.client.post(revenir, {"motif": "Erreur de fichier"}).status_code == 302
    rendu.refresh_from_db()
    assert rendu.en_vigueur
    assert VersionDocument.objects.filter(document=document, format="docx").count() == 3
    telecharge = jeu.agente.client.get(reverse("documents:telecharger", args=[document.uuid, "docx"]))
    assert "Les Jardins fictifs" in texte_du_docx(telecharge.content)


def test_qui_ne_lit_pas_la_convention_ne_sait_pas_que_le_releve_existe(jeu):
    document = documents.etablir(jeu.agente.acteur, jeu.convention, 2026, maintenant=INSTANT)
    assert jeu.directeur.client.get(document.get_absolute_url()).status_code == 200
    refus = jeu.directeur.client.post(
        reverse("documents:remplacer", args=[document.uuid]),
        {"fichier": SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "motif": "Le nôtre"},
    )
    assert refus.status_code == 400
    for dehors in (negociation().directeur, jeu.personne(Role.RESEAU)):
        assert dehors.client.get(document.get_absolute_url()).status_code == 404


def test_un_releve_ne_se_lit_pas_de_qui_ne_lit_qu_une_partie_de_ses_objectifs():
    jeu = negociation()
    financeur = jeu.personne(Role.FINANCEUR)
    jeu.convenir(jeu.poser("Attendu par lui", attendu_par=financeur.adhesion.organisation))
    etabli = documents.etablir(jeu.agente.acteur, jeu.convention, 2026, maintenant=jeu.maintenant)
    page = reverse("objectifs:negociation", args=[jeu.convention.reference, 2026])
    assert financeur.client.get(etabli.get_absolute_url()).status_code == 200
    assert "Ouvrir le relevé" in financeur.client.get(page).content.decode()
    jeu.poser("Attendu de l’État seul")
    assert financeur.client.get(etabli.get_absolute_url()).status_code == 404
    assert "Ouvrir le relevé" not in financeur.client.get(page).content.decode()
