"""Compute and forget: a mission locale alone reads its deposit; only its indicators cross."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from convenir.mesure.donnees import actions, moteur_ml, queries
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.states import EtatLivraison
from convenir.mesure.indicateurs.models import ChiffreMissionLocale
from convenir.mesure.indicateurs.qualite.calcul import calculer_qualite
from convenir.mesure.indicateurs.qualite.conservation import lire
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from tests.factories_comptes import AdhesionFactory, acteurs_par_role, connecter
from tests.factories_socle import MissionLocaleFactory

pytestmark = pytest.mark.django_db
SEUL = "ML04401"


@pytest.fixture
def seule(petit) -> Path:
    """The records of one mission locale."""
    for fichier in petit.glob("*.csv"):
        lignes = fichier.read_text().splitlines(keepends=True)
        fichier.write_text("".join(x for x in lignes if "ML08501" not in x))
    return petit


@pytest.fixture
def mission(geographie, donnees):
    return MissionLocaleFactory(code=SEUL, departement_id="44")


@pytest.fixture
def personne(mission):
    """The data person of the mission locale, logged in."""
    adhesion = AdhesionFactory(role=Role.COLLABORATION_STRUCTURE, organisation=mission.organisation)
    return connecter(adhesion)


@pytest.fixture
def deposer(personne, django_capture_on_commit_callbacks):
    """Send a folder from the page and let the background task run."""

    def envoyer(dossier: Path) -> Livraison:
        fichiers = [SimpleUploadedFile(f.name, f.read_bytes()) for f in sorted(dossier.iterdir())]
        with django_capture_on_commit_callbacks(execute=True):
            personne.client.post(reverse("donnees:deposer"), {"fichiers": fichiers})
        return Livraison.objects.latest("pk")

    return envoyer


def enregistrements(donnees: Path) -> list[Path]:
    return [f for f in donnees.rglob("*") if "jeune" in str(f.relative_to(donnees))]


def test_personne_dautre_ne_lit_lespace_prive(deposer, seule, personne):
    livraison = deposer(seule)
    assert (livraison.prive, livraison.etat) == (True, EtatLivraison.CONTROLEE), livraison.message
    pages = ["livraison", "quarantaine", "correspondance", "correspondance_yaml", "appliquer", "abandonner", "oublier"]
    for role, autre in acteurs_par_role().items():
        assert livraison not in queries.livraisons_visibles(autre.acteur), role
        for page in pages:
            methode = "post" if page in ("appliquer", "abandonner", "oublier") else "get"
            recu = getattr(autre.client, methode)(reverse(f"donnees:{page}", args=[livraison.uuid]))
            assert recu.status_code in (403, 404), (role, page)
        liste = autre.client.get(reverse("donnees:livraisons"))
        assert str(livraison.uuid) not in liste.content.decode(), role
    voisine = connecter(
        AdhesionFactory(role=Role.DIRECTION_STRUCTURE, organisation=MissionLocaleFactory().organisation)
    )
    assert voisine.client.get(livraison.get_absolute_url()).status_code == 404
    assert personne.client.get(livraison.get_absolute_url()).status_code == 200


def test_calculer_puis_oublier(deposer, seule, personne, donnees, django_capture_on_commit_callbacks):
    livraison = deposer(seule)
    assert enregistrements(donnees)
    with django_capture_on_commit_callbacks(execute=True):
        personne.client.post(reverse("donnees:oublier", args=[livraison.uuid]))
    livraison.refresh_from_db()
    assert livraison.etat == EtatLivraison.OUBLIEE, livraison.message
    assert livraison.rapport["anomalies"] == []
    assert enregistrements(donnees) == []
    entrepot = queries.entrepots_ml()[0]
    assert (entrepot.nature, entrepot.calcul_prive, entrepot.missions_locales) == (Source.AGREGATS_ML, True, {SEUL})
    agregats = Livraison.objects.get(uuid=entrepot.livraison_uuid)
    assert agregats.origine["empreinte"]
    assert set(agregats.origine["fichiers"]) == {f.name for f in seule.iterdir()}
    valeurs = entrepot.chemin.read_text()
    annuelle = [x for x in valeurs.splitlines() if x.startswith("ml,ML04401,ACT01,,,2025,")]
    assert annuelle == ["ml,ML04401,ACT01,,,2025,5,,5,disponible"]
    assert "departement," not in valeurs
    preuve = Entree.objects.get(acte="donnees.livraison_oubliee").charge.apres
    assert preuve["dossier_supprime"] is True
    assert preuve["indicateurs"] == str(agregats.uuid)


def test_les_essais_dun_meme_depot_ne_restent_pas(
    deposer, seule, personne, donnees, django_capture_on_commit_callbacks
):
    essai = deposer(seule)
    autre_annee = Livraison.objects.get(pk=essai.pk)
    autre_annee.pk, autre_annee.uuid, autre_annee.couverture = None, uuid4(), {SEUL: [2023]}
    autre_annee.save()
    (seule / "site.csv").write_text((seule / "site.csv").read_text().replace("antenne", "permanence"))
    livraison = deposer(seule)
    assert essai.dossier_travail.is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        personne.client.post(reverse("donnees:oublier", args=[livraison.uuid]))
    for lue in (essai, autre_annee):
        lue.refresh_from_db()
    assert (essai.etat, autre_annee.etat) == (EtatLivraison.ABANDONNEE, EtatLivraison.CONTROLEE)
    assert enregistrements(donnees) == []
    abandon = Entree.objects.get(acte="donnees.livraison_abandonnee").charge.apres
    assert abandon == {"remplacee_par": str(livraison.uuid)}


def test_la_qualite_se_lit_avant_tout_indicateur(deposer, seule, personne):
    livraison = deposer(seule)
    assert (livraison.etat, ChiffreMissionLocale.objects.count()) == (EtatLivraison.CONTROLEE, 0)
    attendue = [x for x in calculer_qualite(seule, 2025, mois=6) if x.ml == SEUL]
    reprises = sum(x.a_reprendre for x in attendue if x.periode == "2025")
    assert reprises
    assert len(livraison.rapport["qualite"][SEUL]["a_reprendre"]) == reprises
    assert any("à reprendre (seuil" in dite for dite in livraison.rapport["qualite"][SEUL]["a_reprendre"])
    depot = personne.client.get(livraison.get_absolute_url()).content.decode()
    assert depot.index("Qualité de la saisie d’abord") < depot.index("Calculer et oublier")
    assert f"{reprises}\xa0articles sur" in depot
    assert "rien n&#x27;en est appliqué" in depot
    assert "Si elle est appliquée" not in depot
    adresse = reverse("portail:qualite_depot", args=[livraison.uuid])
    page = personne.client.get(adresse)
    assert page.context["presentation"].phrase in livraison.rapport["qualite"][SEUL]["phrase"]
    assert {r.annee for r in page.context["presentation"].rangs} == {x for x in attendue if x.periode == "2025"}
    for autre in acteurs_par_role().values():
        assert autre.client.get(adresse).status_code in (403, 404)


def test_un_depot_sans_annee_connue_ne_mesure_rien(deposer, seule, personne):
    (seule / "actualite.csv").unlink()
    livraison = deposer(seule)
    assert livraison.etat == EtatLivraison.CONTROLEE, livraison.message
    assert livraison.rapport["qualite"] == {}
    assert personne.client.get(reverse("portail:qualite_depot", args=[livraison.uuid])).status_code == 404
    assert "Calculer et oublier" in personne.client.get(livraison.get_absolute_url()).content.decode()


def test_la_qualite_mesuree_avant_l_oubli_reste_mois_par_mois(
    deposer, seule, mission, personne, donnees, django_capture_on_commit_callbacks
):
    attendue = [x for x in calculer_qualite(seule, 2025, mois=6) if x.ml == SEUL]
    livraison = deposer(seule)
    assert not lire(mission, 2025)
    with django_capture_on_commit_callbacks(execute=True):
        personne.client.post(reverse("donnees:oublier", args=[livraison.uuid]))
    assert enregistrements(donnees) == []
    assert lire(mission, 2025) == attendue
    assert {x.periode for x in attendue} >= {"2025", "2025-01"}
    page = personne.client.get(reverse("portail:qualite", args=[SEUL])).content.decode()
    assert "Aucun n’est en vigueur" not in page
    exportee = personne.client.get(reverse("portail:qualite_csv", args=[SEUL]))
    assert b"".join(exportee).decode().count("2025-") > 10


def test_un_calcul_qui_echoue_ne_laisse_rien(deposer, seule, personne, donnees, monkeypatch):
    livraison = deposer(seule)

    def echouer(*_args: object) -> str:
        raise EntreeInvalide("panne d'essai")

    moteur = moteur_ml.moteur()
    monkeypatch.setattr(moteur_ml, "_moteurs", [moteur_ml.MoteurMl(moteur.codes, echouer, moteur.mesurer)])
    with pytest.raises(EntreeInvalide, match="panne"):
        actions.calculer_et_oublier(livraison.uuid, personne.acteur)
    livraison.refresh_from_db()
    assert livraison.etat == EtatLivraison.INTERROMPUE
    assert enregistrements(donnees) == []
    assert queries.entrepots_ml() == []


def test_une_mission_locale_ne_depose_que_ses_donnees(deposer, petit):
    livraison = deposer(petit)
    assert livraison.etat == EtatLivraison.REFUSEE
    assert "ML08501" in livraison.message


def test_lespace_prive_ne_sapplique_pas(deposer, seule, personne):
    livraison = deposer(seule)
    with pytest.raises(ActionRefusee, match="se calcule, puis s'oublie"):
        actions.demander_application(livraison, personne.acteur)


def test_des_colonnes_a_relier_se_relient_puis_le_controle_est_relance(
    deposer, seule, personne, donnees, django_capture_on_commit_callbacks
):
    contenu = (seule / "jeune.csv").read_text()
    (seule / "jeune.csv").unlink()
    (seule / "export_dossiers.csv").write_text(
        contenu.replace("jeune_id", "N° dossier", 1).replace("sexe", "Civilité", 1)
    )
    livraison = deposer(seule)
    assert livraison.etat == EtatLivraison.A_RELIER, livraison.message
    assert livraison.dossier_depot.is_dir()
    liste = personne.client.get(reverse("donnees:correspondance", args=[livraison.uuid])).content.decode()
    assert "export_dossiers.csv" in liste
    adresse = reverse("donnees:relier", args=[livraison.uuid, "jeune"])
    page = personne.client.get(adresse)
    formulaire = page.context["formulaire"]
    assert formulaire["c_jeune_id"].value() == "N° dossier"
    champs = {nom: formulaire[nom].value() or "" for nom in formulaire.fields}
    assert personne.client.post(adresse, champs).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        personne.client.post(reverse("donnees:relancer", args=[livraison.uuid]))
    livraison.refresh_from_db()
    assert livraison.etat == EtatLivraison.CONTROLEE, livraison.message
    assert not livraison.dossier_depot.exists()
    yaml = personne.client.get(reverse("donnees:correspondance_yaml", args=[livraison.uuid])).content.decode()
    assert "N° dossier" in yaml
    assert "export_dossiers.csv" in yaml


def test_le_format_se_lit_et_se_telecharge(personne):
    page = personne.client.get(reverse("donnees:format_ml"))
    assert "Format des enregistrements" in page.content.decode()
    schema = personne.client.get(reverse("donnees:schema", args=["jeune"])).json()
    assert schema["primaryKey"] == ["jeune_id", "ml_id"]
    assert len(personne.client.get(reverse("donnees:schema", args=["missions-locales"])).json()["resources"]) == 20
    assert personne.client.get(reverse("donnees:schema", args=["inconnue"])).status_code == 404
