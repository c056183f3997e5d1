"""Adverse decisions: a decision with its clock, its notification, the appeal and its answer; the breach procedure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions import actions, droit, forms
from convenir.contrat.conventions.actions.decisions import voies_par_defaut
from convenir.contrat.conventions.documents.lettres import mesures
from convenir.contrat.conventions.models import Convention, Decision, GenreDecision, Manquement
from convenir.contrat.conventions.queries.decisions import horloge, suites_possibles
from convenir.contrat.conventions.rules.articles import ARTICLES
from convenir.contrat.conventions.views.actes import page_d_acte, projet_de
from convenir.contrat.conventions.views.commun import trouver
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, tenter


def _decision(request: HttpRequest, reference: str, cle: int) -> Decision:
    convention = trouver(request, reference)
    trouvee = get_object_or_404(Decision.objects.select_related("preuve"), pk=cle, convention=convention)
    trouvee.convention = convention
    return trouvee


@exige(Capacite.VOIR_CONVENTIONS)
def decision(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Show a decision, where its appeals stand, and what this person may do next."""
    lue, acteur = _decision(request, reference, cle), acteur_de_la_requete(request)
    contexte = {
        "d": lue, "c": lue.convention, "horloge": horloge(lue, timezone.localdate()),
        "suites": suites_possibles(acteur, lue), "mesures": mesures(lue),
    }  # fmt: skip
    return render(request, "conventions/decision.html", contexte)


@exige(Capacite.INSTRUIRE_CONVENTION)
def notifier(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Record the notification of a decision, with its proof."""
    lue = _decision(request, reference, cle)
    depart = {"jour": timezone.localdate()}
    formulaire = forms.FormulaireNotification(request.POST or None, request.FILES or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        faire = lambda: actions.notifier(acteur, lue, maintenant=timezone.now(), **p)
        if tenter(request, faire, "La notification est enregistrée : les délais de recours courent."):
            return redirect(_adresse(lue))
    effet = "Les délais de recours courent du jour où la structure l’a reçue. La preuve est l’avis de réception."
    return page_d_acte(request, lue.convention, "Enregistrer la notification", formulaire, effet)


@exige(Capacite.INSTRUIRE_CONVENTION)
def recours(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Record a *recours gracieux*."""
    lue = _decision(request, reference, cle)
    formulaire = forms.FormulaireRecours(request.POST or None, initial={"jour": timezone.localdate()})
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        faire = lambda: actions.recevoir_recours(acteur, lue, p["objet"], jour=p["jour"])
        if tenter(request, faire, "Le recours est enregistré."):
            return redirect(_adresse(lue))
    mois = droit.silence_mois(timezone.localdate())
    effet = f"Le silence gardé pendant {mois} mois vaut rejet : une tâche datée s’ouvre pour le service."
    return page_d_acte(request, lue.convention, "Enregistrer un recours gracieux", formulaire, effet)


@exige(Capacite.DECIDER_CONVENTION)
def repondre(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Answer a *recours gracieux*."""
    lue = _decision(request, reference, cle)
    formulaire = forms.FormulaireReponseAuRecours(request.POST or None, initial={"jour": timezone.localdate()})
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        faire = lambda: actions.repondre_au_recours(acteur, lue, maintenant=timezone.now(), **p)
        if tenter(request, faire, "La réponse est enregistrée."):
            return redirect(_adresse(lue))
    effet = EFFETS.get(GenreDecision(lue.genre), "La réponse est motivée ; la structure la reçoit.")
    return page_d_acte(request, lue.convention, "Répondre au recours", formulaire, effet)


EFFETS = {
    GenreDecision.REFUS: "Accueilli, le recours rouvre l’instruction de la demande.",
    GenreDecision.RESILIATION: "Accueilli, le recours rétablit la convention.",
    GenreDecision.CONTROLE: "Accueilli, le recours met fin à la suspension et au remboursement.",
}


@exige(Capacite.DECIDER_CONVENTION)
def reprendre_sommes(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Decide to reclaim sums: an adverse decision with its amount."""
    convention = trouver(request, reference)
    jour = timezone.localdate()
    depart = {"jour": jour, "voies": voies_par_defaut(jour)} | _depart_de_la_reprise(convention, jour)
    formulaire = forms.FormulaireDecision(request.POST or None, initial=depart)
    formulaire.fields["montant"].required = True
    if request.method == "POST" and formulaire.is_valid():
        acteur, projet = acteur_de_la_requete(request), projet_de(formulaire.cleaned_data)
        faire = lambda: actions.reprendre_des_sommes(acteur, convention, projet)
        if tenter(request, faire, "La reprise est décidée. Notifiez-la : les recours courent depuis elle."):
            return redirect(convention)
    effet = "La convention ne change pas d’état. La décision se notifie avec sa preuve."
    return page_d_acte(request, convention, "Reprendre des sommes", formulaire, effet)


def _depart_de_la_reprise(convention: Convention, jour: Any) -> dict[str, str]:
    """Start from what is known: the yearly avenant not signed, or the breach that was found."""
    if convention.suspendue_le:
        articles = ARTICLES.get(convention.categorie)
        faits = f"L’avenant {jour.year} n’est pas signé ; les versements sont suspendus depuis le "
        return {
            "faits": f"{faits}{convention.suspendue_le:%d/%m/%Y}.",
            "articles": f"Code du travail, {articles.continuite}" if articles else "",
        }
    manquement = Manquement.objects.filter(convention=convention).first()
    return {"faits": manquement.faits, "articles": manquement.articles} if manquement else {}


@exige(Capacite.VOIR_CONVENTIONS)
def manquement(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the breach procedure step by step: letter, observations, decision, sums to reclaim."""
    convention, acteur = trouver(request, reference), acteur_de_la_requete(request)
    procedures = list(Manquement.objects.filter(convention=convention).select_related("decision"))
    ouverte = next((m for m in procedures if m.clos_le is None), None)
    reprises = Decision.objects.filter(convention=convention, genre=GenreDecision.REPRISE)
    jour = timezone.localdate()
    contexte = {
        "c": convention, "ouverte": ouverte, "closes": [m for m in procedures if m.clos_le], "reprises": reprises,
        "reste": (ouverte.observations_avant - jour).days if ouverte else 0, "jour": jour,
        "decide": acteur.peut(Capacite.DECIDER_CONVENTION), "ecrit": _ecrit(acteur),
        "peut_engager": convention.etat in PEUT_ENGAGER,
    }  # fmt: skip
    return render(request, "conventions/manquement.html", contexte)


PEUT_ENGAGER = frozenset({"en_cours", "avenant_en_preparation", "suspendu", "en_renouvellement"})


def _ecrit(acteur: Any) -> bool:
    return any(acteur.peut(c) for c in (Capacite.DEPOSER_DEMANDE, Capacite.INSTRUIRE_CONVENTION))


def _adresse(decision: Decision) -> str:
    return reverse("conventions:decision", args=[decision.convention.reference, decision.pk])
