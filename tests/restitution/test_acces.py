"""The one table: every address of the product × every role, a person without membership, a visitor.

A module's lines are in `table_acces/`; an address missing from them fails the test. « Servis » get `oui`, the other
roles `non`. Around the structure of 100006 (Vendée): the State, the structure, its partners; the object « ailleurs »
is of Loire-Atlantique.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from convenir.restitution.api.actions import creer_jeton
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure
from tests.factories_comptes import AdhesionFactory, acteurs_par_role, connecter
from tests.factories_socle import ReseauFactory
from tests.restitution import table_acces
from tests.restitution.fabrique import GRAND
from tests.restitution.table_acces.commun import VOIENT_AILLEURS, Lieu, Ligne, R

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]

MODULES = [
    import_module(f"{table_acces.__name__}.{m.name}") for m in iter_modules(table_acces.__path__) if m.name != "commun"
]
# A document takes a second to compose: a few roles are enough, the page of the same fiche has them all.
COMPOSES = {"portail:fiche_pdf", "portail:fiche_ml_pdf"}
TABLE: list[Ligne] = [ligne for module in MODULES for ligne in module.LIGNES]


@dataclass(frozen=True)
class Gens:
    """One person by role, and one without membership."""

    par_role: dict[Role, Any]
    sans_adhesion: Any


@pytest.fixture(scope="module")
def gens(monde, django_db_blocker) -> Gens:
    """The people of the module, inside its transaction."""
    with django_db_blocker.unblock():
        structure = Structure.objects.get(id_asp=GRAND)
        reseau = ReseauFactory()
        structure.reseaux.add(reseau)
        seul = connecter(AdhesionFactory())
        seul.adhesion.delete()
        return Gens(acteurs_par_role(structure), seul)


def navigateur(connecte: Any) -> Client:
    """A browser of its own for one call: a logout must not close the session of the next."""
    client = Client()
    client.cookies = copy(connecte.client.cookies)
    return client


@pytest.fixture
def arguments(gens) -> Callable[[Ligne], list[Any]]:
    """What each address is about."""
    dedans, ailleurs = Structure.objects.get(id_asp=GRAND), Structure.objects.get(id_asp=100001)

    def de(ligne: Ligne) -> list[Any]:
        propres: dict[str, Callable[[], list[Any]]] = {}
        for module in MODULES:
            propres |= module.arguments(Lieu(dedans, ailleurs, ligne.cible))
        return propres.get(ligne.nom, list)()

    return de


def appeler(client: Client, ligne: Ligne, adresse: str) -> int:
    reponse = getattr(client, ligne.methode)(adresse, ligne.requete)
    if reponse.streaming:
        b"".join(reponse.streaming_content)
    return reponse.status_code


@pytest.mark.parametrize("ligne", TABLE, ids=str)
def test_chacun_recoit_la_reponse_prevue(ligne, gens, arguments):
    adresse = reverse(ligne.nom, args=arguments(ligne))
    roles = sorted({*VOIENT_AILLEURS, R.RESEAU, R.ADMINISTRATION}) if ligne.nom in COMPOSES else list(Role)
    recues = {role: appeler(navigateur(gens.par_role[role]), ligne, adresse) for role in roles}
    assert recues == {role: ligne.attendu(role) for role in roles}
    assert appeler(Client(), ligne, adresse) == ligne.anonyme, "visiteur"
    sans = 403 if ligne.sans_adhesion is None else ligne.sans_adhesion
    if ligne.nom != "api:jetons":
        assert appeler(navigateur(gens.sans_adhesion), ligne, adresse) == sans, "sans adhésion"


@pytest.mark.parametrize("ligne", [x for x in TABLE if ":api_v1:" in x.nom], ids=str)
def test_un_jeton_porte_les_droits_de_son_adhesion(ligne, gens, arguments):
    adresse = reverse(ligne.nom, args=arguments(ligne))
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
