"""The aggregated views, and which source brings which."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from convenir.mesure.donnees.formats import Colonne, Vue, lire_vues
from convenir.mesure.donnees.models import Source

VUE_DE_LA_SOURCE = {
    Source.BILAN_ASP: "BilanAnnexe",
    Source.SUIVI_DGEFP: "SuiviDgefp",
    Source.EXPORT_ANNEXES: "ExportAnnexes",
    Source.ANNEXE_MOIS: "AnnexeMois",
}
# The sources cut long headers (63 bytes in PostgreSQL): beyond this length, a common beginning is enough.
ENTETE_COUPE = 45


@cache
def vues_agregees() -> dict[str, Vue]:
    """Return the aggregated views by name."""
    return lire_vues(Path(__file__).with_name("agregats.yaml"))


def normaliser_entete(entete: object) -> str:
    """Return a header as it is compared: one space between words, lower case, no final colon or space."""
    texte = str(entete or "").replace("\u2019", "'").replace("\ufeff", "")
    return re.sub(r"\s+", " ", texte).strip(" :").lower()


def colonne_de(vue: Vue, entete: object) -> Colonne | None:
    """Return the column a header names, or None; a header cut short names the only column it begins."""
    cherche = normaliser_entete(entete)
    noms = {normaliser_entete(n): c for c in vue.colonnes for n in (c.nom, *c.alias)}
    if cherche in noms or not cherche:
        return noms.get(cherche)
    coupes = {
        c.nom: c
        for n, c in noms.items()
        if (len(cherche) >= ENTETE_COUPE and n.startswith(cherche))
        or (len(n) >= ENTETE_COUPE and cherche.startswith(n))
    }
    return next(iter(coupes.values())) if len(coupes) == 1 else None
