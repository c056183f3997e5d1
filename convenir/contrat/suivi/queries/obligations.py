"""What structures owe on a day, convention by convention: what is filed or asked for already is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q

from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.states import EN_VIGUEUR, EtatConvention, EtatVersion
from convenir.contrat.suivi.models import Bilan, EcheanceBilan
from convenir.contrat.suivi.queries.bilans import regles_du_calendrier
from convenir.contrat.suivi.rules.calendrier import Obligation, Qui, obligations
from convenir.socle.reglementation.queries import a_jour

LIEES = ("structure__porteur", "mission_locale__organisation", "service", "departement")


@dataclass(frozen=True)
class Due:
    """An obligation of a structure, for a convention; `annee` is that of the bilan, of the posts or of the end."""

    convention: Convention
    obligation: Obligation
    annee: int

    @property
    def pk(self) -> str:
        """Reference under which it is reported."""
        return self.convention.reference

    def __str__(self) -> str:
        return self.convention.nom_de_la_partie


def rappel(jour: date) -> timedelta:
    """Return how long before its date an obligation is called back."""
    return timedelta(days=int(a_jour().nombre("iae.suivi.rappel_jours", jour)))


def dues_par_les_structures(jour: date) -> Iterator[Due]:
    """Yield what structures owe on a day, dated and near or past, in a fixed number of SQL queries."""
    regles, avant = regles_du_calendrier(jour), rappel(jour)
    fixees = dict(EcheanceBilan.objects.filter(annee=jour.year - 1).values_list("departement", "echeance"))
    for convention in _conventions(jour):
        dues = obligations(
            jour.year, convention.debut, convention.fin, regles,
            bilan_fixe_au=fixees.get(convention.departement_id), est_siae=convention.structure_id is not None,
        )  # fmt: skip
        faites = faites_par(convention, jour)
        for o in dues:
            if o.qui == Qui.STRUCTURE and o.code not in faites and o.date and o.date - avant <= jour:
                yield Due(convention, o, jour.year - 1 if o.code == "bilan" else jour.year + 1)


def _conventions(jour: date) -> Iterable[Convention]:
    """Conventions in force, and those that ended last year, whose last bilan is due."""
    suite = Convention.objects.exclude(etat__in=[EtatConvention.BROUILLON, EtatConvention.REFUSE]).filter(
        Q(structure=OuterRef("structure")) | Q(mission_locale=OuterRef("mission_locale")), debut__gte=OuterRef("fin")
    )
    finies = Q(etat=EtatConvention.EXPIRE, fin__gt=date(jour.year - 1, 1, 1))
    return (
        Convention.objects.filter(Q(etat__in=EN_VIGUEUR) | finies)
        .select_related(*LIEES)
        .annotate(a_une_suite=Exists(suite))
        .prefetch_related(
            Prefetch("bilans", Bilan.objects.filter(annee=jour.year - 1), to_attr="bilans_lus"),
            Prefetch("versions", Version.objects.exclude(etat=EtatVersion.ABANDONNEE), to_attr="versions_lues"),
        )
        .order_by("reference")
    )


def faites_par(convention: Convention, jour: date) -> set[str]:
    """Return what is done already: the bilan filed, posts for next year in hand, the convention that follows asked."""
    faites = {"bilan"} if any(b.depose_le for b in convention.bilans_lus) else set()  # type: ignore[attr-defined]
    suivante = date(jour.year + 1, 1, 1)
    couverte = any(
        v.effet >= suivante or (v.clauses_fin or suivante) > suivante
        for v in convention.versions_lues  # type: ignore[attr-defined]
    )
    if couverte:
        faites.add("demande")
    if convention.a_une_suite:  # type: ignore[attr-defined]
        faites |= {"renouvellement", "demande"}
    if convention.etat == EtatConvention.EN_RENOUVELLEMENT:
        faites.add("renouvellement")  # le renouvellement engagé a sa propre tâche, celle de l'étape
    return faites
