"""« D'où vient ce chiffre »: definition at that date, formula, lines, parameters, files, snapshot."""

from __future__ import annotations

import re
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from convenir.contrat.suivi.queries.listes import contestations_vivantes
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.valeurs import Cle
from convenir.restitution.fiches import assemblage
from convenir.restitution.fiches.secret import est_ouverte
from convenir.restitution.portail.trace import TracePresentee
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.periodes import Mois
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete, exige
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation.queries import a_jour

PERIODE = re.compile(
    r"(?P<annee>[0-9]{4})(?:-(?P<mois>0[1-9]|1[0-2])(?:-cumul|-(?:0[1-9]|[12][0-9]|3[01]))?|-T[1-4])?"
)


@exige(Capacite.VOIR_STRUCTURES)
def chiffre(request: HttpRequest, id_asp: str, categorie: str, indicateur: str) -> HttpResponse:
    """Open a figure of a structure onto its source."""
    try:
        structure = assemblage.trouver(acteur_de_la_requete(request), int(id_asp), categorie)
        instantane, periode = _instantane(request)
        ventilation, modalite = request.GET.get("ventilation", ""), request.GET.get("modalite", "")
        definition = indicateurs.definition(indicateur, _fin(periode))
        if ventilation and ventilation not in definition.ventilations:
            raise EntreeInvalide("Cet indicateur n'a pas ce découpage.")
        _exiger_ouverte(request, instantane, structure, (indicateur, ventilation, modalite, periode))
        trace = indicateurs.trace(instantane, "siae", structure.code, indicateur, periode, ventilation, modalite)
    except (EntreeInvalide, indicateurs.IndicateurInconnu) as erreur:
        raise Http404(str(erreur)) from None
    presentee = TracePresentee(structure, instantane, definition, trace)
    memes = contestations_vivantes(structure).filter(indicateur=indicateur, periode=periode)
    peut_contester = acteur_de_la_requete(request).peut(Capacite.DEPOSER_DEMANDE) and not ventilation
    contexte = {"t": presentee, "contestations": memes, "peut_contester": peut_contester}
    return render(request, "portail/chiffre.html", contexte)


def _exiger_ouverte(request: HttpRequest, instantane: Instantane, structure: Structure, cle: Cle) -> None:
    """Stop on a figure covered by secrecy for this person.

    Raises:
        EntreeInvalide: it is.
    """
    if acteur_de_la_requete(request).peut(Capacite.VOIR_MARQUES_SENSIBLES):
        return
    seuil = int(a_jour().nombre("secret.seuil", _fin(cle[-1])))
    if not est_ouverte(indicateurs.valeurs(instantane, "siae", structure.code), cle, seuil):
        raise EntreeInvalide("Ce chiffre n'est ouvert qu'à l'État et à la structure.")


def _instantane(request: HttpRequest) -> tuple[Instantane, str]:
    """Return the snapshot that holds the period asked for."""
    periode = request.GET.get("periode", "")
    trouve = PERIODE.fullmatch(periode)
    if not trouve:
        raise EntreeInvalide("Donnez la période du chiffre, par exemple ?periode=2025.")
    instantane = indicateurs.instantane_courant(int(trouve["annee"]))
    if instantane is None:
        raise EntreeInvalide(f"Aucun chiffre n'est calculé pour {trouve['annee']}.")
    return instantane, periode


def _fin(periode: str) -> date:
    """Return the last day of a period: the definition shown is that of this day."""
    trouve = PERIODE.fullmatch(periode)
    if trouve is None or not trouve["mois"]:
        return date(int(periode[:4]), 12, 31)
    return date.fromordinal(Mois(int(periode[:4]), int(trouve["mois"])).fin.toordinal() - 1)
