"""Pieces: join, withdraw, ask for, supply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from convenir.contrat.conventions.actions import passer
from convenir.contrat.dossiers import actes, policies, suites
from convenir.contrat.dossiers.models import DemandeDePiece, Dossier, PieceJointe
from convenir.contrat.dossiers.octets import verifier_piece
from convenir.contrat.dossiers.referentiel import TypeDePiece, types_de_pieces
from convenir.contrat.dossiers.rules import verifier_echeance
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.stockage import deposer
from convenir.socle.journal.actions import journaliser
from convenir.socle.reglementation.queries import a_jour
from convenir.socle.taches.actions import Proposition, proposer
from convenir.socle.taches.models import Risque

DELAI_MINIMAL = "iae.dossier.pieces_delai_jours"


def type_de_piece(genre: str) -> TypeDePiece:
    """Return a kind of piece.

    Raises:
        EntreeInvalide: no such kind.
    """
    if genre not in types_de_pieces():
        raise EntreeInvalide("Cette pièce n'est pas dans la liste. Choisissez « Autre pièce ».")
    return types_de_pieces()[genre]


@transaction.atomic
def joindre(
    acteur: Acteur, dossier: Dossier, genre: str, nom: str, octets: bytes, *, maintenant: datetime
) -> PieceJointe:
    """Join a piece, its bytes checked; the same bytes sent again change nothing. An asked piece is thereby supplied.

    Raises:
        ActionRefusee: no right, or the file takes no piece in its state.
        EntreeInvalide: the file is empty, too large, of another format, or carries macros.
    """
    policies.exiger(policies.refus_d_ecrire(acteur, dossier))
    dossier = Dossier.objects.select_for_update().select_related("convention").get(pk=dossier.pk)
    demande = dossier.demandes.filter(genre=genre, fournie_le=None, abandonnee_le=None).first()
    if not dossier.en_redaction and (demande is None or not dossier.en_echange):
        raise ActionRefusee("Le dossier est déposé : seule une pièce demandée par le service s'ajoute.")
    lu = verifier_piece(type_de_piece(genre), nom, octets)
    depot = deposer(octets, f"piece.{lu}")
    piece, neuve = PieceJointe.objects.get_or_create(
        dossier=dossier, genre=genre, sha256=depot.sha256, retiree_le=None,
        defaults={"nom": _nom_court(nom), "format": lu, "taille": len(octets), "deposee_le": maintenant,
                  "deposee_par": acteur.auteur.nom},
    )  # fmt: skip
    if demande is not None:
        demande.fournie_le = maintenant
        demande.save(update_fields=["fournie_le"])
        suites.tenir_le_rejet(dossier, maintenant)
    if neuve:
        apres = {"piece": genre, "sha256": depot.sha256, "taille": piece.taille, "demandee": demande is not None}
        journaliser(actes.PIECE, dossier, auteur=acteur.auteur, apres=apres)
    return piece


def _nom_court(nom: str) -> str:
    """Return the last part of a file name, without a leading dot."""
    return nom.replace("\\", "/").rsplit("/", 1)[-1].lstrip(".")[-200:] or "piece"


@transaction.atomic
def retirer(acteur: Acteur, piece: PieceJointe, *, maintenant: datetime) -> None:
    """Withdraw a piece from a file that is being written; its bytes stay, for the journal.

    Raises:
        ActionRefusee: no right, or the file is filed.
    """
    policies.exiger(policies.refus_d_ecrire(acteur, piece.dossier))
    if not piece.dossier.en_redaction:
        raise ActionRefusee("Le dossier est déposé : une pièce reçue ne se retire plus.")
    piece.retiree_le = maintenant
    piece.save(update_fields=["retiree_le"])
    journaliser(
        actes.PIECE_RETIREE, piece.dossier, auteur=acteur.auteur, avant={"piece": piece.genre, "nom": piece.nom}
    )


@dataclass(frozen=True)
class PieceAttendue:
    """A piece to ask for, and what is expected of it."""

    genre: str
    precision: str


@transaction.atomic
def demander(
    acteur: Acteur,
    dossier: Dossier,
    attendues: list[PieceAttendue],
    *,
    echeance: date,
    motif: str,
    jour: date,
    maintenant: datetime,
) -> Dossier:
    """Declare a file incomplete and ask for pieces before the end of a day; the structure gets a task.

    Raises:
        ActionRefusee: no right, or the file is not in a state to be asked for pieces.
        EntreeInvalide: no piece, an unknown one, one already asked for, or too near a day.
    """
    policies.exiger(policies.refus_d_instruire(acteur, dossier))
    if not attendues:
        raise EntreeInvalide("Choisissez au moins une pièce à demander.")
    verifier_echeance(echeance, jour, int(a_jour().valeur(DELAI_MINIMAL, jour).valeur))
    convention = passer(
        acteur, dossier.convention, "declarer_incomplet", jour=jour, maintenant=maintenant, motif=motif
    )
    dossier.convention = convention
    for attendue in attendues:
        _demander_une(acteur, dossier, attendue, echeance, maintenant)
    _prevenir(dossier, maintenant)
    apres = {"pieces": [a.genre for a in attendues], "echeance": echeance}
    journaliser(actes.PIECES_DEMANDEES, dossier, auteur=acteur.auteur, apres=apres)
    return dossier


def _demander_une(
    acteur: Acteur, dossier: Dossier, attendue: PieceAttendue, echeance: date, maintenant: datetime
) -> None:
    type_de_piece(attendue.genre)
    precision = attendue.precision.strip() or type_de_piece(attendue.genre).libelle
    if dossier.demandes.filter(genre=attendue.genre, fournie_le=None, abandonnee_le=None).exists():
        raise EntreeInvalide(f"« {precision} » est déjà demandée.")
    DemandeDePiece.objects.create(
        dossier=dossier, genre=attendue.genre, precision=precision[:500], echeance=echeance, demandee_le=maintenant,
        demandee_par=acteur.auteur.nom,
    )  # fmt: skip


def _prevenir(dossier: Dossier, maintenant: datetime) -> None:
    """Put every piece still awaited in the one task of the structure, due on the first day."""
    convention = dossier.convention
    attendues = list(dossier.demandes.filter(fournie_le=None, abandonnee_le=None).order_by("echeance", "pk"))
    premiere, derniere = attendues[0].echeance, attendues[-1].echeance
    if convention.organisation is None:
        return
    proposer(
        Proposition(
            code=suites.FOURNIR,
            objet=convention.reference,
            libelle=f"{convention.nom_de_la_partie} : fournir {', '.join(d.precision for d in attendues)}"[:300],
            pourquoi=f"Sans ces pièces après le {en_mots(derniere)}, la demande peut être rejetée.",
            organisation=convention.organisation,
            url=dossier.get_absolute_url(),
            echeance=premiere,
            risque=Risque.ELEVE,
            structure=convention.structure,
            mission_locale=convention.mission_locale,
        ),
        auteur=suites.AUTEUR,
        maintenant=maintenant,
    )


@transaction.atomic
def abandonner_demande(acteur: Acteur, demande: DemandeDePiece, *, maintenant: datetime) -> None:
    """Give up asking for a piece: it was found elsewhere, or is no longer needed.

    Raises:
        ActionRefusee: no right, or the request is already closed.
    """
    policies.exiger(policies.refus_d_instruire(acteur, demande.dossier))
    demande.refresh_from_db(
        fields=["fournie_le", "abandonnee_le"], from_queryset=DemandeDePiece.objects.select_for_update()
    )
    if not demande.ouverte:
        raise ActionRefusee("Cette pièce n'est plus attendue.")
    demande.abandonnee_le = maintenant
    demande.save(update_fields=["abandonnee_le"])
    suites.tenir_le_rejet(demande.dossier, maintenant)
    journaliser(actes.PIECES_DEMANDEES, demande.dossier, auteur=acteur.auteur, apres={"abandonnee": demande.genre})
