"""What a reader outside the State and the mission locale sees: figures of the year, none that the freeze has covered,
no breakdown, no month; what a mission locale sees of the territories around it (docs/secret-statistique.md)."""

from __future__ import annotations

from convenir.mesure.indicateurs.valeurs import CODE_FRANCE, Valeur, Valeurs


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


def autour_dune_partie(territoire: Valeurs, siennes: Valeurs) -> Valeurs:
    """Return the values of a territory as a mission locale inside it may read them, its own at hand.

    What it is told of a figure that the freeze covered in its own column would give back, by difference, the small
    count of another mission locale. France is too wide to give any back.
    """
    vues = pour_un_tiers(territoire)
    if territoire.code == CODE_FRANCE:
        return vues
    caches = siennes.secrets
    tues = (v.cachee() if caches is None or (v.indicateur, v.periode) in caches else v for v in vues)
    return Valeurs.de(territoire.niveau, territoire.code, tues)
