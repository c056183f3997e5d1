"""Take over conventions born elsewhere: one by its form, many by an archive, in the background."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from convenir.contrat.conventions import actions, forms_reprises, tasks
from convenir.contrat.conventions.actions import operations
from convenir.contrat.conventions.actions.reprises_en_masse import ARCHIVE_MAX, ouvrir_archive
from convenir.contrat.conventions.models import Convention, GenreOperation, Operation
from convenir.contrat.conventions.rules import reprises as regles
from convenir.contrat.conventions.rules.termes import Termes
from convenir.contrat.conventions.views.lots import departement_ou_404, departements_couverts
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, tenter
from convenir.socle.documents.stockage import deposer


@exige(Capacite.INSTRUIRE_CONVENTION)
def reprendre(request: HttpRequest) -> HttpResponseBase:
    """Take over one convention, with the PDF of its act."""
    formulaire = forms_reprises.FormulaireReprise(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        acteur, p = acteur_de_la_requete(request), formulaire.cleaned_data
        faites: list[Convention] = []
        faire = lambda: faites.append(
            actions.reprendre_nee_ailleurs(acteur, fiche_de(p), p["acte"], maintenant=timezone.now())
        )
        if tenter(request, faire, "La convention est reprise, avec son acte signé."):
            return redirect(faites[0])
    statut = 400 if request.method == "POST" else 200
    return render(request, "conventions/reprendre.html", {"formulaire": formulaire}, status=statut)


def fiche_de(propre: dict[str, Any]) -> regles.Fiche:
    """Build what is known of a convention from its form."""
    noms = ("identifiant", "debut", "dernier_jour", "signee_le", "categorie", "numero_asp", "clauses_jusquau")
    termes = Termes(**{n: propre[n] for n in (*regles.NOMBRES, "sorties_prevues")})
    return regles.Fiche(**{n: propre[n] for n in noms}, fichier=propre["acte"].nom, termes=termes)


@exige(Capacite.INSTRUIRE_CONVENTION)
def en_masse(request: HttpRequest) -> HttpResponseBase:
    """Take over many conventions: the archive is kept, the work is done in the background."""
    couverts = departements_couverts(request)
    formulaire = forms_reprises.FormulaireArchive(request.POST or None, request.FILES or None, departements=couverts)
    if request.method == "POST" and formulaire.is_valid():
        p, demandees = formulaire.cleaned_data, []
        if tenter(request, lambda: demandees.append(_demander(request, p)), "La reprise est demandée."):
            tasks.confier(acteur_de_la_requete(request), demandees[0])
            return redirect(demandees[0])
    lieux = [d.pk for d in couverts]
    contexte = {
        "formulaire": formulaire,
        "operations": Operation.objects.filter(genre=GenreOperation.REPRISE, departement__in=lieux)[:10],
    }
    return render(request, "conventions/reprises.html", contexte, status=400 if request.method == "POST" else 200)


def _demander(request: HttpRequest, propre: dict[str, Any]) -> Operation:
    """Look at the archive at once, so that a wrong one is refused now; keep it, ask for the work."""
    recue = propre["archive"]
    if recue.size > ARCHIVE_MAX:
        raise EntreeInvalide(f"« {recue.name} » dépasse {ARCHIVE_MAX // 1024**2} Mio : faites-en plusieurs archives.")
    octets = recue.read()
    ouvrir_archive(octets, recue.name)
    lieu = departement_ou_404(request, propre["departement"])
    depot = deposer(octets, "reprise.zip")
    return operations.demander(
        acteur_de_la_requete(request), GenreOperation.REPRISE, lieu, essai=not propre["ecrire"],
        maintenant=timezone.now(), archive=(depot.sha256, recue.name[:200]),
    )  # fmt: skip


@exige(Capacite.INSTRUIRE_CONVENTION)
def modele(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Hand over the table to fill."""
    reponse = HttpResponse(regles.modele(), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="conventions-a-reprendre.csv"'
    return reponse
