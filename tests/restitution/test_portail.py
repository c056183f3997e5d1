"""The pages of the portal: list, exports, trace, errors, and what they cost."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.states import EtatLivraison
from convenir.mesure.indicateurs.models import (
    ChiffreMissionLocale,
    Instantane,
    SituationStructure,
    SituationTerritoire,
)
from convenir.restitution.portail import liste, menu
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure
from convenir.socle.territoires.models import Commune
from tests.factories_socle import CommuneZonageFactory, StructureFactory
from tests.restitution.fabrique import DENOMINATION, GRAND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
RACINE = Path(__file__).resolve().parents[2]
TOUTES = {"100001-ACI", "100002-ACI", "100002-EI", "100003-AI", "100004-ETTI", "100005-ACI", "100006-ACI"}


def plat(contenu: bytes) -> str:
    return " ".join(contenu.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'").split())


@pytest.fixture
def agent(personnes):
    """Someone who sees the whole country."""
    return personnes[Role.NATIONAL].client


def codes(acteur, **filtre: str) -> list[str]:
    return [s.code for s in liste.filtrer(acteur, liste.Filtre.lire(filtre, 2025))]


def ajouter(nombre: int, **champs) -> list[Structure]:
    """Add structures with a line of figures, in Vendée."""
    commune, instantane = Commune.objects.get(code="85191"), Instantane.objects.get(dispositif="iae")
    faites = [StructureFactory(departement=commune.departement, commune=commune, **champs) for _ in range(nombre)]
    SituationStructure.objects.bulk_create(
        SituationStructure(structure=s, instantane=instantane, annee=2025, etp_conventionnes=D(rang), alertes=[])
        for rang, s in enumerate(faites)
    )
    return faites


def test_la_derniere_livraison_de_l_accueil_est_celle_de_l_asp(agent):
    derniere = Livraison.objects.filter(etat=EtatLivraison.APPLIQUEE).latest("appliquee_le")
    apres = derniere.appliquee_le + timedelta(days=1)
    Livraison.objects.create(source=Source.MISSIONS_LOCALES, etat=EtatLivraison.APPLIQUEE, appliquee_le=apres)
    assert agent.get("/").context["livraison"] == derniere


@pytest.mark.parametrize("adresse", ["/structures/?q=roche%00", "/api/v1/objectifs?annee=2025&departement=%00"])
def test_un_caractere_nul_dans_une_demande_est_ignore(agent, adresse):
    assert agent.get(adresse).status_code == 200


def test_un_caractere_nul_dans_une_adresse_est_une_page_absente(agent):
    assert agent.get("/conventions/CONV%00/").status_code == 404


# ------------------------------------------------------------------------------------------------ filtres et tri


@pytest.mark.parametrize(
    ("filtre", "attendues"),
    [
        ({}, TOUTES),
        ({"categorie": "EI"}, {"100002-EI"}),
        ({"categorie": "XX"}, TOUTES),
        ({"departement": "85"}, {"100005-ACI", "100006-ACI"}),
        ({"region": "52"}, TOUTES),
        ({"region": "94"}, set()),
        ({"motif": "saisie"}, {"100002-EI", "100003-AI", "100004-ETTI"}),
        ({"motif": "sorties"}, {"100006-ACI"}),
        ({"alerte": "aucune"}, {"100001-ACI", "100005-ACI"}),
        ({"alerte": "moderee"}, {"100002-ACI"}),
        ({"alerte": "forte", "departement": "44"}, {"100002-EI", "100003-AI", "100004-ETTI"}),
        ({"q": "grand chantier etoile"}, {"100006-ACI"}),
        ({"q": "roche"}, {"100005-ACI", "100006-ACI"}),
        ({"q": "ACI085250002"}, {"100006-ACI"}),
        ({"q": "ACI 085 25 0002 A0 M0"}, {"100006-ACI"}),
        ({"q": "ACI085259999"}, set()),
        ({"q": "introuvable"}, set()),
    ],
    ids=lambda v: str(sorted(v)) if isinstance(v, set) else str(v),
)
def test_chaque_filtre(systeme, filtre, attendues):
    assert set(codes(systeme, **filtre)) == attendues


def test_le_siret_se_cherche_avec_ou_sans_espaces(systeme, grande):
    siret = grande.siret_signature
    assert set(codes(systeme, q=siret)) == {"100006-ACI"}
    assert "100006-ACI" in codes(systeme, q=f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}")


def test_la_zone_d_emploi_ne_se_propose_que_chargee(systeme, agent, grande):
    assert "Zone d’emploi" not in plat(agent.get("/structures/").content)
    lien = CommuneZonageFactory(commune=grande.commune, zonage__nom="Zone de La Roche")
    assert set(codes(systeme, zone=lien.zonage.code)) == {"100005-ACI", "100006-ACI"}
    assert "Zone de La Roche" in plat(agent.get("/structures/").content)


def test_une_zone_de_deux_millesimes_ne_double_pas_la_liste(systeme, grande, agent):
    ancienne = CommuneZonageFactory(
        commune=grande.commune, zonage__code="5202", zonage__nom="Zone ancienne", zonage__millesime=2010
    )
    CommuneZonageFactory(
        commune=grande.commune, zonage__code="5202", zonage__nom="Zone actuelle", zonage__millesime=2020
    )
    assert sorted(codes(systeme, zone=ancienne.zonage.code)) == ["100005-ACI", "100006-ACI"]
    page = plat(agent.get("/structures/").content)
    assert "Zone actuelle" in page
    assert "Zone ancienne" not in page


def test_un_zonage_qui_n_est_pas_charge_est_dit_absent(agent, grande):
    page = plat(agent.get("/donnees/").content)
    assert page.count("<strong>absent</strong>") == 3
    CommuneZonageFactory(commune=grande.commune, zonage__millesime=2020)
    page = plat(agent.get("/donnees/").content)
    assert "chargé, millésime 2020" in page
    assert page.count("<strong>absent</strong>") == 2


RUBRIQUES = ("À faire", "Structures", "Dialogues", "Conventions", "Financements", "Instances", "Données",
             "Textes et paramètres")  # fmt: skip


def test_le_menu_est_celui_du_produit_et_chacun_n_y_voit_que_ce_qu_il_a(personnes):
    vus = {}
    for role, personne in personnes.items():
        lus = [lien.libelle for lien in personne.client.get("/").context["menu"]]
        assert lus == [rubrique for rubrique in RUBRIQUES if rubrique in lus], role
        vus[role] = lus
        for lien in personne.client.get("/").context["menu"]:
            assert personne.client.get(lien.url).status_code == 200, (role, lien.libelle)
    assert vus[Role.ADMINISTRATION] == ["À faire", "Textes et paramètres"]
    assert vus[Role.DONNEES_NATIONALES] == ["À faire", "Données", "Textes et paramètres"]
    assert vus[Role.RESEAU] == ["À faire", "Structures", "Textes et paramètres"]
    assert {"Dialogues", "Conventions", "Données"} <= set(vus[Role.DEPARTEMENTAL])


def test_les_listes_d_une_rubrique_menent_l_une_a_l_autre(personnes):
    agente = personnes[Role.DEPARTEMENTAL].client
    for adresse in ("/conventions/", "/dossiers/", "/suivi/"):
        liens = agente.get(adresse).context["rubrique"]
        assert [(lien.libelle, lien.courant) for lien in liens] == [
            ("Conventions", adresse == "/conventions/"),
            ("Dossiers", adresse == "/dossiers/"),
            ("Suivi", adresse == "/suivi/"),
        ]
        assert [lien.libelle for lien in agente.get(adresse).context["menu"] if lien.courant] == ["Conventions"]
    assert agente.get("/structures/").context["rubrique"] == []


@pytest.mark.parametrize("adresse", ["/structures/", "/missions-locales/", "/travaux/"])
def test_la_rubrique_des_structures_est_marquee_sur_chacune_de_ses_pages(personnes, adresse):
    for role in (Role.DEPARTEMENTAL, Role.REGIONAL):
        page = personnes[role].client.get(adresse)
        assert page.status_code == 200
        assert [lien.libelle for lien in page.context["menu"] if lien.courant] == ["Structures"]


@pytest.mark.parametrize("adresse", ["/missions-locales/", "/travaux/"])
def test_la_rubrique_des_structures_est_marquee_pour_qui_n_a_que_des_missions_locales(personnes, adresse):
    (lien,) = menu.liens((menu.STRUCTURES,), personnes[Role.ANIMATION_REGIONALE].acteur, adresse)
    assert (lien.url, lien.courant) == ("/missions-locales/", True)


@pytest.mark.parametrize("tri", list(liste.TRIS))
def test_ce_qui_n_est_pas_connu_vient_en_dernier_dans_les_deux_sens(systeme, tri):
    sans_chiffres = StructureFactory(denomination="ZZZ sans chiffres", categorie="AI")
    for sens in ("", "-"):
        rangs = list(liste.filtrer(systeme, liste.Filtre.lire({"tri": sens + tri}, 2025)))
        assert len(rangs) == len(TOUTES) + 1
        champ = liste.TRIS[tri]
        if champ.startswith("situation__"):
            assert rangs[-1] == sans_chiffres
            connus = [getattr(s, champ.removeprefix("situation__")) for s in rangs]
            connus = [v for v in connus if v is not None]
            assert connus == sorted(connus, reverse=bool(sens))


def test_un_tri_inconnu_est_celui_par_defaut():
    assert liste.Filtre.lire({"tri": "mot_de_passe"}, 2025).tri == "-alerte"


def test_les_vues_comptent_ce_qu_elles_montrent(systeme, agent):
    comptes = liste.compter(systeme, 2025)
    montrees = {vue: codes(systeme, alerte=vue) for vue in liste.NIVEAUX_ALERTE}
    assert comptes.toutes == len(codes(systeme))
    assert comptes.alerte == len(montrees["toutes"])
    assert comptes.forte == len(montrees["forte"])
    assert (comptes.hors_fin, comptes.fin_seule) == (len(montrees["hors_fin"]), len(montrees["fin_seule"]))
    assert sorted([*montrees["hors_fin"], *montrees["fin_seule"]]) == sorted(montrees["toutes"])
    for code, _, nombre in comptes.motifs:
        assert nombre == len(codes(systeme, motif=code))
    assert any(nombre for _, _, nombre in comptes.motifs)
    lue = plat(agent.get("/structures/", {"alerte": "forte"}).content)
    assert f"Toutes ({comptes.toutes})" in lue
    assert f"En alerte forte ({comptes.forte})" in lue
    assert f"<strong>{comptes.forte} structures</strong>" in lue


def test_les_pages_se_suivent(agent):
    ajouter(30)
    vues: list[str] = []
    for numero in (1, 2):
        reponse = agent.get("/structures/", {"tri": "denomination", "page": numero})
        vues += [s.code for s in reponse.context["page"]]
    assert len(vues) == len(set(vues)) == len(TOUTES) + 30
    assert agent.get("/structures/", {"page": "999"}).context["page"].number == 2
    assert agent.get("/structures/", {"page": "abc"}).context["page"].number == 1
    assert "page=2" in plat(agent.get("/structures/", {"categorie": "ACI", "tri": "-etp"}).content)


def test_la_recherche_vide_se_dit(agent):
    assert "Aucune structure ne répond à cette recherche" in plat(agent.get("/structures/", {"q": "zzz"}).content)


def test_avec_parametres_garde_change_et_retire():
    requete = RequestFactory().get("/x", {"q": "a&b", "page": "2", "tri": "etp"})
    rendu = Template("{% avec_parametres page=None tri='-etp' %}").render(Context({"request": requete}))
    assert rendu.replace("&amp;", "&") == "?q=a%26b&tri=-etp"


# ------------------------------------------------------------------------------------------------ exports


def exporter(client, format_export: str, **filtre: str) -> bytes:
    reponse = client.get(reverse("portail:structures_export", args=[format_export]), filtre)
    assert reponse.status_code == 200
    assert f"structures-2025.{format_export}" in reponse["Content-Disposition"]
    return b"".join(reponse.streaming_content)


def test_l_export_csv_n_est_pas_tronque(agent):
    ajouter(40)
    lignes = list(csv.reader(io.StringIO(exporter(agent, "csv").decode("utf-8-sig"))))
    assert len(lignes) == 1 + len(TOUTES) + 40 > 1 + liste.PAR_PAGE
    assert len({len(ligne) for ligne in lignes}) == 1
    filtrees = list(csv.reader(io.StringIO(exporter(agent, "csv", categorie="EI").decode("utf-8-sig"))))
    assert [ligne[0] for ligne in filtrees[1:]] == ["100002"]


def test_l_export_desarme_les_formules(agent):
    for debut in "=+-@\t":
        ajouter(1, denomination=f"{debut}1+1|cmd")
    lignes = csv.reader(io.StringIO(exporter(agent, "csv").decode("utf-8-sig")))
    noms = [ligne[2] for ligne in lignes]
    assert sum(nom.startswith("'") for nom in noms) == 5
    assert not [nom for nom in noms if nom[:1] in "=+-@\t"]


def test_le_classeur_se_relit_siret_en_texte(agent):
    ajouter(30)
    ajouter(1, denomination="=1+1")
    rangs = CalamineWorkbook.from_filelike(io.BytesIO(exporter(agent, "xlsx"))).get_sheet_by_index(0).to_python()
    entetes = rangs[0]
    par_id = {int(r[0]): dict(zip(entetes, r, strict=True)) for r in rangs[1:]}
    assert len(rangs) == 1 + len(TOUTES) + 31
    lu = par_id[GRAND]
    grande = Structure.objects.get(id_asp=GRAND)
    assert lu["siret_signature"] == grande.siret_signature
    assert isinstance(lu["siret_signature"], str)
    assert lu["denomination"] == DENOMINATION
    assert lu["etp_conventionnes"] == 12
    assert lu["fin_annexe"] == date(2025, 12, 31)
    assert "=1+1" in {r[2] for r in rangs}


# ------------------------------------------------------------------------------------------------ requêtes


def requetes(client, adresse: str, **parametres: str) -> int:
    with CaptureQueriesContext(connection) as capture:
        assert client.get(adresse, parametres).status_code == 200
    return len(capture)


@pytest.mark.parametrize(
    "adresse",
    ["/", "/structures/", f"/structures/{GRAND}-ACI/", f"/structures/{GRAND}-ACI/chiffres/iae.etp.realises/"],
)
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_structures(agent, adresse):
    Structure.objects.exclude(id_asp__in=(GRAND, 100001, 100003)).update(suivie_jusquau=date(2025, 1, 1))
    avec_trois = requetes(agent, adresse, periode="2025")
    ajouter(57)
    avec_soixante = requetes(agent, adresse, periode="2025")
    assert avec_soixante <= avec_trois <= 15


# ----------------------------------------------------------------------------------------- d'où vient ce chiffre


@pytest.mark.parametrize(
    ("indicateur", "parametres", "lus"),
    [
        ("iae.sorties.taux_dynamique", {"periode": "2025"}, ["50,0 %", "emploi durable", "l'intervalle à 95 %"]),
        ("iae.etp.realises", {"periode": "2025-03-cumul"}, ["de janvier à mars 2025", "3,46 ETP"]),
        ("iae.etp.conventionnes", {"periode": "2025-03"}, ["en mars 2025", "12,00 ETP"]),
        ("iae.aide.allouee", {"periode": "2025"}, ["287 052 €"]),
        ("iae.publics.part", {"periode": "2025", "ventilation": "sexe", "modalite": "femme"}, ["38,1 %", "femmes"]),
        ("iae.publics.part", {"periode": "2025", "ventilation": "rqth", "modalite": "oui"}, ["28,6 %"]),
        ("iae.etp.projection", {"periode": "2025"}, ["Définition en vigueur"]),
    ],
    ids=str,
)
def test_chaque_genre_de_chiffre_s_ouvre(agent, indicateur, parametres, lus):
    reponse = agent.get(f"/structures/{GRAND}-ACI/chiffres/{indicateur}/", parametres)
    assert reponse.status_code == 200
    page = plat(reponse.content).replace("’", "'")
    for attendu in (*lus, "Empreinte SHA-256", "fluxIAE_"):
        assert attendu in page
    assert "None" not in page


@pytest.mark.parametrize(
    ("indicateur", "parametres"),
    [
        ("iae.inconnu", {"periode": "2025"}),
        ("iae.etp.realises", {}),
        ("iae.etp.realises", {"periode": "hier"}),
        ("iae.etp.realises", {"periode": "2025-13"}),
        ("iae.etp.realises", {"periode": "2025-00-cumul"}),
        ("iae.etp.realises", {"periode": "2025-T1"}),
        ("iae.etp.realises", {"periode": "2025-02-31"}),
        ("iae.etp.realises", {"periode": "2025\n"}),
        ("iae.etp.realises", {"periode": "٢٠٢٥"}),
        ("iae.etp.realises", {"periode": "0000"}),
        ("iae.etp.realises", {"periode": "1950"}),
        ("iae.etp.realises", {"periode": "2025", "ventilation": "<script>"}),
    ],
    ids=str,
)
def test_une_adresse_fausse_est_une_page_absente(agent, indicateur, parametres):
    assert agent.get(f"/structures/{GRAND}-ACI/chiffres/{indicateur}/", parametres).status_code == 404


@pytest.mark.parametrize("annee", ["25", "abcd", "20255", "-1", "٢٠٢٥"])
def test_une_annee_fausse_aussi(agent, annee):
    assert agent.get(f"/structures/{GRAND}-ACI/", {"annee": annee}).status_code == 404
    assert agent.get("/structures/", {"annee": annee}).status_code == 200


def test_un_identifiant_demesure_aussi(agent):
    assert agent.get(f"/structures/{'9' * 40}-ACI/").status_code == 404


def test_une_annee_sans_chiffres_le_dit(agent):
    page = plat(agent.get(f"/structures/{GRAND}-ACI/", {"annee": "2019"}).content)
    assert "Aucun chiffre n'est calculé pour 2019" in page
    assert agent.get(f"/structures/{GRAND}-ACI/fiche.pdf", {"annee": "2019"}).status_code == 404


# ------------------------------------------------------------------------------------------------ accueil, erreurs


def test_l_accueil_montre_ce_qui_alerte(personnes):
    page = plat(personnes[Role.DEPARTEMENTAL].client.get("/").content)
    assert "1 structure sur 2 est en alerte, dont 1 en alerte forte." in page
    assert DENOMINATION in page
    assert "LES JARDINS" not in page, "hors du département"
    assert "Dernière livraison ASP" in page


def test_l_accueil_d_une_direction_montre_sa_structure(personnes):
    page = plat(personnes[Role.DIRECTION_STRUCTURE].client.get("/").content)
    assert "Mes structures" in page
    assert f"{DENOMINATION} (ACI) : fiche bilan 2025" in page


def test_sans_aucun_calcul_rien_ne_casse(agent, grande):
    SituationStructure.objects.all().delete()
    SituationTerritoire.objects.all().delete()
    ChiffreMissionLocale.objects.all().delete()
    Instantane.objects.all().delete()
    assert "Aucun chiffre n’est encore calculé" in plat(agent.get("/structures/").content)
    assert agent.get("/").status_code == 200
    assert agent.get(grande.get_absolute_url()).status_code == 200
    assert agent.get(f"{grande.get_absolute_url()}fiche.json").status_code == 404


def test_les_pages_d_erreur_sont_en_francais(agent):
    reponse = agent.get("/rien/")
    assert reponse.status_code == 404
    page = plat(reponse.content)
    assert "Page non trouvée" in page
    assert page.count("<h1>") == 1


def test_une_panne_garde_la_page_du_site(agent, monkeypatch):
    def casser(*_a, **_k):
        raise RuntimeError("panne d'essai")

    monkeypatch.setattr("convenir.restitution.portail.liste.filtrer", casser)
    agent.raise_request_exception = False
    reponse = agent.get("/structures/")
    assert reponse.status_code == 500
    page = plat(reponse.content)
    assert "Erreur de la plateforme" in page
    assert "panne d'essai" not in page


def test_aucun_style_ni_script_dans_les_pages(agent):
    for adresse in ("/", "/structures/", f"/structures/{GRAND}-ACI/", "/methodes/"):
        reponse = agent.get(adresse)
        page = plat(reponse.content)
        assert " style=" not in page
        assert "<style" not in page
        assert "onclick" not in page
        assert page.count("<h1") == 1
        assert "None" not in page
        assert reponse["Content-Security-Policy"]


def test_sans_la_marque_de_l_etat(agent, settings):
    assert "République" in plat(agent.get("/").content)
    settings.MARQUE_ETAT = False
    page = plat(agent.get("/").content)
    assert "République" not in page
    assert "sans-marque.css" in page


# ------------------------------------------------------------------------------------------------ réglages


def demarrer(**env: str) -> subprocess.CompletedProcess[str]:
    """Start the product in a process of its own, in production unless told otherwise."""
    propre = {k: v for k, v in os.environ.items() if not k.startswith("CONVENIR_") and k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=RACINE, capture_output=True, text=True, check=False,
        env=propre | {"DJANGO_SETTINGS_MODULE": "config.settings", **env}, timeout=120,
    )  # fmt: skip


CLES = {"CONVENIR_CLE_SECRETE": "x" * 60, "CONVENIR_CLE_PSEUDONYMES": "y" * 60}


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({}, "CONVENIR_CLE_SECRETE est absente"),
        ({"CONVENIR_CLE_SECRETE": "x" * 60}, "CONVENIR_CLE_PSEUDONYMES est absente"),
        ({**CLES, "CONVENIR_DEBUG": "1"}, "CONVENIR_DEBUG=1 est refusé en production"),
        ({"CONVENIR_ENV": "prod"}, "CONVENIR_ENV=prod n'est pas connu"),
        ({"CONVENIR_CLE_SECRETE": "x" * 60, "CONVENIR_CLE_PSEUDONYMES": "x" * 60}, "sont la même"),
    ],
    ids=["sans clé", "sans clé des pseudonymes", "avec debug", "environnement inconnu", "une clé pour deux"],
)
def test_la_production_refuse_de_partir(env, message):
    lu = demarrer(**env)
    assert lu.returncode != 0
    assert message in lu.stderr


def test_la_production_part_avec_ses_cles(tmp_path):
    lu = demarrer(**CLES, CONVENIR_DONNEES=str(tmp_path))
    assert lu.returncode == 0, lu.stderr
