"""La vie entière d'une convention au navigateur : un ACI nouveau, du dépôt au renouvellement."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from convenir.contrat.conventions.models import Convention, Piece
from convenir.contrat.conventions.temps import passer_le_jour
from convenir.contrat.dossiers.models import Dossier
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import monde, pdf
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_dossiers import PDF, dossier_rempli
from tests.factories_socle import StructureFactory
from tests.parcours.conftest import Visite
from tests.parcours.test_negociation import repondre

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]
NOM, FORMATION = "Les Jardins fictifs", "Heures de formation suivies"
PRECONISATION = "Partager un formateur entre deux structures"


@pytest.fixture(autouse=True)
def donnees(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()


class Vie:
    """Les personnes autour de l'ACI, chacune devant son navigateur, et sa convention."""

    def __init__(self, visiter) -> None:
        self.monde = monde(StructureFactory(categorie="ACI", denomination=NOM))
        m = self.monde
        places = {
            "direction": (m.structure.porteur, Role.DIRECTION_STRUCTURE),
            "ddets": (m.service, Role.DEPARTEMENTAL),
            "agence": (m.agence, Role.FRANCE_TRAVAIL),
            "departement": (m.departement, Role.FINANCEUR),
            "signataire": (m.service, Role.SIGNATAIRE),
        }
        self.gens = {nom: self._entrer(visiter(nom), *place) for nom, place in places.items()}
        self.aujourdhui = timezone.localdate()
        self.annee = self.aujourdhui.year

    def _entrer(self, visite: Visite, organisation, role: Role) -> Visite:
        personne = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
        AdhesionFactory(utilisateur=personne, organisation=organisation, role=role)
        visite.connecter(personne.email, MOT_DE_PASSE)
        visite.page.get_by_role("heading", level=1, name="À faire").wait_for()
        return visite

    @property
    def convention(self) -> Convention:
        """The last convention, as the database has it: the first, then the one that renews it."""
        derniere = Convention.objects.order_by("-pk").first()
        assert derniere is not None
        return derniere

    @property
    def adresse(self) -> str:
        """Address of its page."""
        return self.convention.get_absolute_url()

    def agir(self, qui: str, lien: str, **champs: str) -> None:
        """Follow the link of an act from the page of the convention, fill its form, save."""
        visite = self.gens[qui]
        visite.aller(self.adresse)
        visite.page.get_by_role("link", name=lien, exact=True).click()
        for libelle, valeur in champs.items():
            visite.page.get_by_label(libelle).first.fill(valeur)
        visite.page.get_by_role("button", name="Enregistrer").click()
        visite.page.locator(".cv-tour").wait_for()

    def salle(self, qui: str, lien: str) -> Visite:
        """Go from the page of the convention to another of its pages, by its link."""
        visite = self.gens[qui]
        visite.aller(self.adresse)
        visite.page.get_by_role("navigation", name="Cette convention").get_by_role("link", name=lien).click()
        visite.page.wait_for_load_state("load")
        return visite

    def a_faire(self, qui: str, tache: str) -> Visite:
        """Open a task from the home page."""
        visite = self.gens[qui]
        visite.aller("/")
        visite.page.get_by_role("link", name=tache).first.click()
        visite.page.wait_for_load_state("load")
        return visite

    def signer(self) -> None:
        """Each party records its own signature of the act, the State last."""
        acte = Piece.objects.filter(genre="acte").latest("pk")
        m = self.monde
        ordre = (
            ("direction", m.structure.porteur), ("agence", m.agence), ("departement", m.departement),
            ("signataire", m.service),
        )  # fmt: skip
        for qui, organisation in ordre:
            page = self.gens[qui].page
            self.gens[qui].aller(self.adresse)
            page.get_by_role("link", name=f"Enregistrer la signature de {organisation}").click()
            page.get_by_label("Nom de la personne qui a signé").fill("Camille Fictive")
            page.get_by_label("Sa qualité").fill("Présidente")
            page.get_by_label("Comparaison d'un scan").select_option("oui")
            scan = {"name": "acte-signe.pdf", "mimeType": "application/pdf", "buffer": pdf(acte.pages)}
            page.get_by_label("Acte signé").set_input_files(scan)
            page.get_by_role("button", name="Enregistrer").click()
            page.get_by_text("Signature enregistrée").wait_for()


def test_un_aci_nouveau_du_depot_au_renouvellement(visiter):
    vie = Vie(visiter)
    _ouvrir_le_premier_dossier(vie)
    _deposer(vie)
    _fournir_la_piece_demandee(vie)
    _declarer_complet_et_ouvrir_la_negociation(vie)
    _negocier_trois_tours(vie)
    _avis_puis_quatre_signatures(vie, postes="12")
    _un_avenant_qui_change_les_postes(vie)
    _un_avenant_qui_ne_les_change_pas(vie)
    _deposer_le_bilan(vie)
    _examiner_le_bilan_et_juger_les_objectifs(vie)
    _engager_le_renouvellement_et_analyser_les_causes(vie)
    _renouveler(vie)


