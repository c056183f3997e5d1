"""The project of a file: one page, all its axes; every button of the page first saves the texts it holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.dossiers import actions, policies, queries, referentiel
from convenir.contrat.dossiers.actions import Enregistrement, refus_d_ecrire_l_action
from convenir.contrat.dossiers.cibles import cible_d_action, cible_d_axe, texte_d_axe
from convenir.contrat.dossiers.forms import FormulaireAction, FormulaireProjet
from convenir.contrat.dossiers.models import ActionProjet, Dossier, PresentationLibre
from convenir.contrat.dossiers.propositions import action_en_mots
from convenir.contrat.dossiers.referentiel import Axe, Element
from convenir.contrat.dossiers.views.brouillons import envoyer, hors_envoi
from convenir.contrat.dossiers.views.commun import dossier_entier, enregistrement_discret, est_discret
from convenir.contrat.dossiers.views.remarques import Remarques
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import agir, exige, page_de_refus


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def projet(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the project, axis by axis; save its texts, by a button or by the script that saves while one writes."""
    trouve, acteur = dossier_entier(request, reference)
    if request.method == "POST":
        raison = policies.refus_d_ecrire(acteur, trouve)
        return page_de_refus(request, raison) if raison else _enregistrer(request, trouve, acteur)
    return _rendre(request, trouve, acteur, _formulaire(trouve, acteur))


def _formulaire(dossier: Dossier, acteur: Acteur, donnees: object = None) -> FormulaireProjet:
    """Return the form of the axes that this person may change."""
    libres = {p.axe: p for p in dossier.presentations.all()}
    ouverts = queries.axes_ouverts(dossier) if policies.refus_d_ecrire(acteur, dossier) is None else frozenset()
    return FormulaireProjet(
        donnees, axes=[a for a in referentiel.axes(dossier.cadre) if a.code in ouverts], libres=libres
    )


def _enregistrer(request: HttpRequest, dossier: Dossier, acteur: Acteur) -> HttpResponse:
    formulaire, discret = _formulaire(dossier, acteur, request.POST), est_discret(request)
    try:
        resultat = _ecrire(request, dossier, acteur, formulaire)
    except ErreurMetier as erreur:
        if discret:
            return JsonResponse({"message": str(erreur)}, status=403)
        formulaire.add_error(None, str(erreur))
        return _rendre(request, dossier, acteur, formulaire)
    if discret:
        return enregistrement_discret(resultat, lambda axe: f"t-{axe}")
    if resultat.refusees or resultat.conflits:
        return _rendre_les_fautes(request, dossier, acteur, formulaire, resultat)
    return redirect(_suite(request, dossier))


def _ecrire(request: HttpRequest, dossier: Dossier, acteur: Acteur, formulaire: FormulaireProjet) -> Enregistrement:
    """Save the texts; the button that saves also confirms what was taken from the year before and is in sight."""
    formulaire.is_valid()
    confirmer = "enregistrer" in request.POST
    resultat = actions.ecrire_librement(
        acteur, dossier, formulaire.saisies(), maintenant=timezone.now(), confirmer=confirmer
    )
    if confirmer:
        actions.confirmer_les_actions(acteur, dossier, [int(c) for c in request.POST.getlist("vue") if c.isdecimal()])
        if not (resultat.refusees or resultat.conflits):
            messages.success(request, "Projet enregistré.")
    return resultat


def _suite(request: HttpRequest, dossier: Dossier) -> str:
    """Return where the button leads: an action to add or to change, else the axis it stands in."""
    reference = dossier.convention.reference
    axe, _, cle = request.POST.get("aller", "").partition("/")
    if axe in {a.code for a in referentiel.axes(dossier.cadre)}:
        if cle.isdecimal():
            return reverse("dossiers:action", args=[reference, axe, cle])
        return reverse("dossiers:action_ajouter", args=[reference, axe])
    axe = request.POST.get("enregistrer", "")
    connus = {a.code for a in referentiel.axes(dossier.cadre)}
    return reverse("dossiers:projet", args=[reference]) + (f"#{axe}" if axe in connus else "")


