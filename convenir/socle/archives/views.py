"""The retention table, what has outlived its utility, the slips from their list to their execution."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.socle.archives import actions, export, queries, registre
from convenir.socle.archives.forms import FormulaireBordereau, FormulaireRefus, FormulaireVisa
from convenir.socle.archives.models import Bordereau
from convenir.socle.archives.rules import Sort
from convenir.socle.archives.tableau import tableau
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import accepter, acteur_de_la_requete, agir, exige, traiter
from convenir.socle.documents import tableurs
from convenir.socle.documents.stockage import relire
from convenir.socle.territoires.models import Departement


def _departement(request: HttpRequest, code: str) -> Departement:
    """Return a département of the perimeter; the first when none is named.

    Raises:
        Http404: not in the perimeter.
    """
    tenus = queries.departements_tenus(acteur_de_la_requete(request))
    trouve = next((d for d in tenus if d.pk == code), None) or (None if code else next(iter(tenus), None))
    if trouve is None:
        raise Http404("Ce département n’est pas dans votre périmètre.")
    return trouve


@exige(Capacite.TENIR_ARCHIVES)
def liste(request: HttpRequest) -> HttpResponse:
    """Show the retention table with what has outlived its utility, and the slips."""
    acteur, jour = acteur_de_la_requete(request), timezone.localdate()
    lieu = _departement(request, request.GET.get("departement", ""))
    tenus = registre.declares()
    echus = {code: len(queries.echus(code, lieu.pk, jour)) for code in tenus}
    lignes = [{"regle": r, "tenu": r.code in tenus, "echus": echus.get(r.code, 0)} for r in tableau().values()]
    contexte = {
        "departement": lieu, "departements": queries.departements_tenus(acteur), "lignes": lignes,
        "bordereaux": queries.bordereaux_visibles(acteur).filter(departement=lieu)[:50],
    }  # fmt: skip
    return render(request, "archives/liste.html", contexte)


@exige(Capacite.TENIR_ARCHIVES)
@require_http_methods(["GET", "POST"])
def preparer(request: HttpRequest, departement: str, fonds: str) -> HttpResponse:
    """Choose records of a fonds and prepare their slip, of elimination or of transfer as the table says."""
    lieu, regle, jour = _departement(request, departement), tableau().get(fonds), timezone.localdate()
    if regle is None or fonds not in registre.declares():
        raise Http404("Ce fonds n’est pas tenu ici.")
    articles = queries.echus(fonds, lieu.pk, jour)
    formulaire, choisis = FormulaireBordereau(request.POST or None), request.POST.getlist("article")
    sens = "versement" if regle.sort == Sort.VERSEMENT else "elimination"
    faits: list[Bordereau] = []

    def faire() -> None:
        signature = actions.Signature(formulaire.cleaned_data["signataire"], formulaire.cleaned_data["qualite"])
        vises, acteur = [(fonds, cle) for cle in choisis], acteur_de_la_requete(request)
        faits.append(actions.preparer(acteur, lieu, sens, vises, signature, jour=jour))

    if accepter(request, formulaire, faire, "Le bordereau est préparé : faites-le viser par les Archives."):
        return redirect(faits[0])
    contexte = {
        "departement": lieu, "regle": regle, "articles": articles, "formulaire": formulaire, "choisis": choisis,
        "sens": sens,
    }  # fmt: skip
    return render(request, "archives/preparer.html", contexte, status=400 if formulaire.errors else 200)


def _bordereau(request: HttpRequest, cle: int) -> Bordereau:
    return get_object_or_404(queries.bordereaux_visibles(acteur_de_la_requete(request)), pk=cle)


@exige(Capacite.TENIR_ARCHIVES)
def bordereau(request: HttpRequest, cle: int) -> HttpResponse:
    """Show a slip: its list, its visa, what may be done next."""
    lu = _bordereau(request, cle)
    return render(request, "archives/bordereau.html", {"b": lu, "lignes": lu.lignes.all()})


@exige(Capacite.TENIR_ARCHIVES)
@require_http_methods(["GET", "POST"])
def viser(request: HttpRequest, cle: int) -> HttpResponse:
    """Record the visa: who, when, the slip visaed."""
    lu, acteur = _bordereau(request, cle), acteur_de_la_requete(request)
    formulaire = FormulaireVisa(request.POST or None, request.FILES or None)

    def faire() -> object:
        p = formulaire.cleaned_data
        return actions.viser(acteur, lu, actions.Visa(p["par"], p["jour"], p["fichier"].name, p["fichier"].read()))

    contexte = {"b": lu, "titre": "Enregistrer le visa"}
    return traiter(request, formulaire, "archives/acte.html", contexte, faire, "Le visa est enregistré.", lu)


@exige(Capacite.TENIR_ARCHIVES)
@require_http_methods(["GET", "POST"])
def refuser(request: HttpRequest, cle: int) -> HttpResponse:
    """Record that the visa is refused."""
    lu, acteur = _bordereau(request, cle), acteur_de_la_requete(request)
    formulaire = FormulaireRefus(request.POST or None)
    faire = lambda: actions.refuser(acteur, lu, formulaire.cleaned_data["motif"])
    contexte = {"b": lu, "titre": "Enregistrer le refus du visa"}
    return traiter(request, formulaire, "archives/acte.html", contexte, faire, "Le refus est enregistré.", lu)


@require_POST
@exige(Capacite.TENIR_ARCHIVES)
def executer(request: HttpRequest, cle: int) -> HttpResponse:
    """Eliminate the records of a visaed slip, or say them taken over."""
    lu, acteur = _bordereau(request, cle), acteur_de_la_requete(request)
    faire = lambda: actions.executer(acteur, lu, jour=timezone.localdate())
    return agir(request, faire, "Le bordereau est exécuté : le journal le dit, article par article.", lu)


@exige(Capacite.TENIR_ARCHIVES)
def exporter_la_liste(request: HttpRequest, cle: int) -> HttpResponseBase:
    """Send the list of a slip, to be signed and visaed."""
    lu = _bordereau(request, cle)
    feuille = tableurs.Feuille(lu.numero, export.rangs_du_bordereau(lu))
    return tableurs.repondre([feuille], "csv", f"bordereau-{lu.numero.lower()}")


@require_POST
@exige(Capacite.TENIR_ARCHIVES)
def exporter(request: HttpRequest, cle: int) -> HttpResponse:
    """Send the package of a transfer."""
    lu = _bordereau(request, cle)
    try:
        octets = export.exporter(acteur_de_la_requete(request), lu)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return redirect(lu)
    reponse = HttpResponse(octets, content_type="application/zip")
    reponse["Content-Disposition"] = f'attachment; filename="versement-{lu.numero.lower()}.zip"'
    return reponse


@exige(Capacite.TENIR_ARCHIVES)
def visa(request: HttpRequest, cle: int) -> HttpResponse:
    """Hand over the slip visaed."""
    lu = _bordereau(request, cle)
    if not lu.sha256:
        raise Http404("Ce bordereau n’a pas encore de visa.")
    return HttpResponse(relire(lu.sha256), content_type="application/pdf")
