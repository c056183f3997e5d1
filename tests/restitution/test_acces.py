"""The one table: every address of the product × every role, a person without membership, a visitor.

An address missing from the table fails the test. « Servis » get `oui`, the other roles `non`. Around the structure of
100006 (Vendée): the State, the structure, its partners; the object « ailleurs » is of Loire-Atlantique.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from convenir.mesure.donnees.models import AnnexeLue, Livraison
from convenir.restitution.api.actions import creer_jeton
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.jetons import signer_lien
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation import actions as reglementation
from tests.factories_comptes import AdhesionFactory, InvitationFactory, UtilisateurFactory, acteurs_par_role, connecter
from tests.factories_socle import ReseauFactory
from tests.restitution.fabrique import GRAND
from tests.socle.reglementation.factories import saisie, saisie_locale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]

R = Role
TOUS = frozenset(Role)
PERSONNE: frozenset[Role] = frozenset()
ADMIN = {R.ADMINISTRATION}
VOIENT_LES_STRUCTURES = TOUS - {R.ANIMATION_REGIONALE, R.DONNEES_NATIONALES, R.ADMINISTRATION}
MARQUES = {R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.SIGNATAIRE, *ROLES_STRUCTURE}
IMPORTENT = {R.REGIONAL, R.DEPARTEMENTAL, R.DONNEES_NATIONALES}
VOIENT_LES_LIVRAISONS = IMPORTENT | {R.NATIONAL, R.SIGNATAIRE}
CORRIGENT = {R.REGIONAL, R.DEPARTEMENTAL}
INVITENT = {R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.DIRECTION_STRUCTURE, R.ADMINISTRATION}
LISENT_LE_JOURNAL = INVITENT | {R.SIGNATAIRE, R.DONNEES_NATIONALES}
# Ceux dont le périmètre dépasse le département : la structure de Loire-Atlantique y est aussi.
VOIENT_AILLEURS = {R.NATIONAL, R.REGIONAL}


@dataclass(frozen=True)
class Ligne:
    """One address, how it is called, and what each answers."""

    nom: str
    servis: frozenset[Role] | set[Role]
    oui: int = 200
    non: int = 403
    anonyme: int = 302
    methode: str = "get"
    sans_adhesion: int | None = None
    cible: str = ""
    requete: dict[str, str] = field(default_factory=dict)
    exceptions: dict[Role, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(x for x in (self.nom, self.methode, self.cible, *self.requete.values()) if x)

    def attendu(self, role: Role) -> int:
        """What this role gets."""
        return self.exceptions.get(role, self.oui if role in self.servis else self.non)


def ouverte(nom: str, **autres: Any) -> Ligne:
    """An address that visitors read too."""
    return Ligne(nom, TOUS, anonyme=200, sans_adhesion=200, **autres)


def dedans_dehors(nom: str, **autres: Any) -> Iterator[Ligne]:
    """A page of a structure: outside the perimeter it does not exist."""
    yield Ligne(nom, VOIENT_LES_STRUCTURES, cible="dedans", **autres)
    hors = dict.fromkeys(VOIENT_LES_STRUCTURES - VOIENT_AILLEURS, 404)
    yield Ligne(nom, VOIENT_AILLEURS, cible="ailleurs", exceptions=hors, **autres)


AN = {"annee": "2025"}
PORTAIL = [
    Ligne("portail:accueil", TOUS, sans_adhesion=200),
    Ligne("portail:structures", VOIENT_LES_STRUCTURES),
    Ligne("portail:structures_export", VOIENT_LES_STRUCTURES, cible="csv"),
    Ligne("portail:structures_export", VOIENT_LES_STRUCTURES, cible="xlsx"),
    Ligne("portail:structures_export", PERSONNE, cible="exe", exceptions=dict.fromkeys(VOIENT_LES_STRUCTURES, 404)),
    *dedans_dehors("portail:fiche"),
    *dedans_dehors("portail:fiche_json"),
    *dedans_dehors("portail:fiche_pdf"),
    *dedans_dehors("portail:chiffre", requete={"periode": "2025"}),
    Ligne(
        "portail:chiffre", MARQUES, cible="rqth",
        requete={"periode": "2025", "ventilation": "rqth", "modalite": "oui"},
        exceptions=dict.fromkeys(VOIENT_LES_STRUCTURES - MARQUES, 404),
    ),
    ouverte("portail:accessibilite"),
    ouverte("portail:mentions"),
    ouverte("portail:donnees_personnelles"),
    ouverte("portail:methodes"),
]  # fmt: skip
JOURNAL_ET_COMPTES = [
    Ligne("journal:liste", LISENT_LE_JOURNAL),
    Ligne("journal:export", LISENT_LE_JOURNAL),
    Ligne("comptes:connexion", TOUS, oui=302, anonyme=200, sans_adhesion=302),
    Ligne("comptes:deconnexion", PERSONNE, non=405, sans_adhesion=405),
    Ligne("comptes:deconnexion", TOUS, oui=302, methode="post", sans_adhesion=302),
    ouverte("comptes:mot_de_passe_oublie"),
    ouverte("comptes:nouveau_mot_de_passe"),
    Ligne("comptes:changer_organisation", PERSONNE, non=405, sans_adhesion=405),
    Ligne("comptes:changer_organisation", PERSONNE, methode="post"),
    Ligne("comptes:mon_compte", TOUS, sans_adhesion=200),
    Ligne("comptes:mot_de_passe", TOUS, sans_adhesion=200),
    Ligne("comptes:liste", INVITENT),
    Ligne("comptes:etat_du_compte", ADMIN),
    Ligne("comptes:invitations", INVITENT),
    Ligne("comptes:inviter", INVITENT),
    ouverte("comptes:accepter_invitation"),
    Ligne("comptes:terminer_adhesion", ADMIN, exceptions=dict.fromkeys(INVITENT - ADMIN, 404)),
    Ligne("comptes:annuler_invitation", PERSONNE, non=405, sans_adhesion=405),
    Ligne("comptes:annuler_invitation", ADMIN, 302, methode="post", exceptions=dict.fromkeys(INVITENT - ADMIN, 404)),
]
TEXTES = [
    *(Ligne(f"reglementation:{nom}", TOUS) for nom in ("index", "textes", "texte", "institutions", "referentiel")),
    *(Ligne(f"reglementation:{nom}", TOUS) for nom in ("locaux", "parametre", "historique")),
    Ligne("reglementation:ajouter_local", CORRIGENT),
    Ligne("reglementation:terminer_local", CORRIGENT),
    Ligne("reglementation:ajouter_valeur", ADMIN),
    Ligne("reglementation:retirer_valeur", ADMIN),
]
LIVRAISONS = [
    Ligne("donnees:livraisons", VOIENT_LES_LIVRAISONS),
    Ligne("donnees:livraison", VOIENT_LES_LIVRAISONS),
    Ligne("donnees:quarantaine", VOIENT_LES_LIVRAISONS),
    Ligne("donnees:deposer", IMPORTENT),
    Ligne("donnees:deposer", IMPORTENT, methode="post"),
    Ligne("donnees:appliquer", PERSONNE, non=405, sans_adhesion=405),
    Ligne("donnees:appliquer", IMPORTENT, methode="post", oui=302),
    Ligne("donnees:abandonner", PERSONNE, non=405, sans_adhesion=405),
    Ligne("donnees:abandonner", IMPORTENT, methode="post", oui=302),
    Ligne("donnees:remettre", IMPORTENT, methode="post", oui=400),
    Ligne("donnees:corriger_structure", CORRIGENT, cible="dedans"),
    Ligne("donnees:corriger_structure", {R.REGIONAL}, cible="ailleurs", exceptions={R.DEPARTEMENTAL: 404}),
    Ligne("donnees:corriger_annexe", CORRIGENT, cible="dedans"),
    Ligne("donnees:corriger_annexe", {R.REGIONAL}, cible="ailleurs", exceptions={R.DEPARTEMENTAL: 404}),
    Ligne("donnees:lever", PERSONNE, exceptions=dict.fromkeys(CORRIGENT, 404)),
]
API = [
    Ligne("api:jetons", TOUS),
    Ligne("api:revoquer", PERSONNE, non=405, sans_adhesion=405),
    Ligne("api:revoquer", PERSONNE, methode="post"),
    ouverte("api:api_v1:openapi-json"),
    Ligne("api:api_v1:api-root", PERSONNE, non=404, anonyme=404, sans_adhesion=404),
    Ligne("api:api_v1:structures", VOIENT_LES_STRUCTURES, anonyme=401),
    *dedans_dehors("api:api_v1:fiche", anonyme=401),
    Ligne("api:api_v1:dictionnaire", TOUS, anonyme=401),
    Ligne("api:api_v1:parametre", TOUS, anonyme=401),
]
TABLE = [*PORTAIL, *JOURNAL_ET_COMPTES, *TEXTES, *LIVRAISONS, *API]


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
    siae = {
        "dedans": Structure.objects.get(id_asp=GRAND),
        "ailleurs": Structure.objects.get(id_asp=100001),
    }
    siae[""] = siae["rqth"] = siae["dedans"]

    def de(ligne: Ligne) -> list[Any]:
        s = siae.get(ligne.cible)
        propres: dict[str, Callable[[], list[Any]]] = {
            "portail:structures_export": lambda: [ligne.cible],
            "portail:fiche": lambda: [s.id_asp, s.categorie],
            "portail:fiche_pdf": lambda: [s.id_asp, s.categorie],
            "portail:fiche_json": lambda: [s.id_asp, s.categorie],
            "portail:chiffre": lambda: [
                s.id_asp, s.categorie, "iae.publics.part" if ligne.cible == "rqth" else "iae.sorties.taux_dynamique"
            ],
            "comptes:nouveau_mot_de_passe": lambda: list(signer_lien(UtilisateurFactory())),
            "comptes:etat_du_compte": lambda: [UtilisateurFactory().pk],
            "comptes:accepter_invitation": lambda: [InvitationFactory(jeton_clair="j-table").pk and "j-table"],
            "comptes:terminer_adhesion": lambda: [AdhesionFactory().pk],
            "comptes:annuler_invitation": lambda: [InvitationFactory(jeton_clair="autre").pk],
            "reglementation:texte": lambda: ["arrete-2024-12-04"],
            "reglementation:referentiel": lambda: ["etats-annexe"],
            "reglementation:parametre": lambda: ["socle"],
            "reglementation:historique": lambda: ["socle"],
            "reglementation:terminer_local": lambda: [
                reglementation.ajouter_local(Acteur.systeme("Essai"), saisie_locale(s.departement)).pk
            ],
            "reglementation:retirer_valeur": lambda: [
                reglementation.ajouter_valeur(Acteur.systeme("Essai"), saisie()).pk
            ],
            "donnees:livraison": lambda: [Livraison.objects.get().uuid],
            "donnees:quarantaine": lambda: [Livraison.objects.get().uuid],
            "donnees:appliquer": lambda: [Livraison.objects.get().uuid],
            "donnees:abandonner": lambda: [Livraison.objects.get().uuid],
            "donnees:remettre": lambda: [Livraison.objects.get().uuid],
            "donnees:corriger_structure": lambda: [s.pk],
            "donnees:corriger_annexe": lambda: [AnnexeLue.objects.filter(structure=s).first().pk],
            "donnees:lever": lambda: [0],
            "api:revoquer": lambda: [creer_jeton(connecter(AdhesionFactory()).acteur, "d'un autre")[0].pk],
            "api:api_v1:fiche": lambda: [s.code],
            "api:api_v1:parametre": lambda: ["iae.socle.ACI"],
        }  # fmt: skip
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
    roles = list(Role) if ligne.nom != "portail:fiche_pdf" else sorted({*VOIENT_AILLEURS, R.RESEAU, R.ADMINISTRATION})
    recues = {role: appeler(navigateur(gens.par_role[role]), ligne, adresse) for role in roles}
    assert recues == {role: ligne.attendu(role) for role in roles}
    assert appeler(Client(), ligne, adresse) == ligne.anonyme, "visiteur"
    sans = 403 if ligne.sans_adhesion is None else ligne.sans_adhesion
    if ligne.nom != "api:jetons":
        assert appeler(navigateur(gens.sans_adhesion), ligne, adresse) == sans, "sans adhésion"


@pytest.mark.parametrize("ligne", [x for x in API if ":api_v1:" in x.nom], ids=str)
def test_un_jeton_porte_les_droits_de_son_adhesion(ligne, gens, arguments):
    adresse = reverse(ligne.nom, args=arguments(ligne))
    for role in Role:
        _, secret = creer_jeton(gens.par_role[role].acteur, "essai")
        reponse = Client().get(adresse, headers={"authorization": f"Bearer {secret}"})
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
