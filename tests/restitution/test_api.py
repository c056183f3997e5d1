"""The API: its description holds, its tokens end, its errors are in French."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from convenir.restitution.api import actions
from convenir.restitution.api.models import Jeton
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from tests.factories_comptes import AdhesionFactory, connecter
from tests.restitution.fabrique import DENOMINATION, GRAND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
BASE = "/api/v1"
LECTURES = (
    "structures", "structures/{code}/fiche", "missions-locales", "missions-locales/{code}/fiche", "objectifs",
    "indicateurs", "parametres/{code}", "conventions", "conventions/{reference}", "conventions/{reference}/versions",
    "conventions/{reference}/difference", "conventions/{reference}/objectifs", "conventions/{reference}/suivi",
    "dossiers", "dossiers/{reference}", "missions-locales/{code}/travaux",
    "dictionnaire/{dispositif}",
)  # fmt: skip
CONTROLES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def porteur(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def secret(personnes) -> str:
    return actions.creer_jeton(personnes[Role.NATIONAL].acteur, "essai")[1]


def lire(chemin: str, secret: str = "", statut: int = 200, **parametres: str) -> dict:
    reponse = Client().get(f"{BASE}/{chemin}", parametres, headers=porteur(secret) if secret else {})
    assert reponse.status_code == statut, reponse.content.decode()
    assert reponse["Content-Type"].startswith("application/json")
    return json.loads(reponse.content)


# ------------------------------------------------------------------------------------------------ description


@pytest.fixture
def wsgi():
    """The product as a WSGI application on the connection of the test, which it must not close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def description(wsgi):
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", wsgi)


def test_la_description_nomme_toutes_les_lectures(description):
    chemins = description.raw_schema["paths"]
    assert set(chemins) == {f"{BASE}/{chemin}" for chemin in LECTURES}
    assert {methode for chemin in chemins.values() for methode in chemin} == {"get"}


@pytest.mark.parametrize("chemin", LECTURES)
def test_chaque_reponse_suit_la_description(description, secret, chemin):
    """Whatever the parameters: no failure of the server, a status and a body that the description announces."""
    strategie = description[f"{BASE}/{chemin}"]["GET"].as_strategy()

    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cas=strategie)
    def essayer(cas):
        reponse = cas.call(headers=porteur(secret))
        cas.validate_response(reponse, checks=CONTROLES)

    essayer()


@pytest.mark.parametrize("code", [f"{GRAND}-ACI", "100002-EI"])
def test_la_fiche_rendue_est_celle_de_la_page(secret, personnes, code):
    assert lire(f"structures/{code}/fiche", secret, annee="2025") == json.loads(
        personnes[Role.NATIONAL].client.get(f"/structures/{code}/fiche.json", {"annee": "2025"}).content
    )


def test_la_liste_est_celle_du_perimetre(personnes):
    _, secret = actions.creer_jeton(personnes[Role.DEPARTEMENTAL].acteur, "essai")
    lue = lire("structures", secret)
    assert (lue["annee"], lue["total"], lue["pages"]) == (2025, 2, 1)
    grande = next(s for s in lue["structures"] if s["code"] == f"{GRAND}-ACI")
    assert grande["denomination"] == DENOMINATION
    assert grande["taux_dynamique"] == "50.000000"
    assert [s["code"] for s in lire("structures", secret, q="etoile")["structures"]] == [f"{GRAND}-ACI"]


def test_un_parametre_se_lit_a_sa_date(secret):
    lu = lire("parametres/iae.socle.ACI", secret, date="2023-06-30")
    assert set(lu) == {
        "code", "date", "valeur", "unite", "texte", "source", "verifie_le", "a_confirmer", "historique"
    }  # fmt: skip
    assert isinstance(lu["valeur"], str)


# ------------------------------------------------------------------------------------------------ erreurs


@pytest.mark.parametrize(
    ("chemin", "parametres", "statut", "mots"),
    [
        ("structures/100002/fiche", {}, 404, "plusieurs catégories"),
        ("structures/1-ACI/fiche", {}, 404, "Aucune structure 1 en ACI dans votre périmètre"),
        ("structures/abc/fiche", {}, 404, "Aucune structure"),
        (f"structures/{GRAND}-ACI/fiche", {"annee": "1999"}, 404, "Aucun chiffre n'est calculé pour 1999"),
        ("parametres/iae.rien", {}, 404, "iae.rien"),
        ("structures", {"page": "0"}, 422, "page"),
        ("structures", {"annee": "hier"}, 422, "annee"),
        ("structures", {"annee": "9" * 20}, 422, "annee"),
    ],
)
def test_une_erreur_se_lit_en_francais(secret, chemin, parametres, statut, mots):
    lue = lire(chemin, secret, statut, **parametres)
    assert set(lue) == {"erreur"}
    assert mots in lue["erreur"]
    assert "Input should" not in lue["erreur"]


