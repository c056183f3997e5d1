"""Pages of the deliveries: deposit, progress, report, decision, export, correction."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from convenir.mesure.donnees import actions, mots_de_passe
from convenir.mesure.donnees.generateur.fautes import FAUTES, en_archive
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, generer_mini
from convenir.mesure.donnees.models import AnnexeLue, Correction, Livraison
from convenir.mesure.donnees.verrou import verrou
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure
from convenir.socle.territoires.models import Departement
from tests.factories_comptes import AdhesionFactory, acteurs_par_role, connecter
from tests.factories_socle import ServiceDepartementalFactory, ServiceRegionalFactory
from tests.mesure.donnees.test_seuils import amputer

pytestmark = pytest.mark.django_db
IMPORTENT = {Role.REGIONAL, Role.DEPARTEMENTAL, Role.DONNEES_NATIONALES}
VOIENT = IMPORTENT | {Role.NATIONAL, Role.SIGNATAIRE}
CORRIGENT = {Role.REGIONAL, Role.DEPARTEMENTAL}


@pytest.fixture
def nationale(geographie):
    """The national data role, logged in."""
    return connecter(AdhesionFactory(role=Role.DONNEES_NATIONALES))


def deposer(personne, chemins: list[Path], capture, **champs):
    """Send files and let the background task run."""
    fichiers = [SimpleUploadedFile(c.name, c.read_bytes()) for c in chemins]
    with capture(execute=True):
        reponse = personne.client.post(reverse("donnees:deposer"), {"fichiers": fichiers, **champs})
    return reponse


@pytest.fixture
def deposee(nationale, mini, donnees, django_capture_on_commit_callbacks):
    """A controlled delivery, deposited as an archive."""
    reponse = deposer(nationale, [en_archive(mini)], django_capture_on_commit_callbacks)
    livraison = Livraison.objects.get()
    assert reponse.headers["Location"] == livraison.get_absolute_url()
    return livraison


def texte(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\xa0", " ").replace("\u202f", " ").split())


def test_chaque_adresse_repond_a_chaque_role(deposee, geographie):
    personnes = acteurs_par_role()
    table = [
        ("donnees:livraisons", [], "get", VOIENT, 200),
        ("donnees:livraison", [deposee.uuid], "get", VOIENT, 200),
        ("donnees:quarantaine", [deposee.uuid], "get", VOIENT, 200),
        ("donnees:deposer", [], "get", IMPORTENT, 200),
        ("donnees:remettre", [deposee.uuid], "post", IMPORTENT, 400),
        ("donnees:corriger_structure", [0], "get", CORRIGENT, 404),
        ("donnees:corriger_annexe", [0], "get", CORRIGENT, 404),
        ("donnees:lever", [0], "get", CORRIGENT, 404),
        ("donnees:appliquer", [deposee.uuid], "get", set(), 405),
        ("donnees:abandonner", [deposee.uuid], "get", set(), 405),
    ]
    for nom, arguments, methode, servis, attendu in table:
        adresse = reverse(nom, args=arguments)
        assert getattr(Client(), methode)(adresse).status_code == 302, nom
        for role, personne in personnes.items():
            recu = getattr(personne.client, methode)(adresse).status_code
            assert recu == (attendu if role in servis or attendu == 405 else 403), (nom, role)


def test_sans_livraison_la_page_le_dit(nationale, donnees):
    page = texte(nationale.client.get(reverse("donnees:livraisons")))
    assert "Aucune livraison n’a encore été déposée" in page
    assert "Déposer une livraison" in page


def test_deposer_controle_efface_le_depot_et_montre_le_rapport(deposee, nationale, donnees):
    assert deposee.etat == "controlee"
    assert not list((donnees / ".depots").rglob("*.gz"))
    assert [f for f in (donnees / ".depots").rglob("*") if f.is_file()] == []
    page = texte(nationale.client.get(deposee.get_absolute_url()))
    assert "774 lignes lues, aucune à l'écart" in page.replace("&#x27;", "'")
    assert "6 structures et 8 versions d'annexes créées" in page.replace("&#x27;", "'")
    assert "Appliquer cette livraison" in page
    assert "http-equiv" not in page


def test_appliquer_depuis_la_page(deposee, nationale, donnees, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        nationale.client.post(reverse("donnees:appliquer", args=[deposee.uuid]))
    deposee.refresh_from_db()
    assert deposee.etat == "appliquee"
    assert Structure.objects.count() == 6
    assert (deposee.dossier / "Salarie" / "conserve.parquet").exists()
    page = texte(nationale.client.get(deposee.get_absolute_url()))
    assert "En vigueur" in page
    assert "Appliquer cette livraison" not in page
    entree = Entree.objects.filter(acte="donnees.livraison_appliquee").get()
    assert entree.acteur_id == nationale.utilisateur.pk


def test_la_page_se_recharge_a_la_demande_tant_que_le_controle_dure(nationale, donnees):
    livraison = Livraison.objects.create(source="fluxiae", auteur_nom="X", etape="Lecture de Salarie", progression=40)
    assert "http-equiv" not in texte(nationale.client.get(livraison.get_absolute_url()))
    page = texte(nationale.client.get(livraison.get_absolute_url(), {"suivre": "oui"}))
    assert '<meta http-equiv="refresh" content="5">' in page
    assert "Lecture de Salarie : 40 %" in page
    assert "En cours" in page


def test_un_controle_mort_est_dit_interrompu(nationale, donnees):
    livraison = Livraison.objects.create(source="fluxiae", auteur_nom="X", demarree_le=timezone.now())
    with verrou():
        page = texte(nationale.client.get(livraison.get_absolute_url()))
        assert "En cours" in page
    page = texte(nationale.client.get(livraison.get_absolute_url()))
    assert "Interrompue" in page
    assert "Déposer de nouveau" in page


def test_un_depot_que_personne_ne_traite_est_efface(donnees, geographie, acteur, mini):
    livraison = actions.deposer([(f.name, f) for f in sorted(mini.iterdir())], acteur)
    assert actions.nettoyer()
    assert livraison.dossier_depot.exists()
    Livraison.objects.update(recue_le=timezone.now() - timedelta(days=2))
    assert actions.nettoyer()
    livraison.refresh_from_db()
    assert livraison.etat == "interrompue"
    assert not livraison.dossier_depot.exists()


def test_une_livraison_refusee_dit_pourquoi(nationale, mini, donnees, django_capture_on_commit_callbacks):
    FAUTES["fin_fausse"](mini)
    deposer(nationale, [en_archive(mini)], django_capture_on_commit_callbacks)
    livraison = Livraison.objects.get()
    assert livraison.etat == "refusee"
    page = texte(nationale.client.get(livraison.get_absolute_url()))
    assert "Pourquoi la livraison est refusée" in page
    assert "FIN" in page
    assert not livraison.dossier_travail.exists()


def test_un_fichier_inconnu_est_refuse_au_depot(nationale, tmp_path, donnees, django_capture_on_commit_callbacks):
    inconnu = tmp_path / "notes.txt"
    inconnu.write_text("bonjour")
    reponse = deposer(nationale, [inconnu], django_capture_on_commit_callbacks)
    assert reponse.status_code == 200
    assert "genre connu" in texte(reponse)
    assert not Livraison.objects.exists()
    assert [f for f in donnees.rglob("*") if f.is_file()] == []


def test_sans_fichier_le_formulaire_le_dit(nationale, donnees):
    reponse = nationale.client.post(reverse("donnees:deposer"), {})
    assert "Choisissez au moins un fichier" in texte(reponse)


def test_le_motif_est_demande_puis_garde(
    nationale, mini, tmp_path, donnees, acteur, django_capture_on_commit_callbacks
):
    actions.appliquer(mini, acteur)
    seconde = tmp_path / "seconde"
    generer_mini(seconde, monde=amputer(100001, 100003, 100004), extraction=EXTRACTION_MINI + timedelta(days=7))
    deposer(nationale, sorted(seconde.iterdir()), django_capture_on_commit_callbacks)
    livraison = Livraison.objects.get(etat="a_confirmer")
    page = texte(nationale.client.get(livraison.get_absolute_url()))
    assert "Avant d’appliquer" in page
    adresse = reverse("donnees:appliquer", args=[livraison.uuid])
    assert nationale.client.post(adresse, {"motif_confirmation": ""}).status_code == 400
    assert Structure.objects.suivies().count() == 6
    with django_capture_on_commit_callbacks(execute=True):
        nationale.client.post(adresse, {"motif_confirmation": "fusion de trois associations"})
    livraison.refresh_from_db()
    assert (livraison.etat, livraison.motif_confirmation) == ("appliquee", "fusion de trois associations")
    assert Structure.objects.suivies().count() == 3
    premiere = Livraison.objects.exclude(pk=livraison.pk).get()
    assert "Revenir à cette livraison" in texte(nationale.client.get(premiere.get_absolute_url()))
    nationale.client.post(reverse("donnees:remettre", args=[premiere.uuid]), {"motif": "erreur de livraison"})
    assert Structure.objects.suivies().count() == 6


def test_abandonner_efface_ce_qui_etait_prepare(deposee, nationale):
    assert deposee.dossier_travail.exists()
    nationale.client.post(reverse("donnees:abandonner", args=[deposee.uuid]))
    deposee.refresh_from_db()
    assert deposee.etat == "abandonnee"
    assert not deposee.dossier_travail.exists()
    reponse = nationale.client.post(reverse("donnees:appliquer", args=[deposee.uuid]), follow=True)
    assert "Cette livraison est abandonnée" in texte(reponse)


def test_lexport_donne_toutes_les_lignes(nationale, mini, donnees, django_capture_on_commit_callbacks):
    FAUTES["siret_invalide"](mini)
    deposer(nationale, [en_archive(mini)], django_capture_on_commit_callbacks)
    livraison = Livraison.objects.get()
    reponse = nationale.client.get(reverse("donnees:quarantaine", args=[livraison.uuid]))
    assert reponse.streaming
    lignes = b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()
    assert lignes[0] == "issue;fichier;ligne;colonne;valeur;message"
    total = livraison.rapport["anomalies_total"] + livraison.rapport["avertissements_total"]
    assert len(lignes) == 1 + total
    assert sum(ligne.startswith("mise à l'écart") for ligne in lignes) == livraison.rapport["anomalies_total"]
    page = texte(nationale.client.get(livraison.get_absolute_url()))
    assert "pas un SIRET" in page
    assert "Exporter toutes ces lignes" in page


def test_un_agent_ne_charge_pas_hors_de_son_departement(mini, donnees, geographie, django_capture_on_commit_callbacks):
    loire = Departement.objects.get(code="44")
    agent = connecter(AdhesionFactory(organisation=ServiceDepartementalFactory(departement=loire)))
    deposer(agent, [en_archive(mini)], django_capture_on_commit_callbacks)
    livraison = Livraison.objects.get()
    assert livraison.etat == "refusee"
    page = texte(agent.client.get(livraison.get_absolute_url()))
    assert "(85)" in page
    assert "(44)" not in page
    region = connecter(AdhesionFactory(role=Role.REGIONAL, organisation=ServiceRegionalFactory(region=loire.region)))
    deposer(region, [en_archive(mini)], django_capture_on_commit_callbacks)
    assert Livraison.objects.filter(etat="controlee").exists()


def test_le_mot_de_passe_ne_se_pose_nulle_part(nationale, mini, donnees):
    depot = donnees / ".depots" / "x"
    depot.mkdir(parents=True)
    masque = mots_de_passe.confier(depot, "S3cret-très-long")
    octets = (depot / mots_de_passe.NOM).read_bytes()
    assert "S3cret" not in masque
    assert b"S3cret" not in octets
    assert mots_de_passe.reprendre(depot, masque) == "S3cret-très-long"
    assert list(depot.iterdir()) == []
    assert mots_de_passe.reprendre(depot, "") is None


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_livraisons(nationale, donnees):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    comptes = []
    for nombre in (1, 12):
        for rang in range(nombre):
            Livraison.objects.create(source="fluxiae", auteur_nom=f"X{rang}", etat="abandonnee")
        with CaptureQueriesContext(
            connection,
        ) as capture:
            nationale.client.get(reverse("donnees:livraisons"))
        comptes.append(len(capture))
    assert comptes[0] == comptes[1]


def test_corriger_puis_lever_depuis_les_pages(mini, donnees, geographie, acteur):
    actions.appliquer(mini, acteur)
    loire = Departement.objects.get(code="44")
    agent = connecter(AdhesionFactory(organisation=ServiceDepartementalFactory(departement=loire)))
    annexe = AnnexeLue.objects.get(id_annexe=4002)
    adresse = reverse("donnees:corriger_annexe", args=[annexe.pk])
    assert "Aucune donnée de cette structure" in texte(agent.client.get(adresse))
    champs = {"champ": "etp", "valeur": "beaucoup", "motif": "avenant signé"}
    assert "Écrivez par exemple 12,50" in texte(agent.client.post(adresse, champs))
    reponse = agent.client.post(adresse, {**champs, "valeur": "1,25"}, follow=True)
    assert "La correction est enregistrée" in texte(reponse)
    correction = Correction.objects.get()
    assert "Lever une correction" in texte(agent.client.get(reverse("donnees:lever", args=[correction.pk])))
    agent.client.post(reverse("donnees:lever", args=[correction.pk]), {"motif": "erreur de ma part"})
    correction.refresh_from_db()
    assert correction.levee_le
    vendee = AnnexeLue.objects.get(id_annexe=4006)
    assert agent.client.get(reverse("donnees:corriger_annexe", args=[vendee.pk])).status_code == 404
