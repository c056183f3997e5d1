"""The page of a file, its sections, its funders, its acknowledgements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.dossiers import actions, policies, queries, rules
from convenir.contrat.dossiers.actions import Demande, Enregistrement
from convenir.contrat.dossiers.forms import (
    FormulaireCommentaire,
    FormulaireFinancement,
    FormulaireReponseAuCommentaire,
    FormulaireSection,
    nom,
)
from convenir.contrat.dossiers.models import Commentaire, Dossier, Financement, NatureFinanceur, Reponse
from convenir.contrat.dossiers.presentation import PageDossier
from convenir.contrat.dossiers.referentiel import Champ, Section
from convenir.contrat.dossiers.vues.commun import agir, aujourdhui, dossier_ou_404
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete, exige, page_de_refus
from convenir.socle.documents.stockage import relire
from convenir.socle.organisations.models import Nature, Organisation


@exige(Capacite.VOIR_CONVENTIONS)
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a file; a funder is shown its projection."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    if not policies.lit_en_entier(acteur):
        ligne = trouve.financements.filter(organisation=acteur.organisation).first()
        return redirect("dossiers:projection", reference, ligne.pk if ligne else 0)
    return render(
        request, "dossiers/dossier.html", {"vue": PageDossier(trouve, acteur, aujourdhui()), "dossier": trouve}
    )


class PageSection:
    """One section for one person: what is open is a form, what is not is read, with its remarks."""

    def __init__(self, dossier: Dossier, section: Section, acteur: Acteur) -> None:
        self.dossier, self.section, self.acteur = dossier, section, acteur
        codes = [c.code for c in section.champs]
        self.reponses: dict[str, Reponse] = {r.champ: r for r in dossier.reponses.filter(champ__in=codes)}
        ecrit = policies.refus_d_ecrire(acteur, dossier) is None
        self.ouverts = queries.champs_ouverts(dossier) if ecrit else frozenset()
        self.peut_commenter = policies.refus_d_instruire(acteur, dossier) is None and dossier.en_echange
        self.commentaires: dict[str, list[Commentaire]] = {}
        for c in dossier.commentaires.filter(champ__in=codes):
            self.commentaires.setdefault(c.champ, []).append(c)

    def formulaire(self, donnees: Any = None) -> FormulaireSection:
        """Return the form of the open questions."""
        return FormulaireSection(donnees, section=self.section, reponses=self.reponses, ouverts=self.ouverts)

    def lignes(self, formulaire: FormulaireSection) -> list[dict[str, Any]]:
        """Return each question with its field or its text, its remarks, and what may be done."""
        return [self._ligne(c, formulaire) for c in self.section.champs]

    def _ligne(self, champ: Champ, formulaire: FormulaireSection) -> dict[str, Any]:
        remarques = self.commentaires.get(champ.code, [])
        ouverte = next((c for c in remarques if c.ouvert), None)
        lue = self.reponses.get(champ.code)
        return {
            "champ": champ,
            "saisie": formulaire[nom(champ.code)] if champ.code in self.ouverts else None,
            "valeur": dict(champ.choix).get(lue.valeur, lue.valeur) if lue else "",
            "reponse": lue,
            "commentaires": remarques,
            "ouverte": ouverte,
            "peut_repondre": ouverte is not None and champ.code in self.ouverts and not self.dossier.en_redaction,
            "peut_commenter": self.peut_commenter and ouverte is None,
            "formulaire_commentaire": FormulaireCommentaire(auto_id=f"c-{champ.code}-%s"),
            "formulaire_reponse": FormulaireReponseAuCommentaire(auto_id=f"r-{champ.code}-%s"),
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
    discret = request.headers.get("X-Requested-With") == "convenir"
    try:
        resultat = actions.enregistrer(
            page.acteur, page.dossier, formulaire.saisies(), maintenant=timezone.now(), confirmer=not discret
        )
    except ErreurMetier as erreur:
        if discret:
            return JsonResponse({"message": str(erreur)}, status=403)
        formulaire.add_error(None, str(erreur))
        return _rendre_section(request, page, formulaire, statut=400)
    return _dire_discretement(resultat) if discret else _dire(request, page, formulaire, resultat)


def _dire_discretement(resultat: Enregistrement) -> JsonResponse:
    return JsonResponse(
        {
            "ecrites": {f"v-{nom(c)}": version for c, version in resultat.ecrites.items()},
            "refusees": {nom(c): message for c, message in resultat.refusees.items()},
            "conflits": [nom(c.champ) for c in resultat.conflits],
            "heure": f"{timezone.localtime():%H h %M}",
        }
    )


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
@require_http_methods(["GET", "POST"])
def financements(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is asked of each funder; add a line."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    if not policies.lit_en_entier(acteur):
        raise Http404("Cette page est celle de la structure et du service instructeur.")
    formulaire = FormulaireFinancement(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        lu = formulaire.cleaned_data
        try:
            demande = Demande(**lu, organisation=_financeur_connu(trouve, lu["nature"]))
            actions.demander_financement(acteur, trouve, demande)
        except ErreurMetier as erreur:
            formulaire.add_error(None, str(erreur))
        else:
            messages.success(request, f"Demande à {lu['nom']} enregistrée.")
            return redirect("dossiers:financements", reference)
    peut_ecrire = policies.refus_d_ecrire(acteur, trouve) is None and trouve.en_redaction
    lignes = list(trouve.financements.all())
    contexte = {
        "dossier": trouve,
        "lignes": lignes,
        "formulaire": formulaire,
        "peut_ecrire": peut_ecrire,
        "total": sum((ligne.total for ligne in lignes), start=0),
        "base": sum((ligne.base for ligne in lignes), start=0),
        "efforts": sum((ligne.efforts for ligne in lignes), start=0),
    }
    return render(request, "dossiers/financements.html", contexte, status=400 if formulaire.errors else 200)


def _financeur_connu(dossier: Dossier, nature: str) -> Organisation | None:
    """Return the organisation of the département when the funder is it: its people then read their projection."""
    if nature != NatureFinanceur.DEPARTEMENT:
        return None
    collectivites = Organisation.objects.filter(
        nature=Nature.COLLECTIVITE, departement=dossier.convention.departement_id
    )
    return collectivites.order_by("pk").first()


@require_POST
@exige(Capacite.REDIGER_DEMANDE)
def financement_retirer(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Remove what is asked of a funder."""
    ligne = get_object_or_404(
        dossier_ou_404(request, reference).financements.select_related("dossier__convention"), pk=cle
    )
    retour = request.build_absolute_uri(f"{ligne.dossier.get_absolute_url()}financements/")
    acteur = acteur_de_la_requete(request)
    return agir(request, lambda: actions.retirer_financement(acteur, ligne), f"Demande à {ligne.nom} retirée.", retour)


