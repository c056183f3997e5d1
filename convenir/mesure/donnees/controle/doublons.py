"""Lines that carry the same key: identical ones count once, contradictory ones are all set aside."""

from __future__ import annotations

import duckdb

from convenir.mesure.donnees.controle.anomalies import ajouter
from convenir.mesure.donnees.controle.connexion import nom
from convenir.mesure.donnees.controle.expressions import lecture
from convenir.mesure.donnees.controle.verifications import Gravite
from convenir.mesure.donnees.formats import Colonne, Vue
from convenir.mesure.donnees.reception.anomalies import MASQUE

IDENTIQUE = "Cette ligne est la copie exacte d'une autre ; elle est comptée une fois."
CONTRADICTOIRE = "Une autre ligne porte la même clé avec un contenu différent ; toutes sont mises à l'écart."


def chercher_doublons(
    base: duckdb.DuckDBPyConnection, vue: Vue, fichier: str, copie: str, presentes: list[str]
) -> None:
    """Write the anomalies of the duplicated keys of a view; a line without a readable key is not looked at."""
    cles = [c for n in vue.cle if (c := vue.colonne(n)) and c.nom_conserve in presentes]
    if not cles or len(cles) < len(vue.cle):
        return
    valeurs = ", ".join(f"{_partie(vue, c)} AS c{rang}" for rang, c in enumerate(cles))
    alias = ", ".join(f"c{rang}" for rang in range(len(cles)))
    complete = " AND ".join(f"c{rang} IS NOT NULL" for rang in range(len(cles)))
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE cles_doubles AS SELECT {alias} FROM (SELECT {valeurs} FROM {copie}) "
        f"WHERE {complete} GROUP BY {alias} HAVING count(*) > 1"
    )
    if not base.execute("SELECT count(*) FROM cles_doubles").fetchone()[0]:  # type: ignore[index]
        return
    contenu = "md5(concat_ws('|', " + ", ".join(f"COALESCE({nom(p)}, '')" for p in presentes) + "))"
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE doubles AS "
        f"WITH l AS (SELECT ligne, {valeurs}, {contenu} AS contenu FROM {copie}) "
        f"SELECT ligne, {alias}, count(DISTINCT contenu) OVER cle AS contenus, min(ligne) OVER cle AS premiere "
        f"FROM l SEMI JOIN cles_doubles USING ({alias}) WINDOW cle AS (PARTITION BY {alias})"
    )
    masquee = any(c.personnelle for c in cles)
    valeur = f"'{MASQUE}'" if masquee else "concat_ws(' + ', " + alias + ")"
    colonne = " + ".join(c.nom for c in cles)
    ajouter(base, vue.nom, fichier, "doubles", colonne, "contenus > 1", CONTRADICTOIRE, Gravite.QUARANTAINE, valeur)
    seconde = "contenus = 1 AND ligne > premiere"
    ajouter(base, vue.nom, fichier, "doubles", colonne, seconde, IDENTIQUE, Gravite.DOUBLON, valeur)


def _partie(vue: Vue, colonne: Colonne) -> str:
    """Return a part of the key; in a format that we publish, an optional part left empty is a value like another."""
    if vue.publiee and not colonne.obligatoire:
        return f"COALESCE(CAST({lecture(colonne)} AS VARCHAR), '')"
    return lecture(colonne)
