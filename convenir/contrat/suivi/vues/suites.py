"""Funders' annexes, analysis and recommendations, control of eligibility."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from convenir.contrat.suivi.actions import suites
from convenir.contrat.suivi.forms_suites import (
    FormulaireAnalyse,
    FormulaireAnnexeDeFinanceur,
    FormulaireCompteRendu,
    FormulaireDecisionDeControle,
    FormulaireEmbauches,
    FormulairePreconisation,
    FormulaireSuitePreconisation,
    FormulaireTirage,
)
from convenir.contrat.suivi.models import (
    AnalyseDeResultats,
    AnnexeDeFinanceur,
    CampagneDeControle,
    Controle,
    Preconisation,
)
from convenir.contrat.suivi.queries.resultats import resultats_de
from convenir.contrat.suivi.rules.controle import tirer
from convenir.contrat.suivi.vues.commun import (
    agir,
    aujourdhui,
    convention_ou_404,
    departement_choisi,
    departements_couverts,
    traiter,
)
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete, exige
from convenir.socle.organisations.models import Structure


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def annexe_ajouter(request: HttpRequest, reference: str) -> HttpResponse:
    """Write what a funder expects and answers for in a year."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    formulaire = FormulaireAnnexeDeFinanceur(request.POST or None, initial={"annee": aujourdhui().year})
    acte = lambda: suites.annexer(acteur, trouvee, formulaire.cleaned_data)  # noqa: E731
    contexte = {"convention": trouvee, "titre": "Annexe d’un financeur", "bouton": "Enregistrer cette annexe"}
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Annexe enregistrée.", vers)


@exige(Capacite.REDIGER_DEMANDE)
@require_http_methods(["GET", "POST"])
def compte_rendu(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Give the account of a funder's money."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    annexe = get_object_or_404(AnnexeDeFinanceur.objects.select_related("convention"), pk=cle, convention=trouvee)
    initial = {"realise": annexe.realise, "explication": annexe.explication}
    formulaire = FormulaireCompteRendu(request.POST or None, initial=initial)
    acte = lambda: suites.rendre_compte(acteur, annexe, jour=aujourdhui(), **formulaire.cleaned_data)  # noqa: E731
    contexte = {"convention": trouvee, "titre": f"Compte rendu financier, {annexe}", "bouton": "Rendre compte"}
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Compte rendu enregistré.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def analyse(request: HttpRequest, reference: str) -> HttpResponse:
    """Write the shared analysis at the end of a convention."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    existante = AnalyseDeResultats.objects.filter(convention=trouvee).first()
    resultats = resultats_de(trouvee)
    depart = {"issue": resultats.issue, "difficultes": resultats.difficultes if resultats.issue != "atteint" else ""}
    initial = {c: getattr(existante, c) for c in FormulaireAnalyse.base_fields} if existante else depart
    formulaire = FormulaireAnalyse(request.POST or None, initial=initial)
    acte = lambda: suites.analyser(acteur, trouvee, formulaire.cleaned_data, maintenant=timezone.now())  # noqa: E731
    contexte = {"convention": trouvee, "titre": "Analyser les résultats", "bouton": "Enregistrer l’analyse",
                "resultats": resultats, "chapo": f"{resultats.chemin}. {resultats.proposition}"}  # fmt: skip
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Analyse enregistrée.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def preconiser(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a recommendation to an analysis."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    visee = get_object_or_404(AnalyseDeResultats.objects.select_related("convention"), convention=trouvee)
    formulaire = FormulairePreconisation(request.POST or None, initial={"horizon": trouvee.fin.year})
    acte = lambda: suites.preconiser(acteur, visee, formulaire.cleaned_data)  # noqa: E731
    contexte = {"convention": trouvee, "titre": "Préconiser", "bouton": "Enregistrer la préconisation"}
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Préconisation enregistrée.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def preconisation(request: HttpRequest, reference: str, cle: int) -> HttpResponse:
    """Say what came of a recommendation of this convention, or of the one it renews."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    siennes = [trouvee.pk, *([trouvee.renouvelle_id] if trouvee.renouvelle_id else [])]
    liees = Preconisation.objects.select_related("analyse__convention").filter(analyse__convention__in=siennes)
    visee = get_object_or_404(liees, pk=cle)
    formulaire = FormulaireSuitePreconisation(request.POST or None, initial={"etat": visee.etat, "suite": visee.suite})
    acte = lambda: suites.suivre(acteur, visee, **formulaire.cleaned_data)  # noqa: E731
    contexte = {"convention": trouvee, "titre": visee.libelle, "bouton": "Enregistrer"}
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(request, formulaire, "suivi/formulaire.html", contexte, acte, "Préconisation mise à jour.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def controles(request: HttpRequest) -> HttpResponse:
    """Show the draws of a département; make the draw of a year."""
    departement, acteur = departement_choisi(request), acteur_de_la_requete(request)
    formulaire = FormulaireTirage(request.POST or None, initial={"annee": aujourdhui().year - 1})

    def acte() -> object:
        return suites.tirer_echantillon(acteur, departement, maintenant=timezone.now(), **formulaire.cleaned_data)

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
    return get_object_or_404(Controle.objects.select_related("structure", "campagne"), pk=cle, structure__in=visibles)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def controle(request: HttpRequest, cle: int) -> HttpResponse:
    """Show the control of a structure and its delays; decide."""
    vise, acteur = _controle(request, cle), acteur_de_la_requete(request)
    formulaire = FormulaireDecisionDeControle(request.POST or None)
    acte = lambda: suites.decider(acteur, vise, formulaire.decision())  # noqa: E731
    contexte = {"controle": vise, "jour": aujourdhui()}
    vers = reverse("suivi:controle", args=[vise.pk])
    return traiter(request, formulaire, "suivi/controle.html", contexte, acte, "Le contrôle est clos.", vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def embauches(request: HttpRequest, cle: int) -> HttpResponse:
    """Draw the hires that the structure will have to justify."""
    vise, acteur = _controle(request, cle), acteur_de_la_requete(request)
    formulaire = FormulaireEmbauches(request.POST or None)
    acte = lambda: suites.tirer_embauches(acteur, vise, **formulaire.cleaned_data)  # noqa: E731
    vers = reverse("suivi:controle", args=[vise.pk])
    return traiter(
        request, formulaire, "suivi/embauches.html", {"controle": vise}, acte, "Les embauches sont tirées.", vers
    )


@require_POST
@exige(Capacite.INSTRUIRE_CONVENTION)
def controle_avancer(request: HttpRequest, cle: int, acte: str) -> HttpResponse:
    """Notify, receive an answer, go on."""
    vise, acteur = _controle(request, cle), acteur_de_la_requete(request)
    fait = lambda: suites.avancer(acteur, vise, acte, jour=aujourdhui())  # noqa: E731
    return agir(request, fait, "Le contrôle est à jour.", reverse("suivi:controle", args=[vise.pk]))
