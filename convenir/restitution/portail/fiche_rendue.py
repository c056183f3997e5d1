"""The body of a fiche page, rendered once per frozen state: same snapshot, same law, same rights, same page."""

from __future__ import annotations

import hashlib
from datetime import date

from django.core.cache import cache
from django.db.models import Max, Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from convenir.mesure.donnees.models import Correction
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.restitution.fiches import assemblage, graphiques
from convenir.restitution.portail.presentation import FichePresentee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation.queries import a_jour

DUREE = 3600
# Ce qui change la page d'une personne à l'autre : chaque droit entre dans la clé.
DROITS = (Capacite.VOIR_MARQUES_SENSIBLES, Capacite.CORRIGER_DONNEES)


def corps(acteur: Acteur, structure: Structure, annee: int) -> SafeString:
    """Return the HTML of the fiche as this person may see it.

    Raises:
        FicheIndisponible: no snapshot holds the year.
    """
    cle = _cle(acteur, structure, annee)
    connu = cache.get(cle) if cle else None
    if connu is None:
        connu = _rendre(acteur, structure, annee)
        if cle:
            cache.set(cle, str(connu), DUREE)
    # Rendered by our own templates, which escape what they print.
    return mark_safe(connu)


def _cle(acteur: Acteur, structure: Structure, annee: int) -> str:
    """Return what the page depends on; empty when nothing is computed for the year."""
    etat = indicateurs.etat_de_l_instantane(annee)
    if etat is None:
        return ""
    droits = "".join(str(int(acteur.peut(d))) for d in DROITS) + str(int(acteur.est_etat))
    droit, jour = a_jour(), min(etat[2], date(annee, 12, 31))
    parties = (
        *etat, structure.pk, annee, droits,
        *_dernier(Correction, "levee_le"), *((a.cle, a.retire_le) for a in (*droit.ajouts, *droit.orphelins)),
        droit.priorites(structure.departement_id, jour),
    )  # fmt: skip
    return "fiche:" + hashlib.sha256(repr(parties).encode()).hexdigest()


def _dernier(modele: type[Model], fin: str) -> tuple[object, ...]:
    """Return what changes when a row is added or ended."""
    return tuple(modele._default_manager.aggregate(Max("pk"), Max(fin)).values())


def _rendre(acteur: Acteur, structure: Structure, annee: int) -> SafeString:
    lue = assemblage.assembler(acteur, structure, annee)
    contexte = {
        "fiche": lue,
        "p": FichePresentee(lue, graphiques.toutes(lue)),
        "annees": indicateurs.annees_calculees(),
        "peut_corriger": acteur.peut(Capacite.CORRIGER_DONNEES),
    }
    return render_to_string("portail/fiche/corps.html", contexte)
