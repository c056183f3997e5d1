"""What the page of a fiche prints, ready: sentences, head figures, figures, links to sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from convenir.mesure.indicateurs.valeurs import Valeur
from convenir.restitution.fiches import phrases
from convenir.restitution.fiches.modele import FicheBilan, LigneObjectif
from convenir.socle.commun import francais
from convenir.socle.figures.figure import Figure
from convenir.socle.organisations.models import Structure


@dataclass(frozen=True)
class ChiffreDeTete:
    """One of the four head figures: its name, the value that opens, the sentence under it."""

    libelle: str
    valeur: Valeur
    texte: str
    url: str
    detail: str


@dataclass(frozen=True)
class FichePresentee:
    """The fiche and its figures, worded for the page."""

    fiche: FicheBilan
    figures: Mapping[str, Figure]

    @property
    def tete(self) -> list[ChiffreDeTete]:
        """The four head figures."""
        f = self.fiche
        return [
            self._taux(f.dynamique),
            self._taux(f.durable),
            self._chiffre(
                "Activité réalisée", f.activite.taux,
                f"{f.activite.realises.texte} sur {francais.nombre(f.activite.conventionnes.valeur, 2)} convenus.",
            ),
            self._chiffre("Aide acquise", f.aide["utilisee"], f"Sur {f.aide['allouee'].texte} alloués."),
        ]  # fmt: skip

    def _taux(self, ligne: LigneObjectif) -> ChiffreDeTete:
        courant = ligne.courant
        url = self.url(courant.resultat)
        return ChiffreDeTete(ligne.libelle, courant.resultat, courant.texte, url, phrases.detail_taux(ligne))

    def _chiffre(self, libelle: str, valeur: Valeur, detail: str) -> ChiffreDeTete:
        return ChiffreDeTete(libelle, valeur, valeur.texte, self.url(valeur), detail)

    def url(self, valeur: Valeur) -> str:
        """Address of « d'où vient ce chiffre » for a value of this structure."""
        return url_chiffre(self.fiche.structure, valeur)

    @property
    def phrases(self) -> dict[str, str]:
        """One sentence per section."""
        noms = (
            "objectifs",
            "triennale",
            "sorties",
            "activite",
            "publics",
            "priorites",
            "aide",
            "convention",
            "bareme",
            "comparaison",
            "france",
            "sans_alerte",
        )
        return {nom: getattr(phrases, nom)(self.fiche) for nom in noms}


def url_chiffre(structure: Structure, valeur: Valeur, niveau: str = "") -> str:
    """Return the address of the page where a figure of a structure opens, or one of the territory around it."""
    de = [structure.id_asp, structure.categorie]
    base = (
        reverse("portail:repere", args=[*de, niveau, valeur.indicateur])
        if niveau
        else reverse("portail:chiffre", args=[*de, valeur.indicateur])
    )
    cles = {"periode": valeur.periode, "ventilation": valeur.ventilation, "modalite": valeur.modalite}
    return f"{base}?{urlencode({nom: v for nom, v in cles.items() if v})}"
