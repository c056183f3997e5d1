"""Fabriques du registre des travaux : un travail, une personne de la mission locale. Tout est inventé."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from convenir.contrat.travaux.models import PieceDeTravail, Travail
from convenir.contrat.travaux.rules import TravailEcrit
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import MissionLocale
from tests.factories_comptes import AdhesionFactory, Connecte, connecter
from tests.factories_dossiers import PDF
from tests.factories_socle import MissionLocaleFactory

INSTANT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ECRIT = TravailEcrit(
    genre="diagnostic", axe="4", intitule="Les décrocheurs du bassin (fictif)",
    partenaires=("Communauté de communes fictive",), territoire="Bassin fictif", debut=date(2026, 1, 15),
    fin=date(2026, 6, 30), livrable="Rapport", etp=Decimal("0.20"),
)  # fmt: skip


def ecrit(**autres: Any) -> TravailEcrit:
    """Un travail acceptable, sauf ce qui est dit."""
    return replace(ECRIT, **autres)


class TravailFactory(DjangoModelFactory):
    class Meta:
        model = Travail

    mission_locale = factory.SubFactory(MissionLocaleFactory)
    genre = "diagnostic"
    axe = "4"
    intitule = factory.Sequence(lambda n: f"Diagnostic fictif {n}")
    partenaires = "Communauté de communes fictive\nLycée fictif"
    territoire = "Bassin fictif"
    debut = date(2026, 1, 15)
    fin = date(2026, 6, 30)
    livrable = "Rapport"
    etp = Decimal("0.20")
    inscrit_le = INSTANT
    modifie_le = INSTANT
    modifie_par = "Camille Fictive"


class PieceDeTravailFactory(DjangoModelFactory):
    class Meta:
        model = PieceDeTravail

    travail = factory.SubFactory(TravailFactory)
    nom = "rapport.pdf"
    format = "pdf"
    taille = len(PDF)
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    jointe_le = INSTANT
    jointe_par = "Camille Fictive"


def de_la_mission_locale(mission_locale: MissionLocale, role: Role = Role.COLLABORATION_STRUCTURE) -> Connecte:
    """Une personne connectée de cette mission locale."""
    return connecter(AdhesionFactory(organisation=mission_locale.organisation, role=role))
