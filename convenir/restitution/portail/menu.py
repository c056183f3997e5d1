"""One navigation for the whole product, showing to each role only what it has."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite


@dataclass(frozen=True)
class Entree:
    """A link of the main menu; without a capability every member of an organisation sees it."""

    libelle: str
    url: str
    capacite: Capacite | None = None


# Dans l'ordre du produit : les dialogues, conventions, financements et instances s'y ajoutent avec leurs pages.
ENTREES = (
    Entree("À faire", "portail:accueil"),
    Entree("Structures", "portail:structures", Capacite.VOIR_STRUCTURES),
    Entree("Dossiers", "dossiers:liste", Capacite.VOIR_CONVENTIONS),
    Entree("Données", "donnees:livraisons", Capacite.VOIR_LIVRAISONS),
    Entree("Textes et paramètres", "reglementation:index", Capacite.VOIR_PARAMETRES),
)
# Les pages de tenue de la plateforme, sur la page « Mon compte ».
OUTILS = (
    Entree("Notifications", "taches:notifications"),
    Entree("Préférences de notification", "taches:preferences"),
    Entree("Journal", "journal:liste", Capacite.VOIR_JOURNAL),
    Entree("Comptes", "comptes:liste", Capacite.INVITER),
    Entree("Invitations", "comptes:invitations", Capacite.INVITER),
    Entree("Jetons d’accès à l’API", "api:jetons"),
)


@dataclass(frozen=True)
class Lien:
    """A link ready to print."""

    libelle: str
    url: str
    courant: bool


def liens(entrees: tuple[Entree, ...], acteur: Acteur, chemin: str) -> list[Lien]:
    """Return the links this person may follow; the current page's is marked."""
    visibles = [(e.libelle, reverse(e.url)) for e in entrees if e.capacite is None or acteur.peut(e.capacite)]
    return [Lien(libelle, url, _est_courant(url, chemin)) for libelle, url in visibles]


def _est_courant(url: str, chemin: str) -> bool:
    return chemin == url if url == reverse("portail:accueil") else chemin.startswith(url)
