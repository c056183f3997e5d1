"""One navigation for the whole product, showing to each role only what it has."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from convenir.restitution.portail import bascule
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite


@dataclass(frozen=True)
class Entree:
    """A link of the main menu; without a capability every member of an organisation sees it, else any one suffices.

    `pages` are the lists of the section, its own first: the reader goes from one to the other.
    """

    libelle: str
    url: str
    capacites: tuple[Capacite, ...] = ()
    aussi: tuple[str, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()


STRUCTURES = Entree(
    "Structures", "portail:structures", (Capacite.VOIR_STRUCTURES,), ("portail:missions_locales", "travaux:liste")
)
# « Structures » ouvre sur ce que la personne a : les SIAE, ou les missions locales de qui n'a qu'elles.
MISSIONS_LOCALES = Entree(
    "Structures", "portail:missions_locales", (Capacite.VOIR_MISSIONS_LOCALES,), ("travaux:liste",)
)
# Dans l'ordre du produit : financements et instances s'y ajoutent, entre conventions et données, avec leurs pages.
ENTREES = (
    Entree("À faire", "portail:accueil"),
    STRUCTURES,
    Entree("Dialogues", "objectifs:liste", (Capacite.VOIR_OBJECTIFS,)),
    Entree(
        "Conventions",
        "conventions:liste",
        (Capacite.VOIR_CONVENTIONS,),
        ("dossiers:liste", "suivi:liste"),
        (("Conventions", "conventions:liste"), ("Dossiers", "dossiers:liste"), ("Suivi", "suivi:liste")),
    ),
    Entree("Données", "donnees:livraisons", (Capacite.VOIR_LIVRAISONS, Capacite.DEPOSER_MISSION_LOCALE)),
    Entree("Textes et paramètres", "reglementation:index", (Capacite.VOIR_PARAMETRES,)),
)
# Les pages de tenue de la plateforme, sur la page « Mon compte ».
OUTILS = (
    Entree("Notifications", "taches:notifications"),
    Entree("Préférences de notification", "taches:preferences"),
    Entree("Informations de la commission", "suivi:informations", (Capacite.VOIR_COMMISSION,)),
    Entree("Journal", "journal:liste", (Capacite.VOIR_JOURNAL,)),
    Entree("Archives publiques", "archives:liste", (Capacite.TENIR_ARCHIVES,)),
    Entree("Comptes", "comptes:liste", (Capacite.INVITER,)),
    Entree("Invitations", "comptes:invitations", (Capacite.INVITER,)),
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
    return [Lien(e.libelle, reverse(e.url), _est_courant(e, chemin)) for e in _visibles(entrees, acteur)]


def pages_de_la_rubrique(acteur: Acteur, chemin: str) -> list[Lien]:
    """Return the lists beside the one that is read, when its section has several."""
    for entree in _visibles(ENTREES, acteur):
        adresses = [(libelle, reverse(url)) for libelle, url in entree.pages]
        if any(adresse == chemin for _, adresse in adresses):
            return [Lien(libelle, adresse, adresse == chemin) for libelle, adresse in adresses]
    return []


def _visibles(entrees: tuple[Entree, ...], acteur: Acteur) -> list[Entree]:
    choisies = [_des_siennes(e, acteur) for e in entrees]
    return [e for e in choisies if not e.capacites or any(acteur.peut(c) for c in e.capacites)]


def _des_siennes(entree: Entree, acteur: Acteur) -> Entree:
    return MISSIONS_LOCALES if entree is STRUCTURES and not bascule.voit_des_siae(acteur) else entree


def _est_courant(entree: Entree, chemin: str) -> bool:
    adresses = [reverse(nom) for nom in (entree.url, *entree.aussi)]
    accueil = reverse("portail:accueil")
    return any(chemin == adresse if adresse == accueil else chemin.startswith(adresse) for adresse in adresses)
