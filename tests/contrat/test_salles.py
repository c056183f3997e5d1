"""D'une page d'une convention aux autres : ce que chacun peut ouvrir, la demande qui suit à préparer."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.actions import passer
from convenir.contrat.conventions.models import Convention
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.taches.models import Tache
from tests.factories_comptes import Connecte
from tests.factories_conventions import convention_en_cours, convention_en_preparation
from tests.factories_dossiers import dossier_depose, dossier_rempli

pytestmark = pytest.mark.django_db
R = Role
NAV = re.compile(r'<nav aria-label="Cette convention">(.*?)</nav>', re.DOTALL)
LIEN = re.compile(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)</a>')


def liens(qui: Connecte, adresse: str) -> dict[str, str]:
    """Words and addresses of the navigation of a page; each address opens."""
    page = qui.client.get(adresse).content.decode()
    trouve = NAV.search(page)
    lus = {libelle: url.replace("&amp;", "&") for url, _, libelle in LIEN.findall(trouve[1])} if trouve else {}
    assert all(qui.client.get(url).status_code == 200 for url in lus.values())
    return lus


def a_qui_le_tour(qui: Connecte, convention: Convention) -> str:
    """What the list says of a convention."""
    page = qui.client.get(reverse("conventions:liste")).content.decode()
    ligne = page.split(convention.get_absolute_url(), 1)[1].split("</tr>")[0]
    return re.search(r"À (?:la structure|personne)|Au service instructeur", ligne)[0]


def en_cours(**champs: object) -> Convention:
    annee = timezone.localdate().year
    return convention_en_cours(debut=date(annee - 1, 1, 1), fin=date(annee + 2, 1, 1), **champs)


def test_de_la_convention_a_sa_demande_a_ses_objectifs_a_son_suivi(gens):
    convention = en_cours()
    dossier_depose("en_cours", convention=convention)
    annees = [f"Objectifs {annee}" for annee in convention.annees]
    direction = gens(convention)[R.DIRECTION_STRUCTURE]
    lus = liens(direction, convention.get_absolute_url())
    assert list(lus) == ["Convention", "Demande", *annees, "Suivi"]
    assert all(liens(direction, url) == lus for url in lus.values()), "la même navigation sur chaque page"


def test_avant_la_signature_pas_de_suivi_et_un_brouillon_reste_a_la_structure(gens):
    convention = convention_en_preparation("brouillon")
    dossier_rempli(convention=convention)
    personnes = gens(convention)
    adresse = convention.get_absolute_url()
    assert list(liens(personnes[R.DIRECTION_STRUCTURE], adresse)) == ["Convention", "Demande"]
    assert liens(personnes[R.DEPARTEMENTAL], adresse) == {}


def test_les_moyens_se_negocient_avant_la_signature(gens):
    convention = convention_en_preparation("en_negociation")
    dossier_depose("en_negociation", convention=convention)
    for role in (R.DEPARTEMENTAL, R.DIRECTION_STRUCTURE, R.FRANCE_TRAVAIL):
        lus = liens(gens(convention)[role], convention.get_absolute_url())
        assert lus["Moyens"] == reverse("suivi:convention", args=[convention.reference])
        assert "Suivi" not in lus


def test_la_derniere_annee_la_direction_prepare_la_demande_qui_suit(gens):
    annee = timezone.localdate().year
    convention = convention_en_cours(debut=date(annee - 2, 1, 1), fin=date(annee + 1, 1, 1))
    personnes, adresse = gens(convention), convention.get_absolute_url()
    direction, a_preparer = personnes[R.DIRECTION_STRUCTURE], f"Préparer la demande {annee + 1}"
    assert a_preparer not in liens(personnes[R.DEPARTEMENTAL], adresse)
    url = liens(direction, adresse)[a_preparer]
    formulaire = direction.client.get(url).context["formulaire"]
    assert formulaire["partie"].value() == f"s-{convention.structure_id}"
    assert f'<option value="{annee + 1}" selected>' in str(formulaire["annee"])
    direction.client.post("/dossiers/nouveau/", {
        "partie": f"s-{convention.structure_id}", "annee": annee + 1, "duree": 3,
    })  # fmt: skip
    suivante = Convention.objects.get(renouvelle=convention)
    lus = liens(direction, adresse)
    assert a_preparer not in lus
    assert lus["Convention qui suit"] == suivante.get_absolute_url()
    assert liens(direction, suivante.get_absolute_url())["Convention précédente"] == adresse


def test_le_renouvellement_engage_donne_la_main_a_la_structure(gens):
    annee = timezone.localdate().year
    convention = convention_en_cours(debut=date(annee - 2, 1, 1), fin=date(annee + 1, 1, 1))
    direction = gens(convention)[R.DIRECTION_STRUCTURE]
    temps = {"jour": timezone.localdate(), "maintenant": timezone.now()}
    passer(Acteur.systeme("Essai"), convention, "engager_renouvellement", **temps)
    tache = Tache.objects.get(code="conventions.renouveler", faite_le=None)
    assert tache.organisation == convention.organisation
    assert a_qui_le_tour(direction, convention) == "À la structure"
    assert "Déposez la demande qui suit" in direction.client.get(convention.get_absolute_url()).content.decode()
    suivante = convention_en_preparation("brouillon", structure=convention.structure, renouvelle=convention,
                                         debut=convention.fin, fin=date(annee + 4, 1, 1))  # fmt: skip
    dossier_rempli(convention=suivante)
    passer(Acteur.systeme("Essai"), suivante, "deposer", **temps)
    tache.refresh_from_db()
    assert tache.faite_le is not None
    assert a_qui_le_tour(direction, convention) == "À personne"
    assert "La demande qui suit est déposée" in direction.client.get(convention.get_absolute_url()).content.decode()
