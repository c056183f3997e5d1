"""Reading of structures: rights inside the query, search by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from convenir.socle.organisations.normalisation import mots_cherches
from convenir.socle.organisations.perimetre import Perimetre

if TYPE_CHECKING:
    from convenir.socle.organisations.models import Structure

    Base = models.QuerySet[Structure]
else:
    Base = models.QuerySet


class StructureQuerySet(Base):
    """Structures, narrowed by right first and by choice next."""

    def visibles_par(self, perimetre: Perimetre) -> StructureQuerySet:
        """Keep the structures of a perimeter; an unknown or empty perimeter keeps none."""
        if perimetre.niveau == "france":
            return self.all()
        if perimetre.niveau == "region":
            return self.filter(departement__region__in=perimetre.codes)
        if perimetre.niveau == "departement":
            return self.filter(departement__in=perimetre.codes)
        if perimetre.niveau == "structures":
            return self.filter(pk__in=perimetre.structures)
        if perimetre.niveau == "reseau":
            adhesions = self.model.reseaux.through.objects.filter(organisation__in=perimetre.reseaux)
            return self.filter(pk__in=adhesions.values("structure"))
        return self.none()

    def suivies(self) -> StructureQuerySet:
        """Keep the structures still present in the last full delivery."""
        return self.filter(suivie_jusquau=None)

    def rechercher(self, texte: str) -> StructureQuerySet:
        """Keep the structures that carry every word: name, commune, SIRET or ASP id; accents and case do not count."""
        trouvees = self.all()
        for mot in mots_cherches(texte):
            trouvees = trouvees.filter(recherche__contains=mot)
        return trouvees
