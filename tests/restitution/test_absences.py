"""A figure that the delivery cannot feed says what the delivery lacks: on its page and on the fiche."""

from __future__ import annotations

import pytest

from convenir.mesure.donnees import actions
from convenir.mesure.donnees.generateur.fautes import sans_colonne
from convenir.mesure.indicateurs.actions import calculer
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.territoires.models import Departement
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_socle import ServiceNationalFactory
from tests.restitution.test_importer import livraison  # noqa: F401
from tests.restitution.test_portail import plat

pytestmark = pytest.mark.django_db
FICHE = "/structures/100001-ACI/"
RSA = {"periode": "2025", "ventilation": "rsa", "modalite": "oui"}
PHRASE = (
    "Il manque à la livraison la colonne ContratMission.contrat_salarie_rsa. Ce chiffre en dépend : il reste "
    "« n. d. », jamais compté comme zéro, jusqu’à une livraison qui la porte."
)


@pytest.fixture
def agent(livraison):  # noqa: F811
    """Someone of the State, once a delivery without two columns is applied and computed."""
    assert Departement.objects.count() == 2
    sans_colonne(livraison, "ContratMission", "contrat_salarie_rsa")
    sans_colonne(livraison, "Salarie", "salarie_rci_libelle")
    actions.appliquer(livraison, Acteur.systeme("Essai"))
    calculer([2025])
    return connecter(AdhesionFactory(role=Role.NATIONAL, organisation=ServiceNationalFactory())).client


def page(agent, indicateur: str, **parametres: str) -> str:
    reponse = agent.get(f"{FICHE}chiffres/{indicateur}/", parametres)
    assert reponse.status_code == 200
    return plat(reponse.content)


def test_la_page_du_chiffre_nomme_la_vue_et_la_colonne(agent):
    lue = page(agent, "iae.publics.presents", **RSA)
    assert "n. d." in lue
    assert PHRASE in lue
    assert "salarie_rci_libelle" not in lue, "une colonne dont il ne dépend pas"
    femmes = page(agent, "iae.publics.presents", periode="2025", ventilation="sexe", modalite="femme")
    assert "la colonne Salarie.salarie_rci_libelle." in femmes, "le nom que porte le fichier"


def test_un_chiffre_qui_n_en_depend_pas_n_en_dit_rien(agent):
    assert "Il manque à la livraison" not in page(agent, "iae.publics.presents", periode="2025")
    assert "Il manque à la livraison" not in page(agent, "iae.sorties.constatees", periode="2025")


def test_la_fiche_nomme_les_memes(agent):
    fiche = plat(agent.get(f"{FICHE}?annee=2025").content)
    assert "Colonne ContratMission.contrat_salarie_rsa" in fiche
    assert "Colonne Salarie.salarie_rci_libelle" in fiche
