from __future__ import annotations

import contextlib
import hashlib
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenir.mesure.donnees.reception.anomalies import LivraisonRefusee
from convenir.mesure.donnees.reception.contenants import VARIABLE_MOT_DE_PASSE, Ouvreur
from convenir.mesure.donnees.reception.octets import Coffre

from .fabrique import gz, nom_de, poser, sept_zip, structures, tarrer, zipper, zipper_aes

TEXTE = structures().encode()
AUTRE = structures(5).encode()
MOT = "un mot de passe à accents"


def ouvrir(
    chemin: Path, *, taille_max: int = 1 << 30, mot_de_passe: str | None = None
) -> list[tuple[str, bytes, str]]:
    ouvreur = Ouvreur(taille_max, mot_de_passe)
    with contextlib.closing(ouvreur.fichiers(chemin)) as fichiers:
        return [(f.nom, f.texte.read(), f.empreinte()) for f in fichiers]


def sha(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


@pytest.mark.parametrize(
    "emballer",
    [
        pytest.param(lambda t: t, id="texte"),
        pytest.param(gz, id="gzip"),
        pytest.param(lambda t: gz(t[:20]) + gz(t[20:]) + b"\0" * 64, id="gzip en deux membres"),
        pytest.param(lambda t: zipper({nom_de("Structure"): t}), id="zip nommé gz"),
        pytest.param(lambda t: zipper({"x.csv": t}, zipfile.ZIP_STORED), id="zip sans compression"),
        pytest.param(lambda t: sept_zip({"x.csv": t}), id="7z nommé gz"),
        pytest.param(lambda t: gz(zipper({"x.csv": t})), id="zip dans un gzip"),
    ],
)
def test_a_view_is_read_whatever_its_suffix_says(tmp_path, emballer):
    octets = emballer(TEXTE)
    chemin = poser(tmp_path, nom_de("Structure", ".csv.gz"), octets)
    assert ouvrir(chemin) == [(chemin.name, TEXTE, sha(octets))]


LIVRAISONS = {
    "zip": zipper,
    "7z": sept_zip,
    "tar": tarrer,
    "tar.gz": lambda m: tarrer(m, "w:gz"),
    "gzip de zip": lambda m: gz(zipper(m)),
    "zip de tar": lambda m: zipper({"livraison.tar": tarrer(m)}),
    "7z de zip": lambda m: sept_zip({"livraison.zip": zipper(m)}),
}


@pytest.mark.parametrize("genre", LIVRAISONS)
def test_every_archive_gives_each_file_with_the_digest_of_its_bytes_as_delivered(tmp_path, genre):
    membres = {
        f"dossier/{nom_de('Structure', '.csv.gz')}": gz(TEXTE),
        nom_de("RefMotifSort", ".csv.gz"): zipper({"a.csv": AUTRE}),
        nom_de("AnnexeFinanciere", ".riae"): AUTRE,
        "__MACOSX/x": b"x",
        ".DS_Store": b"\0",
    }
    lus = ouvrir(poser(tmp_path, "fluxIAE_2022.tar.gz", LIVRAISONS[genre](membres)))
    attendus = {c.rsplit("/", 1)[-1]: o for c, o in list(membres.items())[:3]}
    assert {nom: empreinte for nom, _, empreinte in lus} == {nom: sha(o) for nom, o in attendus.items()}
    assert {nom: t for nom, t, _ in lus} == dict(zip(attendus, [TEXTE, AUTRE, AUTRE], strict=True))


def test_a_folder_is_read_file_by_file_and_its_progress_reaches_the_end(tmp_path):
    poser(tmp_path, nom_de("Structure"), TEXTE)
    poser(tmp_path, nom_de("AnnexeFinanciere", ".csv.gz"), gz(AUTRE))
    vus: list[float] = []
    noms = [f.nom for f in Ouvreur(1 << 20, noter=vus.append).fichiers(tmp_path) if f.texte.read() and f.empreinte()]
    assert noms == [nom_de("AnnexeFinanciere", ".csv.gz"), nom_de("Structure")]
    assert vus == sorted(vus)
    assert vus[-1] == 1.0


PROTEGEES = {
    "zip AES": lambda: zipper_aes({nom_de("Structure"): TEXTE}, MOT),
    "7z": lambda: sept_zip({nom_de("Structure"): TEXTE}, MOT),
    "7z à noms chiffrés": lambda: sept_zip({nom_de("Structure"): TEXTE}, MOT, entete_chiffre=True),
    "zip AES dans un tar": lambda: tarrer({"x.zip": zipper_aes({nom_de("Structure"): TEXTE}, MOT)}),
}


@pytest.mark.parametrize("genre", PROTEGEES)
def test_a_protected_archive_opens_with_its_password_only(tmp_path, genre, monkeypatch):
    chemin = poser(tmp_path, "livraison.bin", PROTEGEES[genre]())
    assert [(nom, t) for nom, t, _ in ouvrir(chemin, mot_de_passe=MOT)] == [(nom_de("Structure"), TEXTE)]
    with pytest.raises(LivraisonRefusee, match="protégée : donnez le mot de passe"):
        ouvrir(chemin)
    with pytest.raises(LivraisonRefusee, match="n'ouvre pas cette archive"):
        ouvrir(chemin, mot_de_passe="faux")
    monkeypatch.setenv(VARIABLE_MOT_DE_PASSE, MOT)
    assert len(ouvrir(chemin)) == 1


def test_the_old_zip_cipher_is_read_too(tmp_path):
    # ZipCrypto, écrit par Info-ZIP (« zip -P secret ») : la bibliothèque ne sait que le lire.
    octets = (Path(__file__).parent / "zipcrypto.zip").read_bytes()
    chemin = poser(tmp_path, "livraison.zip", octets)
    [(nom, lu, _)] = ouvrir(chemin, mot_de_passe="secret")
    assert (nom, lu) == (nom_de("Structure"), TEXTE)
    with pytest.raises(LivraisonRefusee, match="n'ouvre pas cette archive"):
        ouvrir(chemin, mot_de_passe="autre")


def test_ten_gigabytes_declared_in_a_zip_header_are_refused_before_reading(tmp_path):
    octets = bytearray(zipper({nom_de("Structure"): TEXTE}))
    for signature, decalage in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        debut = octets.index(signature)
        struct.pack_into("<I", octets, debut + decalage, 0xFFFFFFFE)
    chemin = poser(tmp_path, nom_de("Structure", ".csv.gz"), bytes(octets))
    with pytest.raises(LivraisonRefusee, match=r"annonce 4,0 Go .* limite de 1,0 Go"):
        ouvrir(chemin)


def test_a_zip64_header_of_ten_gigabytes_is_refused(tmp_path):
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(nom_de("Structure"), TEXTE)
        archive.infolist()[0].file_size = 10 * (1 << 30)
    chemin = poser(tmp_path, "livraison.zip", tampon.getvalue())
    with pytest.raises(LivraisonRefusee, match="annonce 10,0 Go"):
        ouvrir(chemin)


@pytest.mark.parametrize("emballer", [gz, lambda t: tarrer({"x.csv": t}, "w:gz"), lambda t: gz(gz(t))])
def test_a_bomb_is_stopped_by_what_it_really_gives(tmp_path, emballer):
    chemin = poser(tmp_path, nom_de("Structure", ".csv.gz"), emballer(b"a" * (5 << 20)))
    with pytest.raises(LivraisonRefusee, match=r"limite de 4,0 Mo"):
        ouvrir(chemin, taille_max=4 << 20)


def test_a_file_larger_than_the_limit_is_refused_before_reading(tmp_path):
    chemin = poser(tmp_path, nom_de("Structure"), b"a" * 2000)
    with pytest.raises(LivraisonRefusee, match="limite de 1000 octets"):
        ouvrir(chemin, taille_max=1000)


@pytest.mark.parametrize("nom", ["../x.csv", "a/../../x.csv", "/etc/x.csv", "C:\\x.csv", "..\\x.csv"])
@pytest.mark.parametrize("emballer", [zipper, tarrer])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path, nom, emballer):
    chemin = poser(tmp_path, "livraison.zip", emballer({nom: TEXTE}))
    with pytest.raises(LivraisonRefusee, match="sort de son dossier"):
        ouvrir(chemin)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["livraison.zip"]


