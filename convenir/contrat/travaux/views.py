"""Pages of the register: list and export, one work and its files, writing, withdrawing."""

from __future__ import annotations

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.travaux import actions, policies, queries, rules
from convenir.contrat.travaux.forms import FormulairePiece, FormulaireRetrait, FormulaireTravail
from convenir.contrat.travaux.models import PieceDeTravail, Travail
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, agir, exige, traiter
from convenir.socle.documents import tableurs
from convenir.socle.documents.stockage import relire
from convenir.socle.documents.tableurs import Feuille
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.territoires.models import Departement

PAR_PAGE = 25
PAR_LOT = 2000
LECTURE, ECRITURE = Capacite.VOIR_TRAVAUX, Capacite.ECRIRE_TRAVAUX


@exige(LECTURE)
def liste(request: HttpRequest) -> HttpResponse:
    """Show one page of the works in sight."""
    acteur, filtre = acteur_de_la_requete(request), queries.Filtre.lire(request.GET)
    vues = MissionLocale.objects.visibles_par(acteur.perimetre).order_by("nom", "code")
    missions_locales = list(vues)
    if [m.code for m in missions_locales] == [filtre.ml]:
        filtre = replace(filtre, ml="")  # who sees one mission locale has nothing to narrow by it
    page = Paginator(queries.lister(acteur, filtre), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "filtre": filtre,
        "genres": [(g, mots[0]) for g, mots in rules.GENRES.items()],
        "axes": rules.AXES.items(),
        "missions_locales": missions_locales,
        "departements": list(Departement.objects.filter(pk__in=vues.order_by().values("departement")).order_by("pk")),
        "sienne": queries.sienne(acteur),
    }
    return render(request, "travaux/liste.html", contexte)


@exige(LECTURE)
def exporter(request: HttpRequest, format_export: str) -> HttpResponseBase:
    """Export every line of the list, as filtered, whatever their number."""
    if format_export not in tableurs.FORMATS:
        raise Http404
    lus = queries.lister(acteur_de_la_requete(request), queries.Filtre.lire(request.GET))
    feuille = Feuille("Travaux", queries.rangs(lus.iterator(chunk_size=PAR_LOT)))
    return tableurs.repondre([feuille], format_export, "travaux-axes-4-et-5")


@exige(LECTURE)
@require_http_methods(["GET", "POST"])
def travail(request: HttpRequest, cle: int) -> HttpResponse:
    """Show a work and its files; join one."""
    lu, acteur = _travail_ou_404(request, cle), acteur_de_la_requete(request)
    formulaire = FormulairePiece(request.POST or None, request.FILES or None)

    def acte() -> object:
        fichier = formulaire.cleaned_data["fichier"]
        return actions.joindre(acteur, lu, fichier.name, fichier.read(), maintenant=timezone.now())

    contexte = {
        "travail": lu,
        "pieces": lu.pieces.filter(retiree_le=None),
        "peut_ecrire": lu.retire_le is None and policies.refus_d_ecrire(acteur, lu.mission_locale) is None,
    }
    return traiter(
        request, formulaire, "travaux/travail.html", contexte, acte, "La pièce est jointe.", lu.get_absolute_url()
    )


@exige(ECRITURE)
@require_http_methods(["GET", "POST"])
def inscrire(request: HttpRequest) -> HttpResponse:
    """Write a work in the register of one's own mission locale."""
    acteur = acteur_de_la_requete(request)
    sienne = queries.sienne(acteur)
    if sienne is None:
        raise Http404("Aucune mission locale n’est rattachée à votre organisation.")
    formulaire = FormulaireTravail(request.POST or None)
    contexte = {"mission_locale": sienne, "titre": "Inscrire un travail", "retour": reverse("travaux:liste")}
    acte = lambda: actions.ajouter(acteur, sienne, formulaire.ecrit(), maintenant=timezone.now())
    dit = "Le travail est inscrit. Ouvrez-le pour y joindre une pièce."
    return traiter(request, formulaire, "travaux/saisie.html", contexte, acte, dit, reverse("travaux:liste"))


@exige(ECRITURE)
@require_http_methods(["GET", "POST"])
def modifier(request: HttpRequest, cle: int) -> HttpResponse:
    """Change a work."""
    lu, acteur = _travail_ou_404(request, cle), acteur_de_la_requete(request)
    formulaire = FormulaireTravail(request.POST or None, initial=FormulaireTravail.initial_de(lu))
    contexte = {"mission_locale": lu.mission_locale, "titre": "Modifier le travail", "travail": lu,
                "retour": lu.get_absolute_url()}  # fmt: skip

    def acte() -> object:
        lue = formulaire.cleaned_data["version"] or 0
        return actions.modifier(acteur, lu, formulaire.ecrit(), version=lue, maintenant=timezone.now())

    dit = "Le travail est modifié."
    return traiter(request, formulaire, "travaux/saisie.html", contexte, acte, dit, lu.get_absolute_url())


@exige(ECRITURE)
@require_http_methods(["GET", "POST"])
def retirer(request: HttpRequest, cle: int) -> HttpResponse:
    """Withdraw a work, saying why."""
    lu, acteur = _travail_ou_404(request, cle), acteur_de_la_requete(request)
    formulaire = FormulaireRetrait(request.POST or None)
    acte = lambda: actions.retirer(acteur, lu, formulaire.cleaned_data["motif"], maintenant=timezone.now())
    dit = "Le travail est retiré du registre. Il ne compte plus ; sa page dit pourquoi."
    return traiter(request, formulaire, "travaux/retirer.html", {"travail": lu}, acte, dit, lu.get_absolute_url())


@exige(LECTURE)
def piece(request: HttpRequest, cle: int, piece: int) -> HttpResponse:
    """Send a file as it was received, always as a download."""
    lue = _piece_ou_404(request, cle, piece)
    reponse = HttpResponse(relire(lue.sha256, f".{lue.format}"), content_type=lue.mime)
    reponse["Content-Disposition"] = f'attachment; filename="travail-{cle}-{lue.pk}{lue.suffixe}"'
    return reponse


@require_POST
@exige(ECRITURE)
def piece_retirer(request: HttpRequest, cle: int, piece: int) -> HttpResponse:
    """Withdraw a file."""
    lue, acteur = _piece_ou_404(request, cle, piece), acteur_de_la_requete(request)
    acte = lambda: actions.retirer_piece(acteur, lue, maintenant=timezone.now())
    return agir(request, acte, f"« {lue.nom} » est retirée.", lue.travail.get_absolute_url())


def _travail_ou_404(request: HttpRequest, cle: int) -> Travail:
    lu = queries.travail_visible(acteur_de_la_requete(request), cle)
    if lu is None:
        raise Http404("Ce travail n’existe pas, ou n’est pas dans votre périmètre.")
    return lu


def _piece_ou_404(request: HttpRequest, cle: int, piece: int) -> PieceDeTravail:
    jointes = PieceDeTravail.objects.select_related("travail__mission_locale").filter(retiree_le=None)
    return get_object_or_404(jointes, travail=_travail_ou_404(request, cle), pk=piece)
