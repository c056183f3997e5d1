"""The commitments of a prescriber, in one page: those it took, what came of them; a mission locale takes more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from convenir.contrat.suivi.actions import moyens
from convenir.contrat.suivi.forms import FormulairePrescription, FormulaireRealise
from convenir.contrat.suivi.queries.prescripteurs import conventions_a_prescrire, engagements_de, refus_de_prescripteur
from convenir.contrat.suivi.views.commun import aujourdhui
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, page_de_refus, traiter


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def prescriptions(request: HttpRequest) -> HttpResponse:
    """Show the commitments of one's organisation, never the State; a mission locale writes one for a SIAE near it."""
    acteur = acteur_de_la_requete(request)
    if raison := refus_de_prescripteur(acteur):
        return page_de_refus(request, raison, vers=reverse("suivi:liste"), retour="Revenir au suivi")
    possibles = conventions_a_prescrire(acteur)
    depart = {"annee": aujourdhui().year}
    formulaire = FormulairePrescription(request.POST or None, initial=depart, conventions=possibles)

    def acte() -> object:
        champs = dict(formulaire.cleaned_data)
        return moyens.s_engager(acteur, champs.pop("convention"), moyens.EngagementPris(**champs))

    contexte = {
        "engagements": engagements_de(acteur), "organisation": acteur.organisation,
        "peut_prescrire": acteur.peut(Capacite.SIGNER_CONVENTION) and possibles.exists(),
    }  # fmt: skip
    vers = reverse("suivi:prescriptions")
    return traiter(request, formulaire, "suivi/prescriptions.html", contexte, acte, "Engagement enregistré.", vers)


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def prescription(request: HttpRequest, cle: int) -> HttpResponse:
    """Say what came of a commitment of one's organisation."""
    acteur = acteur_de_la_requete(request)
    if raison := refus_de_prescripteur(acteur):
        return page_de_refus(request, raison, vers=reverse("suivi:liste"), retour="Revenir au suivi")
    vise = get_object_or_404(engagements_de(acteur), pk=cle)
    formulaire = FormulaireRealise(request.POST or None, initial={"realise": vise.realise, "note": vise.realise_note})
    acte = lambda: moyens.constater(acteur, vise, **formulaire.cleaned_data)
    contexte = {"engagement": vise, "titre": f"{vise.get_nature_display()}, {vise.annee}"}
    vers = reverse("suivi:prescriptions")
    return traiter(request, formulaire, "suivi/prescription.html", contexte, acte, "Réalisation enregistrée.", vers)