def _ouvrir_le_premier_dossier(vie: Vie) -> None:
    direction = vie.gens["direction"]
    direction.aller("/dossiers/")
    direction.page.get_by_role("link", name="Préparer une demande").click()
    direction.page.get_by_label("Première année").select_option(str(vie.annee))
    direction.page.get_by_label("Durée demandée").select_option("1")
    direction.page.get_by_label("Pourquoi un an").select_option("nouvelle")
    direction.page.get_by_role("button", name="Ouvrir le dossier").click()
    direction.page.get_by_role("heading", level=1).wait_for()


def _deposer(vie: Vie) -> str:
    """Fill the file at once (question by question, it has its own journey), then file it."""
    direction, ouvert = vie.gens["direction"], Dossier.objects.latest("pk")
    url, convention = ouvert.get_absolute_url(), ouvert.convention
    ouvert.delete()
    dossier_rempli(convention, reference_jour=vie.aujourdhui)
    direction.aller(url)
    direction.page.get_by_role("link", name="Relire et déposer la demande").click()
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 1").wait_for()
    direction.regarder("deposee")
    return url


def _fournir_la_piece_demandee(vie: Vie) -> None:
    direction, ddets = vie.gens["direction"], vie.a_faire("ddets", "vérifier que le dossier est complet")
    ddets.page.get_by_role("link", name="Demander une pièce à la structure").click()
    ddets.page.get_by_text("Autre pièce").click()
    ddets.page.get_by_label("Ce qui est attendu").fill("Attestation d'assurance")
    ddets.page.get_by_label("Motif").fill("L'assurance des chantiers n'est pas jointe.")
    ddets.page.get_by_role("button", name="Envoyer la demande").click()
    ddets.aller(vie.adresse)
    ddets.regarder("incomplete")
    vie.salle("direction", "Demande")
    direction.page.get_by_role("link", name="Fournir une pièce").click()
    piece = {"name": "assurance.pdf", "mimeType": "application/pdf", "buffer": PDF}
    direction.page.locator("#id_fichier").set_input_files(piece)
    direction.page.get_by_role("button", name="Joindre cette pièce").click()
    vie.salle("direction", "Demande")
    direction.page.get_by_role("link", name="Déposer les pièces demandées").click()
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 2").wait_for()


def _declarer_complet_et_ouvrir_la_negociation(vie: Vie) -> None:
    ddets = vie.a_faire("ddets", "vérifier que le dossier est complet")
    ddets.page.get_by_role("button", name="Déclarer le dossier complet").click()
    ddets.page.get_by_text("l’instruction peut commencer").wait_for()
    vie.agir("ddets", "Commencer l'instruction")
    vie.agir("ddets", "Ouvrir la négociation des objectifs")


def _poser_les_objectifs(vie: Vie) -> Visite:
    """The three rates of exit, and one on training, whose result the parties write themselves."""
    ddets = vie.salle("ddets", f"Objectifs {vie.convention.debut.year}")
    ddets.page.get_by_role("button", name="Poser les trois objectifs de sortie").click()
    ddets.page.get_by_text("Les trois objectifs de sortie sont posés").wait_for()
    ddets.page.get_by_role("link", name="Poser un autre objectif").click()
    ddets.page.get_by_label("Axe du projet").select_option("formation")
    ddets.page.locator("#id_libelle").fill(FORMATION)
    ddets.page.get_by_label("Unité").fill("heures")
    ddets.page.get_by_role("button", name="Poser cet objectif").click()
    ddets.page.get_by_role("heading", level=1).wait_for()
    return ddets


def _negocier(vie: Vie, tours: tuple[tuple[str, str, str, str, str], ...]) -> None:
    """Each answer by its party: who, objective, choice, value, reasons."""
    adresse = f"/objectifs/{vie.convention.reference}/{vie.convention.debut.year}/"
    for qui, objectif, choix, valeur, raisons in tours:
        vie.gens[qui].aller(adresse)
        repondre(vie.gens[qui], objectif, choix, valeur, raisons)
    siens = vie.convention.objectifs.values_list("etat", flat=True)
    assert list(siens) == ["convenu"] * 4


def _propose_et_accepte(objectif: str, valeur: str) -> tuple[tuple[str, str, str, str, str], ...]:
    return (
        ("ddets", objectif, "Je propose une valeur", valeur, "Au vu du projet."),
        ("direction", objectif, "J’accepte", "", ""),
    )


