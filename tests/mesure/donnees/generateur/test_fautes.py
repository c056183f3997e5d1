import gzip
import zipfile
from pathlib import Path

import pytest

from convenir.mesure.donnees.generateur import generer_mini
from convenir.mesure.donnees.generateur.fautes import ARCHIVES, FAUTES, ISSUES, en_archive
from convenir.mesure.donnees.generateur.lecture_brute import Brut, fichier_de
from convenir.socle.commun.identifiants import siret_valide


@pytest.fixture
def livraison(tmp_path: Path) -> Path:
    generer_mini(tmp_path / "mini")
    return tmp_path / "mini"


def _octets(dossier: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in dossier.iterdir()}


def test_every_fault_has_an_expected_outcome() -> None:
    assert set(ISSUES) == set(FAUTES) | set(ARCHIVES)
    assert set(ISSUES.values()) == {"refusee", "avertissement", "quarantaine"}


@pytest.mark.parametrize("nom", FAUTES)
def test_each_fault_spoils_the_delivery_and_only_its_own_files(livraison: Path, nom: str) -> None:
    avant = _octets(livraison)
    FAUTES[nom](livraison)
    apres = _octets(livraison)
    changes = {f for f in avant if avant[f] != apres[f]}
    assert apres.keys() == avant.keys()
    assert len(changes) == (2 if nom == "motif_inconnu" else 1)


@pytest.mark.parametrize("nom", FAUTES)
def test_each_fault_always_gives_the_same_bytes(tmp_path: Path, nom: str) -> None:
    for copie in ("a", "b"):
        generer_mini(tmp_path / copie)
        FAUTES[nom](tmp_path / copie)
    assert _octets(tmp_path / "a") == _octets(tmp_path / "b")


def _valeur(dossier: Path, vue: str, colonne: str, rang: int = 0) -> str:
    brut = Brut.lire(fichier_de(dossier, vue))
    return brut.lignes[rang][brut.colonnes.index(colonne)]


@pytest.mark.parametrize(
    ("nom", "vue", "colonne", "attendu"),
    [
        ("mois_orphelin", "EtatMensuelIndiv", "emi_afi_id", "99999999"),
        ("heures_negatives", "EtatMensuelIndiv", "emi_nb_heures_travail", "-12"),
        ("date_31_02", "ContratMission", "contrat_date_embauche", "31/02/2025"),
        ("guillemet_dans_un_texte", "Structure", "structure_denomination", 'ASSOC "LE RELAIS (fictif)'),
    ],
)
def test_value_planted(livraison: Path, nom: str, vue: str, colonne: str, attendu: str) -> None:
    FAUTES[nom](livraison)
    assert _valeur(livraison, vue, colonne) == attendu


def test_invalid_siret_is_invalid(livraison: Path) -> None:
    FAUTES["siret_invalide"](livraison)
    assert not siret_valide(_valeur(livraison, "Structure", "structure_siret_actualise"))


def test_duplicate_key_has_other_content_and_the_fin_line_is_right(livraison: Path) -> None:
    FAUTES["cle_en_double"](livraison)
    brut = Brut.lire(fichier_de(livraison, "EtatMensuelIndiv"))
    cle = brut.colonnes.index("emi_dsm_id")
    assert brut.lignes[0][cle] == brut.lignes[-1][cle]
    assert brut.lignes[0] != brut.lignes[-1]
    assert brut.fin == brut.ligne_fin(len(brut.lignes))


def test_broken_text_starts_a_line_with_the_separator(livraison: Path) -> None:
    FAUTES["saut_de_ligne_dans_un_texte"](livraison)
    lignes = gzip.decompress(fichier_de(livraison, "Structure").read_bytes()).decode().split("\n")
    assert lignes[3].startswith("|44000|")


def test_truncated_gzip_cannot_be_read(livraison: Path) -> None:
    FAUTES["fichier_tronque"](livraison)
    with pytest.raises(EOFError):
        gzip.decompress(fichier_de(livraison, "EtatMensuelIndiv").read_bytes())


def test_encoding_is_not_utf8(livraison: Path) -> None:
    FAUTES["mauvais_encodage"](livraison)
    with pytest.raises(UnicodeDecodeError):
        gzip.decompress(fichier_de(livraison, "Structure").read_bytes()).decode()


def test_zip_is_a_zip_under_the_name_gz(livraison: Path) -> None:
    FAUTES["zip_nomme_gz"](livraison)
    chemin = fichier_de(livraison, "Structure")
    assert chemin.suffix == ".gz"
    assert chemin.read_bytes()[:2] == b"PK"


def test_declared_size_is_ten_gigabytes(livraison: Path) -> None:
    FAUTES["dix_gigaoctets_declares"](livraison)
    with zipfile.ZipFile(fichier_de(livraison, "EtatMensuelIndiv")) as archive:
        assert archive.infolist()[0].file_size == 10 * 2**30


def test_archives_hold_the_delivery_and_the_fault(livraison: Path) -> None:
    noms = {f.name for f in livraison.iterdir()}
    with zipfile.ZipFile(en_archive(livraison)) as saine:
        assert set(saine.namelist()) == noms
    with zipfile.ZipFile(ARCHIVES["archive_chemin_traversant"](livraison)) as traversante:
        assert set(traversante.namelist()) - noms == {"../../evasion.csv"}
    with zipfile.ZipFile(ARCHIVES["archive_dix_gigaoctets"](livraison)) as geante:
        assert max(i.file_size for i in geante.infolist()) == 10 * 2**30


def test_missing_view_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Structure"):
        fichier_de(tmp_path, "Structure")
