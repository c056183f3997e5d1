"""The page of the documents to edit: the act of each version, the letters; made on demand, replaced with a trace."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.contrat.conventions.documents import produits
from convenir.contrat.conventions.views.commun import trouver
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, tenter


@exige(Capacite.VOIR_CONVENTIONS)
def ecrits(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what can be made and what is already there."""
    convention = trouver(request, reference)
    faits = produits.deja_etablis(convention)
    acteur = acteur_de_la_requete(request)
    tous = produits.ecrits_de(convention, timezone.localdate())
    reserves = produits.refus_de_lire(acteur, convention.reference, [e.cle for e in tous])
    lignes = [(e, faits.get(e.cle)) for e in tous if e.cle not in reserves]
    contexte = {"c": convention, "lignes": lignes, "instruit": acteur.peut(Capacite.INSTRUIRE_CONVENTION)}
    return render(request, "conventions/ecrits.html", contexte)


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def etablir(request: HttpRequest, reference: str, cle: str) -> HttpResponse:
    """Make a document, then show it with its versions."""
    convention, acteur = trouver(request, reference), acteur_de_la_requete(request)
    ecrit = next((e for e in produits.ecrits_de(convention, timezone.localdate()) if e.cle == cle), None)
    if ecrit is None:
        raise Http404
    tenter(request, lambda: produits.etablir(acteur, ecrit, maintenant=timezone.now()), f"{ecrit.titre} : établi.")
    return redirect("conventions:ecrits", convention.reference)
