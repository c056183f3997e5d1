"""Life in an office: deadlines, referents, hand-over, take-over, acts the ASP does not know, disputes, commission."""

from __future__ import annotations

from itertools import chain

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from convenir.contrat.conventions import tasks
from convenir.contrat.conventions.actions import operations
from convenir.contrat.conventions.models import GenreOperation, Operation
from convenir.contrat.suivi import states
from convenir.contrat.suivi.actions import bilans, bureau
from convenir.contrat.suivi.forms import (
    FormulaireContestation,
    FormulaireEcheance,
    FormulairePassation,
    FormulaireReferents,
    FormulaireReponse,
)
from convenir.contrat.suivi.models import Contestation, EcheanceBilan, Passation
from convenir.contrat.suivi.queries import listes
from convenir.contrat.suivi.views.commun import (
    aujourdhui,
    convention_ou_404,
    departement_choisi,
    departements_couverts,
)
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, traiter
from convenir.socle.documents.tableurs import repondre_csv
from convenir.socle.organisations.models import Organisation, Structure

PAR_PAGE = 25


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def echeances(request: HttpRequest) -> HttpResponse:
    """Set the day the bilans of a year are due."""
    departement, acteur, jour = departement_choisi(request), acteur_de_la_requete(request), aujourdhui()
    formulaire = FormulaireEcheance(request.POST or None, annees=[jour.year - 1, jour.year])
    acte = lambda: bilans.fixer_echeance(acteur, departement, maintenant=timezone.now(), **formulaire.cleaned_data)
    fixees = EcheanceBilan.objects.filter(departement=departement).order_by("-annee")
    contexte = {"departement": departement, "departements": departements_couverts(request), "fixees": fixees}
    dit = "La date est fixée ; les structures la trouvent dans « À faire »."
    return traiter(request, formulaire, "suivi/echeances.html", contexte, acte, dit, reverse("suivi:echeances"))


def _agents(request: HttpRequest) -> list[Utilisateur]:
    """Return the agents of the services of the perimeter, those of one's own service when it has one."""
    acteur = acteur_de_la_requete(request)
    couverts = [d.pk for d in departements_couverts(request)]
    services = Organisation.objects.filter(nature="service_etat", departement__in=couverts)
    vus: dict[int, Utilisateur] = {}
    for service in (*services, *([acteur.organisation] if acteur.organisation else [])):
        vus |= {a.pk: a for a in bureau.agents_du_service(service, aujourdhui())}
    return sorted(vus.values(), key=lambda a: (a.nom, a.prenom))


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def referents(request: HttpRequest) -> HttpResponse:
    """Show who follows what; hand every convention of one person to another."""
    acteur, agents = acteur_de_la_requete(request), _agents(request)
    formulaire = FormulairePassation(request.POST or None, agents=agents)

    def acte() -> object:
        return bureau.transmettre(acteur, jour=aujourdhui(), maintenant=timezone.now(), **formulaire.cleaned_data)

    passations = Passation.objects.filter(departement__in=[d.pk for d in departements_couverts(request)])
    contexte = {"charges": listes.charges(acteur, agents),
                "passations": passations.select_related("cedant", "repreneur")[:20]}  # fmt: skip
    return traiter(request, formulaire, "suivi/referents.html", contexte, acte, "Les conventions sont transmises.",
                   reverse("suivi:referents"))  # fmt: skip


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def designer(request: HttpRequest, reference: str) -> HttpResponse:
    """Name the referent and the substitute of a structure."""
    trouvee, acteur = convention_ou_404(request, reference), acteur_de_la_requete(request)
    agents = bureau.agents_du_service(trouvee.service, aujourdhui())
    initial = {"referent": trouvee.referent_id, "suppleant": trouvee.suppleant_id}
    formulaire = FormulaireReferents(request.POST or None, agents=agents, initial=initial)
    acte = lambda: bureau.designer(acteur, trouvee, jour=aujourdhui(), **formulaire.cleaned_data)
    contexte = {"convention": trouvee, "titre": "Référent et suppléant", "bouton": "Enregistrer",
                "chapo": f"Pour toutes les conventions en cours de {trouvee.nom_de_la_partie}."}  # fmt: skip
    vers = reverse("suivi:convention", args=[trouvee.reference])
    return traiter(
        request, formulaire, "suivi/formulaire.html", contexte, acte, "Référent et suppléant désignés.", vers
    )


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def reprise(request: HttpRequest) -> HttpResponse:
    """Ask what a bulk take-over would do, or for it to be done: either way in the background, with its report."""
    departement, acteur = departement_choisi(request), acteur_de_la_requete(request)
    if request.method == "POST":
        try:
            demandee = operations.demander(
                acteur, GenreOperation.ANNEXES, departement, essai=request.POST.get("essai") != "non",
                maintenant=timezone.now(),
            )  # fmt: skip
        except ErreurMetier as erreur:
            messages.error(request, str(erreur))
            return redirect("suivi:reprise")
        messages.success(request, "La reprise est demandée : elle se fait sans vous attendre.")
        tasks.confier(acteur, demandee)
        return redirect(demandee)
    faites = Operation.objects.filter(genre=GenreOperation.ANNEXES, departement=departement)
    contexte = {
        "departement": departement, "departements": departements_couverts(request), "operations": faites[:10],
    }  # fmt: skip
    return render(request, "suivi/reprise.html", contexte)


