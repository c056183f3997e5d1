"""Containers of a delivery, recognised by their first bytes whatever their name says (décisions, § 3).

Everything is read forward and nothing is extracted: each file of the delivery comes out as a stream of text, with the
SHA-256 of its bytes as delivered. Names that climb out of the archive, links and sizes over the limit are refused.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import tarfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar

import py7zr
import pyzipper

from convenir.mesure.donnees.reception import septzip
from convenir.mesure.donnees.reception.anomalies import LivraisonRefusee, refus
from convenir.mesure.donnees.reception.octets import (
    ABIMEE,
    BLOC_LECTURE,
    Budget,
    Coffre,
    FichierSuivi,
    Flux,
    FluxAmorce,
    FluxBorne,
    FluxGzip,
    FluxHache,
)

VARIABLE_MOT_DE_PASSE = "CONVENIR_MOT_DE_PASSE_ASP"
NOM_DE_VUE = re.compile(r"fluxIAE_(?P<vue>[A-Za-z]+)_(?P<jour>[0-9]{8})_(?P<heure>[0-9]{6})", re.IGNORECASE)
EMBOITEMENT_MAX = 4
MEMBRES_MAX = 2000
_SIGNATURES = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PAR1", "parquet"),
)
_T = TypeVar("_T")


@dataclass
class FichierLivre:
    """A file of the delivery: its name, its text as a stream, its digest once the text was read.

    `parquet` is the same, seekable, when the file is a Parquet one; its text then says that it is not a text.
    """

    nom: str
    texte: Flux
    empreinte: Callable[[], str]
    avertissements: list[str] = field(default_factory=list)
    parquet: IO[bytes] | None = None


@dataclass(frozen=True)
class _Porteur:
    """The delivered file that wraps another: it gives its name and its digest."""

    nom: str
    empreinte: Callable[[], str]
    avertissements: list[str]


@dataclass
class Ouvreur:
    """Opens a delivery: a file, an archive, an archive of archives or a folder.

    Args:
        taille_max: bytes that the delivery may hold once opened.
        mot_de_passe: of the archive; by default, the one of `CONVENIR_MOT_DE_PASSE_ASP`. Never kept.
        dossier: where an encrypted spool may overflow, the system's by default.
        noter: called with the share of the delivery read so far, from 0 to 1.
    """

    taille_max: int
    mot_de_passe: str | None = None
    dossier: Path | None = None
    noter: Callable[[float], None] | None = None
    _budgets: dict[int, Budget] = field(default_factory=dict)

    def fichiers(self, chemin: Path) -> Generator[FichierLivre, None, None]:
        """Yield every file of the delivery; each text must be read before the next file is asked for.

        To be closed (`contextlib.closing`) by who leaves before the end.

        Raises:
            LivraisonRefusee: damaged archive, wrong password, size over the limit, dangerous name.
        """
        if not self.mot_de_passe:
            self.mot_de_passe = os.environ.get(VARIABLE_MOT_DE_PASSE) or None
        chemins = _fichiers_du_dossier(chemin) if chemin.is_dir() else [chemin]
        tailles = [c.stat().st_size for c in chemins]
        total, avant = sum(tailles), 0
        self._budget(0).declarer(chemin.name, total)
        for un, taille in zip(chemins, tailles, strict=True):
            with FichierSuivi(un, self._suivi(avant, total)) as fichier:
                try:
                    yield from self._explorer(un.name, fichier, 0, fichier)
                except LivraisonRefusee as refusee:
                    # Dite à la lecture de ce fichier-là : les autres sont lus, et leurs fautes dites aussi.
                    yield FichierLivre(un.name, _FluxRefuse(refusee), str)
            avant += taille

    @property
    def epuise(self) -> bool:
        """Tell whether the limit of size was reached: nothing more can be read."""
        return any(budget.reste < 0 for budget in self._budgets.values())

    def _suivi(self, avant: int, total: int) -> Callable[[int], None]:
        def suivre(position: int) -> None:
            if self.noter and total:
                self.noter(min(1.0, (avant + position) / total))

        return suivre

    def _budget(self, niveau: int) -> Budget:
        return self._budgets.setdefault(niveau, Budget(self.taille_max))

    def _explorer(
        self, nom: str, flux: Flux, niveau: int, fichier: FichierSuivi | None = None, porteur: _Porteur | None = None
    ) -> Iterator[FichierLivre]:
        """Open one file, whatever it holds; `fichier` is the same on disk when it can be read twice."""
        if niveau > EMBOITEMENT_MAX:
            raise refus(nom, f"plus de {EMBOITEMENT_MAX} archives emboîtées ; livrez l'archive d'origine")
        if porteur is None:
            flux = hache = FluxHache(flux)
            porteur = _Porteur(nom, hache.terminer, [])
        amorce = FluxAmorce(flux)
        genre = _genre(amorce.tete)
        if genre in ("rar", "bzip2", "xz", "zstd", "inconnu"):
            raise refus(nom, _non_lu(genre))
        if genre == "texte":
            yield FichierLivre(porteur.nom, amorce, porteur.empreinte, porteur.avertissements)
        elif genre == "parquet":
            yield from self._parquet(nom, amorce, fichier, porteur)
        elif genre == "gzip":
            yield from self._gzip(nom, amorce, niveau, porteur)
        elif genre == "tar":
            yield from self._tar(nom, amorce, niveau)
        else:
            yield from self._avec_index(genre, nom, amorce, niveau, fichier, porteur)

    def _parquet(
        self, nom: str, amorce: Flux, fichier: FichierSuivi | None, porteur: _Porteur
    ) -> Iterator[FichierLivre]:
        """Give a Parquet file, read from its end: from the disk if it lies there, else from a spool."""
        pas_un_texte = _FluxRefuse(refus(nom, _non_lu("inconnu")))
        if fichier is not None:
            porteur.empreinte()
            yield FichierLivre(porteur.nom, pas_un_texte, porteur.empreinte, porteur.avertissements, fichier)
            return
        with io.BufferedReader(Coffre(amorce, self.dossier)) as source:
            yield FichierLivre(porteur.nom, pas_un_texte, porteur.empreinte, porteur.avertissements, source)

    def _gzip(self, nom: str, amorce: Flux, niveau: int, porteur: _Porteur) -> Iterator[FichierLivre]:
        contenu = FluxBorne(FluxGzip(amorce, nom), self._budget(niveau + 1), nom)
        yield from self._explorer(nom, contenu, niveau + 1, porteur=porteur)

    def _tar(self, nom: str, amorce: Flux, niveau: int) -> Iterator[FichierLivre]:
        with _francise(nom):
            # tarfile ne demande que « read » en lecture continue.
            archive = tarfile.open(fileobj=amorce, mode="r|", tarinfo=_EnTeteTar)  # type: ignore[call-overload]  # noqa: SIM115
        for rang, membre in enumerate(_francises(iter(archive), nom, chiffre=False), start=1):
            _verifier_nombre(nom, rang)
            _verifier_nom(nom, membre.name, lien=membre.issym() or membre.islnk())
            self._budget(niveau + 1).declarer(nom, membre.size)
            if membre.isfile() and not _a_passer(membre.name):
                flux = FluxBorne(_Traduit(archive.extractfile(membre), nom), self._budget(niveau + 1), nom)
                yield from self._explorer(_base(membre.name), flux, niveau + 1)

    def _avec_index(
        self, genre: str, nom: str, amorce: Flux, niveau: int, fichier: FichierSuivi | None, porteur: _Porteur
    ) -> Iterator[FichierLivre]:
        """Open a zip or a 7z, whose index is at the end: from the disk if it lies there, else from a spool."""
        # A zip under the name of one table (« actualite.csv.gz ») is that table, as one under the name of a view.
        avec_empreinte = bool(NOM_DE_VUE.search(nom)) or porteur.nom != nom or nom.lower().endswith(".csv.gz")
        if fichier is None:
            source: IO[bytes] = io.BufferedReader(Coffre(amorce, self.dossier))
        else:
            if avec_empreinte:
                porteur.empreinte()
            source = fichier
        with source if fichier is None else _sans_fermer():
            lire = self._zip if genre == "zip" else self._7z
            yield from lire(nom, source, niveau, porteur if avec_empreinte else None)

    def _zip(self, nom: str, source: IO[bytes], niveau: int, porteur: _Porteur | None) -> Iterator[FichierLivre]:
        with _francise(nom):
            archive = pyzipper.AESZipFile(source)
        membres = sorted(archive.infolist(), key=lambda m: m.header_offset)
        _verifier_nombre(nom, len(membres))
        for membre in membres:
            _verifier_nom(nom, membre.filename, lien=stat.S_ISLNK(membre.external_attr >> 16))
        self._budget(niveau + 1).declarer(nom, sum(m.file_size for m in membres))
        utiles = [m for m in membres if not m.is_dir() and not _a_passer(m.filename)]
        porteur = _porteur_d_un_seul(nom, porteur, utiles)
        for membre in utiles:
            flux = self._membre_zip(archive, membre, nom, niveau)
            yield from self._explorer(_base(membre.filename), flux, niveau + 1, porteur=porteur)

    def _membre_zip(self, archive: Any, membre: Any, nom: str, niveau: int) -> Flux:
        chiffre = bool(membre.flag_bits & 1)
        if chiffre and not self.mot_de_passe:
            raise refus(nom, MOT_DE_PASSE_ABSENT)
        passe = (self.mot_de_passe or "").encode()
        with _francise(nom, chiffre=chiffre):
            ouvert = archive.open(membre, pwd=passe if chiffre else None)
        return FluxBorne(_Traduit(ouvert, nom, chiffre=chiffre), self._budget(niveau + 1), nom)

    def _7z(self, nom: str, source: IO[bytes], niveau: int, porteur: _Porteur | None) -> Iterator[FichierLivre]:
        utiles, chiffre = self._index_7z(nom, source, niveau)
        porteur = _porteur_d_un_seul(nom, porteur, utiles)
        source.seek(0)
        with closing(septzip.membres(source, self.mot_de_passe if chiffre else None)) as membres:
            for chemin, flux in _francises(membres, nom, chiffre=chiffre):
                if chemin in utiles:
                    borne = FluxBorne(_Traduit(flux, nom, chiffre=chiffre), self._budget(niveau + 1), nom)
                    yield from self._explorer(_base(chemin), borne, niveau + 1, porteur=porteur)

    def _index_7z(self, nom: str, source: IO[bytes], niveau: int) -> tuple[list[str], bool]:
        """Read the index: names of the files, and whether a password is needed."""
        source.seek(0)
        with _francise(nom, chiffre=bool(self.mot_de_passe)):
            try:
                with py7zr.SevenZipFile(source, password=self.mot_de_passe) as archive:
                    chiffre, membres = archive.needs_password(), list(archive.files)
            except py7zr.exceptions.PasswordRequired:
                raise refus(nom, MOT_DE_PASSE_ABSENT) from None
        if chiffre and not self.mot_de_passe:
            raise refus(nom, MOT_DE_PASSE_ABSENT)
        _verifier_nombre(nom, len(membres))
        for membre in membres:
            _verifier_nom(nom, membre.filename, lien=membre.is_symlink or membre.is_junction)
        self._budget(niveau + 1).declarer(nom, sum(m.uncompressed or 0 for m in membres))
        noms = [PurePosixPath(m.filename).as_posix() for m in membres if not m.is_directory]
        if len(set(noms)) < len(noms):
            raise refus(nom, "l'archive contient deux fois le même nom de fichier")
        return [n for n in noms if not _a_passer(n)], chiffre


MOT_DE_PASSE_ABSENT = (
    "l'archive est protégée : donnez le mot de passe transmis par l'ASP "
    f"(il peut aussi venir de {VARIABLE_MOT_DE_PASSE}) ; il n'est pas conservé"
)
MOT_DE_PASSE_FAUX = "le mot de passe n'ouvre pas cette archive, ou elle est abîmée ; vérifiez-le et recommencez"


COMPRESSION_INCONNUE = "ce mode de compression n'est pas lu ; refaites l'archive en zip ou en gzip"


class _Traduit:
    """A stream whose library errors are said in French, without the bytes they were about."""

    def __init__(self, source: Any, nom: str, *, chiffre: bool = False) -> None:
        self._source, self._nom, self._chiffre = source, nom, chiffre

    def read(self, taille: int = -1, /) -> bytes:
        """Read, or refuse the delivery."""
        with _francise(self._nom, chiffre=self._chiffre):
            octets: bytes = self._source.read(taille)
        return octets


class _francise:
    """Turn the errors of the archive libraries into a refusal; their text is never shown, it may quote the content."""

    def __init__(self, nom: str, *, chiffre: bool = False) -> None:
        self._nom, self._chiffre = nom, chiffre

    def __enter__(self) -> None:
        return None

    def __exit__(self, genre: type[BaseException] | None, erreur: BaseException | None, trace: object) -> None:
        du_systeme = isinstance(erreur, OSError) and erreur.errno not in (None, errno.EINVAL)
        if isinstance(erreur, LivraisonRefusee) or not isinstance(erreur, Exception) or du_systeme:
            return
        if isinstance(erreur, NotImplementedError | py7zr.exceptions.UnsupportedCompressionMethodError):
            raise refus(self._nom, COMPRESSION_INCONNUE) from None
        raise refus(self._nom, MOT_DE_PASSE_FAUX if self._chiffre else ABIMEE) from None


def _francises(suite: Iterator[_T], nom: str, *, chiffre: bool) -> Iterator[_T]:
    """Iterate over what a library yields, its errors said in French."""
    while True:
        with _francise(nom, chiffre=chiffre):
            try:
                element = next(suite)
            except StopIteration:
                return
        yield element


class _FluxRefuse:
    """A file that could not be opened: reading it says why."""

    def __init__(self, refusee: LivraisonRefusee) -> None:
        self._refusee = refusee

    def read(self, taille: int = -1, /) -> bytes:  # noqa: ARG002
        """Refuse."""
        raise self._refusee


class _sans_fermer:
    """Context that closes nothing: the file on disk belongs to the caller."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *details: object) -> None:
        return None


