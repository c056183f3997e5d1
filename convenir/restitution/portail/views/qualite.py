"""Quality of the entry of a mission locale, read before any result, and the charter whose articles it measures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from convenir.mesure.donnees.views.commun import depot, la_livraison
from convenir.mesure.indicateurs.qualite import charte
from convenir.mesure.indicateurs.qualite.conservation import annees_mesurees, lire, lire_depot
from convenir.restitution.fiches import qualite as presentation
from convenir.restitution.fiches.charte_document import rendre_charte
from convenir.restitution.fiches_ml import assemblage
from convenir.restitution.portail import liste_ml
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, page_de_refus
from convenir.socle.documents import tableurs
from convenir.socle.documents.tableurs import Cellule
from convenir.socle.organisations.models import MissionLocale

RESERVE = (
    "La qualité de la saisie n’est ouverte qu’à l’État et à la mission locale : de petits nombres s’y liraient. "
    "La charte de saisie, elle, est publique."
)
COLONNES = ("article", "libelle", "periode", "numerateur", "denominateur", "valeur", "unite", "statut", "seuil")


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def qualite(request: HttpRequest, code: str) -> HttpResponse:
    """Show what each article measures, over the year and month by month."""
    mission_locale = _mission_locale(request, code)
    if liste_ml.est_dehors(acteur_de_la_requete(request)):
        return page_de_refus(request, RESERVE)
    annee, annees = _annee(request, mission_locale)
    lues = presentation.presenter(lire(mission_locale, annee), annee)
    contexte = {"mission_locale": mission_locale, "annee": annee, "annees": annees, "presentation": lues}
    return render(request, "portail/qualite/qualite.html", contexte)


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def qualite_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """Answer every measure of a year, months included."""
    mission_locale = _mission_locale(request, code)
    if liste_ml.est_dehors(acteur_de_la_requete(request)):
        return page_de_refus(request, RESERVE)
    annee, _ = _annee(request, mission_locale)
    rangs: list[tuple[Cellule, ...]] = [COLONNES]
    for x in lire(mission_locale, annee):
        a = charte().article(x.article)
        mesure = (x.numerateur, x.denominateur, x.valeur, a.unite, x.statut, x.seuil)
        rangs.append((x.article, a.libelle, x.periode, *mesure))
    return tableurs.repondre([tableurs.Feuille("Qualité", rangs)], "csv", f"qualite-{mission_locale.pk}-{annee}")


@depot
def qualite_depot(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Show what each article measures of a deposit of the person's own organisation, before any indicator of it."""
    livraison = la_livraison(request, identifiant)
    lues = lire_depot(livraison)
    if not lues or livraison.organisation_id != acteur_de_la_requete(request).auteur.organisation_id:
        raise Http404
    codes = sorted({ml for ml, _ in lues})
    noms = dict(MissionLocale.objects.filter(code__in=codes).values_list("code", "nom"))
    demandee = request.GET.get("ml", "")
    code = demandee if demandee in codes else codes[0]
    annees = sorted((an for ml, an in lues if ml == code), reverse=True)
    annee = _choisie(request, annees)
    contexte = {
        "livraison": livraison, "code": code, "nom": noms.get(code, code), "annee": annee, "annees": annees,
        "missions_locales": [(c, noms.get(c, c)) for c in codes],
        "presentation": presentation.presenter(lues[code, annee], annee),
    }  # fmt: skip
    return render(request, "portail/qualite/depot.html", contexte)


@login_not_required
def charte_de_saisie(request: HttpRequest) -> HttpResponse:
    """Show the charter: what to enter, how it is measured, what a fault changes."""
    return render(request, "portail/qualite/charte.html", {"charte": charte(), "articles": presentation.articles()})


@login_not_required
def charte_pdf(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer the charter as a tagged PDF."""
    reponse = HttpResponse(_octets_de_la_charte(), content_type="application/pdf")
    reponse["Content-Disposition"] = 'inline; filename="charte-de-saisie.pdf"'
    return reponse


@cache
def _octets_de_la_charte() -> bytes:
    """The document of this version of the product: composed once by process."""
    return rendre_charte(datetime(2026, 1, 1, tzinfo=UTC), fictif=settings.DONNEES_FICTIVES).octets


def _mission_locale(request: HttpRequest, code: str) -> MissionLocale:
    """Return the mission locale, or answer 404: outside the perimeter, it does not exist for this person."""
    try:
        return assemblage.trouver(acteur_de_la_requete(request), code)
    except EntreeInvalide as erreur:
        raise Http404(str(erreur)) from None


def _annee(request: HttpRequest, mission_locale: MissionLocale) -> tuple[int, list[int]]:
    """Return the year asked for, the last measured by default, and those that are measured."""
    annees = annees_mesurees(mission_locale)
    return _choisie(request, annees), annees


def _choisie(request: HttpRequest, annees: Sequence[int]) -> int:
    demandee = request.GET.get("annee", "")
    return int(demandee) if demandee.isdecimal() and int(demandee) in annees else (annees or [0])[0]
