"""Acts on the register. Each checks the right, opens one transaction, writes and journals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from convenir.contrat.travaux import actes, rules
from convenir.contrat.travaux.models import PieceDeTravail, Travail
from convenir.contrat.travaux.pieces import PIECES_MAX, lire_format
from convenir.contrat.travaux.policies import exiger_d_ecrire
from convenir.contrat.travaux.rules import TravailEcrit
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.stockage import deposer
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import MissionLocale

CHAMPS = ("genre", "axe", "intitule", "territoire", "debut", "fin", "livrable", "etp")


@transaction.atomic
def ajouter(acteur: Acteur, mission_locale: MissionLocale, ecrit: TravailEcrit, *, maintenant: datetime) -> Travail:
    """Write a work in the register of a mission locale.

    Raises:
        ActionRefusee: no right to write there.
        EntreeInvalide: the work is not acceptable, or is already there.
    """
    exiger_d_ecrire(acteur, mission_locale)
    rules.verifier(ecrit)
    _exiger_unique(mission_locale, ecrit)
    travail = Travail.objects.create(
        mission_locale=mission_locale, **_colonnes(ecrit), inscrit_le=maintenant, modifie_le=maintenant,
        modifie_par=acteur.auteur.nom,
    )  # fmt: skip
    journaliser(actes.AJOUTE, travail, auteur=acteur.auteur, apres=_charge(travail))
    return travail


@transaction.atomic
def modifier(acteur: Acteur, travail: Travail, ecrit: TravailEcrit, *, version: int, maintenant: datetime) -> Travail:
    """Change a work; writing the same thing again changes nothing.

    Args:
        version: that of the work the person has read.

    Raises:
        ActionRefusee: no right, the work is withdrawn, or someone else has changed it meanwhile.
        EntreeInvalide: the work is not acceptable, or another says the same.
    """
    actuel = _ouvert(acteur, travail)
    rules.verifier(ecrit)
    if actuel.version != version:
        raise ActionRefusee(f"{actuel.modifie_par} a modifié ce travail entre-temps. Relisez-le, puis recommencez.")
    _exiger_unique(actuel.mission_locale, ecrit, sauf=actuel)
    avant, colonnes = _charge(actuel), _colonnes(ecrit)
    if all(getattr(actuel, c) == v for c, v in colonnes.items()):
        return actuel
    for colonne, valeur in colonnes.items():
        setattr(actuel, colonne, valeur)
    actuel.version += 1
    actuel.modifie_le, actuel.modifie_par = maintenant, acteur.auteur.nom
    actuel.save()
    journaliser(actes.MODIFIE, actuel, auteur=acteur.auteur, avant=avant, apres=_charge(actuel))
    return actuel


@transaction.atomic
def retirer(acteur: Acteur, travail: Travail, motif: str, *, maintenant: datetime) -> Travail:
    """Withdraw a work: it no longer counts, its page stays and says why.

    Raises:
        ActionRefusee: no right, or already withdrawn.
        EntreeInvalide: no reason.
    """
    actuel = _ouvert(acteur, travail)
    actuel.motif_retrait, actuel.retire_le = rules.verifier_motif(motif), maintenant
    actuel.save(update_fields=["motif_retrait", "retire_le"])
    journaliser(
        actes.RETIRE, actuel, auteur=acteur.auteur, avant=_charge(actuel), apres={"motif": actuel.motif_retrait}
    )
    return actuel


@transaction.atomic
def joindre(acteur: Acteur, travail: Travail, nom: str, octets: bytes, *, maintenant: datetime) -> PieceDeTravail:
    """Join a file to a work, its bytes checked; the same bytes sent again change nothing.

    Raises:
        ActionRefusee: no right, the work is withdrawn, or it carries all the files it may.
        EntreeInvalide: the file is empty, too large, of another format, or carries macros.
    """
    actuel = _ouvert(acteur, travail)
    lu = lire_format(nom, octets)
    depot = deposer(octets, f"piece.{lu}")
    jointes = {p.sha256: p for p in actuel.pieces.filter(retiree_le=None)}
    if depot.sha256 in jointes:
        return jointes[depot.sha256]
    if len(jointes) >= PIECES_MAX:
        raise ActionRefusee(f"Ce travail porte déjà {PIECES_MAX} pièces. Retirez-en une pour en joindre une autre.")
    piece = PieceDeTravail.objects.create(
        travail=actuel, nom=nom[-200:], format=lu, taille=len(octets), sha256=depot.sha256, jointe_le=maintenant,
        jointe_par=acteur.auteur.nom,
    )  # fmt: skip
    apres = {"nom": piece.nom, "sha256": piece.sha256, "taille": piece.taille}
    journaliser(actes.PIECE, actuel, auteur=acteur.auteur, apres=apres)
    return piece


@transaction.atomic
def retirer_piece(acteur: Acteur, piece: PieceDeTravail, *, maintenant: datetime) -> None:
    """Withdraw a file; its bytes stay, for the journal.

    Raises:
        ActionRefusee: no right, or the work or the file is withdrawn.
    """
    travail = _ouvert(acteur, piece.travail)
    retirees = travail.pieces.filter(pk=piece.pk, retiree_le=None).update(retiree_le=maintenant)
    if not retirees:
        raise ActionRefusee("Cette pièce est déjà retirée.")
    avant = {"nom": piece.nom, "sha256": piece.sha256}
    journaliser(actes.PIECE_RETIREE, travail, auteur=acteur.auteur, avant=avant)


def _ouvert(acteur: Acteur, travail: Travail) -> Travail:
    """Return a work, locked, that this person may change."""
    exiger_d_ecrire(acteur, travail.mission_locale)
    actuel = Travail.objects.select_for_update(of=("self",)).select_related("mission_locale").get(pk=travail.pk)
    if actuel.retire_le is not None:
        raise ActionRefusee("Ce travail est retiré du registre. Inscrivez-le de nouveau s'il a bien eu lieu.")
    return actuel


def _exiger_unique(mission_locale: MissionLocale, ecrit: TravailEcrit, sauf: Travail | None = None) -> None:
    """Refuse a second work of the same title and start; its register is locked, so that a double click is one work."""
    MissionLocale.objects.select_for_update(of=("self",)).get(pk=mission_locale.pk)
    memes = Travail.objects.inscrits().filter(
        mission_locale=mission_locale, intitule=ecrit.intitule.strip(), debut=ecrit.debut
    )
    if (memes.exclude(pk=sauf.pk) if sauf else memes).exists():
        raise EntreeInvalide("Ce travail est déjà au registre : même intitulé, même début.")


def _colonnes(ecrit: TravailEcrit) -> dict[str, Any]:
    colonnes = {c: getattr(ecrit, c) for c in CHAMPS}
    textes = {c: v.strip() for c, v in colonnes.items() if isinstance(v, str)}
    return {**colonnes, **textes, "partenaires": "\n".join(ecrit.partenaires)}


def _charge(travail: Travail) -> dict[str, Any]:
    """Return what the journal keeps of a work."""
    return {"mission_locale": travail.mission_locale.code, "partenaires": travail.noms_des_partenaires,
            **{c: getattr(travail, c) for c in CHAMPS}}  # fmt: skip
