"""A file of a delivery held in memory to be damaged: small deliveries only."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

from convenir.mesure.donnees.generateur.ecriture import SEPARATEUR, ligne_fin


@dataclass
class Brut:
    """Parts of a file: DEB line, header, rows as lists of fields, FIN line or None."""

    chemin: Path
    deb: str
    colonnes: list[str]
    lignes: list[list[str]]
    fin: str | None
    encodage: str = "utf-8"
    saut_final: bool = True

    @classmethod
    def lire(cls, chemin: Path) -> Brut:
        """Read a sound file, as the generator writes it."""
        lignes = gzip.decompress(chemin.read_bytes()).decode().rstrip("\n").split("\n")
        champs = [ligne.split(SEPARATEUR) for ligne in lignes[1:-1]]
        return cls(chemin, lignes[0], champs[0], champs[1:], lignes[-1])

    def ligne_fin(self, lignes: int) -> str:
        """FIN line announcing `lignes` rows."""
        return ligne_fin(lignes, len(self.colonnes))

    def ajouter(self, ligne: list[str]) -> None:
        """Append a row, set the FIN line right and write the file."""
        self.lignes.append(ligne)
        self.fin = self.ligne_fin(len(self.lignes))
        self.ecrire()

    def octets(self) -> bytes:
        """Return the plain content of the file."""
        lignes = [self.deb, *(SEPARATEUR.join(ligne) for ligne in (self.colonnes, *self.lignes))]
        if self.fin is not None:
            lignes.append(self.fin)
        return ("\n".join(lignes) + ("\n" if self.saut_final else "")).encode(self.encodage)

    def ecrire(self) -> None:
        """Write the file back, compressed."""
        self.chemin.write_bytes(gzip.compress(self.octets(), mtime=0))


def fichier_de(dossier: Path, vue: str) -> Path:
    """Return the path of the file of a view in a delivery.

    Raises:
        FileNotFoundError: if the delivery has no such view.
    """
    trouve = next(iter(sorted(dossier.glob(f"fluxIAE_{vue}_*"))), None)
    if trouve is None:
        raise FileNotFoundError(f"{dossier} ne contient pas la vue {vue}.")
    return trouve
