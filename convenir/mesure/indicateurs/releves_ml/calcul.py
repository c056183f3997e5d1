# ruff: noqa: E501 - a SQL clause stays on its line
"""The calculation: a folder of records in, sorted values out. It reads and writes no database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import duckdb

from convenir.mesure.indicateurs.calcul import ecrire_csv
from convenir.mesure.indicateurs.entrees import geographie
from convenir.mesure.indicateurs.moteurs import (
    Annulation,
    Moteur,
    MoteurInterrompu,
    Requete,
    ValeurIllisible,
    ouvrir_moteur,
)
from convenir.mesure.indicateurs.perimetre import PerimetreCharge, perimetre
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.cases import Cases
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grille_de
from convenir.mesure.indicateurs.releves_ml.comptage import compter_evenements, compter_personnes
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, Releve, TermeMl
from convenir.mesure.indicateurs.releves_ml.deploiement import Comptes
from convenir.mesure.indicateurs.releves_ml.etats import preparer_dossiers, preparer_etats
from convenir.mesure.indicateurs.releves_ml.invariants import verifier
from convenir.mesure.indicateurs.releves_ml.lecture import Dossier, Tables, ouvrir_dossier
from convenir.mesure.indicateurs.releves_ml.regles import Regles, regles
from convenir.mesure.indicateurs.releves_ml.relations import RELATIONS, Contexte
from convenir.mesure.indicateurs.releves_ml.reseau import preparer_reseau
from convenir.mesure.indicateurs.releves_ml.valeurs_ml import completer, ecrire_valeurs, preparer_valeurs
from convenir.mesure.indicateurs.releves_ml.versions import a_la_date
from convenir.mesure.reprise import a_neuf
from convenir.socle.commun.erreurs import EntreeInvalide

PROPOSITIONS = ("ACT08", "ACT09", "ACT10")
# Called before each step: its name, and the part already done, from 0 to 1.
Progression = Callable[[str, float], None]


@dataclass
class CalculMl:
    """A finished calculation, to be closed after use (`with`).

    Its values are in the view `valeurs` of a private DuckDB database, whatever the engine: texts `niveau, code,
    indicateur, ventilation, modalite, periode, numerateur, denominateur, valeur, statut`, and `annee`. The same as exact
    integers, in the order of the CSV, in `publiees`. These two and the methods below are what other modules may use.
    """

    base: duckdb.DuckDBPyConnection
    moteur: Moteur
    temporaire: Path
    catalogues: dict[int, CatalogueMl]
    regles: dict[int, Regles]
    perimetre: PerimetreCharge

    def __enter__(self) -> CalculMl:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        fermer(self.moteur, self.temporaire)

    @property
    def lignes(self) -> int:
        """Number of values."""
        ligne = self.base.execute("SELECT count(*) FROM publiees").fetchone()
        return int(ligne[0]) if ligne else 0

    def ecrire_csv(self, chemin: Path, niveaux: Collection[str] = ()) -> str:
        """Write the values as the one CSV of both schemes (see `indicateurs.calcul`) and return its SHA-256.

        Args:
            chemin: file to write.
            niveaux: levels to keep; all if empty.
        """
        return ecrire_csv(self, chemin, niveaux, "valeurs_dans_lordre", "t, i, c")


def fermer(moteur: Moteur | None, temporaire: Path) -> None:
    """Free an engine, if it was opened, and remove its folder."""
    try:
        if moteur is not None:
            moteur.fermer()
    finally:
        shutil.rmtree(temporaire, ignore_errors=True)


def _sans_suite(etape: str, part: float) -> None:
    """Follow nothing."""


@dataclass(frozen=True)
class Demande:
    """What is asked of a calculation."""

    dossier: Dossier
    annees: list[AnneeMl]
    catalogues: dict[int, CatalogueMl]
    regles: dict[int, Regles]
    progression: Progression
    annulation: Annulation

    def etape(self, nom: str, part: float) -> None:
        """Stop here if that was asked; otherwise say what begins."""
        self.annulation.verifier()
        self.progression(nom, part)


def calculer_ml(
    dossier: Path, annees: Iterable[int], *, grille: str | None = None,
    mois: int | Mapping[int, int] = 12, lire_regles: Callable[[int], Regles] = regles, moteur: str = "duckdb", progression: Progression = _sans_suite,
    annulation: Annulation | None = None,
) -> CalculMl:  # fmt: skip
    """Compute every indicator of some years from a folder of records.

    Args:
        dossier: folder of the tables, CSV or Parquet.
        annees: calendar years.
        grille: frame; the one in force in each year if None.
        mois: closed months, of each year or by year (12 for a year not named); later events are left out.
        lire_regles: parameters of a year.
        moteur: `duckdb`, or `spark`; the same bytes come out.
        progression: called before each step with its name and the part done, from 0 to 1.
        annulation: token by which another thread stops the calculation.

    Raises:
        EntreeInvalide: the folder cannot be read, or holds no youth.
        InvariantRompu: a figure contradicts another.
        CalculAnnule: it was stopped; nothing is written and the temporary files are removed.
    """
    lu, voulues = ouvrir_dossier(dossier), sorted(set(annees))
    lues = {annee: lire_regles(annee) for annee in voulues}
    catalogues = {
        annee: selon(a_la_date(catalogue_ml(grille or grille_de(annee)), annee), lues[annee]) for annee in voulues
    }
    clos = {annee: mois if isinstance(mois, int) else mois.get(annee, 12) for annee in voulues}
    demande = Demande(
        lu, [AnneeMl(a, m) for a, m in clos.items()], catalogues, lues, progression, annulation or Annulation()
    )
    return a_neuf(lambda fils: _essayer(demande, moteur, fils))


def _essayer(demande: Demande, nom: str, fils: int | None) -> CalculMl:
    """Compute in a fresh database, closed and removed if anything stops it."""
    temporaire = Path(tempfile.mkdtemp(prefix="convenir-indicateurs-"))
    moteur: Moteur | None = None
    try:
        moteur = ouvrir_moteur(nom, [demande.dossier.chemin], temporaire, fils)
        demande.annulation.suivre(moteur)
        return _calculer(Tables(moteur, demande.dossier), temporaire, demande)
    except BaseException as erreur:
        fermer(moteur, temporaire)
        if isinstance(erreur, MoteurInterrompu | duckdb.InterruptException):
            demande.annulation.verifier()
        if isinstance(erreur, ValeurIllisible | duckdb.ConversionException):
            raise EntreeInvalide(
                f"Une valeur du dossier {demande.dossier.chemin.name} n'a pas le type attendu : {str(erreur).splitlines()[0]}"
            ) from erreur
        raise
    finally:
        demande.annulation.suivre(None)


def _calculer(tables: Tables, temporaire: Path, demande: Demande) -> CalculMl:
    base, geo = tables.base, geographie()
    demande.etape("Missions locales et jeunes", 0.0)
    preparer_reseau(tables, geo.regions)
    preparer_dossiers(tables)
    presents = {str(ligne[0]) for ligne in base.execute("SELECT DISTINCT dept_code FROM ml").fetchall()}
    couvert = perimetre(presents, geo.regions, geo.noms, geo.hors_compte)
    sites = [str(ligne[0]) for ligne in base.execute("SELECT site_id FROM niveaux_site").fetchall()]
    cases = Cases(demande.annees, demande.catalogues, sites)
    preparer_valeurs(base, cases)
    for rang, annee in enumerate(demande.annees):
        _une_annee(tables, demande, annee, couvert, cases, rang)
    demande.etape("Terminé", 1.0)
    return CalculMl(base, tables.moteur, temporaire, demande.catalogues, demande.regles, couvert)


def _une_annee(
    tables: Tables, demande: Demande, annee: AnneeMl, couvert: PerimetreCharge, cases: Cases, rang: int
) -> None:
    lues, cat = demande.regles[annee.annee], demande.catalogues[annee.annee]
    releves = [
        r for r in cat.releves.values() if tables.a(*r.tables) and cat.de(r.nom, "personnes", "stock", "evenements")
    ]
    combien = len(releves) + 2

    def etape(nom: str, fait: int) -> None:
        demande.etape(f"{annee.annee} : {nom}", 0.05 + 0.95 * (rang + fait / combien) / len(demande.catalogues))

    etape("situation personnelle des jeunes", 0)
    bornes = preparer_etats(tables, annee, lues, cat)
    comptes = Comptes(tables.base, cat)
    contexte = Contexte(tables, annee, lues, cat, bornes)
    for fait, releve in enumerate(releves, 1):
        etape(releve.libelle, fait)
        _compter(contexte, releve, comptes, cases)
    etape("valeurs, taux et vérifications", combien - 1)
    comptes.deposer(annee, cases)
    completer(tables, cat, annee, lues, couvert, cases)
    verifier(tables.base, cat, cases)
    ecrire_valeurs(tables.base, cat, annee, cases)


def _compter(c: Contexte, releve: Releve, comptes: Comptes, cases: Cases) -> None:
    """Run the trees of a relation; one that feeds both is made once."""
    relation = RELATIONS[releve.nom](c)
    if c.cat.de(releve.nom, "personnes", "stock") and c.cat.de(releve.nom, "evenements"):
        c.tables.moteur.creer(f"r_{releve.nom}", Requete(relation))
        relation = f"SELECT * FROM r_{releve.nom}"
    personnes = compter_personnes(c.cat, releve, relation, cases.rangs, c.annee.mois - 1)
    if personnes is not None:
        c.tables.moteur.rapporter("sommes", personnes.requete)
        comptes.personnes(personnes, "sommes")
    evenements = compter_evenements(c.cat, releve, relation, cases.rangs)
    if evenements is not None:
        c.tables.moteur.rapporter("sommes", evenements.requete)
        comptes.evenements(evenements, "sommes")


def selon(cat: CatalogueMl, lues: Regles) -> CatalogueMl:
    """Put in the definitions what the parameters choose: the denominator of the propositions.

    A proposition made by phone is one of a youth in contact, not always in interview: no share of a whole then.
    """
    denominateur = lues.choix("propositions.denominateur")
    mots = {"ACT01": "jeunes en contact", "ACT02": "jeunes en entretien"}[denominateur]
    indicateurs = {
        code: replace(i, denominateur=TermeMl(mots, denominateur), borne=denominateur == "ACT01")
        if i.genre == "rapport" and code.startswith(PROPOSITIONS)
        else i
        for code, i in cat.indicateurs.items()
    }
    return replace(cat, indicateurs=indicateurs)