@exige(Capacite.VOIR_CONVENTIONS)
def projection(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Show the file as one funder receives it: its sections, its request, the actions and the pieces."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    lignes = Financement.objects.filter(dossier=trouve)
    if not policies.lit_en_entier(acteur):
        lignes = lignes.filter(organisation=acteur.organisation)
    ligne = get_object_or_404(lignes, pk=cle)
    reponses = {r.champ: r for r in trouve.reponses.all()}
    sections = [
        (s, [(c, _lisible(c, reponses.get(c.code))) for c in s.champs])
        for s in rules.projection(trouve.sections, ligne.nature)
    ]
    contexte = {
        "dossier": trouve, "ligne": ligne, "sections": sections, "pieces": trouve.pieces.filter(retiree_le=None),
        "actions": trouve.actions.all(), "ecartees": pluriel(len(trouve.sections) - len(sections), "section"),
        "en_entier": policies.lit_en_entier(acteur), "nb_ecartees": len(trouve.sections) - len(sections),
    }  # fmt: skip
    return render(request, "dossiers/projection.html", contexte)


def _lisible(champ: Champ, reponse: Reponse | None) -> str:
    valeur = reponse.valeur if reponse else ""
    return dict(champ.choix).get(valeur, valeur)


@exige(Capacite.VOIR_CONVENTIONS)
def accuse(request: HttpRequest, reference: str, rang: int) -> HttpResponse:
    """Send an acknowledgement as it was issued."""
    trouve = dossier_ou_404(request, reference)
    emis = get_object_or_404(trouve.accuses.all(), rang=rang)
    reponse = HttpResponse(relire(emis.sha256), content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="accuse-{reference}-{rang}.pdf"'
    return reponse
