"""Putting a prepared delivery in force: the folder moves, then one database transaction says so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import DatabaseError, transaction
from django.utils import timezone

from convenir.mesure.donnees.actions import actes
from convenir.mesure.donnees.annexes.enregistrement import comparer_annexes, enregistrer_annexes
from convenir.mesure.donnees.effets import Contenu
from convenir.mesure.donnees.models import (
    SOURCES_ML,
    AnnexeLue,
    Correction,
    DepartementCouvert,
    FichierRecu,
    Livraison,
    Source,
)
from convenir.mesure.donnees.preparation import Preparation
from convenir.mesure.donnees.rapport import LISTE_STOCKEE, Rapport
from convenir.mesure.donnees.signals import livraison_appliquee, livraison_ml_appliquee
from convenir.mesure.donnees.states import EtatLivraison
from convenir.mesure.donnees.verrou import attendre_les_transactions
from convenir.mesure.donnees.vigueur import TERRITOIRE
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.actions import enregistrer_structures
from convenir.socle.organisations.models import Structure
from convenir.socle.organisations.reseau import enregistrer_reseau


def mettre_en_vigueur(
    livraison: Livraison,
    preparation: Preparation,
    contenu: Contenu,
    rapport: Rapport,
    auteur: Auteur,
    *,
    acte: str = actes.APPLIQUEE,
) -> None:
    """Put a prepared delivery in force, wholly or not at all; the import lock must be held.

    The records are complete and in their final folder before the transaction begins. If the process dies before the
    commit, the folder belongs to no applied delivery and `nettoyer` takes it away, or back to where it was prepared.

    Raises:
        EntreeInvalide: the database refuses a value; nothing is changed.
    """
    if preparation.source == Source.FLUXIAE:
        ecrire_territoire(preparation.dossier, contenu)
    with _dossier_definitif(preparation.dossier, livraison.dossier):
        try:
            with transaction.atomic():
                attendre_les_transactions()
                _ecrire(livraison, preparation, contenu, rapport, auteur, acte)
        except DatabaseError as erreur:
            raise EntreeInvalide(
                "La base de données a refusé une valeur de la livraison. Rien n'a été modifié. "
                f"Transmettez ce message à l'administration de la plateforme : {type(erreur).__name__}."
            ) from erreur


@contextmanager
def _dossier_definitif(prepare: Path, definitif: Path) -> Iterator[None]:
    """Move the folder to its final place; back again if what follows fails."""
    deplace = prepare != definitif
    if deplace:
        _assurer_sur_disque(prepare)
        prepare.rename(definitif)
    try:
        yield
    except BaseException:
        if deplace:
            definitif.rename(prepare)
        raise


def _assurer_sur_disque(dossier: Path) -> None:
    for fichier in (f for f in dossier.rglob("*") if f.is_file()):
        descripteur = os.open(fichier, os.O_RDONLY)
        try:
            os.fsync(descripteur)
        finally:
            os.close(descripteur)


def _ecrire(
    livraison: Livraison, preparation: Preparation, contenu: Contenu, rapport: Rapport, auteur: Auteur, acte: str
) -> None:
    """Write everything the delivery changes in the database; the journal comes last."""
    maintenant = timezone.now()
    extraction = preparation.date_extraction
    jour = timezone.localtime(extraction).date() if extraction else timezone.localdate()
    livraison.etat, livraison.appliquee_le = EtatLivraison.APPLIQUEE, maintenant
    livraison.empreinte, livraison.date_extraction = preparation.empreinte, extraction
    livraison.departements = sorted(contenu.apportes | set(livraison.departements))
    livraison.couverture = contenu.annees
    livraison.arrete_au = contenu.arrete_au
    livraison.rapport, livraison.etape, livraison.progression = rapport.as_dict(limite=LISTE_STOCKEE), "", 100
    livraison.message = ""
    livraison.save()
    enregistrer_fichiers(livraison, preparation)
    enregistrer_couverture(livraison, contenu)
    if contenu.structures is not None:
        enregistrer_structures(contenu.structures, auteur, jour, couverture=contenu.couverture)
        enregistrer_annexes(comparer_annexes(contenu.annexes, contenu.couverts), livraison, jour)
        Correction.objects.filter(pk__in=contenu.surcharge.echues).update(levee_le=maintenant)
    if contenu.reseau is not None:
        enregistrer_reseau(contenu.reseau, auteur, jour)
    journaliser(
        acte,
        livraison,
        auteur=auteur,
        apres={
            "empreinte": livraison.empreinte,
            "fichiers": {f.nom: f.sha256_recu for f in preparation.fichiers},
            "vues": rapport.vues,
            "effets": rapport.effets,
            "departements": sorted(contenu.apportes),
            "motif_confirmation": livraison.motif_confirmation,
            "motif_sans_fin": livraison.motif_sans_fin,
            **({"origine": livraison.origine} if livraison.origine else {}),
        },
    )
    identifiant = livraison.uuid
    signal = livraison_ml_appliquee if preparation.source in SOURCES_ML else livraison_appliquee
    transaction.on_commit(lambda: signal.send(sender=Livraison, livraison_uuid=identifiant), robust=True)


def enregistrer_fichiers(livraison: Livraison, preparation: Preparation) -> None:
    """Write the files of a delivery, once."""
    if livraison.fichiers.exists():
        return
    FichierRecu.objects.bulk_create(
        FichierRecu(livraison=livraison, **fichier.__dict__) for fichier in preparation.fichiers
    )


def enregistrer_couverture(livraison: Livraison, contenu: Contenu) -> None:
    """Say that the delivery now holds in the départements it covers; elsewhere, what held still holds."""
    depuis = livraison.appliquee_le or timezone.now()
    DepartementCouvert.objects.bulk_create(
        (
            DepartementCouvert(livraison=livraison, departement_id=code, depuis=depuis)
            for code in sorted(contenu.couverts)
        ),
        update_conflicts=True,
        unique_fields=["livraison", "departement"],
        update_fields=["depuis"],
    )


def ecrire_territoire(dossier: Path, contenu: Contenu) -> None:
    """Write beside the records which structure lies in which département, and which annexe is of which structure.

    Where another delivery holds, it is what tells the lines that no longer count. A delivery without structures takes
    them as they are known.
    """
    sortie = dossier / TERRITOIRE
    if sortie.is_dir():
        return
    if contenu.structures is not None:
        structures = {(s.id_asp, s.departement_code) for s in contenu.structures}
        annexes = {(a.id_annexe, a.id_structure_asp) for a in contenu.annexes}
    else:
        structures = set(Structure.objects.values_list("id_asp", "departement_id"))
        annexes = set(AnnexeLue.objects.values_list("id_annexe", "id_structure_asp"))
    provisoire = dossier / f".{TERRITOIRE}"
    shutil.rmtree(provisoire, ignore_errors=True)
    provisoire.mkdir()
    _table(provisoire / "structures.parquet", {"id_structure": pa.int64(), "departement": pa.string()}, structures)
    _table(provisoire / "annexes.parquet", {"id_annexe": pa.int64(), "id_structure": pa.int64()}, annexes)
    provisoire.rename(sortie)


def _table(chemin: Path, colonnes: dict[str, pa.DataType], lignes: set[tuple[Any, Any]]) -> None:
    valeurs = list(zip(*sorted(lignes), strict=True)) or [(), ()]
    tableaux = [pa.array(v, t) for v, t in zip(valeurs, colonnes.values(), strict=True)]
    pq.write_table(pa.table(dict(zip(colonnes, tableaux, strict=True))), chemin)
