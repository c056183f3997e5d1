"""Damages to the container of a file or of the whole delivery: truncation, zip, lying header, path traversal."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

from convenir.mesure.donnees.generateur.lecture_brute import fichier_de

DIX_GIGAOCTETS = 10 * 2**30
# Fixed so that the archive has the same bytes at every run.
_DATE_ZIP = (2026, 1, 5, 6, 30, 4)


def fichier_tronque(dossier: Path) -> None:
    """Cut the compressed file of the monthly entries in half."""
    chemin = fichier_de(dossier, "EtatMensuelIndiv")
    octets = chemin.read_bytes()
    chemin.write_bytes(octets[: len(octets) // 2])


def fichier_vide(dossier: Path) -> None:
    """Leave not a single byte in the file of the annexes."""
    fichier_de(dossier, "AnnexeFinanciere").write_bytes(b"")


def _contenu(chemin: Path) -> tuple[str, bytes]:
    return chemin.name.removesuffix(".gz"), gzip.decompress(chemin.read_bytes())


def _zip(chemin: Path, membres: dict[str, bytes], taille_declaree: int | None = None) -> None:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in membres.items():
            archive.writestr(zipfile.ZipInfo(nom, _DATE_ZIP), octets, zipfile.ZIP_DEFLATED)
        if taille_declaree is not None:
            # The central directory, written on closing, is what readers believe.
            archive.filelist[0].file_size = taille_declaree


def zip_nomme_gz(dossier: Path) -> None:
    """Compress the structures as a zip under the name `.csv.gz`, as the ASP does."""
    chemin = fichier_de(dossier, "Structure")
    nom, octets = _contenu(chemin)
    _zip(chemin, {nom: octets})


def dix_gigaoctets_declares(dossier: Path) -> None:
    """Replace the monthly entries by a zip whose header declares ten gigabytes."""
    chemin = fichier_de(dossier, "EtatMensuelIndiv")
    nom, octets = _contenu(chemin)
    _zip(chemin, {nom: octets}, DIX_GIGAOCTETS)


def chemin_traversant(dossier: Path) -> None:
    """Replace the structures by a zip whose member climbs out of the folder."""
    chemin = fichier_de(dossier, "Structure")
    nom, octets = _contenu(chemin)
    _zip(chemin, {f"../../../{nom}": octets})


def _membres(dossier: Path) -> dict[str, bytes]:
    return {chemin.name: chemin.read_bytes() for chemin in sorted(dossier.glob("fluxIAE_*"))}


def en_archive(dossier: Path, nom: str = "livraison.tar.gz") -> Path:
    """Pack a delivery beside its folder, as the ASP does: a zip under the name `.tar.gz`."""
    chemin = dossier.parent / nom
    _zip(chemin, _membres(dossier))
    return chemin


def archive_chemin_traversant(dossier: Path) -> Path:
    """Pack a delivery with one member whose name climbs out of the folder."""
    chemin = dossier.parent / "traversante.zip"
    _zip(chemin, _membres(dossier) | {"../../evasion.csv": b"DEBStructure\n"})
    return chemin


def archive_dix_gigaoctets(dossier: Path) -> Path:
    """Pack a delivery in a zip that declares ten gigabytes for its first member."""
    chemin = dossier.parent / "geante.zip"
    _zip(chemin, _membres(dossier), DIX_GIGAOCTETS)
    return chemin
