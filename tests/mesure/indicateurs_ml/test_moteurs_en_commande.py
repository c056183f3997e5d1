"""`convenir indicateurs calculer --dispositif ml`: choosing the engine, and stopping it, from the command."""

import os
import signal
import subprocess
import sys
import time

import pytest

from convenir.mesure.donnees.generateur_ml import generer_mini_ml
from tests.restitution.test_commandes import lancer

# A suite launched in the background inherits an ignored SIGINT: the command under test must not.
COMMANDE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from convenir.restitution.commandes.principal import main; sys.exit(main())"
)
DEMANDE = ("indicateurs", "calculer", "--dispositif", "ml", "--annee", "2025")
PATIENCE = 120.0
# Temporary folder of a calculation.
CALCUL = "convenir-indicateurs-*"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_demande_en_commande_ecrit_les_memes_octets(spark, tmp_path):
    generer_mini_ml(tmp_path / "ml")
    ecrits = []
    for moteur in ("duckdb", "spark"):
        sortie = tmp_path / f"{moteur}.csv"
        assert lancer(*DEMANDE, "--entrepot", tmp_path / "ml", "--moteur", moteur, "--sortie", sortie) == 0
        ecrits.append(sortie.read_bytes())
    assert ecrits[0] == ecrits[1]
    assert ecrits[0].count(b"\n") > 1000


@pytest.mark.parametrize("attente", [0.0, 0.2])
def test_ctrl_c_arrete_la_commande_sans_rien_laisser(tmp_path, attente):
    """The signal of Ctrl+C, sent while the calculation is under way: nothing is written, nothing stays."""
    temporaire = tmp_path / "tmp"
    temporaire.mkdir()
    generer_mini_ml(tmp_path / "ml")
    mots = [*DEMANDE, "--entrepot", str(tmp_path / "ml"), "--sortie", str(tmp_path / "s.csv")]
    lancee = subprocess.Popen(
        [sys.executable, "-c", COMMANDE, *mots], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(temporaire)},
    )  # fmt: skip
    fin = time.monotonic() + PATIENCE
    while not any(temporaire.glob(CALCUL)) and time.monotonic() < fin and lancee.poll() is None:
        time.sleep(0.01)
    time.sleep(attente)
    lancee.send_signal(signal.SIGINT)
    dit, erreurs = lancee.communicate(timeout=PATIENCE)
    assert (lancee.returncode, dit) == (1, "")
    assert "Interrompu" in erreurs
    assert "Traceback" not in erreurs
    assert not (tmp_path / "s.csv").exists()
    assert list(temporaire.glob(CALCUL)) == []
