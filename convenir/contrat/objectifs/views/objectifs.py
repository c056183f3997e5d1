"""Pose an objective, say more of it, take it off, judge it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.contrat.objectifs import actions, phrases, policies
from convenir.contrat.objectifs.actions import Changements, NouvelObjectif, ObjectifChange
from convenir.contrat.objectifs.forms import (
    FormulaireJugement,
    FormulaireMotif,
    FormulaireObjectif,
    FormulairePrecisions,
)
from convenir.contrat.objectifs.models import Nature, Objectif
from convenir.contrat.objectifs.views.actes import l_objectif
from convenir.contrat.objectifs.views.negociation import la_convention
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, tenter


@require_POST
@exige(Capacite.NEGOCIER_OBJECTIFS)
def poser_sorties(request: HttpRequest, reference: str, annee: int) -> HttpResponse:
    """Pose the three rates of exit."""
    convention = la_convention(request, reference, annee)
    acteur = acteur_de_la_requete(request)
    acte = lambda: actions.poser_sorties(acteur, convention, annee, maintenant=timezone.now())
    tenter(request, acte, "Les trois objectifs de sortie sont posés : proposez une valeur pour chacun.")
    return redirect("objectifs:negociation", reference=reference, annee=annee)


@exige(Capacite.NEGOCIER_OBJECTIFS)
def poser(request: HttpRequest, reference: str, annee: int) -> HttpResponse:
    """Pose one objective, on any axis."""
    convention = la_convention(request, reference, annee)
    acteur = acteur_de_la_requete(request)
    formulaire = FormulaireObjectif(request.POST or None, convention=convention, annee=annee)
    if request.method == "POST" and formulaire.is_valid():
        connus = {champ.name for champ in fields(NouvelObjectif)}
        demande = NouvelObjectif(annee, **{n: v for n, v in formulaire.cleaned_data.items() if n in connus})
        try:
            return redirect(actions.poser(acteur, convention, demande, maintenant=timezone.now()))
        except ErreurMetier as erreur:
            formulaire.add_error(None, str(erreur))
    contexte = {
        "formulaire": formulaire, "convention": convention, "annee": annee,
        "figes": policies.refus_de_negocier(acteur, convention, annee),
    }  # fmt: skip
    return render(request, "objectifs/poser.html", contexte, status=400 if formulaire.errors else 200)


@exige(Capacite.NEGOCIER_OBJECTIFS)
def preciser(request: HttpRequest, cle: int) -> HttpResponse:
    """Change the words, bounds and trajectory; a second writer is told and sees both texts."""
    objectif = l_objectif(request, cle)
    formulaire = FormulairePrecisions(
        request.POST or None, convention=objectif.convention, initial=_precisions(objectif)
    )
    actuel, statut = None, 200
    if request.method == "POST":
        statut = 400
        if formulaire.is_valid():
            try:
                lues = dict(formulaire.cleaned_data)
                revision = lues.pop("revision")
                actions.modifier(
                    acteur_de_la_requete(request), objectif, Changements(**lues), revision=revision,
                    maintenant=timezone.now(),
                )  # fmt: skip
                messages.success(request, "L’objectif est précisé. L’autre partie en est informée.")
                return redirect(objectif)
            except ObjectifChange as conflit:
                actuel, statut = _precisions(conflit.objectif), 409
                formulaire.data = {**formulaire.data.dict(), "revision": str(conflit.objectif.revision)}  # type: ignore[attr-defined]
                formulaire.add_error(None, str(conflit))
            except ErreurMetier as erreur:
                formulaire.add_error(None, str(erreur))
    contexte = {
        "objectif": objectif, "formulaire": formulaire, "retrait": FormulaireMotif(), "actuel": actuel,
        "retirable": not objectif.positions.exists(),
        "figes": policies.refus_de_negocier(acteur_de_la_requete(request), objectif.convention, objectif.annee),
    }  # fmt: skip
    return render(request, "objectifs/preciser.html", contexte, status=statut)


def _precisions(objectif: Objectif) -> dict[str, Any]:
    """What the form starts with, as people write numbers."""
    return {
        "revision": objectif.revision, "precisions": objectif.precisions, "orientation": objectif.orientation,
        "attendu_par": objectif.attendu_par, "borne_basse": _nombre(objectif.borne_basse),
        "borne_haute": _nombre(objectif.borne_haute),
        "paliers": "\n".join(f"{p.annee} : {_nombre(p.valeur)}" for p in objectif.paliers.all()),
    }  # fmt: skip


def _nombre(valeur: Any) -> str:
    """Write a number whole: rounded, it would be saved rounded by whoever changes only a word."""
    return "" if valeur is None else f"{valeur.normalize():f}".replace(".", ",")


@require_POST
@exige(Capacite.NEGOCIER_OBJECTIFS)
def retirer(request: HttpRequest, cle: int) -> HttpResponse:
    """Take an objective off the table while nobody has spoken on it."""
    objectif = l_objectif(request, cle)
    acte = lambda: actions.retirer(acteur_de_la_requete(request), objectif, motif=request.POST.get("motif", ""))
    if not tenter(request, acte, f"L’objectif « {objectif.libelle} » est retiré."):
        return redirect("objectifs:preciser", cle=cle)
    return redirect("objectifs:negociation", reference=objectif.convention.reference, annee=objectif.annee)


@exige(Capacite.NEGOCIER_OBJECTIFS)
def juger(request: HttpRequest, cle: int) -> HttpResponse:
    """Say how an objective ended."""
    objectif = l_objectif(request, cle)
    formulaire = FormulaireJugement(request.POST or None, initial={"revision": objectif.revision})
    for nom in _champs_inutiles(objectif):
        del formulaire.fields[nom]
    if objectif.nature != Nature.INDICATEUR and not objectif.est_qualitatif:
        formulaire.fields["resultat"].required = formulaire.fields["source"].required = True
    statut = 200
    if request.method == "POST":
        statut = 400
        if formulaire.is_valid():
            try:
                actions.juger(
                    acteur_de_la_requete(request), objectif, maintenant=timezone.now(), **formulaire.cleaned_data
                )
                messages.success(request, "L’issue est enregistrée.")
                return redirect(objectif)
            except ErreurMetier as erreur:
                formulaire.add_error(None, str(erreur))
                statut = 409 if isinstance(erreur, ObjectifChange) else 400
    contexte = {
        "objectif": objectif,
        "formulaire": formulaire,
        "cible": phrases.ecrire(objectif.cible, objectif.unite),
    }
    return render(request, "objectifs/juger.html", contexte, status=statut)


def _champs_inutiles(objectif: Objectif) -> tuple[str, ...]:
    """The result of the catalogue is read; a qualitative objective has none."""
    if objectif.nature == Nature.INDICATEUR:
        return ("resultat", "source", "issue")
    return ("resultat",) if objectif.est_qualitatif else ("issue",)
