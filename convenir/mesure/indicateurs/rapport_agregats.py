"""What importing a file of aggregates would change, in the shape of every import report."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from convenir.mesure.donnees.rapport import Issue, Rapport
from convenir.mesure.indicateurs.catalogue_agregats import lire_agregats
from convenir.mesure.indicateurs.models import Agregat

Cle = tuple[str, str, str, str, int]
Nombres = tuple[Decimal | None, Decimal | None, Decimal]


def rapport_agregats(chemin: Path) -> Rapport:
    """Read a file of aggregates and compare it with those in force, without writing.

    Raises:
        EntreeInvalide: naming the file, the line and the column.
    """
    lus = lire_agregats(chemin)
    voulus: dict[Cle, Nombres] = {
        (a.niveau, a.code, a.categorie, a.indicateur, a.annee): (a.numerateur, a.denominateur, a.valeur) for a in lus
    }
    connus: dict[Cle, Nombres] = {
        (a.niveau, a.code, a.categorie, a.indicateur, a.annee): (a.numerateur, a.denominateur, a.valeur)
        for a in Agregat.objects.all()
    }
    effets = {
        "crees": len(voulus.keys() - connus.keys()),
        "modifies": sum(connus.get(cle, nombres) != nombres for cle, nombres in voulus.items()),
        "termines": len(connus.keys() - voulus.keys()),
    }
    return Rapport(
        issue=Issue.ESSAI,
        source="agregats",
        vues={"Agregats": {"lues": len(lus), "acceptees": len(lus), "quarantaine": 0, "doublons": 0}},
        effets=effets,
        effets_par_objet={"agregats": effets},
        deja_importee=None if any(effets.values()) else chemin.name,
    )
