"""Who enters the pages of the deliveries: the State for its territory, a mission locale for itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from convenir.mesure.donnees import policies, queries
from convenir.mesure.donnees.models import Livraison
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.pages import Vue, acteur_de_la_requete, page_de_refus


def _garder(permis: Callable[[Acteur], bool], capacite: Capacite) -> Callable[[Vue], Vue]:
    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            acteur = acteur_de_la_requete(request)
            if permis(acteur):
                return vue(request, *args, **kwargs)
            return page_de_refus(request, raison_du_refus(acteur, capacite) or "")

        gardee.capacite = capacite  # type: ignore[attr-defined]
        return gardee

    return decorer


lecture = _garder(policies.lit_des_livraisons, Capacite.VOIR_LIVRAISONS)
depot = _garder(policies.peut_deposer, Capacite.IMPORTER_DONNEES)


def la_livraison(request: HttpRequest, identifiant: UUID) -> Livraison:
    """Return a delivery that the person may read.

    Raises:
        Http404: it does not exist, or is not theirs to read: the page does not tell which.
    """
    return get_object_or_404(queries.livraisons_visibles(acteur_de_la_requete(request)), uuid=identifiant)
