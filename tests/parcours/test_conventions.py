"""Une convention au navigateur : un ACI, de la négociation à un avenant ; une EI résiliée ; sans script."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from convenir.contrat.conventions.actions import (
    AvisRendu,
    NouvelAvenant,
    mettre_en_signature,
    passer,
    preparer_avenant,
)
from convenir.contrat.conventions.actions import rendre_avis as rendre
from convenir.contrat.conventions.models import Convention, Manquement, Piece
from convenir.contrat.conventions.rules.termes import Ecrit
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import SYSTEME, Monde, monde, pdf, tout_signer
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_objectifs import clore_les_objectifs
from tests.factories_socle import StructureFactory
from tests.parcours.conftest import Visite

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]
ECRITS = (Ecrit("accueil", "Livret d'accueil, tutorat de quinze jours, visite du poste avant embauche."),)


@pytest.fixture(autouse=True)
def donnees(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()


def entrer(visite: Visite, organisation, role: Role) -> Visite:
    personne = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    AdhesionFactory(utilisateur=personne, organisation=organisation, role=role)
    visite.connecter(personne.email, MOT_DE_PASSE)
    return visite


def en_cours(m: Monde) -> Convention:
    """Une convention de trois ans, signée par tous, commencée cette année."""
    annee = timezone.localdate().year
    termes = replace(m.cofinancees(), axes=ECRITS)
    convention = m.convention(termes, debut=date(annee, 1, 1), fin=date(annee + 3, 1, 1))
    jours = {"jour": date(annee, 1, 20), "maintenant": timezone.now()}
    clore_les_objectifs(convention)
    passer(SYSTEME, convention, "soumettre_avis", **jours)
    rendre(SYSTEME, convention, AvisRendu(date(annee, 1, 22), "favorable"), maintenant=timezone.now())
    tout_signer(mettre_en_signature(SYSTEME, convention, **jours), date(annee, 2, 2))
    return passer(SYSTEME, convention, "commencer", jour=date(annee, 2, 3), maintenant=timezone.now())


def test_un_aci_son_avis_ses_signatures_puis_un_avenant_qui_change_les_postes(visiter):
    m = monde()
    convention = m.convention(m.cofinancees())
    clore_les_objectifs(convention)
    agent = entrer(visiter("agent"), m.service, Role.DEPARTEMENTAL)
    agent.aller(convention.get_absolute_url())
    agent.regarder("en-negociation")
    agent.page.get_by_role("link", name="Soumettre à l'avis").click()
    agent.page.get_by_role("button", name="Enregistrer").click()
    agent.page.get_by_role("link", name="Enregistrer l'avis").click()
    agent.regarder("avis")
    agent.page.get_by_role("button", name="Enregistrer").click()
    agent.page.get_by_role("link", name="Mettre à la signature").click()
    agent.page.get_by_role("button", name="Enregistrer").click()
    expect(agent.page.locator("#signatures")).to_contain_text("À son tour")
    agent.regarder("a-signer")
    pages = Piece.objects.get(genre="acte").pages
    for rang in range(4):
        agent.page.get_by_role("link", name="Enregistrer la signature").first.click()
        agent.page.get_by_label("Nom de la personne qui a signé").fill("Camille Fictive")
        agent.page.get_by_label("Sa qualité").fill("Présidente")
        scan = {"name": "acte-signe.pdf", "mimeType": "application/pdf", "buffer": pdf(pages)}
        agent.page.get_by_label("Acte signé").set_input_files(scan)
        if rang:
            agent.page.get_by_label("Comparaison d'un scan").select_option("oui")
            agent.page.get_by_role("button", name="Enregistrer").click()
        else:
            _comparer_puis_attester(agent)
    expect(agent.page.locator(".cv-tour")).to_contain_text("Signée")
    agent.regarder("signee")


def _comparer_puis_attester(agent: Visite) -> None:
    """Le scan déposé sans attestation se voit à côté de l'acte, page à page ; l'attester enregistre la signature."""
    agent.page.get_by_role("button", name="Enregistrer").click()
    expect(agent.page.locator("h1")).to_have_text("Comparer le scan à l’acte")
    vues = agent.page.get_by_role("img", name="Page 1 ")
    expect(vues).to_have_count(2)
    for vue in vues.all():
        vue.scroll_into_view_if_needed()
        expect(vue).to_have_js_property("complete", True)
        assert vue.evaluate("image => image.naturalWidth") > 0
    agent.regarder("scan-compare")
    agent.page.get_by_label("Comparaison du scan").select_option("oui")
    agent.page.get_by_role("button", name="Attester et enregistrer").click()


def test_un_avenant_ce_qui_change_et_la_liste(visiter):
    m = monde()
    convention = en_cours(m)
    aujourdhui = timezone.localdate()
    termes = replace(convention.versions.get().termes, postes=Decimal("13.5"), taux_durable=Decimal(25))
    avenant = NouvelAvenant(aujourdhui + timedelta(days=10), None, "Un poste et demi de plus", termes)
    preparer_avenant(SYSTEME, convention, avenant, jour=aujourdhui, maintenant=timezone.now())
    visite = entrer(visiter("agent"), m.service, Role.DEPARTEMENTAL)
    visite.aller("/conventions/")
    visite.regarder("liste")
    visite.page.get_by_role("link", name=m.structure.denomination).click()
    expect(visite.page.locator("#termes")).to_contain_text("+\u202f1,50\u00a0ETP")
    visite.regarder("avenant")
    visite.aller(f"/conventions/{convention.reference}/comparer/")
    visite.regarder("comparaison")
    visite.page.go_back()
    visite.page.get_by_role("link", name="Modifier les chiffres").click()
    visite.regarder("termes")
    direction = entrer(visiter("direction"), m.structure.porteur, Role.DIRECTION_STRUCTURE)
    direction.aller(convention.get_absolute_url())
    expect(direction.page.locator(".cv-tour")).to_contain_text("Au service instructeur")
    direction.regarder("vue-par-la-structure")


def test_une_ei_en_manquement_sans_script(visiter):
    m = monde(StructureFactory(categorie="EI"))
    convention = en_cours(m)
    agent = entrer(visiter("agent", javascript=False), m.service, Role.DEPARTEMENTAL)
    agent.aller(convention.get_absolute_url())
    agent.page.get_by_role("link", name="Engager la procédure de manquement").click()
    agent.page.get_by_label("Faits reprochés").fill("Le bilan annuel n'a pas été remis.")
    agent.page.get_by_label("Articles", exact=False).first.fill("Code du travail, R. 5132-5")
    agent.page.get_by_label("Numéro du recommandé").fill("1A 000 000 0001")
    agent.page.get_by_role("button", name="Enregistrer").click()
    agent.regarder("manquement")
    direction = entrer(visiter("direction", javascript=False), m.structure.porteur, Role.DIRECTION_STRUCTURE)
    direction.aller(convention.get_absolute_url())
    direction.page.get_by_role("link", name="Écrire vos observations").click()
    direction.page.get_by_label("Vos observations").fill("Le bilan part cette semaine.")
    direction.page.get_by_role("button", name="Enregistrer").click()
    agent.page.get_by_role("link", name="Résilier la convention").click()
    expect(agent.page.locator(".fr-alert--warning")).to_contain_text("pour ses observations")
    agent.regarder("resiliation-trop-tot")
    _passer_le_mois_d_observations()
    agent.aller(convention.get_absolute_url())
    agent.page.get_by_role("link", name="Résilier la convention").click()
    agent.page.get_by_label("Signataire", exact=True).fill("Camille Fictive")
    agent.page.get_by_label("Qualité du signataire").fill("Préfète")
    agent.page.get_by_label("Sommes à reprendre").fill("812.40")
    agent.regarder("resiliation")
    agent.page.get_by_role("button", name="Enregistrer").click()
    expect(agent.page.locator(".cv-tour")).to_contain_text("Résiliée")
    agent.regarder("resiliee")
    agent.page.locator("#decisions h3 a").click()
    agent.regarder("decision")
    agent.page.get_by_role("link", name="notification").click()
    preuve = {"name": "avis-de-reception.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    agent.page.get_by_label("Preuve de la notification").set_input_files(preuve)
    agent.page.get_by_role("button", name="Enregistrer").click()
    direction.aller(convention.get_absolute_url())
    direction.page.locator("#decisions h3 a").click()
    expect(direction.page.locator("main")).to_contain_text("Preuve de la notification")
    direction.regarder("decision-notifiee-lue-par-la-structure")


def _passer_le_mois_d_observations() -> None:
    """The letter is forty days old, its month is over."""
    jour = timezone.localdate() - timedelta(days=40)
    Manquement.objects.update(lettre_le=jour, observations_avant=jour + timedelta(days=31))
