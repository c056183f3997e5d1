"""From one mapping for each organisation to several named ones: what was kept keeps its name and its deposits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from convenir.mesure.donnees.models import CorrespondanceDeSource, Livraison
from tests.factories_socle import MissionLocaleFactory

pytestmark = pytest.mark.django_db(transaction=True)
AVANT = [("donnees", "0004_arrete_au")]


@pytest.fixture
def avant() -> Iterator[Apps]:
    """The models before the migration; whatever happens, the database is brought up to date again."""
    executeur = MigrationExecutor(connection)
    try:
        yield executeur.migrate(AVANT).apps
    finally:
        migrer()


def migrer() -> None:
    executeur = MigrationExecutor(connection)
    executeur.migrate(executeur.loader.graph.leaf_nodes())


def test_chaque_organisation_garde_la_sienne_et_ses_depots_en_attente(avant):
    une, autre = (MissionLocaleFactory().organisation_id for _ in range(2))
    connues = avant.get_model("donnees", "CorrespondanceDeSource").objects
    connues.create(organisation_id=une, contenu={"nom": "Export I-MILO", "tables": {"jeune": {}}}, auteur_nom="A")
    connues.create(organisation_id=autre, contenu={"tables": {}}, auteur_nom="B")
    connues.create(organisation_id=None, contenu={"nom": "N" * 100}, auteur_nom="Exploitant")
    depots = {
        depot: avant.get_model("donnees", "Livraison")
        .objects.create(organisation_id=depot[0], etat=depot[1], source=depot[2])
        .pk
        for depot in ((une, "a_relier", "ml"), (une, "refusee", "ml"), (une, "recue", "fluxiae"),
                      (autre, "recue", "ml"), (None, "recue", "agregats_ml"))
    }  # fmt: skip
    migrer()
    nommees = {c.organisation_id: c for c in CorrespondanceDeSource.objects.all()}
    assert {cle: c.nom for cle, c in nommees.items()} == {
        une: "Export I-MILO", autre: "Export habituel", None: "N" * 80,
    }  # fmt: skip
    assert nommees[une].contenu == {"nom": "Export I-MILO", "tables": {"jeune": {}}}
    assert nommees[autre].contenu["nom"] == "Export habituel"
    lues = {depot: Livraison.objects.get(pk=pk).correspondance_id for depot, pk in depots.items()}
    assert lues == {
        (une, "a_relier", "ml"): nommees[une].pk, (une, "refusee", "ml"): None, (une, "recue", "fluxiae"): None,
        (autre, "recue", "ml"): nommees[autre].pk, (None, "recue", "agregats_ml"): nommees[None].pk,
    }  # fmt: skip
