"""Members of a 7z archive as streams: py7zr pushes what it decompresses, a bounded queue lets us pull it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from typing import IO, Any

import py7zr
from py7zr.io import Py7zIO, WriterFactory

_EN_ATTENTE = 16
_TRANCHE = 1 << 20


class _Abandon(Exception):
    """The reader went away; the extraction stops."""


class _Ecrivain(Py7zIO):
    """Where py7zr writes one member: straight into the queue."""

    def __init__(self, file: _File, nom: str) -> None:
        self._file, self._taille = file, 0
        file.mettre(("membre", nom))

    def write(self, s: bytes | bytearray) -> int:
        for debut in range(0, len(s), _TRANCHE):
            self._file.mettre(("octets", bytes(s[debut : debut + _TRANCHE])))
        self._taille += len(s)
        return len(s)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002
        return 0

    def flush(self) -> None:
        """Nothing is kept back."""

    def size(self) -> int:
        return self._taille

    def seekable(self) -> bool:
        """Tell py7zr not to rewind."""
        return False


class _Usine(WriterFactory):
    def __init__(self, file: _File) -> None:
        self._file = file

    def create(self, filename: str) -> Py7zIO:
        """Announce the next member."""
        return _Ecrivain(self._file, filename)


class _File:
    """Bounded queue that both ends can leave."""

    def __init__(self) -> None:
        self._file: queue.Queue[tuple[str, Any]] = queue.Queue(_EN_ATTENTE)
        self.abandon = threading.Event()

    def mettre(self, evenement: tuple[str, Any]) -> None:
        while not self.abandon.is_set():
            try:
                return self._file.put(evenement, timeout=0.2)
            except queue.Full:
                continue
        raise _Abandon

    def prendre(self) -> tuple[str, Any]:
        return self._file.get()


class _FluxMembre:
    """One member, read forward; `suivant` is the event that ended it."""

    def __init__(self, file: _File) -> None:
        self._file, self._reste = file, b""
        self.suivant: tuple[str, Any] | None = None

    def read(self, taille: int = -1, /) -> bytes:
        """Return at most `taille` bytes; the error that stopped the extraction is raised here."""
        if taille < 0:
            return b"".join(iter(lambda: self.read(_TRANCHE), b""))
        while not self._reste and self.suivant is None:
            genre, valeur = evenement = self._file.prendre()
            if genre == "erreur":
                self.suivant = evenement
                raise valeur
            if genre == "octets":
                self._reste = valeur
            else:
                self.suivant = evenement
        morceau, self._reste = self._reste[:taille], self._reste[taille:]
        return morceau


def membres(source: IO[bytes], mot_de_passe: str | None) -> Generator[tuple[str, _FluxMembre], None, None]:
    """Yield each regular member with its stream, in the order of the archive; each is valid until the next.

    Raises whatever py7zr raises: the caller knows the name of the archive and says it in French.
    """
    file = _File()
    fil = threading.Thread(target=_extraire, args=(source, mot_de_passe, file), daemon=True)
    fil.start()
    try:
        genre, valeur = file.prendre()
        while genre == "membre":
            flux = _FluxMembre(file)
            yield valeur, flux
            while flux.read(_TRANCHE):
                pass
            genre, valeur = flux.suivant or ("fin", None)
        if genre == "erreur":
            raise valeur
    finally:
        file.abandon.set()
        fil.join()


def _extraire(source: IO[bytes], mot_de_passe: str | None, file: _File) -> None:
    try:
        with py7zr.SevenZipFile(source, password=mot_de_passe) as archive:
            archive.extract(factory=_Usine(file))
        file.mettre(("fin", None))
    except _Abandon:
        return
    except Exception as erreur:
        _signaler(file, erreur)


def _signaler(file: _File, erreur: Exception) -> None:
    try:
        file.mettre(("erreur", erreur))
    except _Abandon:
        return
