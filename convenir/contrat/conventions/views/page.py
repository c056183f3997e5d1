"""The page of a convention, two versions compared, the terms on a day, its files."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from convenir.contrat.conventions.documents import produits
from convenir.contrat.conventions.ecriture import comparer
from convenir.contrat.conventions.models import GenrePiece, Piece, Version
from convenir.contrat.conventions.queries import version_en_vigueur
from convenir.contrat.conventions.queries.page import lire
from convenir.contrat.conventions.queries.pieces import avec_les_parties, nom_de_remise
from convenir.contrat.conventions.views.commun import trouver
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, page_de_refus
from convenir.socle.documents.planches import page_en_image
from convenir.socle.documents.rendu import DocumentImpossible
from convenir.socle.documents.stockage import relire

ACTES = frozenset({GenrePiece.ACTE, GenrePiece.SCAN, GenrePiece.ACTE_SIGNE})
TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}


@exige(Capacite.VOIR_CONVENTIONS)
def convention(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a convention: whose turn, its life, what applies and what will change, who signs, the dates."""
    acteur = acteur_de_la_requete(request)
    page = lire(acteur, trouver(request, reference), timezone.localdate())
    droits = {
        "instruit": acteur.peut(Capacite.INSTRUIRE_CONVENTION),
        "signe": acteur.peut(Capacite.SIGNER_CONVENTION),
        "decide": acteur.peut(Capacite.DECIDER_CONVENTION),
        "depose": acteur.peut(Capacite.DEPOSER_DEMANDE),
    }
    return render(request, "conventions/convention.html", {"p": page, "c": page.convention, **droits})


@exige(Capacite.VOIR_CONVENTIONS)
def comparaison(request: HttpRequest, reference: str) -> HttpResponse:
    """Compare two versions, or show the terms that apply on a day."""
    trouvee = trouver(request, reference)
    versions = list(trouvee.versions.order_by("rang"))
    if not versions:
        raise Http404
    jour = _jour(request.GET.get("date", ""))
    vers = _version(versions, request.GET.get("vers", ""), versions[-1])
    de = _version(versions, request.GET.get("de", ""), versions[max(0, versions.index(vers) - 1)])
    consolidee = version_en_vigueur(trouvee, jour) if jour else None
    lignes = comparer(consolidee.termes, consolidee.termes) if consolidee else comparer(de.termes, vers.termes)
    contexte = {
        "c": trouvee, "versions": versions, "de": de, "vers": vers, "jour": jour, "consolidee": consolidee,
        "lignes": lignes if consolidee or not jour else [], "changent": sum(1 for x in lignes if x.change),
        "date_illisible": bool(request.GET.get("date")) and jour is None,
    }  # fmt: skip
    return render(request, "conventions/comparaison.html", contexte)


def _version(versions: list[Version], rang: str, sinon: Version) -> Version:
    return next((v for v in versions if str(v.rang) == rang), sinon)


def _jour(texte: str) -> date | None:
    """Read jj/mm/aaaa or AAAA-MM-JJ."""
    morceaux = texte.strip().split("/")
    try:
        return date.fromisoformat("-".join(reversed(morceaux)) if len(morceaux) == 3 else texte.strip())
    except ValueError:
        return None


@exige(Capacite.VOIR_CONVENTIONS)
def piece(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Hand over a file of the convention, checked against its fingerprint; an act, to those who read it."""
    lue = _piece(request, reference, cle)
    if raison := _refus_de_lire(request, lue, reference):
        return page_de_refus(request, raison)
    reponse = HttpResponse(
        relire(lue.sha256, lue.suffixe), content_type=TYPES.get(lue.suffixe, "application/octet-stream")
    )
    reponse["Content-Disposition"] = f'attachment; filename="{nom_de_remise(lue, reference)}"'
    return reponse


@exige(Capacite.VOIR_CONVENTIONS)
def page_de_piece(request: HttpRequest, reference: str, cle: int, page: int) -> HttpResponse:
    """Draw a page of a PDF of the convention, to those who read it."""
    lue = _piece(request, reference, cle)
    if raison := _refus_de_lire(request, lue, reference):
        return page_de_refus(request, raison)
    if not 1 <= page <= (lue.pages or 0):
        raise Http404
    try:
        return HttpResponse(page_en_image(relire(lue.sha256, lue.suffixe), page), content_type="image/png")
    except DocumentImpossible as erreur:
        raise Http404 from erreur


def _piece(request: HttpRequest, reference: str, cle: int) -> Piece:
    pieces = avec_les_parties(Piece.objects.select_related("version"))
    return get_object_or_404(pieces, pk=cle, convention=trouver(request, reference))


def _refus_de_lire(request: HttpRequest, lue: Piece, reference: str) -> str:
    """Say why the person may not read an act; empty when they may, or when it is no act."""
    if lue.version is None or lue.genre not in ACTES:
        return ""
    acte = f"v{lue.version.rang}"
    return produits.refus_de_lire(acteur_de_la_requete(request), reference, [acte]).get(acte) or ""


@exige(Capacite.VOIR_CONVENTIONS)
def journal(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every move of the convention, the last first."""
    trouvee = trouver(request, reference)
    passages = list(trouvee.passages.select_related("version").order_by("-pk"))
    return render(request, "conventions/journal.html", {"c": trouvee, "passages": passages})
