"""The list of negotiations, and the page where one is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.states import EN_VIGUEUR, EtatConvention
from convenir.contrat.objectifs import actions, documents, policies, queries
from convenir.contrat.objectifs.complements import contextes_de
from convenir.contrat.objectifs.forms import FormulaireAvis, FormulaireReponse
from convenir.contrat.objectifs.models import Objectif, Position
from convenir.contrat.objectifs.presentation import ObjectifPresente, actes_possibles, presenter
from convenir.contrat.objectifs.states import AVEC_VALEUR, NEGOCIATEURS, Genre
from convenir.socle.commun.periodes import lire_annee
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige

PAR_PAGE = 25
SE_JUGENT = EN_VIGUEUR | {EtatConvention.EXPIRE, EtatConvention.RESILIE}
# The answers in the order of the page: the agreement first, the refusal last.
ORDRE = (
    Genre.ACCORD, Genre.PROPOSITION, Genre.CONTRE_PROPOSITION, Genre.DESACCORD, Genre.REFUS, Genre.REOUVERTURE,
)  # fmt: skip


@exige(Capacite.VOIR_OBJECTIFS)
def liste(request: HttpRequest) -> HttpResponse:
    """Show the negotiations this person may read, one line per convention and year."""
    acteur = acteur_de_la_requete(request)
    annees = sorted(set(policies.objectifs_lisibles(acteur).order_by().values_list("annee", flat=True)), reverse=True)
    annee = lire_annee(request.GET.get("annee", ""))
    tour = request.GET.get("tour", "")
    page = Paginator(queries.negociations(acteur, annee=annee, tour=tour), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page, "annees": annees, "annee": annee, "tour": tour, "moi": policies.partie_de(acteur),
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
    }  # fmt: skip
    return render(request, "objectifs/liste.html", contexte)


@exige(Capacite.VOIR_OBJECTIFS)
def negociation(request: HttpRequest, reference: str, annee: int) -> HttpResponse:
    """Show a negotiation; a negotiator who reads it opens what the other party wrote."""
    convention = la_convention(request, reference, annee)
    return page(request, convention, annee)


def la_convention(request: HttpRequest, reference: str, annee: int) -> Convention:
    """Return the convention, or answer 404: out of the perimeter, it does not exist for this person."""
    convention = queries.convention_lisible(acteur_de_la_requete(request), reference)
    if convention is None or annee not in convention.annees:
        raise Http404("Aucune négociation à cette adresse dans votre périmètre.")
    return convention


@require_POST
@exige(Capacite.NEGOCIER_OBJECTIFS)
def etablir_le_releve(request: HttpRequest, reference: str, annee: int) -> HttpResponse:
    """Make the record of the negotiation, and show its page."""
    convention = la_convention(request, reference, annee)
    return redirect(documents.etablir(acteur_de_la_requete(request), convention, annee, maintenant=timezone.now()))


@dataclass
class Saisie:
    """What a person typed that could not be sent: it is shown again, whole, beside what came meanwhile."""

    objectif: Objectif
    formulaire: FormulaireReponse | FormulaireAvis
    depuis: list[Position] = field(default_factory=list)
    refus: str = ""

    @property
    def textes(self) -> dict[str, str]:
        """What was typed, by label: shown again even when it can no longer be sent."""
        f = self.formulaire
        lus = {
            str(f[nom].label): str(f[nom].value() or "") for nom in ("valeur", "attendu", "raisons") if nom in f.fields
        }
        return {libelle: texte for libelle, texte in lus.items() if texte.strip()}


def page(
    request: HttpRequest, convention: Convention, annee: int, saisie: Saisie | None = None, statut: int = 200
) -> HttpResponse:
    """Render the page of a negotiation."""
    acteur = acteur_de_la_requete(request)
    lue = queries.negociation(acteur, convention, annee)
    actions.ouvrir(acteur, lue.objectifs, maintenant=timezone.now())
    presentee = presenter(lue)
    peut_donner_avis = acteur.peut(Capacite.DONNER_AVIS_OBJECTIFS)
    for objectif in presentee.objectifs:
        _formulaires(objectif, actes_possibles(lue, objectif.objectif), peut_donner_avis, saisie)
    contexte = {
        "p": presentee, "convention": convention, "annee": annee, "saisie": saisie, "moi": lue.moi,
        "negocie": lue.moi in NEGOCIATEURS,
        "contextes": contextes_de(convention) if acteur.peut(Capacite.VOIR_CONVENTIONS) else [],
        "releve": documents.document_de(acteur, convention, annee), "se_juge": convention.etat in SE_JUGENT,
    }  # fmt: skip
    return render(request, "objectifs/negociation.html", contexte, status=statut)


def _formulaires(presente: ObjectifPresente, genres: list[str], peut_donner_avis: bool, saisie: Saisie | None) -> None:
    """Give an objective the forms this person may send; what they typed stays."""
    objectif = presente.objectif
    ici = saisie if saisie is not None and saisie.objectif.pk == objectif.pk else None
    if ici is not None:
        presente.depuis, presente.garde = ici.depuis, ici.textes
    if peut_donner_avis:
        saisi = ici.formulaire if ici and isinstance(ici.formulaire, FormulaireAvis) else None
        presente.avis = saisi or FormulaireAvis(initial={"revision": objectif.revision}, prefix=f"a{objectif.pk}")
    ouvrables = sorted((g for g in genres if g != Genre.ACCORD or presente.offre is not None), key=ORDRE.index)
    if ouvrables:
        saisi_ = ici.formulaire if ici and isinstance(ici.formulaire, FormulaireReponse) else None
        presente.formulaire = saisi_ or _reponse(presente, ouvrables)
        presente.formulaire.fields["genre"].choices = [(g, _effet(g, presente)) for g in ouvrables]  # type: ignore[attr-defined]


def _reponse(presente: ObjectifPresente, genres: list[str]) -> FormulaireReponse:
    choisi = Genre.ACCORD if Genre.ACCORD in genres else next((g for g in genres if g in AVEC_VALEUR), genres[0])
    initial: dict[str, Any] = {"revision": presente.objectif.revision, "genre": choisi}
    return FormulaireReponse(initial=initial, prefix=f"o{presente.objectif.pk}")


@dataclass(frozen=True)
class Effet:
    """The words of an answer, and what happens after it."""

    mots: str
    suite: str

    def __str__(self) -> str:
        return self.mots


def _effet(genre: str, presente: ObjectifPresente) -> Effet:
    """Return the words of an answer, and what happens after it."""
    offre = presente.dite(presente.offre) if presente.offre is not None else ""
    return {
        Genre.PROPOSITION: Effet("Je propose une valeur", "L’autre partie vous répondra."),
        Genre.CONTRE_PROPOSITION: Effet("Je propose une autre valeur", "L’autre partie vous répondra."),
        Genre.ACCORD: Effet(f"J’accepte {offre}", "L’objectif est convenu."),
        Genre.DESACCORD: Effet(
            "Nous ne sommes pas d’accord, et nous le consignons",
            "Chaque partie écrit sa position. Le désaccord figure au relevé ; la procédure continue.",
        ),
        Genre.REFUS: Effet(
            "Je refuse de négocier cet objectif",
            "Le refus est enregistré avec son motif. L’autre partie en est informée.",
        ),
        Genre.REOUVERTURE: Effet("Je rouvre la négociation", "L’objectif n’est plus clos ; vous parlez ensuite."),
    }[Genre(genre)]
