"""Le rejet pour pièces non fournies : proposé à l'échéance, jamais avant, décidé par le service."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from convenir.contrat.conventions.actions import Projet
from convenir.contrat.conventions.models import Decision
from convenir.contrat.conventions.temps import passer_le_jour
from convenir.contrat.dossiers import actions
from convenir.contrat.dossiers.actions import PieceAttendue
from convenir.contrat.dossiers.models import Dossier
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.roles import Role
from convenir.socle.taches.models import Notification, Tache
from tests.factories_dossiers import INSTANT, JOUR, PDF, dossier_rempli

pytestmark = pytest.mark.django_db
ECHEANCE = JOUR + timedelta(days=20)
QUAND = {"jour": JOUR, "maintenant": INSTANT}


@pytest.fixture
def roles(gens):
    return gens(dossier_rempli().convention)


@pytest.fixture
def incomplet(roles):
    dossier = roles[Role.DIRECTION_STRUCTURE].acteur
    depose = actions.deposer(dossier, Dossier.objects.get(), **QUAND)
    service = roles[Role.DEPARTEMENTAL].acteur
    attendues = [PieceAttendue("autre", "Attestation d'assurance")]
    return actions.demander(service, depose, attendues, echeance=ECHEANCE, motif="Absente", **QUAND)


def projet(prise_le: date) -> Projet:
    return Projet("Pièces non fournies", "CRPA, L. 114-5", "Camille Fictive", "Directrice", prise_le, "Recours")


def jour(quand: date) -> int:
    return passer_le_jour(quand, maintenant=INSTANT).comptes["pieces_echues"]


def proposees() -> int:
    return Tache.objects.filter(code="dossier.rejeter", faite_le=None).count()


def test_le_rejet_est_propose_au_lendemain_de_l_echeance_une_fois(incomplet, roles):
    assert jour(ECHEANCE) == 0, "le dernier jour est à la structure"
    assert jour(ECHEANCE + timedelta(days=1)) == 1
    assert jour(ECHEANCE + timedelta(days=1)) == 0
    tache = Tache.objects.get(code="dossier.rejeter")
    assert tache.organisation == incomplet.convention.service
    assert "Attestation d'assurance" in tache.pourquoi
    direction = roles[Role.DIRECTION_STRUCTURE].utilisateur
    assert Notification.objects.filter(destinataire=direction, libelle__contains="délai de vos pièces").count() == 1


def test_une_piece_fournie_apres_l_echeance_retire_la_proposition(incomplet, roles):
    jour(ECHEANCE + timedelta(days=1))
    direction = roles[Role.DIRECTION_STRUCTURE].acteur
    actions.joindre(direction, incomplet, "autre", "assurance.pdf", PDF, maintenant=INSTANT)
    assert proposees() == 0


def test_ne_plus_demander_la_piece_retire_la_proposition(incomplet, roles):
    jour(ECHEANCE + timedelta(days=1))
    service = roles[Role.DEPARTEMENTAL].acteur
    actions.abandonner_demande(service, incomplet.demandes.get(), maintenant=INSTANT)
    assert proposees() == 0


def test_on_ne_rejette_pas_avant_l_echeance_ni_sans_piece_demandee(incomplet, roles):
    service = roles[Role.DEPARTEMENTAL].acteur
    with pytest.raises(ActionRefusee, match="La structure a jusqu'au"):
        actions.rejeter(service, incomplet, projet(ECHEANCE), maintenant=INSTANT)
    incomplet.demandes.all().delete()
    with pytest.raises(ActionRefusee, match="Aucune pièce demandée ne manque"):
        actions.rejeter(service, incomplet, projet(ECHEANCE + timedelta(days=9)), maintenant=INSTANT)


def test_la_page_du_rejet_est_preremplie_et_prend_la_decision(incomplet, roles, monkeypatch):
    client, reference = roles[Role.DEPARTEMENTAL].client, incomplet.convention.reference
    adresse = reverse("dossiers:rejeter", args=[reference])
    for module in ("instruction", "dossier"):
        monkeypatch.setattr(f"convenir.contrat.dossiers.views.{module}.aujourdhui", lambda: ECHEANCE)
    assert "n’est pas possible aujourd’hui" in client.get(adresse).content.decode()
    assert adresse not in client.get(incomplet.get_absolute_url()).content.decode()
    lendemain = ECHEANCE + timedelta(days=1)
    for module in ("instruction", "dossier"):
        monkeypatch.setattr(f"convenir.contrat.dossiers.views.{module}.aujourdhui", lambda: lendemain)
    assert adresse in client.get(incomplet.get_absolute_url()).content.decode()
    page = client.get(adresse).content.decode()
    assert "Attestation d&#x27;assurance" in page
    assert "dans un délai de 2 mois" in page
    saisie = {
        "jour": f"{lendemain:%d/%m/%Y}", "faits": "Pièce non fournie", "articles": "CRPA, L. 114-5",
        "signataire": "Camille Fictive", "qualite": "Directrice", "voies": "Recours dans les deux mois",
    }  # fmt: skip
    assert client.post(adresse, saisie | {"signataire": ""}).status_code == 400
    reponse = client.post(adresse, saisie)
    assert reponse["Location"] == incomplet.convention.get_absolute_url()
    decision = Decision.objects.get()
    assert (decision.genre, decision.convention.etat) == ("refus", "refuse")


def test_une_demande_rejetee_ne_recoit_plus_de_piece(incomplet, roles):
    apres = ECHEANCE + timedelta(days=1)
    actions.rejeter(
        roles[Role.DEPARTEMENTAL].acteur, incomplet, projet(apres), maintenant=INSTANT + timedelta(days=40)
    )
    with pytest.raises(ActionRefusee):
        actions.joindre(
            roles[Role.DIRECTION_STRUCTURE].acteur, Dossier.objects.get(), "autre", "a.pdf", PDF, maintenant=INSTANT
        )
    page = roles[Role.DIRECTION_STRUCTURE].client.get(incomplet.get_absolute_url()).content.decode()
    assert "Fournir une pièce" not in page
