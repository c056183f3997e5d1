"""Reads of materialised values: one row per territory and year, or the file of an older snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

from django.db.models import Q

from convenir.mesure.indicateurs.connexion import ouvrir
from convenir.mesure.indicateurs.contenu import deballer, unites_de
from convenir.mesure.indicateurs.models import Instantane, ValeursTerritoire
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs
from convenir.mesure.reprise import a_neuf

Territoire = tuple[str, str]


def valeurs(instantane: Instantane, niveau: str, code: str) -> Valeurs:
    """Return the values of one territory, SIAE or annexe over every year of the snapshot (one SQL query)."""
    return valeurs_de_plusieurs([instantane], [(niveau, code)])[niveau, code]


def valeurs_de_plusieurs(
    instantanes: Sequence[Instantane], territoires: Iterable[Territoire]
) -> dict[Territoire, Valeurs]:
    """Return the values of several territories, in ONE query; the first snapshot prevails where two hold a value."""
    voulus = list(dict.fromkeys(territoires))
    trouvees = {(niveau, code): Valeurs(niveau, code) for niveau, code in voulus}
    rangs = {i.pk: rang for rang, i in enumerate(instantanes)}
    dispositifs = {i.pk: i.dispositif for i in instantanes}
    filtre = Q(pk__in=[])
    for niveau in {n for n, _ in voulus}:
        filtre |= Q(niveau=niveau, code__in=[c for n, c in voulus if n == niveau])
    lignes = list(ValeursTerritoire.objects.filter(filtre, instantane__in=list(rangs)).order_by("annee"))
    for ligne in sorted(lignes, key=lambda x: (rangs[x.instantane_id], x.annee)):
        deballer(ligne.contenu, trouvees[ligne.niveau, ligne.code], dispositifs[ligne.instantane_id])
    for instantane in instantanes:
        if not any(ligne.instantane_id == instantane.pk for ligne in lignes):
            _lire_sur_disque(instantane, trouvees)
    return trouvees


def _lire_sur_disque(instantane: Instantane, trouvees: dict[Territoire, Valeurs]) -> None:
    """Read an older snapshot, whose rows have left the database, from its file."""
    if not instantane.chemin_valeurs.exists():
        return
    unites = unites_de(instantane.dispositif)
    for (niveau, code), lignes in a_neuf(lambda fils: _lire_fichier(instantane, list(trouvees), fils)).items():
        trouvees[niveau, code].ajouter(
            Valeur(indicateur, ventilation, modalite, periode, n, d, v, statut, unites.get(indicateur, "nombre"), *fin)
            for indicateur, ventilation, modalite, periode, n, d, v, statut, *fin in lignes
        )


def _lire_fichier(
    instantane: Instantane, territoires: Iterable[Territoire], fils: int | None
) -> dict[Territoire, list[tuple[Any, ...]]]:
    """Return the rows of some territories from the file of a snapshot."""
    requete = (
        "SELECT indicateur, ventilation, modalite, periode, TRY_CAST(numerateur AS DECIMAL(38, 6)), "
        "TRY_CAST(denominateur AS DECIMAL(38, 6)), TRY_CAST(valeur AS DECIMAL(38, 6)), statut, exclus, source "
        "FROM read_parquet(?) WHERE niveau = ? AND code = ?"
    )
    chemin = str(instantane.chemin_valeurs)
    with closing(ouvrir([instantane.dossier], instantane.dossier, fils)) as base:
        return {(n, c): base.execute(requete, [chemin, n, c]).fetchall() for n, c in territoires}
