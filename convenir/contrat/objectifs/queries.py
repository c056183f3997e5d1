"""Reads of the negotiations, within the perimeter of the person, in a fixed number of SQL queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils import timezone

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.rules.termes import Taux
from convenir.contrat.objectifs import mesures, policies, rules
from convenir.contrat.objectifs.actions.commun import taux_convenus
from convenir.contrat.objectifs.mesures import Lectures
from convenir.contrat.objectifs.models import CODES_SORTIES, Objectif, Position
from convenir.contrat.objectifs.rules import Avertissement
from convenir.contrat.objectifs.states import AVEC_VALEUR, CLOS, TOUR, Etat, Genre, Partie
from convenir.mesure.donnees.models import AnnexeLue
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.reglementation.queries import Reglementation, a_jour

__all__ = ["Negociation", "convention_lisible", "negociation", "negociations", "objectif_lisible", "taux_convenus"]

LIEES = ("structure__porteur", "mission_locale__organisation", "departement__region", "service")


def convention_lisible(acteur: Acteur, reference: str) -> Convention | None:
    """Return a convention whose objectives this person may read, or None when it does not exist for them."""
    lisibles = policies.conventions_lisibles(acteur).select_related(*LIEES)
    return lisibles.filter(reference=reference.upper()).first()


def objectif_lisible(acteur: Acteur, cle: int) -> Objectif | None:
    """Return an objective this person may read, or None when it does not exist for them."""
    liees = [f"convention__{nom}" for nom in LIEES]
    return policies.objectifs_lisibles(acteur).select_related(*liees, "attendu_par").filter(pk=cle).first()


def negociations(acteur: Acteur, *, annee: int | None = None, tour: str = "") -> QuerySet[Objectif, Any]:
    """Return one line per convention and year: how many objectives, agreed, closed, waiting for whom.

    Args:
        annee: one year only.
        tour: `moi` keeps those that wait for this person's party; `ouvertes`, those not closed.
    """
    lignes = policies.objectifs_lisibles(acteur)
    if annee is not None:
        lignes = lignes.filter(annee=annee)
    attend = {partie: next(e for e, p in TOUR.items() if p == partie) for partie in (Partie.ETAT, Partie.STRUCTURE)}
    comptes = lignes.values(
        "annee", "convention__reference", "convention__structure__denomination", "convention__mission_locale__nom",
        "convention__categorie", "convention__departement__nom",
    ).annotate(
        total=Count("pk", distinct=True),  # each objective once, whatever its positions
        convenus=Count("pk", filter=Q(etat=Etat.CONVENU), distinct=True),
        clos=Count("pk", filter=Q(etat__in=sorted(CLOS)), distinct=True),
        a_la_structure=Count("pk", filter=Q(etat=attend[Partie.STRUCTURE]), distinct=True),
        a_l_etat=Count("pk", filter=Q(etat=attend[Partie.ETAT]), distinct=True),
        derniere=Max("positions__deposee_le"),
    )  # fmt: skip
    moi = policies.partie_de(acteur)
    if tour == "moi" and moi in attend:
        comptes = comptes.filter(**{f"{attend[moi]}__gt": 0})
    elif tour == "ouvertes":
        comptes = comptes.filter(clos__lt=F("total"))
    return comptes.order_by("-annee", "convention__reference")


@dataclass(frozen=True)
class Negociation:
    """Everything the page of a negotiation shows, read and not yet worded.

    Attributes:
        au_nom_de: key of the organisation the person writes for.
        figes: why nothing moves any more for this person, or empty.
        premiere: day of the first negotiation of exit rates with the structure, and where it is known from.
    """

    convention: Convention
    annee: int
    moi: Partie | None
    au_nom_de: int | None
    objectifs: tuple[Objectif, ...]
    positions: dict[int, list[Position]]
    lectures: Lectures
    figes: str
    references: dict[str, Decimal]
    premiere: date | None
    premiere_source: str
    echeance: date | None
    avertissements: tuple[Avertissement, ...]

    @property
    def sorties(self) -> tuple[Objectif, ...]:
        """The three rates of exit, in the order of the text."""
        par_type = {o.type_de_sortie: o for o in self.objectifs if o.type_de_sortie}
        return tuple(par_type[type_] for type_ in rules.SORTIES if type_ in par_type)

    def sur_la_table(self, objectif: Objectif) -> Decimal | None:
        """Return the value agreed, else the last one put forward by whoever spoke last."""
        if objectif.cible is not None:
            return objectif.cible
        offres = [p for p in self.positions.get(objectif.pk, []) if p.genre in AVEC_VALEUR]
        return offres[-1].valeur if offres else None


def negociation(acteur: Acteur, convention: Convention, annee: int) -> Negociation:
    """Read the negotiation of the objectives of a year."""
    objectifs = tuple(
        policies.objectifs_lisibles(acteur)
        .filter(convention=convention, annee=annee)
        .select_related("attendu_par", "base_instantane")
        .prefetch_related("paliers")
    )
    for objectif in objectifs:
        objectif.convention = convention
    positions = _positions(objectifs)
    droit = a_jour()
    aujourdhui = timezone.localdate()
    references = _references(droit, aujourdhui)
    premiere, source = premiere_negociation(convention)
    echeance = rules.echeance_nationale(premiere, int(droit.nombre("iae.objectifs.delai_ans", aujourdhui)))
    lue = Negociation(
        convention, annee, policies.partie_de(acteur), acteur.organisation.pk if acteur.organisation else None,
        objectifs, positions,
        mesures.lire(convention, annee, [o.indicateur for o in objectifs]),
        policies.refus_de_negocier(acteur, convention, annee) or "", references, premiere, source, echeance, (),
    )  # fmt: skip
    if not lue.sorties:
        return lue
    taux = {o.type_de_sortie: lue.sur_la_table(o) for o in lue.sorties}
    dits = tuple(rules.avertissements(taux, references, echeance, aujourdhui))
    return Negociation(**{**lue.__dict__, "avertissements": dits})


def _references(droit: Reglementation, jour: date) -> dict[str, Decimal]:
    lues = {code: droit.nombre(f"iae.objectifs.{code}", jour) for code in ("durable", "dynamique")}
    return {code: valeur for code, valeur in lues.items() if valeur is not None}


def _positions(objectifs: tuple[Objectif, ...]) -> dict[int, list[Position]]:
    """Return the positions held, by objective (one query)."""
    lues: dict[int, list[Position]] = {o.pk: [] for o in objectifs}
    tenues = Position.objects.tenues().filter(objectif__in=list(lues)).select_related("organisation", "auteur")
    for position in tenues:
        lues[position.objectif_id].append(position)
    return lues


def premiere_negociation(convention: Convention) -> tuple[date | None, str]:
    """Return the day of the first negotiation of exit rates with the structure, and where it is known from.

    The earliest of the positions written in Convenir and of the annexes read that carry rates (two queries).
    """
    if convention.structure is None:
        return None, ""
    ecrite = Position.objects.filter(
        objectif__convention__structure=convention.structure,
        objectif__indicateur__in=list(CODES_SORTIES),
        reprise_le=None,
    ).aggregate(jour=Min("deposee_le"))["jour"]
    annexe = AnnexeLue.objects.filter(structure=convention.structure, taux_dynamique__gt=0).aggregate(
        jour=Min("debut")
    )["jour"]
    connues = []
    if ecrite is not None:
        connues.append((timezone.localtime(ecrite).date(), "première position écrite dans Convenir"))
    if annexe is not None:
        connues.append((annexe, "première annexe connue qui porte des objectifs"))
    return min(connues) if connues else (None, "")


def derniere_position(positions: list[Position]) -> Position | None:
    """Return the last position that negotiates, opinions apart."""
    negociees = [p for p in positions if p.genre != Genre.AVIS]
    return negociees[-1] if negociees else None


def taux_de_l_annee(conventions: Collection[int], annee: int) -> dict[int, Taux]:
    """Return the three agreed rates of a year, in one query.

    Args:
        conventions: keys of the conventions; one whose three rates are not all agreed is left out.
        annee: year of the objectives.
    """
    lus: dict[int, dict[str, Decimal]] = {}
    convenus = Objectif.objects.filter(
        convention__in=conventions, annee=annee, indicateur__in=CODES_SORTIES, cible__isnull=False
    )
    for cle, code, cible in convenus.values_list("convention", "indicateur", "cible"):
        if cible is not None:
            lus.setdefault(cle, {})[CODES_SORTIES[code]] = cible
    return {
        cle: Taux(taux["durable"], taux["transition"], taux["positive"])
        for cle, taux in lus.items()
        if len(taux) == len(CODES_SORTIES)
    }
