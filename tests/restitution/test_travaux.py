"""The register of works seen from the fiche of a mission locale, the API and the command line."""

from __future__ import annotations

import json
import re

import pytest

from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import MissionLocale
from tests.factories_travaux import INSTANT, TravailFactory
from tests.restitution.fabrique_ml import AILLEURS, DEDANS
from tests.restitution.test_commandes import lancer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
FICHE = f"/missions-locales/{DEDANS}/"


@pytest.fixture(autouse=True)
def registre():
    """Two diagnoses and a project in 2025, one of 2020, one withdrawn, one elsewhere."""
    mission_locale = MissionLocale.objects.get(code=DEDANS)
    dates = {"debut": "2025-02-01", "fin": "2025-03-01"}
    for genre in ("diagnostic", "diagnostic", "projet"):
        TravailFactory(mission_locale=mission_locale, genre=genre, **dates)
    TravailFactory(mission_locale=mission_locale, genre="etude", debut="2020-01-01", fin="2020-02-01")
    TravailFactory(mission_locale=mission_locale, retire_le=INSTANT, motif_retrait="Inscrit deux fois.", **dates)
    TravailFactory(mission_locale=MissionLocale.objects.get(code=AILLEURS), **dates)


def page(client) -> str:
    return client.get(FICHE, {"annee": "2025"}).content.decode().replace("\xa0", " ")


def test_la_fiche_compte_par_genre_a_cote_d_ax45_et_mene_aux_lignes(personnes):
    lue = page(personnes[Role.REGIONAL].client)
    section = lue[lue.index('id="axe-4-5"') : lue.index('id="axe-resultats"')]
    assert "Registre des travaux en 2025 : 2 diagnostics et 1 projet." in re.sub(r"<[^>]+>", "", section)
    assert f"/travaux/?ml={DEDANS}&amp;annee=2025&amp;genre=diagnostic" in section
    liste = personnes[Role.REGIONAL].client.get(f"/travaux/?ml={DEDANS}&annee=2025&genre=diagnostic")
    assert liste.context["page"].paginator.count == 2


def test_l_animation_regionale_lit_la_fiche_sans_le_registre(personnes):
    animation = personnes[Role.ANIMATION_REGIONALE].client
    assert "Registre des travaux" not in page(animation)
    assert animation.get(f"{FICHE}fiche.json", {"annee": "2025"}).json()["travaux"] is None
    assert "Registre des travaux" in page(personnes[Role.FINANCEUR].client)


def test_l_api_et_la_fiche_en_json_disent_comme_la_page(personnes):
    client = personnes[Role.FINANCEUR].client
    comptes = client.get(f"{FICHE}fiche.json", {"annee": "2025"}).json()["travaux"]
    assert comptes == {"partenariat": 0, "etude": 0, "diagnostic": 2, "projet": 1}
    lue = client.get(f"/api/v1/missions-locales/{DEDANS}/travaux", {"annee": "2025"}).json()
    assert lue["total"] == 3
    assert {t["mission_locale"] for t in lue["travaux"]} == {DEDANS}
    assert lue["travaux"][0]["etp"] == "0.20"
    assert client.get(f"/api/v1/missions-locales/{DEDANS}/travaux").json()["total"] == 4


def test_la_ligne_de_commande_lit_le_registre(capsys):
    assert lancer("travaux", "--ml", DEDANS, "--annee", "2025", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == 3
    assert lancer("travaux", "--genre", "diagnostic", "--csv") == 0
    assert len(capsys.readouterr().out.strip().splitlines()) == 1 + 3
    assert lancer("travaux", "--ml", "INCONNUE") == 1
    assert "Aucune mission locale INCONNUE" in capsys.readouterr().err
