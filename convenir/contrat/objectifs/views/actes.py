"""Answer, give an opinion, take back: what cannot be sent is shown again, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from convenir.contrat.objectifs import actions, policies, queries
from convenir.contrat.objectifs.actions import ObjectifChange, Reponse
from convenir.contrat.objectifs.forms import FormulaireAvis, FormulaireReponse
from convenir.contrat.objectifs.models import Objectif, Position
from convenir.contrat.objectifs.states import Genre
from convenir.contrat.objectifs.views.negociation import Saisie, page
from convenir.socle.commun.erreurs import EntreeInvalide, ErreurMetier
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, agir, exige

Acte = Callable[..., Position]


@require_POST
@exige(Capacite.NEGOCIER_OBJECTIFS)
def repondre(request: HttpRequest, cle: int) -> HttpResponse:
    """Send a position for one's party."""
    objectif = l_objectif(request, cle)
    formulaire = FormulaireReponse(request.POST, prefix=f"o{cle}")
    return _envoyer(request, objectif, formulaire, actions.repondre, "Votre réponse est envoyée.")


@require_POST
@exige(Capacite.DONNER_AVIS_OBJECTIFS)
def donner_avis(request: HttpRequest, cle: int) -> HttpResponse:
    """Give the view of one's organisation."""
    objectif = l_objectif(request, cle)
    formulaire = FormulaireAvis(request.POST, prefix=f"a{cle}")
    return _envoyer(request, objectif, formulaire, actions.donner_avis, "Votre avis est transmis aux deux parties.")


def l_objectif(request: HttpRequest, cle: int) -> Objectif:
    """Return the objective, or answer 404."""
    objectif = queries.objectif_lisible(acteur_de_la_requete(request), cle)
    if objectif is None:
        raise Http404("Aucun objectif à cette adresse dans votre périmètre.")
    return objectif


def _envoyer(
    request: HttpRequest, objectif: Objectif, formulaire: FormulaireReponse | FormulaireAvis, acte: Acte, succes: str
) -> HttpResponse:
    saisie = Saisie(objectif, formulaire)
    if not formulaire.is_valid():
        return page(request, objectif.convention, objectif.annee, saisie, statut=400)
    lues = formulaire.cleaned_data
    reponse = Reponse(lues.get("genre", Genre.AVIS), lues["valeur"], lues.get("attendu", ""), lues["raisons"])
    try:
        acte(acteur_de_la_requete(request), objectif, reponse, revision=lues["revision"], maintenant=timezone.now())
    except ObjectifChange as conflit:
        saisie.depuis = conflit.depuis
        _a_renvoyer(formulaire, conflit)
        return page(request, conflit.objectif.convention, objectif.annee, saisie, statut=409)
    except EntreeInvalide as erreur:
        formulaire.add_error(None, str(erreur))
        return page(request, objectif.convention, objectif.annee, saisie, statut=400)
    except ErreurMetier as erreur:
        saisie.refus = str(erreur)
        return page(request, objectif.convention, objectif.annee, saisie, statut=409)
    else:
        messages.success(request, f"{succes} Vous pouvez la reprendre tant que l’autre partie ne l’a pas ouverte.")
    return redirect(objectif)


def _a_renvoyer(formulaire: FormulaireReponse | FormulaireAvis, conflit: ObjectifChange) -> None:
    """Keep what was typed, on top of what the person is now shown."""
    formulaire.data = {**formulaire.data.dict(), formulaire.add_prefix("revision"): str(conflit.objectif.revision)}  # type: ignore[attr-defined]
    formulaire.add_error(None, str(conflit))


@require_POST
@exige(Capacite.VOIR_OBJECTIFS)
def reprendre(request: HttpRequest, cle: int) -> HttpResponse:
    """Take back the last position of one's party, before the other opens it."""
    acteur = acteur_de_la_requete(request)
    lisibles = policies.objectifs_lisibles(acteur).values("pk")
    position = Position.objects.filter(pk=cle, objectif__in=lisibles).select_related("objectif__convention").first()
    if position is None:
        raise Http404("Aucune position à cette adresse dans votre périmètre.")
    acte = lambda: actions.reprendre(acteur, position, maintenant=timezone.now())
    return agir(request, acte, "Votre position est reprise : l’autre partie ne la verra pas.", position.objectif)
