"""Edit the terms and the period of a version in preparation; two agents at once see both texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from convenir.contrat.conventions import actions, forms
from convenir.contrat.conventions.ecriture import clauses_de, comparer
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.propositions import termes_proposes
from convenir.contrat.conventions.rules.termes import Termes
from convenir.contrat.conventions.views.actes import page_d_acte
from convenir.contrat.conventions.views.commun import trouver
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, tenter


def _en_preparation(convention: Convention) -> Version:
    version = convention.versions.en_suspens().first()
    if version is None:
        raise Http404
    return version


@exige(Capacite.INSTRUIRE_CONVENTION)
def modifier(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Change the numbers agreed."""
    convention = trouver(request, reference)
    version = _en_preparation(convention)
    demandes = termes_proposes(version)
    proposes = {n: getattr(demandes, n) for n in PROPOSABLES if getattr(version.termes, n) is None}
    depart = forms.FormulaireTermes.depart(version.termes) | proposes | {"jeton": version.jeton}
    formulaire = forms.FormulaireTermes(
        request.POST or None, initial=depart, convention=convention, termes=version.termes
    )
    if request.method == "POST" and formulaire.is_valid():
        return _enregistrer(request, convention, version, formulaire, formulaire.cleaned_data["termes"])
    effet = f"{EFFET} {REPRIS} {FIXE}" if any(v is not None for v in proposes.values()) else EFFET
    return page_d_acte(request, convention, f"Termes de l’acte « {version.libelle} »", formulaire, effet)


REPRIS = "Ce que l’acte ne dit pas encore est repris de la demande déposée : relisez avant d’enregistrer."
FIXE = "Le montant d’un poste, les heures et la part modulée sont ceux du barème à la date d’effet."
PROPOSABLES = ("postes", "montant_unitaire", "heures_etp", "modulation_max")
EFFET = "Ces termes se modifient tant que l’acte n’est ni à l’avis ni à la signature."


@exige(Capacite.INSTRUIRE_CONVENTION)
def clauses(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Change the written parts: axes of the project, sections that the code asks for."""
    convention = trouver(request, reference)
    version = _en_preparation(convention)
    codes = clauses_de(convention.categorie, version.termes)
    # Un axe que l'agent a vidé ne revient pas : la demande ne sert qu'avant le premier texte.
    demandes = Termes() if version.termes.axes else termes_proposes(version)
    textes = forms.FormulaireClauses.depart(demandes) | forms.FormulaireClauses.depart(version.termes)
    depart = textes | {"jeton": version.jeton}
    formulaire = forms.FormulaireClauses(request.POST or None, initial=depart, codes=codes, termes=version.termes)
    if request.method == "POST" and formulaire.is_valid():
        termes = replace(version.termes, **formulaire.ecrits())  # type: ignore[arg-type]
        return _enregistrer(request, convention, version, formulaire, termes)
    effet = f"{EFFET} {REPRIS}" if demandes.axes else EFFET
    return page_d_acte(request, convention, f"Clauses de l’acte « {version.libelle} »", formulaire, effet)


def _enregistrer(
    request: HttpRequest, convention: Convention, version: Version, formulaire: forms.FormulaireDsfr, termes: Termes
) -> HttpResponseBase:
    """Write, or show both texts when someone else wrote meanwhile: the form keeps what was typed."""
    acteur = acteur_de_la_requete(request)
    try:
        actions.modifier_termes(
            acteur, version, termes, jeton=formulaire.cleaned_data["jeton"], maintenant=timezone.now()
        )
    except actions.TermesChanges as conflit:
        messages.warning(request, str(conflit))
        formulaire.data = formulaire.data.copy()  # type: ignore[attr-defined]
        formulaire.data["jeton"] = conflit.version.jeton  # type: ignore[index]
        lignes = [x for x in comparer(conflit.version.termes, conflit.proposes) if x.change]
        return page_d_acte(
            request, convention, "Deux personnes ont modifié ces termes", formulaire, CONFLIT, conflit=lignes
        )
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return page_d_acte(request, convention, f"Termes de l’acte « {version.libelle} »", formulaire, EFFET)
    messages.success(request, "Les termes sont enregistrés.")
    return redirect(convention)


CONFLIT = "À gauche, ce qui est enregistré. À droite, ce que vous avez écrit : enregistrez de nouveau pour le retenir."


@exige(Capacite.INSTRUIRE_CONVENTION)
def periode(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Change the dates and the reasons that the texts ask for."""
    convention = trouver(request, reference)
    noms = ("debut", "motif_periode", "motif_duree", "precision_duree")
    depart = {n: getattr(convention, n) for n in noms} | {"dernier": convention.dernier_jour}
    depart["exception_2014"] = "oui" if convention.exception_2014 else ""
    formulaire = forms.FormulairePeriode(request.POST or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        propre = dict(formulaire.cleaned_data)
        saisie = actions.Periode(fin=propre.pop("dernier") + timedelta(days=1), **propre)
        acteur = acteur_de_la_requete(request)
        if tenter(
            request, lambda: actions.modifier_periode(acteur, convention, saisie), "La période est enregistrée."
        ):
            return redirect(convention)
    return page_d_acte(request, convention, "Période et durée", formulaire, DUREE)


DUREE = "Trois ans au plus, en années civiles de préférence ; un an pour une structure nouvelle ou fragile."
