"""Headers of the files of a deposit, and what may be shown of their values without naming anyone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from convenir.mesure.donnees.correspondances.modele import Correspondance
from convenir.mesure.donnees.correspondances.rapprochement import proposer, table_probable
from convenir.mesure.donnees.formats import Colonne, TypeColonne, tables_missions_locales
from convenir.mesure.donnees.reception.anomalies import LivraisonRefusee
from convenir.mesure.donnees.reception.contenants import FichierLivre, Ouvreur
from convenir.mesure.donnees.reception.missions_locales import (
    GenreMissionsLocales,
    colonnes_des_entetes,
    lire_entete,
    separateur_de,
)

ECHANTILLON = 512 << 10
LIGNES = 2000
# A column is one of codes when it repeats few short texts over enough rows; a first name is not.
LIGNES_DE_CODES, CODES_MAXIMUM, LONGUEUR_DE_CODE = 50, 15, 40
MONTREES = 3
_IDENTIFIANTE = re.compile(r"[0-9]{5,}|@")


def lire_tetes(chemin: Path, correspondance: Correspondance, taille_max: int) -> dict[str, Any]:
    """Return, by file name, its table and its columns (`nom`, `apercu`, `codes`), as plain data.

    The preview shows the shape of the values (« Xxxxx », « 99/99/9999 ») and not the values, except those of a column
    of codes. An archive that does not open gives nothing.
    """
    genre, tetes = GenreMissionsLocales(correspondance), {}
    try:
        with closing(Ouvreur(taille_max).fichiers(chemin)) as fichiers:
            for fichier in fichiers:
                entetes, lignes = _debut(fichier)
                if len(entetes) > 1:
                    tetes[fichier.nom] = _tete(genre, fichier.nom, entetes, lignes)
    except LivraisonRefusee:
        return tetes
    _deviner(tetes)
    return tetes


def _debut(fichier: FichierLivre) -> tuple[list[str], list[Sequence[str]]]:
    """Return the headers and some rows; the file is then read to its end, as its container wants."""
    if fichier.parquet is not None:
        return _debut_parquet(fichier)
    try:
        octets = fichier.texte.read(ECHANTILLON)
        while fichier.texte.read(1 << 20):
            pass
    except LivraisonRefusee:
        return [], []
    try:
        texte = octets.decode("utf-8-sig", errors="strict" if len(octets) < ECHANTILLON else "ignore")
    except UnicodeDecodeError:
        texte = octets.decode("cp1252", errors="replace")
    entete = texte.partition("\n")[0]
    separateur = separateur_de(entete)
    lecteur = csv.reader(io.StringIO(texte.partition("\n")[2]), delimiter=separateur)
    return lire_entete(entete, separateur), [ligne for ligne, _ in zip(lecteur, range(LIGNES), strict=False)]


def _debut_parquet(fichier: FichierLivre) -> tuple[list[str], list[Sequence[str]]]:
    try:
        source = pq.ParquetFile(fichier.parquet)
        lot = next(source.iter_batches(batch_size=LIGNES), None)
    except (pa.ArrowException, OSError):
        return [], []
    colonnes = [] if lot is None else [["" if v is None else str(v) for v in c.to_pylist()] for c in lot.columns]
    return list(source.schema_arrow.names), list(zip(*colonnes, strict=True))


def _tete(genre: GenreMissionsLocales, nom: str, entetes: list[str], lignes: list[Sequence[str]]) -> dict[str, Any]:
    vue = genre.vue_du_fichier(nom, entetes)
    table = vue.nom if vue and vue.nom in tables_missions_locales() else ""
    return {
        "table": table,
        "colonnes": [
            {"nom": entete[:80], **_montrer([ligne[rang] for ligne in lignes if rang < len(ligne) and ligne[rang]])}
            for rang, entete in enumerate(entetes)
        ],
    }


def _montrer(valeurs: list[str]) -> dict[str, Any]:
    """Return the codes of a column of codes, and three values, in shape only unless they are codes."""
    distinctes = list(dict.fromkeys(" ".join(v.split()) for v in valeurs))
    codes = (
        len(valeurs) >= LIGNES_DE_CODES
        and len(distinctes) <= CODES_MAXIMUM
        and all(len(v) <= LONGUEUR_DE_CODE and not _IDENTIFIANTE.search(v) for v in distinctes)
    )
    if codes:
        return {"codes": sorted(distinctes), "apercu": distinctes[:MONTREES]}
    return {"codes": [], "apercu": list(dict.fromkeys(forme(v) for v in distinctes))[:MONTREES]}


def forme(valeur: str) -> str:
    """Return the shape of a value: letters as x, digits as 9."""
    montree = re.sub(r"[^\W\d_]", lambda m: "X" if m[0].isupper() else "x", valeur[:24])
    return re.sub(r"\d", "9", montree)


def _deviner(tetes: dict[str, Any]) -> None:
    """Give a table to the files that neither their name nor the mapping names."""
    prises = {t["table"] for t in tetes.values()}
    for nom, tete in tetes.items():
        if not tete["table"]:
            tete["devinee"] = table_probable(nom, [c["nom"] for c in tete["colonnes"]], prises)
            prises.add(tete["devinee"])


def colonnes_choisies(table: str, tete: dict[str, Any], correspondance: Correspondance) -> dict[str, str]:
    """Return the header of each column of a table: the one chosen or of that name, else the one proposed."""
    vue, entetes = tables_missions_locales()[table], [c["nom"] for c in tete["colonnes"]]
    lues = {nom: entetes[rang] for rang, nom in colonnes_des_entetes(vue, entetes, correspondance).items()}
    constantes = {nom for nom, c in correspondance.table(table).colonnes.items() if c.constante}
    reste = [e for e in entetes if e not in lues.values()]
    proposees = proposer(vue, reste)
    return {**{n: e for n, e in proposees.items() if n not in lues and n not in constantes}, **lues}


def codes_a_relier(colonne: Colonne, codes: Sequence[str]) -> list[str]:
    """Return the codes of an export that the format does not read by itself."""
    if colonne.valeurs:
        return [c for c in codes if c not in colonne.valeurs]
    if colonne.type is TypeColonne.BOOLEEN:
        return [c for c in codes if c.lower() not in LUS_D_OFFICE]
    return []


LUS_D_OFFICE = frozenset({"true", "t", "1", "oui", "o", "vrai", "false", "f", "0", "non", "n", "faux"})
