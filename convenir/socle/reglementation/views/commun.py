"""What the pages share: the side menu and the day one reads at."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.forms import FormulaireDate


def contexte(request: HttpRequest, ici: str) -> dict[str, Any]:
    """Return the side menu, with the current entry, and what this person may add."""
    groupes: dict[str, list[Any]] = {}
    for famille in catalogue().familles.values():
        groupes.setdefault(famille.groupe, []).append(famille)
    acteur = acteur_de_la_requete(request)
    return {
        "groupes": groupes,
        "ici": ici,
        "referentiels": catalogue().referentiels.values(),
        "peut_ajouter": acteur.peut(Capacite.AJOUTER_PARAMETRE),
        "peut_ajouter_local": acteur.peut(Capacite.AJOUTER_PARAMETRE_LOCAL),
    }


def lire_date(request: HttpRequest, territoires: list[tuple[str, str]]) -> tuple[FormulaireDate, date, str]:
    """Return the form, the day (today when none or a wrong one is given) and the territory."""
    aujourdhui = timezone.localdate()
    donnees = request.GET.copy()
    if not donnees.get("date"):
        donnees["date"] = f"{aujourdhui:%d/%m/%Y}"
    formulaire = FormulaireDate(donnees, territoires=territoires)
    formulaire.is_valid()
    lu = formulaire.cleaned_data
    return formulaire, lu.get("date") or aujourdhui, lu.get("territoire", "")
