"""The fiche bilan of a SIAE: page, PDF, JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from convenir.contrat.suivi.queries.listes import contestations_vivantes
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.restitution.fiches import assemblage, document, export_json
from convenir.restitution.fiches.modele import FicheBilan
from convenir.restitution.portail import fiche_rendue
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.periodes import lire_annee
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige
from convenir.socle.organisations.models import Structure


@exige(Capacite.VOIR_STRUCTURES)
def fiche(request: HttpRequest, id_asp: str, categorie: str) -> HttpResponse:
    """Show the fiche of the year asked for, the last computed by default."""
    structure = _structure(request, id_asp, categorie)
    annee = _annee(request)
    try:
        corps = fiche_rendue.corps(acteur_de_la_requete(request), structure, annee)
    except assemblage.FicheIndisponible as erreur:
        return render(request, "portail/fiche_absente.html", {"structure": structure, "raison": str(erreur)})
    contestations = contestations_vivantes(structure).filter(periode__startswith=str(annee))
    contexte = {"structure": structure, "annee": annee, "corps": corps, "contestations": contestations}
    return render(request, "portail/fiche.html", contexte)


@exige(Capacite.VOIR_STRUCTURES)
def fiche_pdf(request: HttpRequest, id_asp: str, categorie: str) -> HttpResponseBase:
    """Answer the fiche as a tagged PDF, with the hash of its snapshot."""
    lue = _fiche(request, id_asp, categorie)
    rendu = document.rendre(lue)
    nom = f"fiche-bilan-{lue.annee}-{lue.structure.code}.pdf"
    reponse = HttpResponse(rendu.octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}"'
    return reponse


@exige(Capacite.VOIR_STRUCTURES)
def fiche_json(request: HttpRequest, id_asp: str, categorie: str) -> JsonResponse:
    """Answer the fiche as JSON."""
    contenu = export_json.en_dictionnaire(_fiche(request, id_asp, categorie))
    return JsonResponse(contenu, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _fiche(request: HttpRequest, id_asp: str, categorie: str) -> FicheBilan:
    structure = _structure(request, id_asp, categorie)
    try:
        return assemblage.assembler(acteur_de_la_requete(request), structure, _annee(request))
    except assemblage.FicheIndisponible as erreur:
        raise Http404(str(erreur)) from None


def _structure(request: HttpRequest, id_asp: str, categorie: str) -> Structure:
    """Return the structure, or answer 404: outside the perimeter, it does not exist for this person."""
    try:
        return assemblage.trouver(acteur_de_la_requete(request), int(id_asp), categorie)
    except EntreeInvalide as erreur:
        raise Http404(str(erreur)) from None


def _annee(request: HttpRequest) -> int:
    """Read the year asked for; the last computed one by default.

    Raises:
        Http404: what was asked for is not a year.
    """
    demandee = request.GET.get("annee", "")
    if not demandee:
        return (indicateurs.annees_calculees() or [0])[0]
    if (lue := lire_annee(demandee)) is None:
        raise Http404("L'année se donne en quatre chiffres.")
    return lue
