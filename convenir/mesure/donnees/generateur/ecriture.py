"""Writing of the files of a delivery, as the ASP does: DEB line, header, rows, FIN line, gzip."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

from convenir.mesure.donnees.generateur.colonnes import colonnes

SEPARATEUR = "|"
# Level 4 writes twice as fast as the default for files 5 % larger.
NIVEAU_GZIP = 4


def nom_de_fichier(vue: str, extraction: datetime, suffixe: str = ".csv.gz") -> str:
    """Name of a file of a delivery: `fluxIAE_Structure_05012026_063004.csv.gz`."""
    return f"fluxIAE_{vue}_{extraction:%d%m%Y_%H%M%S}{suffixe}"


def ligne_deb(vue: str, extraction: datetime, champs: int) -> str:
    """First line of a file, padded with separators to the number of fields."""
    return f"DEB{vue}{extraction:%d%m%Y_%H%M%S}" + SEPARATEUR * (champs - 1)


def ligne_fin(lignes: int, champs: int) -> str:
    """Last line of a file: number of rows, padded with separators."""
    return f"FIN{lignes}" + SEPARATEUR * (champs - 1)


class FichierFluxIAE:
    """A file of a delivery being written: same rows, same bytes (the gzip header carries neither name nor time)."""

    def __init__(self, dossier: Path, vue: str, extraction: datetime) -> None:
        self.vue = vue
        self.colonnes = colonnes(vue)
        self.chemin = dossier / nom_de_fichier(vue, extraction)
        self.lignes = 0
        self._sauts = 0
        self._brut = self.chemin.open("wb")
        self._flux = gzip.GzipFile(filename="", mode="wb", compresslevel=NIVEAU_GZIP, fileobj=self._brut, mtime=0)
        deb = ligne_deb(vue, extraction, len(self.colonnes))
        self._flux.write(f"{deb}\n{SEPARATEUR.join(self.colonnes)}\n".encode())

    @property
    def ligne_suivante(self) -> int:
        """Number, in the file, of the first line of the next row; the DEB line is number 1."""
        return self.lignes + self._sauts + 3

    def ecrire_octets(self, octets: bytes | memoryview, lignes: int, sauts: int = 0) -> None:
        """Append whole rows, already separated and ended by a line feed.

        Args:
            sauts: stray line breaks the rows hold in their texts.
        """
        self._flux.write(octets)
        self.lignes += lignes
        self._sauts += sauts

    def ecrire(self, lignes: Iterable[Mapping[str, object]]) -> None:
        """Append rows given as column → text; an absent column is left empty.

        Raises:
            ValueError: if a row names a column the view does not have.
        """
        textes = [ligne_texte(ligne, self.colonnes) for ligne in lignes]
        if textes:
            self.ecrire_octets(("\n".join(textes) + "\n").encode(), len(textes))

    def fermer(self) -> None:
        """Write the FIN line and close."""
        self._flux.write((ligne_fin(self.lignes, len(self.colonnes)) + "\n").encode())
        self._flux.close()
        self._brut.close()

    def __enter__(self) -> FichierFluxIAE:
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        if erreur is None:
            self.fermer()
            return
        self._brut.close()
        self.chemin.unlink(missing_ok=True)


def ligne_texte(ligne: Mapping[str, object], noms: Sequence[str]) -> str:
    """Write one row in the order of `noms`.

    Raises:
        ValueError: if the row names a column that is not in `noms`.
    """
    inconnues = ligne.keys() - set(noms)
    if inconnues:
        raise ValueError(f"Colonnes inconnues de la vue : {', '.join(sorted(inconnues))}.")
    return SEPARATEUR.join(_texte(ligne.get(nom)) for nom in noms)


def _texte(valeur: object) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    return str(valeur)


def ecrire_lignes(
    dossier: Path, lignes: Mapping[str, Iterable[Mapping[str, object]]], extraction: datetime
) -> dict[str, Path]:
    """Write a small delivery from rows held in memory, one file for each view; returns the paths."""
    dossier.mkdir(parents=True, exist_ok=True)
    chemins = {}
    for vue, contenu in lignes.items():
        with FichierFluxIAE(dossier, vue, extraction) as fichier:
            fichier.ecrire(contenu)
        chemins[vue] = fichier.chemin
    return chemins
