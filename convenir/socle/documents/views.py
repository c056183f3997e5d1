"""The page of a document: its files, their history, its replacement."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.pages import acteur_de_la_requete, agir
from convenir.socle.documents import actions, genres
from convenir.socle.documents.docx import MIME
from convenir.socle.documents.forms import FormulaireRemplacement
from convenir.socle.documents.models import DocumentProduit, OrigineVersion, VersionDocument
from convenir.socle.documents.stockage import relire

MIMES = {"pdf": "application/pdf", "docx": MIME}


def _le_document(request: HttpRequest, identifiant: UUID) -> DocumentProduit:
    """Return the document, or answer 404: whoever may not read it does not learn that it exists."""
    document = get_object_or_404(DocumentProduit, uuid=identifiant)
    if genres.trouver(document.genre).lire(acteur_de_la_requete(request), document.objet):
        raise Http404("Aucun document à cette adresse dans votre périmètre.")
    return document


def document(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Show the files in force and their history."""
    return _page(request, _le_document(request, identifiant))


def _page(
    request: HttpRequest, produit: DocumentProduit, formulaire: FormulaireRemplacement | None = None, statut: int = 200
) -> HttpResponse:
    genre = genres.trouver(produit.genre)
    versions = list(produit.versions.select_related("auteur").order_by("format", "-rang"))
    courantes = [v for v in versions if v.en_vigueur]
    contexte = {
        "document": produit, "genre": genre, "versions": versions, "retour": genre.retour(produit.objet),
        "courantes": courantes, "deposees": _a_accorder(courantes),
        "formulaire": formulaire or FormulaireRemplacement(),
        "modifiable": genre.remplacer(acteur_de_la_requete(request), produit.objet) is None,
    }  # fmt: skip
    return render(request, "documents/document.html", contexte, status=statut)


def _a_accorder(courantes: list[VersionDocument]) -> str:
    """Name the format filed by hand while the other is still as it was made: the two may say different things."""
    deposees = [v.format.upper() for v in courantes if v.origine == OrigineVersion.DEPOT]
    return deposees[0] if len(deposees) == 1 and len(courantes) > 1 else ""


def telecharger(request: HttpRequest, identifiant: UUID, format_: str) -> HttpResponse:
    """Answer the file in force of a format."""
    produit = _le_document(request, identifiant)
    return _fichier(get_object_or_404(VersionDocument, document=produit, format=format_, en_vigueur=True))


def version(request: HttpRequest, identifiant: UUID, cle: int) -> HttpResponse:
    """Answer one version of a document."""
    return _fichier(get_object_or_404(VersionDocument, document=_le_document(request, identifiant), pk=cle))


def _fichier(lue: VersionDocument) -> HttpResponse:
    reponse = HttpResponse(relire(lue.sha256, f".{lue.format}"), content_type=MIMES[lue.format])
    reponse["Content-Disposition"] = f'attachment; filename="{lue.nom}"'
    return reponse


@require_POST
def remplacer(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Put a filed file in the place of the document made."""
    produit = _le_document(request, identifiant)
    formulaire = FormulaireRemplacement(request.POST, request.FILES)
    if not formulaire.is_valid():
        return _page(request, produit, formulaire, 400)
    fichier = formulaire.cleaned_data["fichier"]
    try:
        actions.remplacer(
            acteur_de_la_requete(request), produit, fichier.name, fichier.read(),
            motif=formulaire.cleaned_data["motif"], maintenant=timezone.now(),
        )  # fmt: skip
    except ErreurMetier as erreur:
        formulaire.add_error(None, str(erreur))
        return _page(request, produit, formulaire, 400)
    messages.success(request, "Le fichier déposé remplace le document. La version d’avant reste, et peut revenir.")
    return redirect(produit)


@require_POST
def revenir(request: HttpRequest, identifiant: UUID, cle: int) -> HttpResponse:
    """Put an earlier version in force again."""
    produit = _le_document(request, identifiant)
    lue = get_object_or_404(VersionDocument, document=produit, pk=cle)
    acte = lambda: actions.revenir(acteur_de_la_requete(request), lue, motif=request.POST.get("motif", ""))
    return agir(request, acte, "Cette version est de nouveau en vigueur.", produit)
