"""One definition, two engines, the same bytes; what the compiled trees read; stopping; what DuckDB refuses."""

import shutil
import threading
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from sqlglot import exp

from convenir.mesure.donnees.generateur_ml import generer_mini_ml, generer_ml
from convenir.mesure.indicateurs.moteurs import Annulation, CalculAnnule, MoteurInterrompu, Requete
from convenir.mesure.indicateurs.moteurs.duckdb import MoteurDuckdb
from convenir.mesure.indicateurs.releves_ml import calcul as module
from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
from convenir.socle.commun.erreurs import EntreeInvalide
from tests.mesure.indicateurs_ml.fabrique import ecrire
from tests.mesure.indicateurs_ml.test_annexe_2 import tables


def octets(dossier: Path, annee: int, sortie: Path, **options) -> bytes:
    with calculer_ml(dossier, [annee], **options) as calcul:
        calcul.ecrire_csv(sortie)
    return sortie.read_bytes()


@pytest.fixture(scope="module")
def engendre(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("engendre")
    generer_ml(dossier, annee=2025, region="94", graine=3, erreurs=0, echelle=0.2)
    return dossier


@pytest.fixture(scope="module")
def deux_mondes(engendre, tmp_path_factory):
    """The tiny world, counted by hand, and the invented network: two files for each table."""
    dossier = tmp_path_factory.mktemp("deux-mondes")
    generer_mini_ml(dossier / "mini", forme="parquet")
    for lieu in (dossier / "mini", engendre):
        for fichier in lieu.glob("*.parquet"):
            (dossier / fichier.stem).mkdir(exist_ok=True)
            shutil.copyfile(fichier, dossier / fichier.stem / f"{lieu.name}.parquet")
    return dossier


# Spark leaves its sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("grille", ["2012", "2026"])
def test_les_deux_moteurs_rendent_les_memes_octets(spark, tmp_path, deux_mondes, grille):
    attendus = octets(deux_mondes, 2025, tmp_path / "duckdb.csv", grille=grille)
    assert attendus == octets(deux_mondes, 2025, tmp_path / "spark.csv", grille=grille, moteur="spark")
    assert attendus.count(b"\n") > 5000


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_refuse_aussi_une_valeur_illisible(spark, tmp_path):
    fautives = tables()
    fautives["jeune"][0]["naissance_mois"] = "juin 1993"
    with pytest.raises(EntreeInvalide, match="type attendu"):
        calculer_ml(ecrire(tmp_path, fautives), [2012], moteur="spark")


def test_un_moteur_inconnu_est_refuse(tmp_path):
    with pytest.raises(EntreeInvalide, match="duckdb, spark"):
        calculer_ml(ecrire(tmp_path, tables()), [2012], moteur="autre")


def test_le_decoupage_des_fichiers_ne_change_pas_un_octet(engendre, tmp_path):
    coupe = tmp_path / "coupe"
    for fichier in engendre.glob("*.parquet"):
        lue = pq.read_table(fichier)
        (coupe / fichier.stem).mkdir(parents=True)
        tiers = -(-max(lue.num_rows, 1) // 3)
        for rang in (2, 0, 1):
            pq.write_table(lue.slice(rang * tiers, tiers), coupe / fichier.stem / f"{2 - rang}.parquet")
    assert octets(engendre, 2025, tmp_path / "a.csv") == octets(coupe, 2025, tmp_path / "b.csv")


@pytest.fixture(scope="module")
def arbres(tmp_path_factory):
    """Every tree that a calculation runs."""
    lus: list[exp.Query] = []

    class Temoin(MoteurDuckdb):
        def creer(self, nom: str, requete: Requete) -> None:
            lus.append(requete.arbre)
            super().creer(nom, requete)

        rapporter = creer

    correctif = pytest.MonkeyPatch()
    correctif.setattr(
        module, "ouvrir_moteur", lambda _, dossiers, temporaire, fils: Temoin(dossiers, temporaire, fils)
    )
    dossier = ecrire(tmp_path_factory.mktemp("arbres"), tables())
    with calculer_ml(dossier, [2012]):
        pass
    correctif.undo()
    return lus


def test_aucun_compte_distinct(arbres):
    comptes = [n for a in arbres for n in a.find_all(exp.Count)]
    assert not [n for n in comptes if isinstance(n.this, exp.Distinct)]
    assert not [n for a in arbres for n in a.find_all(exp.ApproxDistinct)]


def test_chaque_table_source_est_lue_une_fois(arbres):
    lues = [t.name for a in arbres for t in a.find_all(exp.Table) if t.name.startswith("lue_")]
    grandes = {"lue_jeune", "lue_jeune_etat", "lue_actualite", "lue_proposition", "lue_parcours", "lue_situation"}
    assert grandes <= set(lues)
    assert sorted(lues) == sorted(set(lues))


def test_larret_demande_entre_deux_etapes(tmp_path, monkeypatch):
    dossier, jeton, vues = ecrire(tmp_path / "ml", tables()), Annulation(), []
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()

    def suivre(etape: str, part: float) -> None:
        vues.append(part)
        if len(vues) == 4:
            threading.Thread(target=jeton.demander).start()

    with pytest.raises(CalculAnnule, match="Rien n'est écrit"):
        calculer_ml(dossier, [2012], progression=suivre, annulation=jeton)
    assert vues == sorted(vues)
    assert vues[-1] < 1
    assert list((tmp_path / "tmp").iterdir()) == []


def test_une_requete_en_cours_est_interrompue(tmp_path):
    moteur = MoteurDuckdb([tmp_path], tmp_path)
    horloge = threading.Timer(0.3, moteur.interrompre)
    horloge.start()
    with pytest.raises(MoteurInterrompu):
        moteur.un(Requete("SELECT sum(a.range * b.range) FROM range(100000000) AS a, range(1000000) AS b"))
    horloge.join()
    moteur.fermer()


def test_la_progression_va_jusquau_bout(tmp_path):
    vues: list[tuple[str, float]] = []
    with calculer_ml(ecrire(tmp_path, tables()), [2011, 2012], progression=lambda e, p: vues.append((e, p))):
        pass
    parts = [part for _, part in vues]
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0, 1)
    assert any("2012 : " in etape for etape, _ in vues)


@pytest.mark.parametrize(
    "requete",
    [
        "SELECT * FROM read_csv('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/convenir-hors-du-dossier.csv'",
        "INSTALL excel", "SET enable_external_access = true", "ATTACH '/tmp/convenir-autre.db'",
    ],
)  # fmt: skip
def test_duckdb_est_ferme(tmp_path, requete):
    moteur = MoteurDuckdb([tmp_path], tmp_path)
    with pytest.raises(duckdb.Error):
        moteur.base.execute(requete)
    moteur.fermer()


def test_la_memoire_est_bornee_et_deborde_dans_le_dossier(tmp_path):
    moteur = MoteurDuckdb([tmp_path], tmp_path)
    limite = moteur.un(Requete("SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'"))
    assert str(limite[0]).startswith("1.8")
    lieu = moteur.un(Requete("SELECT value FROM duckdb_settings() WHERE name = 'temp_directory'"))
    assert lieu == (str(tmp_path),)
    moteur.fermer()


def test_un_calcul_qui_deborde_rend_les_memes_octets_et_ne_laisse_rien(tmp_path, monkeypatch):
    """With too little memory for its tables, DuckDB writes them in the temporary folder, then removes them."""
    lieu, temporaires, deborde = tmp_path / "releves", tmp_path / "tmp", []
    generer_ml(lieu, annee=2025, region="11", graine=3, erreurs=0, echelle=0.15)
    attendus = octets(lieu, 2025, tmp_path / "au-large.csv")

    class Temoin(MoteurDuckdb):
        def creer(self, nom: str, requete: Requete) -> None:
            super().creer(nom, requete)
            deborde.append(self.un(Requete("SELECT coalesce(sum(size), 0) FROM duckdb_temporary_files()"))[0])

        rapporter = creer

    temporaires.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporaires))
    monkeypatch.setattr("convenir.mesure.indicateurs.connexion.MEMOIRE", "50MB")
    monkeypatch.setattr(module, "ouvrir_moteur", lambda _, dossiers, temporaire, fils: Temoin(dossiers, temporaire, 1))
    assert octets(lieu, 2025, tmp_path / "a-l-etroit.csv") == attendus
    assert max(deborde) > 0
    assert list(temporaires.iterdir()) == []
