"""From prepared relations to the values of a year: compiled queries, missing values, perimeter, spread, aggregates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.compilateur import compiler, compiler_bilan
from convenir.mesure.indicateurs.compilateur.arbre import Manquant
from convenir.mesure.indicateurs.compilateur.cellules import Annee, Presence
from convenir.mesure.indicateurs.compilateur.enumerations import AGREGATS
from convenir.mesure.indicateurs.compilateur.nombres import DECIMALES, DECIMALES_PAR_ECHELLE
from convenir.mesure.indicateurs.definitions import Catalogue, Indicateur
from convenir.mesure.indicateurs.releves.lectures import Vues
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE, Statut, Unite
from convenir.socle.commun.montants import arrondir

if TYPE_CHECKING:
    from decimal import Decimal

    from convenir.mesure.indicateurs.calcul import Calcul

NOMINATIVES = ("EtatMensuelIndiv", "ContratMission", "Salarie", "Formations")


def completer(calcul: Calcul, vues: Vues, annee: Annee) -> None:
    """Insert every value of the year into the table `valeurs`."""
    cat = calcul.catalogue
    presente = presence(cat, vues)
    for sql, manquants in compiler_tout(cat, vues, annee).values():
        if sql:
            _inserer(calcul, f"SELECT *, {annee.annee} FROM ({sql})")
        _manquants(calcul, annee, manquants)
    _bilan(calcul, vues, annee, presente)
    _hors_perimetre(calcul, annee)
    _dispersion(calcul, annee)
    _agregats(calcul, annee)


def _exigences(cat: Catalogue) -> set[str]:
    """Every view or column that a definition may ask for, and the views that stand for them."""
    vues = {v for s in cat.sources.values() for c in s.colonnes.values() for v in c.vues}
    vues |= {v.partition(".")[0] for v in vues}
    return vues | {v for equivalentes in cat.equivalences.values() for v in equivalentes}


def compiler_tout(cat: Catalogue, vues: Vues, annee: Annee) -> dict[str, tuple[str, tuple[Manquant, ...]]]:
    """Return the SQL of every source for the views there are, and what each cannot feed."""
    presente = presence(cat, vues)
    presentes = frozenset(e for e in _exigences(cat) if presente(e))
    return {source: compiler_en_memoire(cat.dispositif, source, annee, presentes) for source in cat.sources}


@lru_cache(maxsize=64)
def compiler_en_memoire(
    dispositif: str, source: str, annee: Annee, presentes: frozenset[str]
) -> tuple[str, tuple[Manquant, ...]]:
    """Compile a source once for a year and the views there are: the same question comes back at each delivery."""
    cat = catalogue(dispositif)
    requete = compiler(cat, cat.sources[source], annee, presentes.__contains__)
    return requete.sql(), requete.manquants


def _bilan(calcul: Calcul, vues: Vues, annee: Annee, presente: Presence) -> None:
    """Feed from the aggregates of the ASP what the nominative views do not, and take away the `manquant` it fills."""
    vue = calcul.catalogue.vue_agregee
    if not vue or not vues.a(vue):
        return
    arbre = compiler_bilan(calcul.catalogue, annee, presente, vues.colonnes_de(vue))
    if arbre is None:
        return
    calcul.base.execute(f"CREATE OR REPLACE TEMP TABLE du_bilan AS SELECT * FROM ({arbre.sql('duckdb')})")
    calcul.base.execute(
        f"DELETE FROM brutes AS v USING du_bilan AS b WHERE v.annee = {annee.annee} AND v.niveau = b.niveau "
        "AND v.code = b.code AND v.indicateur = b.indicateur AND v.ventilation = b.ventilation "
        "AND v.modalite = b.modalite AND v.periode = b.periode"
    )
    _inserer(calcul, f"SELECT *, {annee.annee} FROM du_bilan")


def presence(cat: Catalogue, vues: Vues) -> Presence:
    """Return the test of what was delivered, equivalent views included."""

    return lambda exigence: any(vues.a(v) for v in _equivalentes(cat, exigence))


def _equivalentes(cat: Catalogue, exigence: str) -> tuple[str, ...]:
    """Return what stands for a view or a column: itself, those declared alike, or its column in views alike."""
    if exigence in cat.equivalences:
        return cat.equivalences[exigence]
    vue, _, colonne = exigence.partition(".")
    return tuple(f"{v}.{colonne}" for v in cat.equivalences.get(vue, ())) or (exigence,)


def absences(cat: Catalogue, vues: Vues) -> dict[str, list[str]]:
    """Name what the deliveries lack: nominative views, and columns that a definition reads in a view that is there."""
    presente = presence(cat, vues)
    colonnes: set[str] = set()
    for exigence in {v for s in cat.sources.values() for c in s.colonnes.values() for v in c.vues}:
        if not presente(exigence):
            lues = [e for e in _equivalentes(cat, exigence) if vues.a(e.partition(".")[0])]
            colonnes |= {" ou ".join(lues)} if lues else set()
    return {"vues_absentes": [v for v in NOMINATIVES if not vues.a(v)], "colonnes_absentes": sorted(colonnes)}


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


def _manquants(calcul: Calcul, annee: Annee, manquants: Iterable[Manquant]) -> None:
    """Say `manquant`, never nothing, for what the delivery cannot feed."""
    lignes = ", ".join(f"('{i}', '{v}', '{m}', '{n}')" for i, v, m, niveaux in manquants for n in niveaux)
    if lignes:
        _inserer(
            calcul,
            f"SELECT niveau, code, indicateur, ventilation, modalite, '{annee.annee}', NULL, NULL, NULL, 0, 0, 0, "
            f"'{Statut.MANQUANT}', NULL, '', {annee.annee} FROM ({_territoires()}) "
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
