"""The files of a convention and what each is called when it is handed over: its act, what it is, who signed it."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.utils.text import slugify

from convenir.contrat.conventions.models import GenrePiece, Partie, Piece, Signature

# Un exemplaire ou un substitut est celui d'une partie : son nom le dit, non celui que lui a donné qui l'envoie.
D_UNE_PARTIE = frozenset({GenrePiece.ACTE_SIGNE, GenrePiece.SUBSTITUT, GenrePiece.DELIBERATION})
NOMS: dict[str, str] = {Partie.ETAT: "État", Partie.FRANCE_TRAVAIL: "France Travail"}
LONGUEUR = 60


def avec_les_parties(pieces: QuerySet[Piece]) -> QuerySet[Piece]:
    """Read with the pieces the signatures that each carries: nothing more when there is no piece."""
    siennes = Signature.objects.select_related("organisation").order_by("ordre", "pk")
    return pieces.prefetch_related(Prefetch("signatures", siennes))


def partie_de(piece: Piece) -> str:
    """Name the party that a piece read with its parties is from; several on one file are not named one by one."""
    if piece.genre not in D_UNE_PARTIE:
        return ""
    signatures = list(piece.signatures.all())
    if len(signatures) != 1:
        return f"{len(signatures)} parties" if signatures else ""
    return NOMS.get(signatures[0].partie, signatures[0].organisation.nom)


def nom_de_remise(piece: Piece, reference: str) -> str:
    """Return the file name of a piece: « conv-44-2026-aci-0042_avenant-no-1_acte-signe_etat_2026-01-30.pdf »."""
    morceaux = (
        reference,
        piece.version.libelle if piece.version else "",
        str(piece.get_genre_display()),
        partie_de(piece)[:LONGUEUR],
        piece.jour.isoformat(),
    )
    return "_".join(m for m in map(slugify, morceaux) if m) + piece.suffixe