def test_sans_jeton_la_reponse_est_401_en_francais():
    for chemin in ("structures", "indicateurs", f"structures/{GRAND}-ACI/fiche"):
        lue = lire(chemin, statut=401)
        assert set(lue) == {"erreur"}
        assert "jeton" in lue["erreur"]


def test_un_role_sans_droit_le_lit(personnes):
    _, secret = actions.creer_jeton(personnes[Role.ADMINISTRATION].acteur, "essai")
    assert "ne permet pas" in lire("structures", secret, 403)["erreur"]


# ------------------------------------------------------------------------------------------------ jetons


def test_un_jeton_expire(secret):
    lire("indicateurs", secret)
    Jeton.objects.update(cree_le=timezone.now() - timedelta(days=400), expire_le=timezone.now() - timedelta(seconds=1))
    lire("indicateurs", secret, 401)


def test_un_jeton_suit_son_adhesion_et_son_compte(personnes):
    agent = personnes[Role.NATIONAL]
    _, secret = actions.creer_jeton(agent.acteur, "essai")
    agent.adhesion.fin, agent.adhesion.fin_motif = timezone.localdate(), "départ"
    agent.adhesion.save()
    lire("indicateurs", secret, 401)
    agent.adhesion.fin, agent.adhesion.fin_motif = None, ""
    agent.adhesion.save()
    lire("indicateurs", secret)
    agent.utilisateur.est_actif = False
    agent.utilisateur.save()
    lire("indicateurs", secret, 401)


def test_creer_puis_revoquer_depuis_la_page(personnes):
    client = personnes[Role.DIRECTION_STRUCTURE].client
    reponse = client.post("/api/jetons/", {"libelle": "tableau de bord"})
    secret = reponse.context["secret"]
    assert secret in reponse.content.decode()
    assert secret not in client.get("/api/jetons/").content.decode(), "il ne se montre qu'une fois"
    assert not Jeton.objects.filter(empreinte=secret).exists(), "seule son empreinte est gardée"
    assert lire("structures", secret)["total"] == 1
    jeton = Jeton.objects.get()
    page = client.post(f"/api/jetons/{jeton.pk}/revoquer/", follow=True).content.decode()
    assert "Le jeton est révoqué" in page
    lire("structures", secret, 401)
    entrees = Entree.objects.count()
    client.post(f"/api/jetons/{jeton.pk}/revoquer/")
    assert Entree.objects.count() == entrees, "révoquer deux fois ne change rien"
    assert list(Entree.objects.filter(acte__startswith="api.").order_by("numero").values_list("acte", flat=True)) == [
        "api.jeton.creer", "api.jeton.revoquer"
    ]  # fmt: skip


@pytest.mark.parametrize("libelle", ["", "   ", "x" * 101])
def test_un_jeton_dit_a_quoi_il_sert(personnes, libelle):
    page = personnes[Role.NATIONAL].client.post("/api/jetons/", {"libelle": libelle}).content.decode()
    assert "Dites à quoi sert le jeton" in page
    assert not Jeton.objects.exists()


def test_le_jeton_d_un_autre_n_est_pas_le_sien(personnes):
    jeton, secret = actions.creer_jeton(personnes[Role.NATIONAL].acteur, "essai")
    autre = personnes[Role.RESEAU]
    assert autre.client.post(f"/api/jetons/{jeton.pk}/revoquer/").status_code == 403
    with pytest.raises(ActionRefusee, match="pas le vôtre"):
        actions.revoquer_jeton(autre.acteur, jeton.pk)
    assert "essai" not in autre.client.get("/api/jetons/").content.decode()
    lire("indicateurs", secret)


def test_sans_adhesion_pas_de_jeton():
    seul = connecter(AdhesionFactory())
    seul.adhesion.delete()
    assert seul.client.get("/api/jetons/").status_code == 200
    assert seul.client.post("/api/jetons/", {"libelle": "essai"}).status_code == 403
    assert not Jeton.objects.exists()
