"""Annexes of next year for a département: prepare in the background, look at exceptions one by one, key, print."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.contrat.conventions import actions, forms, tasks
from convenir.contrat.conventions.actions import operations
from convenir.contrat.conventions.actions.annexes import A_REPRENDRE
from convenir.contrat.conventions.actions.annexes_de_version import pour_l_annee
from convenir.contrat.conventions.models import (
    A_REVOIR,
    AnnexeFinanciere,
    EtatAnnexe,
    EtatOperation,
    GenreOperation,
    Operation,
)
from convenir.contrat.conventions.queries import lots as lecture
from convenir.contrat.conventions.views.actes import page_d_acte
from convenir.contrat.conventions.views.commun import trouver
from convenir.socle.commun import francais
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, tenter
from convenir.socle.documents import tableurs
from convenir.socle.territoires.models import Departement

PAR_PAGE = 25


def departements_couverts(request: HttpRequest) -> list[Departement]:
    """Return the départements whole in the perimeter, with their région."""
    perimetre = acteur_de_la_requete(request).perimetre
    tous = Departement.objects.select_related("region").order_by("pk")
    return [d for d in tous if perimetre.couvre_departement(d.pk, d.region_id)]


def departement_ou_404(request: HttpRequest, code: str) -> Departement:
    """Return a département of the perimeter.

    Raises:
        Http404: unknown, or out of the perimeter.
    """
    trouve = next((d for d in departements_couverts(request) if d.pk == code), None)
    if trouve is None:
        raise Http404("Ce département n’est pas dans votre périmètre.")
    return trouve


@exige(Capacite.INSTRUIRE_CONVENTION)
def lots(request: HttpRequest) -> HttpResponse:
    """Choose the département and the year of a batch."""
    annee = lecture.annee_suivante(timezone.localdate())
    couverts = departements_couverts(request)
    if len(couverts) == 1 and request.method == "GET":
        return redirect("conventions:lot", couverts[0].pk, annee)
    return render(request, "conventions/lots.html", {"departements": couverts, "annee": annee})


@exige(Capacite.INSTRUIRE_CONVENTION)
def lot(request: HttpRequest, departement: str, annee: int) -> HttpResponseBase:
    """Show the annexes of a year for a département; ask for their preparation."""
    lieu, acteur = departement_ou_404(request, departement), acteur_de_la_requete(request)
    _annee_ou_404(annee)
    if request.method == "POST":
        essai = request.POST.get("essai") != "non"
        demandees: list[Operation] = []
        faire = lambda: demandees.append(
            operations.demander(acteur, GenreOperation.LOT, lieu, essai=essai, maintenant=timezone.now(), annee=annee)
        )
        if tenter(request, faire, "La préparation est demandée : elle se fait sans vous attendre."):
            tasks.confier(acteur, demandees[0])
            return redirect(demandees[0])
    etat = request.GET.get("etat", "")
    annexes = lecture.annexes_du_lot(acteur, lieu.pk, annee, etat)
    page = Paginator(annexes, PAR_PAGE).get_page(request.GET.get("page"))
    comptes = lecture.comptes_du_lot(acteur, lieu.pk, annee)
    contexte = {
        "departement": lieu, "annee": annee, "page": page, "etat": etat, "total": sum(comptes.values()),
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "vues": [(code, libelle, comptes[code]) for code, libelle in EtatAnnexe.choices if comptes.get(code)],
        "a_saisir": sum(comptes.get(code, 0) for code in lecture.A_SAISIR),
        "operations": Operation.objects.filter(genre=GenreOperation.LOT, departement=lieu, annee=annee)[:5],
    }  # fmt: skip
    return render(request, "conventions/lot.html", contexte)


def _annee_ou_404(annee: int) -> None:
    courante = timezone.localdate().year
    if not 2014 <= annee <= courante + 1:
        raise Http404("Les annexes se préparent pour l’année qui vient au plus tard.")


@exige(Capacite.INSTRUIRE_CONVENTION)
def operation(request: HttpRequest, cle: int) -> HttpResponse:
    """Show how far a long work is, then its report line by line."""
    lieux = [d.pk for d in departements_couverts(request)]
    lue = get_object_or_404(Operation.objects.select_related("departement"), pk=cle, departement__in=lieux)
    page = Paginator(lue.rapport, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "o": lue, "page": page, "lignes": [ligne | {"precision": _precision(ligne)} for ligne in page],
        "suivre": request.GET.get("suivre") == "oui",
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "echouee": lue.etat == EtatOperation.ECHOUEE,
    }  # fmt: skip
    return render(request, "conventions/operation.html", contexte)


def _precision(ligne: dict[str, str]) -> str:
    """Write in French what a line of the report says, whose numbers are kept as the computer writes them."""
    if ligne.get("detail") or not ligne.get("montant_total"):
        return ligne.get("detail", "")
    return f"{francais.etp(Decimal(ligne['postes']))}, {francais.euros(Decimal(ligne['montant_total']), 2)}"


@exige(Capacite.INSTRUIRE_CONVENTION)
def exporter(request: HttpRequest, departement: str, annee: int, format_export: str) -> HttpResponseBase:
    """Export every annexe of the batch, with what the extranet asks."""
    lieu = departement_ou_404(request, departement)
    if format_export not in tableurs.FORMATS:
        raise Http404
    annexes = lecture.annexes_du_lot(acteur_de_la_requete(request), lieu.pk, annee, request.GET.get("etat", ""))
    feuille = tableurs.Feuille(f"Annexes {annee}", lecture.rangs(annexes))
    return tableurs.repondre([feuille], format_export, f"annexes-{lieu.pk.lower()}-{annee}")


@exige(Capacite.INSTRUIRE_CONVENTION)
def feuilles(request: HttpRequest, departement: str, annee: int) -> HttpResponse:
    """Print the sheets to key into the extranet, one by annexe ready; `annexe` keeps one."""
    lieu, acteur = departement_ou_404(request, departement), acteur_de_la_requete(request)
    annexes = lecture.annexes_du_lot(acteur, lieu.pk, annee).filter(etat__in=lecture.A_SAISIR)
    une = request.GET.get("annexe", "")
    if une.isdecimal():
        annexes = annexes.filter(pk=int(une))
    a_revoir = lecture.annexes_du_lot(acteur, lieu.pk, annee, EtatAnnexe.EXCEPTION).count()
    contexte = {"departement": lieu, "annee": annee, "annexes": list(annexes), "a_revoir": a_revoir}
    return render(request, "conventions/feuilles.html", contexte)


@exige(Capacite.INSTRUIRE_CONVENTION)
def annexe(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Look at one annexe: correct it, or say it right as it is."""
    lue = _annexe(request, reference, cle)
    depart = {"postes": lue.postes.normalize(), "unitaire": lue.montant_unitaire}
    formulaire = forms.FormulaireAnnexe(request.POST or None, initial=depart)
    entiere = pour_l_annee(lue) if lue.etat in A_REVOIR else None
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        if tenter(request, lambda: actions.revoir(acteur, lue, **p), "L’annexe est revue : elle peut être saisie."):
            return redirect("conventions:lot", lue.convention.departement_id, lue.annee)
    effet = f"À revoir : {lue.motif}." if lue.motif else "Le total suit les postes et le montant d’un poste."
    contexte = {
        "c": lue.convention, "titre": f"Revoir l’annexe {lue.annee}", "formulaire": formulaire, "effet": effet,
        "obstacles": _obstacles(lue), "annexe": lue, "entiere": entiere, "en_cours_d_annee": _en_cours_d_annee(lue),
    }  # fmt: skip
    statut = 400 if request.method == "POST" else 200
    return render(request, "conventions/annexe.html", contexte, status=statut)


