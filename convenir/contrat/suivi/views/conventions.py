"""Conventions in force, the follow-up of one, its means and commitments, its bilans and their reconciliation."""

from __future__ import annotations

from itertools import chain

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.actions import bilans, moyens
from convenir.contrat.suivi.forms import (
    FormulaireBilan,
    FormulaireDecision,
    FormulaireEngagement,
    FormulaireEtatMoyen,
    FormulaireMotif,
    FormulaireMoyen,
    FormulaireRealise,
)
from convenir.contrat.suivi.models import Bilan, ChiffreBilan
from convenir.contrat.suivi.presentation import PageSuivi
from convenir.contrat.suivi.queries import listes
from convenir.contrat.suivi.queries.exports import EXPORTS
from convenir.contrat.suivi.queries.financeurs import comptes_rendus
from convenir.contrat.suivi.queries.prescripteurs import refus_de_prescripteur
from convenir.contrat.suivi.rules.bilan import CompteRendu
from convenir.contrat.suivi.states import EtatBilan
from convenir.contrat.suivi.views.commun import annee_de_depart, aujourdhui, convention_ou_404
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import accepter, acteur_de_la_requete, agir, exige, traiter
from convenir.socle.documents import tableurs
from convenir.socle.documents.tableurs import repondre_csv

PAR_PAGE = 25
ENTETE = ("reference", "structure", "departement", "etat", "fin", "referent", "suppleant", "bilan", "bilan_en_retard",
          "moyens_non_livres", "alertes", "attendu_asp")  # fmt: skip


@exige(Capacite.VOIR_CONVENTIONS)
def liste(request: HttpRequest) -> HttpResponse:
    """Show one page of the conventions in force and what each waits for."""
    filtre = listes.Filtre.lire(request.GET)
    acteur = acteur_de_la_requete(request)
    lignes = listes.conventions_suivies(acteur, filtre, aujourdhui())
    page = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "filtre": filtre,
        "annee": aujourdhui().year - 1,
        "etats_bilan": dict(EtatBilan.choices),
        "peut_instruire": acteur.peut(Capacite.INSTRUIRE_CONVENTION),
        "est_prescripteur": refus_de_prescripteur(acteur) is None,
    }
    return render(request, "suivi/liste.html", contexte)


@exige(Capacite.VOIR_CONVENTIONS)
def exporter(request: HttpRequest) -> StreamingHttpResponse:
    """Send every line of the list, as filtered."""
    filtre = listes.Filtre.lire(request.GET)
    lignes = listes.conventions_suivies(acteur_de_la_requete(request), filtre, aujourdhui())
    return repondre_csv(chain([ENTETE], (rang(c) for c in lignes.iterator(chunk_size=2000))), "suivi")


@exige(Capacite.VOIR_CONVENTIONS)
def exporter_une_liste(request: HttpRequest, quoi: str, format_export: str) -> HttpResponseBase:
    """Send every row of the means, of the commitments or of the disputed figures of the perimeter."""
    if quoi not in EXPORTS or format_export not in tableurs.FORMATS:
        raise Http404("Cet export n’existe pas.")
    feuille = tableurs.Feuille(quoi.capitalize(), EXPORTS[quoi](acteur_de_la_requete(request)))
    return tableurs.repondre([feuille], format_export, quoi)


def rang(c: object) -> tuple[tableurs.Cellule, ...]:
    """Write a line of the export."""
    etats = dict(EtatBilan.choices)
    lire = lambda nom: getattr(c, nom)
    alertes = " ; ".join(a["fait"] for a in lire("alertes") or [])
    return (
        lire("reference"),
        lire("nom_de_la_partie"),
        lire("departement_id"),
        lire("get_etat_display")(),
        lire("dernier_jour"),
        str(lire("referent") or ""),
        str(lire("suppleant") or ""),
        etats.get(lire("etat_bilan"), ""),
        "oui" if lire("bilan_en_retard") else "non",
        lire("moyens_manques"),
        alertes,
        "oui" if lire("asp_attendu") else "non",
    )


