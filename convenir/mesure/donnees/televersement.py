"""Uploads go straight to the data folder, never to the temporary folder of the system."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

ABANDON = 3600


def dossier_des_envois() -> Path:
    """Return the folder of the uploads under way, swept of those a dead process left."""
    dossier = Path(settings.DOSSIER_DONNEES) / ".depots" / ".envois"
    dossier.mkdir(parents=True, exist_ok=True, mode=0o700)
    for fichier in dossier.iterdir():
        if fichier.is_file() and time.time() - fichier.stat().st_mtime > ABANDON:
            fichier.unlink(missing_ok=True)
    return dossier


class FichierEnvoye(TemporaryUploadedFile):
    """An uploaded file in the folder of the deposits; deleted when closed, unless it was moved."""

    def __init__(self, dossier: Path, *args: Any) -> None:
        fichier = tempfile.NamedTemporaryFile(dir=dossier, delete=False)  # noqa: SIM115 - closed by Django
        UploadedFile.__init__(self, fichier, *args)

    def temporary_file_path(self) -> str:
        """Return its path."""
        return str(self.file.name)  # type: ignore[union-attr]

    def close(self) -> None:
        """Close and delete, if the file was not moved by a deposit."""
        super(TemporaryUploadedFile, self).close()
        Path(self.temporary_file_path()).unlink(missing_ok=True)


class VersLesDepots(TemporaryFileUploadHandler):
    """Upload handler of the deposit page: bounded size, own folder."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the file that receives the upload."""
        super(TemporaryFileUploadHandler, self).new_file(*args, **kwargs)
        self.recus = 0
        self.file = FichierEnvoye(
            dossier_des_envois(), self.file_name, self.content_type, 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece; stop beyond the size of a delivery."""
        self.recus += len(raw_data)
        if self.recus > settings.LIVRAISON_TAILLE_MAX:
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)

    def upload_interrupted(self) -> None:
        """Delete what was received of an upload that was cut."""
        if hasattr(self, "file"):
            try:
                os.unlink(self.file.temporary_file_path())
            except FileNotFoundError:
                pass
