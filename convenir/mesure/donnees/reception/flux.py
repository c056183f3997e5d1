"""From a stream of bytes to blocks of whole lines in UTF-8, read ahead in a thread."""

from __future__ import annotations

import codecs
import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
import pyarrow as pa

from convenir.mesure.donnees.reception.anomalies import LivraisonRefusee, refus
from convenir.mesure.donnees.reception.octets import BLOC_LECTURE, Flux
from convenir.socle.commun.erreurs import EntreeInvalide

TAILLE_BLOC = 8 << 20
LIGNE_MAX = 1 << 20
ENCODAGES = {"utf-8": "utf-8", "iso8859-1": "latin-1", "iso8859-15": "iso-8859-15", "cp1252": "cp1252"}
_BOM_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_T = TypeVar("_T")


def encodage_lu(nom: str | None) -> str | None:
    """Return the declared encoding under its Python name, None when none was declared or when it is UTF-8.

    Raises:
        EntreeInvalide: the encoding is not one of those that are read.
    """
    if not nom:
        return None
    try:
        canonique = codecs.lookup(nom).name
    except LookupError:
        canonique = ""
    if canonique not in ENCODAGES:
        raise EntreeInvalide(f"L'encodage « {nom} » n'est pas lu. Encodages lus : {', '.join(ENCODAGES.values())}.")
    return None if canonique == "utf-8" else canonique


def blocs_de_lignes(texte: Flux, nom: str, encodage: str | None, taille: int = TAILLE_BLOC) -> Iterator[bytes]:
    """Yield blocks of whole lines, each ending with a line feed, in UTF-8 and without byte order mark.

    Args:
        texte: the decompressed file.
        nom: its name, for the messages.
        encodage: declared encoding, used for a file that is not UTF-8.
        taille: bytes of a block, before it is cut at its last line.

    Raises:
        LivraisonRefusee: encoding neither UTF-8 nor declared, line longer than 1 MiB.
    """
    transcodeur = _Transcodeur(nom, encodage)
    reste = b""
    while bloc := _lire_bloc(texte, max(1, taille)):
        coupe = bloc.rfind(b"\n") + 1
        if not coupe:
            reste += bloc
            _verifier_longueur(nom, reste, transcodeur.lignes)
            continue
        yield transcodeur.convertir(reste + bloc[:coupe])
        reste = bloc[coupe:]
    if reste:
        yield transcodeur.convertir(reste + b"\n")


def _lire_bloc(texte: Flux, taille: int) -> bytes:
    morceaux, reste = [], taille
    while reste and (morceau := texte.read(min(reste, BLOC_LECTURE))):
        morceaux.append(morceau)
        reste -= len(morceau)
    return b"".join(morceaux)


def _verifier_longueur(nom: str, ligne: bytes, avant: int) -> None:
    if len(ligne) > LIGNE_MAX:
        raise refus(nom, "une ligne dépasse un million de caractères ; le fichier est abîmé", ligne=avant + 1)


class _Transcodeur:
    """Checks UTF-8 block by block; a file that is not UTF-8 is read whole in the declared encoding."""

    def __init__(self, nom: str, declare: str | None) -> None:
        self._nom, self._declare = nom, declare
        self._retenu: str | None = None
        self.lignes = 0

    def convertir(self, bloc: bytes) -> bytes:
        """Return the block in UTF-8.

        Raises:
            LivraisonRefusee: with the line and the field of the first unreadable character.
        """
        if not self.lignes:
            if bloc.startswith(_BOM_UTF16):
                raise refus(self._nom, "le fichier est en UTF-16 ; il doit être en UTF-8", ligne=1)
            bloc = bloc.removeprefix(codecs.BOM_UTF8)
        if self._retenu != self._declare or self._declare is None:
            bloc = self._controler(bloc)
        else:
            bloc = self._decoder(bloc, self._declare)
        self.lignes += bloc.count(b"\n")
        return bloc

    def _controler(self, bloc: bytes) -> bytes:
        if bloc.isascii():
            return bloc
        if _utf8_valide(bloc):
            self._retenu = "utf-8"
            return bloc
        if self._declare is None or self._retenu == "utf-8":
            raise self._refus(bloc, "utf-8")
        self._retenu = self._declare
        return self._decoder(bloc, self._declare)

    def _decoder(self, bloc: bytes, encodage: str) -> bytes:
        try:
            return bloc.decode(encodage).encode()
        except UnicodeDecodeError:
            pass
        raise self._refus(bloc, encodage)

    def _refus(self, bloc: bytes, encodage: str) -> LivraisonRefusee:
        position = _premiere_faute(bloc, encodage)
        debut = bloc.rfind(b"\n", 0, position) + 1
        champ = bloc.count(b"|", debut, position) + 1
        return refus(
            self._nom,
            f"un caractère du champ n° {champ} n'est pas en {ENCODAGES[encodage].upper()}. Si le fichier est en "
            "LATIN-1 ou en CP1252, recommencez en déclarant cet encodage (--encodage latin-1)",
            ligne=self.lignes + bloc.count(b"\n", 0, position) + 1,
        )


def _premiere_faute(bloc: bytes, encodage: str) -> int:
    try:
        bloc.decode(encodage)
    except UnicodeDecodeError as erreur:
        return erreur.start
    return 0


def _utf8_valide(bloc: bytes) -> bool:
    """Check UTF-8 at memory speed: the whole block is one Arrow value."""
    bornes = pa.py_buffer(np.array([0, len(bloc)], dtype=np.int64))
    valeur = pa.Array.from_buffers(pa.large_string(), 1, [None, bornes, pa.py_buffer(bloc)])
    try:
        valeur.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


class _Parti(Exception):
    """The consumer went away."""


@contextmanager
def en_avance(suite: Iterable[_T], profondeur: int = 2) -> Generator[Iterator[_T], None, None]:
    """Run an iterator in a thread, a few elements ahead; the thread has ended when the context is left."""
    file: queue.Queue[tuple[str, _T | BaseException | None]] = queue.Queue(profondeur)
    abandon = threading.Event()

    def mettre(genre: str, valeur: _T | BaseException | None) -> None:
        while not abandon.is_set():
            try:
                return file.put((genre, valeur), timeout=0.1)
            except queue.Full:
                continue
        raise _Parti

    def produire() -> None:
        try:
            for element in suite:
                mettre("element", element)
            mettre("fin", None)
        except _Parti:
            return
        except BaseException as erreur:
            if not abandon.is_set():
                mettre("erreur", erreur)

    def consommer() -> Iterator[_T]:
        while True:
            genre, valeur = file.get()
            if genre == "fin":
                return
            if isinstance(valeur, BaseException):
                raise valeur
            yield valeur  # type: ignore[misc]

    fil = threading.Thread(target=produire, daemon=True)
    fil.start()
    try:
        yield consommer()
    finally:
        abandon.set()
        fil.join()
