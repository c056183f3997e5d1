"""Records of missions locales imported by the one mechanism of the deliveries."""

from __future__ import annotations

import hashlib
import re
import zipfile

import pytest

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.generateur_ml.mini import generer_mini_ml
from convenir.mesure.donnees.models import FichierRecu, Livraison, Source
from convenir.mesure.donnees.rapport import Issue
from convenir.mesure.donnees.signals import livraison_appliquee, livraison_ml_appliquee
from convenir.socle.organisations.models import CommuneDeMissionLocale, MissionLocale
from tests.mesure.donnees.outils import lire_sql

pytestmark = pytest.mark.django_db


def test_un_essai_necrit_rien(petit, donnees, geographie, acteur):
    rapport = actions.essayer(petit, acteur, source=Source.MISSIONS_LOCALES)
    assert rapport.issue is Issue.ESSAI
    assert rapport.refus == []
    assert rapport.quarantaine == 0
    assert rapport.couverture == {"ML04401": [2024, 2025], "ML08501": [2025]}
    assert rapport.effets_par_objet["missions_locales"] == {"crees": 2, "modifies": 0, "termines": 0}
    assert not MissionLocale.objects.exists()
    assert [f for f in donnees.rglob("*") if f.is_file() and f.name != ".verrou"] == []


def test_appliquer_cree_les_missions_locales_et_leur_ressort(petit, importer):
    rapport = importer(petit)
    assert rapport.issue is Issue.APPLIQUEE
    a, b = MissionLocale.objects.order_by("code")
    assert (a.code, a.statut, a.module_entreprise, a.departement_id) == ("ML04401", "association", True, "44")
    assert (b.organisation.nature, b.organisation.region_id, b.organisation.code_externe) == (
        "mission_locale", "52", "ML08501",
    )  # fmt: skip
    assert CommuneDeMissionLocale.objects.filter(fin=None).count() == 3
    entrepot = queries.entrepots_ml()[0]
    assert entrepot.nature == Source.MISSIONS_LOCALES
    assert entrepot.missions_de(2025) == {"ML04401", "ML08501"}


def test_aucune_identite_ne_reste(petit, importer, donnees):
    importer(petit)
    for fichier in (f for f in donnees.rglob("*") if f.is_file()):
        if fichier.suffix == ".parquet":
            contenu = str(lire_sql(f"SELECT * FROM read_parquet('{fichier}')"))
            colonnes = {ligne[0] for ligne in lire_sql(f"DESCRIBE SELECT * FROM read_parquet('{fichier}')")}
            assert not {"conseiller_id", "libelle"} & colonnes
        else:
            contenu = fichier.read_text(errors="replace")
        assert "'J1'" not in contenu
        assert "'C7'" not in contenu


def test_csv_parquet_et_archive_donnent_les_memes_enregistrements(tmp_path, importer, petit):
    importer(petit)
    autre = tmp_path / "parquet"
    generer_mini_ml(autre, forme="parquet")
    archive = tmp_path / "livraison.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zip_:
        for fichier in autre.iterdir():
            zip_.write(fichier, fichier.name)
    importer(archive)
    premiere, seconde = Livraison.objects.order_by("appliquee_le")
    for table in ("jeune", "actualite", "parcours", "situation", "icare_budget"):
        lus = [
            lire_sql(f"SELECT * EXCLUDE (ligne) FROM read_parquet('{x.dossier}/{table}/enregistrements/*.parquet')")
            for x in (premiere, seconde)
        ]
        assert lus[0] == lus[1], table
        assert lus[0]


def test_la_provenance_est_celle_des_fichiers_recus(petit, importer):
    importer(petit)
    recu = FichierRecu.objects.get(vue="jeune")
    assert recu.sha256_recu == hashlib.sha256((petit / "jeune.csv").read_bytes()).hexdigest()
    copie = Livraison.objects.get().dossier / "jeune" / "conserve.parquet"
    assert recu.sha256_copie == hashlib.sha256(copie.read_bytes()).hexdigest()


def test_rejouer_ne_change_rien(petit, importer):
    importer(petit)
    rapport = importer(petit)
    assert rapport.issue is Issue.DEJA_IMPORTEE
    assert Livraison.objects.count() == 1


def test_la_derniere_livraison_vaut_pour_ses_missions_locales(tmp_path, petit, importer):
    importer(petit)
    seule = tmp_path / "seule"
    generer_mini_ml(seule)
    for fichier in seule.glob("*.csv"):
        lignes = fichier.read_text().splitlines(keepends=True)
        fichier.write_text("".join(x for x in lignes if "ML08501" not in x))
    rapport = importer(seule, motif_confirmation="une seule mission locale, exprès")
    assert rapport.issue is Issue.APPLIQUEE
    neuf, ancien = queries.entrepots_ml()
    assert neuf.missions_locales == {"ML04401"}
    assert ancien.missions_locales == {"ML08501"}
    assert MissionLocale.objects.get(code="ML08501").suivie_jusquau is not None


def test_une_mission_locale_disparue_demande_un_motif(tmp_path, petit, importer):
    importer(petit)
    seule = tmp_path / "seule"
    generer_mini_ml(seule)
    for fichier in seule.glob("*.csv"):
        lignes = fichier.read_text().splitlines(keepends=True)
        fichier.write_text("".join(x for x in lignes if "ML08501" not in x))
    rapport = importer(seule)
    assert rapport.issue is Issue.A_CONFIRMER
    assert "mission locale sur 2 ne serait plus là" in rapport.seuils[0]["message"]


def test_des_jeunes_disparus_demandent_un_motif(tmp_path, petit, importer):
    importer(petit)
    for table in petit.glob("*.csv"):
        lignes = table.read_text().splitlines(keepends=True)
        partis = re.compile("(^|,)J[123],")
        table.write_text("".join(x for x in lignes if not partis.search(x)))
    rapport = importer(petit)
    assert rapport.issue is Issue.A_CONFIRMER
    assert any("dossiers de jeunes sur 9" in s["message"] for s in rapport.seuils)


def test_une_commune_qui_quitte_le_ressort_est_datee(petit, importer):
    importer(petit)
    zones = (petit / "zone_ml.csv").read_text().splitlines(keepends=True)
    (petit / "zone_ml.csv").write_text("".join(x for x in zones if "44143" not in x))
    rapport = importer(petit)
    assert rapport.effets_par_objet["communes"] == {"crees": 0, "modifies": 0, "termines": 1}
    assert CommuneDeMissionLocale.objects.get(commune="44143").fin is not None


def test_le_signal_est_celui_des_missions_locales(petit, importer, django_capture_on_commit_callbacks):
    recus: list[str] = []

    def ml(**k):
        recus.append("ml")

    def iae(**k):
        recus.append("iae")

    livraison_ml_appliquee.connect(ml)
    livraison_appliquee.connect(iae)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            importer(petit)
    finally:
        livraison_ml_appliquee.disconnect(ml)
        livraison_appliquee.disconnect(iae)
    assert recus == ["ml"]


def test_revenir_a_une_livraison_precedente(petit, importer, acteur):
    importer(petit)
    (petit / "parrain.csv").unlink()
    (petit / "parrainage.csv").unlink()
    importer(petit)
    premiere = Livraison.objects.earliest("appliquee_le")
    actions.remettre_en_vigueur(premiere, "la suivante était incomplète", acteur)
    assert [e.livraison_uuid for e in queries.entrepots_ml()] == [premiere.uuid]
