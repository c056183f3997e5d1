"""The untruncated rows of the list of structures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from convenir.socle.documents.tableurs import Cellule, Feuille
from convenir.socle.organisations.models import Structure

PAR_LOT = 2000
# Chaque ligne est une structure qui porte en attributs les chiffres de l'année (`liste.filtrer`).
COLONNES: tuple[tuple[str, Callable[[Any], Cellule]], ...] = (
    ("identifiant_asp", lambda s: s.id_asp),
    ("categorie", lambda s: s.categorie),
    ("denomination", lambda s: s.denomination),
    ("siret_signature", lambda s: s.siret_signature),
    ("siret_actualise", lambda s: s.siret_actualise),
    ("commune", lambda s: s.commune.nom if s.commune else ""),
    ("departement", lambda s: s.departement_id),
    ("etp_conventionnes", lambda s: s.etp_conventionnes),
    ("etp_realises_a_date", lambda s: s.etp_realises_cumul),
    ("taux_realisation_pct", lambda s: s.taux_realisation),
    ("periode", lambda s: s.periode),
    ("sorties_examinees", lambda s: s.sorties_examinees),
    ("sorties_dynamiques", lambda s: s.sorties_dynamiques),
    ("taux_dynamique_pct", lambda s: s.taux_dynamique),
    ("objectif_dynamique_pct", lambda s: s.objectif_dynamique),
    ("taux_durable_pct", lambda s: s.taux_durable),
    ("personnes_presentes", lambda s: s.presents),
    ("aide_allouee_eur", lambda s: s.aide_allouee),
    ("aide_utilisee_eur", lambda s: s.aide_utilisee),
    ("fin_annexe", lambda s: s.fin_annexe),
    ("alertes", lambda s: " ; ".join(a["fait"] for a in s.alertes or [])),
)


def feuille(lignes: QuerySet[Structure]) -> Feuille:
    """Return the sheet of the structures, read a few thousand at a time."""
    return Feuille("Structures", _rangs(lignes.iterator(chunk_size=PAR_LOT)))


def _rangs(lignes: Iterable[Structure]) -> Iterator[list[Cellule]]:
    yield [nom for nom, _ in COLONNES]
    for structure in lignes:
        yield [lire(structure) for _, lire in COLONNES]
