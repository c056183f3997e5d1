"""Control of all the views of a delivery, each after those it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from convenir.mesure.donnees.controle import anomalies
from convenir.mesure.donnees.controle.completion import completer
from convenir.mesure.donnees.controle.connexion import connexion, parquet
from convenir.mesure.donnees.controle.orphelins import ordre_de_controle
from convenir.mesure.donnees.controle.verifications import Gravite
from convenir.mesure.donnees.controle.vue import CompteVue, Entree, chercher_defauts, ecrire
from convenir.mesure.reprise import a_neuf

Progression = Callable[[str, int], None]
LIMITE_EN_MEMOIRE = 20_000


@dataclass
class ResultatControle:
    """What the control found.

    Attributes:
        comptes: lines by outcome, per view.
        anomalies: lines set aside, by file and line, at most `LIMITE_EN_MEMOIRE`; the file on disk has them all.
        avertissements: warnings, in the same shape and with the same limit.
        par_message: per (gravity, view, column, message), the number of lines.
        sans_reference: views that could not be checked against another one, absent and not in force.
    """

    comptes: dict[str, CompteVue]
    anomalies: list[dict[str, object]] = field(default_factory=list)
    avertissements: list[dict[str, object]] = field(default_factory=list)
    par_message: list[dict[str, object]] = field(default_factory=list)
    sans_reference: dict[str, list[str]] = field(default_factory=dict)


def controler(
    entrees: Iterable[Entree],
    dossier: Path,
    *,
    entrepot: Path,
    en_vigueur: Mapping[str, str],
    motifs: frozenset[str] = frozenset(),
    deja: Iterable[Mapping[str, object]] = (),
    progression: Progression | None = None,
) -> ResultatControle:
    """Control the views of a delivery and write their records under `dossier/<Vue>/enregistrements`.

    Args:
        entrees: views received.
        dossier: working folder of the delivery, inside `entrepot`.
        entrepot: the record store; nothing outside it can be read or written.
        en_vigueur: SQL relations of the views in force, used for references to a view that is not delivered.
        motifs: exit reason codes of the regulation, used when no RefMotifSort is known.
        deja: anomalies found while receiving the files (`vue`, `fichier`, `ligne`, `colonne`, `valeur`, `message`,
            `gravite`).
        progression: told the step, in French, and the share done (0 to 100).
    """
    par_vue, relevees = {entree.vue.nom: entree for entree in entrees}, list(deja)
    return a_neuf(lambda fils: _controler(par_vue, dossier, entrepot, en_vigueur, motifs, relevees, progression, fils))


def _controler(
    par_vue: Mapping[str, Entree],
    dossier: Path,
    entrepot: Path,
    en_vigueur: Mapping[str, str],
    motifs: frozenset[str],
    deja: Iterable[Mapping[str, object]],
    progression: Progression | None,
    fils: int | None,
) -> ResultatControle:
    """Control in a fresh database; the records and the anomalies of an earlier try are written over."""
    references = {vue: motif for vue, motif in en_vigueur.items() if vue not in par_vue}
    resultat = ResultatControle(comptes={})
    with connexion([entrepot], dossier / ".debordement", fils) as base:
        anomalies.creer(base)
        for a in deja:
            valeurs = [a["vue"], a["fichier"], a["ligne"], a["colonne"], a["valeur"], a["message"], a["gravite"]]
            base.execute("INSERT INTO anomalies VALUES (?, ?, ?, ?, ?, ?, ?)", valeurs)
        ordre = ordre_de_controle({nom: entree.vue for nom, entree in par_vue.items()})
        # The table of exit reasons is read by other views without being one of their keys.
        ordre.sort(key=lambda nom: not nom.startswith("Ref"))
        for rang, nom in enumerate(ordre):
            if progression:
                progression(f"Contrôle de la vue {nom}", 100 * rang // len(ordre))
            entree, sortie = completer(base, par_vue[nom], references), dossier / nom / "enregistrements"
            sans = chercher_defauts(base, entree, references, motifs)
            if sans:
                resultat.sans_reference[nom] = sorted(set(sans))
            resultat.comptes[nom] = ecrire(base, entree, sortie)
            references[nom] = parquet(sortie / "**" / "*.parquet")
        _relever(base, dossier, resultat)
    return resultat


def _relever(base: duckdb.DuckDBPyConnection, dossier: Path, resultat: ResultatControle) -> None:
    chemin = anomalies.ecrire(base, dossier)
    resultat.anomalies = anomalies.lire(base, chemin, avertissements=False, limite=LIMITE_EN_MEMOIRE)
    resultat.avertissements = anomalies.lire(base, chemin, avertissements=True, limite=LIMITE_EN_MEMOIRE)
    lignes = base.execute(
        "SELECT gravite, vue, fichier, colonne, message, count(*) AS nombre, min(ligne, 5), "
        "arg_min(valeur, ligne, 5) FROM anomalies GROUP BY gravite, vue, fichier, colonne, message "
        "ORDER BY gravite DESC, nombre DESC, vue, fichier, colonne, message"
    ).fetchall()
    cles = ("gravite", "vue", "fichier", "colonne", "message", "nombre", "lignes", "valeurs")
    resultat.par_message = [dict(zip(cles, ligne, strict=True)) for ligne in lignes]


__all__ = ["CompteVue", "Gravite", "ResultatControle", "controler"]
