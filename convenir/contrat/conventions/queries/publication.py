"""A convention as plain JSON, for the command line and the API: numbers as decimal texts (décisions, § 5).

Euros have two decimals; posts, percents and hours six. What the terms do not say is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.contrat.conventions.ecriture import UNITES, ecart, libelle, noms_des_lignes
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.queries.liste import en_suspens
from convenir.contrat.conventions.rules.termes import LISTES, NOMBRES, Scalaire, Termes, differences
from convenir.contrat.conventions.states import EN_SUSPENS, EtatConvention, EtatVersion
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.montants import arrondir


def decimal(valeur: Decimal | None, unite: str = "") -> str | None:
    """Write a number for a program: two decimals for euros, six otherwise; None when there is none."""
    return None if valeur is None else format(arrondir(valeur, 2 if unite == "euros" else 6), "f")


def _scalaire(champ: str, valeur: Scalaire | None) -> Scalaire | None:
    return decimal(valeur, UNITES.get(champ, "")) if isinstance(valeur, Decimal) else valeur


def en_termes(termes: Termes) -> dict[str, Any]:
    """Return the terms: each number said, each list of records."""
    dits = {n: _scalaire(n, v) for n in NOMBRES if (v := getattr(termes, n)) is not None}
    listes = {
        champ: [
            {f.name: _scalaire(f.name, v) for f in fields(e) if (v := getattr(e, f.name)) not in (None, "")}
            for e in getattr(termes, champ)
        ]
        for champ in LISTES
    }
    calcules = {
        "taux_dynamique": decimal(termes.taux_dynamique),
        "montant_socle": decimal(termes.montant_socle, "euros"),
    }
    return dits | {nom: v for nom, v in calcules.items() if v is not None} | {c: v for c, v in listes.items() if v}


def en_resume(convention: Convention) -> dict[str, Any]:
    """Return what a list says of a convention; without SQL when its parties are already read."""
    structure = convention.structure
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
        "etat_libelle": str(EtatConvention(convention.etat).label),
        "etat_depuis": convention.etat_depuis.isoformat(),
        "numero_asp": convention.numero_asp,
        "origine": convention.origine,
    }


def en_liste(conventions: Sequence[Convention]) -> list[dict[str, Any]]:
    """Return the lines of a list (`liste.filtrer`), in one SQL query for their pending versions."""
    suspens = en_suspens(c.pk for c in conventions)
    return [
        en_resume(c)
        | {
            "etat_version_en_suspens": suspens[c.pk].etat if c.pk in suspens else None,
            "postes_de_lannee": decimal(c.postes),  # type: ignore[attr-defined]
        }
        for c in conventions
    ]


def en_dictionnaire(convention: Convention, jour: date) -> dict[str, Any]:
    """Return the convention and its consolidated terms on a day, in two SQL queries once its parties are read."""
    versions = list(convention.versions.order_by("rang"))
    en_effet = [v for v in versions if v.vaut_au(jour)]
    courante = en_effet[-1] if en_effet else None
    return en_resume(convention) | {
        "motif_periode": convention.motif_periode,
        "date": jour.isoformat(),
        "version": en_version(courante) if courante else None,
        "termes": en_termes(courante.termes) if courante else None,
        "en_suspens": next((en_version(v) for v in versions if v.etat in EN_SUSPENS), None),
        "versions": [en_version(v) for v in versions if v.etat != EtatVersion.ABANDONNEE],
        "annexes": [
            {"annee": a.annee, "numero": a.numero, "etat": a.etat, "postes": decimal(a.postes),
             "montant_unitaire": decimal(a.montant_unitaire, "euros"),
             "montant_total": decimal(a.montant_total, "euros")}
            for a in convention.annexes.order_by("annee", "debut", "pk")
        ],
    }  # fmt: skip


def en_version(version: Version) -> dict[str, Any]:
    """Return what identifies a version: its act, its rank, its state, its dates, the fingerprint of its terms."""
    return {
        "libelle": version.libelle,
        "rang": version.rang,
        "etat": version.etat,
        "effet": version.effet.isoformat(),
        "signee_le": version.signee_le.isoformat() if version.signee_le else None,
        "empreinte": version.empreinte,
    }


def en_versions(convention: Convention) -> list[dict[str, Any]]:
    """Return every version, its terms, and what it changes in the last version signed before it; one SQL query."""
    lues, signee = [], None
    for version in convention.versions.order_by("rang"):
        lues.append(
            en_version(version)
            | {
                "termes": en_termes(version.termes),
                "precedente": signee.rang if signee else None,
                "changements": _changements(signee.termes if signee else Termes(), version.termes),
            }
        )
        if version.etat == EtatVersion.SIGNEE:
            signee = version
    return lues


def en_difference(convention: Convention, de: int | None = None, vers: int | None = None) -> dict[str, Any]:
    """Return what changes between two versions, by their ranks; by default the last and the one before it.

    Raises:
        EntreeInvalide: a rank that no version has.
    """
    versions = {v.rang: v for v in convention.versions.order_by("rang")}
    rangs = list(versions)
    arrivee = vers if vers is not None else (rangs[-1] if rangs else 0)
    if arrivee not in versions:
        raise EntreeInvalide(f"{convention.reference} n'a pas de version de rang {arrivee}.")
    depart = de if de is not None else rangs[max(0, rangs.index(arrivee) - 1)]
    if depart not in versions:
        raise EntreeInvalide(f"{convention.reference} n'a pas de version de rang {depart}.")
    return {
        "reference": convention.reference,
        "de": en_version(versions[depart]),
        "vers": en_version(versions[arrivee]),
        "changements": _changements(versions[depart].termes, versions[arrivee].termes),
    }


def _changements(avant: Termes, apres: Termes) -> list[dict[str, Any]]:
    noms: Mapping[str, str] = noms_des_lignes(avant, apres)
    return [
        {"chemin": "/".join(c.chemin), "libelle": libelle(c.chemin, noms),
         "avant": _texte(c.chemin[-1], c.avant), "apres": _texte(c.chemin[-1], c.apres),
         "ecart": ecart(c.chemin[-1], c.avant, c.apres)}
        for c in differences(avant, apres)
    ]  # fmt: skip


def _texte(champ: str, valeur: Scalaire | None) -> str | None:
    ecrit = _scalaire(champ, valeur)
    return None if ecrit is None else str(ecrit)
