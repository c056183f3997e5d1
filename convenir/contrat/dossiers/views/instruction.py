"""What moves a file: filing it, asking for pieces, declaring it complete, giving it back, remarks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.conventions.actions.decisions import voies_par_defaut
from convenir.contrat.conventions.forms import FormulaireDecision
from convenir.contrat.conventions.views.actes import projet_de
from convenir.contrat.dossiers import actions, cibles
from convenir.contrat.dossiers.actions import PieceAttendue
from convenir.contrat.dossiers.forms import (
    FormulaireCommentaire,
    FormulaireDemandeDePieces,
    FormulaireMotif,
    FormulaireReponseAuCommentaire,
)
from convenir.contrat.dossiers.models import Commentaire, DemandeDePiece, Dossier
from convenir.contrat.dossiers.presentation import PageDossier
from convenir.contrat.dossiers.queries import brouillons_de
from convenir.contrat.dossiers.views.commun import aujourdhui, dossier_ou_404
from convenir.socle.commun.francais import enumeration
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import accepter, acteur_de_la_requete, agir, exige, page_de_refus, tenter, traiter

DELAI_PROPOSE = timedelta(days=21)
ROUVERT = {
    cibles.QUESTION: "La question est rouverte : la structure peut la changer, elle seule.",
    cibles.AXE: "L’axe est rouvert : la structure peut le changer, lui seul.",
    cibles.ACTION: "L’action est rouverte : la structure peut la changer, elle seule.",
    cibles.LIGNE: "La ligne est rouverte : la structure peut la corriger, elle seule.",
    cibles.PLAN: "Le plan de financement est rouvert : la structure peut le changer, lui seul.",
}


@exige(Capacite.REDIGER_DEMANDE)
@require_http_methods(["GET", "POST"])
def deposer(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is about to be filed, or what is lacking; file it."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    if request.method == "POST":
        acte = lambda: actions.deposer(acteur, trouve, jour=aujourdhui(), maintenant=timezone.now())
        fait = tenter(request, acte, _accuse)
        return redirect(trouve) if fait else redirect("dossiers:deposer", reference)
    page = PageDossier(trouve, acteur, aujourdhui())
    contexte = {"dossier": trouve, "vue": page, "financements": trouve.financements.all(),
                "pieces": trouve.pieces.filter(retiree_le=None),
                "brouillons": Counter(c.partition(".")[0] for c in brouillons_de(acteur, trouve))}  # fmt: skip
    return render(request, "dossiers/deposer.html", contexte)


def _accuse(depose: Dossier) -> str:
    numero = depose.accuses.count()
    return f"La demande est déposée. L’accusé de réception n° {numero} est disponible ci-dessous."


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def demander(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for missing pieces, before a day."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    initial = {"echeance": aujourdhui() + DELAI_PROPOSE}
    formulaire = FormulaireDemandeDePieces(request.POST or None, dossier=trouve, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        lu = formulaire.cleaned_data
        precision = lu["precision"] if len(lu["genres"]) == 1 else ""
        attendues = [PieceAttendue(g, precision) for g in lu["genres"]]
        motif = lu["motif"] if precision or not lu["precision"] else f"{lu['motif']} Attendu : {lu['precision']}"
        acte = lambda: actions.demander(
            acteur, trouve, attendues, echeance=lu["echeance"], motif=motif, jour=aujourdhui(),
            maintenant=timezone.now(),
        )  # fmt: skip
        if accepter(request, formulaire, acte, "Les pièces sont demandées. La structure les trouve dans « À faire »."):
            return redirect(trouve)
    contexte = {"dossier": trouve, "formulaire": formulaire}
    return render(request, "dossiers/demander.html", contexte, status=400 if formulaire.errors else 200)


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def abandonner_demande(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Give up asking for a piece."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    demande = get_object_or_404(trouve.demandes.select_related("dossier__convention"), pk=cle)
    acte = lambda: actions.abandonner_demande(acteur, demande, maintenant=timezone.now())
    return agir(request, acte, "Cette pièce n’est plus demandée.", trouve.get_absolute_url())


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def complet(request: HttpRequest, reference: str) -> HttpResponse:
    """Declare the file complete."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    acte = lambda: actions.declarer_complet(acteur, trouve, jour=aujourdhui(), maintenant=timezone.now())
    return agir(request, acte, "Le dossier est complet : l’instruction peut commencer.", trouve.get_absolute_url())


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def rendre(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the file back to the structure, with a reason."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    formulaire = FormulaireMotif(request.POST or None)
    acte = lambda: actions.renvoyer(
        acteur, trouve, formulaire.cleaned_data["motif"], jour=aujourdhui(), maintenant=timezone.now()
    )
    dit = "La demande est rendue à la structure, avec votre motif."
    return traiter(request, formulaire, "dossiers/rendre.html", {"dossier": trouve}, acte, dit, trouve)


@exige(Capacite.DECIDER_CONVENTION)
@require_http_methods(["GET", "POST"])
def rejeter(request: HttpRequest, reference: str) -> HttpResponse:
    """Reject the application for pieces not supplied in time, or say why it cannot be yet."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    jour = aujourdhui()
    attendues = list(trouve.demandes.filter(fournie_le=None, abandonnee_le=None))
    depart = {"jour": jour, "voies": voies_par_defaut(jour), "articles": ARTICLES, "faits": faits_du_rejet(attendues)}
    formulaire = FormulaireDecision(request.POST or None, initial=depart)
    formulaire.fields.pop("montant", None)
    formulaire.fields["articles"].help_text = A_CONFIRMER
    if request.method == "POST" and formulaire.is_valid():
        projet = projet_de(formulaire.cleaned_data | {"montant": None})
        acte = lambda: actions.rejeter(acteur, trouve, projet, maintenant=timezone.now())
        dit = "La demande est rejetée. Notifiez la décision : les recours courent depuis elle."
        if accepter(request, formulaire, acte, dit):
            return redirect(trouve.convention)
    obstacle = actions.obstacle_au_rejet(trouve, jour)
    contexte = {"dossier": trouve, "formulaire": formulaire, "attendues": attendues, "obstacle": obstacle}
    return render(request, "dossiers/rejeter.html", contexte, status=400 if formulaire.errors else 200)


# Lu à sa source (texte « crpa-l114-5 ») : indiquer les pièces, fixer un délai. Il ne fonde pas le rejet lui-même.
ARTICLES = "Code des relations entre le public et l’administration, article L. 114-5"
A_CONFIRMER = (
    "L’article L. 114-5 impose de nommer les pièces et de fixer un délai. L’article qui fonde le rejet lui-même est à "
    "confirmer : complétez. Selon L. 114-5-1, seule une pièce indispensable à l’instruction peut la suspendre."
)


def faits_du_rejet(attendues: Sequence[DemandeDePiece]) -> str:
    """Write the facts of a rejection: which pieces were asked for, when, before which day."""
    dits = [
        f"« {d.precision} », demandée le {en_mots(timezone.localdate(d.demandee_le))}, à fournir avant la fin du "
        f"{en_mots(d.echeance)}"
        for d in attendues
    ]
    return f"Pièces demandées et non fournies dans le délai : {enumeration(dits)}." if dits else ""


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def commenter(request: HttpRequest, reference: str, champ: str) -> HttpResponse:
    """Write a remark on something the file holds."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    formulaire = FormulaireCommentaire(request.POST)
    texte = formulaire.cleaned_data["texte"] if formulaire.is_valid() else ""
    acte = lambda: actions.commenter(acteur, trouve, champ, texte, maintenant=timezone.now())
    return agir(request, acte, ROUVERT[cibles.genre(champ)], cibles.adresse(trouve, champ))


@require_POST
@exige(Capacite.VOIR_CONVENTIONS)
def repondre(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Answer a remark: the question closes."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    commentaire = _commentaire(trouve, cle)
    formulaire = FormulaireReponseAuCommentaire(request.POST)
    texte = formulaire.cleaned_data["texte"] if formulaire.is_valid() else ""
    if not acteur.peut(Capacite.REDIGER_DEMANDE):
        return page_de_refus(request, "La structure répond aux commentaires du service.")
    acte = lambda: actions.repondre(acteur, commentaire, texte, maintenant=timezone.now())
    return agir(request, acte, "Votre réponse est envoyée au service.", cibles.adresse(trouve, commentaire.champ))


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def retirer_commentaire(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Withdraw a remark."""
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    commentaire = _commentaire(trouve, cle)
    acte = lambda: actions.retirer_commentaire(acteur, commentaire, maintenant=timezone.now())
    return agir(request, acte, "Commentaire retiré.", cibles.adresse(trouve, commentaire.champ))


def _commentaire(dossier: Dossier, cle: int) -> Commentaire:
    return get_object_or_404(dossier.commentaires.select_related("dossier__convention"), pk=cle)
