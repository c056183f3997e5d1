"""Loading of the official geography and of the zonings supplied by the users."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.actes import declarer
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.territoires.geographie_officielle import MILLESIME, lire_niveau
from convenir.socle.territoires.models import (
    AncienCode,
    Commune,
    CommuneZonage,
    Departement,
    Epci,
    Genre,
    Region,
    Zonage,
)
from convenir.socle.territoires.zonages import ZonageLu, lire_zonage

CHARGER_GEOGRAPHIE = declarer("territoires.charger_geographie", "Géographie officielle chargée")
CHARGER_ZONAGE = declarer("territoires.charger_zonage", "Zonage chargé")

# Each level after those it refers to.
NIVEAUX: tuple[tuple[str, type[models.Model], str], ...] = (
    ("regions", Region, "regions.csv"),
    ("departements", Departement, "departements.csv"),
    ("epci", Epci, "epci.csv.gz"),
    ("communes", Commune, "communes.csv.gz"),
    ("anciens_codes", AncienCode, "anciens_codes.csv.gz"),
)


@transaction.atomic
def charger_geographie(auteur: Auteur | None = None) -> dict[str, int]:
    """Bring the territories to the vendored geography: create and update, never delete.

    Args:
        auteur: who asks; the command line when absent.

    Returns:
        Number of rows written by level; all zeros when everything was up to date.
    """
    ecrits = {nom: _mettre_a_jour(modele, fichier) for nom, modele, fichier in NIVEAUX}
    if any(ecrits.values()):
        journaliser(
            CHARGER_GEOGRAPHIE,
            ("territoires.Geographie", str(MILLESIME), f"Géographie officielle {MILLESIME}"),
            auteur=auteur or Auteur.systeme("Ligne de commande"),
            apres=dict(ecrits),
        )
    return ecrits


def _mettre_a_jour(modele: type[models.Model], fichier: str) -> int:
    """Upsert the rows that differ from the database; return their number."""
    champs = {c.name: c.attname for c in modele._meta.concrete_fields}
    noms = list(champs)
    en_base = dict.fromkeys(modele._default_manager.values_list(*champs.values()))
    lues = (tuple(ligne[nom] for nom in noms) for ligne in lire_niveau(fichier))
    changees: list[models.Model] = [
        modele(**dict(zip(champs.values(), valeurs, strict=True))) for valeurs in lues if valeurs not in en_base
    ]
    modele._default_manager.bulk_create(
        changees,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[nom for nom in noms if nom != "code"],
    )
    return len(changees)


@dataclass(frozen=True)
class ZonageCharge:
    """Result of a loading.

    Attributes:
        zones: number of zones in the file.
        rattachements: number of (zone, commune) pairs.
        ecrits: zones and pairs created, changed or withdrawn; 0 when the file was already loaded.
        anciens: rows read through an old commune code.
        inconnues: (line, code) of communes that the official geography does not know: to be shown, not loaded.
    """

    genre: Genre
    millesime: int
    zones: int
    rattachements: int
    ecrits: int
    anciens: int
    inconnues: tuple[tuple[int, str], ...]


def charger_zonage(
    chemin: Path, genre: Genre | str, millesime: int, auteur: Auteur, *, essai: bool = False
) -> ZonageCharge:
    """Load one kind and vintage of zoning from a CSV `code_zone,nom,code_commune[,part]` (UTF-8, comma).

    All or nothing; the same file twice writes nothing; another file for the same vintage replaces it.

    Args:
        essai: say what would be written, and write nothing.

    Raises:
        EntreeInvalide: kind, vintage or file wrong; the message names file, line, column, value and the way out.
    """
    genre = _genre(genre)
    if not 1990 <= millesime <= 2100:
        raise EntreeInvalide(f"Le millésime {millesime} n'est pas une année. Donnez l'année de la liste officielle.")
    try:
        octets = Path(chemin).read_bytes()
    except OSError as erreur:
        raise EntreeInvalide(f"Le fichier {chemin} ne peut pas être lu. Vérifiez son nom et vos droits.") from erreur
    with transaction.atomic():
        lu = _lire(octets, Path(chemin).name, genre)
        avant = _compter(genre, millesime)
        ecrits = _remplacer(lu, genre, millesime)
        if essai:
            transaction.set_rollback(True)
        elif ecrits:
            journaliser(
                CHARGER_ZONAGE,
                ("territoires.Zonage", f"{genre}-{millesime}", f"{genre.label} {millesime}"),
                auteur=auteur,
                avant=avant,
                apres=_compter(genre, millesime) | {"fichier": Path(chemin).name},
            )
    return ZonageCharge(genre, millesime, len(lu.zones), len(lu.parts), ecrits, lu.anciens, tuple(lu.inconnues))


def _genre(genre: Genre | str) -> Genre:
    try:
        return Genre(genre)
    except ValueError as erreur:
        raise EntreeInvalide(
            f"Le genre de zonage « {genre} » n'existe pas. Genres : {', '.join(Genre.values)}."
        ) from erreur


def _lire(octets: bytes, fichier: str, genre: Genre) -> ZonageLu:
    communes = set(Commune.objects.values_list("code", flat=True))
    if not communes:
        raise EntreeInvalide(
            "La géographie officielle n'est pas chargée. Lancez « convenir preparer », puis recommencez."
        )
    anciens: dict[str, str] = dict(AncienCode.objects.values_list("code", "commune"))
    return lire_zonage(octets, fichier, communes=communes, anciens=anciens, exclusif=genre == Genre.ZONE_EMPLOI)


def _compter(genre: Genre, millesime: int) -> dict[str, Any]:
    zones = Zonage.objects.filter(genre=genre, millesime=millesime)
    return {"zones": zones.count(), "rattachements": CommuneZonage.objects.filter(zonage__in=zones).count()}


def _remplacer(lu: ZonageLu, genre: Genre, millesime: int) -> int:
    """Make the stored zoning equal to the file; return the number of rows touched."""
    zones = Zonage.objects.filter(genre=genre, millesime=millesime)
    noms = dict(zones.values_list("code", "nom"))
    changees = [
        Zonage(genre=genre, millesime=millesime, code=c, nom=n) for c, n in lu.zones.items() if noms.get(c) != n
    ]
    Zonage.objects.bulk_create(
        changees, update_conflicts=True, unique_fields=["genre", "millesime", "code"], update_fields=["nom"]
    )
    touches = len(changees) + _remplacer_rattachements(lu, zones)
    retirees = zones.exclude(code__in=lu.zones)
    touches += retirees.count()
    retirees.delete()
    return touches


def _remplacer_rattachements(lu: ZonageLu, zones: models.QuerySet[Zonage]) -> int:
    cles = dict(zones.values_list("code", "pk"))
    stockes = {
        (zone, commune): (pk, part)
        for pk, zone, commune, part in CommuneZonage.objects.filter(zonage__in=zones).values_list(
            "pk", "zonage__code", "commune", "part"
        )
    }
    perimes = [pk for cle, (pk, part) in stockes.items() if lu.parts.get(cle) != part]
    for debut in range(0, len(perimes), 500):
        CommuneZonage.objects.filter(pk__in=perimes[debut : debut + 500]).delete()
    nouveaux = [
        CommuneZonage(zonage_id=cles[zone], commune_id=commune, part=part)
        for (zone, commune), part in lu.parts.items()
        if stockes.get((zone, commune), (0, ""))[1] != part
    ]
    CommuneZonage.objects.bulk_create(nouveaux)
    return len(perimes) + len(nouveaux)
