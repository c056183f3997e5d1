"""What is asked of each funder: one line each, and the lines that the service has reopened."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.dossiers import actions, policies, queries
from convenir.contrat.dossiers.actions import Demande
from convenir.contrat.dossiers.cibles import PLAN, cible_de_ligne, texte_de_ligne, texte_du_plan
from convenir.contrat.dossiers.forms import FormulaireFinancement, FormulaireMontants
from convenir.contrat.dossiers.models import Dossier, Financement
from convenir.contrat.dossiers.views.commun import dossier_entier, dossier_ou_404
from convenir.contrat.dossiers.views.remarques import Remarques
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import accepter, acteur_de_la_requete, agir, exige


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def financements(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is asked of each funder; add a line, or correct one, as far as the service has reopened them."""
    trouve, acteur = dossier_entier(request, reference)
    if "confirmer" in request.POST:
        cles = [int(c) for c in request.POST.getlist("confirmer") if c.isdecimal()]
        acte = lambda: actions.confirmer_financements(acteur, trouve, cles)
        return agir(request, acte, "Financements confirmés.", request.path)
    lignes = list(trouve.financements.select_related("organisation"))
    visee = next((ligne for ligne in lignes if str(ligne.pk) == request.POST.get("ligne")), None)
    if visee is not None:
        formulaire: FormulaireMontants = _montants(visee, request.POST)
    else:
        formulaire = FormulaireFinancement(request.POST or None, dossier=trouve)
    demander = lambda: actions.demander_financement(acteur, trouve, _demande(formulaire, visee))
    if accepter(request, formulaire, demander, lambda ligne: f"Demande à {ligne.nom} enregistrée."):
        return redirect("dossiers:financements", reference)
    contexte = _contexte(trouve, acteur, lignes, visee, formulaire)
    return render(request, "dossiers/financements.html", contexte, status=400 if formulaire.errors else 200)


def _montants(ligne: Financement, donnees: Any = None) -> FormulaireMontants:
    initial = {c: getattr(ligne, c) for c in FormulaireMontants.base_fields}
    return FormulaireMontants(donnees, initial=initial, auto_id=f"l-{ligne.pk}-%s")


def _demande(formulaire: FormulaireMontants, visee: Financement | None) -> Demande:
    """Return what is asked; a line corrected keeps its funder."""
    lu = formulaire.cleaned_data
    if visee is None:
        return Demande(**lu)
    return Demande(nature=visee.nature, nom=visee.nom, organisation=visee.organisation, **lu)


def _contexte(
    dossier: Dossier,
    acteur: Acteur,
    lignes: list[Financement],
    visee: Financement | None,
    formulaire: FormulaireMontants,
) -> dict[str, Any]:
    ecrit, remarques = policies.refus_d_ecrire(acteur, dossier) is None, Remarques(dossier, acteur)
    ouvert = ecrit and queries.plan_ouvert(dossier)
    return {
        "dossier": dossier,
        "lignes": lignes,
        "formulaire": formulaire,
        "ajout": formulaire if visee is None else FormulaireFinancement(dossier=dossier),
        "peut_ecrire": ouvert,
        "plan": remarques.sur(PLAN, "le plan de financement", texte_du_plan(lignes), modifiable=ouvert),
        "echanges": _echanges(dossier, remarques, lignes, visee, formulaire, ecrit=ecrit),
        "a_confirmer": any(ligne.a_confirmer for ligne in lignes),
        "total": sum((ligne.total for ligne in lignes), start=0),
        "base": sum((ligne.base for ligne in lignes), start=0),
        "efforts": sum((ligne.efforts for ligne in lignes), start=0),
    }


def _echanges(
    dossier: Dossier,
    remarques: Remarques,
    lignes: list[Financement],
    visee: Financement | None,
    formulaire: FormulaireMontants,
    *,
    ecrit: bool,
) -> list[dict[str, Any]]:
    """Return, by line, its remarks and the form that corrects it: nothing of a line nobody may speak of."""
    ouvertes = queries.lignes_ouvertes(dossier) if ecrit and not dossier.en_redaction else frozenset()
    dits = []
    for ligne in lignes:
        modifiable = ligne.pk in ouvertes
        cible = cible_de_ligne(ligne.pk)
        remarque = remarques.sur(cible, "cette ligne", texte_de_ligne(ligne), modifiable=modifiable)
        if remarque.commentaires or remarque.peut_commenter:
            corriger = formulaire if ligne == visee else _montants(ligne)
            dits.append({"ligne": ligne, "remarque": remarque, "formulaire": corriger if modifiable else None})
    return dits


@require_POST
@exige(Capacite.REDIGER_DEMANDE)
def financement_retirer(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Remove what is asked of a funder."""
    ligne = get_object_or_404(
        dossier_ou_404(request, reference).financements.select_related("dossier__convention"), pk=cle
    )
    retour = request.build_absolute_uri(f"{ligne.dossier.get_absolute_url()}financements/")
    acteur = acteur_de_la_requete(request)
    return agir(request, lambda: actions.retirer_financement(acteur, ligne), f"Demande à {ligne.nom} retirée.", retour)
