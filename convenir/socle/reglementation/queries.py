"""Reads of the law: value of a parameter on a day, its history, the texts, the names of institutions.

Each function reads the added values once per web request. Batch code calls `charger()` once and asks the object that
it gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.periodes import Periode
from convenir.socle.commun.valeurs_datees import Chronique
from convenir.socle.organisations.institutions import Territoire
from convenir.socle.organisations.noms import institution_au
from convenir.socle.reglementation import memoire
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.definitions import Referentiel, TexteReglementaire
from convenir.socle.reglementation.droit import (
    MOTIF,
    Ajout,
    DefinitionLocale,
    ParametreInconnu,
    Priorite,
    Reglementation,
    ValeurAbsente,
    ValeurApplicable,
)
from convenir.socle.reglementation.models import GenreLocal, ParametreLocal, ValeurAjoutee
from convenir.socle.reglementation.presentation import parametre_en_dict
from convenir.socle.reglementation.saisies import ajout_de

__all__ = [
    "DefinitionLocale", "MotifDeSortie", "ParametreInconnu", "Priorite", "Reglementation", "TexteInconnu",
    "ValeurAbsente", "ValeurApplicable", "a_jour", "charger", "chronique", "montant_socle", "motifs_de_sortie",
    "motifs_positifs_locaux", "nom_institution", "parametre", "priorites", "referentiel", "texte",
    "textes_applicables", "valeur", "valeur_ou_rien", "version_reglementaire",
]  # fmt: skip


class TexteInconnu(ErreurMetier):
    """No text has this code."""


def charger() -> Reglementation:
    """Read the law afresh: files (in memory) and added values (one SQL query; one more for local definitions)."""
    ajouts: list[Ajout] = []
    for ligne in ValeurAjoutee.objects.all():
        ajouts.append(ajout_de(ligne, catalogue()))
    return Reglementation(catalogue(), ajouts, _lire_locales, _lire_priorites)


def a_jour() -> Reglementation:
    """Return the law of this request, read once; outside a request, the same as `charger()`."""
    return memoire.gardee() or memoire.garder(charger())


def priorites(departement: str, jour: date) -> dict[str, Priorite]:
    """Return the priority publics of a département in force on a day, by code of public."""
    return a_jour().priorites(departement, jour)


def _lire_priorites() -> Iterator[Priorite]:
    lignes = ParametreLocal.objects.filter(genre=GenreLocal.PUBLIC_PRIORITAIRE, retire_le__isnull=True)
    for ligne in lignes.order_by("debut", "pk"):
        public, part = ligne.elements
        yield Priorite(
            ligne.departement_id,
            public,
            Decimal(part),
            _periode(ligne),
            ligne.organe,
            ligne.adopte_le,
            ligne.reference,
        )


def _periode(ligne: ParametreLocal) -> Periode:
    return Periode.inclusive(ligne.debut, ligne.dernier_jour) if ligne.dernier_jour else Periode(ligne.debut)


def _lire_locales() -> Iterator[DefinitionLocale]:
    lignes = ParametreLocal.objects.filter(genre=GenreLocal.SORTIES_POSITIVES, retire_le__isnull=True)
    for ligne in lignes.order_by("pk"):
        periode = _periode(ligne)
        for motif in ligne.elements:
            yield DefinitionLocale(
                ligne.pk, ligne.departement_id, motif, periode, ligne.libelle, ligne.organe, ligne.adopte_le,
                ligne.reference,
            )  # fmt: skip


def valeur(code: str, jour: date, *, territoire: str | None = None) -> ValeurApplicable:
    """Return the value of a parameter on a day.

    Args:
        code: code of the parameter (`iae.socle.ACI`).
        jour: calendar day.
        territoire: code of a département; its own amount (`976`) or its local definition prevails.

    Raises:
        ParametreInconnu: no parameter has this code.
        ValeurAbsente: no value is known on that day.
    """
    return a_jour().valeur(code, jour, territoire=territoire)


def valeur_ou_rien(code: str, jour: date, *, territoire: str | None = None) -> ValeurApplicable | None:
    """Return the value of a parameter on a day, or None when none is known.

    Raises:
        ParametreInconnu: no parameter has this code.
    """
    return a_jour().valeur_ou_rien(code, jour, territoire=territoire)


def montant_socle(
    categorie: str, jour: date, *, territoire: str | None = None, penitentiaire: bool = False
) -> ValeurApplicable | None:
    """Return the socle of one ETP of a category on a day; None when the texts give none (EITI has no socle)."""
    code = f"iae.socle.{'penitentiaire.' if penitentiaire else ''}{categorie}"
    droit = a_jour()
    return droit.valeur_ou_rien(code, jour, territoire=territoire) if code in droit.catalogue.parametres else None


def chronique(code: str) -> Chronique[ValeurApplicable]:
    """Return the values of a parameter in order of time (a carried-forward value is a period of its own).

    Raises:
        ParametreInconnu: no parameter has this code.
    """
    return a_jour().chronique(code)


def parametre(code: str, jour: date) -> dict[str, Any]:
    """Return a parameter on a day as printed by the command line and the API.

    Exactly `{code,date,valeur,unite,texte,source,verifie_le,a_confirmer,historique[]}`; amounts are strings; `valeur`
    is None when no value is known on that day; it is then to be confirmed, unless the texts ended the parameter.

    Raises:
        ParametreInconnu: no parameter has this code.
    """
    return parametre_en_dict(a_jour(), code, jour)


def version_reglementaire() -> str:
    """Return the SHA-256 of every value in force: two equal versions compute the same figures."""
    return a_jour().version


def motifs_positifs_locaux(departement_code: str, jour: date) -> set[str]:
    """Return the reason codes that a département holds as positive exits on a day, by a decision it adopted."""
    return a_jour().motifs_positifs_locaux(departement_code, jour)


@dataclass(frozen=True)
class MotifDeSortie:
    """A reason of exit and its category on a day: durable, transition, positive, autre, retrait or inconnu."""

    code: str
    libelle: str
    categorie: str
    a_confirmer: bool
    locale: bool


def motifs_de_sortie(jour: date, *, departement: str | None = None) -> dict[str, MotifDeSortie]:
    """Return the reasons of exit known on a day, by code, local definitions applied when a département is given."""
    droit, trouves = a_jour(), {}
    for code in (c for c in droit.catalogue.parametres if c.startswith(MOTIF)):
        v = droit.valeur_ou_rien(code, jour, territoire=departement)
        if v is not None:
            court, locale = code.removeprefix(MOTIF), v.portee.startswith("Département ")
            trouves[court] = MotifDeSortie(court, v.libelle, str(v.valeur), v.a_confirmer, locale)
    return trouves


def texte(code: str) -> TexteReglementaire:
    """Return a text by its code.

    Raises:
        TexteInconnu: no text has this code.
    """
    try:
        return catalogue().textes[code]
    except KeyError:
        raise TexteInconnu(f"Le texte « {code} » n'existe pas.") from None


def textes_applicables(jour: date) -> list[TexteReglementaire]:
    """Return the texts that apply on a day, the newest first; sources that are not law are left out."""
    applicables = [t for t in catalogue().textes.values() if t.nature not in ("document", "defaut")]
    applicables = [t for t in applicables if t.applicable_le(jour)]
    return sorted(applicables, key=lambda t: t.applicable_du or t.date_du_texte or date.min, reverse=True)


def referentiel(code: str) -> Referentiel:
    """Return a reference list.

    Lists: `mesures-asp`, `etats-annexe`, `categories-sortie`, `criteres-eligibilite`, `actions-fdi`.

    Raises:
        ParametreInconnu: no list has this code.
    """
    try:
        return catalogue().referentiels[code]
    except KeyError:
        raise ParametreInconnu(f"La liste de référence « {code} » n'existe pas.") from None


def nom_institution(role_code: str, jour: date, territoire: Territoire | None = None) -> str:
    """Return the name an institution had on a day: « unité territoriale de la DIRECCTE » in 2014, « DDETS » in 2026.

    Args:
        role_code: a role of `socle/organisations/noms_institutions.yaml`, such as `service_departemental`.
        jour: day of the act.
        territoire: completes and chooses the name (overseas, Île-de-France); absent, the general form.

    Raises:
        KeyError: unknown role.
    """
    return institution_au(role_code, jour, territoire).imprimer(territoire or Territoire())
