"""Read the texts, the names of institutions and the reference lists."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import exige
from convenir.socle.organisations.institutions import Territoire, noms_institutions
from convenir.socle.reglementation import queries
from convenir.socle.reglementation.views.commun import contexte, lire_date

ROLES = {
    "service_national": "Pilotage national",
    "service_regional": "Service régional de l'État",
    "service_departemental": "Service départemental de l'État",
    "collectivite_departementale": "Département",
    "france_travail": "Opérateur de l'emploi",
    "agence_paiement": "Organisme payeur",
    "commission_iae": "Instance consultée sur les conventions",
}


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def textes(request: HttpRequest) -> HttpResponse:
    """List the texts that apply on a day."""
    formulaire, jour, _ = lire_date(request, [])
    contenu = {
        **contexte(request, "textes"),
        "formulaire": formulaire,
        "jour": jour,
        "textes": queries.textes_applicables(jour),
    }
    return render(request, "reglementation/textes.html", contenu)


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def texte(request: HttpRequest, code: str) -> HttpResponse:
    """Show a text: when it applies, what it replaces, the values it sets."""
    try:
        trouve = queries.texte(code)
    except queries.TexteInconnu as erreur:
        raise Http404(str(erreur)) from erreur
    droit = queries.a_jour()
    tous = droit.catalogue.textes
    valeurs = [
        (parametre, ligne)
        for parametre in droit.catalogue.parametres.values()
        for ligne in droit.histoire(parametre.code)
        if ligne.declaree.texte == code
    ]
    contenu = {
        **contexte(request, "textes"),
        "texte": trouve,
        "remplace": [tous[c] for c in trouve.remplace],
        "remplace_par": [t for t in tous.values() if code in t.remplace],
        "valeurs": valeurs,
    }
    return render(request, "reglementation/texte.html", contenu)


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def institutions(request: HttpRequest) -> HttpResponse:
    """List the names of the institutions on a day, and their other names."""
    formulaire, jour, _ = lire_date(request, [])
    noms = noms_institutions()
    contenu = {
        **contexte(request, "institutions"),
        "formulaire": formulaire,
        "jour": jour,
        "au_jour": [(libelle, noms.au(role, jour, Territoire())) for role, libelle in ROLES.items()],
        "histoire": [(libelle, [n for n in noms.noms if n.role == role]) for role, libelle in ROLES.items()],
    }
    return render(request, "reglementation/institutions.html", contenu)


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def referentiel(request: HttpRequest, code: str) -> HttpResponse:
    """Show a reference list."""
    try:
        liste = queries.referentiel(code)
    except queries.ParametreInconnu as erreur:
        raise Http404(str(erreur)) from erreur
    lignes = [(e, [e.attributs.get(colonne, "") for colonne in liste.colonnes]) for e in liste.elements]
    contenu = {**contexte(request, liste.code), "liste": liste, "lignes": lignes}
    return render(request, "reglementation/referentiel.html", contenu)
