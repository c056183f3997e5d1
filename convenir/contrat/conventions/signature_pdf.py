"""Verify a PDF signed outside: who signed, whether the signature holds, what it covers, what changed after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from convenir.socle.commun.erreurs import EntreeInvalide

# Une signature ajoutée après une autre remplit un champ : ce n'est pas une altération.
PERMISES = frozenset({ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING})


@dataclass(frozen=True)
class SignatureLue:
    """One signature of a PDF.

    Attributes:
        signataire: common name of the certificate.
        autorite: common name of its issuer.
        declaree_le: instant the signer declares; a date without time stamp proves nothing by itself.
        integre: the bytes signed are those of the file and the signature is right.
        couvre_tout: it covers the whole document as it was when signed.
        modifiee_apres: what came after changes more than another signature would.
        reconnue: the certificate leads to an authority that this service knows.
    """

    signataire: str
    autorite: str
    declaree_le: datetime | None
    integre: bool
    couvre_tout: bool
    modifiee_apres: bool
    reconnue: bool

    @property
    def vaut(self) -> bool:
        """Whether the signature holds on the document as it is."""
        return self.integre and self.couvre_tout and not self.modifiee_apres

    @property
    def phrase(self) -> str:
        """The finding, in one sentence, for the act and the page."""
        quand = f" le {self.declaree_le:%d/%m/%Y à %H:%M} (heure déclarée)" if self.declaree_le else ""
        chaine = "autorité reconnue" if self.reconnue else "autorité non reconnue par ce service, à vérifier"
        faits = (
            "signature intègre" if self.integre else "signature altérée",
            "document entièrement couvert" if self.couvre_tout else "document couvert en partie seulement",
            "modifié après la signature" if self.modifiee_apres else "sans modification ultérieure",
        )
        return f"{self.signataire}, certificat de {self.autorite} ({chaine}){quand} : {', '.join(faits)}."


def verifier(octets: bytes, nom: str, *, racines: list[Any] | None = None) -> list[SignatureLue]:
    """Return the signatures of a PDF, in the order in which they were made.

    Args:
        octets: the file.
        nom: its name, for the messages.
        racines: certificates of the authorities known; none by default, every chain is then « à vérifier ».

    Raises:
        EntreeInvalide: not a PDF, no signature, or a signature that cannot be read.
    """
    contexte = ValidationContext(trust_roots=racines or [], allow_fetching=False)
    try:
        signatures = PdfFileReader(BytesIO(octets), strict=False).embedded_signatures
        lues = [_lire(validate_pdf_signature(s, signer_validation_context=contexte), s) for s in signatures]
    except (PdfError, SignatureValidationError, ValueError) as erreur:
        raise EntreeInvalide(f"« {nom} » : ses signatures ne se lisent pas ({erreur}).") from erreur
    if not lues:
        raise EntreeInvalide(
            f"« {nom} » ne porte aucune signature électronique. S'il s'agit d'un scan, choisissez « papier signé »."
        )
    return lues


def _lire(statut: Any, signature: Any) -> SignatureLue:
    certificat = statut.signing_cert
    modification = statut.modification_level
    return SignatureLue(
        signataire=_nom(certificat.subject),
        autorite=_nom(certificat.issuer),
        declaree_le=signature.self_reported_timestamp,
        integre=bool(statut.intact and statut.valid),
        couvre_tout=statut.coverage in {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION},
        modifiee_apres=modification is not None and modification not in PERMISES,
        reconnue=bool(statut.trusted),
    )


def _nom(nom: Any) -> str:
    return str(nom.native.get("common_name") or nom.human_friendly)


def exiger_valables(lues: list[SignatureLue], nom: str) -> str:
    """Return the finding on signatures that hold.

    Raises:
        EntreeInvalide: one does not hold; the message is the finding.
    """
    fautives = [s for s in lues if not s.vaut]
    if fautives:
        raise EntreeInvalide(f"« {nom} » est refusé. {' '.join(s.phrase for s in fautives)}")
    return " ".join(s.phrase for s in lues)
