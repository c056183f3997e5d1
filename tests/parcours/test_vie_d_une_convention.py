"""La vie entière d'une convention au navigateur : un ACI nouveau, du dépôt au renouvellement."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from convenir.contrat.conventions.actions import AvisRendu, mettre_en_signature, passer, rendre_avis
from convenir.contrat.conventions.models import Convention, Piece
from convenir.contrat.conventions.temps import passer_le_jour
from convenir.contrat.dossiers.models import Dossier
from convenir.contrat.objectifs.models import Objectif
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import SYSTEME, monde, pdf, tout_signer
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_dossiers import PDF, dossier_rempli
from tests.factories_objectifs import clore_les_objectifs
from tests.factories_socle import StructureFactory
from tests.parcours.conftest import Visite
from tests.parcours.test_negociation import repondre

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]
NOM = "Les Jardins fictifs"


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
        """The first convention, as the database has it."""
        return Convention.objects.order_by("pk").first()

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
    _deposer_et_fournir_la_piece(vie)
    _negocier_trois_tours(vie)
    _avis_puis_quatre_signatures(vie)
    _un_avenant_qui_change_les_postes(vie)
    _un_avenant_qui_ne_les_change_pas(vie)
    _deposer_le_bilan(vie)
    _renouveler(vie)


def _deposer_et_fournir_la_piece(vie: Vie) -> None:
    direction, ddets = vie.gens["direction"], vie.gens["ddets"]
    direction.aller("/dossiers/nouveau/")
    direction.page.get_by_label("Première année").select_option(str(vie.annee))
    direction.page.get_by_label("Durée demandée").select_option("1")
    direction.page.get_by_label("Pourquoi un an").select_option("nouvelle")
    direction.page.get_by_role("button", name="Ouvrir le dossier").click()
    direction.page.get_by_role("heading", level=1).wait_for()
    ouvert = Dossier.objects.get()
    convention, url = ouvert.convention, ouvert.get_absolute_url()
    ouvert.delete()  # le remplir question par question a son propre parcours
    dossier_rempli(convention, reference_jour=vie.aujourdhui)
    direction.aller(f"{url}deposer/")
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 1").wait_for()
    direction.regarder("deposee")
    ddets.aller(f"{url}demander/")
    ddets.page.get_by_text("Autre pièce").click()
    ddets.page.get_by_label("Ce qui est attendu").fill("Attestation d'assurance")
    ddets.page.get_by_label("Motif").fill("L'assurance des chantiers n'est pas jointe.")
    ddets.page.get_by_role("button", name="Envoyer la demande").click()
    ddets.aller(vie.adresse)
    ddets.regarder("incomplete")
    direction.aller(f"{url}pieces/")
    piece = {"name": "assurance.pdf", "mimeType": "application/pdf", "buffer": PDF}
    direction.page.locator("#id_fichier").set_input_files(piece)
    direction.page.get_by_role("button", name="Joindre cette pièce").click()
    direction.aller(f"{url}deposer/")
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 2").wait_for()
    ddets.aller(url)
    ddets.page.get_by_role("button", name="Déclarer le dossier complet").click()
    ddets.page.get_by_text("l’instruction peut commencer").wait_for()


def _negocier_trois_tours(vie: Vie) -> None:
    vie.agir("ddets", "Commencer l'instruction")
    vie.agir("ddets", "Ouvrir la négociation des objectifs")
    ddets, direction = vie.gens["ddets"], vie.gens["direction"]
    adresse = f"/objectifs/{vie.convention.reference}/{vie.annee}/"
    ddets.aller(adresse)
    ddets.page.get_by_role("button", name="Poser les trois objectifs de sortie").click()
    ddets.page.get_by_text("Les trois objectifs de sortie sont posés").wait_for()
    tours = (
        (ddets, "Je propose une valeur", "27", "Les offres du bassin augmentent."),
        (direction, "Je propose une autre valeur", "22", "Un poste d'encadrant est vacant."),
        (ddets, "Je propose une autre valeur", "24", "Le renfort est inscrit aux moyens."),
        (direction, "J’accepte", "", ""),
    )
    for visite, choix, valeur, raisons in tours:
        visite.aller(adresse)
        repondre(visite, "Emploi durable", choix, valeur, raisons)
    for objectif, valeur in (("Emploi de transition", "20"), ("Sorties positives", "16")):
        ddets.aller(adresse)
        repondre(ddets, objectif, "Je propose une valeur", valeur, "Au vu du projet.")
        direction.aller(adresse)
        repondre(direction, objectif, "J’accepte")
    direction.regarder("objectifs-convenus")
    assert set(Objectif.objects.values_list("etat", flat=True)) == {"convenu"}


def _avis_puis_quatre_signatures(vie: Vie) -> None:
    ddets = vie.gens["ddets"]
    ddets.aller(f"{vie.adresse}termes/")
    page = ddets.page
    for libelle, valeur in (("Postes d'insertion", "12"), ("Montant d'un poste", "23921"), ("Heures d'un ETP", "1820"),
                            ("Postes cofinancés", "2"), ("Cofinancement (€", "47842")):  # fmt: skip
        page.get_by_label(libelle).fill(valeur)
    page.get_by_label("Cofinanceur des postes").select_option(label=str(vie.monde.departement))
    ddets.regarder("termes")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Les termes sont enregistrés").wait_for()
    _demander_l_avis(vie)
    vie.agir("ddets", "Mettre à la signature")
    ddets.regarder("a-signer")
    vie.signer()
    passer_le_jour(vie.aujourdhui, maintenant=timezone.now())
    vie.gens["direction"].aller(vie.adresse)
    expect(vie.gens["direction"].page.locator(".cv-tour")).to_contain_text("En cours")
    vie.gens["direction"].regarder("en-cours")


def _demander_l_avis(vie: Vie) -> None:
    vie.agir("ddets", "Soumettre à l'avis de la commission")
    vie.agir("ddets", "Enregistrer l'avis")


def _preparer_avenant(vie: Vie, objet: str) -> None:
    effet = vie.aujourdhui.strftime("%d/%m/%Y")
    vie.agir("ddets", "Préparer un avenant", **{"Effet": effet, "Objet": objet})


def _un_avenant_qui_change_les_postes(vie: Vie) -> None:
    _preparer_avenant(vie, "Un poste et demi de plus")
    ddets = vie.gens["ddets"]
    ddets.aller(f"{vie.adresse}termes/")
    ddets.page.get_by_label("Postes d'insertion").fill("13.5")
    ddets.page.get_by_role("button", name="Enregistrer").click()
    ddets.page.get_by_text("Les termes sont enregistrés").wait_for()
    ddets.aller(f"{vie.adresse}actes/mettre_en_signature/")
    expect(ddets.page.locator(".fr-alert--warning")).to_contain_text("L'avis de la commission est requis")
    ddets.regarder("avis-requis")
    _demander_l_avis(vie)
    vie.agir("ddets", "Mettre à la signature")
    vie.signer()
    ddets.aller(vie.adresse)
    expect(ddets.page.locator("#termes")).to_contain_text("13,50\u00a0ETP")
    ddets.regarder("avenant-signe")


def _un_avenant_qui_ne_les_change_pas(vie: Vie) -> None:
    _preparer_avenant(vie, "Sorties prévues")
    ddets = vie.gens["ddets"]
    ddets.aller(f"{vie.adresse}termes/")
    ddets.page.get_by_label("Sorties prévues").fill("36")
    ddets.page.get_by_role("button", name="Enregistrer").click()
    ddets.page.get_by_text("Les termes sont enregistrés").wait_for()
    vie.agir("ddets", "Mettre à la signature")  # sans nouvel avis : la commission est informée
    vie.signer()
    assert [v.etat for v in vie.convention.versions.order_by("rang")] == ["signee"] * 3
    assert vie.convention.versions.get(rang=2).avis.count() == 0


def _deposer_le_bilan(vie: Vie) -> None:
    direction = vie.gens["direction"]
    direction.aller(f"/suivi/{vie.convention.reference}/")
    direction.page.get_by_role("button", name=f"Préparer le bilan {vie.annee}").click()
    for zone in direction.page.locator("textarea").all():
        zone.fill("Texte inventé pour le parcours.")
    direction.page.get_by_role("button", name="Enregistrer le bilan").click()
    direction.page.get_by_role("button", name="Déposer le bilan auprès de").click()
    direction.regarder("bilan-depose")


def _renouveler(vie: Vie) -> None:
    vie.agir("ddets", "Engager le renouvellement")
    direction = vie.gens["direction"]
    direction.aller("/dossiers/nouveau/")
    direction.page.get_by_label("Première année").select_option(str(vie.annee + 1))
    direction.page.get_by_role("button", name="Ouvrir le dossier").click()
    direction.page.get_by_role("heading", level=1).wait_for()
    direction.regarder("nouveau-dossier")
    neuve = Convention.objects.order_by("-pk").first()
    assert neuve.renouvelle == vie.convention
    _conduire_a_la_signature(vie, neuve)
    vie.gens["ddets"].aller(neuve.get_absolute_url())
    vie.gens["ddets"].regarder("renouvelee-signee")
    passer_le_jour(neuve.debut, maintenant=timezone.now())
    etats = dict(Convention.objects.values_list("reference", "etat"))
    assert etats == {vie.convention.reference: "expire", neuve.reference: "en_cours"}
    direction.aller("/conventions/")
    direction.regarder("liste-apres-renouvellement")


def _conduire_a_la_signature(vie: Vie, neuve: Convention) -> None:
    """Le même chemin, par les actes : il vient d'être fait à la main."""
    Dossier.objects.filter(convention=neuve).delete()
    termes = vie.convention.versions.get(rang=2)
    neuve.versions.update(termes_json=termes.termes_json, empreinte=termes.empreinte)
    temps = {"jour": vie.aujourdhui, "maintenant": timezone.now()}
    for nom in ("deposer", "declarer_complet", "instruire", "negocier"):
        passer(SYSTEME, neuve, nom, **temps)
    neuve.refresh_from_db()
    clore_les_objectifs(neuve)
    passer(SYSTEME, neuve, "soumettre_avis", **temps)
    rendre_avis(SYSTEME, neuve, AvisRendu(vie.aujourdhui, "favorable"), maintenant=timezone.now())
    tout_signer(mettre_en_signature(SYSTEME, neuve, **temps), vie.aujourdhui)
    assert neuve.debut == date(vie.annee + 1, 1, 1)
