"""Correction of a structure or of an annexe by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.forms import FormulaireCorrection, FormulaireRemise
from convenir.mesure.donnees.models import AnnexeLue, Correction
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import exige
from convenir.socle.organisations.models import Structure


@exige(Capacite.CORRIGER_DONNEES)
@require_http_methods(["GET", "POST"])
def corriger_structure(request: HttpRequest, cle: int) -> HttpResponse:
    """Correct a field of a structure of the perimeter."""
    visibles = Structure.objects.visibles_par(request.acteur.perimetre)  # type: ignore[attr-defined]
    return _corriger(request, get_object_or_404(visibles, pk=cle))


@exige(Capacite.CORRIGER_DONNEES)
@require_http_methods(["GET", "POST"])
def corriger_annexe(request: HttpRequest, cle: int) -> HttpResponse:
    """Correct a field of a version of an annexe of the perimeter."""
    visibles = Structure.objects.visibles_par(request.acteur.perimetre)  # type: ignore[attr-defined]
    annexes = AnnexeLue.objects.select_related("structure", "convention").filter(structure__in=visibles)
    return _corriger(request, get_object_or_404(annexes, pk=cle))


def _corriger(request: HttpRequest, objet: Structure | AnnexeLue) -> HttpResponse:
    structure = objet if isinstance(objet, Structure) else objet.structure
    assert structure is not None  # filtered by perimeter, which needs a structure
    formulaire = FormulaireCorrection(request.POST or None, objet=objet)
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.corriger(objet, **formulaire.cleaned_data, acteur=request.acteur)  # type: ignore[attr-defined]
        except ErreurMetier as erreur:
            formulaire.add_error(None, str(erreur))
        else:
            messages.success(request, "La correction est enregistrée. Elle tient face aux prochaines livraisons.")
            return redirect(request.path)
    contexte = {
        "formulaire": formulaire,
        "objet": objet,
        "structure": structure,
        "corrections": queries.corrections_de(structure),
    }
    return render(request, "donnees/corriger.html", contexte)


@exige(Capacite.CORRIGER_DONNEES)
@require_http_methods(["GET", "POST"])
def lever(request: HttpRequest, cle: int) -> HttpResponse:
    """Lift a correction before its time."""
    correction = get_object_or_404(Correction.objects.select_related("structure", "annexe__structure"), pk=cle)
    structure = correction.structure or correction.annexe.structure  # type: ignore[union-attr]
    perimetre = request.acteur.perimetre  # type: ignore[attr-defined]
    get_object_or_404(Structure.objects.visibles_par(perimetre), pk=structure.pk if structure else None)
    formulaire = FormulaireRemise(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.lever(correction, formulaire.cleaned_data["motif"], request.acteur)  # type: ignore[attr-defined]
            messages.success(request, "La correction est levée. La valeur du fichier est revenue.")
            return redirect("donnees:corriger_structure", structure.pk)  # type: ignore[union-attr]
        except ErreurMetier as erreur:
            formulaire.add_error(None, str(erreur))
    return render(
        request, "donnees/lever.html", {"formulaire": formulaire, "correction": correction, "structure": structure}
    )
