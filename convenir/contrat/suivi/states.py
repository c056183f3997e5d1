"""Life of a bilan, of a means, of a disputed figure: declared tables, with the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.capacites import Capacite


class EtatBilan(TextChoices):
    """Where a yearly bilan stands."""

    BROUILLON = "bilan_brouillon", "En préparation"
    DEPOSE = "bilan_depose", "Déposé"
    ACCEPTE = "bilan_accepte", "Examiné"


class EtatMoyen(TextChoices):
    """Whether a means promised came."""

    PROMIS = "promis", "Promis"
    LIVRE = "livre", "Livré"
    NON_LIVRE = "non_livre", "Non livré"


class EtatContestation(TextChoices):
    """Where the dispute of a figure stands."""

    OUVERTE = "contestation_ouverte", "Ouverte"
    A_LA_SOURCE = "corrige_a_la_source", "Corrigée à la source, attend la prochaine livraison"
    MAINTENUE = "chiffre_maintenu", "Chiffre maintenu"
    CLOSE = "contestation_close", "Close par la livraison"


B, M, K, C = EtatBilan, EtatMoyen, EtatContestation, Capacite


@dataclass(frozen=True)
class Transition:
    """A move: where from, where to, who may (None: an import), its words, whether it asks for a reason."""

    nom: str
    depuis: frozenset[str]
    vers: str
    capacite: Capacite | None
    libelle: str
    motif: bool = False


def _table(*lignes: tuple[str, set[str], str, Capacite | None, str, bool]) -> Mapping[str, Transition]:
    return {n: Transition(n, frozenset(d), v, c, libelle, m) for n, d, v, c, libelle, m in lignes}


BILAN = _table(
    ("deposer", {B.BROUILLON}, B.DEPOSE, C.DEPOSER_DEMANDE, "Déposer le bilan", False),
    ("renvoyer", {B.DEPOSE, B.ACCEPTE}, B.BROUILLON, C.INSTRUIRE_CONVENTION, "Rendre le bilan à la structure", True),
    ("accepter", {B.DEPOSE}, B.ACCEPTE, C.INSTRUIRE_CONVENTION, "Dire le bilan examiné", False),
)
MOYEN = _table(
    ("livrer", {M.PROMIS, M.NON_LIVRE}, M.LIVRE, C.INSTRUIRE_CONVENTION, "Dire ce moyen livré", False),
    ("manquer", {M.PROMIS, M.LIVRE}, M.NON_LIVRE, C.INSTRUIRE_CONVENTION, "Dire ce moyen non livré", True),
    ("promettre", {M.LIVRE, M.NON_LIVRE}, M.PROMIS, C.INSTRUIRE_CONVENTION, "Revenir à « promis »", True),
)
CONTESTATION = _table(
    ("corriger", {K.OUVERTE}, K.A_LA_SOURCE, C.INSTRUIRE_CONVENTION, "Dire le chiffre corrigé à la source", False),
    ("maintenir", {K.OUVERTE, K.A_LA_SOURCE}, K.MAINTENUE, C.INSTRUIRE_CONVENTION, "Maintenir le chiffre", True),
    ("rouvrir", {K.A_LA_SOURCE, K.MAINTENUE, K.CLOSE}, K.OUVERTE, C.INSTRUIRE_CONVENTION, "Rouvrir", True),
    ("clore", {K.A_LA_SOURCE}, K.CLOSE, None, "Clore, le chiffre a changé", False),
)


def verifier(table: Mapping[str, Transition], nom: str, etat: str) -> Transition:
    """Return a move of a table if it starts from a state.

    Raises:
        ActionRefusee: it does not.
    """
    transition = table[nom]
    if etat not in transition.depuis:
        raise ActionRefusee(f"« {transition.libelle} » n'est pas possible dans l'état actuel.")
    return transition
