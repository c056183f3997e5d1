"""The list of missions locales: filters read from the address, the same rows on screen and in the export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q, QuerySet

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.organisations.normalisation import mots_cherches, texte_de_recherche

PAR_PAGE = 25
# Colonne → indicateur : d'abord qui vient, puis ce qui en sort, puis ce qu'on ne sait pas.
COLONNES = {"contact": "ACT01", "entretien": "ACT02", "jdi": "ACT07", "durable": "TX02", "inconnue": "TX09"}
TRIS = {"nom": "nom", "departement": "departement_id", **dict.fromkeys(COLONNES, "tri__valeur")}


@dataclass(frozen=True)
class FiltreMl:
    """What the person asked for; an unknown value is ignored, never an error."""

    annee: int
    q: str = ""
    departement: str = ""
    region: str = ""
    tri: str = "nom"

    @classmethod
    def lire(cls, parametres: Mapping[str, str], annee: int) -> FiltreMl:
        """Read the filter from a query string."""
        tri = parametres.get("tri", "nom")
        return cls(
            annee,
            parametres.get("q", "").strip()[:100],
            parametres.get("departement", "").strip()[:3],
            parametres.get("region", "").strip()[:3],
            tri if tri.removeprefix("-") in TRIS else "nom",
        )

    @property
    def est_actif(self) -> bool:
        """Tell whether anything narrows the list."""
        return any((self.q, self.departement, self.region))


def visibles(acteur: Acteur) -> QuerySet[MissionLocale]:
    """Return the missions locales this person may see, still followed."""
    siennes = MissionLocale.objects.visibles_par(acteur.perimetre).filter(suivie_jusquau=None)
    return siennes.select_related("departement__region")


def est_dehors(acteur: Acteur) -> bool:
    """Tell whether a person reads from outside the State and the mission locale: small counts are hidden."""
    return not acteur.peut(Capacite.VOIR_MARQUES_SENSIBLES)


def filtrer(acteur: Acteur, filtre: FiltreMl) -> QuerySet[MissionLocale]:
    """Return the rows of the list, sorted; a person outside sorts by name or territory alone."""
    lignes = _chercher(visibles(acteur), filtre.q)
    if filtre.departement:
        lignes = lignes.filter(departement=filtre.departement)
    if filtre.region:
        lignes = lignes.filter(departement__region=filtre.region)
    tri = filtre.tri.removeprefix("-")
    if tri not in COLONNES:
        return lignes.order_by(("-" if filtre.tri.startswith("-") else "") + TRIS[tri], "nom", "code")
    if est_dehors(acteur):
        return lignes.order_by("nom", "code")
    condition = Q(chiffres__annee=filtre.annee, chiffres__indicateur=COLONNES[tri])
    champ = F("tri__valeur")
    ordre = champ.desc(nulls_last=True) if filtre.tri.startswith("-") else champ.asc(nulls_last=True)
    return lignes.annotate(tri=FilteredRelation("chiffres", condition=condition)).order_by(ordre, "nom", "code")


def _chercher(lignes: QuerySet[MissionLocale], q: str) -> QuerySet[MissionLocale]:
    """Keep those whose name or code carries every word; accents and case do not count (440 names at most)."""
    mots = mots_cherches(q)
    if not mots:
        return lignes
    noms = lignes.values_list("pk", "nom", "code")
    trouvees = [pk for pk, nom, code in noms if all(m in texte_de_recherche([nom, code]) for m in mots)]
    return lignes.filter(pk__in=trouvees)