def _rendre_les_fautes(
    request: HttpRequest, dossier: Dossier, acteur: Acteur, formulaire: FormulaireProjet, resultat: Enregistrement
) -> HttpResponse:
    """Show again what was sent, with the versions of today: nobody's text is lost."""
    for axe, message in resultat.refusees.items():
        formulaire.add_error(f"t-{axe}", message)
    donnees = request.POST.copy()
    for libre in dossier.presentations.all():
        donnees[f"v-t-{libre.axe}"] = str(libre.version)
    formulaire.data = donnees
    return _rendre(request, dossier, acteur, formulaire, resultat)


def _rendre(
    request: HttpRequest,
    dossier: Dossier,
    acteur: Acteur,
    formulaire: FormulaireProjet,
    resultat: Enregistrement | None = None,
) -> HttpResponse:
    libres = {p.axe: p for p in dossier.presentations.all()}
    ecrites = list(dossier.actions.all())
    ouverts, remarques = set(formulaire.axes.values()), Remarques(dossier, acteur)
    ecrit = policies.refus_d_ecrire(acteur, dossier) is None
    ouvertes = queries.actions_ouvertes(dossier) if ecrit else frozenset()
    brouillons = queries.brouillons_de(acteur, dossier) if ecrit else {}
    axes = [
        _axe(axe, formulaire, libres.get(axe.code), [a for a in ecrites if a.axe == axe.code], remarques, ouvertes)
        for axe in referentiel.axes(dossier.cadre)
    ]
    for axe in axes:
        axe["a_reprendre"] = cible_d_axe(axe["axe"].code) in brouillons
        for ligne in axe["actions"]:
            ligne["a_reprendre"] = cible_d_action(ligne["action"].pk) in brouillons
    contexte = {
        "dossier": dossier, "axes": axes, "formulaire": formulaire, "resultat": resultat,
        "vues": [a.pk for a in ecrites if a.axe in ouverts],
        "ajoutees": sum(a.est_ajoutee for a in ecrites), "total": len(ecrites),
        "a_confirmer": any(a.a_confirmer for a in ecrites) or any(p.a_confirmer for p in libres.values()),
        "peut_ecrire": bool(ouverts), "peut_agir": bool(ouverts or ouvertes),
    }  # fmt: skip
    fautif = bool(formulaire.errors or resultat)
    return render(request, "dossiers/projet.html", contexte, status=400 if fautif else 200)


def _axe(
    axe: Axe,
    formulaire: FormulaireProjet,
    libre: PresentationLibre | None,
    ecrites: list[ActionProjet],
    remarques: Remarques,
    ouvertes: frozenset[int],
) -> dict[str, Any]:
    """Return an axis: its field when it is open, its text, its actions, its remarks."""
    noms = {e.code: e for e in referentiel.elements(axe.code)}
    cle, actuel = f"t-{axe.code}", texte_d_axe(libre, ecrites)
    ouvert = cle in formulaire.axes
    return {
        "axe": axe,
        "ouvert": ouvert,
        "saisie": formulaire[cle] if ouvert else None,
        "libre": libre,
        "actions": [_action(a, noms.get(a.element), remarques, a.pk in ouvertes, ouvert) for a in ecrites],
        "remarque": remarques.sur(cible_d_axe(axe.code), "cet axe", actuel, modifiable=ouvert),
    }


def _action(
    action: ActionProjet, element: Element | None, remarques: Remarques, modifiable: bool, axe_ouvert: bool
) -> dict[str, Any]:
    """Return an action: the item it takes, its remarks; one that waits for an answer is not removed."""
    actuel = action_en_mots(action)
    remarque = remarques.sur(cible_d_action(action.pk), "cette action", actuel, modifiable=modifiable)
    retirable = axe_ouvert and remarque.ouverte is None
    return {
        "action": action, "element": element, "remarque": remarque, "modifiable": modifiable, "retirable": retirable,
    }  # fmt: skip


