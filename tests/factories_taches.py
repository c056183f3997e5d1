"""Fabriques des tâches."""

from __future__ import annotations

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from convenir.socle.taches.models import Tache
from tests.factories_socle import ServiceDepartementalFactory


class TacheFactory(DjangoModelFactory):
    class Meta:
        model = Tache

    organisation = factory.SubFactory(ServiceDepartementalFactory)
    code = "test.tache"
    objet = factory.Sequence(lambda n: f"objet-{n}")
    libelle = factory.Sequence(lambda n: f"Tâche fictive {n}")
    proposee_le = factory.LazyFunction(timezone.now)
