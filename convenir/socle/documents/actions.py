"""Keep a document made, replace it by a filed one with its trace, go back to an earlier version."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents import actes, genres, stockage
from convenir.socle.documents.models import DocumentProduit, FormatDocument, OrigineVersion, VersionDocument
from convenir.socle.documents.rendu import DocumentRendu
from convenir.socle.journal.actions import journaliser

TAILLE_MAXIMALE = 20 * 1024 * 1024


@transaction.atomic
def enregistrer(
    acteur: Acteur, genre: str, objet: str, titre: str, rendus: Mapping[str, DocumentRendu], *, maintenant: datetime
) -> DocumentProduit:
    """Keep the files of a document; the same bytes write nothing, a filed file stays in force until one goes back.

    Args:
        genre: declared kind.
        objet: key of what it is about.
        titre: for people, and for the name of the files.
        rendus: format → bytes.
    """
    genres.trouver(genre)
    document, _ = DocumentProduit.objects.select_for_update().get_or_create(
        genre=genre, objet=objet, defaults={"titre": titre, "cree_le": maintenant}
    )
    for format_, rendu in sorted(rendus.items()):
        dernier = document.versions.filter(format=format_, origine=OrigineVersion.RENDU).order_by("-rang").first()
        if dernier is not None and dernier.sha256 == rendu.sha256:
            continue
        version = _ajouter(acteur, document, format_, rendu.octets, OrigineVersion.RENDU, "", maintenant)
        courante = document.versions.filter(format=format_, en_vigueur=True).first()
        if courante is None or courante.origine == OrigineVersion.RENDU:
            _mettre_en_vigueur(version)
        apres = {"format": format_, "empreinte": version.sha256, "en_vigueur": version.en_vigueur}
        journaliser(actes.ETABLI, document, auteur=acteur.auteur, apres=apres)
    return document


def _ajouter(
    acteur: Acteur,
    document: DocumentProduit,
    format_: str,
    octets: bytes,
    origine: str,
    motif: str,
    maintenant: datetime,
) -> VersionDocument:
    rang = (document.versions.filter(format=format_).aggregate(m=Max("rang"))["m"] or 0) + 1
    nom = f"{document.objet}.{format_}".replace("/", "-").lower()
    depot = stockage.deposer(octets, nom)
    return VersionDocument.objects.create(
        document=document, format=format_, rang=rang, origine=origine, sha256=depot.sha256, nom=nom,
        taille=len(octets), motif=motif, auteur=acteur.utilisateur, auteur_nom=acteur.auteur.nom, cree_le=maintenant,
    )  # fmt: skip


def _mettre_en_vigueur(version: VersionDocument) -> VersionDocument | None:
    """Put a version in force and return the one it replaces."""
    avant = version.document.versions.filter(format=version.format, en_vigueur=True).first()
    if avant is not None and avant.pk != version.pk:
        avant.en_vigueur = False
        avant.save(update_fields=["en_vigueur"])
    version.en_vigueur = True
    version.save(update_fields=["en_vigueur"])
    return avant


@transaction.atomic
def remplacer(
    acteur: Acteur, document: DocumentProduit, nom: str, octets: bytes, *, motif: str, maintenant: datetime
) -> VersionDocument:
    """Put a file filed by hand in the place of the document made, with who, why, and both fingerprints.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: no reason, neither PDF nor DOCX, over 20 MB, or the very file in force.
    """
    _exiger(genres.trouver(document.genre).remplacer(acteur, document.objet))
    if not motif.strip():
        raise EntreeInvalide("Motif : dites pourquoi ce fichier remplace le document ; le motif reste au journal.")
    format_ = _format_de(nom, octets)
    verrou = DocumentProduit.objects.select_for_update().get(pk=document.pk)
    if verrou.versions.filter(format=format_, en_vigueur=True, sha256=sha256(octets).hexdigest()).exists():
        raise EntreeInvalide(f"« {nom} » est, octet pour octet, la version en vigueur : rien n'est à remplacer.")
    version = _ajouter(acteur, verrou, format_, octets, OrigineVersion.DEPOT, motif.strip(), maintenant)
    avant = _mettre_en_vigueur(version)
    journaliser(
        actes.REMPLACE, document, auteur=acteur.auteur, avant={"empreinte": avant.sha256 if avant else ""},
        apres={"format": format_, "empreinte": version.sha256, "motif": version.motif},
    )  # fmt: skip
    return version


@transaction.atomic
def revenir(acteur: Acteur, version: VersionDocument, *, motif: str) -> VersionDocument:
    """Put an earlier version in force again.

    Raises:
        ActionRefusee: no right, or already in force.
        EntreeInvalide: no reason.
    """
    document = version.document
    _exiger(genres.trouver(document.genre).remplacer(acteur, document.objet))
    DocumentProduit.objects.select_for_update().get(pk=document.pk)
    if version.en_vigueur:
        raise ActionRefusee("Cette version est déjà en vigueur.")
    if not motif.strip():
        raise EntreeInvalide("Motif : dites pourquoi cette version revient ; le motif reste au journal.")
    avant = _mettre_en_vigueur(version)
    journaliser(
        actes.RETABLI, document, auteur=acteur.auteur, avant={"empreinte": avant.sha256 if avant else ""},
        apres={"format": version.format, "empreinte": version.sha256, "motif": motif.strip()},
    )  # fmt: skip
    return version


def _exiger(refus: str | None) -> None:
    if refus:
        raise ActionRefusee(refus)


def _format_de(nom: str, octets: bytes) -> str:
    """Tell a file by its first bytes and by what it holds, not by its name alone."""
    if len(octets) > TAILLE_MAXIMALE:
        raise EntreeInvalide(f"« {nom} » dépasse 20 Mo : réduisez ses images, ou déposez un PDF.")
    if octets.startswith(b"%PDF-") and Path(nom).suffix.lower() == ".pdf":
        return FormatDocument.PDF
    if octets.startswith(b"PK") and Path(nom).suffix.lower() == ".docx" and _est_docx(octets):
        return FormatDocument.DOCX
    raise EntreeInvalide(f"« {nom} » n'est ni un PDF ni un DOCX. Enregistrez-le dans l'un de ces formats.")


def _est_docx(octets: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            noms = archive.namelist()
    except zipfile.BadZipFile:
        return False
    return "word/document.xml" in noms and not any("vbaProject" in nom for nom in noms)
