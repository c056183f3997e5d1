"""Look after accounts: the list, the end of a membership, closing an account."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from convenir.socle.comptes import actions, policies
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.forms import FormulaireComptes, FormulaireMotif
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, page_de_refus
from convenir.socle.comptes.queries import adhesions_gerees, toutes_les_adhesions_gerees

PAR_PAGE = 50


@require_GET
@exige(Capacite.INVITER)
def liste(request: HttpRequest) -> HttpResponse:
    """List the memberships one looks after."""
    acteur, formulaire = acteur_de_la_requete(request), FormulaireComptes(request.GET)
    formulaire.is_valid()
    choix = formulaire.cleaned_data
    adhesions = adhesions_gerees(
        acteur,
        jour=timezone.localdate(),
        texte=choix.get("texte", ""),
        role=choix.get("role", ""),
        terminees=choix.get("etat") == "terminees",
    )
    page = Paginator(adhesions, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "formulaire": formulaire,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "lignes": [(adhesion, policies.refus_de_terminer(acteur, adhesion) is None) for adhesion in page],
        "gere_tout": policies.gere_tout(acteur),
        "filtre": any(choix.values()),
    }
    return render(request, "comptes/liste.html", contexte)


@require_http_methods(["GET", "POST"])
@exige(Capacite.INVITER)
def terminer_adhesion(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then end a membership."""
    acteur = acteur_de_la_requete(request)
    adhesion = get_object_or_404(toutes_les_adhesions_gerees(acteur), pk=pk)
    if raison := policies.refus_de_terminer(acteur, adhesion):
        return page_de_refus(request, raison)

    def executer(motif: str) -> str:
        actions.terminer_adhesion(acteur, pk, motif, jour=timezone.localdate())
        return f"L'adhésion de {adhesion.utilisateur} est terminée."

    return _motiver(request, "comptes/terminer.html", {"adhesion": adhesion}, executer)


@require_http_methods(["GET", "POST"])
@exige(Capacite.GERER_COMPTES)
def etat_du_compte(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then close or reopen an account."""
    acteur, utilisateur = acteur_de_la_requete(request), get_object_or_404(Utilisateur, pk=pk)

    def executer(motif: str) -> str:
        actions.changer_etat_du_compte(acteur, pk, actif=not utilisateur.est_actif, motif=motif)
        return f"Le compte de {utilisateur} est {'désactivé' if utilisateur.est_actif else 'réactivé'}."

    return _motiver(request, "comptes/etat.html", {"utilisateur": utilisateur}, executer)


def _motiver(
    request: HttpRequest, modele: str, contexte: dict[str, object], executer: Callable[[str], str]
) -> HttpResponse:
    """Show the form of a reason; once given, do the act, say so and go back to the list."""
    formulaire = FormulaireMotif(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        messages.success(request, executer(formulaire.cleaned_data["motif"]))
        return redirect("comptes:liste")
    return render(request, modele, {"formulaire": formulaire, **contexte})
