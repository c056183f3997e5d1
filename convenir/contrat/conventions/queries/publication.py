"""A convention as plain JSON, for the command line and the API: amounts and ETP as decimal texts."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.rules.termes import en_json
from convenir.contrat.conventions.states import EN_SUSPENS, EtatVersion


def en_dictionnaire(convention: Convention, jour: date) -> dict[str, Any]:
    """Return the convention and its consolidated terms on a day, in four SQL queries."""
    versions = list(convention.versions.order_by("rang"))
    en_effet = [v for v in versions if v.vaut_au(jour)]
    courante = en_effet[-1] if en_effet else None
    termes = courante.termes if courante else None
    structure = convention.structure
    dynamique, socle = (termes.taux_dynamique, termes.montant_socle) if termes else (None, None)
    return {
        "reference": convention.reference,
        "dispositif": convention.dispositif,
        "partie": structure.code if structure else getattr(convention.mission_locale, "code", ""),
        "denomination": convention.nom_de_la_partie,
        "categorie": convention.categorie,
        "departement": convention.departement_id,
        "debut": convention.debut.isoformat(),
        "fin_incluse": convention.dernier_jour.isoformat(),
        "etat": convention.etat,
        "numero_asp": convention.numero_asp,
        "date": jour.isoformat(),
        "version": _version(courante) if courante else None,
        "termes": en_json(termes) if termes else None,
        "taux_dynamique": None if dynamique is None else str(dynamique),
        "montant_socle": None if socle is None else str(socle),
        "en_suspens": next((_version(v) for v in versions if v.etat in EN_SUSPENS), None),
        "versions": [_version(v) for v in versions if v.etat != EtatVersion.ABANDONNEE],
        "annexes": [
            {"annee": a.annee, "numero": a.numero, "etat": a.etat, "postes": str(a.postes),
             "montant_unitaire": str(a.montant_unitaire), "montant_total": str(a.montant_total)}
            for a in convention.annexes.order_by("annee", "debut", "pk")
        ],
    }  # fmt: skip


def _version(version: Any) -> dict[str, Any]:
    return {
        "libelle": version.libelle,
        "rang": version.rang,
        "etat": version.etat,
        "effet": version.effet.isoformat(),
        "signee_le": version.signee_le.isoformat() if version.signee_le else None,
        "empreinte": version.empreinte,
    }
