"""The mappings of an organisation: one for each export it deposits, taken in, renamed, sent out, deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.correspondances import lire_correspondance, lire_yaml
from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.forms import FormulaireNom, FormulaireYaml
from convenir.mesure.donnees.models import CorrespondanceDeSource
from convenir.mesure.donnees.views.commun import depot
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.pages import acteur_de_la_requete


@depot
@require_http_methods(["GET", "POST"])
def correspondances(request: HttpRequest) -> HttpResponse:
    """Show the mappings of the organisation; take in one written as YAML, under the name it says."""
    acteur = acteur_de_la_requete(request)
    formulaire = FormulaireYaml(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            connue = actions.enregistrer(lire_yaml(formulaire.cleaned_data["fichier"]), acteur)
        except ErreurMetier as erreur:
            formulaire.add_error("fichier", str(erreur))
        else:
            messages.success(request, f"La correspondance «\u00a0{connue}\u00a0» est enregistrée.")
            return redirect("donnees:correspondances")
    siennes = queries.correspondances(acteur).annotate(
        depots=Count("livraisons"), dernier_depot=Max("livraisons__recue_le")
    )
    contexte = {"correspondances": siennes, "formulaire": formulaire}
    return render(request, "donnees/correspondances.html", contexte)


def _la_sienne(request: HttpRequest, cle: int) -> CorrespondanceDeSource:
    return get_object_or_404(queries.correspondances(acteur_de_la_requete(request)), pk=cle)


@depot
@require_http_methods(["GET", "POST"])
def correspondance_nommee(request: HttpRequest, cle: int) -> HttpResponse:
    """Show how an export is read, and give it another name."""
    connue = _la_sienne(request, cle)
    formulaire = FormulaireNom(request.POST or None, initial={"nom": connue.nom})
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.renommer(connue, formulaire.cleaned_data["nom"], acteur_de_la_requete(request))
        except ErreurMetier as erreur:
            connue.refresh_from_db()
            formulaire.add_error("nom", str(erreur))
        else:
            messages.success(request, f"La correspondance s'appelle maintenant «\u00a0{connue.nom}\u00a0».")
            return redirect("donnees:correspondances")
    contexte = {"connue": connue, "tables": _tables(connue), "formulaire": formulaire}
    return render(request, "donnees/correspondance_nommee.html", contexte)


def _tables(connue: CorrespondanceDeSource) -> list[dict[str, Any]]:
    """Return what a mapping says, table by table, in words."""
    vues = tables_missions_locales()
    return [
        {
            "vue": vues[nom],
            "fichier": table.fichier or nom,
            "colonnes": [(vues[nom].par_nom[c].titre, choisie) for c, choisie in table.colonnes.items()],
        }
        for nom, table in lire_correspondance(connue.contenu).tables.items()
    ]


@require_POST
@depot
def supprimer_correspondance(request: HttpRequest, cle: int) -> HttpResponse:
    """Delete a mapping."""
    connue = _la_sienne(request, cle)
    actions.supprimer(connue, acteur_de_la_requete(request))
    messages.success(request, f"La correspondance «\u00a0{connue.nom}\u00a0» est supprimée.")
    return redirect("donnees:correspondances")


@depot
def exporter_nommee(request: HttpRequest, cle: int) -> HttpResponse:
    """Send a mapping as a YAML file."""
    return en_fichier(_la_sienne(request, cle))


def en_fichier(connue: CorrespondanceDeSource) -> HttpResponse:
    """Return a mapping as the file that `--correspondance` and the page read."""
    reponse = HttpResponse(
        lire_correspondance(connue.contenu).en_yaml(), content_type="application/yaml; charset=utf-8"
    )
    nom = slugify(connue.nom) or str(connue.pk)
    reponse["Content-Disposition"] = f'attachment; filename="correspondance-{nom}.yaml"'
    return reponse
