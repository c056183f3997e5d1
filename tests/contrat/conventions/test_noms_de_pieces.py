"""Un fichier remis dit son acte et sa partie, pas le nom que lui a donné qui l'a envoyé."""

from __future__ import annotations

import re
from datetime import date

import pytest

from convenir.contrat.conventions.actions import AvisRendu, mettre_en_signature, passer, rendre_avis, substituer
from convenir.contrat.conventions.documents import produire
from convenir.contrat.conventions.models import Piece, Signature
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, fichier, monde, tout_signer
from tests.factories_comptes import AdhesionFactory, connecter

pytestmark = pytest.mark.django_db
REMIS = re.compile(r'attachment; filename="([a-z0-9_.-]+)"')


@pytest.fixture
def signee():
    m = monde()
    convention = m.convention(m.cofinancees())
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    version = mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)
    remplacee = version.signatures.get(partie="france_travail")
    substituer(SYSTEME, remplacee, fichier=fichier(), motif="Accord de coopération", jour=JOUR, maintenant=INSTANT)
    tout_signer(version)
    produire(SYSTEME, version, jour=JOUR, maintenant=INSTANT)
    Piece.objects.filter(genre="acte").update(nom="acte.pdf")
    return m, version


def remis(client, version) -> dict[str, str]:
    noms = {}
    for piece in version.pieces.all():
        lue = client.get(f"{version.convention.get_absolute_url()}pieces/{piece.pk}/")
        noms[REMIS.fullmatch(lue["Content-Disposition"]).group(1)] = piece.nom
    return noms


def test_chaque_exemplaire_signe_est_remis_sous_le_nom_de_son_acte_et_de_sa_partie(signee):
    m, version = signee
    agent = connecter(AdhesionFactory(organisation=m.service, role=Role.DEPARTEMENTAL)).client
    noms = remis(agent, version)
    reference = version.convention.reference.lower()
    assert len(noms) == version.pieces.count() == 5, "aucun nom ne sert deux fois"
    assert all(n.startswith(f"{reference}_convention-initiale_") and n.endswith(".pdf") for n in noms)
    fins = {n.removeprefix(f"{reference}_convention-initiale_") for n in noms}
    assert {"substitut-dune-signature_france-travail_2026-01-20.pdf", "acte-signe_etat_2026-01-30.pdf"} <= fins
    assert sum("acte-signe" in f for f in fins) == 3
    assert set(noms.values()) == {"scan.pdf", "acte.pdf"}, "le nom de l'envoi reste au dossier"


def test_un_fichier_qui_porte_plusieurs_signatures_le_dit(signee):
    m, version = signee
    commune = version.pieces.filter(genre="acte_signe").first()
    Signature.objects.filter(version=version, etat="signee").update(piece=commune)
    agent = connecter(AdhesionFactory(organisation=m.service, role=Role.DEPARTEMENTAL)).client
    lue = agent.get(f"{version.convention.get_absolute_url()}pieces/{commune.pk}/")
    assert "_acte-signe_3-parties_" in lue["Content-Disposition"]


def test_la_page_distingue_les_exemplaires(signee):
    m, version = signee
    agent = connecter(AdhesionFactory(organisation=m.service, role=Role.DEPARTEMENTAL)).client
    page = agent.get(version.convention.get_absolute_url()).content.decode()
    liens = re.findall(r'/pieces/\d+/">([^<]+)</a>', page)
    assert len(liens) == len(set(liens)) >= 5
    assert "Acte signé, État, convention initiale" in liens
    assert "reçu sous le nom « scan.pdf »" in page


def test_une_piece_sans_acte_garde_un_nom_clair(signee):
    m, version = signee
    lettre = Piece.objects.create(
        convention=version.convention, genre="courrier", nom="Été «1».pdf", sha256=version.pieces.first().sha256,
        suffixe=".pdf", taille=9, jour=date(2026, 2, 1), deposee_le=INSTANT, deposee_par="x",
    )  # fmt: skip
    agent = connecter(AdhesionFactory(organisation=m.service, role=Role.DEPARTEMENTAL)).client
    lue = agent.get(f"{version.convention.get_absolute_url()}pieces/{lettre.pk}/")
    assert lue["Content-Disposition"].endswith('_courrier_2026-02-01.pdf"')
