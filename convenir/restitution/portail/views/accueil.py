"""The home page: what to do, the last delivery, what alerts; by role."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from convenir.mesure.donnees import queries as donnees
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs import queries_ml as ml
from convenir.restitution.fiches_ml import mensuel
from convenir.restitution.portail import bascule, liste, liste_ml
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete
from convenir.socle.taches import notifications
from convenir.socle.taches import queries as taches

ALERTES_MONTREES = 5


def accueil(request: HttpRequest) -> HttpResponse:
    """Answer first: what is late, what is due, where the data stand."""
    acteur = acteur_de_la_requete(request)
    if acteur.role is None:
        return render(request, "portail/sans_adhesion.html")
    aujourdhui = timezone.localdate()
    contexte = {
        "aujourdhui": aujourdhui,
        "taches": taches.a_faire(acteur, aujourdhui),
        "non_lues": notifications.non_lues(acteur),
    }
    if bascule.voit_des_siae(acteur):
        contexte |= _structures(acteur)
    if bascule.voit_des_missions_locales(acteur):
        contexte |= _missions_locales(acteur)
    contexte |= {
        "livraison": donnees.derniere_appliquee(),
        "livraison_visible": acteur.peut(Capacite.VOIR_LIVRAISONS),
        "peut_importer": acteur.peut(Capacite.IMPORTER_DONNEES),
    }
    return render(request, "portail/accueil.html", contexte)


def _missions_locales(acteur: Acteur) -> dict[str, Any]:
    """Return the missions locales in sight: the month of one's own, the way in to those of others."""
    siennes = liste_ml.visibles(acteur).order_by("nom")
    les_siennes = acteur.perimetre.niveau == "missions_locales" and not liste_ml.est_dehors(acteur)
    return {
        "missions_locales": siennes.count(),
        "instantane_ml": ml.instantane(),
        "tableaux_ml": mensuel.tableaux(siennes[:ALERTES_MONTREES]) if les_siennes else [],
        "mes_missions_locales": list(siennes[:ALERTES_MONTREES]) if les_siennes else [],
        "tient_un_registre": acteur.peut(Capacite.ECRIRE_TRAVAUX),
        "seulement_ml": not bascule.voit_des_siae(acteur),
    }


def _alertes_du_departement(acteur: Acteur, annee: int) -> list[dict[str, Any]]:
    """Return the alerts that bear on the person's own département: fewer people present than the year before."""
    if acteur.perimetre.niveau != "departement":
        return []
    return [
        a
        for code in sorted(acteur.perimetre.codes)
        for a in indicateurs.alertes_du_territoire("departement", code, annee)
    ]


def _structures(acteur: Acteur) -> dict[str, Any]:
    """Return the structures in alert, worst first, and the counts."""
    annees = indicateurs.annees_calculees()
    if not annees:
        return {"comptes": liste.Comptes(), "en_alerte": []}
    comptes = liste.compter(acteur, annees[0])
    filtre = liste.Filtre(annee=annees[0], alerte="hors_fin" if comptes.hors_fin else "toutes", tri="-alerte")
    return {
        "annee": annees[0],
        "comptes": comptes,
        "alertes_du_departement": _alertes_du_departement(acteur, annees[0]),
        "en_alerte": list(liste.filtrer(acteur, filtre)[:ALERTES_MONTREES]),
        "les_siennes": list(liste.filtrer(acteur, liste.Filtre(annee=annees[0]))[:ALERTES_MONTREES])
        if acteur.perimetre.niveau == "structures"
        else [],
    }
