"""Receive a signature, its substitute, a deliberation; remind a party; observations on a breach."""

from __future__ import annotations

from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.contrat.conventions import actions, forms, policies
from convenir.contrat.conventions.actions.constats import acte_a_signer
from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import EtatSignature, GenrePiece, Manquement, Signature, Voie
from convenir.contrat.conventions.views.actes import page_d_acte
from convenir.contrat.conventions.views.commun import trouver
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import Vue, acteur_de_la_requete, exige, page_de_refus, tenter


class _Enregistrer(Protocol):
    def __call__(self, request: HttpRequest, signature: Signature) -> HttpResponseBase: ...


def _de_sa_partie(vue: _Enregistrer) -> Vue:
    """Decorate the view of a signature so that only who may record it enters; the others are told why."""

    @exige(Capacite.SIGNER_CONVENTION)
    @wraps(vue)
    def gardee(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
        signature = _signature(request, reference, cle)
        raison = policies.refus_de_signature(acteur_de_la_requete(request), signature)
        return page_de_refus(request, raison) if raison else vue(request, signature)

    return gardee


def _signature(request: HttpRequest, reference: str, cle: int) -> Signature:
    convention = trouver(request, reference)
    return get_object_or_404(
        Signature.objects.select_related("version__convention", "organisation"), pk=cle, version__convention=convention
    )


@_de_sa_partie
def signer(request: HttpRequest, signature: Signature) -> HttpResponseBase:
    """Record a signature, by the route it came."""
    convention = signature.version.convention
    depart = {"jour": timezone.localdate()}
    formulaire = forms.FormulaireSignature(request.POST or None, request.FILES or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        p = formulaire.cleaned_data
        if p["voie"] == Voie.PAPIER and not p["attestee"]:
            if _garder_le_scan(request, signature, p):
                return redirect("conventions:comparer_scan", convention.reference, signature.pk)
        elif _enregistrer(request, signature, p, p["voie"], p["fichier"]):
            return redirect(convention)
    return page_d_acte(
        request,
        convention,
        _titre(signature),
        formulaire,
        signature.autorite,
        acte=acte_a_signer(signature.version),
        scan=signature if signature.piece_id and signature.etat == EtatSignature.ATTENDUE else None,
    )


@_de_sa_partie
def comparer(request: HttpRequest, signature: Signature) -> HttpResponseBase:
    """Show the scan kept beside the act, page by page, and record the attestation."""
    scan, acte = signature.piece, acte_a_signer(signature.version)
    if scan is None or scan.genre != GenrePiece.SCAN:
        return redirect("conventions:signer", signature.version.convention.reference, signature.pk)
    depart = request.session.get(_cle(signature), {"jour": timezone.localdate()})
    formulaire = forms.FormulaireAttestation(request.POST or None, initial=depart)
    valide = request.method == "POST" and formulaire.is_valid()
    if valide and _enregistrer(request, signature, formulaire.cleaned_data, Voie.PAPIER):
        request.session.pop(_cle(signature), None)
        return redirect(signature.version.convention)
    contexte = {
        "c": signature.version.convention, "titre": _titre(signature), "formulaire": formulaire,
        "signature": signature, "scan": scan, "acte": acte, "pages": range(1, (scan.pages or 0) + 1),
    }  # fmt: skip
    return render(request, "conventions/comparer_scan.html", contexte, status=400 if formulaire.is_bound else 200)


def _titre(signature: Signature) -> str:
    return f"Signature : {signature.get_partie_display()}, {signature.organisation}"


def _cle(signature: Signature) -> str:
    return f"signature-{signature.pk}"


def _garder_le_scan(request: HttpRequest, signature: Signature, p: dict[str, Any]) -> bool:
    """Keep the scan, and what was typed of the signatory for the next page."""
    acteur, jour = acteur_de_la_requete(request), timezone.localdate()
    faire = lambda: actions.deposer_scan(acteur, signature, p["fichier"], jour=jour, maintenant=timezone.now())
    garde = tenter(
        request, faire, "Le scan est gardé. Comparez-le à l’acte, puis attestez : la signature compte alors."
    )
    if garde:
        typee = {nom: p[nom] for nom in ("nom", "qualite", "titre", "fondement")}
        request.session[_cle(signature)] = typee | {"jour": f"{p['jour']:%d/%m/%Y}"}
    return bool(garde)


def _enregistrer(
    request: HttpRequest, signature: Signature, p: dict[str, Any], voie: str, fichier: Fichier | None = None
) -> bool:
    qui = actions.Signataire(p["nom"], p["qualite"], p["titre"], p["fondement"])
    recue = actions.SignatureRecue(p["jour"], voie, qui, fichier, p["attestee"])
    acteur = acteur_de_la_requete(request)
    faire = lambda: actions.signer(acteur, signature, recue, maintenant=timezone.now())
    return bool(tenter(request, faire, f"Signature enregistrée : {signature.organisation}."))


@exige(Capacite.INSTRUIRE_CONVENTION)
def substituer(request: HttpRequest, reference: str, cle: int) -> HttpResponseBase:
    """Record the dated and attached act that stands for a signature."""
    signature = _signature(request, reference, cle)
    convention = signature.version.convention
    depart = {"jour": timezone.localdate()}
    formulaire = forms.FormulaireSubstitut(request.POST or None, request.FILES or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        faire = lambda: actions.substituer(acteur, signature, maintenant=timezone.now(), **p)
        if tenter(request, faire, "Le substitut est consigné."):
            return redirect(convention)
    titre = f"Remplacer la signature de {signature.organisation}"
    return page_d_acte(request, convention, titre, formulaire, "Un acte daté, joint et motivé en tient lieu.")


@_de_sa_partie
def deliberer(request: HttpRequest, signature: Signature) -> HttpResponseBase:
    """Record a deliberation awaited."""
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
    faire = lambda: actions.relancer(acteur, signature, jour=timezone.localdate())
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
        faire = lambda: actions.revenir_du_parapheur(
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
        faire = lambda: actions.observer(acteur, manquement, jour=timezone.localdate(), **p)
        if tenter(request, faire, "Vos observations sont enregistrées et datées."):
            return redirect(convention)
    return page_d_acte(request, convention, "Observations sur le manquement", formulaire, manquement.faits)
