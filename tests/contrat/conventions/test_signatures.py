"""Les trois voies d'une signature, qui signe pour qui, ce qui se reprend."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from convenir.contrat.conventions import signature_pdf
from convenir.contrat.conventions.actions import (
    AvisRendu,
    Signataire,
    SignatureRecue,
    annuler_signatures,
    deliberer,
    mettre_en_signature,
    passer,
    relancer,
    rendre_avis,
    retirer_de_la_signature,
    signer,
)
from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.fichiers import lire
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.signataires import EtatDePartie, a_son_tour, signent
from convenir.contrat.conventions.rules.termes import Cofinancement, Termes
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import (
    INSTANT,
    JOUR,
    SYSTEME,
    TITULAIRE,
    fichier,
    monde,
    pdf,
    pdf_signe,
    tout_signer,
)
from tests.factories_comptes import acteurs_par_role


def scan(pages: int = 1, **champs) -> SignatureRecue:
    return SignatureRecue(**{"jour": JOUR, "voie": "papier", "signataire": TITULAIRE, "fichier": fichier(pages),
                             "attestee": True} | champs)  # fmt: skip


@pytest.fixture
def version(db) -> Version:
    m = monde()
    convention = m.convention(m.cofinancees())
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    return mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)


def recevoir(version: Version, partie: str, recue: SignatureRecue, acteur=SYSTEME):
    return signer(acteur, version.signatures.get(partie=partie), recue, maintenant=INSTANT)


def test_l_etat_signe_en_dernier_et_les_autres_sur_des_exemplaires_distincts():
    cofinance = Termes(cofinancements=(Cofinancement("7", "Département fictif", postes=None, montant=None),))
    assert [a.partie for a in signent(cofinance, france_travail=True)] == ["structure", "france_travail", "etat"]
    parties = [EtatDePartie("structure", 1, "signee"), EtatDePartie("france_travail", 2, "attendue"),
               EtatDePartie("financeur", 3, "attendue"), EtatDePartie("etat", 4, "attendue")]  # fmt: skip
    assert [p.partie for p in a_son_tour(parties)] == ["france_travail", "financeur"]
    signees = [replace(p, etat="signee") for p in parties[:3]]
    assert [p.partie for p in a_son_tour([*signees, parties[3]])] == ["etat"]


def test_un_scan_a_autant_de_pages_que_l_acte_et_l_agent_atteste(version):
    acte = lire("acte.pdf", pdf(2))
    joindre(SYSTEME, version.convention, "acte", acte, jour=JOUR, maintenant=INSTANT, version=version)
    with pytest.raises(EntreeInvalide, match="3\N{NO-BREAK SPACE}pages, l'acte à signer 2"):
        recevoir(version, "structure", scan(3))
    with pytest.raises(EntreeInvalide, match="côte à côte"):
        recevoir(version, "structure", scan(2, attestee=False))
    signature = recevoir(version, "structure", scan(2))
    assert "atteste que le scan de 2\N{NO-BREAK SPACE}pages" in signature.constat
    assert signature.piece.genre == "acte_signe"


def test_un_pdf_signe_ailleurs_est_verifie_certificat_couverture_modifications(version):
    signe = lire("signe.pdf", pdf_signe(pdf()))
    recue = scan(voie="pdf_signe", fichier=signe)
    constat = recevoir(version, "structure", recue).constat
    assert "Camille Fictive" in constat
    assert "signature intègre, document entièrement couvert, sans modification ultérieure" in constat
    assert "autorité non reconnue par ce service" in constat


def test_un_pdf_modifie_apres_sa_signature_est_refuse_et_rien_n_est_ecrit(version):
    octets = bytearray(pdf_signe(pdf()))
    position = octets.index(b"/MediaBox")
    octets[position + 1 : position + 9] = b"mediaBox"
    with pytest.raises(EntreeInvalide, match=r"altérée|modifié"):
        recevoir(version, "structure", scan(voie="pdf_signe", fichier=lire("faux.pdf", bytes(octets))))
    with pytest.raises(EntreeInvalide, match="aucune signature électronique"):
        recevoir(version, "structure", scan(voie="pdf_signe"))
    assert not version.signatures.exclude(etat="attendue").exists()
    assert Convention.objects.get().etat == "a_signer"


def test_une_page_ajoutee_apres_la_signature_se_voit():
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    ecrivain = PdfWriter(PdfReader(BytesIO(pdf_signe(pdf()))), incremental=True)
    ecrivain.add_blank_page(595, 842)
    tampon = BytesIO()
    ecrivain.write(tampon)
    (lue,) = signature_pdf.verifier(tampon.getvalue(), "ajout.pdf")
    assert lue.integre
    assert not lue.vaut
    with pytest.raises(EntreeInvalide, match="modifié après la signature"):
        signature_pdf.exiger_valables([lue], "ajout.pdf")


def test_deux_signatures_sur_le_meme_pdf_valent_toutes_les_deux():
    deux = signature_pdf.verifier(pdf_signe(pdf_signe(pdf()), "Signature2"), "deux.pdf")
    assert [s.vaut for s in deux] == [True, True]


def test_la_signature_dans_l_application_est_fermee_par_defaut_et_son_niveau_est_imprime(version, settings):
    recue = scan(voie="application", fichier=None)
    with pytest.raises(ActionRefusee, match="pas ouverte"):
        recevoir(version, "structure", recue)
    settings.SIGNATURE_DANS_APPLICATION = True
    assert "signature électronique simple" in recevoir(version, "structure", recue).constat.lower()


def test_une_delegation_ou_un_interim_cite_son_acte_et_le_signataire_est_fige(version):
    delegue = Signataire("Dominique Fictive", "Directrice", "delegation")
    with pytest.raises(EntreeInvalide, match="cite l'acte"):
        recevoir(version, "structure", scan(signataire=delegue))
    signature = recevoir(version, "structure", scan(signataire=replace(delegue, fondement="Décision du 12 janvier")))
    assert (signature.signataire, signature.titre) == ("Dominique Fictive", "delegation")
    with pytest.raises(ActionRefusee, match="déjà"):
        recevoir(version, "structure", scan())


def test_chacun_signe_pour_son_organisation_et_l_agent_pour_tous(version):
    gens = acteurs_par_role(version.convention.structure)
    direction, financeur = gens[Role.DIRECTION_STRUCTURE].acteur, gens[Role.FINANCEUR].acteur
    with pytest.raises(ActionRefusee, match="Seules les personnes de"):
        recevoir(version, "france_travail", scan(), direction)
    with pytest.raises(ActionRefusee, match="Seules les personnes de"):
        recevoir(version, "structure", scan(), financeur)
    assert recevoir(version, "structure", scan(), direction).etat == "signee"
    assert recevoir(version, "france_travail", scan(), gens[Role.DEPARTEMENTAL].acteur).etat == "signee"


def test_une_partie_n_est_invitee_a_enregistrer_que_ce_qui_est_d_elle(version):
    client = acteurs_par_role(version.convention.structure)[Role.DIRECTION_STRUCTURE].client
    signatures = {s.partie: s for s in version.signatures.all()}
    actes = {
        (partie, acte): reverse(f"conventions:{acte}", args=[version.convention.reference, s.pk])
        for partie, s in signatures.items()
        for acte in ("signer", "comparer_scan", "deliberer")
    }
    page = client.get(version.convention.get_absolute_url()).content.decode()
    assert [cle for cle, adresse in actes.items() if adresse in page] == [("structure", "signer")]
    refusees = {partie: client.get(actes[partie, "signer"]) for partie in signatures if partie != "structure"}
    assert {reponse.status_code for reponse in refusees.values()} == {403}
    assert "Seules les personnes de" in refusees["france_travail"].content.decode()
    assert client.get(actes["financeur", "deliberer"]).status_code == 403
    assert client.get(actes["structure", "signer"]).status_code == 200


def test_une_deliberation_attendue_ne_bloque_pas_les_signatures(version):
    financeur = version.signatures.get(partie="financeur")
    assert financeur.deliberation_attendue
    tout_signer(version)
    assert Version.objects.get(pk=version.pk).etat == "signee"
    notee = deliberer(SYSTEME, financeur, reference="CP-2026-112", jour=date(2026, 4, 3))
    assert (notee.deliberation, notee.deliberation_attendue) == ("CP-2026-112", False)


def test_un_acte_partiellement_signe_se_reprend_ses_signatures_restent_et_ne_valent_plus(version):
    recevoir(version, "structure", scan())
    annuler_signatures(SYSTEME, version.convention, motif="Erreur de montant", jour=JOUR, maintenant=INSTANT)
    assert set(version.signatures.values_list("etat", flat=True)) == {"annulee"}
    assert Convention.objects.get().etat == "en_negociation"
    mettre_en_signature(SYSTEME, version.convention, jour=JOUR, maintenant=INSTANT)
    assert version.signatures.filter(etat="attendue").count() == 4


def test_un_acte_que_personne_n_a_signe_se_retire_et_on_relance_qui_manque(version):
    structure = version.signatures.get(partie="structure")
    assert relancer(SYSTEME, structure, jour=JOUR).signature.relancee_le == JOUR
    retirer_de_la_signature(SYSTEME, version.convention, motif="Faute de frappe", jour=JOUR, maintenant=INSTANT)
    assert Version.objects.get(pk=version.pk).etat == "preparation"


@pytest.mark.parametrize(
    ("nom", "octets", "message"),
    [("acte.exe", b"MZ", "n'est pas accepté"), ("acte.pdf", b"", "est vide"),
     ("acte.pdf", b"PK\x03\x04", "autre chose"), ("acte.pdf", b"%PDF-1.7 tronque", "ne se lit pas")],
)  # fmt: skip
def test_un_fichier_n_est_jamais_cru_sur_son_nom(nom, octets, message):
    with pytest.raises(EntreeInvalide, match=message):
        lire(nom, octets)


def test_un_fichier_trop_lourd_est_refuse_et_un_chemin_est_oublie(monkeypatch):
    monkeypatch.setattr("convenir.contrat.conventions.fichiers.TAILLE_MAX", 10)
    with pytest.raises(EntreeInvalide, match="dépasse"):
        lire("acte.pdf", pdf())
    monkeypatch.undo()
    assert lire("C:\\Bureau\\acte.pdf", pdf()).nom == "acte.pdf"
