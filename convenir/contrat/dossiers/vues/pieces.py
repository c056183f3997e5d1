"""Pieces and project of a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.dossiers import actions, policies, queries, referentiel
from convenir.contrat.dossiers.forms import FormulaireAction, FormulairePiece, FormulaireTexteLibre
from convenir.contrat.dossiers.models import ActionProjet, Dossier
from convenir.contrat.dossiers.referentiel import TypeDePiece
from convenir.contrat.dossiers.vues.commun import agir, dossier_ou_404
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete, exige
from convenir.socle.documents.stockage import relire


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def pieces(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the pieces due, joined and asked for; join one."""
    trouve, acteur = _entier(request, reference)
    ouvertes = _pieces_ouvertes(trouve, acteur)
    formulaire = FormulairePiece(request.POST or None, request.FILES or None, types=ouvertes)
    if request.method == "POST" and formulaire.is_valid():
        fichier = formulaire.cleaned_data["fichier"]
        try:
            piece = actions.joindre(
                acteur,
                trouve,
                formulaire.cleaned_data["genre"],
                fichier.name,
                fichier.read(),
                maintenant=timezone.now(),
            )
        except ErreurMetier as erreur:
            formulaire.add_error("fichier", str(erreur))
        else:
            messages.success(request, f"« {piece.nom} » est joint au dossier.")
            return redirect("dossiers:pieces", reference)
    return _rendre_pieces(request, trouve, acteur, formulaire, ouvertes)


def _rendre_pieces(
    request: HttpRequest, dossier: Dossier, acteur: Acteur, formulaire: FormulairePiece, ouvertes: list[TypeDePiece]
) -> HttpResponse:
    valeurs = dict(dossier.reponses.filter(champ__startswith="porteur.").values_list("champ", "valeur"))
    jointes = list(dossier.pieces.filter(retiree_le=None))
    dues = queries.pieces_dues(dossier, valeurs)
    contexte = {
        "dossier": dossier,
        "formulaire": formulaire,
        "ouvertes": ouvertes,
        "dues": [(t, [p for p in jointes if p.genre == t.code]) for t in dues],
        "autres": [
            (referentiel.types_de_pieces()[p.genre].libelle, p)
            for p in jointes
            if p.genre not in {t.code for t in dues}
        ],
        "demandes": dossier.demandes.all(),
        "forme": valeurs.get("porteur.forme", ""),
        "non_redemandees": referentiel.non_redemandees(),
        "peut_retirer": bool(ouvertes) and dossier.en_redaction,
        "peut_instruire": policies.refus_d_instruire(acteur, dossier) is None,
    }
    return render(request, "dossiers/pieces.html", contexte, status=400 if formulaire.errors else 200)


def _pieces_ouvertes(dossier: Dossier, acteur: Acteur) -> list[TypeDePiece]:
    """Return the kinds the person may join now: all while writing, then those the service asks for."""
    if policies.refus_d_ecrire(acteur, dossier):
        return []
    types = referentiel.types_de_pieces()
    if dossier.en_redaction:
        return list(types.values())
    attendues = dossier.demandes.filter(fournie_le=None, abandonnee_le=None).values_list("genre", flat=True)
    return [types[g] for g in attendues if g in types] if dossier.en_echange else []


def _entier(request: HttpRequest, reference: str) -> tuple[Dossier, Acteur]:
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    if not policies.lit_en_entier(acteur):
        raise Http404("Cette page est celle de la structure et du service instructeur.")
    return trouve, acteur


