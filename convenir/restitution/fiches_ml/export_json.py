"""A fiche of a mission locale as JSON, symmetric with that of a SIAE (décisions, § 5); amounts are strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs.qualite.bornes import bornes
from convenir.mesure.indicateurs.queries_ml import version_de
from convenir.mesure.indicateurs.valeurs import Statut, Valeur
from convenir.restitution.fiches_ml.assemblage import valeurs_annuelles
from convenir.restitution.fiches_ml.modele import FicheMl


def en_dictionnaire(fiche: FicheMl) -> dict[str, Any]:
    """Return the fiche as plain JSON types.

    Keys: `structure, indicateurs[{code, ventilation, modalite, periode, numerateur, denominateur, valeur, statut,
    completude, bornes[low, high], version, voie}], ruptures{code: sentence}, travaux{kind: count} or null,
    manquants[], instantane{sha256, arrete_au, grille, fichiers[]}, parametres[], a_confirmer`. Two values of an
    indicator that `ruptures` names do not compare when their `version` differs.
    """
    m = fiche.mission_locale
    valeurs = valeurs_annuelles(fiche)
    return {
        "structure": {
            "code": m.code,
            "nom": m.nom,
            "statut": m.statut,
            "module_entreprise": m.module_entreprise,
            "departement": m.departement_id,
            "region": m.departement.region_id,
        },
        "indicateurs": [_indicateur(fiche, v) for v in valeurs],
        "ruptures": {x.indicateur.code: x.rupture for s in fiche.sections for x in s.lignes if x.rupture},
        "travaux": {g: n for g, _, n in fiche.travaux.lignes} if fiche.travaux else None,
        "manquants": sorted({v.indicateur for v in valeurs if _manque(v, fiche)}),
        "instantane": {
            "sha256": fiche.instantane.sha256,
            "arrete_au": fiche.moment.jour.isoformat(),
            "grille": fiche.catalogue.grille.code,
            "fichiers": [dict(f) for f in fiche.instantane.fichiers],
        },
        "parametres": [dict(p) for p in fiche.parametres],
        "a_confirmer": dict(fiche.a_confirmer),
        "avertissement": "Données de gestion, non des statistiques officielles.",
    }


def _manque(v: Valeur, fiche: FicheMl) -> bool:
    return v.statut == Statut.MANQUANT and v.periode.startswith(str(fiche.annee))


def _indicateur(fiche: FicheMl, v: Valeur) -> dict[str, Any]:
    lues = bornes(fiche.valeurs, v.indicateur, v.periode, v.ventilation, v.modalite)
    return {
        "code": v.indicateur,
        "ventilation": v.ventilation,
        "modalite": v.modalite,
        "periode": v.periode,
        "numerateur": _texte(v.numerateur),
        "denominateur": _texte(v.denominateur),
        "valeur": _texte(v.valeur),
        "statut": str(v.statut),
        "completude": _texte(lues.completude) if lues else None,
        "bornes": [str(lues.bas), str(lues.haut)] if lues else None,
        "version": version_de(fiche.catalogue.indicateurs[v.indicateur], int(v.periode[:4])).version,
        "voie": v.source,
    }


def _texte(valeur: Decimal | None) -> str | None:
    return None if valeur is None else str(valeur)
