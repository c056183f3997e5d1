"""What the conventions before leave to this one: their analyses, and the recommendations still open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.complements import Contexte, contexte
from convenir.contrat.suivi.models import AnalyseDeResultats, Preconisation
from convenir.contrat.suivi.queries.obligations import rappel
from convenir.contrat.suivi.rules.calendrier import Obligation, Qui


def lignee(convention: Convention) -> list[int]:
    """Return a convention and the three it follows, the nearest first, in one query at most."""
    if convention.renouvelle_id is None:
        return [convention.pk]
    ancetres = Convention.objects.filter(pk=convention.renouvelle_id).values_list(
        "pk", "renouvelle", "renouvelle__renouvelle"
    )
    return [convention.pk, *(cle for cle in ancetres[0] if cle)]


def analyses_de(convention: Convention) -> list[AnalyseDeResultats]:
    """Return the analyses of a convention and of the one it renews; of those before, if a recommendation is open."""
    cles = lignee(convention)
    lues = AnalyseDeResultats.objects.filter(convention__in=cles).select_related("convention")
    analyses = sorted(lues.prefetch_related("preconisations"), key=lambda a: cles.index(a.convention_id))
    return [a for a in analyses if a.convention_id in cles[:2] or preconisations_ouvertes([a])]


def preconisations_ouvertes(analyses: Iterable[AnalyseDeResultats]) -> list[Preconisation]:
    """Return the recommendations still to be done, by year."""
    ouvertes = [p for a in analyses for p in a.preconisations.all() if p.etat == Preconisation.OUVERTE]
    return sorted(ouvertes, key=lambda p: (p.horizon, p.pk))


def obligations_preconisees(analyses: Iterable[AnalyseDeResultats], annee: int) -> list[Obligation]:
    """Return what the recommendations ask for by the end of a year, those of the years before included."""
    return [
        Obligation(f"preconisation-{p.pk}", f"Préconisation : {p.libelle}", Qui.ETAT, date(p.horizon, 12, 31),
                   f"analyse des résultats de {p.analyse.convention.reference}"
                   f"{f', portée par {p.porteur}' if p.porteur else ''}")
        for p in preconisations_ouvertes(analyses) if p.horizon <= annee
    ]  # fmt: skip


def preconisations_a_rappeler(jour: date) -> list[Preconisation]:
    """Return the open recommendations whose year ends soon, or is over."""
    ouvertes = Preconisation.objects.filter(etat=Preconisation.OUVERTE, horizon__lte=(jour + timedelta(days=366)).year)
    liees = ("analyse__convention__service", "analyse__convention__structure", "analyse__convention__mission_locale")
    avant = rappel(jour)
    return [p for p in ouvertes.select_related(*liees).order_by("pk") if date(p.horizon, 12, 31) - avant <= jour]


@contexte
def ce_que_laisse_la_precedente(convention: Convention) -> Contexte | None:
    """Say, where the objectives are negotiated, what the analyses of the conventions before concluded."""
    avant = [a for a in analyses_de(convention) if a.convention_id != convention.pk]
    if not avant:
        return None
    lignes = [f"{a.convention.reference} : {a.proposition}" for a in avant]
    lignes += [f"Partenariat renforcé proposé : {a.partenariat}" for a in avant if a.partenariat]
    lignes += [f"Solutions : {a.solutions}" for a in avant if a.solutions]
    lignes += [
        f"À réaliser en {p.horizon} : {p.libelle}{f' ({p.porteur})' if p.porteur else ''}"
        for p in preconisations_ouvertes(avant)
    ]
    return Contexte("Ce que laisse la convention précédente", lignes)
