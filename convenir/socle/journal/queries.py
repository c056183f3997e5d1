"""Reads of the journal: its head, its verification, the entries a person may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone

from convenir.socle.commun.francais import pluriel
from convenir.socle.journal import actes
from convenir.socle.journal.ancres import TeteDuJournal, lire_ancres, tete
from convenir.socle.journal.droits import VOIR, VOIR_TOUT, Demandeur
from convenir.socle.journal.empreintes import CHAMPS
from convenir.socle.journal.models import Entree, EntreeQuerySet
from convenir.socle.journal.verification import Parcours, Rupture, effacements_non_dits

__all__ = ["Filtres", "RapportVerification", "TeteDuJournal", "entrees_lisibles", "tete", "verifier"]

COLONNES = (
    *CHAMPS,
    "empreinte",
    "charge__entree",
    "charge__sel",
    "charge__avant",
    "charge__apres",
    "charge__effacee_le",
)
RUPTURES_DITES = 100
SANS_ANCRE = "Sans ancre, une coupe à la fin du journal ne peut pas être exclue."


@dataclass(frozen=True)
class RapportVerification:
    """Outcome of a verification; at most 100 breaks are told."""

    entrees: int
    ruptures: tuple[Rupture, ...]
    ancre: Path | None
    ancres_lues: tuple[TeteDuJournal, ...] = ()

    @property
    def valide(self) -> bool:
        """Whether no break was found."""
        return not self.ruptures

    @property
    def premiere_rupture(self) -> Rupture | None:
        """The break that concerns the earliest entry."""
        return min(self.ruptures, key=lambda r: r.numero, default=None)

    @property
    def reserve(self) -> str:
        """What this verification cannot tell, in French."""
        if not self.ancres_lues:
            return SANS_ANCRE
        dernier = max(a.numero for a in self.ancres_lues)
        if dernier >= self.entrees:
            return ""
        return f"Ancré jusqu'à l'entrée n° {dernier} ; après elle, une coupe à la fin ne peut pas être exclue."

    def __str__(self) -> str:
        """Tell the outcome in French, with every break, for the command line."""
        combien = pluriel(self.entrees, "entrée relue", "entrées relues")
        verdict = "Le journal est intact" if self.valide else "Le journal a été touché"
        return "\n".join([f"{verdict} : {combien}.", *(r.message for r in self.ruptures), self.reserve]).rstrip()

    def as_dict(self) -> dict[str, Any]:
        """Return the shape of `journal verifier --json`."""
        rupture = self.premiere_rupture
        return {
            "valide": self.valide,
            "entrees": self.entrees,
            "premiere_rupture": rupture
            and {"numero": rupture.numero, "nature": rupture.nature, "message": rupture.message},
            "ancre": {
                "fichier": str(self.ancre) if self.ancre else None,
                "numero": max((a.numero for a in self.ancres_lues), default=None),
                "message": self.reserve,
            },
        }


def verifier(ancre: Path | None = None) -> RapportVerification:
    """Walk the whole journal and locate what was altered, removed, inserted, replaced or moved.

    Args:
        ancre: an anchor file, or the folder of anchors; with it a cut at the end is seen too.

    Raises:
        EntreeInvalide: the anchor cannot be read.
    """
    ancres = lire_ancres(ancre) if ancre else []
    avant = tete()
    parcours = Parcours(_attendues([*ancres, avant]))
    ruptures = list(islice(parcours.ruptures(_lignes()), RUPTURES_DITES))
    ruptures += effacements_non_dits(parcours.effacees, _effacements_dits() if parcours.effacees else set())
    if not any(r.nature == "illisible" for r in ruptures) and len(ruptures) < RUPTURES_DITES:
        ruptures += _fin(parcours.dernier, max(a.numero for a in [*ancres, avant]), tete().numero)
    return RapportVerification(parcours.nombre, tuple(ruptures), ancre, tuple(ancres))


def _lignes() -> Iterator[dict[str, Any]]:
    return Entree.objects.order_by("numero").values(*COLONNES).iterator(chunk_size=2000)


def _effacements_dits() -> set[tuple[int, datetime]]:
    """Return the erasures as the journal tells them; read after the walk, so that a late one is known."""
    actes_d_effacement = Entree.objects.filter(acte=actes.CHARGE_EFFACEE).values_list("objet_id", "instant")
    return {(int(numero), instant) for numero, instant in actes_d_effacement if numero.isdecimal()}


def _attendues(tetes: list[TeteDuJournal]) -> dict[int, set[str]]:
    attendues: dict[int, set[str]] = defaultdict(set)
    for ligne in tetes:
        attendues[ligne.numero].add(ligne.empreinte)
    return attendues


def _fin(dernier: int, au_moins: int, au_plus: int) -> Iterator[Rupture]:
    """Compare the last entry with what anchors and head expect; entries appended meanwhile are allowed."""
    if dernier < au_moins:
        message = f"La fin est coupée : les entrées n° {dernier + 1} à {au_moins} ont existé et manquent."
        yield Rupture(dernier + 1, "fin", message)
    elif dernier > au_plus:
        message = (
            f"La tête du journal ne connaît pas les entrées n° {au_plus + 1} à {dernier} : "
            "elles ont été ajoutées hors de Convenir, ou la tête a été modifiée."
        )
        yield Rupture(au_plus + 1, "inseree", message)


@dataclass(frozen=True)
class Filtres:
    """Choices of the page; an empty one filters nothing. `du` and `au` are both included."""

    acte: str = ""
    organisation: str = ""
    du: date | None = None
    au: date | None = None
    texte: str = ""


def entrees_lisibles(demandeur: Demandeur, filtres: Filtres | None = None) -> EntreeQuerySet:
    """Return the entries a person may read, latest first: all of them, or those of the person's own organisation.

    Payloads come along: reading a page costs one SQL query.
    """
    entrees = Entree.objects.select_related("charge").order_by("-numero")
    if demandeur.peut(VOIR_TOUT):
        visibles = entrees
    elif demandeur.peut(VOIR) and demandeur.organisation is not None:
        visibles = entrees.filter(organisation_id=demandeur.organisation.pk)
    else:
        return entrees.none()
    return _filtrer(visibles, filtres or Filtres())


def _filtrer(entrees: EntreeQuerySet, filtres: Filtres) -> EntreeQuerySet:
    if filtres.acte:
        entrees = entrees.filter(acte=filtres.acte)
    if filtres.organisation:
        entrees = entrees.filter(organisation_nom__icontains=filtres.organisation)
    if filtres.du:
        entrees = entrees.filter(instant__gte=_minuit(filtres.du))
    if filtres.au:
        entrees = entrees.filter(instant__lt=_minuit(filtres.au + timedelta(days=1)))
    for mot in filtres.texte.split():
        entrees = entrees.filter(
            Q(objet_libelle__icontains=mot) | Q(acteur_nom__icontains=mot) | Q(objet_id=mot) | Q(requete_id=mot)
        )
    return entrees


def _minuit(jour: date) -> datetime:
    return timezone.make_aware(datetime(jour.year, jour.month, jour.day))  # noqa: DTZ001 - made aware at once
