"""Pieces of a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.dossiers import actions, policies, queries, referentiel
from convenir.contrat.dossiers.forms import FormulairePiece
from convenir.contrat.dossiers.models import Dossier
from convenir.contrat.dossiers.referentiel import TypeDePiece
from convenir.contrat.dossiers.views.commun import dossier_entier, dossier_ou_404
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import agir, exige
from convenir.socle.documents.stockage import relire


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def pieces(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the pieces due, joined and asked for; join one."""
    trouve, acteur = dossier_entier(request, reference)
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
    trouve, acteur = dossier_entier(request, reference)
    jointe = get_object_or_404(trouve.pieces.select_related("dossier__convention").filter(retiree_le=None), pk=cle)
    acte = lambda: actions.retirer(acteur, jointe, maintenant=timezone.now())
    return agir(request, acte, f"« {jointe.nom} » est retiré.", reverse("dossiers:pieces", args=[reference]))
