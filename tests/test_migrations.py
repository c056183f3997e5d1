"""Les migrations qui déplacent des données : des lignes d'avant, la migration, les mêmes lignes après."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from convenir.contrat.conventions.models import Operation
from convenir.contrat.suivi.models import AnnexeDeFinanceur, Bilan
from convenir.mesure.donnees.models import CorrespondanceDeSource, Livraison
from convenir.socle.organisations.models import Nature
from tests.factories_conventions import convention_en_cours
from tests.factories_socle import OrganisationFactory

INSTANT = datetime(2026, 11, 2, 9, tzinfo=UTC)
AVANT = [
    ("conventions", "0005_suites_du_controle"), ("suivi", "0005_suites_du_controle"), ("donnees", "0004_arrete_au"),
]  # fmt: skip


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="les migrations de PostgreSQL sont les mêmes ; une base suffit"
)
def test_les_migrations_de_donnees_gardent_les_lignes(transactional_db):
    convention = convention_en_cours()
    ici = OrganisationFactory(nom="Région fictive", nature=Nature.COLLECTIVITE, departement=convention.departement)
    mission = OrganisationFactory(nom="Mission locale fictive", nature=Nature.MISSION_LOCALE)
    presentes = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        apps = MigrationExecutor(connection).migrate(AVANT).apps
        cles = ecrire(apps, convention, mission)
    finally:
        MigrationExecutor(connection).migrate(presentes)
    relire(cles, ici, mission)


def ecrire(apps: Apps, convention, mission) -> dict[str, int]:
    """Write the rows of before, with the models of before."""
    operation = apps.get_model("conventions", "Operation").objects.create(
        genre="lot", departement_id=convention.departement_id, annee=2027, etat="finie", demandee_le=INSTANT,
        demandee_par="x", rapport=[{"issue": "préparée"}],
    )  # fmt: skip
    annexe = apps.get_model("suivi", "AnnexeDeFinanceur").objects
    connue, inconnue = (
        annexe.create(convention_id=convention.pk, annee=2026, financeur=nom, prevu=10_000).pk
        for nom in ("Région fictive", "Fondation fictive")
    )
    bilan = apps.get_model("suivi", "Bilan").objects.create(convention_id=convention.pk, annee=2026, ouvert_le=INSTANT)
    reprises = apps.get_model("suivi", "Reprise").objects
    commun = {"departement_id": convention.departement_id, "demandee_le": INSTANT, "demandee_par": "Camille Fictive"}
    lignes = [
        {"numero": "ACI044260001A0M0", "structure": "Les Jardins fictifs", "issue": "reprise", "reference": "CONV-1"},
        {"numero": "ACI044260002A0M0", "structure": "Autre", "issue": "déjà dans Convenir", "raison": "la même année"},
    ]
    reprises.create(essai=False, rapport=lignes, finie_le=INSTANT, **commun)
    reprises.create(essai=True, rapport=[], **commun)
    correspondance = apps.get_model("donnees", "CorrespondanceDeSource").objects.create(
        organisation_id=mission.pk, contenu={"nom": "Export de mars", "tables": {}}, auteur_nom="x"
    )
    livraisons = apps.get_model("donnees", "Livraison").objects
    a_relier, refusee = (
        livraisons.create(source="ml", etat=etat, organisation_id=mission.pk, auteur_nom="x").pk
        for etat in ("a_relier", "refusee")
    )
    return {"operation": operation.pk, "connue": connue, "inconnue": inconnue, "bilan": bilan.pk,
            "correspondance": correspondance.pk, "a_relier": a_relier, "refusee": refusee}  # fmt: skip


def relire(cles: dict[str, int], ici, mission) -> None:
    """Read them with the models of today."""
    lot = Operation.objects.get(pk=cles["operation"])
    assert (lot.genre, lot.annee, lot.rapport) == ("lot", 2027, [{"issue": "préparée"}])
    rattachee = AnnexeDeFinanceur.objects.get(pk=cles["connue"])
    assert (rattachee.organisation, rattachee.prevu) == (ici, 10_000)
    assert AnnexeDeFinanceur.objects.get(pk=cles["inconnue"]).organisation is None
    bilan = Bilan.objects.get(pk=cles["bilan"])
    assert (bilan.annee, bilan.sans_compte_rendu, bilan.compte_rendu_attendu_le) == (2026, "", None)
    finie, arretee = Operation.objects.filter(genre="annexes").order_by("pk")
    assert (finie.etat, finie.essai, finie.finie_le, finie.demandee_par) == (
        "finie", False, INSTANT, "Camille Fictive",
    )  # fmt: skip
    assert [(x["partie"], x["reference"], x["issue"], x["detail"]) for x in finie.rapport] == [
        ("Les Jardins fictifs", "CONV-1", "reprise", "Annexe ACI044260001A0M0"),
        ("Autre", "", "déjà présente", "Annexe ACI044260002A0M0 : la même année"),
    ]
    assert (arretee.etat, arretee.essai) == ("echouee", True)
    assert "sans rapport" in arretee.message
    correspondance = CorrespondanceDeSource.objects.get(pk=cles["correspondance"])
    assert (correspondance.nom, correspondance.contenu["nom"]) == ("Export de mars", "Export de mars")
    assert correspondance.organisation == mission
    assert Livraison.objects.get(pk=cles["a_relier"]).correspondance == correspondance
    assert Livraison.objects.get(pk=cles["refusee"]).correspondance is None
