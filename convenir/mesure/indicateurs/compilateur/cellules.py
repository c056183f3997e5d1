"""The values to write for each indicator: which sums make its numerator and denominator, under which status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convenir.mesure.indicateurs.chargement import colonnes_de
from convenir.mesure.indicateurs.compilateur.enumerations import constante
from convenir.mesure.indicateurs.compilateur.nombres import DECIMALES, DECIMALES_PAR_ECHELLE, arrondir, rapport
from convenir.mesure.indicateurs.compilateur.sommes import MOIS, Sommes, condition, exclusion
from convenir.mesure.indicateurs.definitions import Catalogue, Indicateur, Source, Ventilation
from convenir.mesure.indicateurs.valeurs import NIVEAUX, Statut, Unite

Presence = Callable[[str], bool]
# Where a modality, or a period, is read from the row instead of being written in the definition.
COLONNE, PERIODE = "<colonne>", "<periode>"


@dataclass(frozen=True)
class Annee:
    """The year computed: its number and how many of its months are closed."""

    annee: int
    mois_clos: int


@dataclass(frozen=True)
class Cellule:
    """One value per territory: SQL over the sums, as integers with their decimals."""

    indicateur: str
    niveaux: tuple[str, ...]
    genre: str
    periode: str
    ventilation: str
    modalite: str
    numerateur: str
    denominateur: str
    valeur: str
    decimales: tuple[int, int, int]
    statut: str
    exclus: str
    source: str = ""

    def struct(self, rang: int) -> str:
        """SQL of what depends on the row: sums as integers, status; the rest is in `constantes`."""
        texte = {
            "k": str(rang),
            "n": f"CAST({self.numerateur} AS BIGINT)",
            "d": f"CAST({self.denominateur} AS BIGINT)",
            "v": f"CAST({self.valeur} AS BIGINT)",
            "statut": self.statut,
            "exclus": f"CAST({self.exclus} AS BIGINT)",
        }
        return "{" + ", ".join(f"'{cle}': {valeur}" for cle, valeur in texte.items()) + "}"

    def constantes(self, rang: int) -> str:
        """SQL of what does not depend on the row; NULL where the row gives it (open modality, period)."""
        textes = (self.indicateur, self.ventilation, self.modalite, self.periode, self.source)
        ecrits = ", ".join(t if t.startswith("'") else "NULL" if t in {COLONNE, PERIODE} else f"'{t}'" for t in textes)
        portee = sum(1 << rang for rang, niveau in enumerate(NIVEAUX) if niveau in self.niveaux)
        return f"({rang}, {ecrits}, {', '.join(map(str, self.decimales))}, {portee})"


@dataclass
class Fabrique:
    """Makes the cells of one source."""

    catalogue: Catalogue
    source: Source
    sommes: Sommes
    annee: Annee
    presente: Presence

    def manque(self, *textes: str) -> bool:
        """Tell whether an expression reads a view or a column that the delivery does not have."""
        colonnes = {c for texte in textes if texte for c in colonnes_de(texte)}
        return any(not self.presente(vue) for c in colonnes for vue in self.source.colonnes[c].vues)

    def cellules(self, indicateur: Indicateur, genre: str, colonne: str = "") -> list[Cellule]:
        """Return the cells of an indicator for one kind of period (annee, mois or cumul).

        With `colonne`, only those of the breakdown by this column.
        """
        if self.indisponible(indicateur):
            return []
        ventilations = [self.catalogue.ventilations[v] for v in indicateur.ventilations]
        if colonne:
            return [self._simple(indicateur, "annee", v) for v in ventilations if v.colonne == colonne]
        trouvees = []
        if genre in indicateur.periodes and indicateur.total and not (genre == "mois" and indicateur.par_mois):
            trouvees.append(self._totale(indicateur, genre))
        if genre != "annee":
            return trouvees
        if "mois" in indicateur.periodes and indicateur.par_mois:
            trouvees += [self._un_mois(indicateur, m) for m in MOIS[: self.annee.mois_clos]]
        return trouvees + [
            self._simple(indicateur, "annee", v, m.code, m.expression)
            for v in ventilations
            for m in v.modalites
            if not self.manque(m.expression)
        ]

    def indisponible(self, indicateur: Indicateur) -> bool:
        """Tell whether the delivery cannot feed the indicator at all."""
        bas = indicateur.denominateur.expression if indicateur.denominateur else ""
        excl = [e.expression for e in indicateur.exclusions]
        return self.manque(indicateur.numerateur.expression, bas, indicateur.par_mois, *excl)

    def manquantes(self, indicateur: Indicateur) -> list[tuple[str, str]]:
        """Return the (breakdown, modality) that cannot be fed, ("", "") for the indicator itself."""
        if self.indisponible(indicateur):
            return [("", "")]
        ventilations = [self.catalogue.ventilations[v] for v in indicateur.ventilations]
        return [(v.code, m.code) for v in ventilations for m in v.modalites if self.manque(m.expression)]

    def _totale(self, indicateur: Indicateur, genre: str) -> Cellule:
        if indicateur.genre == "moyenne_mensuelle":
            return self._moyenne(indicateur)
        return self._simple(indicateur, genre)

    def _un_mois(self, indicateur: Indicateur, mois: int) -> Cellule:
        somme = self.sommes.demander_mois(indicateur.par_mois, mois)
        periode = f"'{self.annee.annee}-{mois:02d}'"
        return self._cellule(indicateur, "annee", ("", "''"), somme, "NULL", somme, (0, 0, 0), periode=periode)

    def _moyenne(self, indicateur: Indicateur) -> Cellule:
        clos = MOIS[: self.annee.mois_clos]
        noms = [self.sommes.demander_mois(indicateur.par_mois, m) for m in clos]
        somme, bas = f"({' + '.join(noms) or '0'})", str(len(clos))
        valeur = rapport(somme, bas, 1, (0, 0))
        return self._cellule(indicateur, "annee", ("", "''"), somme, bas, valeur, (0, 0, 6))

    def _simple(
        self,
        indicateur: Indicateur,
        genre: str,
        ventilation: Ventilation | None = None,
        modalite: str = "",
        filtre: str = "",
    ) -> Cellule:
        hors = exclusion(indicateur, self.source)
        conditions = [f"NOT ({hors})" if hors else ""]
        du_filtre = [condition(filtre, self.source) if filtre else ""]
        haut = indicateur.numerateur.expression
        numerateur = self.sommes.demander(haut, conditions + du_filtre)
        exclus = self._exclus(hors, du_filtre)
        code = ventilation.code if ventilation else ""
        cle = (code, COLONNE if ventilation and ventilation.colonne else f"'{modalite}'")
        if indicateur.denominateur is None or not indicateur.denominateur.expression:
            decimales = DECIMALES[Unite(indicateur.unite)]
            n = arrondir(numerateur, self.sommes.echelle(haut), decimales)
            return self._cellule(indicateur, genre, cle, n, "NULL", n, (decimales, 0, decimales), exclus)
        bas = indicateur.denominateur.expression
        denominateur = self.sommes.demander(bas, conditions)
        return self._rapportee(indicateur, genre, cle, numerateur, denominateur, exclus)

    def _rapportee(
        self, indicateur: Indicateur, genre: str, cle: tuple[str, str], haut: str, bas: str, exclus: str
    ) -> Cellule:
        echelles = self._echelles(indicateur)
        dn, dd = (DECIMALES_PAR_ECHELLE[e] for e in echelles)
        n, d = arrondir(haut, echelles[0], dn), arrondir(bas, echelles[1], dd)
        if indicateur.genre == "somme":
            decimales = DECIMALES[Unite(indicateur.unite)]
            valeur = arrondir(haut, echelles[0], decimales)
            return self._cellule(indicateur, genre, cle, n, d, valeur, (dn, dd, decimales), exclus)
        valeur = rapport(haut, bas, indicateur.facteur, echelles)
        return self._cellule(indicateur, genre, cle, n, d, valeur, (dn, dd, 6), exclus)

    def _echelles(self, indicateur: Indicateur) -> tuple[int, int]:
        bas = indicateur.denominateur.expression if indicateur.denominateur else ""
        return self.sommes.echelle(indicateur.numerateur.expression), self.sommes.echelle(bas) if bas else 0

    def _exclus(self, hors: str, du_filtre: list[str]) -> str:
        if not hors:
            return "NULL"
        if self.sommes.de_personnes:
            return self.sommes.demander("true", [hors, *du_filtre])
        return self.sommes.demander("1", [hors, *du_filtre])

    def _cellule(
        self,
        indicateur: Indicateur,
        genre: str,
        cle: tuple[str, str],
        n: str,
        d: str,
        v: str,
        decimales: tuple[int, int, int],
        exclus: str = "NULL",
        periode: str = PERIODE,
    ) -> Cellule:
        statut, manquant = constante("statut", Statut.DISPONIBLE), ""
        rapportee = indicateur.genre != "somme"
        if rapportee:
            statut = f"CASE WHEN COALESCE({d}, 0) = 0 THEN {constante('statut', indicateur.vide)} ELSE {statut} END"
            if indicateur.vide == Statut.MANQUANT:
                n, d = (f"NULLIF({x}, 0)" for x in (n, d))
        if indicateur.disponible_si and not self.manque(indicateur.disponible_si):
            manquant = f"{self.sommes.demander(indicateur.disponible_si, [])} = 0"
            statut = f"CASE WHEN {manquant} THEN {constante('statut', Statut.MANQUANT)} ELSE {statut} END"
            n, v = (f"CASE WHEN {manquant} THEN NULL ELSE {x} END" for x in (n, v))
        return Cellule(
            indicateur.code, indicateur.niveaux, genre, periode, *cle, n, d, v, decimales, statut, exclus,
            self.provenance(indicateur),
        )  # fmt: skip

    def provenance(self, indicateur: Indicateur) -> str:
        """Name the view that feeds the numerator, the first delivered of equivalent ones."""
        expression = indicateur.par_mois or indicateur.numerateur.expression
        exigences = [self.source.colonnes[c].vues[0] for c in sorted(colonnes_de(expression))]
        exigence = exigences[-1].partition(".")[0]
        equivalentes = self.catalogue.equivalences.get(exigence, (exigence,))
        return next((vue.partition(".")[0] for vue in equivalentes if self.presente(vue)), "")
