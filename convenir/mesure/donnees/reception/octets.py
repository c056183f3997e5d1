"""Byte streams read once, forward, and counted: the bricks of the containers."""

from __future__ import annotations

import hashlib
import io
import secrets
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol

from Cryptodome.Cipher import AES

from convenir.mesure.donnees.reception.anomalies import refus

BLOC_LECTURE = 1 << 20
MEMOIRE_COFFRE = 64 << 20


class Flux(Protocol):
    """Anything that can be read forward."""

    def read(self, taille: int = -1, /) -> bytes:
        """Return at most `taille` bytes, nothing at the end."""
        ...


class Budget:
    """Bytes that one level of a delivery may still give; a bomb runs it out whatever its headers declare."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        self.reste = maximum

    def declarer(self, nom: str, total: int) -> None:
        """Refuse, before reading anything, what declares more than the limit."""
        if total > self.maximum:
            raise refus(nom, f"l'archive annonce {_go(total)} une fois ouverte, plus que {self._limite()}")

    def prendre(self, nom: str, octets: int) -> None:
        """Count bytes really read and refuse beyond the limit."""
        self.reste -= octets
        if self.reste < 0:
            raise refus(nom, f"le contenu dépasse {self._limite()} ; la lecture a été arrêtée")

    def _limite(self) -> str:
        return f"la limite de {_go(self.maximum)} fixée pour une livraison (CONVENIR_LIVRAISON_TAILLE_MAX)"


def _go(octets: int) -> str:
    for unite, taille in (("Go", 1 << 30), ("Mo", 1 << 20), ("Ko", 1 << 10)):
        if octets >= taille:
            return f"{octets / taille:.1f} {unite}".replace(".", ",")
    return f"{octets} octets"


class FluxAmorce:
    """A stream whose first bytes were looked at, given back whole."""

    def __init__(self, source: Flux, taille: int = 512) -> None:
        self._source = source
        self.tete = lire_exactement(source, taille)
        self._reste = self.tete

    def read(self, taille: int = -1, /) -> bytes:
        """Give back the head, then the rest."""
        if not self._reste:
            return self._source.read(taille)
        if taille < 0:
            morceau, self._reste = self._reste + self._source.read(), b""
            return morceau
        morceau, self._reste = self._reste[:taille], self._reste[taille:]
        return morceau


class FluxHache:
    """A stream whose SHA-256 is known once read to its end."""

    def __init__(self, source: Flux) -> None:
        self._source = source
        self._hache = hashlib.sha256()
        self._empreinte = ""

    def read(self, taille: int = -1, /) -> bytes:
        """Read and digest."""
        octets = self._source.read(taille)
        self._hache.update(octets)
        return octets

    def terminer(self) -> str:
        """Read what is left (padding after an archive) and return the digest of everything."""
        while not self._empreinte and self.read(BLOC_LECTURE):
            pass
        self._empreinte = self._empreinte or self._hache.hexdigest()
        return self._empreinte


class FluxBorne:
    """A stream counted against a budget."""

    def __init__(self, source: Flux, budget: Budget, nom: str) -> None:
        self._source, self._budget, self._nom = source, budget, nom

    def read(self, taille: int = -1, /) -> bytes:
        """Read and count."""
        octets = self._source.read(taille)
        self._budget.prendre(self._nom, len(octets))
        return octets


class FluxGzip:
    """Gunzip in large steps, several members accepted, checksum and end verified."""

    def __init__(self, source: Flux, nom: str) -> None:
        self._source, self._nom = source, nom
        self._reserve = b""
        self._decompresseur = zlib.decompressobj(wbits=31)
        self._fini = False

    def read(self, taille: int = -1, /) -> bytes:
        """Return at most `taille` decompressed bytes."""
        if taille < 0:
            return b"".join(iter(lambda: self.read(BLOC_LECTURE), b""))
        while not self._fini:
            octets = self._pas(taille)
            if octets:
                return octets
        return b""

    def _pas(self, taille: int) -> bytes:
        if self._decompresseur.eof and not self._membre_suivant():
            self._fini = True
            return b""
        entree = self._reserve or self._source.read(BLOC_LECTURE)
        try:
            octets = self._decompresseur.decompress(entree, taille)
        except zlib.error:
            raise refus(self._nom, ABIMEE) from None
        if not entree and not octets and not self._decompresseur.eof:
            raise refus(self._nom, f"{ABIMEE} (fin prématurée)")
        self._reserve = self._decompresseur.unconsumed_tail or self._decompresseur.unused_data
        return octets

    def _membre_suivant(self) -> bool:
        """Start the next gzip member if one follows; padding of zeros is not one."""
        self._reserve = self._reserve or self._source.read(BLOC_LECTURE)
        if not self._reserve.startswith(b"\x1f"):
            return False
        self._decompresseur = zlib.decompressobj(wbits=31)
        return True


ABIMEE = "l'archive est abîmée ou incomplète ; demandez un nouvel envoi de ce fichier"


class Coffre(io.RawIOBase):
    """Seekable spool of a stream: in memory, then in a nameless file, encrypted under a key that is never kept.

    Some containers (zip, 7z) can only be read from their end. Nothing nominative may lie on the disk, even for the
    time of an import: the file has no name, so it dies with the process, and its bytes mean nothing without the key.
    """

    def __init__(self, source: Flux, dossier: Path | None = None, memoire: int = MEMOIRE_COFFRE) -> None:
        super().__init__()
        self._cle = secrets.token_bytes(32)
        lieu = str(dossier) if dossier else None
        self._fichier: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=memoire, dir=lieu)  # noqa: SIM115
        self._position = 0
        chiffre = self._chiffre(0)
        while octets := source.read(BLOC_LECTURE):
            self._fichier.write(chiffre.encrypt(octets))
        self._taille = self._fichier.tell()

    def _chiffre(self, bloc: int) -> Any:
        return AES.new(self._cle, AES.MODE_CTR, nonce=b"", initial_value=bloc)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._position = max(0, {0: 0, 1: self._position, 2: self._taille}[whence] + offset)
        return self._position

    def readinto(self, tampon: Any, /) -> int:
        vue = memoryview(tampon)
        bloc, decalage = divmod(self._position, 16)
        self._fichier.seek(bloc * 16)
        clair = self._chiffre(bloc).decrypt(self._fichier.read(decalage + len(vue)))[decalage:]
        vue[: len(clair)] = clair
        self._position += len(clair)
        return len(clair)

    def close(self) -> None:
        self._fichier.close()
        super().close()


def lire_exactement(source: Flux, taille: int) -> bytes:
    """Read `taille` bytes, fewer only at the end of the stream."""
    morceaux, reste = [], taille
    while reste and (morceau := source.read(reste)):
        morceaux.append(morceau)
        reste -= len(morceau)
    return b"".join(morceaux)


class FichierSuivi(io.FileIO):
    """A file on disk that says how far it has been read."""

    def __init__(self, chemin: Path, noter: Callable[[int], None]) -> None:
        super().__init__(chemin, "rb")
        self._noter = noter

    def read(self, taille: int | None = -1, /) -> bytes:
        """Read and note the position reached."""
        octets = super().read(taille)
        self._noter(self.tell())
        return octets or b""