@pytest.mark.parametrize("genre", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_in_a_tar_is_refused(tmp_path, genre):
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode="w") as archive:
        lien = tarfile.TarInfo(nom_de("Structure"))
        lien.type, lien.linkname = genre, "/etc/passwd"
        archive.addfile(lien)
    with pytest.raises(LivraisonRefusee, match="un lien vers un autre fichier"):
        ouvrir(poser(tmp_path, "livraison.tar", tampon.getvalue()))


def test_a_link_in_a_zip_is_refused(tmp_path):
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        lien = zipfile.ZipInfo(nom_de("Structure"))
        lien.external_attr = 0o120777 << 16
        archive.writestr(lien, "/etc/passwd")
    with pytest.raises(LivraisonRefusee, match="un lien vers un autre fichier"):
        ouvrir(poser(tmp_path, "livraison.zip", tampon.getvalue()))


@pytest.mark.parametrize("tete", [b"Rar!\x1a\x07", b"BZh9", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"\x89PNG\x00\x00"])
def test_other_formats_are_named_and_refused(tmp_path, tete):
    with pytest.raises(LivraisonRefusee, match=r"ne sont pas lues|ni un texte ni une archive connue"):
        ouvrir(poser(tmp_path, nom_de("Structure"), tete + b"\x00" * 40))


