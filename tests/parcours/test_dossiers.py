"""A new ACI files, is asked for a piece, supplies it, receives its acknowledgement; the service completes the file."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from convenir.contrat.dossiers.models import Brouillon, Dossier
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_conventions import convention_en_preparation
from tests.factories_dossiers import PDF, DossierFactory, dossier_rempli
from tests.factories_socle import ServiceDepartementalFactory, StructureFactory

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def piece(tmp_path, settings):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    chemin = tmp_path / "assurance.pdf"
    chemin.write_bytes(PDF)
    return chemin


def personne(organisation, role: Role, nom: str) -> str:
    qui = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE, nom=nom)
    AdhesionFactory(utilisateur=qui, organisation=organisation, role=role)
    return qui.email


def test_une_aci_depose_fournit_une_piece_et_recoit_l_accuse(visiter, piece):
    structure = StructureFactory(categorie="ACI", denomination="Les Jardins fictifs")
    service = ServiceDepartementalFactory(departement=structure.departement)
    direction = visiter("direction")
    direction.connecter(personne(structure.porteur, Role.DIRECTION_STRUCTURE, "Direction fictive"), MOT_DE_PASSE)
    direction.aller("/dossiers/")
    direction.regarder("aucun-dossier")
    direction.aller("/dossiers/nouveau/")
    direction.regarder("nouveau")
    direction.page.get_by_role("button", name="Ouvrir le dossier").click()
    direction.regarder("ouvert")

    dossier = Dossier.objects.get()
    convention, dossier_url = dossier.convention, dossier.get_absolute_url()
    direction.aller(f"{dossier_url}sections/engagements/")
    direction.page.get_by_label("Missions de base").fill("Accueillir et encadrer")
    direction.page.get_by_text("Brouillon enregistré").wait_for()
    direction.regarder("section")
    direction.aller(f"{dossier_url}deposer/")
    direction.regarder("manques")

    dossier.delete()
    dossier_rempli(convention, reference_jour=date(2026, 11, 2))
    direction.aller(f"{dossier_url}financements/")
    direction.regarder("financements")
    direction.aller(f"{dossier_url}projet/")
    direction.regarder("projet")
    direction.aller(f"{dossier_url}projet/formation/ajouter/")
    direction.regarder("action")
    direction.aller(f"{dossier_url}pieces/")
    direction.regarder("pieces")
    direction.aller(f"{dossier_url}deposer/")
    direction.regarder("pret-a-deposer")
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 1").wait_for()
    direction.regarder("depose")

    ddets = visiter("ddets")
    ddets.connecter(personne(service, Role.DEPARTEMENTAL, "Instruction fictive"), MOT_DE_PASSE)
    ddets.aller("/dossiers/")
    ddets.regarder("liste")
    ddets.aller(f"{dossier_url}demander/")
    ddets.page.get_by_text("Autre pièce").click()
    ddets.page.get_by_label("Ce qui est attendu").fill("Attestation d'assurance")
    ddets.page.get_by_label("Motif").fill("L'assurance des chantiers n'est pas jointe.")
    ddets.regarder("demander")
    ddets.page.get_by_role("button", name="Envoyer la demande").click()
    ddets.regarder("incomplet")

    direction.aller(f"{dossier_url}pieces/")
    direction.page.locator("#id_fichier").set_input_files(str(piece))
    direction.page.get_by_role("button", name="Joindre cette pièce").click()
    direction.regarder("piece-fournie")
    direction.aller(f"{dossier_url}deposer/")
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 2").wait_for()

    ddets.aller(f"{dossier_url}sections/postes/")
    ddets.page.locator("summary").first.click()
    ddets.page.get_by_label("Commentaire").first.fill("Pourquoi ce nombre ?")
    ddets.page.get_by_role("button", name="Rouvrir cette question").first.click()
    ddets.regarder("commentaire")
    direction.aller(f"{dossier_url}sections/postes/")
    direction.regarder("question-rouverte")
    for partie, vise in (("projet", "cette action"), ("projet", "cet axe"), ("financements", "cette ligne"),
                         ("financements", "le plan de financement")):  # fmt: skip
        etape = f"{partie}-{vise.rpartition(' ')[2]}"
        ddets.aller(f"{dossier_url}{partie}/")
        a_commenter = ddets.page.locator("details", has_text=f"Commenter et rouvrir {vise}").first
        a_commenter.locator("summary").click()
        a_commenter.get_by_label("Commentaire").fill("Précisez ce point.")
        a_commenter.get_by_role("button", name=f"Rouvrir {vise}").click()
        ddets.regarder(f"{etape}-commente")
        direction.aller(f"{dossier_url}{partie}/")
        direction.page.get_by_role("button", name="Renvoyer cette réponse au service").first.wait_for()
        direction.regarder(f"{etape}-rouvert")
    ddets.aller(dossier_url)
    ddets.page.get_by_role("button", name="Déclarer le dossier complet").click()
    ddets.page.get_by_text("l’instruction peut commencer").wait_for()
    ddets.regarder("complet")
    ddets.aller("/dossiers/referentiel/")
    ddets.regarder("referentiel")


@pytest.fixture
def projet(tmp_path, settings):
    """A draft whose project is being written, and the address of its direction."""
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    structure = StructureFactory(categorie="ACI", denomination="Les Jardins fictifs")
    dossier = DossierFactory(convention=convention_en_preparation(structure=structure))
    return dossier, personne(structure.porteur, Role.DIRECTION_STRUCTURE, "Direction fictive")


def test_le_projet_s_enregistre_pendant_que_l_on_ecrit_meme_sur_un_reseau_lent(visiter, projet):
    """Keystrokes while a save is on its way wait for its version: nobody is in conflict with themselves."""
    dossier, courriel = projet
    direction = visiter("direction")
    direction.connecter(courriel, MOT_DE_PASSE)
    direction.aller(f"{dossier.get_absolute_url()}projet/")
    envois = []

    def lentement(route):
        if route.request.method == "POST":
            envois.append(route.request)
            direction.page.wait_for_timeout(2_500)
        route.continue_()

    direction.page.route("**/projet/", lentement)
    accueil = direction.page.locator("#id_t-accueil")
    accueil.press_sequentially("Un tuteur")
    direction.page.locator("[data-etat]", has_text="Enregistrement").wait_for()
    accueil.press_sequentially(" par poste")
    direction.page.locator("#id_t-formation").fill("Le permis")
    expect(direction.page.locator("#projet [name='v-t-formation']")).to_have_value("1")
    expect(direction.page.locator("[data-etat]")).to_contain_text("Brouillon enregistré à")
    assert len(envois) >= 2
    assert textes(dossier) == {"accueil": "Un tuteur par poste", "formation": "Le permis"}
    direction.page.unroute("**/projet/")
    direction.regarder("projet-enregistre")


def ralentir(page, adresse, *, millisecondes):
    """Send what is posted to an address after a while, as a bad network does."""

    def plus_tard(route):
        if route.request.method == "POST":
            page.wait_for_timeout(millisecondes)
        route.continue_()

    page.route(adresse, plus_tard)


def test_quitter_la_page_avant_la_minuterie_ne_perd_rien(visiter, projet):
    """By a link, even on a slow network, the next page comes once the text is received."""
    dossier, courriel = projet
    direction = visiter("direction")
    direction.connecter(courriel, MOT_DE_PASSE)
    direction.aller(f"{dossier.get_absolute_url()}projet/")
    ralentir(direction.page, "**/projet/", millisecondes=2_000)
    direction.page.locator("#id_t-accueil").fill("Écrit puis quitté")
    direction.page.get_by_role("link", name="Revenir au dossier").click()
    direction.page.locator("h1", has_text="Demande").wait_for()
    assert textes(dossier) == {"accueil": "Écrit puis quitté"}
    direction.aller(f"{dossier.get_absolute_url()}projet/")
    expect(direction.page.locator("#id_t-accueil")).to_have_value("Écrit puis quitté")


def test_se_deconnecter_aussitot_apres_avoir_ecrit_ne_perd_rien(visiter, projet):
    dossier, courriel = projet
    direction = visiter("direction")
    direction.connecter(courriel, MOT_DE_PASSE)
    direction.aller(f"{dossier.get_absolute_url()}projet/")
    ralentir(direction.page, "**/projet/", millisecondes=1_000)
    direction.page.locator("#id_t-accueil").fill("Écrit puis quitté")
    direction.page.get_by_role("button", name="Se déconnecter").first.click()
    direction.page.get_by_role("button", name="Se connecter").wait_for()
    assert textes(dossier) == {"accueil": "Écrit puis quitté"}


def test_une_connexion_perdue_retient_une_fois_puis_laisse_partir(visiter, projet):
    dossier, courriel = projet
    direction = visiter("direction")
    direction.connecter(courriel, MOT_DE_PASSE)
    direction.aller(f"{dossier.get_absolute_url()}projet/")
    direction.page.route(
        "**/projet/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    direction.page.locator("#id_t-accueil").fill("Jamais reçu")
    retour = direction.page.get_by_role("link", name="Revenir au dossier")
    retour.click()
    direction.page.locator("[data-etat]", has_text="Connexion perdue").wait_for()
    expect(direction.page.locator("#id_t-accueil")).to_have_value("Jamais reçu")
    retour.click()
    direction.page.locator("h1", has_text="Demande").wait_for()


def test_sans_javascript_chaque_bouton_du_projet_enregistre_tous_les_textes(visiter, projet):
    dossier, courriel = projet
    direction = visiter("direction", javascript=False)
    direction.connecter(courriel, MOT_DE_PASSE)
    direction.aller(f"{dossier.get_absolute_url()}projet/")
    direction.page.locator("#id_t-accueil").fill("Un tuteur")
    direction.page.locator("#id_t-territoire").fill("Les communes")
    direction.page.get_by_role("button", name="Ajouter une action à l’axe La formation").click()
    direction.page.get_by_label("Action", exact=True).fill("Permis fictif")
    direction.page.get_by_label("Orientation du plan départemental").fill("Mobilité")
    direction.page.get_by_role("button", name="Enregistrer l’action").click()
    direction.page.get_by_text("Action enregistrée").wait_for()
    direction.page.locator("#id_t-accueil").fill("Un tuteur par poste")
    direction.page.get_by_role("button", name="Retirer : Permis fictif").click()
    direction.page.get_by_text("Action retirée").wait_for()
    assert textes(dossier) == {"accueil": "Un tuteur par poste", "territoire": "Les communes"}


def textes(dossier: Dossier) -> dict[str, str]:
    return dict(dossier.presentations.values_list("axe", "texte"))


def test_une_action_et_une_ligne_a_moitie_ecrites_se_reprennent(visiter, projet):
    """Une action sans intitulé, un montant inachevé : ni enregistrés ni perdus, même en quittant la page aussitôt."""
    dossier, courriel = projet
    url = dossier.get_absolute_url()
    direction = visiter("direction")
    direction.connecter(courriel, MOT_DE_PASSE)
    direction.aller(f"{url}projet/accueil/ajouter/")
    direction.page.get_by_label("Moyens").fill("Un tuteur par poste")
    direction.page.locator("[data-etat]", has_text="Brouillon gardé à").wait_for()
    direction.aller(f"{url}projet/")
    direction.regarder("projet-brouillon")
    direction.aller(f"{url}projet/accueil/ajouter/")
    expect(direction.page.get_by_label("Moyens")).to_have_value("Un tuteur par poste")
    direction.regarder("action-brouillon")
    direction.page.get_by_label("Action", exact=True).fill("Tutorat fictif")
    direction.page.get_by_role("button", name="Enregistrer l’action").click()
    direction.page.get_by_text("Action enregistrée").wait_for()
    assert list(dossier.actions.values_list("intitule", "moyens")) == [("Tutorat fictif", "Un tuteur par poste")]
    assert not Brouillon.objects.exists(), "le brouillon ne revient pas après l'envoi"

    direction.aller(f"{url}financements/")
    direction.page.get_by_label("Nom du financeur").fill("Ville fictive")
    direction.page.get_by_label("Missions de base").fill("12 50")
    direction.page.get_by_role("link", name="Revenir au dossier").click()
    direction.page.locator("h1", has_text="Demande").wait_for()
    direction.aller(f"{url}financements/")
    expect(direction.page.get_by_label("Missions de base")).to_have_value("12 50")
    direction.regarder("financements-brouillon")
    direction.page.get_by_role("button", name="Abandonner ce brouillon").click()
    direction.page.get_by_text("Brouillon abandonné").wait_for()
    expect(direction.page.get_by_label("Nom du financeur")).to_have_value("")
    assert not dossier.financements.exists()
