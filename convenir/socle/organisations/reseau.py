"""Recording of the missions locales of a delivery and of their zones: compare, write the difference, journal it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from convenir.socle.journal.actes import declarer
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import (
    CommuneDeMissionLocale,
    MissionLocale,
    Nature,
    NiveauTerritorial,
    Organisation,
    StatutMissionLocale,
)
from convenir.socle.organisations.rules import Effets
from convenir.socle.territoires.models import Departement

ENREGISTRER_RESEAU = declarer("organisations.enregistrer_reseau", "Missions locales mises à jour par une livraison")
CHAMPS = ("nom", "departement_id", "statut", "module_entreprise", "suivie_jusquau")


@dataclass(frozen=True)
class MissionLocaleLue:
    """One mission locale as a delivery describes it; an empty or absent value leaves what is known."""

    code: str
    nom: str
    departement: str
    statut: str = ""
    module_entreprise: bool | None = None


@dataclass(frozen=True)
class CommuneLue:
    """A commune in the zone of a mission locale, from `debut` (in) to `fin` (out), None if it still is."""

    mission_locale: str
    commune: str
    debut: date
    fin: date | None = None

    @property
    def cle(self) -> tuple[str, str, date]:
        """Key in the database."""
        return self.mission_locale, self.commune, self.debut


@dataclass
class Reseau:
    """Missions locales of a delivery, their zones (None when it brings none), and those it should have brought."""

    missions: list[MissionLocaleLue] = field(default_factory=list)
    communes: list[CommuneLue] | None = None
    attendues: frozenset[str] = frozenset()

    @property
    def codes(self) -> frozenset[str]:
        """Codes of the missions locales brought."""
        return frozenset(m.code for m in self.missions)


@dataclass
class EffetsReseau:
    """What the delivery does, or would do."""

    missions: Effets = field(default_factory=Effets)
    communes: Effets = field(default_factory=Effets)


def comparer_reseau(reseau: Reseau, jour: date) -> EffetsReseau:
    """Say what `enregistrer_reseau` would do, and write nothing.

    Args:
        reseau: what the delivery says.
        jour: day of the delivery, on which what is no longer in it ends.
    """
    missions, communes = _missions(reseau, jour), _communes(reseau, jour)
    return EffetsReseau(_effets(missions, lambda c: c), _effets(communes, lambda c: f"{c[1]} ({c[0]})"))


@transaction.atomic
def enregistrer_reseau(reseau: Reseau, auteur: Auteur, jour: date) -> EffetsReseau:
    """Bring the missions locales and their zones to what a delivery says. Nothing is ever deleted.

    A mission locale that should be there and is not gets `suivie_jusquau`; a commune that left a zone, its end. The
    same delivery twice writes nothing. One journal entry for the batch.

    Args:
        reseau: what the delivery says.
        auteur: who applies it.
        jour: its day.
    """
    missions, communes = _missions(reseau, jour), _communes(reseau, jour)
    for code, (avant, apres) in missions.items():
        _ecrire_mission(code, avant, apres)
    _ecrire_communes(communes)
    if missions or communes:
        journaliser(
            ENREGISTRER_RESEAU,
            ("organisations.MissionLocale", jour.isoformat(), f"Missions locales de la livraison du {jour:%d/%m/%Y}"),
            auteur=auteur,
            avant={code: _lisible(avant) for code, (avant, _) in missions.items() if avant},
            apres={
                **{code: _lisible(apres) for code, (_, apres) in missions.items()},
                "communes": len(communes),
            },
        )
    return EffetsReseau(_effets(missions, lambda c: c), _effets(communes, lambda c: f"{c[1]} ({c[0]})"))


Changements = Mapping[Any, tuple[dict[str, Any] | None, dict[str, Any]]]


def _effets(changements: Changements, nommer: Any) -> Effets:
    """Sort changes in created, changed, ended; an end is a date that was not there."""
    effets = Effets()
    for cle, (avant, apres) in sorted(changements.items()):
        finit = any(apres.get(c) and not (avant or {}).get(c) for c in ("suivie_jusquau", "fin"))
        liste = effets.crees if avant is None else effets.termines if finit else effets.modifies
        liste.append(nommer(cle))
    return effets


def _missions(reseau: Reseau, jour: date) -> dict[str, tuple[dict[str, Any] | None, dict[str, Any]]]:
    """Return, by code, the fields that change, before (None: it is created) and after."""
    codes = reseau.codes | reseau.attendues
    connues = {m.pop("code"): m for m in MissionLocale.objects.filter(code__in=codes).values("code", *CHAMPS)}
    changements = {}
    for lue in sorted(reseau.missions, key=lambda m: m.code):
        connue = connues.get(lue.code)
        voulus = _voulus(lue, connue)
        ecarts = {c: v for c, v in voulus.items() if connue is None or connue[c] != v}
        if ecarts:
            changements[lue.code] = (None if connue is None else {c: connue[c] for c in ecarts}, ecarts)
    for code in sorted(reseau.attendues - reseau.codes):
        if code in connues and connues[code]["suivie_jusquau"] is None:
            changements[code] = ({"suivie_jusquau": None}, {"suivie_jusquau": jour})
    return changements


def _voulus(lue: MissionLocaleLue, connue: dict[str, Any] | None) -> dict[str, Any]:
    sinon = connue or {"nom": f"Mission locale {lue.code}", "statut": StatutMissionLocale.ASSOCIATION,
                       "module_entreprise": False}  # fmt: skip
    module = sinon["module_entreprise"] if lue.module_entreprise is None else lue.module_entreprise
    return {
        "nom": (lue.nom.strip() or sinon["nom"])[:200], "departement_id": lue.departement,
        "statut": lue.statut or sinon["statut"], "module_entreprise": module, "suivie_jusquau": None,
    }  # fmt: skip


def _ecrire_mission(code: str, avant: dict[str, Any] | None, apres: dict[str, Any]) -> None:
    """Create a mission locale with its organisation, or change both."""
    if avant is None:
        MissionLocale.objects.create(code=code, organisation=_organisation(code, apres), **apres)
        return
    mission = MissionLocale.objects.select_related("organisation").get(code=code)
    for champ, valeur in apres.items():
        setattr(mission, champ, valeur)
    mission.save(update_fields=sorted(apres))
    if {"nom", "departement_id"} & set(apres):
        organisation = mission.organisation
        organisation.nom, organisation.departement_id = mission.nom, mission.departement_id
        organisation.region_id = _region(mission.departement_id)
        organisation.save(update_fields=["nom", "departement", "region"])


def _organisation(code: str, mission: Mapping[str, Any]) -> Organisation:
    """Return the organisation of a mission locale: the one that already bears its code, or a new one."""
    voulus = {"nom": mission["nom"], "departement_id": mission["departement_id"],
              "region_id": _region(mission["departement_id"]), "niveau": NiveauTerritorial.LOCAL}  # fmt: skip
    existante = Organisation.objects.filter(nature=Nature.MISSION_LOCALE, code_externe=code[:20]).first()
    return existante or Organisation.objects.create(nature=Nature.MISSION_LOCALE, code_externe=code[:20], **voulus)


def _region(departement: str) -> str:
    return str(Departement.objects.values_list("region", flat=True).get(pk=departement))


def _communes(
    reseau: Reseau, jour: date
) -> dict[tuple[str, str, date], tuple[dict[str, Any] | None, dict[str, Any]]]:  # fmt: skip
    """Return, by key, the end before (None: the commune enters the zone) and after."""
    if reseau.communes is None:
        return {}
    connues = communes_connues(reseau.codes)
    lues = {c.cle: c.fin for c in reseau.communes if c.mission_locale in reseau.codes}
    changements: dict[tuple[str, str, date], tuple[dict[str, Any] | None, dict[str, Any]]] = {}
    for cle, fin in sorted(lues.items()):
        if cle not in connues:
            changements[cle] = (None, {"fin": fin})
        elif connues[cle] != fin:
            changements[cle] = ({"fin": connues[cle]}, {"fin": fin})
    for cle, fin in sorted(connues.items()):
        if cle not in lues and fin is None:
            changements[cle] = ({"fin": None}, {"fin": max(jour, date.fromordinal(cle[2].toordinal() + 1))})
    return changements


def communes_connues(codes: Collection[str]) -> dict[tuple[str, str, date], date | None]:
    """Return the end of each commune of the zones of some missions locales, by key."""
    lignes = CommuneDeMissionLocale.objects.filter(mission_locale__code__in=codes)
    return {
        (code, commune, debut): fin
        for code, commune, debut, fin in lignes.values_list("mission_locale__code", "commune", "debut", "fin")
    }


def _ecrire_communes(
    changements: Mapping[tuple[str, str, date], tuple[dict[str, Any] | None, dict[str, Any]]],
) -> None:
    cles = dict(MissionLocale.objects.filter(code__in={c[0] for c in changements}).values_list("code", "pk"))
    lignes = (
        CommuneDeMissionLocale(mission_locale_id=cles[code], commune=commune, debut=debut, fin=apres["fin"])
        for (code, commune, debut), (_, apres) in sorted(changements.items())
    )
    CommuneDeMissionLocale.objects.bulk_create(
        lignes, update_conflicts=True, unique_fields=["mission_locale", "commune", "debut"], update_fields=["fin"],
        batch_size=1000,
    )  # fmt: skip


def _lisible(champs: Mapping[str, Any] | None) -> dict[str, Any]:
    return {c.removesuffix("_id"): v.isoformat() if isinstance(v, date) else v for c, v in (champs or {}).items()}
