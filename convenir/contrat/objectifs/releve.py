"""The record of the negotiation of a year, as an editable DOCX and as a tagged PDF, from one typed context."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from convenir.contrat.objectifs.presentation import PageNegociation
from convenir.contrat.objectifs.states import SUITES, Etat
from convenir.socle.commun.francais import jour, majuscule
from convenir.socle.documents.contextes import NATURE, Meta
from convenir.socle.documents.docx import rendre_docx
from convenir.socle.documents.rendu import DocumentRendu, rendre

GABARIT = "releve-objectifs"


@dataclass(frozen=True)
class PositionDuReleve:
    """A position: who, when, what value, in their words."""

    partie: str
    jour: str
    valeur: str
    raisons: str


@dataclass(frozen=True)
class ObjectifDuReleve:
    """An objective: base, target, outcome, the orientation it serves and who expects it, positions."""

    libelle: str
    base: str
    cible: str
    etat: str
    repond: str
    positions: tuple[PositionDuReleve, ...]


@dataclass(frozen=True)
class DonneesReleve:
    """All of the record; every value is a text already worded."""

    meta: Meta
    services: tuple[str, ...]
    objet: str
    identite: tuple[tuple[str, str], ...]
    phrase: str
    objectifs: tuple[ObjectifDuReleve, ...]
    somme: str
    absents: tuple[str, ...] = ()

    def en_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists and texts."""
        return asdict(self)


def contexte(page: PageNegociation) -> DonneesReleve:
    """Word the record of a negotiation."""
    convention, annee = page.lue.convention, page.lue.annee
    instantane = page.lue.lectures.instantane
    nom = f"{convention.nom_de_la_partie}{f' ({convention.categorie})' if convention.categorie else ''}"
    somme = page.somme
    return DonneesReleve(
        meta=Meta(
            titre=f"Relevé de la négociation des objectifs {annee}", reference=f"{convention.reference}-OBJ-{annee}",
            auteur=convention.service.nom, objet=f"Objectifs {annee} négociés avec {nom}.",
            etat=f"Données arrêtées au {jour(instantane.arrete_au)}." if instantane else "Aucune donnée chargée.",
            mots=("objectifs", "dialogue de gestion"), type="Relevé", nature=NATURE,
        ),
        services=(convention.service.nom,),
        objet=nom,
        identite=(
            ("Convention", convention.reference), ("Du", jour(convention.debut)),
            ("Au", jour(convention.dernier_jour)),
        ),
        phrase=f"{page.etat[0]}. {page.etat[1]}".strip(),
        objectifs=tuple(_objectif(o) for o in sorted(page.objectifs, key=lambda o: _ordre(page, o))),
        somme=majuscule(
            f"{' + '.join(f'{t.libelle} {t.valeur}' for t in somme[:-1])} = {somme[-1].libelle} {somme[-1].valeur} "
            f"({somme[-1].statut})."
        ) if somme else "",
        absents=tuple(sorted({f"{majuscule(mot)}." for o in page.objectifs for mot in o.absents})),
    )  # fmt: skip


def _ordre(page: PageNegociation, presente: Any) -> tuple[int, str, int]:
    """The exits in the order of the text, then the other axes: the same whoever makes the record."""
    o = presente.objectif
    rangs = {s.pk: n for n, s in enumerate(page.lue.sorties)}
    return rangs.get(o.pk, len(rangs)), o.axe, o.pk


def _objectif(presente: Any) -> ObjectifDuReleve:
    o = presente.objectif
    return ObjectifDuReleve(
        libelle=o.libelle,
        base=presente.base if o.base is not None else "–",
        cible=presente.cible if o.etat == Etat.CONVENU else "–",
        etat=o.get_etat_display() if o.etat in SUITES else "",
        repond=presente.repond,
        positions=tuple(
            PositionDuReleve(
                str(p.get_partie_display()), jour(timezone.localtime(p.deposee_le).date()), valeur, p.raisons
            )
            for p, _, valeur in presente.lignes
        ),
    )


def en_docx(donnees: DonneesReleve, instant: datetime, *, fictif: bool) -> DocumentRendu:
    """Render the record as an editable DOCX, dated by the last position."""
    return rendre_docx(GABARIT, donnees, horodatage=instant, fictif=fictif)


def en_pdf(donnees: DonneesReleve, instant: datetime, *, fictif: bool) -> DocumentRendu:
    """Render the record as a tagged PDF, dated by the last position."""
    return rendre(GABARIT, donnees, horodatage=instant, fictif=fictif)
