"""Mapping of the columns of a deposit: which one is used, table by table, written and read as YAML."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from convenir.mesure.donnees import actions, queries, tasks
from convenir.mesure.donnees.correspondances import Correspondance, lire_yaml
from convenir.mesure.donnees.correspondances.formulaire import FormulaireTable
from convenir.mesure.donnees.correspondances.tetes import colonnes_choisies
from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.forms import FormulaireChoix, FormulaireYaml
from convenir.mesure.donnees.models import SOURCES_ML, Livraison
from convenir.mesure.donnees.states import EtatLivraison
from convenir.mesure.donnees.views.commun import depot, la_livraison
from convenir.mesure.donnees.views.correspondances_nommees import en_fichier
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.pages import acteur_de_la_requete


def _du_depot(request: HttpRequest, identifiant: UUID) -> tuple[Livraison, Correspondance]:
    """Return a deposit of the person's own organisation, and its mapping.

    Raises:
        Http404: another organisation's, or not of missions locales.
    """
    livraison = la_livraison(request, identifiant)
    sienne = acteur_de_la_requete(request).auteur.organisation_id
    if livraison.source not in SOURCES_ML or livraison.organisation_id != sienne:
        raise Http404
    return livraison, actions.de_la_livraison(livraison)


@depot
@require_http_methods(["GET", "POST"])
def correspondance(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Show the tables and what is missing of each; take in a mapping written as YAML."""
    livraison, connue = _du_depot(request, identifiant)
    formulaire = FormulaireYaml(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            _reprendre(livraison, lire_yaml(formulaire.cleaned_data["fichier"]), acteur_de_la_requete(request))
        except ErreurMetier as erreur:
            formulaire.add_error("fichier", str(erreur))
        else:
            messages.success(request, f"La correspondance «\u00a0{livraison.correspondance}\u00a0» est enregistrée.")
            return redirect("donnees:correspondance", livraison.uuid)
    contexte = {
        "livraison": livraison,
        "tables": [_etat(nom, livraison.tetes, connue) for nom in tables_missions_locales()],
        "sans_table": [f for f, t in livraison.tetes.items() if not _table_de(f, t, connue)],
        "relancable": livraison.etat == EtatLivraison.A_RELIER,
        "formulaire": formulaire,
        "choix": FormulaireChoix(
            siennes=queries.correspondances(acteur_de_la_requete(request)),
            initial={"correspondance": livraison.correspondance_id},
        ),
    }
    return render(request, "donnees/correspondance.html", contexte)


def _reprendre(livraison: Livraison, lue: Correspondance, acteur: Acteur) -> None:
    """Keep a mapping read from a file under its name, else in that of the deposit, which is then read through it."""
    if lue.nom:
        actions.choisir(livraison, actions.enregistrer(lue, acteur), acteur)
    else:
        actions.relier(livraison, lue, acteur)


@require_POST
@depot
def choisir(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Read the deposit through another mapping of the organisation."""
    livraison, _ = _du_depot(request, identifiant)
    acteur = acteur_de_la_requete(request)
    formulaire = FormulaireChoix(request.POST, siennes=queries.correspondances(acteur))
    if formulaire.is_valid():
        choisie = formulaire.cleaned_data["correspondance"]
        actions.choisir(livraison, choisie, acteur)
        dit = f"Ce dépôt se lit par «\u00a0{choisie}\u00a0»." if choisie else "Ce dépôt se lit au format publié."
        messages.success(request, dit)
    else:
        messages.error(request, "Cette correspondance n'existe pas, ou plus.")
    return redirect("donnees:correspondance", livraison.uuid)


def _table_de(fichier: str, tete: dict[str, Any], connue: Correspondance) -> str:
    """Return the table of a file: as chosen, as named, else as guessed."""
    choisies = {t.fichier: nom for nom, t in connue.tables.items() if t.fichier}
    return str(choisies.get(fichier) or tete.get("table") or tete.get("devinee") or "")


def _fichier_de(table: str, tetes: dict[str, Any], connue: Correspondance) -> str:
    return next((f for f, t in tetes.items() if _table_de(f, t, connue) == table), "")


def _etat(table: str, tetes: dict[str, Any], connue: Correspondance) -> dict[str, Any]:
    """Return what is known of a table: its file, what is missing, whether relating it must be confirmed."""
    vue, fichier = tables_missions_locales()[table], _fichier_de(table, tetes, connue)
    if not fichier:
        return {"vue": vue, "fichier": "", "etat": "absente", "manquantes": []}
    constantes = {n for n, c in connue.table(table).colonnes.items() if c.constante}
    lues = set(colonnes_choisies(table, tetes[fichier], connue)) | constantes
    manquantes = [c.titre for c in vue.colonnes if c.obligatoire and c.nom not in lues]
    devinee = not tetes[fichier].get("table") and connue.table(table).fichier != fichier
    etat = "manquante" if manquantes else "a_confirmer" if devinee else "reliee"
    return {"vue": vue, "fichier": fichier, "etat": etat, "manquantes": manquantes}


@depot
@require_http_methods(["GET", "POST"])
def relier(request: HttpRequest, identifiant: UUID, table: str) -> HttpResponse:
    """Choose the file and the columns of one table."""
    livraison, connue = _du_depot(request, identifiant)
    if table not in tables_missions_locales():
        raise Http404
    fichier = _fichier_de(table, livraison.tetes, connue)
    formulaire = FormulaireTable(
        request.POST or None, table=table, tetes=livraison.tetes, correspondance=connue, fichier=fichier
    )
    if request.method == "POST" and formulaire.is_valid():
        choisie = formulaire.choisie()
        actions.relier(livraison, connue.avec(table, choisie), acteur_de_la_requete(request))
        messages.success(request, f"La table « {formulaire.vue.contenu} » est enregistrée.")
        change = formulaire.cleaned_data["fichier"] != fichier
        nom = "donnees:relier" if change else "donnees:correspondance"
        return redirect(nom, *([livraison.uuid, table] if change else [livraison.uuid]))
    contexte = {"livraison": livraison, "formulaire": formulaire, "vue": formulaire.vue, "lignes": formulaire.lignes()}
    return render(request, "donnees/relier.html", contexte)


@require_POST
@depot
def relancer(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Control again the same files, through the mapping."""
    livraison, _ = _du_depot(request, identifiant)
    acteur = acteur_de_la_requete(request)
    try:
        actions.relancer(livraison, acteur)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        transaction.on_commit(lambda: _controler(livraison, acteur))
    return redirect(livraison)


def _controler(livraison: Livraison, acteur: Acteur) -> None:
    """Ask for the control, in the name of the person."""
    if acteur.utilisateur and acteur.adhesion:
        tasks.controler.enqueue(str(livraison.uuid), utilisateur=acteur.utilisateur.pk, adhesion=acteur.adhesion.pk)


@depot
def exporter(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Send the mapping of the deposit as a YAML file."""
    livraison, _ = _du_depot(request, identifiant)
    if livraison.correspondance is None:
        raise Http404
    return en_fichier(livraison.correspondance)
