"""What is asked of each funder: one line each, and the lines that the service has reopened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.dossiers import actions, policies, queries
from convenir.contrat.dossiers.actions import Demande
from convenir.contrat.dossiers.cibles import PLAN, cible_de_ligne, texte_de_ligne, texte_du_plan
from convenir.contrat.dossiers.forms import FormulaireFinancement, FormulaireMontants
from convenir.contrat.dossiers.models import Dossier, Financement
from convenir.contrat.dossiers.views.brouillons import envoyer, hors_envoi
from convenir.contrat.dossiers.views.commun import dossier_entier, dossier_ou_404
from convenir.contrat.dossiers.views.remarques import Remarques
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, agir, exige


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def financements(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is asked of each funder; add a line, or correct one, as far as the service has reopened them."""
    trouve, acteur = dossier_entier(request, reference)
    if "confirmer" in request.POST:
        cles = [int(c) for c in request.POST.getlist("vue") if c.isdecimal()]
        acte = _apres_l_ajout(request, trouve, lambda: actions.confirmer_financements(acteur, trouve, cles))
        return agir(request, acte, "Financements confirmés.", request.path)
    lignes = list(trouve.financements.select_related("organisation"))
    visee = next((ligne for ligne in lignes if str(ligne.pk) == request.POST.get("ligne")), None)
    page = PageFinancements(trouve, acteur, lignes)
    formulaire = page.formulaire(visee, request.POST or None)
    cible = cible_de_ligne(visee.pk) if visee else PLAN
    if request.method == "POST" and (reponse := hors_envoi(request, acteur, trouve, cible, formulaire, visee)):
        return reponse
    demander = lambda: actions.demander_financement(
        acteur, trouve, _demande(formulaire, visee), lue=formulaire.lecture, brouillon=cible
    )
    resultat = envoyer(request, formulaire, demander, lambda ligne: f"Demande à {ligne.nom} enregistrée.")
    if resultat and not resultat.conflits:
        return redirect("dossiers:financements", reference)
    contexte = page.contexte(visee, formulaire) | {"resultat": resultat}
    fautif = bool(resultat or formulaire.errors)
    return render(request, "dossiers/financements.html", contexte, status=400 if fautif else 200)


def _apres_l_ajout(request: HttpRequest, dossier: Dossier, acte: Callable[[], Any]) -> Callable[[], Any]:
    """Return an act of another button of the page, which first keeps as a draft the funder being typed."""
    saisi = FormulaireFinancement(request.POST, dossier=dossier)
    if "nom" not in request.POST or not set(saisi.changed_data) - {"nature", "lue"}:
        return acte

    def garder_puis_faire() -> Any:
        acteur = acteur_de_la_requete(request)
        actions.garder(acteur, dossier, PLAN, saisi.brut(), lue=saisi.lecture or "", maintenant=timezone.now())
        return acte()

    return garder_puis_faire


def _demande(formulaire: FormulaireMontants, visee: Financement | None) -> Demande:
    """Return what is asked; a line corrected keeps its funder."""
    lu = formulaire.lu()
    if visee is None:
        return Demande(**lu)
    return Demande(nature=visee.nature, nom=visee.nom, organisation=visee.organisation, **lu)


class PageFinancements:
    """The plan for one person: its lines, what they may write, what was said of it, in a fixed number of queries."""

    def __init__(self, dossier: Dossier, acteur: Acteur, lignes: list[Financement]) -> None:
        self.dossier, self.lignes, self.remarques = dossier, lignes, Remarques(dossier, acteur)
        self.ecrit = policies.refus_d_ecrire(acteur, dossier) is None
        self.ouvert = self.ecrit and queries.plan_ouvert(dossier)
        self.brouillons = queries.brouillons_de(acteur, dossier) if self.ecrit else {}

    def formulaire(self, visee: Financement | None, donnees: Any = None) -> FormulaireMontants:
        """Return the form that corrects a line, or the one that adds a funder; unsent, it proposes one's draft."""
        brouillon = None if donnees else self.brouillons.get(cible_de_ligne(visee.pk) if visee else PLAN)
        if visee is None:
            return FormulaireFinancement(donnees, dossier=self.dossier, brouillon=brouillon)
        return FormulaireMontants(donnees, ligne=visee, brouillon=brouillon, auto_id=f"l-{visee.pk}-%s")

    def contexte(self, visee: Financement | None, formulaire: FormulaireMontants) -> dict[str, Any]:
        """Return what the page shows; `formulaire` is the one that was sent, if any was."""
        lignes, echanges = self.lignes, self._echanges(visee, formulaire)
        ajout = formulaire if visee is None else self.formulaire(None)
        plan = self.remarques.sur(PLAN, "le plan de financement", texte_du_plan(lignes), modifiable=self.ouvert)
        return {
            "dossier": self.dossier, "lignes": lignes, "formulaire": formulaire, "peut_ecrire": self.ouvert,
            "ajout": ajout, "plan": plan, "echanges": echanges,
            "brouillon": None if ajout.is_bound else self.brouillons.get(PLAN), "en_attente": self._en_attente(),
            "a_confirmer": any(ligne.a_confirmer for ligne in lignes),
            "total": sum((ligne.total for ligne in lignes), start=0),
            "base": sum((ligne.base for ligne in lignes), start=0),
            "efforts": sum((ligne.efforts for ligne in lignes), start=0),
        }  # fmt: skip

    def _en_attente(self) -> set[int]:
        """Return the lines whose remark waits for an answer: they are not removed before."""
        return {
            ligne.pk for ligne in self.lignes
            if any(c.ouvert for c in self.remarques.par_cible.get(cible_de_ligne(ligne.pk), []))
        }  # fmt: skip

    def _echanges(self, visee: Financement | None, formulaire: FormulaireMontants) -> list[dict[str, Any]]:
        """Return, by line, its remarks and the form that corrects it: nothing of a line nobody may speak of."""
        seules = self.ecrit and not self.dossier.en_redaction
        ouvertes, dits = queries.lignes_ouvertes(self.dossier) if seules else frozenset(), []
        for ligne in self.lignes:
            modifiable, cible = ligne.pk in ouvertes, cible_de_ligne(ligne.pk)
            remarque = self.remarques.sur(cible, "cette ligne", texte_de_ligne(ligne), modifiable=modifiable)
            if remarque.commentaires or remarque.peut_commenter:
                corriger = formulaire if ligne == visee else self.formulaire(ligne)
                dits.append({"ligne": ligne, "remarque": remarque, "formulaire": corriger if modifiable else None,
                             "brouillon": None if corriger.is_bound else self.brouillons.get(cible)})  # fmt: skip
        return dits


@require_POST
@exige(Capacite.REDIGER_DEMANDE)
def financement_retirer(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Remove what is asked of a funder."""
    ligne = get_object_or_404(
        dossier_ou_404(request, reference).financements.select_related("dossier__convention"), pk=cle
    )
    retour = request.build_absolute_uri(f"{ligne.dossier.get_absolute_url()}financements/")
    acteur = acteur_de_la_requete(request)
    acte = _apres_l_ajout(request, ligne.dossier, lambda: actions.retirer_financement(acteur, ligne))
    return agir(request, acte, f"Demande à {ligne.nom} retirée.", retour)
