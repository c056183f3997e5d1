"""Small deliveries made by the tests: text of a view, containers around it."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import py7zr
import pyzipper

HORODATE = "07022022_063004"


def nom_de(vue: str, suffixe: str = ".csv") -> str:
    return f"fluxIAE_{vue}_{HORODATE}{suffixe}"


def texte(
    vue: str,
    entetes: Iterable[str],
    lignes: Iterable[Iterable[str]],
    *,
    deb: bool = True,
    fin: int | bool = True,
    entete: bool = True,
) -> str:
    """Write a view as the ASP does; `fin` may force a count."""
    entetes, lignes = list(entetes), [list(ligne) for ligne in lignes]
    separateurs = "|" * (len(entetes) - 1)
    sortie = [f"DEB{vue}{HORODATE}{separateurs}"] if deb else []
    sortie += ["|".join(entetes)] if entete else []
    sortie += ["|".join(ligne) for ligne in lignes]
    if fin is not False:
        sortie.append(f"FIN{len(lignes) if fin is True else fin}{separateurs}")
    return "\n".join(sortie) + "\n"


def structures(nombre: int = 3, **options: object) -> str:
    lignes = ([str(900001 + i), "26290411300061", f"STRUCTURE FICTIVE {i}"] for i in range(nombre))
    entetes = ("structure_id_siae", "structure_siret_signature", "structure_denomination")
    return texte("Structure", entetes, lignes, **options)  # type: ignore[arg-type]


def zipper(membres: Mapping[str, bytes], methode: int = zipfile.ZIP_DEFLATED) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", methode) as archive:
        for nom, octets in membres.items():
            archive.writestr(nom, octets)
    return tampon.getvalue()


def zipper_aes(membres: Mapping[str, bytes], mot_de_passe: str) -> bytes:
    tampon = io.BytesIO()
    with pyzipper.AESZipFile(tampon, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(mot_de_passe.encode())
        for nom, octets in membres.items():
            archive.writestr(nom, octets)
    return tampon.getvalue()


def sept_zip(membres: Mapping[str, bytes], mot_de_passe: str | None = None, *, entete_chiffre: bool = False) -> bytes:
    tampon = io.BytesIO()
    with py7zr.SevenZipFile(tampon, "w", password=mot_de_passe, header_encryption=entete_chiffre) as archive:
        for nom, octets in membres.items():
            archive.writestr(octets, nom)
    return tampon.getvalue()


def tarrer(membres: Mapping[str, bytes], mode: str = "w") -> bytes:
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode=mode) as archive:  # type: ignore[call-overload]
        for nom, octets in membres.items():
            entree = tarfile.TarInfo(nom)
            entree.size = len(octets)
            archive.addfile(entree, io.BytesIO(octets))
    return tampon.getvalue()


def gz(octets: bytes) -> bytes:
    return gzip.compress(octets, mtime=0)


def poser(dossier: Path, nom: str, octets: bytes) -> Path:
    chemin = dossier / nom
    chemin.write_bytes(octets)
    return chemin
