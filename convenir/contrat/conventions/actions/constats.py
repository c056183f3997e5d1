"""What is verified of a signature received, by the route it came (decisions § 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from convenir.contrat.conventions import signature_pdf
from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import GenrePiece, Piece, Signature, Titre, Version, Voie
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur

NIVEAU_APPLICATION = (
    "Signature électronique simple (règlement européen 910/2014, article 3, 10) : compte authentifié, sans certificat."
)


@dataclass(frozen=True)
class Signataire:
    """Who really signs: frozen in the act. A delegation or an interim cites the act that gives it."""

    nom: str
    qualite: str
    titre: str = Titre.TITULAIRE
    fondement: str = ""


@dataclass(frozen=True)
class SignatureRecue:
    """A signature as it comes.

    Attributes:
        fichier: the signed act; for a scan, None if it was deposited before, to be compared.
        attestee: for a scan: the person saw the two texts side by side and attests that they are the same.
    """

    jour: date
    voie: str
    signataire: Signataire
    fichier: Fichier | None = None
    attestee: bool = False


def constater(signature: Signature, recue: SignatureRecue, acteur: Acteur) -> str:
    """Return what was verified of the signature, in words.

    Raises:
        EntreeInvalide: the file is missing or does not hold.
        ActionRefusee: signing in the application is off.
    """
    if recue.voie == Voie.APPLICATION:
        if not settings.SIGNATURE_DANS_APPLICATION:
            raise ActionRefusee("La signature dans l'application n'est pas ouverte ici : déposez l'acte signé.")
        return NIVEAU_APPLICATION
    if recue.voie == Voie.PAPIER:
        return _constater_scan(signature, recue, acteur)
    fichier = exiger_un_pdf(recue.fichier)
    return signature_pdf.exiger_valables(signature_pdf.verifier(fichier.octets, fichier.nom), fichier.nom)


def _constater_scan(signature: Signature, recue: SignatureRecue, acteur: Acteur) -> str:
    """A scan has no text to compare: page count, then the attestation of the person who compared the two."""
    garde = signature.piece if recue.fichier is None else None
    pages = garde.pages if garde else exiger_un_pdf(recue.fichier).pages
    exiger_les_pages(signature.version, pages)
    if not recue.attestee:
        raise EntreeInvalide("Comparez le scan à l'acte, côte à côte, puis attestez qu'ils sont identiques.")
    return f"{acteur.auteur.nom} atteste que le scan de {pluriel(pages or 0, 'page')} reproduit l'acte signé."


def exiger_un_pdf(fichier: Fichier | None) -> Fichier:
    """Return the signed act.

    Raises:
        EntreeInvalide: it is missing, or not a PDF.
    """
    if fichier is None or fichier.suffixe != ".pdf":
        raise EntreeInvalide("Joignez l'acte signé, en PDF.")
    return fichier


def exiger_les_pages(version: Version, pages: int | None) -> None:
    """Check that a scan has every page of the act.

    Raises:
        EntreeInvalide: it has more, or fewer.
    """
    acte = acte_a_signer(version)
    if acte and acte.pages and pages != acte.pages:
        raise EntreeInvalide(
            f"Le scan compte {pluriel(pages or 0, 'page')}, l'acte à signer {acte.pages} : numérisez toutes les pages."
        )


def acte_a_signer(version: Version) -> Piece | None:
    """Return the last act produced for the signature of a version."""
    return version.pieces.filter(genre=GenrePiece.ACTE).order_by("-pk").first()
