"""Small invented worlds shared by the tests, and how to read them back."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from convenir.mesure.donnees.generateur import ResumeGeneration, generer_fluxiae

SIAE = 40


@dataclass(frozen=True)
class Livraison:
    dossier: Path
    resume: ResumeGeneration

    def chemin(self, vue: str) -> Path:
        (trouve,) = self.dossier.glob(f"fluxIAE_{vue}_*.csv.gz")
        return trouve

    def texte(self, vue: str) -> list[str]:
        return gzip.decompress(self.chemin(vue).read_bytes()).decode("utf-8").split("\n")

    def lignes(self, vue: str) -> list[dict[str, str]]:
        texte = self.texte(vue)
        noms = texte[1].split("|")
        return [dict(zip(noms, ligne.split("|"), strict=True)) for ligne in texte[2:-2]]

    def verite(self) -> list[dict[str, str]]:
        with (self.dossier / "verite.csv").open(encoding="utf-8") as fichier:
            return list(csv.DictReader(fichier))


@pytest.fixture(scope="session")
def generer(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Livraison]:
    def _generer(**arguments: object) -> Livraison:
        dossier = tmp_path_factory.mktemp("livraison")
        return Livraison(dossier, generer_fluxiae(dossier, **arguments))  # type: ignore[arg-type]

    return _generer


@pytest.fixture(scope="session")
def saine(generer: Callable[..., Livraison]) -> Livraison:
    """Forty SIAE, two years, no fault."""
    return generer(siae=SIAE, annees=(2024, 2025), erreurs=0, graine=7)


@pytest.fixture(scope="session")
def fautive(generer: Callable[..., Livraison]) -> Livraison:
    """The same world with faults."""
    return generer(siae=SIAE, annees=(2024, 2025), erreurs=0.02, graine=7)


@pytest.fixture(scope="session")
def region(generer: Callable[..., Livraison]) -> Livraison:
    """A whole region for three years, to weigh margins."""
    return generer(annees=(2023, 2024, 2025), erreurs=0, graine=1)


@pytest.fixture
def duck(saine: Livraison) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sound delivery as tables of texts, read by another tool than the one that wrote it."""
    with ouvrir(saine) as connexion:
        yield connexion


@pytest.fixture(scope="session")
def duck_region(region: Livraison) -> Iterator[duckdb.DuckDBPyConnection]:
    """The region as tables of texts; to be read only."""
    with ouvrir(region) as connexion:
        yield connexion


def ouvrir(livraison: Livraison) -> duckdb.DuckDBPyConnection:
    connexion = duckdb.connect()
    for vue in ("Structure", "AnnexeFinanciere", "Salarie", "ContratMission", "EtatMensuelIndiv", "RefMotifSort",
                "Missions", "Formations", "MissionsEtatMensuelIndiv"):  # fmt: skip
        noms = livraison.texte(vue)[1].split("|")
        colonnes = "{" + ", ".join(f"'{nom}': 'VARCHAR'" for nom in noms) + "}"
        connexion.execute(
            f"CREATE TABLE {vue} AS SELECT * FROM read_csv('{livraison.chemin(vue)}', delim='|', quote='', escape='', "
            f"header=false, skip=2, columns={colonnes}, null_padding=true) WHERE \"{noms[0]}\" NOT LIKE 'FIN%'"
        )
    return connexion
