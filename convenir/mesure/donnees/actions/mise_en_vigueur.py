"""Putting a prepared delivery in force: the folder moves, then one database transaction says so."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone

from convenir.mesure.donnees import queries
from convenir.mesure.donnees.actions import actes
from convenir.mesure.donnees.annexes.enregistrement import comparer_annexes, enregistrer_annexes
from convenir.mesure.donnees.controle.connexion import connexion, parquet, texte
from convenir.mesure.donnees.effets import Contenu
from convenir.mesure.donnees.models import Correction, FichierRecu, Livraison, Source
from convenir.mesure.donnees.preparation import Preparation
from convenir.mesure.donnees.rapport import LISTE_STOCKEE, Rapport
from convenir.mesure.donnees.signals import livraison_appliquee
from convenir.mesure.donnees.states import EtatLivraison
from convenir.mesure.donnees.verrou import attendre_les_transactions, dossier_entrepot
from convenir.mesure.reprise import a_neuf
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.actions import enregistrer_structures


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
    reporter_les_autres_departements(preparation, contenu)
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
    livraison.departements = sorted(contenu.apportes)
    livraison.rapport, livraison.etape, livraison.progression = rapport.as_dict(limite=LISTE_STOCKEE), "", 100
    livraison.message = ""
    livraison.save()
    enregistrer_fichiers(livraison, preparation)
    if contenu.structures is not None:
        enregistrer_structures(contenu.structures, auteur, jour, couverture=contenu.couverture)
        enregistrer_annexes(comparer_annexes(contenu.annexes, contenu.couverts), livraison, jour)
        Correction.objects.filter(pk__in=contenu.surcharge.echues).update(levee_le=maintenant)
    journaliser(
        acte,
        livraison,
        auteur=auteur,
        apres={
            "empreinte": livraison.empreinte,
            "fichiers": {f.nom: f.sha256_recu for f in preparation.fichiers},
            "vues": rapport.vues,
            "effets": rapport.effets,
            "motif_confirmation": livraison.motif_confirmation,
            "motif_sans_fin": livraison.motif_sans_fin,
        },
    )
    identifiant = livraison.uuid
    transaction.on_commit(lambda: livraison_appliquee.send(sender=Livraison, livraison_uuid=identifiant), robust=True)


def enregistrer_fichiers(livraison: Livraison, preparation: Preparation) -> None:
    """Write the files of a delivery, once."""
    if livraison.fichiers.exists():
        return
    FichierRecu.objects.bulk_create(
        FichierRecu(livraison=livraison, **fichier.__dict__) for fichier in preparation.fichiers
    )


def reporter_les_autres_departements(preparation: Preparation, contenu: Contenu) -> None:
    """Carry over the aggregated records of the départements this file does not cover, each in a file of its own.

    A département loads its own aggregates; it must not erase those of its neighbours.
    """
    if preparation.source == Source.FLUXIAE:
        return
    vue = next(iter(preparation.vues))
    courante = queries.sources_courantes().get(vue)
    sortie = preparation.dossier / vue / "enregistrements"
    for ancien in sortie.glob("report-*.parquet"):
        ancien.unlink()
    if courante is not None:
        a_neuf(lambda fils: _reporter(courante.livraison_uuid, vue, preparation.dossier, contenu.couverts, fils))


def _reporter(depuis: UUID, vue: str, dossier: Path, couverts: Collection[str], fils: int | None) -> None:
    sortie = dossier / vue / "enregistrements"
    exclus = ", ".join(map(texte, sorted(couverts))) or "''"
    precedent = dossier_entrepot() / str(depuis) / vue / "enregistrements"
    with connexion([dossier_entrepot()], dossier / ".debordement", fils) as base:
        for fichier in sorted(precedent.glob("*.parquet")):
            origine = str(depuis) if fichier.name == "donnees.parquet" else fichier.stem[7:]
            base.execute(
                f"COPY (SELECT * FROM {parquet(fichier)} WHERE COALESCE(departement, '') NOT IN ({exclus})) "
                f"TO {texte(str(sortie / f'report-{origine}.parquet'))} (FORMAT parquet, COMPRESSION zstd)"
            )
