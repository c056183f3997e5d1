"""Control of eligibility: the draw, each structure's delays, the result and the decision it may lead to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.conventions.actions.decisions import voies_par_defaut
from convenir.contrat.conventions.documents.lettres import mesures
from convenir.contrat.conventions.queries.decisions import horloge
from convenir.contrat.suivi.actions import controles as actes_de_controle
from convenir.contrat.suivi.forms_suites import FormulaireDecisionDeControle, FormulaireEmbauches, FormulaireTirage
from convenir.contrat.suivi.models import CampagneDeControle, Controle
from convenir.contrat.suivi.queries.controles import ARTICLES, constat, convention_controlee, departement_a_informer
from convenir.contrat.suivi.rules.controle import Etape, tirer
from convenir.contrat.suivi.views.commun import aujourdhui, departement_choisi, departements_couverts
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, agir, exige, traiter
from convenir.socle.organisations.models import Structure


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def controles(request: HttpRequest) -> HttpResponse:
    """Show the draws of a département; make the draw of a year."""
    departement, acteur = departement_choisi(request), acteur_de_la_requete(request)
    formulaire = FormulaireTirage(request.POST or None, initial={"annee": aujourdhui().year - 1})

    def acte() -> object:
        return actes_de_controle.tirer_echantillon(
            acteur, departement, maintenant=timezone.now(), **formulaire.cleaned_data
        )

    campagnes = CampagneDeControle.objects.filter(departement=departement)
    contexte = {"departement": departement, "departements": departements_couverts(request), "campagnes": campagnes}
    vers = f"{reverse('suivi:controles')}?departement={departement.pk}"
    return traiter(request, formulaire, "suivi/controles.html", contexte, acte, "L’échantillon est tiré.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
def campagne(request: HttpRequest, cle: int) -> HttpResponse:
    """Show a draw, made again under the eyes of the reader, and where each control stands."""
    couverts = [d.pk for d in departements_couverts(request)]
    tiree = get_object_or_404(
        CampagneDeControle.objects.select_related("departement"), pk=cle, departement__in=couverts
    )
    lignes = list(tiree.controles.select_related("structure", "campagne"))
    refait = set(tirer(tiree.graine, tiree.population, tiree.taille))
    contexte = {"campagne": tiree, "controles": lignes, "refait": refait == {c.structure.code for c in lignes}}
    return render(request, "suivi/campagne.html", contexte)


def _controle(request: HttpRequest, cle: int) -> Controle:
    visibles = Structure.objects.visibles_par(acteur_de_la_requete(request).perimetre).values("pk")
    return get_object_or_404(
        Controle.objects.select_related("structure", "campagne", "decision__convention"),
        pk=cle,
        structure__in=visibles,
    )


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def controle(request: HttpRequest, cle: int) -> HttpResponse:
    """Show the control of a structure and its delays; decide."""
    vise, acteur = _controle(request, cle), acteur_de_la_requete(request)
    jour, convention = aujourdhui(), convention_controlee(vise)
    depart = {"prise_le": jour, "voies": voies_par_defaut(jour), "articles": ARTICLES, "motif": constat(vise)}
    formulaire = FormulaireDecisionDeControle(request.POST or None, initial=depart)
    acte = lambda: actes_de_controle.decider(acteur, vise, formulaire.resultat_lu(jour))
    decision = vise.decision
    contexte = {
        "controle": vise, "jour": jour, "convention": convention, "decision": decision,
        "mesures": mesures(decision) if decision else (), "horloge": horloge(decision, jour) if decision else [],
        "a_informer": departement_a_informer(vise),
        "decidable": vise.repondu_le is not None or vise.etape == Etape.DECISION,
    }  # fmt: skip
    vers = reverse("suivi:controle", args=[vise.pk])
    return traiter(request, formulaire, "suivi/controle.html", contexte, acte, "Le contrôle est clos.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def embauches(request: HttpRequest, cle: int) -> HttpResponse:
    """Draw the hires that the structure will have to justify."""
    vise, acteur = _controle(request, cle), acteur_de_la_requete(request)
    formulaire = FormulaireEmbauches(request.POST or None)
    acte = lambda: actes_de_controle.tirer_embauches(acteur, vise, **formulaire.cleaned_data)
    vers = reverse("suivi:controle", args=[vise.pk])
    return traiter(
        request, formulaire, "suivi/embauches.html", {"controle": vise}, acte, "Les embauches sont tirées.", vers
    )


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def controle_avancer(request: HttpRequest, cle: int, acte: str) -> HttpResponse:
    """Notify, receive an answer, go on."""
    vise, acteur = _controle(request, cle), acteur_de_la_requete(request)
    fait = lambda: actes_de_controle.avancer(acteur, vise, acte, jour=aujourdhui())
    return agir(request, fait, "Le contrôle est à jour.", reverse("suivi:controle", args=[vise.pk]))


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def cofinanceur_informe(request: HttpRequest, cle: int) -> HttpResponse:
    """Record that the co-financing département was told of the repayment."""
    vise, acteur = _controle(request, cle), acteur_de_la_requete(request)
    fait = lambda: actes_de_controle.informer_le_cofinanceur(acteur, vise, jour=aujourdhui())
    return agir(request, fait, "L’information du département est enregistrée.", reverse("suivi:controle", args=[cle]))
