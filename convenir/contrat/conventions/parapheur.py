"""What goes to a *parapheur* and comes back: one archive, the act in PDF and its slip in JSON. Writes nothing."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from convenir.contrat.conventions import signature_pdf
from convenir.contrat.conventions.attendus import limite_de_signature
from convenir.contrat.conventions.models import EtatSignature, Piece, Titre, Version
from convenir.socle.commun.erreurs import EntreeInvalide

FORMAT = "convenir-parapheur-1"
BORDEREAU = "bordereau.json"
TAILLE_MAX = 60 * 1024**2
# Une archive porte toujours une date : celle-ci, pour que le même acte donne les mêmes octets.
SANS_DATE = (1980, 1, 1, 0, 0, 0)


def bordereau(version: Version, acte: Piece) -> dict[str, Any]:
    """Return the slip: what is to be signed, its fingerprint, who signs in what order, before when."""
    convention = version.convention
    limite = limite_de_signature(convention, version)
    signatures = version.signatures.exclude(etat=EtatSignature.ANNULEE).select_related("organisation")
    return {
        "format": FORMAT,
        "reference": convention.reference,
        "acte": version.libelle,
        "partie": convention.nom_de_la_partie,
        "fichier": acte.nom,
        "sha256": acte.sha256,
        "pages": acte.pages,
        "empreinte_des_termes": version.empreinte,
        "a_signer_avant": limite.isoformat() if limite else None,
        "circuit": [
            {
                "cle": s.pk, "ordre": s.ordre, "partie": s.partie, "organisation": str(s.organisation),
                "autorite": s.autorite, "etat": s.etat, "signataire": s.signataire, "qualite": s.qualite,
                "titre": s.titre, "fondement": s.fondement,
                "signee_le": s.signee_le.isoformat() if s.signee_le else None,
            }
            for s in signatures.order_by("ordre", "pk")
        ],
    }  # fmt: skip


def ecrire(slip: dict[str, Any], pdf: bytes) -> bytes:
    """Return the archive; the same act at the same step gives the same bytes."""
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        texte = json.dumps(slip, ensure_ascii=False, indent=2) + "\n"
        for nom, octets in ((slip["fichier"], pdf), (BORDEREAU, texte.encode())):
            membre = zipfile.ZipInfo(nom, SANS_DATE)
            membre.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(membre, octets)
    return tampon.getvalue()


@dataclass(frozen=True)
class SignatureRapportee:
    """One signature as the slip that comes back says it."""

    cle: int
    signataire: str
    qualite: str
    titre: str
    fondement: str
    signee_le: date


@dataclass(frozen=True)
class Retour:
    """What came back: the signed PDF, the fingerprint of the act it says it signs, the signatures it reports."""

    reference: str
    sha256: str
    nom: str
    pdf: bytes
    signatures: tuple[SignatureRapportee, ...]


def lire(octets: bytes, nom: str) -> Retour:
    """Read an archive that comes back.

    Raises:
        EntreeInvalide: naming what is wrong and the way out.
    """
    if len(octets) > TAILLE_MAX:
        raise EntreeInvalide(f"« {nom} » dépasse {TAILLE_MAX // 1024**2} Mio.")
    try:
        with zipfile.ZipFile(BytesIO(octets)) as archive:
            membres = [m for m in archive.infolist() if not m.is_dir()]
            if len(membres) > 10 or sum(m.file_size for m in membres) > TAILLE_MAX:
                raise EntreeInvalide(f"« {nom} » contient autre chose qu'un acte signé et son bordereau.")
            slips = [m for m in membres if m.filename.lower().endswith(".json")]
            pdfs = [m for m in membres if m.filename.lower().endswith(".pdf")]
            if len(slips) != 1 or len(pdfs) != 1:
                raise EntreeInvalide(
                    f"« {nom} » doit contenir l'acte signé en PDF et son bordereau JSON, et eux seuls."
                )
            slip, pdf = archive.read(slips[0]), archive.read(pdfs[0])
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as erreur:
        raise EntreeInvalide(f"« {nom} » n'est pas une archive ZIP lisible.") from erreur
    return _retour(slip, pdf, pdfs[0].filename.rsplit("/", 1)[-1])


def _retour(slip: bytes, pdf: bytes, nom: str) -> Retour:
    try:
        lu = json.loads(slip.decode("utf-8-sig"))
        if lu["format"] != FORMAT:
            raise EntreeInvalide(f"Le bordereau n'est pas au format attendu ({FORMAT}).")
        signatures = tuple(_rapportee(x) for x in lu["circuit"] if x.get("signataire") and x.get("signee_le"))
        return Retour(str(lu["reference"]), str(lu["sha256"]), nom, pdf, signatures)
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as erreur:
        raise EntreeInvalide("Le bordereau ne se lit pas : renvoyez celui de l'envoi, complété.") from erreur


def _rapportee(ligne: dict[str, Any]) -> SignatureRapportee:
    return SignatureRapportee(
        int(ligne["cle"]), str(ligne["signataire"]), str(ligne.get("qualite") or ""),
        str(ligne.get("titre") or Titre.TITULAIRE), str(ligne.get("fondement") or ""),
        date.fromisoformat(str(ligne["signee_le"])[:10]),
    )  # fmt: skip


def exiger_le_meme_acte(retour: Retour, acte: Piece, remis: bytes, nouvelles: int, deja: int) -> None:
    """Check that what was signed is the act handed over, untouched, and that it carries enough signatures.

    Raises:
        EntreeInvalide: another act, a rewritten PDF, fewer electronic signatures than reported.
    """
    if retour.sha256 != acte.sha256:
        raise EntreeInvalide("Ce bordereau est celui d'un autre acte, ou d'une version antérieure de celui-ci.")
    if not retour.pdf.startswith(remis):
        raise EntreeInvalide(
            f"« {retour.nom} » n'est pas l'acte remis complété de signatures : le parapheur l'a réécrit. Demandez le "
            "PDF signé d'origine, ou enregistrez un scan attesté."
        )
    lues = signature_pdf.verifier(retour.pdf, retour.nom)
    signature_pdf.exiger_valables(lues, retour.nom)
    if len(lues) < nouvelles:
        raise EntreeInvalide(
            f"Le bordereau rapporte {nouvelles} signatures, le PDF en porte {len(lues)} ({deja} déjà enregistrées)."
        )
