"""Three invented accounts for each role, in the organisations that hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.comptes.queries import acteur_de
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.actions import creer_organisation, rattacher_au_reseau
from convenir.socle.organisations.models import MissionLocale, Nature, NiveauTerritorial, Organisation, Structure
from convenir.socle.territoires.models import Region

MOT_DE_PASSE = "Convenir-demo-2026"
DOMAINE = "demo.invalid"
NOMBRE = 3
# Comptes de plus pour les rôles de structure, quand la région a des missions locales.
MISSIONS_LOCALES = 2
DEBUT = date(2024, 1, 1)


@dataclass(frozen=True)
class Compte:
    """An account of the demonstration, as printed."""

    role: Role
    email: str
    organisation: str


@transaction.atomic
def creer(region: str, acteur: Acteur) -> list[Compte]:
    """Create the accounts that are missing and return them all.

    Args:
        region: code of the demonstration région.
        acteur: who creates them, for the journal.
    """
    comptes = []
    for role in Role:
        for rang, (organisation, structures) in enumerate(_organisations(role, region, acteur), start=1):
            comptes.append(_compte(role, rang, organisation, structures, acteur))
    return comptes


def _compte(role: Role, rang: int, organisation: Organisation, structures: list[Structure], acteur: Acteur) -> Compte:
    email = f"{role.value.replace('_', '-')}{rang}@{DOMAINE}"
    if not Utilisateur.objects.filter(email=email).exists():
        utilisateur = Utilisateur.objects.creer(
            email, prenom="Personne fictive", nom=f"{role.label} {rang}", mot_de_passe=MOT_DE_PASSE
        )
        adhesion = Adhesion.objects.create(utilisateur=utilisateur, organisation=organisation, role=role, debut=DEBUT)
        adhesion.structures.set(structures)
        journaliser("demo.compte.creer", adhesion, auteur=acteur.auteur, apres={"role": role.value})
    return Compte(role, email, organisation.nom)


def acteur_fictif(organisation: Organisation, role: Role, acteur: Acteur) -> Acteur:
    """Return who holds a role in an organisation; when nobody does, an invented person who cannot log in."""
    adhesion = Adhesion.objects.filter(organisation=organisation, role=role).select_related("utilisateur").first()
    if adhesion is None:
        email = f"{role.value.replace('_', '-')}-{organisation.pk}@{DOMAINE}"
        personne = Utilisateur.objects.creer(email, prenom="Personne fictive", nom=f"{role.label} {organisation.pk}")
        adhesion = Adhesion.objects.create(utilisateur=personne, organisation=organisation, role=role, debut=DEBUT)
        journaliser("demo.compte.creer", adhesion, auteur=acteur.auteur, apres={"role": role.value})
    return acteur_de(adhesion.utilisateur, choisie=adhesion.pk)


def _organisations(role: Role, region: str, acteur: Acteur) -> Iterator[tuple[Organisation, list[Structure]]]:
    """Yield three (organisation, named structures) for a role."""
    if role in ROLES_STRUCTURE:
        yield from _porteurs(region)
        siennes = MissionLocale.objects.filter(departement__region=region).select_related("organisation")
        yield from ((m.organisation, []) for m in siennes.order_by("code")[:MISSIONS_LOCALES])
        return
    trouvees = list(_candidates(role, region, acteur))
    for rang in range(NOMBRE if trouvees else 0):
        yield trouvees[rang % len(trouvees)], []


def _porteurs(region: str) -> Iterator[tuple[Organisation, list[Structure]]]:
    structures = Structure.objects.filter(departement__region=region).select_related("porteur")
    for categorie in ("ACI", "EI", "AI"):
        premiere = structures.filter(categorie=categorie, porteur__isnull=False).order_by("id_asp").first()
        if premiere is not None and premiere.porteur is not None:
            yield premiere.porteur, []


def _candidates(role: Role, region: str, acteur: Acteur) -> list[Organisation]:
    """Return the organisations where a role is held in the région."""
    etat = Organisation.objects.filter(nature=Nature.SERVICE_ETAT)
    departements = {"departement__region": region}
    if role in (Role.NATIONAL, Role.DONNEES_NATIONALES):
        return list(etat.filter(niveau="national"))
    if role == Role.REGIONAL:
        return list(etat.filter(niveau="regional", region=region))
    if role in (Role.DEPARTEMENTAL, Role.SIGNATAIRE, Role.MEMBRE_CDIAE):
        return list(etat.filter(niveau="departemental", **departements).order_by("departement"))
    if role == Role.FRANCE_TRAVAIL:
        return list(Organisation.objects.filter(nature=Nature.FRANCE_TRAVAIL, **departements).order_by("pk"))
    if role == Role.FINANCEUR:
        return list(Organisation.objects.filter(nature=Nature.COLLECTIVITE, **departements).order_by("departement"))
    if role == Role.RESEAU:
        return [_reseau(region, acteur)]
    if role == Role.ANIMATION_REGIONALE:
        nom = "Animation régionale des missions locales (fictive)"
        champs = {"niveau": NiveauTerritorial.REGIONAL, "region": Region.objects.get(pk=region)}
        return [_unique(Nature.RESEAU, nom, acteur, **champs)]
    return [_unique(Nature.PLATEFORME, "Exploitation de Convenir (fictive)", acteur)]


def _reseau(region: str, acteur: Acteur) -> Organisation:
    """Return the invented network, joined by one structure in seven."""
    reseau = _unique(Nature.RESEAU, "Réseau fictif des structures d'insertion", acteur)
    membres = Structure.objects.filter(departement__region=region).order_by("id_asp")[::7]
    rattacher_au_reseau(reseau, membres, acteur.auteur)
    return reseau


def _unique(nature: Nature, nom: str, acteur: Acteur, **champs: Any) -> Organisation:
    existante = Organisation.objects.filter(nature=nature, nom=nom).first()
    return existante or creer_organisation(nature, nom, acteur.auteur, **champs)
