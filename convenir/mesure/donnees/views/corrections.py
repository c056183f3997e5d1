"""Correction of a structure or of an annexe by hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.forms import FormulaireCorrection, FormulaireRemise
from convenir.mesure.donnees.models import AnnexeLue, Correction
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, traiter
from convenir.socle.organisations.models import Structure


@exige(Capacite.CORRIGER_DONNEES)
@require_http_methods(["GET", "POST"])
def corriger_structure(request: HttpRequest, cle: int) -> HttpResponse:
    """Correct a field of a structure of the perimeter."""
    visibles = Structure.objects.visibles_par(acteur_de_la_requete(request).perimetre)
    return _corriger(request, get_object_or_404(visibles, pk=cle))


@exige(Capacite.CORRIGER_DONNEES)
@require_http_methods(["GET", "POST"])
def corriger_annexe(request: HttpRequest, cle: int) -> HttpResponse:
    """Correct a field of a version of an annexe of the perimeter."""
    visibles = Structure.objects.visibles_par(acteur_de_la_requete(request).perimetre)
    annexes = AnnexeLue.objects.select_related("structure", "convention").filter(structure__in=visibles)
    return _corriger(request, get_object_or_404(annexes, pk=cle))


def _corriger(request: HttpRequest, objet: Structure | AnnexeLue) -> HttpResponse:
    structure = objet if isinstance(objet, Structure) else objet.structure
    assert structure is not None  # filtered by perimeter, which needs a structure
    formulaire = FormulaireCorrection(request.POST or None, objet=objet)
    acteur = acteur_de_la_requete(request)
    acte = lambda: actions.corriger(objet, **formulaire.cleaned_data, acteur=acteur)
    dit = "La correction est enregistrée. Elle tient face aux prochaines livraisons."
    contexte = {"objet": objet, "structure": structure, "corrections": queries.corrections_de(structure)}
    return traiter(request, formulaire, "donnees/corriger.html", contexte, acte, dit, request.path)


@exige(Capacite.CORRIGER_DONNEES)
@require_http_methods(["GET", "POST"])
def lever(request: HttpRequest, cle: int) -> HttpResponse:
    """Lift a correction before its time."""
    correction = get_object_or_404(Correction.objects.select_related("structure", "annexe__structure"), pk=cle)
    structure = correction.structure or correction.annexe.structure  # type: ignore[union-attr]
    acteur = acteur_de_la_requete(request)
    get_object_or_404(Structure.objects.visibles_par(acteur.perimetre), pk=structure.pk if structure else None)
    formulaire = FormulaireRemise(request.POST or None)
    acte = lambda: actions.lever(correction, formulaire.cleaned_data["motif"], acteur)
    contexte = {"correction": correction, "structure": structure}
    dit = "La correction est levée. La valeur du fichier est revenue."
    vers = reverse("donnees:corriger_structure", args=[structure.pk])  # type: ignore[union-attr]
    return traiter(request, formulaire, "donnees/lever.html", contexte, acte, dit, vers)
