"""Rows of a CSV file whose texts may be quoted, block by block, with the line where each begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from convenir.mesure.donnees.reception.anomalies import Anomalie, Gravite, refus
from convenir.mesure.donnees.reception.entetes import Tete
from convenir.mesure.donnees.reception.flux import LIGNE_MAX
from convenir.mesure.donnees.reception.lecture import ECARTS_MAX, Morceau
from convenir.mesure.donnees.reception.tableaux import conclure, constantes
from convenir.socle.commun.francais import nombre, pluriel

_SAUT, _GUILLEMET, _RETOUR = (ord(c) for c in '\n"\r')
COUPE = "la dernière ligne a {} au lieu de {} : le fichier est tronqué ; demandez un nouvel envoi"


@dataclass
class LectureCsv:
    """Reads the rows of a file and keeps the account of what was read and set aside.

    Args:
        separateur: of the fields.
        largeur: number of fields of a row.
    """

    fichier: str
    tete: Tete
    rangs: list[int]
    separateur: str
    largeur: int
    lignes: int = 0
    ecartees: int = 0
    sans_fin: bool = False
    anomalies: list[Anomalie] = field(default_factory=list)
    _ligne: int = 2
    _courte: tuple[int, int] | None = None

    def morceaux(self, blocs: Iterator[bytes]) -> Iterator[Morceau]:
        """Yield the rows under the header.

        Raises:
            LivraisonRefusee: quote never closed, last line cut short, too many unreadable lines, no row.
        """
        reste = b""
        for bloc in blocs:
            octets = reste + bloc
            fins = _fins_de_rangees(octets)
            coupe = int(fins[-1]) + 1 if len(fins) else 0
            reste = octets[coupe:]
            if len(reste) > LIGNE_MAX:
                raise refus(self.fichier, "un guillemet ouvert n'est jamais fermé", ligne=self._ligne)
            if coupe:
                yield from self._analyser(octets[:coupe], fins)
        if reste.strip():
            raise refus(self.fichier, "un guillemet ouvert n'est jamais fermé", ligne=self._ligne)
        if self._courte is not None:
            ligne, champs = self._courte
            raise refus(self.fichier, COUPE.format(pluriel(champs, "champ"), self.largeur), ligne=ligne)
        self.anomalies += conclure(self.fichier, self.tete, self.lignes + self.ecartees)

    def _analyser(self, octets: bytes, fins: npt.NDArray[np.int64]) -> Iterator[Morceau]:
        """Parse whole rows; set aside those that have not the right number of fields."""
        debuts = np.concatenate((np.zeros(1, dtype=np.int64), fins[:-1] + 1))
        lignes = self._ligne + np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(_sauts(octets, debuts, fins))))
        self._ligne, lignes = int(lignes[-1]), lignes[:-1]
        vides = _vides(octets, debuts, fins)
        if vides.any():
            octets = b"".join(octets[d : f + 1] for d, f in zip(debuts[~vides], fins[~vides], strict=True))
            lignes = lignes[~vides]
        if not len(lignes):
            return
        mauvaises: list[tuple[int, int]] = []
        table = self._lire(octets, mauvaises)
        rangs = np.array([rang - 1 for rang, _ in mauvaises], dtype=np.int64)
        if table.num_rows + len(rangs) != len(lignes):
            raise refus(self.fichier, "un guillemet mal placé rend une ligne illisible", ligne=int(lignes[0]))
        self._ecarter(lignes, mauvaises)
        lignes = np.delete(lignes, rangs)
        self.lignes += len(lignes)
        if len(lignes):
            for rang, valeurs in constantes(self.tete, len(lignes)).items():
                table = table.append_column(rang, valeurs)
            yield Morceau(table, lignes)

    def _lire(self, octets: bytes, mauvaises: list[tuple[int, int]]) -> pa.Table:
        def signaler(rangee: Any) -> str:
            mauvaises.append((rangee.number, rangee.actual_columns))
            return "skip"

        lus = [str(rang) for rang in self.rangs if rang < self.largeur]
        try:
            return pacsv.read_csv(
                pa.BufferReader(octets),
                read_options=pacsv.ReadOptions(
                    column_names=[str(r) for r in range(self.largeur)], block_size=len(octets) + 1, use_threads=False
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=self.separateur, newlines_in_values=b'"' in octets, ignore_empty_lines=False,
                    invalid_row_handler=signaler,
                ),
                convert_options=pacsv.ConvertOptions(
                    include_columns=lus, column_types=dict.fromkeys(lus, pa.string()), null_values=[""],
                    strings_can_be_null=True, quoted_strings_can_be_null=True, check_utf8=False,
                ),
            )  # fmt: skip
        except pa.ArrowException:
            raise refus(self.fichier, "le contenu du fichier ne peut être lu ; exportez-le de nouveau") from None

    def _ecarter(self, lignes: npt.NDArray[np.int64], mauvaises: list[tuple[int, int]]) -> None:
        """Set aside the rows of a wrong width; remember whether the very last one is too short."""
        self._courte = None
        for rang, champs in mauvaises:
            ligne = int(lignes[rang - 1])
            message = f"la ligne a {pluriel(champs, 'champ')} au lieu de {self.largeur} ; elle est mise à l'écart"
            self.anomalies.append(Anomalie(self.fichier, message, Gravite.QUARANTAINE, ligne))
            if rang == len(lignes) and champs < self.largeur:
                self._courte = ligne, champs
        self.ecartees += len(mauvaises)
        if self.ecartees > ECARTS_MAX:
            raise refus(self.fichier, f"plus de {nombre(ECARTS_MAX)} lignes sont illisibles : le fichier est abîmé")


def _fins_de_rangees(octets: bytes) -> npt.NDArray[np.int64]:
    """Return the positions of the line feeds that end a row: those outside quotes."""
    lus = np.frombuffer(octets, dtype=np.uint8)
    sauts = np.flatnonzero(lus == _SAUT)
    if b'"' not in octets:
        return sauts
    guillemets = np.flatnonzero(lus == _GUILLEMET)
    return sauts[np.searchsorted(guillemets, sauts) % 2 == 0]


def _sauts(
    octets: bytes, debuts: npt.NDArray[np.int64], fins: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Return how many lines each row takes."""
    if b'"' not in octets:
        return np.ones(len(fins), dtype=np.int64)
    sauts = np.flatnonzero(np.frombuffer(octets, dtype=np.uint8) == _SAUT)
    return np.searchsorted(sauts, fins, side="right") - np.searchsorted(sauts, debuts)


def _vides(
    octets: bytes, debuts: npt.NDArray[np.int64], fins: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Tell which rows are empty lines."""
    longueurs = fins - debuts
    if not ((longueurs <= 1).any()):
        return np.zeros(len(fins), dtype=np.bool_)
    lus = np.frombuffer(octets, dtype=np.uint8)
    return (longueurs == 0) | ((longueurs == 1) & (lus[debuts] == _RETOUR))