RETIREE = "Cette action a été retirée entre-temps. Votre texte est ici : enregistrez-le pour l’ajouter de nouveau."


@exige(Capacite.REDIGER_DEMANDE)
@require_http_methods(["GET", "POST"])
def action(request: HttpRequest, reference: str, axe: str, cle: int = 0) -> HttpResponse:
    """Write an action of the project, new or already there."""
    trouve, acteur = dossier_entier(request, reference)
    axe_lu = next((a for a in referentiel.axes(trouve.cadre) if a.code == axe), None)
    if axe_lu is None:
        raise Http404("Cet axe n’est pas celui de votre dispositif.")
    existante = trouve.actions.filter(pk=cle, axe=axe).first() if cle else None
    if cle and existante is None and request.method == "GET":
        raise Http404("Cette action n’est pas, ou n’est plus, dans le projet.")
    raison = refus_d_ecrire_l_action(acteur, trouve, axe, existante)
    if raison and request.method == "GET":  # à l'envoi, l'acte refuse, et ce qui est écrit reste à l'écran
        vers = reverse("dossiers:projet", args=[reference]) + f"#{axe}"
        return page_de_refus(request, raison, vers=vers, retour="Revenir au projet")
    return _ecrire_l_action(request, acteur, trouve, axe_lu, existante, retiree=bool(cle) and existante is None)


def _ecrire_l_action(
    request: HttpRequest, acteur: Acteur, dossier: Dossier, axe: Axe, existante: ActionProjet | None, *, retiree: bool
) -> HttpResponse:
    cible = cible_d_action(existante.pk) if existante else cible_d_axe(axe.code)
    brouillon = queries.brouillons_de(acteur, dossier).get(cible) if request.method == "GET" else None
    formulaire = FormulaireAction(
        request.POST or None, axe=axe.code, dossier=dossier, ligne=existante, brouillon=brouillon
    )
    if request.method == "POST" and (reponse := hors_envoi(request, acteur, dossier, cible, formulaire, existante)):
        return reponse
    if retiree:
        formulaire.add_error(None, RETIREE)
    acte = lambda: actions.ecrire_action(
        acteur, dossier, formulaire.ecrite(), maintenant=timezone.now(), action=existante,
        lue=formulaire.lecture,
    )  # fmt: skip
    resultat = envoyer(request, formulaire, acte, lambda _: "Action enregistrée.")
    if resultat and not resultat.conflits:
        return redirect(reverse("dossiers:projet", args=[dossier.convention.reference]) + f"#{axe.code}")
    contexte = {
        "dossier": dossier, "axe": axe, "formulaire": formulaire, "existante": existante, "brouillon": brouillon,
        "resultat": resultat,
    }  # fmt: skip
    fautif = bool(resultat or formulaire.errors)
    return render(request, "dossiers/action.html", contexte, status=400 if fautif else 200)


@require_POST
@exige(Capacite.REDIGER_DEMANDE)
def action_retirer(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Remove an action from the project; the texts of the page are saved first."""
    trouve, acteur = dossier_entier(request, reference)
    visee = get_object_or_404(trouve.actions.select_related("dossier__convention"), pk=cle)
    formulaire = _formulaire(trouve, acteur, request.POST)
    try:
        resultat = _ecrire(request, trouve, acteur, formulaire)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return redirect("dossiers:projet", reference)
    if resultat.refusees or resultat.conflits:
        return _rendre_les_fautes(request, trouve, acteur, formulaire, resultat)
    retour = reverse("dossiers:projet", args=[reference])
    return agir(request, lambda: actions.retirer_action(acteur, visee), "Action retirée.", retour)
