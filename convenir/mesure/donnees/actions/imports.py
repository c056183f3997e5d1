"""Dry run and application of a delivery given by its path."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from convenir.mesure.donnees.actions.controles import controler_livraison, mesurer_la_saisie
from convenir.mesure.donnees.actions.mise_en_vigueur import mettre_en_vigueur
from convenir.mesure.donnees.actions.nettoyage import balayer
from convenir.mesure.donnees.controle.livraison import Progression
from convenir.mesure.donnees.correspondances import AUCUNE, Correspondance
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.preparation import Lecture
from convenir.mesure.donnees.quarantaine import ecrire_csv
from convenir.mesure.donnees.rapport import Issue, Rapport
from convenir.mesure.donnees.verrou import dossier_entrepot, verrou
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite

MOTIF_MINIMAL = 3


def essayer(
    chemin: Path | str,
    acteur: Acteur,
    *,
    mot_de_passe: str | None = None,
    encodage: str | None = None,
    source: Source | None = None,
    correspondance: Correspondance = AUCUNE,
    progression: Progression | None = None,
    quarantaine: Path | None = None,
) -> Rapport:
    """Read and control a delivery and say what applying it would change; nothing remains, on disk or in the database.

    Args:
        chemin: a folder, an archive or a file.
        acteur: who asks; the report refuses what is outside their perimeter.
        mot_de_passe: of the archive, never stored.
        encodage: of the files, when they are not in UTF-8.
        source: kind of delivery, when it is not to be told from the content.
        correspondance: of the columns, for the missions locales.
        progression: told the step and the share done.
        quarantaine: CSV file where every line set aside and every warning is written, without a limit.

    Raises:
        ActionRefusee: the person may not import.
        FileNotFoundError: the path does not exist.
        OSError: the quarantine cannot be written.
        ImportEnCours: another import holds the lock.
    """
    acteur.exiger(Capacite.IMPORTER_DONNEES)
    lecture = Lecture(source, mot_de_passe, encodage, correspondance)
    with _travail() as (_, dossier):
        controle = controler_livraison(Path(chemin), dossier, acteur, lecture, progression)
        mesurer_la_saisie(controle, progression)
        _ecrire_la_quarantaine(quarantaine, controle.rapport, dossier)
        return controle.rapport


def appliquer(
    chemin: Path | str,
    acteur: Acteur,
    *,
    motif_confirmation: str | None = None,
    motif_sans_fin: str | None = None,
    mot_de_passe: str | None = None,
    encodage: str | None = None,
    source: Source | None = None,
    correspondance: Correspondance = AUCUNE,
    progression: Progression | None = None,
    quarantaine: Path | None = None,
) -> Rapport:
    """Read, control and apply a delivery: all or nothing, and nothing when the same files are already in force.

    Args:
        motif_confirmation: why to go on although a threshold is reached.
        motif_sans_fin: why to go on although a file has no FIN line.

    Returns:
        the report; its `issue` says whether the delivery was applied, refused, already in force, or waits for a
        reason.

    Raises:
        ActionRefusee, FileNotFoundError, ImportEnCours: as `essayer`.
        EntreeInvalide: a reason is given but empty.
    """
    acteur.exiger(Capacite.IMPORTER_DONNEES)
    motifs = [verifier_motif(motif) for motif in (motif_confirmation, motif_sans_fin)]
    lecture = Lecture(source, mot_de_passe, encodage, correspondance)
    with _travail() as (uuid, dossier):
        controle = controler_livraison(Path(chemin), dossier, acteur, lecture, progression)
        rapport = controle.rapport
        # Before the delivery is put in force: a file that cannot be written stops everything.
        _ecrire_la_quarantaine(quarantaine, rapport, dossier)
        if controle.preparation is None or controle.contenu is None:
            return rapport
        if (rapport.seuils and not motifs[0]) or (rapport.sans_fin and not motifs[1]):
            rapport.issue = Issue.A_CONFIRMER
            return rapport
        livraison = nouvelle_livraison(uuid, controle.preparation.source, Path(chemin).name, acteur)
        livraison.motif_confirmation, livraison.motif_sans_fin = motifs[0], motifs[1]
        rapport.issue, rapport.livraison = Issue.APPLIQUEE, str(uuid)
        mettre_en_vigueur(livraison, controle.preparation, controle.contenu, rapport, acteur.auteur)
        return rapport


def _ecrire_la_quarantaine(sortie: Path | None, rapport: Rapport, dossier: Path) -> None:
    if sortie is not None:
        ecrire_csv(sortie, rapport, dossier)
        rapport.fichier_quarantaine = str(sortie)


def nouvelle_livraison(uuid: UUID, source: str, nom: str, acteur: Acteur) -> Livraison:
    """Return an unsaved delivery, with who brings it."""
    auteur = acteur.auteur
    return Livraison(
        uuid=uuid,
        source=source,
        nom=nom[:255],
        auteur_id=auteur.utilisateur_id,
        auteur_nom=auteur.nom,
        organisation_id=auteur.organisation_id,
        organisation_nom=auteur.organisation[:200],
    )


def verifier_motif(motif: str | None) -> str:
    """Return a reason without useless spaces; None is no reason.

    Raises:
        EntreeInvalide: a reason is given but says nothing.
    """
    net = " ".join((motif or "").split())
    if motif is not None and len(net) < MOTIF_MINIMAL:
        raise EntreeInvalide("Donnez le motif en quelques mots : il est écrit au journal.")
    return net


@contextmanager
def _travail() -> Iterator[tuple[UUID, Path]]:
    """Hold the lock over a working folder that does not outlive the import."""
    with verrou():
        balayer()
        uuid = uuid4()
        dossier = dossier_entrepot() / ".travail" / str(uuid)
        dossier.mkdir(parents=True)
        try:
            yield uuid, dossier
        finally:
            shutil.rmtree(dossier, ignore_errors=True)
