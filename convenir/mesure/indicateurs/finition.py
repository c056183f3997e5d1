"""From prepared relations to the values of a year: compiled queries, missing values, perimeter, spread, aggregates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from convenir.mesure.indicateurs.absences import Endroits, Presentes
from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.compilateur import compiler, compiler_bilan
from convenir.mesure.indicateurs.compilateur.arbre import Manquant
from convenir.mesure.indicateurs.compilateur.cellules import Annee
from convenir.mesure.indicateurs.compilateur.enumerations import AGREGATS
from convenir.mesure.indicateurs.compilateur.nombres import DECIMALES, DECIMALES_PAR_ECHELLE
from convenir.mesure.indicateurs.definitions import Catalogue, Indicateur
from convenir.mesure.indicateurs.releves.lectures import Vues
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE, NIVEAUX, Statut, Unite
from convenir.socle.commun.montants import arrondir

if TYPE_CHECKING:
    from decimal import Decimal

    from convenir.mesure.indicateurs.calcul import Calcul


def completer(calcul: Calcul, vues: Vues, annee: Annee) -> None:
    """Insert every value of the year into the table `valeurs`."""
    presentes = Presentes.lire(calcul.catalogue, vues, calcul.perimetre.departements)
    for sql, manquants in compiler_tout(calcul.catalogue, presentes.quelque_part, annee).values():
        if sql:
            _inserer(calcul, f"SELECT *, {annee.annee} FROM ({sql})")
        _manquants(calcul, annee, manquants)
    _bilan(calcul, vues, annee, presentes.quelque_part)
    for ailleurs, endroits in presentes.endroits(calcul.entrees.geographie.regions).items():
        _ailleurs(calcul, vues, annee, (presentes.quelque_part, ailleurs), endroits)
    _hors_perimetre(calcul, annee)
    _dispersion(calcul, annee)
    _agregats(calcul, annee)


def compiler_tout(
    cat: Catalogue, presentes: frozenset[str], annee: Annee
) -> dict[str, tuple[str, tuple[Manquant, ...]]]:
    """Return the SQL of every source for the views and columns there are, and what each cannot feed."""
    return {source: compiler_en_memoire(cat.dispositif, source, annee, presentes) for source in cat.sources}


@lru_cache(maxsize=64)
def compiler_en_memoire(
    dispositif: str, source: str, annee: Annee, presentes: frozenset[str]
) -> tuple[str, tuple[Manquant, ...]]:
    """Compile a source once for a year and the views there are: the same question comes back at each delivery."""
    cat = catalogue(dispositif)
    requete = compiler(cat, cat.sources[source], annee, presentes.__contains__)
    return requete.sql(), requete.manquants


def _bilan(calcul: Calcul, vues: Vues, annee: Annee, presentes: frozenset[str], lieux: str = "") -> None:
    """Feed from the aggregates of the ASP what the nominative views do not, and take away the `manquant` it fills.

    `lieux`: table of the territories to feed, all of them when empty.
    """
    vue = calcul.catalogue.vue_agregee
    if not vue or not vues.a(vue):
        return
    arbre = compiler_bilan(calcul.catalogue, annee, presentes.__contains__, vues.colonnes_de(vue))
    if arbre is None:
        return
    jointure = f"JOIN {lieux} USING (niveau, code) WHERE niveau IN ('siae', 'departement')" if lieux else ""
    calcul.base.execute(f"CREATE OR REPLACE TEMP TABLE du_bilan AS SELECT * FROM ({arbre.sql('duckdb')}) {jointure}")
    calcul.base.execute(
        f"DELETE FROM brutes AS v USING du_bilan AS b WHERE v.annee = {annee.annee} AND v.niveau = b.niveau "
        "AND v.code = b.code AND v.indicateur = b.indicateur AND v.ventilation = b.ventilation "
        "AND v.modalite = b.modalite AND v.periode = b.periode"
    )
    _inserer(calcul, f"SELECT *, {annee.annee} FROM du_bilan")


def _ailleurs(
    calcul: Calcul, vues: Vues, annee: Annee, presentes: tuple[frozenset[str], frozenset[str]], endroits: Endroits
) -> None:
    """Say `manquant` where a delivery lacks what another one has; aggregates there, if any, are read instead.

    Args:
        calcul: the calculation.
        vues: the views there are.
        annee: the year.
        presentes: views and columns there are somewhere, then in these territories.
        endroits: the territories.
    """
    partout, ici = ({m for _, ms in compiler_tout(calcul.catalogue, p, annee).values() for m in ms} for p in presentes)
    manquants = sorted(ici - partout)
    if not manquants:
        return
    codes = {niveau: _liste([code for n, code in endroits if n == niveau]) for niveau in NIVEAUX}
    calcul.base.execute(
        f"CREATE OR REPLACE TEMP TABLE ailleurs AS SELECT niveau, code FROM ({_territoires()}) "
        + "LEFT JOIN siae ON niveau = 'siae' AND siae.siae = code WHERE "
        + " OR ".join(
            f"(niveau = '{niveau}' AND {'departement' if niveau == 'siae' else 'code'} IN ({liste}))"
            for niveau, liste in (codes | {"siae": codes["departement"]}).items()
            if liste
        )
    )
    lignes = ", ".join(f"('{i}', '{v}', '{m}')" for i, v, m, _ in manquants)
    calcul.base.execute(
        f"DELETE FROM brutes AS b USING ailleurs AS a, (VALUES {lignes}) AS m(indicateur, ventilation, modalite) "
        f"WHERE b.annee = {annee.annee} AND b.niveau = a.niveau AND b.code = a.code AND b.indicateur = m.indicateur "
        "AND (m.ventilation = '' OR (b.ventilation = m.ventilation AND b.modalite = m.modalite))"
    )
    _manquants(calcul, annee, manquants, "SELECT niveau, code FROM ailleurs")
    _bilan(calcul, vues, annee, presentes[1], "ailleurs")


def _inserer(calcul: Calcul, requete: str) -> None:
    calcul.base.execute(f"INSERT INTO brutes {requete}")


def _territoires() -> str:
    """Every SIAE, département, région present, and France."""
    return (
        "SELECT 'siae' AS niveau, siae AS code FROM siae "
        "UNION ALL SELECT DISTINCT 'departement', departement FROM siae "
        "WHERE departement IS NOT NULL "
        "UNION ALL SELECT DISTINCT 'region', region FROM siae WHERE region IS NOT NULL "
        f"UNION ALL SELECT 'france', '{CODE_FRANCE}'"
    )


def _manquants(calcul: Calcul, annee: Annee, manquants: Iterable[Manquant], lieux: str = "") -> None:
    """Say `manquant`, never nothing, for what is not fed, in the territories of the query `lieux`, else in all."""
    lignes = ", ".join(f"('{i}', '{v}', '{m}', '{n}')" for i, v, m, niveaux in manquants for n in niveaux)
    if lignes:
        _inserer(
            calcul,
            f"SELECT niveau, code, indicateur, ventilation, modalite, '{annee.annee}', NULL, NULL, NULL, 0, 0, 0, "
            f"'{Statut.MANQUANT}', NULL, '', {annee.annee} FROM ({lieux or _territoires()}) "
            f"JOIN (VALUES {lignes}) AS m(indicateur, ventilation, modalite, niveau) USING (niveau)",
        )


def _hors_perimetre(calcul: Calcul, annee: Annee) -> None:
    """Of a territory that the files do not cover wholly, keep only the names of its yearly figures, without value."""
    couvertes = ", ".join(f"'{r}'" for r in sorted(calcul.perimetre.regions)) or "''"
    hors = f"(niveau = 'region' AND code NOT IN ({couvertes}))"
    if not calcul.perimetre.france:
        hors = f"({hors} OR niveau = 'france')"
    calcul.base.execute(
        f"DELETE FROM brutes WHERE annee = {annee.annee} AND {hors} "
        f"AND (ventilation <> '' OR periode <> '{annee.annee}')"
    )
    calcul.base.execute(
        "UPDATE brutes SET n = NULL, d = NULL, v = NULL, exclus = NULL, "
        f"statut = '{Statut.MANQUANT}' WHERE annee = {annee.annee} AND {hors}"
    )


def _dispersion(calcul: Calcul, annee: Annee) -> None:
    """Quartiles of the SIAE of each category in each territory, by nearest rank."""
    codes = sorted(i.code for i in calcul.catalogue.indicateurs.values() if i.dispersion)
    if not codes:
        return
    periodes = [str(annee.annee)]
    if 0 < annee.mois_clos < 12:
        periodes.append(f"{annee.annee}-{annee.mois_clos:02d}-cumul")
    regions = ", ".join(f"'{r}'" for r in sorted(calcul.perimetre.regions)) or "''"
    france = "" if calcul.perimetre.france else "AND niveau <> 'france'"
    _inserer(
        calcul,
        f"""
        WITH lues AS (
            SELECT t.departement, t.region, t.categorie, v.indicateur, v.periode, v.source,
                v.v AS valeur
            FROM brutes AS v JOIN siae AS t ON t.siae = v.code
            WHERE v.annee = {annee.annee} AND v.niveau = 'siae' AND v.ventilation = ''
                AND v.statut = '{Statut.DISPONIBLE}' AND v.indicateur IN ({_liste(codes)})
                AND v.periode IN ({_liste(periodes)})
        ),
        rangees AS (
            SELECT CASE WHEN GROUPING(departement) = 0 THEN 'departement' WHEN GROUPING(region) = 0 THEN 'region'
                    ELSE 'france' END AS niveau,
                CASE WHEN GROUPING(departement) = 0 THEN departement WHEN GROUPING(region) = 0 THEN region
                    ELSE '{CODE_FRANCE}' END AS code, categorie, indicateur, periode, source,
                count(*) AS effectif, list_sort(list(valeur)) AS valeurs
            FROM lues
            GROUP BY GROUPING SETS (
                (departement, categorie, indicateur, periode, source),
                (region, categorie, indicateur, periode, source),
                (categorie, indicateur, periode, source)
            )
        )
        SELECT niveau, code, indicateur, 'dispersion_' || categorie, m.modalite, periode, NULL, effectif,
            CASE m.modalite WHEN 'effectif' THEN effectif ELSE valeurs[m.rang] END, 0, 0,
            CASE m.modalite WHEN 'effectif' THEN 0 ELSE 6 END, '{Statut.DISPONIBLE}', NULL, source, {annee.annee}
        FROM (
            SELECT *, UNNEST([
                {{'modalite': 'effectif', 'rang': 1}}, {{'modalite': 'q1', 'rang': (effectif + 3) // 4}},
                {{'modalite': 'mediane', 'rang': (effectif + 1) // 2}},
                {{'modalite': 'q3', 'rang': (3 * effectif + 3) // 4}}
            ]) AS m FROM rangees
        )
        WHERE code IS NOT NULL AND (niveau <> 'region' OR code IN ({regions})) {france}""",
    )


def _agregats(calcul: Calcul, annee: Annee) -> None:
    """Put imported aggregates where the loaded files do not cover the level."""
    for agregat in calcul.entrees.agregats:
        if agregat.annee != annee.annee or calcul.perimetre.couvre(agregat.niveau, agregat.code):
            continue
        indicateur = calcul.catalogue.indicateurs.get(agregat.indicateur)
        if indicateur is None:
            continue
        ventilation = "categorie" if agregat.categorie else ""
        cle = [agregat.niveau, agregat.code, agregat.indicateur, ventilation, agregat.categorie, str(annee.annee)]
        calcul.base.execute(
            "DELETE FROM brutes WHERE niveau = ? AND code = ? AND indicateur = ? AND ventilation = ? AND modalite = ? "
            "AND periode = ?",
            cle,
        )
        terme, unite = _decimales_terme(indicateur), DECIMALES[Unite(indicateur.unite)]
        entiers = [
            _entier(agregat.numerateur, terme),
            _entier(agregat.denominateur, terme),
            _entier(agregat.valeur, unite),
        ]
        calcul.base.execute(
            f"INSERT INTO brutes VALUES ({', '.join('?' * 16)})",
            [*cle, *entiers, terme, terme, unite, Statut.DISPONIBLE.value, None, AGREGATS, annee.annee],
        )


def _decimales_terme(indicateur: Indicateur) -> int:
    if indicateur.genre == "somme":
        return DECIMALES[Unite(indicateur.unite)]
    return DECIMALES_PAR_ECHELLE[12] if indicateur.code.startswith("iae.etp") else 0


def _entier(valeur: Decimal | None, decimales: int) -> int | None:
    return None if valeur is None else int(arrondir(valeur, decimales).scaleb(decimales))


def _liste(mots: list[str]) -> str:
    return ", ".join(f"'{m}'" for m in mots)
