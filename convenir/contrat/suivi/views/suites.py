"""Analysis of the results and recommendations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from convenir.contrat.suivi.actions import suites
from convenir.contrat.suivi.forms_suites import (
    FormulaireAnalyse,
    FormulairePreconisation,
    FormulaireSuitePreconisation,
)
from convenir.contrat.suivi.models import (
    AnalyseDeResultats,
    Preconisation,
)
from convenir.contrat.suivi.queries.renouvellement import lignee
from convenir.contrat.suivi.queries.resultats import resultats_de
from convenir.contrat.suivi.views.commun import convention_ou_404
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, traiter


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def analyse(request: HttpRequest, reference: str) -> HttpResponse:
    """Write the shared analysis at the end of a convention."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    existante = AnalyseDeResultats.objects.filter(convention=trouvee).first()
    resultats = resultats_de(trouvee)
    depart = {"issue": resultats.issue, "difficultes": resultats.difficultes if resultats.issue != "atteint" else ""}
    initial = {c: getattr(existante, c) for c in FormulaireAnalyse.base_fields} if existante else depart
    formulaire = FormulaireAnalyse(request.POST or None, initial=initial)
    acte = lambda: suites.analyser(acteur, trouvee, formulaire.cleaned_data, maintenant=timezone.now())
    contexte = {"convention": trouvee, "titre": "Analyser les résultats", "bouton": "Enregistrer l’analyse",
                "resultats": resultats, "peut_juger": acteur.peut(Capacite.NEGOCIER_OBJECTIFS),
                "chapo": f"{resultats.chemin}. {resultats.proposition}"}  # fmt: skip
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Analyse enregistrée.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def preconiser(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a recommendation to an analysis."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    visee = get_object_or_404(AnalyseDeResultats.objects.select_related("convention"), convention=trouvee)
    formulaire = FormulairePreconisation(request.POST or None, initial={"horizon": trouvee.fin.year})
    acte = lambda: suites.preconiser(acteur, visee, formulaire.cleaned_data)
    contexte = {"convention": trouvee, "titre": "Préconiser", "bouton": "Enregistrer la préconisation"}
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Préconisation enregistrée.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def preconisation(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Say what came of a recommendation of this convention, or of those it follows."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    liees = Preconisation.objects.select_related("analyse__convention__service").filter(
        analyse__convention__in=lignee(trouvee)
    )
    visee = get_object_or_404(liees, pk=cle)
    formulaire = FormulaireSuitePreconisation(request.POST or None, initial={"etat": visee.etat, "suite": visee.suite})
    acte = lambda: suites.suivre(acteur, visee, **formulaire.cleaned_data, maintenant=timezone.now())
    contexte = {"convention": trouvee, "titre": visee.libelle, "bouton": "Enregistrer"}
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Préconisation mise à jour.", vers)
