"""A parameter as data to print: dictionary of the command line and of the API, rows of the CSV export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils import timezone

from convenir.socle.commun.csv_ecrit import lignes_csv
from convenir.socle.reglementation.definitions import A_CONFIRMER, CONFIRME
from convenir.socle.reglementation.droit import LigneHistoire, Reglementation
from convenir.socle.reglementation.scalaires import Scalaire, ecrire_scalaire

ETATS = {"en_vigueur": "retenue", "remplacee": "remplacée", "retiree": "retirée"}
EN_TETE = (
    "code", "libelle", "unite", "portee", "debut", "dernier_jour", "valeur", "texte", "nor", "publie_le", "source",
    "verifie_le", "certitude", "pourquoi", "reconduite_depuis", "statut", "ajoutee_par", "ajoutee_le", "motif",
    "retiree_par", "retiree_le", "motif_retrait", "note",
)  # fmt: skip


def parametre_en_dict(droit: Reglementation, code: str, jour: date) -> dict[str, Any]:
    """Return a parameter on a day; see `queries.parametre`."""
    definition, valeur = droit.definition(code), droit.valeur_ou_rien(code, jour)
    return {
        "code": code,
        "date": jour.isoformat(),
        "valeur": None if valeur is None else en_json(valeur.valeur),
        "unite": definition.unite,
        "texte": valeur.texte if valeur else "",
        "source": valeur.source if valeur else "",
        "verifie_le": valeur.verifie_le.isoformat() if valeur else None,
        "a_confirmer": valeur.a_confirmer if valeur else droit.terminee_le(code, jour) is None,
        "historique": [_segment(segment.valeur, segment.periode.debut, segment.periode.dernier_jour)
                       for segment in droit.chronique(code)],
    }  # fmt: skip


def _segment(valeur: Any, debut: date, dernier_jour: date | None) -> dict[str, Any]:
    return {
        "debut": debut.isoformat(),
        "dernier_jour": dernier_jour.isoformat() if dernier_jour else None,
        "valeur": en_json(valeur.valeur),
        "texte": valeur.texte,
        "source": valeur.source,
        "publie_le": valeur.publie_le.isoformat() if valeur.publie_le else None,
        "verifie_le": valeur.verifie_le.isoformat(),
        "a_confirmer": valeur.a_confirmer,
        "reconduit": valeur.reconduit,
        "pourquoi": valeur.pourquoi,
    }


def en_json(valeur: Scalaire) -> str | int:
    """Return an amount as a string (decimals are never floats), a whole number or a text as they are."""
    return ecrire_scalaire(valeur) if isinstance(valeur, Decimal) else valeur


def historique_csv(droit: Reglementation, codes: list[str]) -> Iterator[str]:
    """Yield the whole history of parameters, with semicolons, as French spreadsheets open it."""
    lignes = (_cellules(droit, code, ligne) for code in codes for ligne in droit.histoire(code))
    return lignes_csv(chain((EN_TETE,), lignes), ";", "\r\n")


def _cellules(droit: Reglementation, code: str, ligne: LigneHistoire) -> list[str]:
    definition, declaree, ajout = droit.definition(code), ligne.declaree, ligne.ajout
    texte = droit.catalogue.textes.get(declaree.texte)
    valeur = f"celle de {declaree.renvoi}" if declaree.valeur is None else ecrire_scalaire(declaree.valeur)
    publie = declaree.publie_le or (texte.publie_le if texte else None)
    cellules: list[object] = [
        code, definition.libelle, definition.unite, definition.portee, declaree.debut, ligne.dernier_jour, valeur,
        declaree.reference or (texte.titre if texte else ""), texte.nor if texte else "", publie, declaree.source,
        declaree.verifie_le, A_CONFIRMER if declaree.a_confirmer else CONFIRME, declaree.pourquoi,
        declaree.reconduit_depuis if _reconduite(ligne) else None, ETATS[ligne.etat],
    ]  # fmt: skip
    if ajout:
        cellules += [
            ajout.ajoute_par, timezone.localdate(ajout.ajoute_le), ajout.motif, ajout.retire_par,
            timezone.localdate(ajout.retire_le) if ajout.retire_le else None, ajout.motif_retrait,
        ]  # fmt: skip
    else:
        cellules += [None] * 6
    return ["" if c is None else str(c) for c in [*cellules, declaree.note]]


def _reconduite(ligne: LigneHistoire) -> bool:
    depuis = ligne.declaree.reconduit_depuis
    return depuis is not None and (ligne.fin is None or depuis < ligne.fin)
