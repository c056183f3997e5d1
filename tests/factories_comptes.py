"""Fabriques des comptes : une personne par rôle, dans une organisation qui lui convient, déjà connectée."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import factory
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from factory.django import DjangoModelFactory

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.jetons import empreinte_du_jeton
from convenir.socle.comptes.models import Adhesion, Invitation, Utilisateur
from convenir.socle.comptes.queries import acteur_de
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Nature, NiveauTerritorial, Organisation, Structure
from convenir.socle.territoires.models import Departement
from tests.factories_socle import (
    AgenceFranceTravailFactory,
    ConseilDepartementalFactory,
    DepartementFactory,
    OrganisationFactory,
    ReseauFactory,
    ServiceDepartementalFactory,
    ServiceNationalFactory,
    ServiceRegionalFactory,
    StructureFactory,
)

MOT_DE_PASSE = "Trois-Rivieres-2026!"


class UtilisateurFactory(DjangoModelFactory):
    class Meta:
        model = Utilisateur
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@exemple.invalid")
    prenom = "Camille"
    nom = factory.Sequence(lambda n: f"Fictive {n}")

    @factory.post_generation
    def mot_de_passe(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        """Les empreintes coûtent : un mot de passe n'est posé que sur demande."""
        if extracted:
            self.set_password(extracted)
            self.save()


class AdhesionFactory(DjangoModelFactory):
    class Meta:
        model = Adhesion
        skip_postgeneration_save = True

    utilisateur = factory.SubFactory(UtilisateurFactory)
    organisation = factory.SubFactory(ServiceDepartementalFactory)
    role = Role.DEPARTEMENTAL
    debut = date(2020, 1, 1)

    @factory.post_generation
    def structures(self, create: bool, extracted: list[Structure] | None, **kwargs: object) -> None:
        if create and extracted:
            self.structures.set(extracted)


class InvitationFactory(DjangoModelFactory):
    """Une invitation en attente ; `jeton_clair` est ce qu'a reçu la personne."""

    class Meta:
        model = Invitation

    class Params:
        jeton_clair = "jeton-clair"

    email = factory.Sequence(lambda n: f"invitee{n}@exemple.invalid")
    organisation = factory.SubFactory(ServiceDepartementalFactory)
    role = Role.DEPARTEMENTAL
    jeton = factory.LazyAttribute(lambda o: empreinte_du_jeton(o.jeton_clair))
    creee_le = factory.LazyFunction(timezone.now)
    expire_le = factory.LazyAttribute(lambda o: o.creee_le + timedelta(days=7))


@dataclass(frozen=True)
class Connecte:
    """Une personne, son adhésion, l'acteur qu'elle est, et un navigateur où elle est connectée."""

    role: Role
    utilisateur: Utilisateur
    adhesion: Adhesion
    client: Client

    @property
    def acteur(self) -> Acteur:
        return acteur_de(self.utilisateur, choisie=self.adhesion.pk)


def connecter(adhesion: Adhesion) -> Connecte:
    """Connecter la personne d'une adhésion."""
    return connecter_ensemble([adhesion])[0]


def connecter_ensemble(adhesions: Sequence[Adhesion]) -> list[Connecte]:
    """Connecter des personnes : ce qu'une connexion laisse en base et dans le navigateur, écrit en deux requêtes."""
    maintenant = timezone.now()
    Utilisateur.objects.filter(pk__in=[a.utilisateur_id for a in adhesions]).update(last_login=maintenant)
    sessions, connectes = [], []
    for adhesion in adhesions:
        utilisateur = adhesion.utilisateur
        utilisateur.last_login = maintenant
        session = SessionStore().create_model_instance(
            {
                SESSION_KEY: str(utilisateur.pk),
                BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                HASH_SESSION_KEY: utilisateur.get_session_auth_hash(),
            }
        )
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        sessions.append(session)
        connectes.append(Connecte(Role(adhesion.role), utilisateur, adhesion, client))
    Session.objects.bulk_create(sessions)
    return connectes


def organisation_pour(role: Role, departement: Departement, structure: Structure) -> Organisation:
    """Une organisation où ce rôle se tient, dans le territoire d'une structure."""
    territoire = {"departement": departement, "region": departement.region}
    if role in {Role.DIRECTION_STRUCTURE, Role.COLLABORATION_STRUCTURE}:
        assert structure.porteur is not None
        return structure.porteur
    if role in {Role.ADMINISTRATION, Role.DONNEES_NATIONALES}:
        return OrganisationFactory(nature=Nature.PLATEFORME, nom="Exploitant fictif", siret="")
    if role == Role.NATIONAL:
        return ServiceNationalFactory()
    if role == Role.REGIONAL:
        return ServiceRegionalFactory(region=departement.region)
    if role in {Role.DEPARTEMENTAL, Role.SIGNATAIRE}:
        return ServiceDepartementalFactory(departement=departement)
    if role == Role.RESEAU:
        return structure.reseaux.first() or ReseauFactory()
    if role == Role.ANIMATION_REGIONALE:
        return ReseauFactory(niveau=NiveauTerritorial.REGIONAL, region=departement.region)
    if role == Role.FRANCE_TRAVAIL:
        return AgenceFranceTravailFactory(**territoire)
    return ConseilDepartementalFactory(**territoire)


def acteurs_par_role(structure: Structure | None = None) -> dict[Role, Connecte]:
    """Une personne connectée par rôle, toutes du territoire d'une même structure (créée s'il n'y en a pas)."""
    if structure is None:
        structure = StructureFactory(departement=DepartementFactory(), reseaux=[ReseauFactory()])
    adhesions = [
        AdhesionFactory(organisation=organisation_pour(role, structure.departement, structure), role=role)
        for role in Role
    ]
    return dict(zip(Role, connecter_ensemble(adhesions), strict=True))
