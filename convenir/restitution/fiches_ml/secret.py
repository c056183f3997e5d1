"""What a reader outside the State and the mission locale sees: figures of the year, none that the freeze has covered,
no breakdown, no month (docs/secret-statistique.md)."""

from __future__ import annotations

from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs


def pour_un_tiers(valeurs: Valeurs) -> Valeurs:
    """Return the values of a mission locale, or of a territory, as someone outside may read them."""
    lues: dict[tuple[str, str], Valeur] = {}
    for v in valeurs:
        cle = (v.indicateur, v.periode[:4])
        if not v.ventilation and len(v.periode) in (4, 10) and (cle not in lues or v.periode > lues[cle].periode):
            lues[cle] = v
    # A snapshot read back from its file has lost what its freeze had covered: everything is then hidden.
    caches = valeurs.secrets
    vues = (v.cachee() if caches is None or (v.indicateur, v.periode) in caches else v for v in lues.values())
    return Valeurs.de(valeurs.niveau, valeurs.code, vues)