@exige(Capacite.VOIR_CONVENTIONS)
def convention(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the follow-up of a convention."""
    trouvee = convention_ou_404(request, reference)
    vue = PageSuivi(trouvee, acteur_de_la_requete(request), aujourdhui())
    return render(request, "suivi/convention.html", {"convention": trouvee, "vue": vue})


def _page(convention: Convention) -> str:
    return reverse("suivi:convention", args=[convention.reference])


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def moyen_ajouter(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a means granted."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    depart = {"annee": annee_de_depart(trouvee), "objectif": request.GET.get("objectif", "")}
    formulaire = FormulaireMoyen(request.POST or None, initial=depart, convention=trouvee)
    acte = lambda: moyens.accorder(acteur, trouvee, moyens.MoyenAccorde(**formulaire.cleaned_data))
    contexte = {"convention": trouvee, "titre": "Accorder un moyen", "bouton": "Enregistrer ce moyen"}
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Moyen enregistré.", _page(trouvee))


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def moyen(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Say what came of a means."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    vise = get_object_or_404(trouvee.moyens.select_related("convention"), pk=cle)
    formulaire = FormulaireEtatMoyen(request.POST or None)
    acte = lambda: moyens.passer_moyen(acteur, vise, jour=aujourdhui(), **formulaire.cleaned_data)
    contexte = {
        "convention": trouvee,
        "titre": vise.libelle,
        "bouton": "Enregistrer",
        "chapo": f"Promis par {vise.fournisseur}. Aujourd’hui : {vise.get_etat_display().lower()}.",
    }
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Moyen mis à jour.", _page(trouvee))


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def engagement_ajouter(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a commitment of one's own organisation; the State, that of any party."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    de_tous = trouvee if acteur.peut(Capacite.INSTRUIRE_CONVENTION) else None
    initial = {"annee": annee_de_depart(trouvee)}
    formulaire = FormulaireEngagement(request.POST or None, initial=initial, convention=de_tous)
    acte = lambda: moyens.s_engager(acteur, trouvee, moyens.EngagementPris(**formulaire.cleaned_data))
    contexte = {
        "convention": trouvee,
        "titre": "Inscrire un engagement",
        "bouton": "Enregistrer cet engagement",
        "chapo": "Chaque partie écrit les siens ; le service peut les écrire pour elle."
        if de_tous
        else f"Engagement de {acteur.organisation}.",
    }
    return traiter(
        request, formulaire, "suivi/formulaire.html", contexte, acte, "Engagement enregistré.", _page(trouvee)
    )


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def engagement(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Enter what came of a commitment."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    vise = get_object_or_404(trouvee.engagements.select_related("convention", "organisation"), pk=cle)
    formulaire = FormulaireRealise(request.POST or None, initial={"realise": vise.realise, "note": vise.realise_note})
    acte = lambda: moyens.constater(acteur, vise, **formulaire.cleaned_data)
    contexte = {"convention": trouvee, "titre": str(vise), "bouton": "Enregistrer", "chapo": vise.profil}
    return traiter(
        request, formulaire, "suivi/formulaire.html", contexte, acte, "Réalisation enregistrée.", _page(trouvee)
    )


@require_POST
@exige(Capacite.VOIR_CONVENTIONS)
def bilan_ouvrir(request: HttpRequest, reference: str, annee: int) -> HttpResponse:
    """Open the bilan of a year, pre-filled."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    acte = lambda: bilans.ouvrir_bilan(acteur, trouvee, annee, maintenant=timezone.now())
    vers = reverse("suivi:bilan", args=[trouvee.reference, annee])
    return agir(request, acte, "Le bilan est ouvert. Ses chiffres viennent de l’extranet : confirmez-les.", vers)


def _bilan(request: HttpRequest, reference: str, annee: int) -> Bilan:
    trouvee = convention_ou_404(request, reference)
    bilan = get_object_or_404(Bilan, convention=trouvee, annee=annee)
    bilan.convention = trouvee
    return bilan


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def bilan(request: HttpRequest, reference: str, annee: int) -> HttpResponseBase:
    """Show a bilan; the structure writes it until it is filed: the button that files it first saves what is typed."""
    trouve, acteur = _bilan(request, reference, annee), acteur_de_la_requete(request)
    vue = PageSuivi(trouve.convention, acteur, aujourdhui())
    formulaire, comptes = FormulaireBilan(request.POST or None, bilan=trouve), _comptes(trouve)
    compte_manque = any(c.manque for c in comptes)

    def acte() -> object:
        return bilans.ecrire_bilan(
            acteur, trouve, formulaire.textes(), formulaire.chiffres(), maintenant=timezone.now()
        )

    contexte = {
        "bilan": trouve, "convention": trouve.convention, "vue": vue, "retard": trouve.retard_au(aujourdhui()),
        "ecriture": vue.peut_rediger and trouve.etat == EtatBilan.BROUILLON,
        "peut_deposer": acteur.peut(Capacite.DEPOSER_DEMANDE) and trouve.etat == EtatBilan.BROUILLON,
        "rubriques": trouve.rubriques.all(), "chiffres": trouve.chiffres.all(), "comptes": comptes,
        "compte_manque": compte_manque, "resultats": vue.resultats.de(annee),
    }  # fmt: skip
    deposer = "deposer" in request.POST
    dit = "Bilan enregistré." if deposer else "Bilan enregistré. Il n’est pas encore déposé."
    if accepter(request, formulaire, acte, dit):
        return _deposer(request, trouve, manque=compte_manque) if deposer else redirect(trouve)
    return render(request, "suivi/bilan.html", {**contexte, "formulaire": formulaire},
                  status=400 if formulaire.errors else 200)  # fmt: skip


def _deposer(request: HttpRequest, bilan: Bilan, *, manque: bool) -> HttpResponseBase:
    """File what was just saved, or ask first why the account of a funder is missing."""
    if manque:
        return redirect("suivi:bilan_sans_compte_rendu", bilan.convention.reference, bilan.annee)
    return bilan_passer(request, bilan.convention.reference, bilan.annee, "deposer")


def _comptes(bilan: Bilan) -> list[CompteRendu]:
    return comptes_rendus(bilan.convention, bilan.annee)


@require_POST
@exige(Capacite.VOIR_CONVENTIONS)
def bilan_passer(request: HttpRequest, reference: str, annee: int, nom: str) -> HttpResponse:
    """File a bilan, or say it examined."""
    trouve, acteur = _bilan(request, reference, annee), acteur_de_la_requete(request)
    if nom not in ("deposer", "accepter"):
        raise Http404("Cet acte n’existe pas.")
    acte = lambda: bilans.passer_bilan(acteur, trouve, nom, jour=aujourdhui(), maintenant=timezone.now())
    dit = "Le bilan est déposé." if nom == "deposer" else "Le bilan est examiné."
    return agir(request, acte, dit, trouve.get_absolute_url())


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def bilan_rendre(request: HttpRequest, reference: str, annee: int) -> HttpResponse:
    """Give a bilan back with a reason."""
    trouve, acteur = _bilan(request, reference, annee), acteur_de_la_requete(request)
    formulaire = FormulaireMotif(request.POST or None)

    def acte() -> object:
        return bilans.passer_bilan(
            acteur, trouve, "renvoyer", jour=aujourdhui(), maintenant=timezone.now(), **formulaire.cleaned_data
        )

    contexte = {"convention": trouve.convention, "titre": f"Rendre le bilan {annee} à la structure",
                "bouton": "Rendre le bilan à la structure"}  # fmt: skip
    dit = "Le bilan est rendu à la structure."
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, dit, trouve.get_absolute_url())


