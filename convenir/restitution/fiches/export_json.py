"""A fiche as JSON, in the shape that programs rely on (décisions, § 5); amounts are strings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs.valeurs import Valeur
from convenir.restitution.fiches.modele import FicheBilan


def en_dictionnaire(fiche: FicheBilan) -> dict[str, Any]:
    """Return the fiche as plain JSON types.

    Keys: `structure, convention, indicateurs[{code, periode, numerateur, denominateur, valeur, statut, objectif,
    reference_nationale}], lecture_triennale[], priorites[], alertes[], manquants[], instantane{sha256, fichiers[]}`.
    """
    structure = fiche.structure
    return {
        "structure": {
            "code": structure.code,
            "id_asp": structure.id_asp,
            "categorie": structure.categorie,
            "denomination": structure.denomination,
            "siret_signature": structure.siret_signature,
            "siret_actualise": structure.siret_actualise,
            "commune": structure.commune_id,
            "departement": structure.departement_id,
        },
        "convention": _convention(fiche),
        "indicateurs": [_indicateur(v, fiche) for v in _valeurs(fiche)],
        "alertes": [dict(a) for a in fiche.alertes],
        "manquants": [{"origine": m.origine, "quoi": m.quoi, "effet": m.effet} for m in fiche.manques],
        "instantane": {
            "sha256": fiche.instantane.sha256,
            "arrete_au": fiche.arretee_le.isoformat(),
            "fichiers": [dict(f) for f in fiche.fichiers],
        },
        "lecture_triennale": _triennale(fiche),
        "priorites": _priorites(fiche),
        "a_confirmer": dict(fiche.a_confirmer),
        "avertissement": "Données de gestion, non des statistiques officielles.",
    }


def _convention(fiche: FicheBilan) -> dict[str, Any] | None:
    annexe = fiche.annexe
    if annexe is None:
        return None
    champs = ("etp", "heures_etp", "montant_unitaire", "montant_total", "cofinance")
    return {
        "numero": annexe.convention.numero if annexe.convention else None,
        "annexe": annexe.numero_complet,
        "etat": annexe.etat,
        "debut": annexe.debut.isoformat(),
        "fin": annexe.fin_incluse.isoformat(),
        **{c: _texte(getattr(annexe, c)) for c in champs},
        "annexes": [a.numero_complet for a in fiche.annexes],
        "bareme": _bareme(fiche),
    }


def _bareme(fiche: FicheBilan) -> dict[str, Any] | None:
    lu = fiche.bareme
    if lu is None:
        return None
    montants = {"valeur": str(lu.valeur), "ecart": str(lu.ecart)}
    return {"code": lu.code, "debut": lu.debut.isoformat(), "a_confirmer": lu.a_confirmer, **montants}


def _valeurs(fiche: FicheBilan) -> list[Valeur]:
    """Return the values shown, each once, in the order of the fiche."""
    a = fiche.activite
    valeurs = [
        *(r.resultat for ligne in fiche.objectifs for r in ligne.annees),
        fiche.constatees,
        *fiche.examinees,
        a.conventionnes, a.realises, a.taux, a.ecart, a.projection, a.projection_basse, a.projection_haute,
        *fiche.presents,
        *fiche.embauches,
        *(v for p in fiche.publics for v in (*p.effectifs, p.part)),
        *(v for _, v in fiche.eligibilite),
        *fiche.aide.values(),
        *(v for _, par_an in fiche.moyens for v in par_an),
    ]  # fmt: skip
    return list({v.cle: v for v in valeurs}.values())


def _indicateur(valeur: Valeur, fiche: FicheBilan) -> dict[str, Any]:
    cible = next(
        (
            (r.objectif, ligne.reference)
            for ligne in fiche.objectifs
            for r in ligne.annees
            if r.resultat.cle == valeur.cle
        ),
        (_priorite(valeur, fiche), None),
    )
    return {
        "code": valeur.indicateur,
        "ventilation": valeur.ventilation,
        "modalite": valeur.modalite,
        "periode": valeur.periode,
        "numerateur": _texte(valeur.numerateur),
        "denominateur": _texte(valeur.denominateur),
        "valeur": _texte(valeur.valeur),
        "statut": str(valeur.statut),
        "objectif": _texte(cible[0]),
        "reference_nationale": _texte(cible[1]),
    }


def _triennale(fiche: FicheBilan) -> list[dict[str, Any]]:
    """Return the exits of the years together, by type; empty when the year alone holds enough of them."""
    return [
        {
            "code": f"iae.sorties.taux_{ligne.code}",
            "periode": f"{lu.debut}-{lu.fin}",
            "numerateur": str(lu.numerateur),
            "denominateur": str(lu.denominateur),
            "valeur": str(lu.valeur),
        }
        for ligne in fiche.objectifs
        if (lu := ligne.triennale)
    ]


def _priorite(valeur: Valeur, fiche: FicheBilan) -> Decimal | None:
    """Return the share that the territory seeks of a public, in percent: it is the objective of that share."""
    lignes = (ligne for ligne in fiche.publics if ligne.priorite and ligne.part.cle == valeur.cle)
    return next((ligne.priorite.part for ligne in lignes if ligne.priorite), None)


def _priorites(fiche: FicheBilan) -> list[dict[str, Any]]:
    return [
        {
            "public": ligne.priorite.public,
            "libelle": ligne.libelle,
            "part_visee": str(ligne.priorite.part),
            "lecture": ligne.lecture,
            "organe": ligne.priorite.organe,
            "adopte_le": ligne.priorite.adopte_le.isoformat(),
            "reference": ligne.priorite.reference,
        }
        for ligne in fiche.publics
        if ligne.priorite
    ]


def _texte(valeur: Decimal | date | None) -> str | None:
    return None if valeur is None else str(valeur)
