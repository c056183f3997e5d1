"""The list of the files, its export, a new application, the référentiel counted."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.contrat.conventions.actions import NouvelleConvention
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.queries import conventions_de
from convenir.contrat.conventions.states import EN_VIGUEUR, EtatConvention
from convenir.contrat.dossiers import actions, queries, referentiel
from convenir.contrat.dossiers.forms import FormulaireNouveau
from convenir.contrat.dossiers.views.commun import aujourdhui
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.periodes import lire_annee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige
from convenir.socle.documents.tableurs import Cellule, repondre_csv
from convenir.socle.organisations.models import MissionLocale, Structure

PAR_PAGE = 25
ENTETE = ("reference", "structure", "categorie", "departement", "annee", "etat", "depose_le", "complet_le",
          "pieces_attendues", "questions_rouvertes")  # fmt: skip


@exige(Capacite.VOIR_CONVENTIONS)
def liste(request: HttpRequest) -> HttpResponse:
    """Show one page of the files this person may open."""
    acteur, filtre = acteur_de_la_requete(request), queries.Filtre.lire(request.GET)
    page = Paginator(queries.lister(acteur, filtre), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "filtre": filtre,
        "etats": EtatConvention.choices,
        "cadres": referentiel.CADRES,
        "peut_ouvrir": acteur.peut(Capacite.DEPOSER_DEMANDE),
    }
    return render(request, "dossiers/liste.html", contexte)


@exige(Capacite.VOIR_CONVENTIONS)
def exporter(request: HttpRequest) -> StreamingHttpResponse:
    """Send every line of the list, as filtered."""
    lignes = queries.lister(acteur_de_la_requete(request), queries.Filtre.lire(request.GET))

    return repondre_csv(chain([ENTETE], (_rang(d) for d in lignes.iterator(chunk_size=2000))), "dossiers")


def _rang(d: Any) -> tuple[Cellule, ...]:
    """Write a line of the export; the counts come from the query of the list."""
    c = d.convention
    debut = (c.reference, c.nom_de_la_partie, d.cadre, c.departement_id, d.annee, c.get_etat_display())
    return (*debut, d.depose_le, d.complet_le, d.pieces_attendues, d.questions_rouvertes)


@exige(Capacite.DEPOSER_DEMANDE)
def nouveau(request: HttpRequest) -> HttpResponse:
    """Open a new application: the convention as a draft, and its pre-filled file."""
    acteur, annee = acteur_de_la_requete(request), aujourdhui().year
    donnees = request.POST if request.method == "POST" else None
    depart = {nom: request.GET[nom] for nom in ("partie", "annee") if nom in request.GET}
    formulaire = FormulaireNouveau(donnees, initial=depart, parties=_parties(acteur), annees=[annee + 1, annee])
    if request.method == "POST" and formulaire.is_valid():
        try:
            return redirect(_ouvrir(acteur, formulaire.cleaned_data))
        except ErreurMetier as erreur:
            formulaire.add_error(None, str(erreur))
    statut = 400 if formulaire.errors else 200
    return render(request, "dossiers/nouveau.html", {"formulaire": formulaire}, status=statut)


def _parties(acteur: Acteur) -> list[tuple[str, str]]:
    siae = Structure.objects.visibles_par(acteur.perimetre).suivies().order_by("denomination", "pk")
    missions = MissionLocale.objects.visibles_par(acteur.perimetre).order_by("nom", "pk")
    return [(f"s-{s.pk}", str(s)) for s in siae[:500]] + [(f"m-{m.pk}", str(m)) for m in missions[:500]]


def _ouvrir(acteur: Acteur, lu: dict[str, object]) -> str:
    genre, _, cle = str(lu["partie"]).partition("-")
    modele = Structure if genre == "s" else MissionLocale
    partie: Structure | MissionLocale = modele.objects.select_related("departement").get(pk=int(cle))
    annee, maintenant = int(str(lu["annee"])), timezone.now()
    finies = conventions_de(acteur, partie).filter(etat__in=[*EN_VIGUEUR, EtatConvention.EXPIRE])
    demande = NouvelleConvention(
        partie=partie, debut=date(annee, 1, 1), fin=date(annee + int(str(lu["duree"])), 1, 1),
        motif_duree=str(lu["motif_duree"]) if lu["duree"] == 1 else "",
        renouvelle=finies.filter(fin__lte=date(annee, 1, 1)).order_by("-fin").first(),
    )  # fmt: skip
    return actions.demander_une_convention(acteur, demande, maintenant=maintenant).get_absolute_url()


@require_POST
@exige(Capacite.VOIR_CONVENTIONS)
def ouvrir(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the file of a convention that has none yet."""
    acteur = acteur_de_la_requete(request)
    convention = get_object_or_404(conventions_visibles(acteur), reference=reference.upper())
    try:
        dossier = actions.ouvrir(acteur, convention, maintenant=timezone.now())
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return redirect("dossiers:liste")
    return redirect(dossier)


@exige(Capacite.VOIR_CONVENTIONS)
def referentiel_compte(request: HttpRequest) -> HttpResponse:
    """Show how many files took each item, and how many actions were added."""
    annee = _annee(request)
    comptes = queries.denombrer_elements(acteur_de_la_requete(request), annee)
    return render(request, "dossiers/referentiel.html", {"comptes": comptes, "annee": annee})


@exige(Capacite.VOIR_CONVENTIONS)
def referentiel_exporter(request: HttpRequest) -> StreamingHttpResponse:
    """Send the count, then every action added, in one file."""
    acteur, annee = acteur_de_la_requete(request), _annee(request)
    rangs = [
        ("compte", c.axe, c.element, c.libelle, c.dossiers, c.actions, "")
        for c in queries.denombrer_elements(acteur, annee)
    ]
    ajouts = (
        ("ajoutee", a.axe, "", a.intitule, 1, 1, a.dossier.convention.reference)
        for a in queries.actions_ajoutees(acteur, annee)
    )
    entete = ("nature", "axe", "element", "libelle", "dossiers", "actions", "reference")
    return repondre_csv(chain([entete], rangs, ajouts), "referentiel")


def _annee(request: HttpRequest) -> int | None:
    return lire_annee(request.GET.get("annee", ""))
