"""Dry run, application, idempotence."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest
from django.apps import apps

from convenir.mesure.donnees import actions, queries, requetes_sql
from convenir.mesure.donnees.generateur.ecriture import ecrire_lignes
from convenir.mesure.donnees.generateur.fautes import FAUTES
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, lignes_mini
from convenir.mesure.donnees.models import AnnexeLue, FichierRecu, Livraison
from convenir.mesure.donnees.rapport import Issue
from convenir.mesure.donnees.signals import livraison_appliquee
from convenir.mesure.donnees.verrou import ImportEnCours, verrou
from convenir.mesure.indicateurs.actions import calculer
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure
from tests.factories_comptes import AdhesionFactory, connecter
from tests.mesure.donnees.outils import lire_sql

pytestmark = pytest.mark.django_db


def test_un_essai_ne_laisse_rien(mini, donnees, geographie, acteur):
    rapport = actions.essayer(mini, acteur)
    assert rapport.issue is Issue.ESSAI
    assert rapport.effets["crees"] > 0
    assert not Livraison.objects.exists()
    assert not Structure.objects.exists()
    assert not Entree.objects.exists()
    assert [f for f in donnees.rglob("*") if f.is_file() and f.name != ".verrou"] == []


def test_appliquer_puis_rien_a_faire(mini, donnees, geographie, acteur):
    rapport = actions.appliquer(mini, acteur)
    assert rapport.issue is Issue.APPLIQUEE
    assert Structure.objects.count() == 6
    assert AnnexeLue.objects.count() == 8
    assert FichierRecu.objects.filter(conserve=True).count() >= 8
    entrees = Entree.objects.count()
    assert actions.appliquer(mini, acteur).issue is Issue.DEJA_IMPORTEE
    assert Entree.objects.count() == entrees
    assert Livraison.objects.count() == 1
    assert set(queries.sources_courantes()) >= {"Structure", "AnnexeFinanciere", "EtatMensuelIndiv"}


def test_le_signal_part_une_fois_la_transaction_faite(
    mini, donnees, geographie, acteur, django_capture_on_commit_callbacks
):
    recus = []
    livraison_appliquee.connect(lambda livraison_uuid, **_: recus.append(livraison_uuid), weak=False, dispatch_uid="t")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            actions.appliquer(mini, acteur)
            assert recus == []
    finally:
        livraison_appliquee.disconnect(dispatch_uid="t")
    assert recus == [Livraison.objects.get().uuid]


def test_le_rapport_a_la_forme_convenue(mini, donnees, geographie, acteur):
    FAUTES["heures_negatives"](mini)
    rapport = json.loads(json.dumps(actions.essayer(mini, acteur).as_dict()))
    assert {"lues", "acceptees", "quarantaine"} <= rapport["vues"]["AnnexeFinanciere"].keys()
    assert set(rapport["anomalies"][0]) == {"fichier", "ligne", "colonne", "valeur", "message"}
    assert set(rapport["effets"]) == {"crees", "modifies", "termines"}
    assert rapport["anomalies"][0]["valeur"] == "-12"


def test_un_import_a_la_fois(mini, donnees, geographie, acteur):
    with verrou(), pytest.raises(ImportEnCours, match="autre import"):
        actions.appliquer(mini, acteur)


def test_qui_ne_peut_importer_ne_le_peut_nulle_part(mini, donnees, geographie):
    personne = connecter(AdhesionFactory(role=Role.SIGNATAIRE))
    for acte in (actions.essayer, actions.appliquer):
        with pytest.raises(ActionRefusee, match="importer une livraison"):
            acte(mini, personne.acteur)


def test_les_enregistrements_suivent_la_disposition_convenue(mini, donnees, geographie, acteur):
    actions.appliquer(mini, acteur)
    dossier = Livraison.objects.get().dossier
    assert {d.name for d in (dossier / "EtatMensuelIndiv" / "enregistrements").iterdir()} == {"annee=2025"}
    colonnes = lire_sql(f"DESCRIBE SELECT * FROM '{dossier}/Salarie/enregistrements/*.parquet'")
    types = {nom: type_ for nom, type_, *_ in colonnes}
    assert types == {
        "salarie_id": "BIGINT", "sexe": "VARCHAR", "personne": "VARCHAR", "naissance": "VARCHAR",
        "agrement": "BOOLEAN", "salarie_adr_qpv_type": "VARCHAR", "salarie_adr_is_zrr": "BOOLEAN",
        "salarie_adr_zrr_classement": "VARCHAR", "salarie_codeinseecom": "VARCHAR", "salarie_code_dpt": "VARCHAR",
        "ligne": "BIGINT",
    }  # fmt: skip


def test_aucune_identite_dans_aucune_table(mini, donnees, geographie, acteur):
    """Whatever the database: every row of every table, after the import and the calculation."""
    actions.appliquer(mini, acteur)
    calculer((2025,))
    semees = lignes_mini()
    secrets = {str(s[c]) for s in semees["Salarie"] for c in ("salarie_nir", "salarie_nom_usage", "salarie_prenom")}
    secrets |= {
        str(s[f"structure_adresse_{c}_corresp_technique"])
        for s in semees["Structure"]
        for c in ("mail", "nom", "prenom")
    }
    assert len(secrets) > 20
    for modele in apps.get_models():
        for ligne in modele._default_manager.values_list().iterator():
            assert not [secret for secret in secrets if secret in str(ligne)], modele


def test_la_derniere_version_du_mois_est_seule_comptee(mini, donnees, geographie, acteur):
    actions.appliquer(mini, acteur)
    courantes = queries.sources_courantes()
    annexes = requetes_sql.annexes_retenues(f"read_parquet('{courantes['AnnexeFinanciere'].motif}')")
    source = f"read_parquet('{courantes['EtatMensuelIndiv'].motif}', hive_partitioning=false)"
    retenu = requetes_sql.mensuel_retenu(source, annexes)
    janvier = "emi_afi_id = 4004 AND emi_sme_mois = 1"
    toutes = lire_sql(f"SELECT count(*), count(DISTINCT emi_sme_version) FROM {source} WHERE {janvier}")
    gardees = lire_sql(f"SELECT count(*), min(emi_sme_version) FROM {retenu} WHERE {janvier}")
    assert toutes[0][1] == 2
    assert gardees[0][1] == 2
    assert gardees[0][0] < toutes[0][0]
    total = lire_sql(f"SELECT sum(emi_nb_heures_travail) FROM {retenu} WHERE emi_afi_id = 4001")
    assert total == [(Decimal("3640.00"),)]


def test_lordre_des_lignes_ne_change_rien(tmp_path, donnees, geographie, acteur):
    vues = lignes_mini()
    alea = random.Random(7)
    melange = {vue: alea.sample(list(lignes), len(lignes)) for vue, lignes in vues.items()}
    ecrire_lignes(tmp_path / "a", vues, EXTRACTION_MINI)
    ecrire_lignes(tmp_path / "b", melange, EXTRACTION_MINI)
    actions.appliquer(tmp_path / "a", acteur)
    rapport = actions.essayer(tmp_path / "b", acteur)
    assert rapport.effets == {"crees": 0, "modifies": 0, "termines": 0}