class _EnTeteTar(tarfile.TarInfo):
    """Header of a tar member whose extended names stay short: tarfile reads them whole into memory."""

    def _proc_member(self, archive: Any) -> Any:
        etendus = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE)
        if self.type in (*etendus, tarfile.SOLARIS_XHDTYPE) and self.size > BLOC_LECTURE:
            raise refus("", "l'archive tar porte des noms démesurés ; elle n'est pas lue")
        return super()._proc_member(archive)  # type: ignore[misc]


def _porteur_d_un_seul(nom: str, porteur: _Porteur | None, membres: list[Any]) -> _Porteur | None:
    """Tell whether an archive is only the wrapping of one view, as the ASP's zips named .gz are."""
    if porteur is None or len(membres) != 1:
        return None
    if not nom.lower().endswith((".zip", ".7z")):
        porteur.avertissements.append("le fichier est une archive zip ou 7z malgré son nom ; il a été lu ainsi")
    return porteur


def _genre(tete: bytes) -> str:
    for signature, genre in _SIGNATURES:
        if tete.startswith(signature):
            return genre
    if tete[257:262] == b"ustar":
        return "tar"
    return "inconnu" if b"\x00" in tete and not tete.startswith((b"\xff\xfe", b"\xfe\xff")) else "texte"


