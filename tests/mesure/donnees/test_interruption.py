"""A dead import leaves the state before or the state after, and nothing nominative; on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, generer_mini, lignes_mini
from tests.mesure.donnees.outils import lire_sql
from tests.mesure.donnees.test_seuils import amputer

RACINE = Path(__file__).resolve().parents[3]
COUPS = 10


class Victimes:
    """The process that forks, waits and reports; one act at a time."""

    def __init__(self) -> None:
        env = {**os.environ, "CONVENIR_ENV": "test"}
        self.processus = subprocess.Popen(
            [sys.executable, "-m", "tests.mesure.donnees.victime"],
            env=env, cwd=RACINE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._lire() == "pret"

    def _lire(self) -> str:
        assert self.processus.stdout is not None
        return self.processus.stdout.readline().strip()

    def lancer(self, acte: str, chemin: Path, donnees: Path) -> int:
        assert self.processus.stdin is not None
        self.processus.stdin.write(f"{acte}\t{chemin}\t{donnees}\n")
        self.processus.stdin.flush()
        return int(self._lire().removeprefix("pid "))

    def finir(self, acte: str, chemin: Path, donnees: Path) -> tuple[str, float]:
        """Run an act to its end; return what it printed and its time."""
        debut = time.monotonic()
        self.lancer(acte, chemin, donnees)
        statut = self._lire()
        sortie = Path(f"{donnees}.sortie").read_text()
        assert statut == "fin 0", sortie
        return sortie.strip(), time.monotonic() - debut

    def tuer(self, acte: str, chemin: Path, donnees: Path, delai: float) -> None:
        """Start an act and kill it after a delay."""
        pid = self.lancer(acte, chemin, donnees)
        time.sleep(delai)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self._lire()


@pytest.fixture(scope="module")
def victimes():
    processus = Victimes()
    yield processus
    processus.processus.communicate()


def verifier_que_rien_ne_traine(donnees: Path) -> None:
    """No deposit, no working folder, and no identity anywhere in what is left."""
    restes = [f for f in (donnees / ".depots").rglob("*") if f.is_file()] if (donnees / ".depots").exists() else []
    assert restes == []
    assert list((donnees / "entrepot" / ".travail").iterdir()) == []
    salaries = lignes_mini()["Salarie"]
    secrets = {str(s[c]) for s in salaries for c in ("salarie_nir", "salarie_nom_usage", "salarie_prenom")}
    assert len(secrets) > 10
    for fichier in (f for f in donnees.rglob("*") if f.is_file()):
        contenu = fichier.read_bytes()
        if fichier.suffix == ".parquet":
            contenu = str(lire_sql(f"SELECT * FROM '{fichier}'")).encode()
        assert not [secret for secret in secrets if secret.encode() in contenu], fichier


class Bases:
    """The databases of the data folders: a file in each with SQLite, one copied from another with PostgreSQL."""

    def __init__(self) -> None:
        self.adresse = os.environ.get("DATABASE_URL", "")
        self.prefixe, self.creees = f"interruption_{uuid.uuid4().hex[:12]}", []

    def creer(self, donnees: Path, modele: Path | None = None) -> None:
        """Give a data folder its database, empty or copied from that of another folder."""
        if not self.adresse:
            return
        nom = f"{self.prefixe}_{len(self.creees)}"
        depuis = f' TEMPLATE "{(modele / "base").read_text()}"' if modele else ""
        self._executer(f'CREATE DATABASE "{nom}"{depuis}')
        self.creees.append(nom)
        (donnees / "base").write_text(nom)

    def supprimer(self) -> None:
        for nom in self.creees:
            self._executer(f'DROP DATABASE "{nom}" WITH (FORCE)')

    def _executer(self, ordre: str) -> None:
        import psycopg

        with psycopg.connect(self.adresse, autocommit=True) as connexion:
            connexion.execute(ordre)


@pytest.fixture(scope="module")
def bases():
    toutes = Bases()
    yield toutes
    toutes.supprimer()


@pytest.fixture(scope="module")
def depart(victimes, bases, tmp_path_factory):
    """A data folder where a first delivery is in force, and a second delivery."""
    racine = tmp_path_factory.mktemp("interruption")
    generer_mini(racine / "premiere")
    generer_mini(racine / "seconde", monde=amputer(100001, 100003), extraction=EXTRACTION_MINI + timedelta(days=7))
    (racine / "donnees").mkdir()
    bases.creer(racine / "donnees")
    victimes.finir("preparer", racine / "premiere", racine / "donnees")
    return racine


@pytest.fixture
def copier(depart, bases):
    """Copy the data folder and its database under a name."""

    def faire(nom: str) -> Path:
        copie = Path(shutil.copytree(depart / "donnees", depart / nom))
        bases.creer(copie, depart / "donnees")
        return copie

    return faire


def test_tuer_lapplication_laisse_avant_ou_apres(victimes, depart, copier):
    avant, _ = victimes.finir("etat", depart, copier("avant"))
    complet = copier("complet")
    _, duree = victimes.finir("appliquer", depart / "seconde", complet)
    apres, _ = victimes.finir("etat", depart, complet)
    assert avant != apres
    alea = random.Random(20_251_121)
    vus = set()
    for coup in range(COUPS):
        donnees = copier(f"coup{coup}")
        # Half of the blows fall in the last third, where the folder moves and the transaction runs.
        debut = 0.6 if coup % 2 else 0.0
        victimes.tuer("appliquer", depart / "seconde", donnees, duree * alea.uniform(debut, 1.0))
        trouve, _ = victimes.finir("etat", depart, donnees)
        assert trouve in (avant, apres)
        verifier_que_rien_ne_traine(donnees)
        applique = {d.name for d in (donnees / "entrepot").iterdir() if d.is_dir() and not d.name.startswith(".")}
        assert len(applique) == (1 if trouve == avant else 2)
        vus.add(trouve)
    assert avant in vus


def test_tuer_le_controle_dun_depot_efface_le_depot(victimes, depart, copier):
    for coup, part in enumerate((0.1, 0.5, 0.9)):
        donnees = copier(f"depot{coup}")
        envoi = Path(shutil.copytree(depart / "seconde", depart / f"envoi{coup}"))
        victimes.finir("deposer", envoi, donnees)
        victimes.tuer("controler", depart, donnees, part)
        trouve, _ = victimes.finir("etat", depart, donnees)
        etats = trouve.split()[-1].split(",")
        assert "appliquee" in etats
        assert {"interrompue", "a_confirmer", "recue"} & set(etats)
        if "interrompue" in etats:
            verifier_que_rien_ne_traine(donnees)
