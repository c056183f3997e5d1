"""Deux ans passent sur les conventions de la démonstration : aucun cas écarté, aucune tâche sans sa raison."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from convenir.contrat.conventions.attendus import Code, attendus
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.temps import passer_le_jour
from convenir.restitution.demonstration import conventions
from convenir.socle.taches.models import Notification, Tache
from convenir.socle.territoires.models import Departement
from tests.factories_socle import MissionLocaleFactory, StructureFactory
from tests.restitution.test_demonstration import region  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]


def test_deux_ans_passent_sans_cas_ecarte_et_les_taches_disent_vrai(region, systeme, settings, tmp_path):  # noqa: F811
    settings.DOSSIER_DONNEES = tmp_path
    departement = Departement.objects.get(pk="44")
    for categorie in ("ACI", "AI", "EI", "ETTI"):
        StructureFactory.create_batch(8, categorie=categorie, departement=departement, commune=None)
    MissionLocaleFactory.create_batch(2, departement=departement)
    conventions.creer_celles_de_lannee(region, systeme)
    conventions.creer_les_prochaines(region, systeme)
    depart = timezone.localdate()
    jours = [depart, *(date(a, m, 1) for a in (depart.year + 1, depart.year + 2) for m in (1, 6, 10))]
    faits: set[str] = set()
    for jour in jours:
        rapport = passer_le_jour(jour, maintenant=timezone.now())
        faits |= {ligne.etape for ligne in rapport.faits}
        assert rapport.ecartes == [], jour
        assert not passer_le_jour(jour, maintenant=timezone.now()).faits, f"rejouer le {jour} ne fait rien"
    assert {"suspendues", "continuite", "observations", "lots"} <= faits
    dernier = jours[-1] + timedelta(days=1)
    passer_le_jour(dernier, maintenant=timezone.now())
    voulues = {
        (a.code.value, a.organisation.pk) for c in Convention.objects.all() for a in attendus(c, dernier)
    }  # fmt: skip
    ouvertes = set(Tache.objects.filter(code__in=list(Code), faite_le=None).values_list("code", "organisation"))
    assert ouvertes <= voulues, "aucune tâche ne survit à sa raison"
    doubles = Notification.objects.values_list("destinataire", "organisation", "genre", "cle")
    assert len(doubles) == len(set(doubles))
