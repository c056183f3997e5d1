"""The record format published as frictionless Table Schema, one resource per table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.formats.schema import Colonne, Disposition, TypeColonne, Vue

Json = dict[str, Any]
_TYPES = {
    TypeColonne.ENTIER: "integer",
    TypeColonne.DECIMAL: "number",
    TypeColonne.TEXTE: "string",
    TypeColonne.DATE: "date",
    TypeColonne.HORODATAGE: "datetime",
    TypeColonne.BOOLEEN: "boolean",
    TypeColonne.DUREE: "string",
}
_REMARQUES = {
    Disposition.PSEUDONYME: "Remplacé à l'entrée par un pseudonyme à clé.",
    Disposition.MOIS: "Ramené à l'entrée au premier jour du mois.",
    Disposition.PRESENCE: "Seule sa présence est conservée.",
}


def table_schemas(vues: Mapping[str, Vue] | None = None) -> dict[str, Json]:
    """Return the Table Schema of each table, by name, ready to be written as JSON.

    Args:
        vues: tables to publish; those of the missions locales by default.

    Columns dropped on entry are not fields: they are listed under `colonnesSupprimees`.
    """
    decrites = tables_missions_locales() if vues is None else vues
    return {nom: _schema(vue) for nom, vue in decrites.items()}


def _schema(vue: Vue) -> Json:
    supprimees = [c.nom for c in vue.colonnes if c.disposition is Disposition.SUPPRIMER]
    return {
        "name": vue.nom,
        "title": vue.contenu,
        "fields": [_champ(c) for c in vue.conservees],
        "missingValues": [""],
        **({"primaryKey": list(vue.cle)} if _cle_pleine(vue) else {}),
        **({"foreignKeys": _cles_etrangeres(vue)} if vue.cles_etrangeres else {}),
        **({"colonnesSupprimees": supprimees} if supprimees else {}),
    }


def _cle_pleine(vue: Vue) -> bool:
    """Tell whether no column of the key may be empty: Table Schema knows no other primary key."""
    obligatoires = {c.nom for c in vue.colonnes if c.obligatoire}
    return bool(vue.cle) and obligatoires.issuperset(vue.cle)


def _champ(colonne: Colonne) -> Json:
    contraintes: Json = {
        **({"required": True} if colonne.obligatoire else {}),
        **({"enum": list(colonne.valeurs)} if colonne.valeurs else {}),
        **({"pattern": f"^(?:{colonne.motif})$"} if colonne.motif else {}),
        **({"minimum": colonne.minimum} if colonne.minimum is not None else {}),
        **({"maximum": colonne.maximum} if colonne.maximum is not None else {}),
    }
    return {
        "name": colonne.nom,
        "title": colonne.titre,
        "type": _TYPES[colonne.type],
        **({"description": _REMARQUES[colonne.disposition]} if colonne.disposition in _REMARQUES else {}),
        **({"constraints": contraintes} if contraintes else {}),
    }


def _cles_etrangeres(vue: Vue) -> list[Json]:
    return [
        {"fields": list(paires), "reference": {"resource": cible, "fields": list(paires.values())}}
        for cible, paires in vue.cles_etrangeres.items()
    ]