def _en_cours_d_annee(annexe: AnnexeFinanciere) -> bool:
    effet = annexe.version.effet
    return bool(annexe.version.rang) and (effet.month, effet.day) != (1, 1)


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def annee_entiere(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Write the annexe of an in-year avenant for the whole year."""
    lue, acteur = _annexe(request, reference, cle), acteur_de_la_requete(request)
    if tenter(request, lambda: actions.etablir_pour_l_annee(acteur, lue), "L’annexe est écrite pour l’année entière."):
        return redirect("conventions:lot", lue.convention.departement_id, lue.annee)
    return redirect("conventions:annexe", reference, cle)


@exige(Capacite.INSTRUIRE_CONVENTION)
def saisir(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Record the number that the extranet gave to an annexe."""
    lue = _annexe(request, reference, cle)
    formulaire = forms.FormulaireNumero(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        acteur, numero = acteur_de_la_requete(request), formulaire.cleaned_data["numero"]
        if tenter(request, lambda: actions.saisir(acteur, lue, numero), "Le numéro est enregistré."):
            return redirect("conventions:lot", lue.convention.departement_id, lue.annee)
    obstacles = _obstacles(lue) or ([f"À revoir d’abord : {lue.motif}."] if lue.motif else [])
    return page_d_acte(
        request, lue.convention, f"Annexe {lue.annee} saisie dans l’extranet", formulaire,
        "Recopiez le numéro que l’extranet vient de donner, espaces et tirets permis.", obstacles,
    )  # fmt: skip


def _annexe(request: HttpRequest, reference: str, cle: int) -> AnnexeFinanciere:
    convention = trouver(request, reference)
    lue = get_object_or_404(AnnexeFinanciere.objects.select_related("version"), pk=cle, convention=convention)
    lue.convention = convention
    return lue


def _obstacles(annexe: AnnexeFinanciere) -> list[Any]:
    if annexe.etat in A_REPRENDRE:
        return []
    return [f"Cette annexe est « {annexe.get_etat_display().lower()} » : elle ne se revoit plus ici."]
