"""The page of a file, its sections, its projections, its acknowledgements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from convenir.contrat.dossiers import actions, policies, queries, rules
from convenir.contrat.dossiers.actions import Enregistrement
from convenir.contrat.dossiers.archives import CODE
from convenir.contrat.dossiers.forms import FormulaireSection, nom
from convenir.contrat.dossiers.models import Dossier, Financement, Reponse
from convenir.contrat.dossiers.presentation import PageDossier
from convenir.contrat.dossiers.projections import projeter
from convenir.contrat.dossiers.referentiel import Champ, Section
from convenir.contrat.dossiers.views.commun import (
    aujourdhui,
    dossier_entier,
    dossier_ou_404,
    enregistrement_discret,
    est_discret,
)
from convenir.contrat.dossiers.views.remarques import Remarques
from convenir.socle.archives.queries import elimination_de
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, page_de_refus
from convenir.socle.documents.stockage import relire


@exige(Capacite.VOIR_CONVENTIONS)
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a file; a funder is shown its projection."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    if not policies.lit_en_entier(acteur):
        ligne = trouve.financements.filter(organisation=acteur.organisation).first()
        return redirect("dossiers:projection", reference, ligne.pk if ligne else 0)
    contexte = {
        "vue": PageDossier(trouve, acteur, aujourdhui()), "dossier": trouve,
        "elimination": elimination_de(CODE, trouve.convention.reference),
    }  # fmt: skip
    return render(request, "dossiers/dossier.html", contexte)


class PageSection:
    """One section for one person: what is open is a form, what is not is read, with its remarks."""

    def __init__(self, dossier: Dossier, section: Section, acteur: Acteur) -> None:
        self.dossier, self.section, self.acteur = dossier, section, acteur
        codes = [c.code for c in section.champs]
        self.reponses: dict[str, Reponse] = {r.champ: r for r in dossier.reponses.filter(champ__in=codes)}
        ecrit = policies.refus_d_ecrire(acteur, dossier) is None
        self.ouverts = queries.champs_ouverts(dossier) if ecrit else frozenset()
        self.remarques = Remarques(dossier, acteur)

    def formulaire(self, donnees: Any = None) -> FormulaireSection:
        """Return the form of the open questions."""
        return FormulaireSection(donnees, section=self.section, reponses=self.reponses, ouverts=self.ouverts)

    def lignes(self, formulaire: FormulaireSection) -> list[dict[str, Any]]:
        """Return each question with its field or its text, its remarks, and what may be done."""
        return [self._ligne(c, formulaire) for c in self.section.champs]

    def _ligne(self, champ: Champ, formulaire: FormulaireSection) -> dict[str, Any]:
        lue, modifiable = self.reponses.get(champ.code), champ.code in self.ouverts
        gardee = lue.valeur if lue else ""
        return {
            "champ": champ,
            "saisie": formulaire[nom(champ.code)] if modifiable else None,
            "valeur": rules.lisible(champ, gardee),
            "reponse": lue,
            "remarque": self.remarques.sur(champ.code, "cette question", gardee, modifiable=modifiable),
        }


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Show a section; save it, by the button or by the script that saves while one writes."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    if not policies.lit_en_entier(acteur):
        raise Http404("Cette page est celle de la structure et du service instructeur.")
    page = PageSection(trouve, _section(trouve, code), acteur)
    if request.method == "POST":
        raison = policies.refus_d_ecrire(acteur, trouve)
        return page_de_refus(request, raison) if raison else _enregistrer(request, page)
    return _rendre_section(request, page, page.formulaire())


def _section(dossier: Dossier, code: str) -> Section:
    for s in dossier.sections:
        if s.code == code:
            return s
    raise Http404("Cette section n’est pas dans le dossier.")


def _enregistrer(request: HttpRequest, page: PageSection) -> HttpResponse:
    formulaire = page.formulaire(request.POST)
    formulaire.is_valid()
    discret = est_discret(request)
    try:
        resultat = actions.enregistrer(
            page.acteur, page.dossier, formulaire.saisies(), maintenant=timezone.now(), confirmer=not discret
        )
    except ErreurMetier as erreur:
        if discret:
            return JsonResponse({"message": str(erreur)}, status=403)
        formulaire.add_error(None, str(erreur))
        return _rendre_section(request, page, formulaire, statut=400)
    return enregistrement_discret(resultat, nom) if discret else _dire(request, page, formulaire, resultat)


def _dire(
    request: HttpRequest, page: PageSection, formulaire: FormulaireSection, resultat: Enregistrement
) -> HttpResponse:
    for code, message in resultat.refusees.items():
        formulaire.add_error(nom(code), message)
    if resultat.refusees or resultat.conflits:
        frais = PageSection(page.dossier, page.section, page.acteur)
        donnees = request.POST.copy()
        for conflit in resultat.conflits:
            donnees[f"v-{nom(conflit.champ)}"] = str(frais.reponses[conflit.champ].version)
        for code, version in resultat.ecrites.items():
            donnees[f"v-{nom(code)}"] = str(version)
        formulaire.data = donnees
        return _rendre_section(request, frais, formulaire, resultat=resultat, statut=400)
    messages.success(request, f"« {page.section.titre} » : section enregistrée.")
    return redirect(_suivante(page) if "suivante" in request.POST else request.path)


def _suivante(page: PageSection) -> str:
    codes = [s.code for s in page.dossier.sections]
    rang = codes.index(page.section.code) + 1
    base = page.dossier.get_absolute_url()
    return f"{base}sections/{codes[rang]}/" if rang < len(codes) else base


def _rendre_section(
    request: HttpRequest,
    page: PageSection,
    formulaire: FormulaireSection,
    *,
    resultat: Enregistrement | None = None,
    statut: int = 200,
) -> HttpResponse:
    contexte = {
        "dossier": page.dossier,
        "section": page.section,
        "sections": page.dossier.sections,
        "formulaire": formulaire,
        "lignes": page.lignes(formulaire),
        "resultat": resultat,
        "peut_ecrire": bool(page.ouverts & {c.code for c in page.section.champs}),
    }
    return render(request, "dossiers/section.html", contexte, status=statut)


@exige(Capacite.VOIR_CONVENTIONS)
def projection(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Show the file as one funder receives it: its sections, its request, the actions and the pieces."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    lignes = Financement.objects.filter(dossier=trouve)
    if not policies.lit_en_entier(acteur):
        lignes = lignes.filter(organisation=acteur.organisation)
    ligne = get_object_or_404(lignes, pk=cle)
    contexte = {
        "dossier": trouve, "ligne": ligne, "vue": projeter(trouve, ligne),
        "en_entier": policies.lit_en_entier(acteur),
    }  # fmt: skip
    return render(request, "dossiers/projection.html", contexte)


@exige(Capacite.VOIR_CONVENTIONS)
def accuse(request: HttpRequest, reference: str, rang: int) -> HttpResponse:
    """Send an acknowledgement as it was issued: it lists what is asked of every funder."""
    trouve, _ = dossier_entier(request, reference)
    emis = get_object_or_404(trouve.accuses.all(), rang=rang)
    reponse = HttpResponse(relire(emis.sha256), content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="accuse-{reference}-{rang}.pdf"'
    return reponse