@exige(Capacite.VOIR_CONVENTIONS)
def rapprochement(request: HttpRequest, reference: str, annee: int) -> HttpResponse:
    """Show the figures of the extranet beside those of the structure."""
    trouve = _bilan(request, reference, annee)
    vue = PageSuivi(trouve.convention, acteur_de_la_requete(request), aujourdhui())
    chiffres = list(trouve.chiffres.all())
    contexte = {"bilan": trouve, "convention": trouve.convention, "vue": vue, "chiffres": chiffres,
                "ecarts": sum(c.ecart.a_trancher for c in chiffres)}  # fmt: skip
    return render(request, "suivi/rapprochement.html", contexte)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def trancher(request: HttpRequest, reference: str, annee: int, cle: int) -> HttpResponse:
    """Say why two sources differ and which figure is kept."""
    trouve, acteur = _bilan(request, reference, annee), acteur_de_la_requete(request)
    vise: ChiffreBilan = get_object_or_404(trouve.chiffres.select_related("bilan__convention"), pk=cle)
    formulaire = FormulaireDecision(request.POST or None, initial={"motif": vise.motif, "decision": vise.decision})
    acte = lambda: bilans.trancher(acteur, vise, maintenant=timezone.now(), **formulaire.cleaned_data)
    contexte = {"convention": trouve.convention, "titre": f"Trancher : {vise}", "bouton": "Enregistrer la décision"}
    vers = reverse("suivi:rapprochement", args=[reference, annee])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Décision enregistrée.", vers)
