"""The definition that held at a date, and the breaks that its changes make in a series. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from convenir.mesure.indicateurs.definitions import Version
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl, TermeMl


def version_de(i: IndicateurMl, annee: int) -> Version:
    """Return the version in force at the end of a year (the first one before that)."""
    passees = [v for v in i.versions if v.depuis <= date(annee, 12, 31)]
    return passees[-1] if passees else i.versions[0]


def a_la_date(cat: CatalogueMl, annee: int) -> CatalogueMl:
    """Return the definitions of a frame as they held in a year: a former version replaces what is said now."""
    return replace(cat, indicateurs={code: _alors(i, version_de(i, annee)) for code, i in cat.indicateurs.items()})


def _alors(i: IndicateurMl, v: Version) -> IndicateurMl:
    if v == i.versions[-1] or not (v.definition or v.filtre or v.numerateur):
        return i
    return replace(
        i,
        definition=v.definition or i.definition,
        filtre=v.filtre or i.filtre,
        numerateur=TermeMl(v.numerateur, i.numerateur.indicateur) if v.numerateur else i.numerateur,
    )


def ruptures(i: IndicateurMl) -> str:
    """Say every break of a definition, the first one first: « 2017 : …, 2022 : … »; empty when there is none."""
    return " ".join(f"{v.depuis.year} : {v.changement}" for v in i.versions[1:] if v.rupture).replace("'", "’")


def rupture(i: IndicateurMl, annees: tuple[int, ...]) -> str:
    """Say what changed in a definition between years shown together, which then do not compare; else nothing."""
    premiere, derniere = min(annees), max(annees)
    changees = [
        v for v in i.versions[1:]
        if v.rupture and version_de(i, premiere).version < v.version <= version_de(i, derniere).version
    ]  # fmt: skip
    if not changees:
        return ""
    v = changees[-1]
    dit = f"Rupture de série en {v.depuis.year} : {v.changement} Avant et après : non comparable."
    return dit.replace("'", "’")