@pytest.mark.parametrize("genre", ["gzip", *LIVRAISONS])
def test_a_cut_archive_is_refused(tmp_path, genre):
    # Assez de texte peu compressible pour que la coupe tombe dans les données.
    corps = "\n".join(hashlib.sha256(str(i).encode()).hexdigest() for i in range(5000)).encode()
    octets = gz(corps) if genre == "gzip" else LIVRAISONS[genre]({nom_de("Structure"): corps})
    chemin = poser(tmp_path, nom_de("Structure", ".csv.gz"), octets[: len(octets) // 2])
    with pytest.raises(LivraisonRefusee, match="abîmée ou incomplète"):
        ouvrir(chemin)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(genre=st.sampled_from(sorted(LIVRAISONS)), position=st.floats(0, 1), valeur=st.integers(0, 255))
def test_a_changed_byte_never_gives_anything_but_a_refusal_or_a_reading(tmp_path, genre, position, valeur):
    octets = bytearray(LIVRAISONS[genre]({nom_de("Structure", ".csv.gz"): gz(TEXTE), nom_de("Salarie"): AUTRE}))
    octets[int(position * (len(octets) - 1))] = valeur
    chemin = poser(tmp_path, "livraison.zip", bytes(octets))
    # Toute autre exception ferait échouer le test.
    with contextlib.suppress(LivraisonRefusee):
        ouvrir(chemin, taille_max=64 << 20)


def test_nested_archives_stop_somewhere(tmp_path):
    octets = TEXTE
    for _ in range(6):
        octets = gz(octets)
    with pytest.raises(LivraisonRefusee, match="archives emboîtées"):
        ouvrir(poser(tmp_path, nom_de("Structure"), octets))


def test_the_spool_leaves_no_clear_text_and_no_name_on_disk(tmp_path):
    coffre = Coffre(io.BytesIO(TEXTE * 50), tmp_path, memoire=10)
    assert list(tmp_path.iterdir()) == []
    fichier = coffre._fichier
    fichier.seek(0)
    assert b"STRUCTURE" not in fichier.read()
    coffre.seek(len(TEXTE) + 7)
    assert io.BufferedReader(coffre).read(20) == TEXTE[7:27]
