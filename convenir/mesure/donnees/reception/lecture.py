"""Rows of one file, block by block, as tables of texts with the line where each begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from convenir.mesure.donnees.reception.anomalies import Anomalie, Gravite, refus
from convenir.mesure.donnees.reception.entetes import Tete, lire_fin
from convenir.mesure.donnees.reception.rapiecage import Ecart, Rapiecage, rapiecer
from convenir.socle.commun.francais import nombre, pluriel

ECARTS_MAX = 10_000
RECOLLAGES_DITS = 200


_SANS_GUILLEMETS: dict[str, Any] = {
    "delimiter": "|",
    "quote_char": False,
    "escape_char": False,
    "newlines_in_values": False,
    "ignore_empty_lines": False,
}
_TEXTE_OU_RIEN: dict[str, Any] = {"null_values": [""], "strings_can_be_null": True, "check_utf8": False}


@dataclass
class Morceau:
    """Some rows of a file: one column of text per column read, named by its rank in the file (`"0"`, `"1"`…)."""

    table: pa.Table
    lignes: npt.NDArray[np.int64]

    @property
    def colonne_des_lignes(self) -> pa.Array:
        """The lines as a column (from its buffer: `pa.array` would load pandas wherever it is installed)."""
        lignes = np.ascontiguousarray(self.lignes, dtype=np.int64)
        return pa.Array.from_buffers(pa.int64(), len(lignes), [None, pa.py_buffer(lignes)])


@dataclass
class Lecture:
    """Reads the rows of a file and keeps the account of what was read, mended and set aside."""

    fichier: str
    tete: Tete
    rangs: list[int]
    lignes: int = 0
    ecartees: int = 0
    recollees: int = 0
    guillemets: int = 0
    sans_fin: bool = False
    anomalies: list[Anomalie] = field(default_factory=list)
    _premier_guillemet: int | None = None

    def morceaux(self, blocs: Iterator[bytes]) -> Iterator[Morceau]:
        """Yield the rows of the file, whose first block begins with the header.

        Raises:
            LivraisonRefusee: count of the FIN line, last line cut short, too many unreadable lines, no row.
        """
        reste, ligne = b"", self.tete.premiere_ligne
        annonce: int | None = None
        a_sauter = self.tete.octets
        for bloc, dernier in _avec_fin(blocs):
            octets = reste + bloc[a_sauter:]
            a_sauter = 0
            if dernier:
                octets, annonce = lire_fin(octets)
            morceau, reste, ligne = self._analyser(octets, ligne, dernier=dernier, fin_annoncee=annonce is not None)
            if morceau is not None:
                self.lignes += len(morceau.lignes)
                yield morceau
        self._conclure(annonce)

    def _analyser(
        self, octets: bytes, ligne: int, *, dernier: bool, fin_annoncee: bool
    ) -> tuple[Morceau | None, bytes, int]:
        """Read a block straight if every line is right, else mend it first; return what is held back."""
        coupe = len(octets) if dernier else octets.rfind(b"\n", 0, -1) + 1
        if not coupe:
            return None, octets, ligne
        juste = dernier or octets.count(b"|", coupe) == self.tete.largeur - 1
        table = self._lire(octets if dernier else octets[:coupe]) if juste else None
        if table is not None:
            suite = ligne + table.num_rows
            lignes = np.arange(ligne, suite, dtype=np.int64)
            self._compter_guillemets(octets, coupe, lignes)
            return Morceau(table, lignes), octets[coupe:], suite
        fait = rapiecer(octets, self.tete.largeur - 1, ligne, dernier=dernier, fin_annoncee=fin_annoncee)
        self._noter(fait)
        self._compter_guillemets(fait.octets, len(fait.octets), fait.lignes)
        table = self._lire(fait.octets) if len(fait.lignes) else None
        morceau = None if table is None else Morceau(table, fait.lignes)
        return morceau, fait.reste, fait.ligne_du_reste

    def _lire(self, octets: bytes) -> pa.Table | None:
        """Parse lines without quoting; None as soon as one has not the right number of fields.

        The handler only raises a flag: the errors of the parser quote the line, hence the person.
        """
        mauvaises: list[int] = []
        if _a_preparer(octets):
            return None

        def signaler(rangee: Any) -> str:
            mauvaises.append(rangee.actual_columns)
            return "skip"

        noms = [str(rang) for rang in range(self.tete.largeur)]
        lus = [str(rang) for rang in self.rangs]
        try:
            table = pacsv.read_csv(
                pa.BufferReader(octets),
                read_options=pacsv.ReadOptions(column_names=noms, block_size=len(octets) + 1),
                parse_options=pacsv.ParseOptions(**_SANS_GUILLEMETS, invalid_row_handler=signaler),
                convert_options=pacsv.ConvertOptions(
                    include_columns=lus, column_types=dict.fromkeys(lus, pa.string()), **_TEXTE_OU_RIEN
                ),
            )
        except pa.ArrowException:
            raise refus(self.fichier, "le contenu du fichier ne peut être lu ; demandez un nouvel envoi") from None
        return None if mauvaises else table

    def _compter_guillemets(self, octets: bytes, fin: int, lignes: npt.NDArray[np.int64]) -> None:
        premier = octets.find(b'"', 0, fin)
        if premier < 0:
            return
        self.guillemets += octets.count(b'"', premier, fin)
        self._premier_guillemet = self._premier_guillemet or int(lignes[octets.count(b"\n", 0, premier)])

    def _noter(self, fait: Rapiecage) -> None:
        if fait.coupee:
            raise refus(self.fichier, self._dire(fait.coupee, "la dernière ligne") + COUPE, ligne=fait.coupee.ligne)
        trouvees = [
            Anomalie(self.fichier, RECOLLEE, Gravite.AVERTISSEMENT, ligne)
            for ligne in fait.recollees[: max(0, RECOLLAGES_DITS - self.recollees)]
        ]
        for ecart in fait.ecartees:
            message = self._dire(ecart, "la ligne") + " ; elle est mise à l'écart"
            trouvees.append(Anomalie(self.fichier, message, Gravite.QUARANTAINE, ecart.ligne))
        self.anomalies += sorted(trouvees, key=lambda a: a.ligne or 0)
        self.recollees += len(fait.recollees)
        self.ecartees += len(fait.ecartees)
        if self.ecartees > ECARTS_MAX:
            raise refus(self.fichier, f"plus de {nombre(ECARTS_MAX)} lignes sont illisibles : le fichier est abîmé")

    def _dire(self, ecart: Ecart, sujet: str) -> str:
        return f"{sujet} a {pluriel(ecart.champs, 'champ')} au lieu de {self.tete.largeur}"

    def _avertir(self, message: str, ligne: int | None = None) -> None:
        self.anomalies.append(Anomalie(self.fichier, message, Gravite.AVERTISSEMENT, ligne))

    def _conclure(self, annonce: int | None) -> None:
        total = self.lignes + self.ecartees
        if annonce is not None and annonce != total:
            message = f"la ligne FIN annonce {pluriel(annonce, 'ligne')}, le fichier en contient {nombre(total)}"
            raise refus(self.fichier, f"{message} ; demandez un nouvel envoi de ce fichier")
        if not total and (annonce is None or self.tete.vue.principale):
            raise refus(self.fichier, "le fichier est vide : aucune ligne sous l'en-tête")
        if not total:
            self._avertir("aucune ligne, comme sa ligne FIN l'annonce")
        if annonce is None:
            self.sans_fin = True
            self._avertir("pas de ligne FIN : rien ne garantit que le fichier soit entier")
        if self.guillemets:
            message = (
                f"{pluriel(self.guillemets, 'guillemet')} dans les textes, à partir de cette ligne : lus tels quels"
            )
            self._avertir(message, self._premier_guillemet)
        if self.recollees > RECOLLAGES_DITS:
            self._avertir(f"au total, {nombre(self.recollees)} lignes coupées ont été recollées")


RECOLLEE = "un saut de ligne coupait un texte ; la ligne a été recollée"
COUPE = " : le fichier est tronqué ; demandez un nouvel envoi"


def _a_preparer(octets: bytes) -> bool:
    """Tell what the parser would read otherwise than by lines: an empty line, a carriage return inside a line."""
    if octets.startswith((b"\n", b"\r")) or b"\n\n" in octets or b"\n\r" in octets:
        return True
    retours = octets.count(b"\r")
    return retours > 0 and retours != octets.count(b"\r\n")


def _avec_fin(blocs: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each block with whether it is the last."""
    avant = next(blocs, None)
    for bloc in blocs:
        if avant is not None:
            yield avant, False
        avant = bloc
    if avant is not None:
        yield avant, True
