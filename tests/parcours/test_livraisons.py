"""The national data role deposits a delivery, reads its report, applies it; every page passes axe."""

from __future__ import annotations

from datetime import timedelta

import pytest

from convenir.mesure.donnees.generateur.fautes import FAUTES, en_archive
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, generer_mini
from convenir.mesure.donnees.models import Livraison
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_socle import CommuneFactory, DepartementFactory, RegionFactory
from tests.mesure.donnees.conftest import LIEUX
from tests.mesure.donnees.test_seuils import amputer

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


def envoyer(visite, chemin) -> None:
    visite.aller("/donnees/deposer/")
    visite.page.get_by_label("Fichiers", exact=False).first.set_input_files(str(chemin))
    visite.page.get_by_role("button", name="Envoyer et contrôler").click()


def test_deposer_lire_appliquer(visite, tmp_path, settings):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    for departement, (region, commune) in LIEUX.items():
        lieu = DepartementFactory(code=departement, region=RegionFactory(code=region))
        CommuneFactory(code=commune, departement=lieu)
    personne = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    AdhesionFactory(utilisateur=personne, role=Role.DONNEES_NATIONALES)
    visite.connecter(personne.email, MOT_DE_PASSE)
    visite.aller("/donnees/")
    visite.regarder("aucune-livraison")
    visite.aller("/donnees/deposer/")
    visite.page.get_by_role("button", name="Envoyer et contrôler").click()
    visite.regarder("depot-sans-fichier")

    generer_mini(tmp_path / "premiere")
    FAUTES["siret_invalide"](tmp_path / "premiere")
    envoyer(visite, en_archive(tmp_path / "premiere"))
    visite.page.get_by_text("Ce qui changerait").wait_for()
    visite.regarder("rapport")
    visite.page.get_by_role("button", name="Appliquer cette livraison").click()
    visite.page.get_by_text("Ce qui a changé").wait_for()
    visite.regarder("appliquee")

    seconde = amputer(100001, 100003, 100004)
    generer_mini(tmp_path / "seconde", monde=seconde, extraction=EXTRACTION_MINI + timedelta(days=7))
    envoyer(visite, en_archive(tmp_path / "seconde", "seconde.tar.gz"))
    visite.page.get_by_text("Avant d’appliquer").wait_for()
    visite.regarder("motif-demande")

    FAUTES["fin_fausse"](tmp_path / "seconde")
    envoyer(visite, en_archive(tmp_path / "seconde", "fausse.tar.gz"))
    visite.page.get_by_text("Pourquoi la livraison est refusée").wait_for()
    visite.regarder("refusee")
    lecture = {"etape": "Lecture de Salarie", "progression": 40}
    Livraison.objects.create(source="fluxiae", auteur_nom="Camille Fictive", **lecture)
    visite.aller(Livraison.objects.latest("pk").get_absolute_url())
    visite.regarder("en-cours")
    visite.aller("/donnees/")
    visite.regarder("liste")
