"""Bulk take-over in the background: an archive with one table and the PDFs; a line that fails stops no other."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.utils import timezone

from convenir.contrat.conventions.actions.operations import Suite, ouvrage, par_lots
from convenir.contrat.conventions.actions.reprises import reprendre_nee_ailleurs, verifier_fiche
from convenir.contrat.conventions.fichiers import Fichier, lire
from convenir.contrat.conventions.models import GenreOperation, Operation
from convenir.contrat.conventions.rules.reprises import Fiche, LigneLue, lire_table
from convenir.socle.commun.erreurs import EntreeInvalide, ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.stockage import relire

ARCHIVE_MAX, TOTAL_MAX, MEMBRES_MAX = 100 * 1024**2, 500 * 1024**2, 2000
TAILLE = 10
REPRISE, ECARTEE = "reprise", "écartée"


def ouvrir_archive(octets: bytes, nom: str) -> tuple[str, bytes, dict[str, zipfile.ZipInfo], zipfile.ZipFile]:
    """Return the name and the bytes of the table, the PDFs by name, the archive.

    Raises:
        EntreeInvalide: not a zip, too many or too large members, no table or several.
    """
    if len(octets) > ARCHIVE_MAX:
        raise EntreeInvalide(f"« {nom} » dépasse {ARCHIVE_MAX // 1024**2} Mio : faites-en plusieurs archives.")
    try:
        archive = zipfile.ZipFile(BytesIO(octets))
    except zipfile.BadZipFile as erreur:
        raise EntreeInvalide(f"« {nom} » n'est pas une archive ZIP lisible.") from erreur
    membres = [m for m in archive.infolist() if not m.is_dir() and not _est_cache(m.filename)]
    if len(membres) > MEMBRES_MAX or sum(m.file_size for m in membres) > TOTAL_MAX:
        raise EntreeInvalide(f"« {nom} » contient trop de fichiers ou de trop gros fichiers : faites-en plusieurs.")
    tables = [m for m in membres if m.filename.lower().endswith(".csv")]
    if len(tables) != 1:
        raise EntreeInvalide(f"« {nom} » doit contenir un tableau CSV et un seul ; il en contient {len(tables)}.")
    pdfs = {_nom(m.filename).lower(): m for m in membres if m.filename.lower().endswith(".pdf")}
    return _nom(tables[0].filename), _octets(archive, tables[0]), pdfs, archive


def _nom(chemin: str) -> str:
    return PurePosixPath(chemin.replace("\\", "/")).name


def _est_cache(chemin: str) -> bool:
    return _nom(chemin).startswith(".") or chemin.startswith("__MACOSX/")


def _octets(archive: zipfile.ZipFile, membre: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(membre)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError) as erreur:
        raise EntreeInvalide(f"« {_nom(membre.filename)} » ne se lit pas dans l'archive ({erreur}).") from erreur


@ouvrage(GenreOperation.REPRISE)
def reprendre_en_masse(acteur: Acteur, operation: Operation, suite: Suite) -> None:
    """Take over every line of an archive, or say what that would do (`essai`)."""
    table, octets, pdfs, archive = ouvrir_archive(relire(operation.archive, ".zip"), operation.archive_nom)
    lignes = lire_table(octets, table)
    suite.compter(len(lignes))
    for lot in par_lots(lignes, TAILLE):
        suite.avancer([_une(acteur, operation, x, pdfs, archive, table) for x in lot])


def _une(
    acteur: Acteur, operation: Operation, ligne: LigneLue, pdfs: dict[str, zipfile.ZipInfo], archive: zipfile.ZipFile,
    table: str,
) -> dict[str, Any]:  # fmt: skip
    ou = f"{table}, ligne {ligne.numero}"
    if ligne.fiche is None:
        return _ligne(ou, ECARTEE, " ".join(ligne.erreurs))
    try:
        return _faire(acteur, operation, ligne.fiche, _acte(ligne.fiche, pdfs, archive), ou)
    except ErreurMetier as erreur:
        return _ligne(ou, ECARTEE, str(erreur), ligne.fiche.identifiant)


def _faire(acteur: Acteur, operation: Operation, fiche: Fiche, acte: Fichier, ou: str) -> dict[str, Any]:
    maintenant = timezone.now()
    partie = verifier_fiche(acteur, fiche, timezone.localdate())
    if partie.departement_id != operation.departement_id:
        raise EntreeInvalide(f"Cette structure est du département {partie.departement_id}.")
    if operation.essai:
        return _ligne(ou, REPRISE, "", str(partie))
    convention = reprendre_nee_ailleurs(acteur, fiche, acte, maintenant=maintenant)
    return _ligne(ou, REPRISE, "", str(partie), convention.reference)


def _acte(fiche: Fiche, pdfs: dict[str, zipfile.ZipInfo], archive: zipfile.ZipFile) -> Fichier:
    membre = pdfs.get(_nom(fiche.fichier).lower())
    if membre is None:
        raise EntreeInvalide(f"colonne « fichier » : « {fiche.fichier} » n'est pas dans l'archive.")
    return lire(_nom(membre.filename), _octets(archive, membre), acceptes=frozenset({".pdf"}))


def _ligne(ou: str, issue: str, detail: str, partie: str = "", reference: str = "") -> dict[str, Any]:
    return {
        "partie": partie or ou,
        "reference": reference,
        "issue": issue,
        "detail": f"{ou} : {detail}" if detail else ou,
    }
