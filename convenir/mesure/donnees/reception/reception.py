"""From a delivery as received to pseudonymised copies and the report of what was found (décisions, § 1 and § 3)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from convenir.mesure.donnees.formats import Vue
from convenir.mesure.donnees.reception.anomalies import Anomalie, Gravite, LivraisonRefusee, refus
from convenir.mesure.donnees.reception.contenants import FichierLivre, Ouvreur
from convenir.mesure.donnees.reception.copie import LIGNE, NOM_COPIE, EcrivainCopie
from convenir.mesure.donnees.reception.entetes import Tete
from convenir.mesure.donnees.reception.flux import TAILLE_BLOC, encodage_lu
from convenir.mesure.donnees.reception.genres import FLUXIAE, Genre, Lecteur, Lisible
from convenir.mesure.donnees.reception.lecture import Morceau
from convenir.mesure.donnees.reception.pseudonymes import Pseudonymiseur, nombre_de_masques
from convenir.socle.commun.francais import enumeration, pluriel, pourcent

Progression = Callable[[str, float], None]


@dataclass(frozen=True)
class ColonneDecrite:
    """A column whose values are not kept: its name, and how many rows filled it."""

    nom: str
    remplies: int
    lignes: int


@dataclass(frozen=True)
class FichierReceptionne:
    """A file read whole: what was received, what the copy keeps of it.

    `lignes` is the number of rows of the copy; `lignes_ecartees` those that could not be read, each in an anomaly.
    """

    vue: str
    nom: str
    sha256_recu: str
    sha256_copie: str
    chemin_copie: Path
    colonnes: tuple[str, ...]
    colonnes_inconnues: tuple[ColonneDecrite, ...]
    colonnes_manquantes: tuple[str, ...]
    lignes: int
    lignes_ecartees: int
    date_extraction: datetime | None
    sans_fin: bool


@dataclass(frozen=True)
class VueDecrite:
    """A view of which only the description is kept."""

    vue: str
    nom: str
    sha256_recu: str
    lignes: int
    colonnes: tuple[ColonneDecrite, ...]
    date_extraction: datetime | None
    sans_fin: bool


@dataclass
class Reception:
    """A delivery that can be read: copies by view, views only described, anomalies, views that it lacks."""

    vues: dict[str, FichierReceptionne] = field(default_factory=dict)
    decrites: list[VueDecrite] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    absentes: list[str] = field(default_factory=list)


def receptionner(
    chemin: Path,
    dossier: Path,
    *,
    cle: str,
    mot_de_passe: str | None,
    encodage: str | None = None,
    taille_max: int,
    progression: Progression | None = None,
    taille_bloc: int = TAILLE_BLOC,
    genre: Genre = FLUXIAE,
) -> Reception:
    """Read a delivery, pseudonymise it in the stream and write the copies under `dossier/<Vue>/conserve.parquet`.

    Args:
        chemin: a folder, an archive or a single file, in any container.
        dossier: where the copies go; it is left as it was found when the delivery is refused.
        cle: secret of the pseudonyms, the same at every import.
        mot_de_passe: of the archive; else `CONVENIR_MOT_DE_PASSE_ASP`. Never kept.
        encodage: of the files that are not in UTF-8, as declared by the person.
        taille_max: bytes that the delivery may hold once opened.
        progression: called, in the caller's thread, with the file being read and the share read so far (0 to 1).
        taille_bloc: bytes read at a time; changes nothing to the rows.
        genre: kind of delivery: which files it holds, how their rows are read.

    Raises:
        LivraisonRefusee: everything that refuses the delivery, one anomaly each; nothing is left written.
        EntreeInvalide: unknown encoding.
    """
    quai = _Quai(dossier, Pseudonymiseur(cle), encodage_lu(encodage), taille_bloc, progression, genre)
    neuf = not dossier.exists()
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        ouvreur = Ouvreur(taille_max, mot_de_passe, dossier, quai.noter)
        quai.decharger(ouvreur, chemin)
    except BaseException:
        quai.effacer()
        if neuf:
            with contextlib.suppress(OSError):
                dossier.rmdir()
        raise
    return quai.reception


class _Quai:
    """Unloads a delivery, file after file."""

    def __init__(
        self,
        dossier: Path,
        pseudonymiseur: Pseudonymiseur,
        encodage: str | None,
        taille_bloc: int,
        progression: Progression | None,
        genre: Genre,
    ) -> None:
        self._genre = genre
        self._dossier, self._pseudonymiseur = dossier, pseudonymiseur
        self._encodage, self._taille_bloc, self._progression = encodage, taille_bloc, progression
        self._noms: dict[str, str] = {}
        self._en_cours, self._part = "", 0.0
        self._ecrites: list[Path] = []
        self.reception = Reception()

    def noter(self, part: float) -> None:
        """Remember how far the delivery has been read; called by the reading thread."""
        self._part = part

    def _avancer(self) -> None:
        """Tell how far the delivery has been read, from the thread of the caller."""
        if self._progression:
            self._progression(self._en_cours, self._part)

    def decharger(self, ouvreur: Ouvreur, chemin: Path) -> None:
        """Read every file, gather every refusal, then refuse or conclude."""
        self._en_cours = chemin.name
        with self._refus_gardes(), contextlib.closing(ouvreur.fichiers(chemin)) as fichiers:
            for fichier in fichiers:
                self._en_cours = fichier.nom
                with self._refus_gardes():
                    self._fichier(fichier)
                if ouvreur.epuise:
                    break
        self._conclure(chemin)

    def effacer(self) -> None:
        """Remove the copies written, and the folders they needed."""
        for copie in self._ecrites:
            copie.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                copie.parent.rmdir()

    @contextlib.contextmanager
    def _refus_gardes(self) -> Iterator[None]:
        try:
            yield
        except LivraisonRefusee as refusee:
            self._anomalies(refusee.anomalies)

    def _anomalies(self, anomalies: list[Anomalie]) -> None:
        self.reception.anomalies += anomalies

    def _avertir(self, fichier: str, message: str, colonne: str = "") -> None:
        self._anomalies([Anomalie(fichier, message, Gravite.AVERTISSEMENT, colonne=colonne)])

    def _conclure(self, chemin: Path) -> None:
        vues = {*self.reception.vues, *(d.vue for d in self.reception.decrites)}
        refusee = any(a.gravite is Gravite.REFUS for a in self.reception.anomalies)
        if not vues and not refusee:
            self._anomalies([Anomalie(chemin.name, self._genre.rien_trouve, Gravite.REFUS)])
            refusee = True
        absences = self._genre.absences(vues)
        self.reception.absentes = list(absences)
        self._anomalies([*absences.values()])
        if refusee or any(a.gravite is Gravite.REFUS for a in self.reception.anomalies):
            raise LivraisonRefusee(self.reception.anomalies)

    def _fichier(self, fichier: FichierLivre) -> None:
        with self._genre.ouvrir(fichier, self._encodage, self._taille_bloc) as lisible:
            if lisible is None:
                return self._avertir(fichier.nom, self._genre.etranger)
            self._une_seule_fois(lisible.tete.vue, fichier.nom)
            self._anomalies([*lisible.tete.anomalies])
            self._vue(fichier, lisible)
        for message in fichier.avertissements:
            self._avertir(fichier.nom, message)

    def _une_seule_fois(self, vue: Vue, nom: str) -> None:
        autre = self._noms.get(vue.nom)
        if autre is not None:
            message = f"la vue {vue.nom} est livrée deux fois : {enumeration([autre, nom])} ; n'en gardez qu'un"
            raise refus(nom, message)
        self._noms[vue.nom] = nom

    def _vue(self, fichier: FichierLivre, lisible: Lisible) -> None:
        tete = lisible.tete
        gardes = [c.rang for c in tete.colonnes if c.connue and c.connue.nom_conserve and tete.vue.conservee]
        decrits = [c.rang for c in tete.colonnes if c.nom and (c.connue is None or not tete.vue.conservee)]
        lecture, lus = lisible.lire(sorted([*gardes, *decrits]) or [0])
        remplies = dict.fromkeys(decrits, 0)
        morceaux = self._compter(lus, remplies)
        try:
            if tete.vue.conservee:
                chemin = self._dossier / tete.vue.nom / NOM_COPIE
                self._ecrites.append(chemin)
                masques = self._copier(chemin, tete, gardes, morceaux)
            else:
                for _ in morceaux:
                    pass
        finally:
            self._anomalies(lecture.anomalies)
        colonnes = tuple(ColonneDecrite(tete.colonnes[r].nom, n, lecture.lignes) for r, n in remplies.items())
        if tete.vue.conservee:
            self._recue(fichier, tete, lecture, chemin, colonnes, masques)
        else:
            self._decrite(fichier, tete, lecture, colonnes)

    def _compter(self, morceaux: Iterator[Morceau], remplies: dict[int, int]) -> Iterator[Morceau]:
        """Count the filled rows of the columns that are only described, and tell the progress."""
        for morceau in morceaux:
            for rang in remplies:
                colonne = morceau.table[str(rang)]
                remplies[rang] += len(colonne) - colonne.null_count
            self._avancer()
            yield morceau

    def _copier(self, chemin: Path, tete: Tete, gardes: list[int], morceaux: Iterator[Morceau]) -> _Copie:
        """Write the copy; return its digest, its columns and the number of values masked in each."""
        connues = {r: c for r in gardes if (c := tete.colonnes[r].connue)}
        noms = [c.nom_conserve for c in connues.values()]
        masques: dict[str, int] = {}
        schema = pa.schema([*((n, pa.string()) for n in noms), (LIGNE, pa.int64())])
        with EcrivainCopie(chemin) as ecrivain:
            for morceau in morceaux:
                tableaux = []
                for rang, colonne in connues.items():
                    recues = self._genre.traduire(tete.vue, colonne, morceau.table[str(rang)].combine_chunks())
                    gardees = self._pseudonymiseur.remplacer(colonne, recues)
                    if colonne.personnelle:
                        masques[colonne.nom] = masques.get(colonne.nom, 0) + nombre_de_masques(gardees)
                    tableaux.append(gardees)
                ecrivain.ecrire(pa.Table.from_arrays([*tableaux, morceau.colonne_des_lignes], schema=schema))
            return _Copie(ecrivain.terminer(schema), tuple(noms), masques)

    def _recue(
        self,
        fichier: FichierLivre,
        tete: Tete,
        lecture: Lecteur,
        chemin: Path,
        inconnues: tuple[ColonneDecrite, ...],
        copie: _Copie,
    ) -> None:
        for inconnue in inconnues:
            part = pourcent(Decimal(100 * inconnue.remplies) / max(1, inconnue.lignes))
            message = f"colonne inconnue, remplie à {part} : elle est décrite, ses valeurs ne sont pas gardées"
            self._avertir(fichier.nom, message, inconnue.nom)
        for nom, nombre in copie.masques.items():
            if nombre:
                message = f"{pluriel(nombre, 'valeur')} d'une forme inattendue, effacées avant toute écriture"
                self._avertir(fichier.nom, message, nom)
        self.reception.vues[tete.vue.nom] = FichierReceptionne(
            vue=tete.vue.nom,
            nom=fichier.nom,
            sha256_recu=fichier.empreinte(),
            sha256_copie=copie.sha256,
            chemin_copie=chemin,
            colonnes=copie.colonnes,
            colonnes_inconnues=inconnues,
            colonnes_manquantes=tuple(c.nom for c in tete.manquantes),
            lignes=lecture.lignes,
            lignes_ecartees=lecture.ecartees,
            date_extraction=tete.date_extraction,
            sans_fin=lecture.sans_fin,
        )

    def _decrite(
        self, fichier: FichierLivre, tete: Tete, lecture: Lecteur, colonnes: tuple[ColonneDecrite, ...]
    ) -> None:
        message = "vue comptée et décrite ; ses valeurs ne sont pas gardées"
        self._avertir(fichier.nom, message)
        self.reception.decrites.append(
            VueDecrite(
                vue=tete.vue.nom,
                nom=fichier.nom,
                sha256_recu=fichier.empreinte(),
                lignes=lecture.lignes + lecture.ecartees,
                colonnes=colonnes,
                date_extraction=tete.date_extraction,
                sans_fin=lecture.sans_fin,
            )
        )


@dataclass(frozen=True)
class _Copie:
    sha256: str
    colonnes: tuple[str, ...]
    masques: dict[str, int]
