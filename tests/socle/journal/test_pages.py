"""La page et l'export du journal, par qui peut les lire."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import models
from django.urls import reverse
from django.utils import timezone

from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.roles import Role
from convenir.socle.journal import actes, droits
from convenir.socle.journal.actions import effacer_charge
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.detail import lignes_de_detail
from convenir.socle.journal.models import Entree
from tests.factories_comptes import AdhesionFactory, Connecte, connecter, organisation_pour
from tests.factories_socle import ServiceDepartementalFactory, StructureFactory
from tests.socle.journal.outils import ecrire

pytestmark = pytest.mark.django_db
ACTE = actes.declarer("test.page", "Acte d'essai")


@pytest.fixture
def agente() -> Connecte:
    return connecter(AdhesionFactory())


@pytest.fixture
def administratrice() -> Connecte:
    structure = StructureFactory()
    organisation = organisation_pour(Role.ADMINISTRATION, structure.departement, structure)
    return connecter(AdhesionFactory(role=Role.ADMINISTRATION, organisation=organisation))


def ecrire_pour(connecte: Connecte, libelle: str, **precisions: object) -> Entree:
    auteur = connecte.acteur.auteur
    objet = ("comptes.adhesion", "1", libelle)
    (entree,) = ecrire(1, **{"acte": ACTE, "auteur": auteur, "objet": objet, **precisions})
    return entree


def lire(connecte: Connecte, **filtres: str) -> str:
    reponse = connecte.client.get(reverse("journal:liste"), filtres)
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_les_capacites_du_journal_sont_celles_des_comptes():
    assert {droits.VOIR, droits.VOIR_TOUT, droits.EFFACER} <= set(Capacite)


def test_chacun_lit_les_actes_de_son_organisation_seulement(agente, administratrice):
    ecrire_pour(agente, "Chez nous")
    ecrire_pour(connecter(AdhesionFactory(organisation=ServiceDepartementalFactory())), "Ailleurs")
    page = lire(agente)
    assert "Chez nous" in page
    assert "Ailleurs" not in page
    tout = lire(administratrice)
    assert "Chez nous" in tout
    assert "Ailleurs" in tout


def test_l_entree_se_lit_en_francais(agente):
    ecrire_pour(agente, "Adhésion n° 1", avant={"fin": None}, apres={"fin": "2026-10-15", "actif": False})
    page = lire(agente)
    for attendu in ("Acte d&#x27;essai", "Adhésion n° 1", "(adhésion)", agente.utilisateur.nom_complet, "Fin", "non"):
        assert attendu in page
    assert "15\u00a0octobre\u00a02026" in page


def test_les_valeurs_se_lisent_en_mots(agente):
    apres = {
        "role": "direction_structure",
        "structures": [4, 5],
        "cle_sans_champ": {"du": "2026-01-01", "au": None},
        "vu_le": "2026-11-28T11:05:00+00:00",
        "reference": "2026-13-45",
    }
    lignes = {
        ligne.champ: (ligne.avant, ligne.apres)
        for ligne in lignes_de_detail(ecrire_pour(agente, "x", apres=apres, avant=None))
    }
    assert lignes == {
        "Rôle": ("–", "Direction de structure"),
        "Structures suivies": ("–", "4, 5"),
        "Cle sans champ": ("–", "du : 1er\u00a0janvier\u00a02026 ; au : –"),
        "Vu le": ("–", "28\u00a0novembre\u00a02026, 12 h 05"),
        "Reference": ("–", "2026-13-45"),
    }


def test_un_acte_inconnu_montre_son_code(agente):
    ecrire_pour(agente, "Objet", acte="test.jamais_declare")
    assert "test.jamais_declare" in lire(agente)


def test_un_acte_ne_peut_pas_avoir_deux_noms():
    with pytest.raises(ValueError, match="Acte d'essai"):
        actes.declarer("test.page", "Autre chose")


def test_les_filtres_se_combinent(administratrice, agente):
    ecrire_pour(agente, "Premier objet")
    ecrire_pour(agente, "Second objet", acte="test.autre")
    ancien = ecrire_pour(agente, "Objet ancien")
    models.QuerySet(Entree).filter(pk=ancien.pk).update(instant=timezone.now() - timedelta(days=40))
    aujourdhui = timezone.localdate().isoformat()
    assert "Second objet" not in lire(administratrice, acte=ACTE)
    assert "Objet ancien" not in lire(administratrice, du=aujourdhui, au=aujourdhui)
    assert "Premier objet" in lire(administratrice, du=aujourdhui, au=aujourdhui)
    assert "Second objet" not in lire(administratrice, texte="premier objet")
    assert "Premier objet" not in lire(administratrice, organisation="introuvable")
    assert "Aucune entrée ne répond" in lire(administratrice, organisation="introuvable")


def test_un_filtre_faux_est_dit_et_relie_au_champ(agente):
    page = lire(agente, du="31/02/2026")
    assert "Écrivez une date comme 31/12/2026." in page
    assert 'aria-describedby="id_du_error"' in page
    assert 'id="id_du_error"' in page
    assert "Inversez les deux dates" in lire(agente, du="2026-02-02", au="2026-02-01")


def test_une_charge_effacee_le_dit(agente, administratrice):
    entree = ecrire_pour(agente, "Objet", apres={"commentaire": "à oublier"})
    effacer_charge(entree.numero, "Demande", demandeur=administratrice.acteur)
    page = lire(agente)
    assert "a été effacé" in page
    assert "à oublier" not in page


def test_la_page_suivante_garde_les_filtres(agente):
    for rang in range(51):
        ecrire_pour(agente, f"Objet {rang:03d}")
    premiere = lire(agente, texte="Objet")
    assert "Objet 050" in premiere
    assert "Objet 000" not in premiere
    assert "texte=Objet&amp;page=2" in premiere
    assert "Objet 000" in lire(agente, texte="Objet", page="2")


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_entrees(
    administratrice, agente, django_assert_max_num_queries
):
    ecrire_pour(agente, "Objet")
    for _ in range(30):
        ecrire_pour(agente, "Objet")
    with django_assert_max_num_queries(7):
        lire(administratrice)


def exporter(connecte: Connecte, **filtres: str) -> list[dict[str, str]]:
    reponse = connecte.client.get(reverse("journal:export"), filtres)
    assert reponse["Content-Type"] == "text/csv; charset=utf-8"
    texte = b"".join(reponse.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texte, newline=""), delimiter=";"))


def test_l_export_rend_tout_sans_coupe(agente):
    auteur = agente.acteur.auteur
    ecrire(120, auteur=auteur)
    ecrire(1, auteur=Auteur.systeme("Tâche de fond"))
    lignes = exporter(agente)
    assert len(lignes) == 120
    assert [int(ligne["numero"]) for ligne in lignes] == list(range(120, 0, -1))
    assert lignes[0]["avant"] == '{"etp": 119}'


def test_l_export_suit_les_filtres_et_desarme_les_formules(agente):
    ecrire_pour(agente, "=HYPERLINK(1)")
    ecrire_pour(agente, "Autre")
    lignes = exporter(agente, texte="hyperlink")
    assert [ligne["objet"] for ligne in lignes] == ["'=HYPERLINK(1)"]
