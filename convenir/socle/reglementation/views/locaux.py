"""Parameters that a territory sets for itself, one set of pages per kind: list, record, end or withdraw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import accepter, acteur_de_la_requete, exige, page_de_refus, traiter
from convenir.socle.reglementation import actions
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.droit import MOTIF
from convenir.socle.reglementation.forms import FormulaireFin, FormulaireLocal, FormulairePriorite
from convenir.socle.reglementation.models import GenreLocal, ParametreLocal
from convenir.socle.reglementation.policies import departements_permis, refus_local
from convenir.socle.reglementation.views.commun import contexte


def _formulaire_local(request: HttpRequest, acteur: Acteur) -> Form:
    motifs = actions.motifs_reclassables(timezone.localdate())
    choix = [(code, f"{libelle} (motif {code})") for code, libelle in motifs.items()]
    return FormulaireLocal(request.POST or None, departements=departements_permis(acteur), motifs=choix)


def _formulaire_priorite(request: HttpRequest, acteur: Acteur) -> Form:
    return FormulairePriorite(request.POST or None, departements=departements_permis(acteur))


def _motifs(ligne: ParametreLocal) -> str:
    """Return the reasons of a definition in words."""
    parametres = catalogue().parametres
    noms = [parametres[MOTIF + code].libelle if MOTIF + code in parametres else "" for code in ligne.elements]
    return " ; ".join(f"{nom} (motif {code})" for nom, code in zip(noms, ligne.elements, strict=True))


def _part(ligne: ParametreLocal) -> str:
    return f"{floatformat(ligne.elements[1])} % des salariés présents"


@dataclass(frozen=True)
class Genre:
    """A kind of local parameter: its list and its form (names of addresses), and the words of both."""

    genre: GenreLocal
    ici: str
    liste: str
    ajouter: str
    detail: Callable[[ParametreLocal], str]
    formulaire: Callable[[HttpRequest, Acteur], Form]
    enregistrer: Callable[..., ParametreLocal]
    surtitre: str
    nom: str
    chapo: str
    colonne: str
    une: str
    ajout: str
    titre_ajout: str
    chapo_ajout: str
    enregistree: str
    fin: str
    vide: str


GENRES = {
    g.genre.value: g
    for g in (
        Genre(
            GenreLocal.SORTIES_POSITIVES,
            "locaux",
            "reglementation:locaux",
            "reglementation:ajouter_local",
            _motifs,
            _formulaire_local,
            actions.ajouter_local,
            surtitre="Objectifs et sorties",
            nom="Sorties positives locales",
            chapo="La circulaire du 10 décembre 2008 laisse chaque territoire reconnaître d’autres sorties positives. "
            "Elles comptent pour les structures du département, aux dates de la décision.",
            colonne="Définition",
            une="la définition",
            ajout="Ajouter une définition",
            titre_ajout="Ajouter des sorties positives locales",
            chapo_ajout="La définition s’appliquera aux sorties des structures du département, à partir de sa date "
            "d’effet. La catégorie nationale reste visible à côté.",
            enregistree="La définition est enregistrée. Les taux du territoire sont à refaire.",
            fin="Les sorties jusqu’au dernier jour gardent cette lecture. Sans dernier jour, la définition est "
            "retirée : elle ne compte à aucune date.",
            vide="Aucun territoire n’a enregistré de définition locale.",
        ),
        Genre(
            GenreLocal.PUBLIC_PRIORITAIRE,
            "priorites",
            "reglementation:priorites",
            "reglementation:ajouter_priorite",
            _part,
            _formulaire_priorite,
            actions.ajouter_priorite,
            surtitre="Objectifs et publics",
            nom="Publics prioritaires",
            chapo="La circulaire du 10 décembre 2008 veut des objectifs contextualisés selon les priorités fixées en "
            "CDIAE. Chaque fiche bilan du département montre la part visée à côté de la part constatée, aux dates de "
            "la décision.",
            colonne="Public et part visée",
            une="la priorité",
            ajout="Ajouter une priorité",
            titre_ajout="Ajouter un public prioritaire",
            chapo_ajout="La part visée sera tracée sur la fiche bilan de chaque structure du département, à côté de "
            "la part constatée. Elle ne change aucun chiffre.",
            enregistree="La priorité est enregistrée. Les fiches du département la montrent.",
            fin="Jusqu’au dernier jour, les fiches montrent encore cette priorité. Sans dernier jour, elle est "
            "retirée : aucune fiche ne la montre plus.",
            vide="Aucun territoire n’a enregistré de public prioritaire.",
        ),
    )
}


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def locaux(request: HttpRequest, genre: str) -> HttpResponse:
    """List what every territory set for itself, ended and withdrawn lines included."""
    acteur, g = acteur_de_la_requete(request), GENRES[genre]
    lignes = ParametreLocal.objects.filter(genre=genre).select_related("departement")
    contenu = {
        **contexte(request, g.ici),
        "genre": g,
        "lignes": [(ligne, g.detail(ligne), refus_local(acteur, ligne.departement) is None) for ligne in lignes],
        "jour": timezone.localdate(),
    }
    return render(request, "reglementation/locaux.html", contenu)


@require_http_methods(["GET", "POST"])
@exige(Capacite.AJOUTER_PARAMETRE_LOCAL)
def ajouter_local(request: HttpRequest, genre: str) -> HttpResponse:
    """Record what a territory set for itself."""
    acteur, g = acteur_de_la_requete(request), GENRES[genre]
    formulaire = g.formulaire(request, acteur)
    acte = lambda: g.enregistrer(acteur, formulaire.saisie())  # type: ignore[attr-defined]
    contenu = {**contexte(request, g.ici), "genre": g}
    return traiter(request, formulaire, "reglementation/ajouter_local.html", contenu, acte, g.enregistree, g.liste)


@require_http_methods(["GET", "POST"])
@exige(Capacite.AJOUTER_PARAMETRE_LOCAL)
def terminer_local(request: HttpRequest, pk: int) -> HttpResponse:
    """End a local line, or withdraw it when it was entered by mistake."""
    acteur = acteur_de_la_requete(request)
    ligne = get_object_or_404(ParametreLocal.objects.select_related("departement"), pk=pk, retire_le__isnull=True)
    if raison := refus_local(acteur, ligne.departement):
        return page_de_refus(request, raison)
    formulaire, g = FormulaireFin(request.POST or None), GENRES[ligne.genre]
    if accepter(request, formulaire, lambda: _finir(acteur, pk, formulaire), str):
        return redirect(g.liste)
    contenu = {**contexte(request, g.ici), "ligne": ligne, "formulaire": formulaire, "genre": g}
    return render(request, "reglementation/terminer_local.html", contenu)


def _finir(acteur: Acteur, pk: int, formulaire: FormulaireFin) -> str:
    dernier_jour, motif = formulaire.cleaned_data["dernier_jour"], formulaire.cleaned_data["motif"]
    if dernier_jour is None:
        actions.retirer_local(acteur, pk, motif)
        return "La ligne est retirée. Elle reste dans la liste, avec son motif."
    actions.terminer_local(acteur, pk, dernier_jour, motif)
    return "La fin est enregistrée. Jusqu'à ce jour, la lecture ne change pas."
