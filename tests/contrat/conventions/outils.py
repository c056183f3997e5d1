"""De quoi écrire les essais : un PDF minuscule, un certificat inventé, un monde où chaque partie peut signer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO

from convenir.contrat.conventions.actions import (
    NouvelleConvention,
    Signataire,
    SignatureRecue,
    creer,
    passer,
    signer,
)
from convenir.contrat.conventions.fichiers import Fichier, lire
from convenir.contrat.conventions.models import Convention, Signature
from convenir.contrat.conventions.rules.termes import Cofinancement, Termes
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.models import Organisation, Structure
from tests.factories_conventions import TERMES
from tests.factories_socle import (
    AgenceFranceTravailFactory,
    ConseilDepartementalFactory,
    ServiceDepartementalFactory,
    StructureFactory,
)

SYSTEME = Acteur.systeme("Essai")
JOUR = date(2026, 1, 20)
INSTANT = datetime(2026, 12, 31, 9, tzinfo=UTC)
TITULAIRE = Signataire("Camille Fictive", "Présidente")


def pdf(pages: int = 1) -> bytes:
    """Un PDF vide, bien formé."""
    from pypdf import PdfWriter

    ecrivain, tampon = PdfWriter(), BytesIO()
    for _ in range(pages):
        ecrivain.add_blank_page(595, 842)
    ecrivain.write(tampon)
    return tampon.getvalue()


def fichier(pages: int = 1, nom: str = "scan.pdf") -> Fichier:
    return lire(nom, pdf(pages))


@cache
def certificat():
    """Un certificat auto-signé, inventé, et sa clé."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    cle = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    nom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Camille Fictive")])
    base = x509.CertificateBuilder().subject_name(nom).issuer_name(nom).public_key(cle.public_key())
    dates = (
        base.serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    return dates.add_extension(usage, critical=True).sign(cle, hashes.SHA256()), cle


def pdf_signe(octets: bytes, champ: str = "Signature1") -> bytes:
    """Le même PDF, signé avec le certificat inventé."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    public, cle = certificat()
    certifie = x509.Certificate.load(public.public_bytes(Encoding.DER))
    secret = keys.PrivateKeyInfo.load(cle.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    signataire = signers.SimpleSigner(certifie, secret, SimpleCertificateStore())
    meta = signers.PdfSignatureMetadata(field_name=champ)
    return signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(octets)), meta, signataire).getvalue()


@dataclass(frozen=True)
class Monde:
    """Une structure, son service, son agence, le département qui peut cofinancer."""

    structure: Structure
    service: Organisation
    agence: Organisation
    departement: Organisation

    def convention(self, termes: Termes = TERMES, **champs) -> Convention:
        """Une convention en négociation, par les vraies actions."""
        periode = {"debut": date(2026, 1, 1), "fin": date(2029, 1, 1)} | champs
        convention = creer(SYSTEME, NouvelleConvention(self.structure, termes=termes, **periode), maintenant=INSTANT)
        for nom in ("deposer", "declarer_complet", "instruire", "negocier"):
            passer(SYSTEME, convention, nom, jour=JOUR, maintenant=INSTANT)
        return Convention.objects.get(pk=convention.pk)

    def cofinancees(self, postes: str = "2") -> Termes:
        """Des termes où le département paie des postes."""
        part = Cofinancement(str(self.departement.pk), self.departement.nom, Decimal(postes), Decimal("47842"))
        return replace(TERMES, cofinancements=(part,))


def monde(structure: Structure | None = None) -> Monde:
    structure = structure or StructureFactory()
    territoire = {"departement": structure.departement}
    return Monde(
        structure,
        ServiceDepartementalFactory(**territoire),
        AgenceFranceTravailFactory(**territoire),
        ConseilDepartementalFactory(**territoire),
    )


def tout_signer(version, jour: date = JOUR + timedelta(days=10)) -> None:
    """Recevoir chaque signature, dans l'ordre, en scans attestés."""
    for signature in Signature.objects.filter(version=version, etat="attendue").order_by("ordre"):
        recue = SignatureRecue(jour, "papier", TITULAIRE, fichier(), attestee=True)
        signer(SYSTEME, signature, recue, maintenant=INSTANT)