@exige(Capacite.VOIR_CONVENTIONS)
def signes(request: HttpRequest) -> HttpResponse:
    """Show the acts signed here that the ASP does not know as valid yet."""
    page = Paginator(listes.signes_non_valides(acteur_de_la_requete(request)), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    contexte = {"page": page, "pages": page.paginator.get_elided_page_range(page.number), "jour": aujourdhui()}
    return render(request, "suivi/signes.html", contexte)


@exige(Capacite.VOIR_CONVENTIONS)
def signes_exporter(request: HttpRequest) -> StreamingHttpResponse:
    """Send the whole list."""
    lignes = listes.signes_non_valides(acteur_de_la_requete(request)).iterator(chunk_size=2000)
    rangs = (
        (s.version.convention.reference, s.version.convention.nom_de_la_partie, s.version.libelle, s.ouvert_le,
         s.version.effet, s.version.termes.postes)
        for s in lignes
    )  # fmt: skip
    entete = ("reference", "structure", "acte", "signe_le", "effet", "postes")
    return repondre_csv(chain([entete], rangs), "signes-non-valides")


@exige(Capacite.VOIR_CONVENTIONS)
def contestations(request: HttpRequest) -> HttpResponse:
    """Show the disputes of the perimeter."""
    toutes = listes.contestations_visibles(acteur_de_la_requete(request))
    page = Paginator(toutes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "pages": page.paginator.get_elided_page_range(page.number)}
    return render(request, "suivi/contestations.html", contexte)


@exige(Capacite.DEPOSER_DEMANDE)
@require_http_methods(["GET", "POST"])
def contester(request: HttpRequest, cle: int, indicateur: str, periode: str) -> HttpResponse:
    """Dispute a figure as it is shown today."""
    acteur = acteur_de_la_requete(request)
    structure = get_object_or_404(Structure.objects.visibles_par(acteur.perimetre), pk=cle)
    montre = _chiffre_montre(structure, indicateur, periode)
    formulaire = FormulaireContestation(request.POST or None)

    def acte() -> object:
        conteste = bureau.ChiffreConteste(
            indicateur, periode, montre["libelle"], montre["valeur"], **formulaire.cleaned_data
        )
        return bureau.contester(acteur, structure, conteste, maintenant=timezone.now())

    contexte = {"structure": structure, **montre, "periode": periode}
    dit = "Votre contestation est transmise au service. Le chiffre est dit contesté jusqu’à sa correction."
    return traiter(request, formulaire, "suivi/contester.html", contexte, acte, dit, reverse("suivi:contestations"))


def _chiffre_montre(structure: Structure, indicateur: str, periode: str) -> dict[str, str]:
    """Return the words and the value of a figure, as its page shows them."""
    instantane = indicateurs.instantane_courant(int(periode[:4]))
    if instantane is None:
        raise Http404("Aucun chiffre n’est calculé pour cette période.")
    try:
        libelle = indicateurs.definition(indicateur, aujourdhui()).libelle
    except indicateurs.IndicateurInconnu:
        raise Http404("Cet indicateur n’existe pas.") from None
    valeur = indicateurs.valeurs(instantane, "siae", structure.code).get(indicateur, periode)
    return {"libelle": libelle, "valeur": valeur.texte}


@exige(Capacite.VOIR_CONVENTIONS)
@require_http_methods(["GET", "POST"])
def contestation(request: HttpRequest, cle: int) -> HttpResponse:
    """Show a dispute; the service answers it."""
    acteur = acteur_de_la_requete(request)
    vue: Contestation = get_object_or_404(listes.contestations_visibles(acteur), pk=cle)
    possibles = [(t.nom, t.libelle) for t in states.CONTESTATION.values() if vue.etat in t.depuis and t.capacite]
    formulaire = FormulaireReponse(request.POST or None, choix=possibles)
    peut = acteur.peut(Capacite.INSTRUIRE_CONVENTION) and bool(possibles)

    def acte() -> object:
        return bureau.passer_contestation(acteur, vue, maintenant=timezone.now(), **formulaire.cleaned_data)

    contexte = {"contestation": vue, "peut_repondre": peut}
    vers = reverse("suivi:contestation", args=[vue.pk])
    return traiter(request, formulaire, "suivi/contestation.html", contexte, acte, "Réponse enregistrée.", vers)
