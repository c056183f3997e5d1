"""A delivery: its progress, then its report; the export of what was set aside."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from convenir.mesure.donnees import quarantaine as export
from convenir.mesure.donnees import queries
from convenir.mesure.donnees.actions.nettoyage import nettoyer
from convenir.mesure.donnees.forms import FormulaireMotif, FormulaireRemise
from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.presentation import PageLivraison
from convenir.mesure.donnees.views.commun import la_livraison, lecture
from convenir.socle.comptes.pages import acteur_de_la_requete


@lecture
def livraison(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Show a delivery; one whose control died is said to be interrupted."""
    trouvee = la_livraison(request, identifiant)
    if trouvee.en_cours and nettoyer():
        trouvee.refresh_from_db()
    return page(request, trouvee)


def page(
    request: HttpRequest,
    livraison: Livraison,
    *,
    motif: FormulaireMotif | None = None,
    remise: FormulaireRemise | None = None,
    statut: int = 200,
) -> HttpResponse:
    """Render the page of a delivery, with the form that was refused if there is one."""
    acteur = acteur_de_la_requete(request)
    contexte = {
        "livraison": livraison,
        "vue": PageLivraison(livraison, acteur, queries.remplacements().get(livraison.uuid)),
        "motif": motif or FormulaireMotif(rapport=livraison.rapport),
        "remise": remise or FormulaireRemise(),
        # A timed reload is only for who asked for it (WCAG 2.2.1).
        "suivre": request.GET.get("suivre") == "oui",
    }
    return render(request, "donnees/livraison.html", contexte, status=statut)


@lecture
def quarantaine(request: HttpRequest, identifiant: UUID) -> StreamingHttpResponse:
    """Send every line set aside and every warning of a delivery, as CSV, without a limit."""
    trouvee = la_livraison(request, identifiant)
    lignes: Iterator[str] = export.lignes_csv(trouvee)
    reponse = StreamingHttpResponse(lignes, content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="quarantaine-{trouvee.uuid}.csv"'
    return reponse
