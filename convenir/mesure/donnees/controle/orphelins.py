"""Lines that refer to something that is neither in the delivery nor in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.anomalies import ajouter
from convenir.mesure.donnees.controle.connexion import nom
from convenir.mesure.donnees.controle.expressions import lecture
from convenir.mesure.donnees.controle.verifications import Gravite, valeur_montree
from convenir.mesure.donnees.formats import Vue

SUJETS = {
    "Structure": "La structure",
    "AnnexeFinanciere": "L'annexe financière",
    "ContratMission": "Le contrat",
    "Salarie": "La personne",
    "structure": "La mission locale",
    "site": "Le site",
    "jeune": "Le jeune, dans cette mission locale,",
    "actualite": "L'actualité",
    "situation": "La situation",
    "offre": "L'offre",
    "entreprise": "L'entreprise",
    "parrain": "Le parrain",
}


def ordre_de_controle(vues: Mapping[str, Vue]) -> list[str]:
    """Return the views so that each comes after those it refers to."""
    ordre: list[str] = []

    def placer(nom_vue: str) -> None:
        if nom_vue in ordre or nom_vue not in vues:
            return
        for colonne in vues[nom_vue].colonnes:
            if colonne.reference:
                placer(colonne.reference.split(".")[0])
        ordre.append(nom_vue)

    for nom_vue in sorted(vues):
        placer(nom_vue)
    return ordre


def chercher_orphelins(
    base: duckdb.DuckDBPyConnection,
    vue: Vue,
    fichier: str,
    copie: str,
    presentes: Iterable[str],
    references: Mapping[str, str],
) -> list[str]:
    """Write the anomalies of the broken references; return the views against which nothing could be checked."""
    absentes = []
    for cible, paires in _cles_etrangeres(vue, set(presentes)):
        if cible not in references:
            absentes.append(cible)
            continue
        sujet = SUJETS.get(cible, "L'objet cité")
        message = f"{sujet} n'est pas dans la livraison, ou sa ligne est mise à l'écart."
        colonnes = [vue.par_nom[ici] for ici in paires]
        lues = {visee: f"({lecture(c)})" for visee, c in zip(paires.values(), colonnes, strict=True)}
        connues = ", ".join(f"{nom(visee)} AS connu_{rang}" for rang, visee in enumerate(lues))
        jointure = " AND ".join(f"connu_{rang} = {lue}" for rang, lue in enumerate(lues.values()))
        pleines = " AND ".join(f"{lue} IS NOT NULL" for lue in lues.values())
        orphelines = (
            f"(SELECT ligne, {valeur_montree(colonnes[0])} AS valeur FROM {copie} ANTI JOIN "
            f"(SELECT {connues} FROM {references[cible]}) ON {jointure} WHERE {pleines})"
        )
        ajouter(base, vue.nom, fichier, orphelines, colonnes[0].nom, "true", message, Gravite.QUARANTAINE, "valeur")
    return absentes


def _cles_etrangeres(vue: Vue, presentes: set[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each key: columns that point to different columns of one view make one key, together."""
    for cible, paires in vue.cles_etrangeres.items():
        la = {ici: visee for ici, visee in paires.items() if vue.par_nom[ici].nom_conserve in presentes}
        if len(set(la.values())) == len(la) > 1:
            yield cible, la
        else:
            yield from ((cible, {ici: visee}) for ici, visee in la.items())


MOTIFS = {
    "EtatMensuelIndiv": ("emi_motif_sortie_id", "emi_motif_sortie_code"),
    "ContratMission": ("contrat_motif_sortie_id", "contrat_motif_sortie_code"),
}
MOTIF_INCONNU = (
    "Ce motif de sortie n'est pas dans la table des motifs. La sortie est gardée, comptée « motif inconnu », "
    "jamais dynamique."
)


def normaliser_code(expression: str) -> str:
    """Return the expression of a code as it is compared: « 09 », « 9 » and « 9.0 » are the same code."""
    return (
        f"COALESCE(CAST(TRY_CAST(TRY_CAST({expression} AS DECIMAL(18,2)) AS BIGINT) AS VARCHAR), upper({expression}))"
    )


def chercher_motifs_inconnus(
    base: duckdb.DuckDBPyConnection,
    vue: Vue,
    fichier: str,
    copie: str,
    presentes: Iterable[str],
    references: Mapping[str, str],
    codes_par_defaut: frozenset[str],
) -> None:
    """Warn about the exit reasons found neither in the delivered table nor in the regulation."""
    if vue.nom not in MOTIFS:
        return
    id_, code = MOTIFS[vue.nom]
    table = references.get("RefMotifSort")
    if table and id_ in presentes:
        connus = f"(SELECT CAST(rms_id AS VARCHAR) FROM {table})"
        inconnu = f"{nom(id_)} <> '' AND {normaliser_code(nom(id_))} NOT IN {connus}"
        ajouter(base, vue.nom, fichier, copie, id_, inconnu, MOTIF_INCONNU, Gravite.AVERTISSEMENT, nom(id_))
    if code in presentes and (table or codes_par_defaut):
        codes = ", ".join(map(texte, sorted(codes_par_defaut)))
        liste = f"(SELECT {normaliser_code('rms_code')} FROM {table})" if table else f"({codes})"
        sans_id = f"COALESCE({nom(id_)}, '') = '' AND " if table and id_ in presentes else ""
        inconnu = f"{sans_id}{nom(code)} <> '' AND {normaliser_code(nom(code))} NOT IN {liste}"
        ajouter(base, vue.nom, fichier, copie, code, inconnu, MOTIF_INCONNU, Gravite.AVERTISSEMENT, nom(code))
