"""Keep the bytes of documents under the name of their own SHA-256: depositing twice changes nothing."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from convenir.socle.commun.erreurs import EntreeInvalide

_SUFFIXE = re.compile(r"\.[a-z0-9]{1,7}\Z")
_EMPREINTE = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Depot:
    """Where a document is, relative to the data folder, and its SHA-256."""

    chemin: Path
    sha256: str


def dossier() -> Path:
    """Return the folder of documents, inside the data folder."""
    return Path(settings.DOSSIER_DONNEES) / "documents"


def deposer(octets: bytes, nom: str) -> Depot:
    """Store bytes by their content; only the extension of the name is kept.

    Args:
        octets: the document.
        nom: its name for people, « fiche-bilan-2025.pdf ».

    Raises:
        EntreeInvalide: the name has no usable extension.
    """
    suffixe = Path(nom).suffix.lower()
    if not _SUFFIXE.match(suffixe):
        raise EntreeInvalide(f"Le nom « {nom} » n'a pas d'extension utilisable : « .pdf », « .docx »…")
    empreinte = sha256(octets).hexdigest()
    chemin = _chemin(empreinte, suffixe)
    if not chemin.exists():
        _ecrire(chemin, octets)
    return Depot(chemin.relative_to(settings.DOSSIER_DONNEES), empreinte)


def relire(empreinte: str, suffixe: str = ".pdf") -> bytes:
    """Return the bytes of a stored document, checked against their name.

    Raises:
        EntreeInvalide: no such document, or bytes that no longer match their SHA-256.
    """
    if not _EMPREINTE.match(empreinte) or not _SUFFIXE.match(suffixe):
        raise EntreeInvalide("Une empreinte compte 64 signes, de 0 à 9 et de a à f.")
    chemin = _chemin(empreinte, suffixe)
    if not chemin.is_file():
        raise EntreeInvalide(f"Aucun document ne porte l'empreinte {empreinte}.")
    octets = chemin.read_bytes()
    if sha256(octets).hexdigest() != empreinte:
        raise EntreeInvalide(f"Le document {empreinte} a été altéré : son contenu ne porte plus cette empreinte.")
    return octets


def retirer(empreinte: str, suffixe: str) -> bool:
    """Remove a stored document; only an elimination on a visaed slip does (`socle/archives`). Whether it was there.

    Raises:
        EntreeInvalide: not a fingerprint, nor an extension.
    """
    if not _EMPREINTE.match(empreinte) or not _SUFFIXE.match(suffixe):
        raise EntreeInvalide("Une empreinte compte 64 signes, de 0 à 9 et de a à f.")
    chemin = _chemin(empreinte, suffixe)
    present = chemin.is_file()
    chemin.unlink(missing_ok=True)
    return present


def _chemin(empreinte: str, suffixe: str) -> Path:
    return dossier() / empreinte[:2] / f"{empreinte}{suffixe}"


def _ecrire(chemin: Path, octets: bytes) -> None:
    """Write beside, then rename: another process sees all of the document or nothing."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    descripteur, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=".depot-")
    try:
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        os.chmod(provisoire, 0o640)
        os.replace(provisoire, chemin)
    except BaseException:
        Path(provisoire).unlink(missing_ok=True)
        raise
