"""Kinds of deliveries: which files each holds, and how the rows of a file are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from convenir.mesure.donnees.formats import Colonne, Vue, vues_fluxiae
from convenir.mesure.donnees.reception.anomalies import Anomalie, Gravite
from convenir.mesure.donnees.reception.contenants import FichierLivre
from convenir.mesure.donnees.reception.entetes import ECHANTILLON, Tete, lire_tete, vue_du_fichier
from convenir.mesure.donnees.reception.flux import blocs_de_lignes, en_avance
from convenir.mesure.donnees.reception.lecture import Lecture, Morceau


class Lecteur(Protocol):
    """The account of a file once its rows were read."""

    lignes: int
    ecartees: int
    sans_fin: bool
    anomalies: list[Anomalie]


@dataclass(frozen=True)
class Lisible:
    """A file whose header is understood; `lire` gives its account and its rows, for some columns by rank."""

    tete: Tete
    lire: Callable[[list[int]], tuple[Lecteur, Iterator[Morceau]]]


class Genre(Protocol):
    """A kind of delivery.

    Attributes:
        rien_trouve: said when no file of the delivery is of this kind.
        etranger: said of a file that is not.
    """

    rien_trouve: str
    etranger: str

    @property
    def vues(self) -> Mapping[str, Vue]: ...

    def ouvrir(
        self, fichier: FichierLivre, encodage: str | None, taille_bloc: int
    ) -> AbstractContextManager[Lisible | None]:
        """Open a file; None when it is not of this kind."""
        ...

    def absences(self, trouvees: set[str]) -> dict[str, Anomalie]:
        """Return the views that the delivery lacks, and what the absence of each means."""
        ...

    def traduire(self, vue: Vue, colonne: Colonne, valeurs: pa.Array) -> pa.Array:
        """Return the texts of a column as the format writes them."""
        ...


class GenreFluxiae:
    """A FluxIAE delivery of the ASP."""

    rien_trouve = "aucun fichier FluxIAE n'a été trouvé (fluxIAE_<Vue>_JJMMAAAA_HHMMSS.csv)"
    etranger = "ce n'est pas une vue FluxIAE ; le fichier n'a pas été lu"

    @property
    def vues(self) -> Mapping[str, Vue]:
        """The views of the ASP."""
        return vues_fluxiae()

    @contextmanager
    def ouvrir(self, fichier: FichierLivre, encodage: str | None, taille_bloc: int) -> Iterator[Lisible | None]:
        """Read the first lines ahead, in a thread."""
        with en_avance(blocs_de_lignes(fichier.texte, fichier.nom, encodage, taille_bloc)) as suite:
            debut = assez(suite)
            vue = vue_du_fichier(fichier.nom, debut, self.vues)
            if vue is None:
                yield None
                return
            tete = lire_tete(fichier.nom, debut, vue)

            def lire(rangs: list[int]) -> tuple[Lecteur, Iterator[Morceau]]:
                lecture = Lecture(fichier.nom, tete, rangs)
                return lecture, lecture.morceaux(reprendre(debut, suite))

            yield Lisible(tete, lire)

    def absences(self, trouvees: set[str]) -> dict[str, Anomalie]:
        """Only warn: a delivery that holds only some views is accepted."""
        message = "la vue {} n'est pas dans la livraison ; ce qui en dépend sera « manquant »"
        absentes = [v.nom for v in self.vues.values() if v.conservee and v.nom not in trouvees]
        return {nom: Anomalie("", message.format(nom), Gravite.AVERTISSEMENT) for nom in absentes}

    def traduire(self, vue: Vue, colonne: Colonne, valeurs: pa.Array) -> pa.Array:  # noqa: ARG002
        """Change nothing."""
        return valeurs


FLUXIAE = GenreFluxiae()


def assez(blocs: Iterator[bytes]) -> bytes:
    """First blocks, enough of them to hold the header and some rows."""
    morceaux, taille = [], 0
    while taille < ECHANTILLON and (bloc := next(blocs, b"")):
        morceaux.append(bloc)
        taille += len(bloc)
    return b"".join(morceaux)


def reprendre(debut: bytes, suite: Iterator[bytes]) -> Iterator[bytes]:
    """Give back the blocks already looked at, then the others."""
    yield debut
    yield from suite