def _non_lu(genre: str) -> str:
    if genre == "inconnu":
        return "ce n'est ni un texte ni une archive connue (gzip, zip, tar, 7z)"
    return f"les archives {genre} ne sont pas lues ; livrez un zip, un 7z, un tar ou un gzip"


def _verifier_nom(archive: str, chemin: str, *, lien: bool) -> None:
    parties = chemin.replace("\\", "/").split("/")
    if ".." in parties or chemin.startswith(("/", "\\")) or re.match(r"^[A-Za-z]:", chemin):
        raise refus(archive, "l'archive contient un nom de fichier qui sort de son dossier ; elle n'est pas ouverte")
    if lien:
        raise refus(archive, "l'archive contient un lien vers un autre fichier ; elle n'est pas ouverte")


def _verifier_nombre(archive: str, nombre: int) -> None:
    if nombre > MEMBRES_MAX:
        raise refus(archive, f"l'archive contient plus de {MEMBRES_MAX} fichiers ; ce n'est pas une livraison FluxIAE")


def _a_passer(chemin: str) -> bool:
    """Tell the files that systems add by themselves."""
    parties = chemin.replace("\\", "/").split("/")
    return parties[-1].startswith(".") or "__MACOSX" in parties or parties[-1] in ("Thumbs.db", "desktop.ini")


def _base(chemin: str) -> str:
    return chemin.replace("\\", "/").rsplit("/", 1)[-1]


def _fichiers_du_dossier(dossier: Path) -> list[Path]:
    return sorted(c for c in dossier.rglob("*") if c.is_file() and not _a_passer(str(c.relative_to(dossier))))
