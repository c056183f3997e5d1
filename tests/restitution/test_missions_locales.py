"""Pages of the missions locales: what each reads, what it costs, what leaves in an export."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from convenir.mesure.indicateurs import queries, queries_ml
from convenir.mesure.indicateurs.definitions import Version
from convenir.mesure.indicateurs.models import ChiffreMissionLocale, Instantane
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs
from convenir.restitution.fiches_ml import assemblage, secret
from convenir.restitution.fiches_ml.comparaison import comparer
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import MissionLocale
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_socle import MissionLocaleFactory
from tests.restitution.fabrique_ml import AILLEURS, DEDANS, NOMS, PETITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
FICHE = f"/missions-locales/{DEDANS}/"


def plat(contenu: bytes) -> str:
    texte = contenu.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")
    return " ".join(texte.split())


@pytest.fixture
def regional(personnes):
    return personnes[Role.REGIONAL].client


@pytest.fixture
def financeur(personnes):
    return personnes[Role.FINANCEUR].client


@pytest.fixture
def direction():
    """The director of the mission locale of Vendée."""
    organisation = MissionLocale.objects.get(code=DEDANS).organisation
    return connecter(AdhesionFactory(organisation=organisation, role=Role.DIRECTION_STRUCTURE)).client


# ------------------------------------------------------------------------------------------------ liste


def test_la_liste_montre_celles_du_perimetre_et_cherche_sans_accents(regional, financeur):
    toutes = plat(regional.get("/missions-locales/").content)
    assert all(nom.replace("'", "'") in toutes for nom in NOMS.values())
    assert "SIAE" in toutes
    trouvees = plat(regional.get("/missions-locales/", {"q": "ile"}).content)
    assert NOMS[PETITE] in trouvees
    assert NOMS[DEDANS] not in trouvees
    siennes = plat(financeur.get("/missions-locales/").content)
    assert NOMS[DEDANS] in siennes
    assert NOMS[AILLEURS] not in siennes


def test_le_tri_par_chiffre_est_reserve_a_qui_le_voit(regional, personnes):
    def noms(client, tri):
        return [m.code for m in client.get("/missions-locales/", {"tri": tri}).context["page"]]

    assert noms(regional, "-contact") == [AILLEURS, DEDANS, PETITE]
    assert noms(regional, "contact") == [PETITE, DEDANS, AILLEURS]
    animation = personnes[Role.ANIMATION_REGIONALE].client
    assert noms(animation, "-contact") == noms(animation, "nom") == [AILLEURS, PETITE, DEDANS]


@pytest.mark.parametrize("format_export", ["csv", "xlsx", "ods"])
def test_l_export_de_la_liste_est_entier(regional, format_export):
    departement = MissionLocale.objects.get(code=DEDANS).departement
    MissionLocaleFactory.create_batch(40, departement=departement)
    reponse = regional.get(reverse("portail:missions_locales_export", args=[format_export]))
    octets = b"".join(reponse.streaming_content)
    if format_export == "csv":
        rangs = list(csv.reader(io.StringIO(octets.decode("utf-8-sig"))))
    else:
        classeur = CalamineWorkbook.from_filelike(io.BytesIO(octets))
        assert classeur.sheet_names == ["Missions locales", "Dictionnaire", "Paramètres", "Instantané"]
        rangs = classeur.get_sheet_by_index(0).to_python()
    assert len(rangs) == 1 + 43
    lues = {r[0]: dict(zip(rangs[0], r, strict=False)) for r in rangs[1:]}
    assert Decimal(str(lues[DEDANS]["ACT01"])) == 200
    assert "ml.jdi.fenetre_mois = " in lues[DEDANS]["parametres"]


# ------------------------------------------------------------------------------------------------ fiche


def test_la_fiche_dit_les_valeurs_les_annees_et_les_statuts(regional):
    lue = plat(regional.get(FICHE, {"annee": "2025"}).content)
    assert "reçu déjà agrégé de la mission locale" in lue
    assert "200 jeunes ont été en contact" in lue
    assert "12 sur 40 jeunes sortis" in lue
    # Eight of forty exits unknown: 12/40 = 30 %, at best 20/40 = 50 %.
    assert "irait de 30,0 % à 50,0 %" in lue
    assert "Complétude 80,0 % ; selon les inconnus, de 30,0 % à 50,0 %." in lue
    assert "budget prévisionnel 2025, sur activité 2025" in lue
    assert lue.count("n. d.") > 20
    autre = plat(regional.get(f"/missions-locales/{AILLEURS}/").content)
    assert "n. e." in autre
    assert "somme des missions locales, doubles comptes possibles" in autre


def test_le_departement_est_la_somme_qui_se_dit(systeme):
    fiche = assemblage.assembler(systeme, assemblage.trouver(systeme, AILLEURS), 2025)
    contact = fiche.ligne("ACT01")
    assert contact.autour[0].valeur == 500
    assert contact.autour[0].source == queries_ml.SOMME
    taux = fiche.ligne("TX02").autour[0]
    assert (taux.numerateur, taux.denominateur) == (31, 93)
    assert contact.annees[1].valeur == 390
    assert fiche.ligne("ACT02a").retrait == 1


def test_une_annee_non_calculee_se_dit(regional):
    assert "Aucun chiffre de mission locale n'est calculé pour 2019" in plat(
        regional.get(FICHE, {"annee": "2019"}).content
    )
    Instantane.objects.filter(dispositif="ml").update(annees=[2025])
    assert regional.get(FICHE, {"annee": "abcd"}).status_code == 404


def test_un_chiffre_s_ouvre_sur_sa_source(regional):
    lue = plat(regional.get(f"{FICHE}chiffres/ACT02/", {"periode": "2025"}).content)
    assert "Jeunes ayant eu au moins un entretien dans la période." in lue
    assert "Mois par mois" in lue
    assert f'href="{FICHE}?annee=2025"' in lue
    assert "Jeunes femmes" in lue
    assert "ses enregistrements n’ont pas quitté" in lue.lower()
    assert "a" * 64 in lue
    assert "À confirmer" in lue
    assert regional.get(f"{FICHE}chiffres/ACT99/", {"periode": "2025"}).status_code == 404
    assert regional.get(f"{FICHE}chiffres/ACT02/").status_code == 404
    sortis = plat(regional.get(f"{FICHE}chiffres/RES03b/", {"periode": "2025"}).content)
    assert "Complétude 80,0 % ; selon les inconnus, de 20 à 28." in sortis
    assert "Complétude" not in lue
    durable = plat(regional.get(f"{FICHE}chiffres/TX02/", {"periode": "2025"}).content)
    assert "ne dépend d’aucun paramètre" not in durable
    assert "parametres/ml.emploi_durable.duree_mois" in durable
    par_jeune = plat(regional.get(f"{FICHE}chiffres/MOY06/", {"periode": "2025"}).content)
    assert "Années des deux termes : budget prévisionnel 2025, sur activité 2025" in par_jeune


# ------------------------------------------------------------------------------------------------ secret


def test_qui_est_dehors_ne_lit_ni_petit_effectif_ni_ce_qui_le_rendrait(financeur, regional):
    fiche = financeur.get(FICHE).context["fiche"]
    vues = {ligne.indicateur.code: ligne.courante.statut for s in fiche.sections for ligne in s.lignes}
    assert vues["RES03c"] == "secret"
    assert vues["ACT01"] == "disponible"
    assert fiche.ligne("ACT01").autour[0].valeur == 200
    assert [v.indicateur for v in fiche.valeurs if v.ventilation or len(v.periode) != 4] == []
    assert regional.get(FICHE).context["fiche"].ligne("RES03c").courante.valeur == 3
    assert financeur.get(f"{FICHE}mois/").status_code == 403
    assert financeur.get(f"{FICHE}chiffres/RES03c/", {"periode": "2025"}).status_code == 404
    decoupe = {"periode": "2025", "ventilation": "sexe", "modalite": "femme"}
    assert financeur.get(f"{FICHE}chiffres/ACT02/", decoupe).status_code == 404
    exporte = financeur.get(f"{FICHE}fiche.json").json()
    masque = [i for i in exporte["indicateurs"] if i["code"] == "RES03c" and i["periode"] == "2025"]
    assert masque == [{**masque[0], "statut": "secret", "valeur": None, "numerateur": None}]


def test_le_gel_choisit_une_fois_ce_qui_est_couvert(systeme):
    lues = queries.valeurs(queries_ml.instantane(2025), "ml", PETITE)
    caches = {code for code, periode in lues.secrets if periode == "2025"}
    # 3 exits, of which 2 to a job and 1 durable: every count, and every rate standing on them.
    assert {"RES03", "RES03b", "RES03b4", "TX02", "TX01"} <= caches
    assert "ACT01" not in caches
    vues = secret.pour_un_tiers(lues)
    assert vues.get("TX02", "2025").statut == "secret"
    assert not [v for v in vues if v.ventilation]


def test_ce_dont_le_secret_est_perdu_reste_ferme():
    seule = Valeurs.de("ml", "X", [Valeur("ACT01", "", "", "2025", D(9), None, D(9), "disponible")])
    assert secret.pour_un_tiers(seule).get("ACT01", "2025").statut == "secret"
    territoire = Valeurs.de("departement", "44", seule)
    assert secret.autour_dune_partie(territoire, seule).get("ACT01", "2025").statut == "secret"


def test_une_mission_locale_ne_deduit_pas_le_petit_compte_de_sa_voisine():
    """Loire-Atlantique has two: 93 exits in all less the 90 of the one would give the 3 of the other."""
    organisation = MissionLocale.objects.get(code=AILLEURS).organisation
    voisine = connecter(AdhesionFactory(organisation=organisation, role=Role.DIRECTION_STRUCTURE)).client
    reponse = voisine.get(f"/missions-locales/{AILLEURS}/", {"annee": "2025"})
    fiche = reponse.context["fiche"]
    petits = ("RES03", "RES03b", "RES03b4", "TX01", "TX02")
    assert [fiche.ligne(c).courante.statut for c in petits] == ["disponible"] * 5
    assert {v.statut for c in petits for v in fiche.ligne(c).autour[:2]} <= {"secret", "manquant"}
    assert {fiche.ligne(c).autour[0].statut for c in petits} == {"secret"}
    assert fiche.ligne("RES03").autour[0].numerateur is None
    # Where nobody is small, the département is still there to compare with.
    assert fiche.ligne("ACT01").autour[0].valeur == 500
    assert "« s. s. », couvert par le secret" in plat(reponse.content)


# ------------------------------------------------------------------------------------------------ mois, accueil


def test_la_mission_locale_lit_son_mois_sans_attendre_le_dialogue(direction):
    accueil = plat(direction.get("/").content)
    assert NOMS[DEDANS] in accueil
    assert "Même période 2024" in accueil
    assert "Dernière livraison ASP" not in accueil
    mois = plat(direction.get(f"{FICHE}mois/", {"mois": "6"}).content)
    # 150 a year: twelve a month, seventy-five to the end of June; seventy the year before.
    assert (
        "12 jeunes reçus en entretien en juin 2025, 75 depuis janvier, +5 par rapport à la même période de 2024."
        in mois
    )
    assert direction.get(f"/missions-locales/{AILLEURS}/").status_code == 404
    structures = plat(direction.get("/").content)
    assert 'href="/missions-locales/"' in structures


def test_chaque_role_a_son_accueil(personnes):
    for role in (Role.REGIONAL, Role.FINANCEUR, Role.ANIMATION_REGIONALE):
        lue = plat(personnes[role].client.get("/").content)
        assert "dans votre périmètre" in lue, role
    assert "Missions locales" not in plat(personnes[Role.MEMBRE_CDIAE].client.get("/").content)


# ------------------------------------------------------------------------------------------------ comparaison


def test_la_comparaison_suit_le_nom_ou_le_territoire_jamais_la_valeur(regional, systeme):
    par_nom = regional.get("/missions-locales/comparaison/", {"indicateur": "ACT01"}).context["comparaison"]
    assert [x.mission_locale.code for x in par_nom.lignes] == [AILLEURS, PETITE, DEDANS]
    assert par_nom.groupe is None
    departement = MissionLocale.objects.get(code=DEDANS).departement
    instantane = Instantane.objects.get(dispositif="ml")
    for rang, m in enumerate(MissionLocaleFactory.create_batch(4, departement=departement)):
        ChiffreMissionLocale.objects.create(
            mission_locale=m, instantane=instantane, annee=2025, indicateur="ACT01", periode="2025",
            numerateur=300 + rang, valeur=300 + rang, statut="disponible", unite="personnes",
        )  # fmt: skip
    siennes = MissionLocale.objects.select_related("departement").order_by("departement_id", "nom")
    toutes = comparer(instantane, 2025, "ACT01", siennes, dehors=False, minimum=1)
    assert [x.mission_locale.departement_id for x in toutes.lignes] == ["44"] * 2 + ["85"] * 5
    # 100, 200, 300, 301, 302, 303, 400 by nearest rank: 200, 301, 303.
    assert (toutes.groupe.q1, toutes.groupe.mediane, toutes.groupe.q3) == (200, 301, 303)
    assert "301" in toutes.phrase


def test_la_comparaison_masque_ce_qui_doit_l_etre(personnes):
    animation = personnes[Role.ANIMATION_REGIONALE].client
    lue = animation.get("/missions-locales/comparaison/", {"indicateur": "RES03c"}).context["comparaison"]
    statuts = {x.mission_locale.code: x.valeur.statut for x in lue.lignes}
    assert statuts[DEDANS] == "secret"
    exportee = b"".join(
        animation.get("/missions-locales/comparaison/export.csv", {"indicateur": "RES03c"}).streaming_content
    ).decode()
    assert "secret" in exportee
    entetes, premiere, *_ = csv.reader(io.StringIO(exportee.lstrip("\ufeff")))
    assert "ml.age.date = " in dict(zip(entetes, premiere, strict=True))["parametres"]


# ------------------------------------------------------------------------------------------------ rupture de série


@pytest.fixture
def rompue(monkeypatch):
    """ACT01 as if its definition had changed in 2025: what the pages must then say."""
    reel = queries_ml.catalogue_ml("2026")
    act01 = reel.indicateurs["ACT01"]
    apres = Version(2, date(2025, 1, 1), "Les appels ne comptent plus.", rupture=True)
    change = replace(act01, versions=(*act01.versions, apres))
    essai = replace(reel, indicateurs=reel.indicateurs | {"ACT01": change})
    monkeypatch.setattr(queries_ml, "catalogue_ml", lambda _: essai)
    return "Rupture de série en 2025 : Les appels ne comptent plus. Avant et après : non comparable."


def feuille(client, adresse: str, requete: dict[str, str], rang: int = 0) -> list[dict[str, object]]:
    octets = b"".join(client.get(adresse, requete).streaming_content)
    entetes, *rangs = CalamineWorkbook.from_filelike(io.BytesIO(octets)).get_sheet_by_index(rang).to_python()
    return [dict(zip(entetes, r, strict=False)) for r in rangs]


def test_la_rupture_se_dit_partout_ou_le_chiffre_se_lit(rompue, regional, financeur):
    de_2025 = {"annee": "2025"}
    for client in (regional, financeur):
        assert rompue in plat(client.get(FICHE, de_2025).content)
        assert rompue in plat(client.get(f"{FICHE}chiffres/ACT01/", {"periode": "2025"}).content)
        assert rompue in plat(client.get("/missions-locales/comparaison/", {"indicateur": "ACT01"} | de_2025).content)
        lu = client.get(f"{FICHE}fiche.json", de_2025).json()
        assert lu["ruptures"] == {"ACT01": rompue}
        versions = {i["periode"]: i["version"] for i in lu["indicateurs"] if i["code"] == "ACT01"}
        assert (versions["2025"], versions["2024"]) == (2, 1)
    assert "Rupture" not in plat(regional.get(f"{FICHE}chiffres/ACT02/", {"periode": "2025"}).content)
    # Before the change, nothing to say.
    assert "Rupture" not in plat(regional.get(FICHE, {"annee": "2024"}).content)


@pytest.mark.parametrize("format_export", ["xlsx", "ods"])
def test_les_exports_portent_la_version_et_la_rupture(rompue, regional, format_export):
    requete = {"annee": "2025", "indicateur": "ACT01"}
    lues = feuille(regional, f"{FICHE}export.{format_export}", requete)
    contact = {x["periode"]: x for x in lues if x["indicateur"] == "ACT01" and not x["ventilation"]}
    assert [(contact[p]["version"], contact[p]["rupture"]) for p in ("2025", "2024", "2024-03")] == [
        (2, rompue), (1, rompue), (1, rompue),
    ]  # fmt: skip
    assert {x["rupture"] for x in lues if x["indicateur"] == "ACT02"} == {""}
    comparees = feuille(regional, f"/missions-locales/comparaison/export.{format_export}", requete)
    assert {(x["version"], x["rupture"]) for x in comparees} == {(2, rompue)}
    liste = feuille(regional, f"/missions-locales/export.{format_export}", requete)
    assert {x["ruptures"] for x in liste} == {f"ACT01 : {rompue}"}
    dictionnaire = {x["indicateur"]: x for x in feuille(regional, f"{FICHE}export.{format_export}", requete, 1)}
    assert dictionnaire["ACT01"]["ruptures"] == "2025 : Les appels ne comptent plus."
    assert dictionnaire["ACT04"]["ruptures"].startswith("2017 : Le PACEA remplace le CIVIS")
    assert "2022 : Le CEJ remplace" in dictionnaire["ACT04"]["ruptures"]


# ------------------------------------------------------------------------------------------------ exports, coût


def test_le_classeur_de_la_fiche_a_son_dictionnaire_et_ses_parametres(regional):
    octets = b"".join(regional.get(f"{FICHE}export.ods", {"annee": "2025"}).streaming_content)
    classeur = CalamineWorkbook.from_filelike(io.BytesIO(octets))
    assert classeur.sheet_names == ["Indicateurs", "Dictionnaire", "Paramètres", "Instantané"]
    entetes, *rangs = classeur.get_sheet_by_index(0).to_python()
    lues = [dict(zip(entetes, r, strict=False)) for r in rangs]
    contact = [x for x in lues if (x["indicateur"], x["periode"], x["ventilation"]) == ("ACT01", "2025", "")]
    assert [(x["valeur"], x["voie"]) for x in contact] == [(200, "agregats")]
    assert "ml.age.date" in contact[0]["parametres"]
    durable = next(x for x in lues if (x["indicateur"], x["periode"]) == ("TX02", "2025"))
    assert [durable[c] for c in ("completude", "borne_basse", "borne_haute")] == [80, 30, 50]
    assert contact[0]["borne_haute"] == ""
    assert {x["ventilation"] for x in lues} == {"", "sexe"}
    dictionnaire = classeur.get_sheet_by_index(1).to_python()
    assert len(dictionnaire) > 80
    assert {"sens", "etape", "module_entreprise", "systeme", "version"} <= set(dictionnaire[0])
    assert len(classeur.get_sheet_by_index(2).to_python()) > 10


def test_le_json_de_la_fiche_est_celui_de_l_api_et_de_la_commande(regional, capsys):
    page = regional.get(f"{FICHE}fiche.json", {"annee": "2025"}).json()
    api = regional.get(f"/api/v1/missions-locales/{DEDANS}/fiche", {"annee": "2025"}).json()
    assert page == api
    contact = [i for i in page["indicateurs"] if (i["code"], i["periode"]) == ("ACT01", "2025")]
    assert contact[0]["valeur"] == "200"
    durable = next(i for i in page["indicateurs"] if (i["code"], i["periode"]) == ("TX02", "2025"))
    assert (float(durable["completude"]), [float(x) for x in durable["bornes"]]) == (80, [30, 50])
    assert contact[0]["bornes"] is None
    assert page["structure"]["module_entreprise"] is True
    assert page["instantane"]["grille"] == "2026"
    assert "RES03b1" in page["manquants"]
    from convenir.restitution.commandes.principal import main

    assert main(["fiche", "--ml", DEDANS, "--annee", "2025", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == page
    assert main(["fiche", "--ml", "INCONNUE", "--annee", "2025"]) == 1
    liste = regional.get("/api/v1/missions-locales").json()
    assert [m["code"] for m in liste["missions_locales"]] == [AILLEURS, PETITE, DEDANS]


@pytest.mark.parametrize(
    "adresse",
    ["/", "/missions-locales/", FICHE, f"{FICHE}mois/", f"{FICHE}chiffres/ACT02/", "/missions-locales/comparaison/"],
)
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_missions_locales(regional, adresse):
    def compte() -> int:
        with CaptureQueriesContext(connection) as capture:
            assert regional.get(adresse, {"periode": "2025"}).status_code == 200
        return len(capture)

    avec_trois = compte()
    MissionLocaleFactory.create_batch(60, departement=MissionLocale.objects.get(code=DEDANS).departement)
    assert compte() <= avec_trois <= 20


def test_le_systeme_lit_tout(systeme: Acteur):
    assert assemblage.trouver(systeme, DEDANS).code == DEDANS
