"""The scan of a signed paper has no text to compare: it is kept, seen beside the act, then attested."""

from __future__ import annotations

from datetime import date, datetime

from convenir.contrat.conventions import actes, suites
from convenir.contrat.conventions.actions.constats import exiger_les_pages, exiger_un_pdf
from convenir.contrat.conventions.actions.passages import verrouiller
from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.actions.signatures import a_signer
from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import GenrePiece, Signature
from convenir.socle.comptes.acteur import Acteur


@suites.acte
def deposer_scan(
    acteur: Acteur, signature: Signature, fichier: Fichier | None, *, jour: date, maintenant: datetime
) -> Signature:
    """Keep a scan until a person has compared it with the act; a later one takes its place.

    Raises:
        ActionRefusee: not this person's to record, not this party's turn, or the act is not at signature.
        EntreeInvalide: not a PDF, or not as many pages as the act.
    """
    convention = verrouiller(signature.version.convention)
    fraiche = a_signer(acteur, convention, signature)
    recu = exiger_un_pdf(fichier)
    exiger_les_pages(fraiche.version, recu.pages)
    remplace = fraiche.piece
    fraiche.piece = joindre(
        acteur, convention, GenrePiece.SCAN, recu, jour=jour, maintenant=maintenant, version=fraiche.version
    )
    fraiche.save(update_fields=["piece"])
    if remplace:
        remplace.delete()
    suites.inscrire(
        actes.DEPOSER_SCAN, convention, acteur, jour=jour, cle=fraiche.pk,
        apres={"partie": fraiche.partie, "pages": recu.pages, "empreinte": fraiche.piece.sha256},
    )  # fmt: skip
    return fraiche
