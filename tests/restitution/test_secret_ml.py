"""Every way out of the figures of a mission locale, read from outside: no small count, nor what gives it back.

ML044B has three exits in 2025, two to a job, one of them durable: none may be read, on any path.
"""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from convenir.socle.comptes.roles import Role
from convenir.socle.documents.tableurs import FORMATS
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_socle import OrganisationFactory
from tests.restitution.fabrique_ml import PETITE
from tests.restitution.textes_pdf import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
COUVERTS = {"RES03", "RES03b", "RES03b4", "TX01", "TX02"}
ANNEE = {"annee": "2025"}


@pytest.fixture
def dehors(personnes):
    return personnes[Role.ANIMATION_REGIONALE].client


def rangs(reponse, format_export: str) -> list[dict[str, object]]:
    octets = b"".join(reponse.streaming_content)
    if format_export == "csv":
        lus = list(csv.reader(io.StringIO(octets.decode("utf-8-sig"))))
    else:
        lus = CalamineWorkbook.from_filelike(io.BytesIO(octets)).get_sheet_by_index(0).to_python()
    return [dict(zip(lus[0], r, strict=False)) for r in lus[1:]]


@pytest.mark.parametrize("format_export", sorted(FORMATS))
def test_lexport_de_la_fiche(dehors, format_export):
    lues = rangs(dehors.get(f"/missions-locales/{PETITE}/export.{format_export}", ANNEE), format_export)
    de_lannee = {x["indicateur"]: x for x in lues if str(x["periode"]) == "2025"}
    assert {c for c in COUVERTS if de_lannee[c]["statut"] == "secret"} == COUVERTS
    for code in COUVERTS:
        nombres = ("numerateur", "denominateur", "valeur", "completude", "borne_basse", "borne_haute")
        assert [de_lannee[code][c] for c in nombres] == [""] * 6, code
    assert {len(str(x["periode"])) for x in lues} <= {4, 10}
    assert {x["ventilation"] for x in lues} == {""}


@pytest.mark.parametrize("format_export", sorted(FORMATS))
def test_lexport_de_la_liste(dehors, format_export):
    lues = rangs(dehors.get(f"/missions-locales/export.{format_export}", ANNEE), format_export)
    petite = next(x for x in lues if x["mission_locale"] == PETITE)
    assert petite["TX02_statut"] == "secret"
    assert [petite[c] for c in ("TX02", "TX02_numerateur", "TX02_denominateur")] == [""] * 3


@pytest.mark.parametrize("format_export", sorted(FORMATS))
def test_lexport_de_la_comparaison(dehors, format_export):
    adresse = f"/missions-locales/comparaison/export.{format_export}"
    lues = rangs(dehors.get(adresse, {**ANNEE, "indicateur": "RES03b4"}), format_export)
    petite = next(x for x in lues if x["mission_locale"] == PETITE)
    assert (petite["statut"], petite["numerateur"], petite["valeur"]) == ("secret", "", "")


def test_lapi_et_le_json(dehors):
    (petite,) = dehors.get("/api/v1/missions-locales", {**ANNEE, "q": PETITE}).json()["missions_locales"]
    taux = next(v for v in petite["indicateurs"] if v["code"] == "TX02")
    assert (taux["statut"], taux["numerateur"], taux["denominateur"], taux["valeur"]) == ("secret", None, None, None)
    fiche = dehors.get(f"/api/v1/missions-locales/{PETITE}/fiche", ANNEE).json()
    assert fiche == dehors.get(f"/missions-locales/{PETITE}/fiche.json", ANNEE).json()
    for v in fiche["indicateurs"]:
        if v["code"] in COUVERTS and v["periode"] == "2025":
            lus = (v["statut"], v["numerateur"], v["denominateur"], v["valeur"], v["completude"], v["bornes"])
            assert lus == ("secret", *[None] * 5), v
    assert {v["ventilation"] for v in fiche["indicateurs"]} == {""}


def test_les_pages_et_le_pdf(dehors):
    page = dehors.get(f"/missions-locales/{PETITE}/", ANNEE).content.decode().replace("\xa0", " ")
    assert "jeunes sortis sur" not in page
    assert "1 sur 3" not in page
    for code in COUVERTS:
        assert dehors.get(f"/missions-locales/{PETITE}/chiffres/{code}/", {"periode": "2025"}).status_code == 404
    ecrit = texte(dehors.get(f"/missions-locales/{PETITE}/fiche.pdf", ANNEE).content).replace("\xa0", " ")
    assert "couvert par le secret" in ecrit
    assert "1 sur 3" not in ecrit
    for ferme in ("mois/", "qualite/", "qualite.csv"):
        assert dehors.get(f"/missions-locales/{PETITE}/{ferme}").status_code == 403


def test_qui_nest_de_rien_ne_lit_rien():
    """A network of SIAE, and a person without a mission locale in sight."""
    ailleurs = connecter(AdhesionFactory(role=Role.RESEAU, organisation=OrganisationFactory())).client
    for adresse in ("", f"{PETITE}/", f"{PETITE}/fiche.json", f"{PETITE}/export.csv", "export.csv"):
        assert ailleurs.get(f"/missions-locales/{adresse}").status_code in (403, 404), adresse
    assert ailleurs.get(f"/api/v1/missions-locales/{PETITE}/fiche").status_code in (401, 403, 404)
