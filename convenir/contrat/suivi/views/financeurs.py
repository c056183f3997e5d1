"""The annex of each funder, the account given to it, and the filing of a bilan that lacks one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.actions import bilans, financeurs
from convenir.contrat.suivi.forms_suites import (
    FormulaireAnnexeDeFinanceur,
    FormulaireCompteRendu,
    FormulaireDepotSansCompteRendu,
    FormulaireRattachement,
)
from convenir.contrat.suivi.models import AnnexeDeFinanceur, Bilan
from convenir.contrat.suivi.queries.financeurs import comptes_rendus, demandes_sans_annexe
from convenir.contrat.suivi.views.commun import annee_de_depart, aujourdhui, convention_ou_404
from convenir.socle.commun.francais import enumeration
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, traiter


def _page(convention: Convention) -> str:
    return reverse("suivi:convention", args=[convention.reference])


def _demande(convention: Convention, cle: str) -> dict[str, object]:
    """Return what the application asked of a funder, to start its annex from."""
    demandes = {str(d.pk): d for d in demandes_sans_annexe(convention, annee_de_depart(convention))}
    if cle not in demandes:
        return {}
    demande = demandes[cle]
    return {"organisation": demande.organisation_id, "prevu": demande.total, "responsabilites": demande.objet}


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def annexe_ajouter(request: HttpRequest, reference: str) -> HttpResponse:
    """Write what a funder expects and answers for in a year."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    depart = {"annee": annee_de_depart(trouvee), **_demande(trouvee, request.GET.get("demande", ""))}
    formulaire = FormulaireAnnexeDeFinanceur(request.POST or None, initial=depart, convention=trouvee)

    def acte() -> object:
        champs = dict(formulaire.cleaned_data)
        return financeurs.annexer(acteur, trouvee, champs.pop("organisation"), champs)

    contexte = {"convention": trouvee, "titre": "Annexe d’un financeur", "bouton": "Enregistrer cette annexe"}
    dit, vers = "Annexe enregistrée.", _page(trouvee)
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, dit, vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def annexe_rattacher(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Say which organisation is the funder of an annex written with a name alone."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    annexe = get_object_or_404(AnnexeDeFinanceur.objects.select_related("convention"), pk=cle, convention=trouvee)
    formulaire = FormulaireRattachement(request.POST or None, convention=trouvee)
    acte = lambda: financeurs.rattacher(acteur, annexe, **formulaire.cleaned_data)
    contexte = {
        "convention": trouvee, "titre": f"Rattacher l’annexe : {annexe}", "bouton": "Rattacher cette annexe",
        "chapo": "Elle ne porte qu’un nom. Rattachée, elle se lit du compte de ce financeur, et de lui seul.",
    }  # fmt: skip
    dit, vers = "Annexe rattachée.", _page(trouvee)
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, dit, vers)


@exige(Capacite.REDIGER_DEMANDE)
@require_http_methods(["GET", "POST"])
def compte_rendu(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Give the account of a funder's money."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    annexe = get_object_or_404(AnnexeDeFinanceur.objects.select_related("convention"), pk=cle, convention=trouvee)
    initial = {"realise": annexe.realise, "explication": annexe.explication}
    formulaire = FormulaireCompteRendu(request.POST or None, initial=initial)

    def acte() -> object:
        realise, explication = formulaire.cleaned_data["realise"], formulaire.cleaned_data["explication"]
        return financeurs.rendre_compte(
            acteur, annexe, realise, explication, jour=aujourdhui(), maintenant=timezone.now()
        )

    contexte = {"convention": trouvee, "titre": f"Compte rendu financier, {annexe}", "bouton": "Rendre compte"}
    dit, vers = "Compte rendu enregistré.", _page(trouvee)
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, dit, vers)


@exige(Capacite.DEPOSER_DEMANDE)
@require_http_methods(["GET", "POST"])
def bilan_sans_compte_rendu(request: HttpRequest, reference: str, annee: int) -> HttpResponse:
    """File a bilan that lacks the account of a funder: why, or when it will come."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    vise = get_object_or_404(Bilan, convention=trouvee, annee=annee)
    manquants = [c.financeur for c in comptes_rendus(trouvee, annee) if c.manque]
    formulaire = FormulaireDepotSansCompteRendu(request.POST or None)

    def acte() -> object:
        return bilans.passer_bilan(
            acteur, vise, "deposer", jour=aujourdhui(), maintenant=timezone.now(), **formulaire.cleaned_data
        )

    contexte = {
        "convention": trouvee, "titre": f"Déposer le bilan {annee} sans tous les comptes rendus",
        "bouton": f"Déposer le bilan auprès de {trouvee.service}",
        "chapo": f"Compte rendu financier manquant : {enumeration(manquants)}." if manquants else "Rien ne manque.",
    }  # fmt: skip
    dit, vers = "Le bilan est déposé.", vise.get_absolute_url()
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, dit, vers)
