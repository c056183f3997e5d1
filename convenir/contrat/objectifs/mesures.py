"""What an objective measures: its definition frozen at the pose, its results, the comparable structures.

Everything of one negotiation is read in a fixed number of SQL queries, whatever the number of objectives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.models.convention import Dispositif
from convenir.contrat.objectifs.models import Objectif
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs.models import ChiffreMissionLocale, Instantane
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grille_de
from convenir.mesure.indicateurs.releves_ml.versions import a_la_date, version_de
from convenir.mesure.indicateurs.rules import rang_proche
from convenir.mesure.indicateurs.valeurs import Statut, Valeur, Valeurs
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.figures.comparaison import BoiteTerritoire
from convenir.socle.reglementation.queries import a_jour

ANNEES_MONTREES = 3


@dataclass(frozen=True)
class Definition:
    """What is frozen with an objective of the catalogue.

    Attributes:
        grille: frame of the missions locales, empty for the IAE.
        version: version of the definition.
        figee: words, terms, text: what the page prints and the judgement refers to.
    """

    code: str
    libelle: str
    unite: str
    sens: str
    grille: str
    version: int
    figee: dict[str, Any]


def definir(convention: Convention, code: str, annee: int, grille: str = "") -> Definition:
    """Return the definition of an indicator on the last day of a year, in the frame chosen.

    Raises:
        EntreeInvalide: no such indicator or frame.
    """
    if convention.dispositif == Dispositif.ML:
        return _definir_ml(code, annee, grille or grille_de(annee))
    try:
        lue = indicateurs.definition(code, date(annee, 12, 31))
    except indicateurs.IndicateurInconnu as erreur:
        raise EntreeInvalide(str(erreur)) from erreur
    figee = {
        "libelle": lue.libelle, "definition": lue.definition, "numerateur": lue.numerateur,
        "denominateur": lue.denominateur, "exclusions": list(lue.exclusions), "texte": lue.texte,
    }  # fmt: skip
    return Definition(code, lue.libelle, lue.unite, lue.sens, "", lue.version, figee)


def _definir_ml(code: str, annee: int, grille: str) -> Definition:
    indicateur = a_la_date(catalogue_ml(grille), annee).indicateurs.get(code)
    if indicateur is None:
        raise EntreeInvalide(f"L'indicateur « {code} » n'est pas dans la grille {grille}.")
    version = version_de(indicateur, annee).version
    figee = {
        "libelle": indicateur.libelle, "definition": indicateur.definition, "numerateur": indicateur.numerateur.mots,
        "denominateur": indicateur.denominateur.mots if indicateur.denominateur else "", "exclusions": [],
        "texte": indicateur.texte, "axe": indicateur.axe,
    }  # fmt: skip
    return Definition(code, indicateur.libelle, indicateur.unite, indicateur.sens, grille, version, figee)


def choix_d_indicateurs(convention: Convention, annee: int) -> list[tuple[str, str]]:
    """Return (code, words) of the indicators an objective may be posed on: those of the catalogue and frame."""
    if convention.dispositif == Dispositif.ML:
        lus = catalogue_ml(grille_de(annee)).indicateurs.values()
        return [(i.code, f"{i.code} : {i.libelle}") for i in lus if i.montre and "ml" in i.niveaux]
    jour = date(annee, 12, 31)
    return [
        (d.code, d.libelle)
        for d in indicateurs.definitions(jour)
        if not d.code.startswith("iae.objectifs.") and d.validite[0] <= jour
    ]


@dataclass
class Lectures:
    """The values of a convention's party and of those around it, read once.

    Attributes:
        annees: years shown, oldest first.
        instantane: snapshot they come from; None when nothing is computed.
        siennes: values of the structure or of the mission locale.
    """

    convention: Convention
    annees: tuple[int, ...]
    instantane: Instantane | None = None
    siennes: Valeurs | None = None
    autour: Mapping[tuple[str, str], Valeurs] = field(default_factory=dict)
    chiffres_ml: Mapping[tuple[str, int], list[Decimal]] = field(default_factory=dict)
    minimum: int = 5

    def resultat(self, objectif: Objectif, annee: int) -> Valeur | None:
        """Return a result of one year under the frame and definition of the objective; None when not comparable."""
        if self.siennes is None or self.instantane is None or not objectif.indicateur:
            return None
        if not comparable(self.instantane, objectif, annee):
            return None
        lue = self.siennes.get(objectif.indicateur, str(annee))
        return lue if lue.statut != Statut.MANQUANT else None

    def comparables(self, objectif: Objectif) -> BoiteTerritoire | None:
        """Return the spread of comparable structures in the last year shown, never naming them; None when unknown."""
        annee = self.annees[-1]
        if self.convention.dispositif == Dispositif.ML:
            return self._comparables_ml(objectif, annee)
        departement, region = self.convention.departement, self.convention.departement.region
        territoires = (
            (("departement", departement.pk), departement.nom), (("region", region.pk), region.nom),
            (("france", "FR"), "France"),
        )  # fmt: skip
        for cle, nom in territoires:
            lues = self.autour.get(cle)
            d = lues.dispersion(objectif.indicateur, str(annee), self.convention.categorie) if lues else None
            if d is not None and d.effectif >= self.minimum:
                return BoiteTerritoire(nom, d.effectif, d.q1.valeur, d.mediane.valeur, d.q3.valeur)
        return None

    def territoires(self, objectif: Objectif) -> list[tuple[str, Valeur]]:
        """Return (place, value) of the last year shown for the territory of the convention, the nearest first.

        Every category together, under the definition of the objective; those that are not computed are left out.
        """
        if self.instantane is None or not comparable(self.instantane, objectif, self.annees[-1]):
            return []
        departement, region = self.convention.departement, self.convention.departement.region
        lieux = ((("departement", departement.pk), departement.nom), (("region", region.pk), region.nom),
                 (("france", "FR"), "France"))  # fmt: skip
        lues = [(nom, self.autour[cle].get(objectif.indicateur, str(self.annees[-1])))
                for cle, nom in lieux if cle in self.autour]  # fmt: skip
        return [(nom, valeur) for nom, valeur in lues if valeur.est_disponible]

    def _comparables_ml(self, objectif: Objectif, annee: int) -> BoiteTerritoire | None:
        valeurs = self.chiffres_ml.get((objectif.indicateur, annee), [])
        if len(valeurs) < self.minimum:
            return None
        q1, mediane, q3 = (rang_proche(valeurs, centieme) for centieme in (25, 50, 75))
        return BoiteTerritoire(self.convention.departement.region.nom, len(valeurs), q1, mediane, q3)


def comparable(instantane: Instantane, objectif: Objectif, annee: int) -> bool:
    """Tell whether a snapshot holds the indicator under the frame and version of the objective, for that year."""
    if objectif.grille and instantane.perimetre.get("grilles", {}).get(str(annee)) != objectif.grille:
        return False
    return instantane.definitions.get(objectif.indicateur) == objectif.version


def lire(convention: Convention, annee: int, indicateurs_lus: Iterable[str]) -> Lectures:
    """Read what a negotiation of the objectives of a year shows, in a fixed number of queries."""
    codes = sorted({code for code in indicateurs_lus if code})
    dispositif = "ml" if convention.dispositif == Dispositif.ML else "iae"
    annees = tuple(range(annee - ANNEES_MONTREES, annee))
    instantane = indicateurs.instantane_courant(dispositif=dispositif)
    minimum = int(a_jour().nombre("secret.seuil", date(annee, 12, 31)))
    if instantane is None or not codes:
        return Lectures(convention, annees, instantane, minimum=minimum)
    if convention.mission_locale is not None:
        cle = ("ml", convention.mission_locale.code)
        siennes = indicateurs.valeurs_de_plusieurs([instantane], [cle])[cle]
        chiffres = _chiffres_ml(convention, codes, annees[-1])
        return Lectures(convention, annees, instantane, siennes, {}, chiffres, minimum)
    departement = convention.departement
    cle = ("siae", convention.structure.code if convention.structure else "")
    cles = [cle, ("departement", departement.pk), ("region", departement.region_id), ("france", "FR")]
    lues = indicateurs.valeurs_de_plusieurs([instantane], cles)
    return Lectures(convention, annees, instantane, lues[cle], lues, {}, minimum)


def _chiffres_ml(convention: Convention, codes: list[str], annee: int) -> dict[tuple[str, int], list[Decimal]]:
    """Return the values of the other missions locales of the région, by indicator (one query)."""
    lus: dict[tuple[str, int], list[Decimal]] = {}
    autres = ChiffreMissionLocale.objects.filter(
        mission_locale__departement__region=convention.departement.region_id,
        indicateur__in=codes, annee=annee, valeur__isnull=False,
    ).exclude(mission_locale=convention.mission_locale_id)  # fmt: skip
    for code, an, valeur in autres.values_list("indicateur", "annee", "valeur"):
        if valeur is not None:
            lus.setdefault((code, an), []).append(valeur)
    return lus


def base_de(convention: Convention, definition: Definition, annee: int) -> dict[str, Any]:
    """Return the base value of an objective: the last result known before its year, and its snapshot."""
    lectures = lire(convention, annee, [definition.code])
    modele = Objectif(indicateur=definition.code, grille=definition.grille, version=definition.version)
    for an in reversed(lectures.annees):
        lue = lectures.resultat(modele, an)
        if lue is not None and lue.est_disponible:
            texte = f"Résultat {an}" + (f", {lue.effectif}" if lue.effectif else "")
            return {
                "base": lue.valeur, "base_periode": str(an), "base_texte": texte,
                "base_instantane": lectures.instantane,
            }  # fmt: skip
    return {}
