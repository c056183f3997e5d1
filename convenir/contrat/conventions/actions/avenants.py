"""Prepare an avenant or a modification: a new version that starts from the last signed terms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max

from convenir.contrat.conventions import suites
from convenir.contrat.conventions.actions.passages import accomplir
from convenir.contrat.conventions.models import Convention, NatureVersion, Version
from convenir.contrat.conventions.rules.termes import Taux, Termes, avec_taux, empreinte, en_json
from convenir.contrat.conventions.states import EtatVersion
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur


@dataclass(frozen=True)
class NouvelAvenant:
    """What an avenant is: `effet` is its first day, `clauses_fin` the first day its financial clauses no longer cover.

    `termes`: None to start from the last signed ones.
    """

    effet: date
    clauses_fin: date | None = None
    objet: str = ""
    termes: Termes | None = None
    nature: str = NatureVersion.AVENANT


SourceDeTaux = Callable[[Collection[int], int], Mapping[int, Taux]]
_TAUX: list[SourceDeTaux] = []


def fournir_les_taux(source: SourceDeTaux) -> SourceDeTaux:
    """Let the room of the objectives give the rates agreed for a year: a new version starts from them."""
    if source not in _TAUX:
        _TAUX.append(source)
    return source


def taux_convenus(conventions: Collection[int], annee: int) -> dict[int, Taux]:
    """Return the rates agreed for a year, by the key of the conventions that have them."""
    return {cle: taux for source in _TAUX for cle, taux in source(conventions, annee).items()}


@suites.acte
def preparer_avenant(
    acteur: Acteur, convention: Convention, avenant: NouvelAvenant, *, jour: date, maintenant: datetime
) -> Version:
    """Open the next version of a running convention.

    Raises:
        ActionRefusee: right, state, or a version is already pending.
        EntreeInvalide: effect outside the convention, or financial clauses that end before it.
    """
    fraiche = accomplir(acteur, convention, "preparer_avenant", jour=jour, maintenant=maintenant)
    precedente = fraiche.versions.signees().last()
    if precedente is None:
        raise ActionRefusee("Cette convention n'a pas encore de version signée : rien à modifier.")
    if not fraiche.debut <= avenant.effet < fraiche.fin:
        raise EntreeInvalide("La date d'effet de l'avenant tombe hors de la convention.")
    if avenant.clauses_fin is not None and avenant.clauses_fin <= avenant.effet:
        raise EntreeInvalide("Les clauses financières de l'avenant finissent après sa date d'effet : corrigez-la.")
    convenus = taux_convenus([fraiche.pk], avenant.effet.year).get(fraiche.pk)
    if convenus:  # convenus avant qu'un acte ne soit ouvert pour les porter
        avenant = replace(avenant, termes=avec_taux(avenant.termes or precedente.termes, convenus))
    return Version.objects.create(**champs_de_version(fraiche, precedente, avenant, maintenant))


def champs_de_version(
    convention: Convention, precedente: Version, avenant: NouvelAvenant, maintenant: datetime
) -> dict[str, object]:
    """Return the fields of the next version; two SQL queries, for its rank and its number."""
    rang = convention.versions.aggregate(dernier=Max("rang"))["dernier"] + 1
    memes = convention.versions.filter(nature=avenant.nature).exclude(etat=EtatVersion.ABANDONNEE)
    numero = (memes.aggregate(dernier=Max("numero"))["dernier"] or 0) + 1
    return champs(convention, precedente, avenant, rang, numero, maintenant)


def champs(
    convention: Convention, precedente: Version, avenant: NouvelAvenant, rang: int, numero: int, maintenant: datetime
) -> dict[str, object]:
    """Return the fields of a version whose rank and number are known; without SQL."""
    termes = avenant.termes
    return {
        "convention": convention,
        "nature": avenant.nature,
        "numero": numero,
        "rang": rang,
        "effet": avenant.effet,
        "clauses_fin": min(avenant.clauses_fin or date(avenant.effet.year + 1, 1, 1), convention.fin),
        "objet": avenant.objet.strip(),
        "termes_json": precedente.termes_json if termes is None else en_json(termes),
        "empreinte": precedente.empreinte if termes is None else empreinte(termes),
        "creee_le": maintenant,
    }
