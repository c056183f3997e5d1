"""Les repères d'une fiche : la médiane d'une catégorie, la part d'un territoire, et d'où ils viennent."""

from __future__ import annotations

import html
import re

import pytest

from convenir.mesure.indicateurs.queries import instantane_courant, valeurs
from convenir.socle.commun import francais
from convenir.socle.comptes.roles import Role
from tests.restitution.fabrique import GRAND
from tests.restitution.test_portail import plat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]


@pytest.fixture
def agent(personnes):
    """Someone who sees the whole country."""
    return personnes[Role.NATIONAL].client


def test_un_repere_s_ouvre_sur_ses_rangs(agent):
    """Rang le plus proche : de n valeurs rangées, la médiane est la (n + 1) // 2-ième."""
    siennes = valeurs(instantane_courant(2025), "departement", "85")
    dispersion = siennes.dispersion("iae.etp.taux_realisation", "2025", "ACI")
    assert dispersion is not None
    reponse = agent.get(f"/structures/{GRAND}-ACI/reperes/departement/iae.etp.taux_realisation/", {"periode": "2025"})
    page = plat(reponse.content).replace("’", "'")
    n = dispersion.effectif
    lus = (
        "médiane des ACI",
        f"{(n + 1) // 2} sur {n}",
        francais.pourcent(dispersion.mediane.valeur),
        "Empreinte SHA-256",
        "fluxIAE_",
    )
    for attendu in lus:
        assert plat(attendu.encode()) in page
    assert "None" not in page
    assert "motif inconnu, au dénominateur" not in page, "la réserve d'un taux n'est pas celle d'une médiane"


def test_la_fiche_mene_a_chaque_repere_qu_elle_imprime(agent):
    fiche = agent.get(f"/structures/{GRAND}-ACI/", {"annee": "2025"}).content.decode()
    liens = {html.unescape(lien) for lien in re.findall(r'href="([^"]+/reperes/[^"]+)"', fiche)}
    assert {lien.split("/reperes/")[1].split("?")[0] for lien in liens} >= {
        "departement/iae.publics.part/", "departement/iae.sorties.taux_dynamique/"
    }  # fmt: skip
    for lien in liens:
        assert agent.get(lien).status_code == 200, lien


@pytest.mark.parametrize(
    ("niveau", "indicateur", "parametres"),
    [
        ("france", "iae.etp.taux_realisation", {"periode": "2025"}),  # la France n'est pas chargée en entier
        ("departement", "iae.inconnu", {"periode": "2025"}),
        ("departement", "iae.etp.taux_realisation", {}),
        ("commune", "iae.etp.taux_realisation", {"periode": "2025"}),
        ("departement", "iae.publics.part", {"periode": "2025", "ventilation": "sexe", "modalite": "autre"}),
    ],
)
def test_un_repere_qui_n_existe_pas_est_une_page_absente(agent, niveau, indicateur, parametres):
    assert agent.get(f"/structures/{GRAND}-ACI/reperes/{niveau}/{indicateur}/", parametres).status_code == 404
