"""Read the parameters: index, page of a family or of one parameter, export of a history."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import exige
from convenir.socle.reglementation import queries, tableaux
from convenir.socle.reglementation.definitions import Famille, Parametre
from convenir.socle.reglementation.droit import Reglementation
from convenir.socle.reglementation.presentation import historique_csv
from convenir.socle.reglementation.views.commun import contexte, lire_date


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def index(request: HttpRequest) -> HttpResponse:
    """List the families of parameters, and what is to be confirmed today."""
    droit, jour = queries.a_jour(), timezone.localdate()
    contenu = {
        **contexte(request, ""),
        "familles": tableaux.index(droit, jour),
        "jour": jour,
        "orphelins": droit.orphelins,
        "nombre_de_textes": len(queries.textes_applicables(jour)),
    }
    return render(request, "reglementation/index.html", contenu)


def _trouver(droit: Reglementation, code: str) -> tuple[Famille, list[Parametre], Parametre | None]:
    """Return the family and its parameters, or the only one asked for.

    Raises:
        Http404: neither a family nor a parameter has this code.
    """
    if code in droit.catalogue.familles:
        return droit.catalogue.familles[code], droit.catalogue.de_la_famille(code), None
    try:
        seul = droit.definition(code)
    except queries.ParametreInconnu as erreur:
        raise Http404(str(erreur)) from erreur
    return droit.catalogue.familles[seul.famille], [seul], seul


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def parametre(request: HttpRequest, code: str) -> HttpResponse:
    """Show a family, or one parameter: values on a day, history, texts."""
    droit = queries.a_jour()
    famille, trouves, seul = _trouver(droit, code)
    parametres = tableaux.sans_doublons(trouves)
    formulaire, jour, territoire = lire_date(request, tableaux.territoires(droit, parametres))
    montres = tableaux.pour_le_territoire(droit, parametres, territoire)
    principaux = tableaux.principaux(montres)
    courbes = tableaux.courbes(droit, principaux, jour)
    croisee = famille.croisee and seul is None
    contenu = {
        **contexte(request, famille.code),
        "famille": famille,
        "seul": seul,
        "code": code,
        "formulaire": formulaire,
        "jour": jour,
        "territoire": territoire,
        "lignes": tableaux.au_jour(droit, montres, jour),
        "parametres": montres,
        "principaux": principaux,
        "croisee": tableaux.croisee(droit, principaux) if croisee else [],
        "liste": tableaux.en_liste(droit, montres) if not croisee and tableaux.a_une_histoire(droit, montres) else [],
        "courbes": courbes,
        "legende": tableaux.legende(courbes),
        "saisies": tableaux.saisies(droit, montres),
        "textes": tableaux.textes_de(droit, montres),
        "avec_locales": famille.code == "motifs-sortie",
    }
    return render(request, "reglementation/parametre.html", contenu)


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def historique(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001 - asked by the decorator
    """Export the whole history of a family or of a parameter, territorial variants included."""
    droit = queries.a_jour()
    _, parametres, _ = _trouver(droit, code)
    codes = [p.code for p in parametres]
    codes += [v.code for v in droit.catalogue.parametres.values() if v.general in codes and v.code not in codes]
    reponse = HttpResponse("".join(historique_csv(droit, codes)), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="historique-{code}.csv"'
    return reponse
