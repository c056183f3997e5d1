"""Reads: the values that pages print, their definitions, the covered perimeter. Records are read by `trace` alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.definitions import Indicateur, Version
from convenir.mesure.indicateurs.materialisees import valeurs, valeurs_de_plusieurs
from convenir.mesure.indicateurs.models import Instantane, SituationStructure, SituationTerritoire
from convenir.mesure.indicateurs.perimetre import PerimetreCharge
from convenir.mesure.indicateurs.traces.lecture import trace
from convenir.mesure.indicateurs.traces.modele import Etape, FichierTrace, ParametreTrace, Trace
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.organisations.models import Structure

LIBELLES_FAMILLES = {
    "aide": "Aide au poste", "eligibilite": "Éligibilité", "encadrement": "Encadrement", "etp": "Activité en ETP",
    "formation": "Formation", "objectifs": "Objectifs négociés", "publics": "Publics accueillis", "sorties": "Sorties",
}  # fmt: skip
__all__ = [
    "Definition",
    "Etape",
    "FichierTrace",
    "IndicateurInconnu",
    "ParametreTrace",
    "Trace",
    "alertes_du_territoire",
    "annees_calculees",
    "definition",
    "definitions",
    "definitions_par_famille",
    "instantane_courant",
    "libelle_modalite",
    "perimetre_charge",
    "situation",
    "situations",
    "trace",
    "valeurs",
    "valeurs_de_plusieurs",
]  # fmt: skip


class IndicateurInconnu(ErreurMetier):
    """No indicator has this code."""


@dataclass(frozen=True)
class Definition:
    """An indicator as the pages explain it, on a day."""

    code: str
    libelle: str
    definition: str
    unite: str
    sens: str
    numerateur: str
    denominateur: str
    exclusions: tuple[str, ...]
    source: str
    texte: str
    version: int
    depuis: date
    validite: tuple[date, date | None]
    historique: tuple[Version, ...]
    parametres: tuple[str, ...]
    a_confirmer: str
    ventilations: tuple[str, ...]


def definition(code: str, jour: date, dispositif: str = "iae") -> Definition:
    """Return the definition in force on a day.

    Raises:
        IndicateurInconnu: no indicator has this code.
    """
    cat = catalogue(dispositif)
    if code not in cat.indicateurs:
        raise IndicateurInconnu(f"L'indicateur « {code} » n'existe pas dans le catalogue.")
    i = cat.indicateurs[code]
    version = i.version_au(jour)
    return Definition(
        i.code, i.libelle, i.definition, i.unite, i.sens, i.numerateur.mots,
        i.denominateur.mots if i.denominateur else "", tuple(e.mots for e in i.exclusions), _source(i, dispositif),
        i.texte, version.version, version.depuis, (i.debut, i.fin), i.versions, i.parametres, i.a_confirmer,
        i.ventilations,
    )  # fmt: skip


def definitions(jour: date, dispositif: str = "iae") -> list[Definition]:
    """Return the whole catalogue on a day, in the order of the codes."""
    return [definition(code, jour, dispositif) for code in sorted(catalogue(dispositif).indicateurs)]


def _source(indicateur: Indicateur, dispositif: str) -> str:
    source = catalogue(dispositif).sources.get(indicateur.source)
    return source.libelle if source else "Calcul de Convenir à partir des ETP mensuels"


def libelle_modalite(ventilation: str, modalite: str, instantane: Instantane | None = None) -> str:
    """Return the words of a modality: « Femmes », « Au chômage », « ACI »."""
    if ventilation == "motif_sortie":
        motifs = instantane.motifs if instantane else {}
        inconnu = (
            "Motif non renseigné" if modalite == "non_renseigne" else f"Motif {modalite}, inconnu des référentiels"
        )
        return str(motifs.get(modalite, {}).get("libelle", inconnu))
    connue = catalogue(instantane.dispositif if instantane else "iae").ventilations.get(ventilation)
    trouvee = next((m.libelle for m in connue.modalites if m.code == modalite), "") if connue else ""
    return trouvee or ("Milieu pénitentiaire" if modalite == "penitentiaire" else modalite)


def instantane_courant(annee: int | None = None, dispositif: str = "iae") -> Instantane | None:
    """Return the snapshot computed or confirmed last, for a year if one is given; None when there is none."""
    return _courants(annee, dispositif).first()


def etat_de_l_instantane(annee: int) -> tuple[str, datetime, date] | None:
    """Return the fingerprint of the snapshot of a year, when it was confirmed, its last day; its parameters unread."""
    return _courants(annee, "iae").values_list("sha256", "confirme_le", "arrete_au").first()


def _courants(annee: int | None, dispositif: str) -> QuerySet[Instantane]:
    choisis = Instantane.objects.filter(dispositif=dispositif)
    if annee is not None:
        choisis = choisis.filter(premiere_annee__lte=annee, derniere_annee__gte=annee)
    return choisis.order_by("-confirme_le", "-pk")


def annees_calculees(dispositif: str = "iae") -> list[int]:
    """Return the years of the current snapshot, latest first."""
    courant = instantane_courant(dispositif=dispositif)
    return sorted(courant.annees, reverse=True) if courant else []


def definitions_par_famille(dispositif: str = "iae") -> dict[str, list[Definition]]:
    """Return the definitions of today by family, the second word of their code."""
    familles: dict[str, list[Definition]] = {}
    for d in definitions(timezone.localdate(), dispositif):
        familles.setdefault(LIBELLES_FAMILLES.get(d.code.split(".")[1], d.code.split(".")[1]), []).append(d)
    return familles


def situation(structure: Structure, annee: int) -> SituationStructure | None:
    """Return the line of one structure for a year."""
    return SituationStructure.objects.filter(structure=structure, annee=annee).first()


def perimetre_charge(instantane: Instantane | None = None) -> PerimetreCharge:
    """Return what the files of a snapshot cover (the current one by default); empty when nothing is computed."""
    instantane = instantane or instantane_courant()
    return PerimetreCharge.de(instantane.perimetre if instantane else {})


def situations(annee: int) -> QuerySet[SituationStructure]:
    """Return the line of every structure for a year; filter by `structure__in=Structure.objects.visibles_par(…)`."""
    return SituationStructure.objects.filter(annee=annee).select_related("structure")


def alertes_du_territoire(niveau: str, code: str, annee: int) -> list[dict[str, Any]]:
    """Return the alerts that bear on a whole territory (people present, at the level of the département)."""
    ligne = SituationTerritoire.objects.filter(niveau=niveau, code=code, annee=annee).first()
    return list(ligne.alertes) if ligne else []
