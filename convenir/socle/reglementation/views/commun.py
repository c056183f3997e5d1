"""What the pages share: the side menu and the day one reads at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.forms import FormulaireDate

MOTIFS = "motifs-sortie"


@dataclass(frozen=True)
class Lien:
    """A link of the side menu."""

    nom: str
    url: str
    courant: bool


@dataclass(frozen=True)
class Groupe:
    """A group of the side menu; `courant` when it holds the page one reads."""

    nom: str
    liens: list[Lien]

    @property
    def courant(self) -> bool:
        """Whether the current page is one of its links."""
        return any(lien.courant for lien in self.liens)


def contexte(request: HttpRequest, ici: str) -> dict[str, Any]:
    """Return the side menu, with the current entry, and what this person may add."""
    acteur = acteur_de_la_requete(request)
    return {
        "menu_droit": _menu(ici),
        "peut_ajouter": acteur.peut(Capacite.AJOUTER_PARAMETRE),
        "peut_ajouter_local": acteur.peut(Capacite.AJOUTER_PARAMETRE_LOCAL),
    }


def _menu(ici: str) -> list[Groupe]:
    def lien(nom: str, code: str, vue: str, *args: str) -> Lien:
        return Lien(nom, reverse(f"reglementation:{vue}", args=args), code == ici)

    groupes: dict[str, list[Lien]] = {}
    for famille in catalogue().familles.values():
        liens = groupes.setdefault(famille.groupe, [])
        liens.append(lien(famille.libelle, famille.code, "parametre", famille.code))
        if famille.code == MOTIFS:
            liens.append(lien("Sorties positives locales", "locaux", "locaux"))
            liens.append(lien("Publics prioritaires", "priorites", "priorites"))
    textes = [
        lien("Textes applicables", "textes", "textes"),
        lien("Noms des services", "institutions", "institutions"),
    ]
    textes += [lien(r.libelle, r.code, "referentiel", r.code) for r in catalogue().referentiels.values()]
    return [*(Groupe(nom, liens) for nom, liens in groupes.items()), Groupe("Textes, noms et listes", textes)]


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
