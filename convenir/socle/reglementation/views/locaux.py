"""Local sorties positives: list, record, end or withdraw."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete, exige, page_de_refus
from convenir.socle.reglementation import actions
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.droit import MOTIF
from convenir.socle.reglementation.forms import FormulaireFin, FormulaireLocal
from convenir.socle.reglementation.models import GenreLocal, ParametreLocal
from convenir.socle.reglementation.policies import departements_permis, refus_local
from convenir.socle.reglementation.views.commun import contexte

LISTE = "reglementation:locaux"


@dataclass(frozen=True)
class Liste:
    """The page that lists a kind of local parameter: its address, its name, what an end means there."""

    adresse: str
    nom: str
    fin: str


LISTES = {
    GenreLocal.SORTIES_POSITIVES.value: Liste(
        LISTE,
        "Sorties positives locales",
        "Les sorties jusqu’au dernier jour gardent cette lecture. Sans dernier jour, la définition est retirée : elle "
        "ne compte à aucune date.",
    ),
    GenreLocal.PUBLIC_PRIORITAIRE.value: Liste(
        "reglementation:priorites",
        "Publics prioritaires",
        "Jusqu’au dernier jour, les fiches montrent encore cette priorité. Sans dernier jour, elle est retirée : "
        "aucune fiche ne la montre plus.",
    ),
}


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def locaux(request: HttpRequest) -> HttpResponse:
    """List the local definitions of every territory, ended and withdrawn ones included."""
    acteur = acteur_de_la_requete(request)
    lignes = ParametreLocal.objects.filter(genre=GenreLocal.SORTIES_POSITIVES).select_related("departement")
    contenu = {
        **contexte(request, "locaux"),
        "lignes": [(li, _motifs(li), refus_local(acteur, li.departement) is None) for li in lignes],
        "jour": timezone.localdate(),
    }
    return render(request, "reglementation/locaux.html", contenu)


def _motifs(ligne: ParametreLocal) -> str:
    """Return the reasons of a definition in words."""
    parametres = catalogue().parametres
    noms = [parametres[MOTIF + code].libelle if MOTIF + code in parametres else "" for code in ligne.elements]
    return " ; ".join(f"{nom} (motif {code})" for nom, code in zip(noms, ligne.elements, strict=True))


@require_http_methods(["GET", "POST"])
@exige(Capacite.AJOUTER_PARAMETRE_LOCAL)
def ajouter_local(request: HttpRequest) -> HttpResponse:
    """Record the sorties positives that a territory defined for itself."""
    acteur = acteur_de_la_requete(request)
    formulaire = _formulaire(request, acteur)
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.ajouter_local(acteur, formulaire.saisie())
        except EntreeInvalide as erreur:
            formulaire.add_error(None, str(erreur))
        else:
            messages.success(request, "La définition est enregistrée. Les taux du territoire sont à refaire.")
            return redirect(LISTE)
    contenu = {**contexte(request, "locaux"), "formulaire": formulaire}
    return render(request, "reglementation/ajouter_local.html", contenu)


def _formulaire(request: HttpRequest, acteur: Acteur) -> FormulaireLocal:
    motifs = actions.motifs_reclassables(timezone.localdate())
    return FormulaireLocal(
        request.POST or None,
        departements=departements_permis(acteur),
        motifs=[(code, f"{libelle} (motif {code})") for code, libelle in motifs.items()],
    )


@require_http_methods(["GET", "POST"])
@exige(Capacite.AJOUTER_PARAMETRE_LOCAL)
def terminer_local(request: HttpRequest, pk: int) -> HttpResponse:
    """End a local definition, or withdraw it when it was entered by mistake."""
    acteur = acteur_de_la_requete(request)
    ligne = get_object_or_404(ParametreLocal.objects.select_related("departement"), pk=pk, retire_le__isnull=True)
    if raison := refus_local(acteur, ligne.departement):
        return page_de_refus(request, raison)
    formulaire, liste = FormulaireFin(request.POST or None), LISTES[ligne.genre]
    if request.method == "POST" and formulaire.is_valid():
        try:
            message = _finir(acteur, pk, formulaire)
        except EntreeInvalide as erreur:
            formulaire.add_error(None, str(erreur))
        else:
            messages.success(request, message)
            return redirect(liste.adresse)
    contenu = {**contexte(request, "locaux"), "ligne": ligne, "formulaire": formulaire, "liste": liste}
    return render(request, "reglementation/terminer_local.html", contenu)


def _finir(acteur: Acteur, pk: int, formulaire: FormulaireFin) -> str:
    dernier_jour, motif = formulaire.cleaned_data["dernier_jour"], formulaire.cleaned_data["motif"]
    if dernier_jour is None:
        actions.retirer_local(acteur, pk, motif)
        return "La ligne est retirée. Elle reste dans la liste, avec son motif."
    actions.terminer_local(acteur, pk, dernier_jour, motif)
    return "La fin est enregistrée. Jusqu'à ce jour, la lecture ne change pas."
