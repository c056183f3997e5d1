"""A world imported and computed once, then set back in each module that asks for it, inside a transaction.

The import and the calculation are the real ones: they take seconds. Their rows are kept as serialised objects and
their files as they are; a module that uses `monde` gets them in a transaction undone at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from convenir.mesure.donnees import actions as donnees
from convenir.mesure.indicateurs import actions as indicateurs
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.models import Structure
from tests.factories_comptes import AdhesionFactory, Connecte, acteurs_par_role, connecter
from tests.factories_socle import ReseauFactory
from tests.restitution import fabrique_ml
from tests.restitution.acces import Gens
from tests.restitution.fabrique import GRAND, creer_geographie, ecrire_monde

ANNEES = (2024, 2025)
# In the order in which their rows refer to each other.
ORDRE = ("journal", "territoires", "organisations", "donnees", "indicateurs")


@dataclass(frozen=True)
class Monde:
    """The rows and the files of a computed world."""

    dossier: Path
    livraison: Path
    rangs: tuple[dict[str, Any], ...]


@pytest.fixture(scope="session")
def monde_calcule(django_db_setup, django_db_blocker, tmp_path_factory) -> Monde:
    """Import and compute once; nothing stays in the database."""
    racine = tmp_path_factory.mktemp("monde")
    dossier = racine / "donnees"
    dossier.mkdir()
    with (
        django_db_blocker.unblock(),
        override_settings(DOSSIER_DONNEES=dossier),
        transaction.atomic(),
    ):
        creer_geographie()
        livraison = ecrire_monde(racine / "livraison")
        rapport = donnees.appliquer(livraison, Acteur.systeme("Ligne de commande"))
        assert not rapport.refus, rapport.phrase
        indicateurs.calculer(ANNEES)
        fabrique_ml.creer_missions_locales()
        fabrique_ml.figer(racine)
        rangs = tuple(serializers.serialize("python", _objets()))
        transaction.set_rollback(True)
    return Monde(dossier, livraison, rangs)


def _objets() -> Iterator[Any]:
    for label in ORDRE:
        for modele in apps.get_app_config(label).get_models():
            yield from modele._default_manager.order_by("pk")


@pytest.fixture(scope="module")
def monde(monde_calcule, django_db_setup, django_db_blocker) -> Iterator[Monde]:
    """Set the world back for the tests of a module."""
    with (
        django_db_blocker.unblock(),
        override_settings(DOSSIER_DONNEES=monde_calcule.dossier),
        transaction.atomic(),
    ):
        for objet in serializers.deserialize("python", monde_calcule.rangs):
            objet.save()
        yield monde_calcule
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def gens(monde, django_db_blocker) -> Gens:
    """The people of a module, inside its transaction."""
    with django_db_blocker.unblock():
        structure = Structure.objects.get(id_asp=GRAND)
        reseau = ReseauFactory()
        structure.reseaux.add(reseau)
        seul = connecter(AdhesionFactory())
        seul.adhesion.delete()
        return Gens(acteurs_par_role(structure), seul)


@pytest.fixture(autouse=True)
def sans_cache() -> None:
    """A page kept by a test is not that of the next one: here figures change without a new calculation."""
    cache.clear()


@pytest.fixture
def systeme() -> Acteur:
    """The command line: every capability, the whole country."""
    return Acteur.systeme("Ligne de commande")


@pytest.fixture
def grande(monde, db) -> Structure:
    """The larger ACI of Vendée."""
    return Structure.objects.select_related("departement__region", "commune", "porteur").get(id_asp=GRAND)


@pytest.fixture
def personnes(grande) -> dict[Any, Connecte]:
    """One person by role, around the larger ACI."""
    return acteurs_par_role(grande)
