"""The one table: every address of the product × every role, a person without membership, a visitor.

A module's lines are in `table_acces/`; an address missing from them fails the test. « Servis » get `oui`, the other
roles `non`. Around the structure of 100006 (Vendée): the State, the structure, its partners; the object « ailleurs »
is of Loire-Atlantique.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from convenir.restitution.api.actions import creer_jeton
from convenir.socle.comptes.roles import Role
from tests.restitution.acces import COMPOSES, TABLE, arguments_de, navigateur
from tests.restitution.table_acces.commun import VOIENT_AILLEURS, Ligne, R

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]


def appeler(client: Client, ligne: Ligne, adresse: str) -> int:
    reponse = getattr(client, ligne.methode)(adresse, ligne.requete)
    if reponse.streaming:
        b"".join(reponse.streaming_content)
    return reponse.status_code


@pytest.mark.parametrize("ligne", TABLE, ids=str)
def test_chacun_recoit_la_reponse_prevue(ligne, gens):
    adresse = reverse(ligne.nom, args=arguments_de(ligne))
    roles = sorted({*VOIENT_AILLEURS, R.RESEAU, R.ADMINISTRATION}) if ligne.nom in COMPOSES else list(Role)
    recues = {role: appeler(navigateur(gens.par_role[role]), ligne, adresse) for role in roles}
    assert recues == {role: ligne.attendu(role) for role in roles}
    assert appeler(Client(), ligne, adresse) == ligne.anonyme, "visiteur"
    sans = 403 if ligne.sans_adhesion is None else ligne.sans_adhesion
    if ligne.nom != "api:jetons":
        assert appeler(navigateur(gens.sans_adhesion), ligne, adresse) == sans, "sans adhésion"


@pytest.mark.parametrize("ligne", [x for x in TABLE if ":api_v1:" in x.nom], ids=str)
def test_un_jeton_porte_les_droits_de_son_adhesion(ligne, gens):
    adresse = reverse(ligne.nom, args=arguments_de(ligne))
    for role in Role:
        _, secret = creer_jeton(gens.par_role[role].acteur, "essai")
        reponse = Client().get(adresse, ligne.requete, headers={"authorization": f"Bearer {secret}"})
        assert reponse.status_code == ligne.attendu(role), role
    if ligne.anonyme == 401:
        assert Client().get(adresse, headers={"authorization": "Bearer rien"}).status_code == 401


def noms(resolveur: URLResolver, espace: str = "") -> Iterator[str]:
    """Every named address below a resolver; one without a name is given by its pattern."""
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            yield from noms(motif, espace + (f"{motif.namespace}:" if motif.namespace else ""))
        else:
            yield espace + (motif.name or str(motif.pattern))


def test_la_table_couvre_toutes_les_adresses():
    assert {ligne.nom for ligne in TABLE} == set(noms(get_resolver()))


def test_chaque_adresse_a_un_seul_nom():
    tous = list(noms(get_resolver()))
    assert len(tous) == len(set(tous))
