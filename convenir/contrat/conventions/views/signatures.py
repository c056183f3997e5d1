"""Receive a signature, its substitute, a deliberation; remind a party; observations on a breach."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.contrat.conventions import actions, forms
from convenir.contrat.conventions.actions.signatures import acte_a_signer
from convenir.contrat.conventions.models import Manquement, Signature
from convenir.contrat.conventions.views.actes import page_d_acte
from convenir.contrat.conventions.views.commun import tenter, trouver
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete, exige


def _signature(request: HttpRequest, reference: str, cle: int) -> Signature:
    convention = trouver(request, reference)
    return get_object_or_404(
        Signature.objects.select_related("version__convention", "organisation"), pk=cle, version__convention=convention
    )


@exige(Capacite.SIGNER_CONVENTION)
def signer(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Record a signature, by the route it came."""
    signature = _signature(request, reference, cle)
    convention = signature.version.convention
    depart = {"jour": timezone.localdate()}
    formulaire = forms.FormulaireSignature(request.POST or None, request.FILES or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        p = formulaire.cleaned_data
        qui = actions.Signataire(p["nom"], p["qualite"], p["titre"], p["fondement"])
        recue = actions.SignatureRecue(p["jour"], p["voie"], qui, p["fichier"], p["attestee"])
        acteur = acteur_de_la_requete(request)
        faire = lambda: actions.signer(acteur, signature, recue, maintenant=timezone.now())  # noqa: E731
        if tenter(request, faire, f"Signature enregistrée : {signature.organisation}."):
            return redirect(convention)
    titre = f"Signature : {signature.get_partie_display()}, {signature.organisation}"
    return page_d_acte(
        request, convention, titre, formulaire, signature.autorite, acte=acte_a_signer(signature.version)
    )


@exige(Capacite.INSTRUIRE_CONVENTION)
def substituer(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Record the dated and attached act that stands for a signature."""
    signature = _signature(request, reference, cle)
    convention = signature.version.convention
    depart = {"jour": timezone.localdate()}
    formulaire = forms.FormulaireSubstitut(request.POST or None, request.FILES or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        faire = lambda: actions.substituer(acteur, signature, maintenant=timezone.now(), **p)  # noqa: E731
        if tenter(request, faire, "Le substitut est consigné."):
            return redirect(convention)
    titre = f"Remplacer la signature de {signature.organisation}"
    return page_d_acte(request, convention, titre, formulaire, "Un acte daté, joint et motivé en tient lieu.")


@exige(Capacite.SIGNER_CONVENTION)
def deliberer(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Record a deliberation awaited."""
    signature = _signature(request, reference, cle)
    convention = signature.version.convention
    formulaire = forms.FormulaireDeliberation(request.POST or None, initial={"jour": timezone.localdate()})
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        if tenter(request, lambda: actions.deliberer(acteur, signature, **p), "La délibération est enregistrée."):
            return redirect(convention)
    titre = f"Délibération : {signature.organisation}"
    return page_d_acte(request, convention, titre, formulaire, "L’attendre ne bloque aucune signature.")


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def relancer(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Remind a party whose signature is awaited."""
    signature = _signature(request, reference, cle)
    acteur = acteur_de_la_requete(request)
    faire = lambda: actions.relancer(acteur, signature, jour=timezone.localdate())  # noqa: E731
    tenter(request, faire, lambda relance: relance.phrase)
    return redirect(signature.version.convention)


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def remettre_au_parapheur(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Hand over the archive for the *parapheur*: the act and its slip."""
    convention, acteur = trouver(request, reference), acteur_de_la_requete(request)
    try:
        envoi = actions.remettre_au_parapheur(acteur, convention, jour=timezone.localdate())
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return redirect(convention)
    reponse = HttpResponse(envoi.octets, content_type="application/zip")
    reponse["Content-Disposition"] = f'attachment; filename="{envoi.nom}"'
    return reponse


@exige(Capacite.INSTRUIRE_CONVENTION)
def revenir_du_parapheur(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Record the signatures that an archive of the *parapheur* brings back."""
    convention = trouver(request, reference)
    formulaire = forms.FormulaireRetour(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        acteur, recue = acteur_de_la_requete(request), formulaire.cleaned_data["archive"]
        faire = lambda: actions.revenir_du_parapheur(  # noqa: E731
            acteur, convention, recue.read(), recue.name, maintenant=timezone.now()
        )
        if tenter(request, faire, lambda recues: f"{pluriel(len(recues), 'signature')} de plus au dossier."):
            return redirect(convention)
    return page_d_acte(request, convention, "Retour du parapheur", formulaire, RETOUR)


RETOUR = (
    "L’archive revient avec l’acte signé et son bordereau complété : nom, qualité et date de chaque signataire. "
    "Convenir vérifie que c’est bien l’acte remis et que chaque signature tient."
)


@exige(Capacite.VOIR_CONVENTIONS)
def observations(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Receive the observations of the employer on a breach procedure."""
    convention = trouver(request, reference)
    manquement = get_object_or_404(Manquement, convention=convention, clos_le=None)
    depart = {"texte": manquement.observations}
    formulaire = forms.FormulaireObservations(request.POST or None, request.FILES or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        faire = lambda: actions.observer(acteur, manquement, jour=timezone.localdate(), **p)  # noqa: E731
        if tenter(request, faire, "Vos observations sont enregistrées et datées."):
            return redirect(convention)
    return page_d_acte(request, convention, "Observations sur le manquement", formulaire, manquement.faits)
