"""« D'où vient ce chiffre »: definition at that date, formula, lines, parameters, files, snapshot."""

from __future__ import annotations

import re
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from convenir.contrat.suivi.queries.listes import contestations_vivantes
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.valeurs import Cle, Statut
from convenir.restitution.fiches import assemblage
from convenir.restitution.fiches.secret import est_ouverte, masquer
from convenir.restitution.portail.trace import ReperePresente, TracePresentee
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.periodes import Mois
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation.queries import a_jour

# Les périodes du catalogue de l'IAE : l'année, le mois, le cumul à un mois.
PERIODE = re.compile(r"(?P<annee>[0-9]{4})(?:-(?P<mois>0[1-9]|1[0-2])(?:-cumul)?)?")


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
        trace = indicateurs.trace(
            instantane, "siae", structure.code, indicateur, periode, ventilation, modalite, structure.departement_id
        )
    except (EntreeInvalide, indicateurs.IndicateurInconnu) as erreur:
        raise Http404(str(erreur)) from None
    presentee = TracePresentee(structure, instantane, definition, trace)
    memes = contestations_vivantes(structure).filter(indicateur=indicateur, periode=periode)
    peut_contester = acteur_de_la_requete(request).peut(Capacite.DEPOSER_DEMANDE) and not ventilation
    contexte = {"t": presentee, "contestations": memes, "peut_contester": peut_contester}
    return render(request, "portail/chiffre.html", contexte)


@exige(Capacite.VOIR_STRUCTURES)
def repere(request: HttpRequest, id_asp: str, categorie: str, niveau: str, indicateur: str) -> HttpResponse:
    """Open a figure of the territory that the fiche of a structure prints beside its own."""
    try:
        structure = assemblage.trouver(acteur_de_la_requete(request), int(id_asp), categorie)
        presente = _repere(request, structure, niveau, indicateur)
    except (EntreeInvalide, indicateurs.IndicateurInconnu) as erreur:
        raise Http404(str(erreur)) from None
    return render(request, "portail/chiffre.html", {"t": presente})


def _repere(request: HttpRequest, structure: Structure, niveau: str, indicateur: str) -> ReperePresente:
    """Read the median of the category, or the whole when the spread is not known or a breakdown is asked for.

    Raises:
        EntreeInvalide: there is no such figure, or this person does not read it on the fiche.
    """
    instantane, periode = _instantane(request)
    acteur, loi, fin = acteur_de_la_requete(request), a_jour(), _fin(periode)
    definition = indicateurs.definition(indicateur, fin)
    code, nom = assemblage.territoires(structure)[niveau]
    valeurs = indicateurs.valeurs(instantane, niveau, code)
    cle = (request.GET.get("ventilation", ""), request.GET.get("modalite", ""))
    dispersion = None if cle[0] else valeurs.dispersion(indicateur, periode, structure.categorie)
    if dispersion and dispersion.effectif < assemblage.minimum(acteur, loi, fin):
        raise EntreeInvalide("Trop peu de structures pour un repère.")
    if not cle[0]:
        cle = (f"dispersion_{structure.categorie}", "mediane") if dispersion else ("categorie", structure.categorie)
    if not acteur.peut(Capacite.VOIR_MARQUES_SENSIBLES):
        siennes = indicateurs.valeurs(instantane, "siae", structure.code)
        valeurs = masquer(siennes, {niveau: (nom, valeurs)}, int(loi.nombre("secret.seuil", fin)))[1][niveau][1]
    if valeurs.get(indicateur, periode, *cle).statut != Statut.DISPONIBLE:
        raise EntreeInvalide("Ce chiffre n'existe pas, ou n'est ouvert qu'à l'État.")
    lieu = structure.departement_id
    trace = indicateurs.trace(instantane, niveau, code, indicateur, periode, *cle, lieu, lignes=False)
    return ReperePresente(structure, instantane, definition, trace, nom, dispersion)


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