def _negocier_trois_tours(vie: Vie) -> None:
    _poser_les_objectifs(vie)
    _negocier(vie, (
        ("ddets", "Emploi durable", "Je propose une valeur", "27", "Les offres du bassin augmentent."),
        ("direction", "Emploi durable", "Je propose une autre valeur", "22", "Un poste d'encadrant est vacant."),
        ("ddets", "Emploi durable", "Je propose une autre valeur", "24", "Le renfort est inscrit aux moyens."),
        ("direction", "Emploi durable", "J’accepte", "", ""),
        *_propose_et_accepte("Emploi de transition", "20"),
        *_propose_et_accepte("Sorties positives", "16"),
        *_propose_et_accepte(FORMATION, "900"),
    ))  # fmt: skip
    vie.gens["direction"].regarder("objectifs-convenus")


def _ecrire_les_termes(vie: Vie, postes: str) -> None:
    vie.gens["ddets"].aller(vie.adresse)
    page = vie.gens["ddets"].page
    page.get_by_role("link", name="Modifier les chiffres").click()
    for libelle, valeur in (("Postes d'insertion", postes), ("Montant d'un poste", "23921"),
                            ("Heures d'un ETP", "1820"), ("Postes cofinancés", "2"),
                            ("Cofinancement (€", "47842")):  # fmt: skip
        page.get_by_label(libelle).fill(valeur)
    page.get_by_label("Cofinanceur des postes").select_option(label=str(vie.monde.departement))
    vie.gens["ddets"].regarder("termes")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Les termes sont enregistrés").wait_for()
    page.get_by_role("link", name="Écrire les clauses").click()
    expect(page.get_by_label("Accueil et intégration")).to_have_value("Accueil fictif")  # repris de la demande
    vie.gens["ddets"].regarder("clauses")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Les termes sont enregistrés").wait_for()


def _avis_puis_quatre_signatures(vie: Vie, postes: str) -> None:
    ddets = vie.gens["ddets"]
    _ecrire_les_termes(vie, postes)
    _demander_l_avis(vie)
    vie.agir("ddets", "Mettre à la signature")
    ddets.regarder("a-signer")
    vie.signer()
    assert vie.convention.etat == "signe"
    passer_le_jour(max(vie.aujourdhui, vie.convention.debut), maintenant=timezone.now())
    vie.gens["direction"].aller(vie.adresse)
    expect(vie.gens["direction"].page.locator(".cv-tour")).to_contain_text("En cours")
    vie.gens["direction"].regarder("en-cours")


def _demander_l_avis(vie: Vie) -> None:
    vie.agir("ddets", "Soumettre à l'avis de la commission")
    vie.agir("ddets", "Enregistrer l'avis")


def _preparer_avenant(vie: Vie, objet: str, **termes: str) -> None:
    effet = vie.aujourdhui.strftime("%d/%m/%Y")
    vie.agir("ddets", "Préparer un avenant", **{"Effet": effet, "Objet": objet})
    page = vie.gens["ddets"].page
    page.get_by_role("link", name="Modifier les chiffres").click()
    for libelle, valeur in termes.items():
        page.get_by_label(libelle).fill(valeur)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Les termes sont enregistrés").wait_for()


def _un_avenant_qui_change_les_postes(vie: Vie) -> None:
    _preparer_avenant(vie, "Un poste et demi de plus", **{"Postes d'insertion": "13.5"})
    ddets = vie.gens["ddets"]
    ddets.page.get_by_role("link", name="Mettre à la signature").click()
    expect(ddets.page.locator(".fr-alert--warning")).to_contain_text("L'avis de la commission est requis")
    ddets.regarder("avis-requis")
    _demander_l_avis(vie)
    vie.agir("ddets", "Mettre à la signature")
    vie.signer()
    ddets.aller(vie.adresse)
    expect(ddets.page.locator("#termes")).to_contain_text("13,50\u00a0ETP")
    ddets.regarder("avenant-signe")


def _un_avenant_qui_ne_les_change_pas(vie: Vie) -> None:
    _preparer_avenant(vie, "Sorties prévues", **{"Sorties prévues": "36"})
    vie.agir("ddets", "Mettre à la signature")  # sans nouvel avis : la commission est informée
    vie.signer()
    assert [v.etat for v in vie.convention.versions.order_by("rang")] == ["signee"] * 3
    assert vie.convention.versions.get(rang=2).avis.count() == 0


