"""Un mot de passe oublié : un lien par courriel, qui vaut un jour et ne sert qu'une fois."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from convenir.socle.comptes import actes
from convenir.socle.journal.models import Entree
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory, connecter

pytestmark = pytest.mark.django_db
OUBLI = "comptes:mot_de_passe_oublie"
NOUVEAU = "Quatre-Chemins-2027?"
ENVOI = {"nouveau": NOUVEAU, "confirmation": NOUVEAU}


@pytest.fixture(autouse=True)
def _sans_envoi_recent():
    cache.clear()


def demander_lien(client, email: str) -> str:
    client.post(reverse(OUBLI), {"email": email})
    return re.sub(r"^https?://[^/]+", "", re.search(r"https?://\S+", mail.outbox[-1].body).group())


def test_le_lien_change_le_mot_de_passe_et_ferme_les_sessions(client):
    connecte = connecter(AdhesionFactory(utilisateur=UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)))
    lien = demander_lien(client, connecte.utilisateur.email.upper())
    assert client.get(lien).status_code == 200
    assert client.post(lien, ENVOI).url == reverse("comptes:connexion")
    connecte.utilisateur.refresh_from_db()
    assert connecte.utilisateur.check_password(NOUVEAU)
    assert connecte.client.get(reverse("comptes:mon_compte")).status_code == 302
    assert Entree.objects.get().acte == actes.MOT_DE_PASSE_CHANGE
    assert client.get(lien).status_code == 410


def test_la_reponse_ne_dit_pas_si_l_adresse_a_un_compte(client):
    connue, desactivee = UtilisateurFactory(), UtilisateurFactory(est_actif=False)
    pages = set()
    for email in (connue.email, desactivee.email, "inconnue@exemple.invalid"):
        reponse = client.post(reverse(OUBLI), {"email": email})
        pages.add((reponse.status_code, reponse.content.decode().replace(email, "")))
    assert len(pages) == 1
    assert [courriel.to for courriel in mail.outbox] == [[connue.email]]


def test_on_n_inonde_personne(client):
    utilisateur = UtilisateurFactory()
    for _ in range(5):
        client.post(reverse(OUBLI), {"email": utilisateur.email})
    assert len(mail.outbox) == 1


def test_le_lien_vaut_un_jour(client):
    lien = demander_lien(client, UtilisateurFactory().email)
    for ecart, statut in ((timedelta(hours=20), 200), (timedelta(hours=28), 410)):
        with time_machine.travel(timezone.now() + ecart):
            assert client.get(lien).status_code == statut


@pytest.mark.parametrize("cle", ["", "zz", "MTIzNDU2Nzg5", "é"])
def test_un_lien_inconnu_ou_abime_est_mort(client, cle):
    url = reverse("comptes:nouveau_mot_de_passe", args=[cle or "x", "jeton"])
    assert client.get(url).status_code == 410


def test_un_mot_de_passe_faible_ne_consomme_pas_le_lien(client):
    lien = demander_lien(client, UtilisateurFactory().email)
    assert "trop faible" in client.post(lien, {"nouveau": "x", "confirmation": "x"}).content.decode()
    assert client.post(lien, ENVOI).status_code == 302


def test_une_adresse_impossible_ou_un_courriel_qui_ne_part_pas_sont_dits(client, settings):
    assert "Le lien n’est pas envoyé" in client.post(reverse(OUBLI), {"email": "x"}).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = client.post(reverse(OUBLI), {"email": UtilisateurFactory().email}).content.decode()
    assert "n’est pas parti" in page
