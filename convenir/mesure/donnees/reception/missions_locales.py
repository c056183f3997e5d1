"""Records of missions locales: one CSV or Parquet file for each table, read through a mapping if there is one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq

from convenir.mesure.donnees.correspondances import AUCUNE, Correspondance
from convenir.mesure.donnees.correspondances.traduction import traduire
from convenir.mesure.donnees.formats import VUE_AGREGATS, Colonne, Vue, tables_missions_locales, vue_agregats_ml
from convenir.mesure.donnees.reception.anomalies import Anomalie, Gravite, refus
from convenir.mesure.donnees.reception.contenants import FichierLivre
from convenir.mesure.donnees.reception.csv_cite import LectureCsv
from convenir.mesure.donnees.reception.entetes import COLONNES_MAX, ColonneRecue, Tete, manques, verifier_entete
from convenir.mesure.donnees.reception.flux import blocs_de_lignes, en_avance
from convenir.mesure.donnees.reception.genres import Lecteur, Lisible, assez, reprendre
from convenir.mesure.donnees.reception.lecture import Morceau
from convenir.mesure.donnees.reception.tableaux import LectureParquet

# What tells a file of indicators whatever its name.
COLONNES_AGREGATS = {"niveau", "code_territoire", "indicateur", "periode", "statut"}
SEPARATEURS = (",", ";", "\t", "|")
_SUFFIXES = re.compile(r"(\.(csv|txt|parquet|gz|zip))+$", re.IGNORECASE)
# A header is repeated in reports: what looks like a value (a number, an address) is not.
_VALEUR = re.compile(r"[0-9]{5,}|@")


class GenreMissionsLocales:
    """The nineteen tables of the published format, or the values of the indicators already computed."""

    etranger = "ce n'est pas une table des missions locales ; le fichier n'a pas été lu"
    rien_trouve = (
        "aucune table n'a été trouvée. Attendu : un fichier par table, nommé structure.csv, jeune.csv, actualite.csv… "
        "ou un fichier d'indicateurs. Si vos fichiers portent d'autres noms, donnez une correspondance"
    )

    def __init__(self, correspondance: Correspondance = AUCUNE) -> None:
        self.correspondance = correspondance
        self._vues = {**tables_missions_locales(), VUE_AGREGATS: vue_agregats_ml()}

    @property
    def vues(self) -> Mapping[str, Vue]:
        """The tables."""
        return self._vues

    def absences(self, trouvees: set[str]) -> dict[str, Anomalie]:
        """Refuse without youths or structures; elsewhere, the indicators of the table are missing."""
        if trouvees == {VUE_AGREGATS}:
            return {}
        if VUE_AGREGATS in trouvees:
            message = "la livraison mêle des enregistrements et des indicateurs ; déposez-les séparément"
            return {VUE_AGREGATS: Anomalie("", message, Gravite.REFUS)}
        return {v.nom: _absence(v) for v in tables_missions_locales().values() if v.nom not in trouvees}

    def traduire(self, vue: Vue, colonne: Colonne, valeurs: pa.Array) -> pa.Array:
        """Apply the mapping."""
        choisie = self.correspondance.table(vue.nom).colonnes.get(colonne.nom)
        return traduire(colonne, choisie, valeurs) if choisie else valeurs

    def vue_du_fichier(self, nom: str, entetes: Sequence[str] = ()) -> Vue | None:
        """Return the table of a file: that of the indicators, the one the mapping says, the one it is named after."""
        if {normaliser(e) for e in entetes} >= COLONNES_AGREGATS:
            return self._vues[VUE_AGREGATS]
        for table, choisie in self.correspondance.tables.items():
            if choisie.fichier and fnmatch(nom.lower(), choisie.fichier.lower()):
                return self._vues.get(table)
        return self._vues.get(_SUFFIXES.sub("", nom).lower())

    @contextmanager
    def ouvrir(self, fichier: FichierLivre, encodage: str | None, taille_bloc: int) -> Iterator[Lisible | None]:
        """Open a table."""
        if fichier.parquet is not None:
            yield self._parquet(fichier)
        else:
            with en_avance(blocs_de_lignes(fichier.texte, fichier.nom, encodage, taille_bloc)) as suite:
                yield self._csv(fichier.nom, assez(suite), suite)

    def _csv(self, nom: str, debut: bytes, suite: Iterator[bytes]) -> Lisible | None:
        entete, saut, reste = debut.partition(b"\n")
        separateur = separateur_de(entete.decode(errors="replace"))
        noms = lire_entete(entete.decode(errors="replace"), separateur)
        vue = self.vue_du_fichier(nom, noms)
        if vue is None:
            return None
        if not entete.strip():
            raise refus(nom, "le fichier est vide")
        tete = self._tete(nom, vue, noms, len(entete) + len(saut))
        return Lisible(tete, partial(_lire_csv, nom, tete, separateur, len(noms), reste, suite))

    def _parquet(self, fichier: FichierLivre) -> Lisible | None:
        try:
            source = pq.ParquetFile(fichier.parquet)
        except (pa.ArrowException, OSError):
            raise refus(fichier.nom, "le fichier Parquet est abîmé ; écrivez-le de nouveau") from None
        vue = self.vue_du_fichier(fichier.nom, source.schema_arrow.names)
        if vue is None:
            return None
        tete = self._tete(fichier.nom, vue, source.schema_arrow.names, 0)

        def lire(rangs: list[int]) -> tuple[Lecteur, Iterator[Morceau]]:
            lecture = LectureParquet(fichier.nom, tete, rangs)
            return lecture, lecture.morceaux(source)

        return Lisible(tete, lire)

    def _tete(self, fichier: str, vue: Vue, entetes: list[str], octets: int) -> Tete:
        if len(entetes) > COLONNES_MAX:
            raise refus(fichier, f"plus de {COLONNES_MAX} colonnes : ce n'est pas une table des missions locales")
        choix = self.correspondance.table(vue.nom).colonnes
        connues = colonnes_des_entetes(vue, entetes, self.correspondance)
        constantes = {
            len(entetes) + rang: nom for rang, nom in enumerate(n for n, c in choix.items() if c.constante)
        }  # fmt: skip
        noms = [connues.get(rang, "") for rang in range(len(entetes))] + list(constantes.values())
        verifier_entete(fichier, vue, noms, 1)
        colonnes = [
            ColonneRecue(rang, connues.get(rang) or _dicible(entete, rang), vue.colonne(connues.get(rang, "")))
            for rang, entete in enumerate(entetes)
        ]
        colonnes += [ColonneRecue(rang, nom, vue.par_nom[nom]) for rang, nom in constantes.items()]
        tete = Tete(vue, colonnes, len(entetes), 2, octets, None)
        tete.constantes = {rang: choix[nom].constante for rang, nom in constantes.items()}
        tete.anomalies += manques(fichier, tete)
        return tete


def colonnes_des_entetes(vue: Vue, entetes: list[str], correspondance: Correspondance) -> dict[int, str]:
    """Return the column of each header by rank: the one the mapping gives it, else the one it is named after."""
    choix = correspondance.table(vue.nom).colonnes
    choisis = {normaliser(c.colonne): nom for nom, c in choix.items() if c.colonne}
    lus = [normaliser(e) for e in entetes]
    pris = {choisis[e] for e in lus if e in choisis} | {nom for nom, c in choix.items() if c.constante}
    trouvees: dict[int, str] = {}
    for rang, entete in enumerate(lus):
        connue = vue.colonne(entete)
        if entete in choisis:
            trouvees[rang] = choisis[entete]
        elif connue and connue.nom not in pris:
            trouvees[rang] = connue.nom
    return trouvees


def _lire_csv(
    nom: str, tete: Tete, separateur: str, largeur: int, reste: bytes, suite: Iterator[bytes], rangs: list[int]
) -> tuple[Lecteur, Iterator[Morceau]]:
    lecture = LectureCsv(nom, tete, rangs, separateur, largeur)
    return lecture, lecture.morceaux(reprendre(reste, suite))


def separateur_de(entete: str) -> str:
    """Return the separator of a header: the most frequent one, outside quotes; a comma if there is none."""
    hors = re.sub(r'"[^"]*"', "", entete)
    return max(SEPARATEURS, key=lambda s: (hors.count(s), s == ","))


def lire_entete(entete: str, separateur: str) -> list[str]:
    """Return the names of a header line."""
    return next(csv.reader([entete.rstrip("\r")], delimiter=separateur), [])


def normaliser(entete: str) -> str:
    """Return a header as it is compared: lower case, one space between words."""
    return re.sub(r"\s+", " ", entete.replace("\u2019", "'").replace("\ufeff", "")).strip(" :").lower()


def _dicible(entete: str, rang: int) -> str:
    """Return a header that may be repeated."""
    net = " ".join(entete.split())
    return net[:80] if net and not _VALEUR.search(net) else f"colonne n° {rang + 1}"


def _absence(vue: Vue) -> Anomalie:
    if vue.principale:
        message = f"la table {vue.nom} n'est pas dans la livraison ; sans elle, rien ne peut être rattaché"
        return Anomalie("", message, Gravite.REFUS)
    message = f"la table {vue.nom} n'est pas dans la livraison ; ses indicateurs seront « n. d. »"
    return Anomalie("", message, Gravite.AVERTISSEMENT)