def _deposer_le_bilan(vie: Vie) -> None:
    direction = vie.salle("direction", "Suivi")
    direction.page.get_by_role("button", name=f"Préparer le bilan {vie.annee}").click()
    for zone in direction.page.locator("textarea").all():
        zone.fill("Texte inventé pour le parcours.")
    direction.page.get_by_role("button", name="Déposer sans tous les comptes rendus").click()
    direction.page.get_by_label("Pourquoi un compte rendu manque").fill("Les comptes ne sont pas encore arrêtés.")
    direction.regarder("bilan-sans-compte-rendu")
    direction.page.get_by_role("button", name="Déposer le bilan auprès de").click()
    direction.page.get_by_text("Bilan déposé sans tous les comptes rendus").wait_for()
    direction.regarder("bilan-depose")


def _examiner_le_bilan_et_juger_les_objectifs(vie: Vie) -> None:
    ddets = vie.a_faire("ddets", f"examiner le bilan {vie.annee}")
    bilan = ddets.page.url
    ddets.page.get_by_role("link", name=f"Dire s’il est atteint : {FORMATION}").click()
    ddets.page.get_by_label("Résultat", exact=True).fill("310")
    ddets.page.get_by_label("Source du résultat").fill("Bilan de la structure")
    ddets.page.get_by_label("Explication").fill("Le formateur est parti en mars.")
    ddets.regarder("juger")
    ddets.page.get_by_role("button", name="Enregistrer l’issue").click()
    ddets.page.get_by_text("L’issue est enregistrée").wait_for()
    ddets.page.goto(bilan)
    ddets.regarder("bilan-a-examiner")
    ddets.page.get_by_role("button", name="Dire le bilan examiné").click()
    ddets.page.get_by_text("Le bilan est examiné").wait_for()
    vie.gens["direction"].aller("/")
    vie.gens["direction"].regarder("a-faire-en-fin-d-annee")


def _engager_le_renouvellement_et_analyser_les_causes(vie: Vie) -> None:
    vie.agir("ddets", "Engager le renouvellement")
    vie.gens["ddets"].regarder("renouvellement-engage")
    ddets = vie.a_faire("ddets", "analyser les résultats ensemble")
    expect(ddets.page.locator("main")).to_contain_text("Analyse des causes")
    ddets.page.get_by_label("Organisation de la structure").fill("Le poste de formateur est resté vacant.")
    ddets.page.get_by_label("Solutions").fill("Partager un formateur avec la structure voisine.")
    ddets.regarder("analyse-des-causes")
    ddets.page.get_by_role("button", name="Enregistrer l’analyse").click()
    ddets.page.get_by_role("link", name="Ajouter une préconisation").click()
    ddets.page.get_by_label("Préconisation").fill(PRECONISATION)
    ddets.page.get_by_label("Portée par").fill(NOM)
    ddets.page.get_by_role("button", name="Enregistrer la préconisation").click()
    ddets.page.get_by_text("Préconisation enregistrée").wait_for()
    ddets.regarder("analyse-enregistree")
    direction = vie.salle("direction", "Suivi")
    expect(direction.page.locator("#renouvellement + p")).to_be_visible()
    direction.regarder("analyse-lue-par-la-structure")


def _renouveler(vie: Vie) -> None:
    """The convention that follows takes the same way, from the application to the four signatures."""
    ancienne = vie.convention
    direction = vie.a_faire("direction", "préparer la demande qui suit")
    direction.page.get_by_role("link", name=f"Préparer la demande {vie.annee + 1}").click()
    direction.regarder("demande-qui-suit")
    direction.page.get_by_role("button", name="Ouvrir le dossier").click()
    direction.page.get_by_role("heading", level=1).wait_for()
    direction.regarder("nouveau-dossier")
    assert vie.convention.renouvelle == ancienne
    _deposer(vie)
    _declarer_complet_et_ouvrir_la_negociation(vie)
    _poser_les_objectifs(vie)
    _negocier(vie, (
        *_propose_et_accepte("Emploi durable", "25"), *_propose_et_accepte("Emploi de transition", "20"),
        *_propose_et_accepte("Sorties positives", "16"), *_propose_et_accepte(FORMATION, "700"),
    ))  # fmt: skip
    _avis_puis_quatre_signatures(vie, postes="13.5")
    etats = dict(Convention.objects.values_list("reference", "etat"))
    assert etats == {ancienne.reference: "expire", vie.convention.reference: "en_cours"}
    ddets = vie.salle("ddets", "Suivi")
    ddets.page.get_by_role("link", name=PRECONISATION).click()
    ddets.page.get_by_label("État").select_option("faite")
    ddets.page.get_by_label("Ce qu’il en est").fill("Convention de partage signée en janvier.")
    ddets.page.get_by_role("button", name="Enregistrer").click()
    ddets.page.get_by_text("Préconisation mise à jour").wait_for()
    ddets.regarder("preconisation-suivie-dans-la-nouvelle")
    direction.aller("/conventions/")
    direction.regarder("liste-apres-renouvellement")
