"""Where a figure of a mission locale opens."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from convenir.mesure.indicateurs.valeurs import Valeur
from convenir.socle.organisations.models import MissionLocale


def url_chiffre_ml(mission_locale: MissionLocale, valeur: Valeur) -> str:
    """Return the address of the page where a figure of a mission locale opens."""
    base = reverse("portail:chiffre_ml", args=[mission_locale.code, valeur.indicateur])
    cles = {"periode": valeur.periode, "ventilation": valeur.ventilation, "modalite": valeur.modalite}
    return f"{base}?{urlencode({nom: v for nom, v in cles.items() if v})}"
