"""Reads of the register: the list and its filter, one work, the count beside AX45."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from convenir.contrat.travaux import rules
from convenir.contrat.travaux.models import Travail, TravailQuerySet
from convenir.contrat.travaux.rules import Decompte
from convenir.socle.commun.periodes import lire_annee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.documents.tableurs import Cellule
from convenir.socle.organisations.models import MissionLocale

COLONNES = ("mission_locale", "nom", "departement", "genre", "axe", "intitule", "partenaires", "territoire", "debut",
            "fin", "livrable", "etp", "pieces", "inscrit_le", "modifie_le", "retire_le", "motif_retrait")  # fmt: skip


@dataclass(frozen=True)
class Filtre:
    """What the person asked for; an unknown value is ignored, never an error."""

    q: str = ""
    ml: str = ""
    genre: str = ""
    axe: str = ""
    annee: int | None = None
    departement: str = ""
    retires: bool = False

    @classmethod
    def lire(cls, parametres: Mapping[str, str]) -> Filtre:
        """Read the filter from a query string."""
        genre, axe, annee = (parametres.get(c, "") for c in ("genre", "axe", "annee"))
        return cls(
            q=parametres.get("q", "").strip()[:100],
            ml=parametres.get("ml", "").strip()[:40],
            genre=genre if genre in rules.GENRES else "",
            axe=axe if axe in rules.AXES else "",
            annee=lire_annee(annee),
            departement=parametres.get("departement", "").strip()[:3],
            retires=parametres.get("retires") == "oui",
        )

    @property
    def est_actif(self) -> bool:
        """Whether anything narrows the register."""
        return self != Filtre()


def lister(acteur: Acteur, filtre: Filtre) -> TravailQuerySet:
    """Return the works in sight, as filtered, each with its number of files; the latest started first."""
    vus = Travail.objects.visibles_par(acteur).select_related("mission_locale__departement")
    vus = vus.filter(retire_le__isnull=False) if filtre.retires else vus.inscrits()
    egaux = {"mission_locale__code": filtre.ml, "genre": filtre.genre, "axe": filtre.axe,
             "mission_locale__departement": filtre.departement}  # fmt: skip
    vus = vus.filter(**{c: v for c, v in egaux.items() if v})
    if filtre.annee is not None:
        vus = vus.de_lannee(filtre.annee)
    vus = vus.rechercher(filtre.q) if filtre.q else vus
    comptes = vus.annotate(pieces_jointes=Count("pieces", filter=Q(pieces__retiree_le=None)))
    return comptes.order_by("-debut", "intitule", "pk")


def travail_visible(acteur: Acteur, cle: int) -> Travail | None:
    """Return a work in sight, withdrawn or not, or None when it does not exist for this person."""
    return Travail.objects.visibles_par(acteur).select_related("mission_locale__departement").filter(pk=cle).first()


def sienne(acteur: Acteur) -> MissionLocale | None:
    """Return the mission locale in whose register this person writes, or None."""
    if acteur.organisation is None or not acteur.peut(Capacite.ECRIRE_TRAVAUX):
        return None
    return MissionLocale.objects.filter(organisation=acteur.organisation).first()


def decompte(acteur: Acteur, mission_locale: MissionLocale, annee: int) -> Decompte | None:
    """Count by kind the works of a year, one query; None for those who may not read the register."""
    if not acteur.peut(Capacite.VOIR_TRAVAUX):
        return None
    vus = Travail.objects.visibles_par(acteur).inscrits().de_lannee(annee).filter(mission_locale=mission_locale)
    return Decompte(dict(vus.order_by().values_list("genre").annotate(Count("pk"))))


def rangs(travaux: Iterable[Any]) -> Iterator[list[Cellule]]:
    """Write works read by `lister`, which counts their files: the names of the columns, then a line each."""
    yield list(COLONNES)
    for t in travaux:
        m = t.mission_locale
        yield [
            m.code, m.nom, m.departement_id, t.genre, t.axe, t.intitule, " ; ".join(t.noms_des_partenaires),
            t.territoire, t.debut, t.fin, t.livrable, t.etp, t.pieces_jointes, timezone.localdate(t.inscrit_le),
            timezone.localdate(t.modifie_le), timezone.localdate(t.retire_le) if t.retire_le else None,
            t.motif_retrait,
        ]  # fmt: skip


def en_dictionnaire(t: Any) -> dict[str, object]:
    """Return a work read by `lister` as the API and the command line write it."""
    return {
        "mission_locale": t.mission_locale.code, "genre": t.genre, "axe": int(t.axe), "intitule": t.intitule,
        "partenaires": t.noms_des_partenaires, "territoire": t.territoire, "debut": t.debut, "fin": t.fin,
        "livrable": t.livrable, "etp": t.etp, "pieces": t.pieces_jointes,
    }  # fmt: skip
