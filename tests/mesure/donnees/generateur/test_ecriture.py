import gzip
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from convenir.mesure.donnees.generateur import rendu
from convenir.mesure.donnees.generateur.calendrier import jour_de
from convenir.mesure.donnees.generateur.colonnes import colonnes
from convenir.mesure.donnees.generateur.ecriture import FichierFluxIAE, ecrire_lignes, nom_de_fichier
from convenir.mesure.donnees.generateur.identite import nir_fictif
from convenir.mesure.donnees.generateur.vues_personnes import nirs

EXTRACTION = datetime(2026, 1, 5, 6, 30, 4)  # noqa: DTZ001


def test_views_have_the_number_of_columns_of_the_asp() -> None:
    tailles = {"AnnexeFinanciere": 128, "Structure": 37, "EtatMensuelIndiv": 31, "ContratMission": 92, "Salarie": 23}
    assert {vue: len(colonnes(vue)) for vue in tailles} == tailles


def test_view_without_known_columns_is_refused() -> None:
    with pytest.raises(KeyError, match="Convention"):
        colonnes("Convention")


def test_file_has_deb_header_rows_and_fin(tmp_path: Path) -> None:
    ecrire_lignes(tmp_path, {"RefFormeContrat": [{"rfc_id": 1, "rfc_lib_forme_contrat": "Été"}]}, EXTRACTION)
    chemin = tmp_path / "fluxIAE_RefFormeContrat_05012026_063004.csv.gz"
    assert chemin.name == nom_de_fichier("RefFormeContrat", EXTRACTION)
    assert gzip.decompress(chemin.read_bytes()).decode("utf-8") == (
        "DEBRefFormeContrat05012026_063004||\nrfc_id|rfc_code_forme_contrat|rfc_lib_forme_contrat\n1||Été\nFIN1||\n"
    )


def test_gzip_header_carries_neither_name_nor_time(tmp_path: Path) -> None:
    ecrire_lignes(tmp_path, {"RefFormeContrat": []}, EXTRACTION)
    octets = (tmp_path / nom_de_fichier("RefFormeContrat", EXTRACTION)).read_bytes()
    assert octets[3] == 0  # no name
    assert octets[4:8] == b"\0\0\0\0"  # no time


def test_unknown_column_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="colonne_inventee"):
        ecrire_lignes(tmp_path, {"RefFormeContrat": [{"colonne_inventee": 1}]}, EXTRACTION)
    assert list(tmp_path.iterdir()) == []


def test_arrays_are_written_like_rows(tmp_path: Path) -> None:
    with FichierFluxIAE(tmp_path, "RefFormeContrat", EXTRACTION) as fichier:
        rendu.ecrire(
            fichier,
            {
                "rfc_id": rendu.entiers(np.array([7, 8])),
                "rfc_lib_forme_contrat": rendu.centiemes(np.array([5, 12_345])),
            },
            2,
        )
    lignes = gzip.decompress(fichier.chemin.read_bytes()).decode().split("\n")
    assert lignes[2:4] == ["7||0.05", "8||123.45"]
    assert fichier.lignes == 2


def test_days_and_booleans_are_written_as_the_asp_does() -> None:
    jours = np.array([jour_de(datetime(2025, 2, 28)), jour_de(datetime(1969, 12, 31))])  # noqa: DTZ001
    assert rendu.jours(jours, np.array([True, True])).to_pylist() == ["28/02/2025", "31/12/1969"]
    assert rendu.jours(jours, np.array([False, True])).to_pylist() == ["", "31/12/1969"]
    assert rendu.booleens(np.array([True, False])).to_pylist() == ["true", "false"]
    assert pa.concat_arrays([rendu.entiers(np.array([3]), np.array([False]))]).to_pylist() == [""]


def test_nir_on_arrays_follow_the_same_rule() -> None:
    naissance = np.array([jour_de(datetime(1985, 6, 15)), jour_de(datetime(2001, 1, 1))])  # noqa: DTZ001
    trouves = nirs(np.array([12, 1_000_003]), np.array([2, 1]), naissance).to_pylist()
    assert trouves == [nir_fictif(12, 2, 1985), nir_fictif(1_000_003, 1, 2001)]