@exige(Capacite.VOIR_CONVENTIONS)
def piece(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Send a piece as it was received, always as a download."""
    trouve = dossier_ou_404(request, reference)
    recue = get_object_or_404(trouve.pieces.filter(retiree_le=None), pk=cle)
    reponse = HttpResponse(relire(recue.sha256, f".{recue.format}"), content_type=recue.mime)
    reponse["Content-Disposition"] = f'attachment; filename="{recue.genre}-{reference}{recue.suffixe}"'
    return reponse


@require_POST
@exige(Capacite.REDIGER_DEMANDE)
def piece_retirer(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Withdraw a piece from a file being written."""
    trouve, acteur = _entier(request, reference)
    jointe = get_object_or_404(trouve.pieces.select_related("dossier__convention").filter(retiree_le=None), pk=cle)
    acte = lambda: actions.retirer(acteur, jointe, maintenant=timezone.now())  # noqa: E731
    return agir(request, acte, f"« {jointe.nom} » est retiré.", reverse("dossiers:pieces", args=[reference]))


@exige(Capacite.VOIR_CONVENTIONS)
def projet(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the project, axis by axis."""
    trouve, acteur = _entier(request, reference)
    return _rendre_projet(request, trouve, acteur)


def _rendre_projet(
    request: HttpRequest, dossier: Dossier, acteur: Acteur, fautif: tuple[str, FormulaireTexteLibre] | None = None
) -> HttpResponse:
    libres = {p.axe: p for p in dossier.presentations.all()}
    actions_ = list(dossier.actions.all())
    noms = {e.code: e for e in referentiel.elements()}
    axes = []
    for axe in referentiel.axes(dossier.cadre):
        libre = libres.get(axe.code)
        initial = {"texte": libre.texte if libre else "", "version": libre.version if libre else 0}
        formulaire = fautif[1] if fautif and fautif[0] == axe.code else (
            FormulaireTexteLibre(initial=initial, auto_id=f"{axe.code}-%s"))  # fmt: skip
        siennes = [(a, noms.get(a.element)) for a in actions_ if a.axe == axe.code]
        axes.append({"axe": axe, "formulaire": formulaire, "texte": initial["texte"], "actions": siennes})
    contexte = {
        "dossier": dossier, "axes": axes, "ajoutees": sum(a.est_ajoutee for a in actions_), "total": len(actions_),
        "peut_ecrire": policies.refus_d_ecrire(acteur, dossier) is None and dossier.en_redaction,
    }  # fmt: skip
    return render(request, "dossiers/projet.html", contexte, status=400 if fautif else 200)


@require_POST
@exige(Capacite.REDIGER_DEMANDE)
def texte_libre(request: HttpRequest, reference: str, axe: str) -> HttpResponse:
    """Save the free text of an axis."""
    trouve, acteur = _entier(request, reference)
    formulaire = FormulaireTexteLibre(request.POST, auto_id=f"{axe}-%s")
    if formulaire.is_valid():
        try:
            actions.ecrire_librement(
                acteur, trouve, axe, formulaire.cleaned_data["texte"],
                version=formulaire.cleaned_data["version"] or 0, maintenant=timezone.now(),
            )  # fmt: skip
        except ErreurMetier as erreur:
            formulaire.add_error("texte", str(erreur))
        else:
            messages.success(request, "Texte enregistré.")
            return redirect(reverse("dossiers:projet", args=[reference]) + f"#{axe}")
    return _rendre_projet(request, trouve, acteur, (axe, formulaire))


@exige(Capacite.REDIGER_DEMANDE)
@require_http_methods(["GET", "POST"])
def action(request: HttpRequest, reference: str, axe: str, cle: int = 0) -> HttpResponse:
    """Write an action of the project, new or already there."""
    trouve, acteur = _entier(request, reference)
    axe_lu = next((a for a in referentiel.axes(trouve.cadre) if a.code == axe), None)
    if axe_lu is None:
        raise Http404("Cet axe n’est pas celui de votre dispositif.")
    existante = get_object_or_404(ActionProjet, pk=cle, dossier=trouve, axe=axe) if cle else None
    initial = {c: getattr(existante, c) for c in FormulaireAction.base_fields} if existante else None
    formulaire = FormulaireAction(request.POST or None, axe=axe, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.ecrire_action(acteur, trouve, formulaire.ecrite(), maintenant=timezone.now(), action=existante)
        except ErreurMetier as erreur:
            formulaire.add_error(None, str(erreur))
        else:
            messages.success(request, "Action enregistrée.")
            return redirect(reverse("dossiers:projet", args=[reference]) + f"#{axe}")
    contexte = {"dossier": trouve, "axe": axe_lu, "formulaire": formulaire, "existante": existante}
    return render(request, "dossiers/action.html", contexte, status=400 if formulaire.errors else 200)


@require_POST
@exige(Capacite.REDIGER_DEMANDE)
def action_retirer(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Remove an action from the project."""
    trouve, acteur = _entier(request, reference)
    visee = get_object_or_404(trouve.actions.select_related("dossier__convention"), pk=cle)
    retour = reverse("dossiers:projet", args=[reference])
    return agir(request, lambda: actions.retirer_action(acteur, visee), "Action retirée.", retour)
