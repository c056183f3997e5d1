"""Life of an objective: the one table of its states and of the moves between them, with the way back.

The state is the replay of the moves in order (`rules.rejouer`): taking one's last move back is replaying without it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from convenir.socle.commun.erreurs import ActionRefusee


class Partie(TextChoices):
    """Who speaks. The State and the structure negotiate; the others give their view."""

    ETAT = "etat", "État"
    STRUCTURE = "structure", "Structure"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    FINANCEUR = "financeur", "Financeur"


class Etat(TextChoices):
    """Where an objective stands; an open state says whose turn it is."""

    OUVERT = "ouvert", "À proposer"
    A_LA_STRUCTURE = "a_la_structure", "À la structure de répondre"
    A_L_ETAT = "a_l_etat", "À l’État de répondre"
    CONVENU = "convenu", "Convenu"
    DESACCORD = "desaccord", "Désaccord consigné"
    REFUSE = "refuse", "Négociation refusée"


class Genre(TextChoices):
    """What a position does."""

    PROPOSITION = "proposition", "Proposition"
    CONTRE_PROPOSITION = "contre_proposition", "Contre-proposition"
    ACCORD = "accord", "Accord"
    DESACCORD = "desaccord", "Désaccord consigné"
    REFUS = "refus", "Refus de négocier"
    REOUVERTURE = "reouverture", "Réouverture"
    AVIS = "avis", "Avis"


E, G, P = Etat, Genre, Partie
AVEC_VALEUR = frozenset({G.PROPOSITION, G.CONTRE_PROPOSITION})
SANS_RAISONS = frozenset({G.ACCORD})
AVEC_RAISONS = frozenset(Genre) - SANS_RAISONS
NEGOCIATEURS = (P.ETAT, P.STRUCTURE)
CLOS = frozenset({E.CONVENU, E.DESACCORD, E.REFUSE})
TOUR: dict[str, Partie] = {E.A_LA_STRUCTURE: P.STRUCTURE, E.A_L_ETAT: P.ETAT}
A: dict[str, Etat] = {P.STRUCTURE: E.A_LA_STRUCTURE, P.ETAT: E.A_L_ETAT}
SUITES: dict[str, str] = {
    E.OUVERT: "Personne n’a encore proposé : chacune des deux parties peut commencer.",
    E.A_LA_STRUCTURE: "La structure accepte, propose une autre valeur, consigne un désaccord ou refuse.",
    E.A_L_ETAT: "L’État accepte, propose une autre valeur, consigne un désaccord ou refuse.",
    E.CONVENU: "La cible convenue entre dans la convention et dans l’annexe financière de l’année.",
    E.DESACCORD: "Les deux positions figurent au relevé. La procédure continue.",
    E.REFUSE: "Le refus et son motif figurent au relevé. La procédure continue.",
}


@dataclass(frozen=True)
class Transition:
    """A move: the kind of position that makes it, whose, from where, to where."""

    genre: Genre
    partie: Partie
    depuis: frozenset[Etat]
    vers: Etat
    libelle: str


def autre(partie: str) -> Partie:
    """Return the other negotiating party."""
    return P.STRUCTURE if partie == P.ETAT else P.ETAT


def _de(partie: Partie) -> tuple[Transition, ...]:
    """Return the moves of one party: they are the same on both sides."""
    mon_tour, son_tour = A[partie], A[autre(partie)]

    def t(genre: Genre, depuis: set[Etat], vers: Etat, libelle: str) -> Transition:
        return Transition(genre, partie, frozenset(depuis), vers, libelle)

    return (
        t(G.PROPOSITION, {E.OUVERT}, son_tour, "Proposer une valeur"),
        t(G.CONTRE_PROPOSITION, {mon_tour}, son_tour, "Proposer une autre valeur"),
        t(G.ACCORD, {mon_tour}, E.CONVENU, "Accepter la valeur proposée"),
        t(G.DESACCORD, {mon_tour, E.DESACCORD}, E.DESACCORD, "Consigner le désaccord"),
        t(G.REFUS, {E.OUVERT, mon_tour}, E.REFUSE, "Refuser de négocier cet objectif"),
        # The way back of a closed objective: whoever reopens it speaks next.
        t(G.REOUVERTURE, set(CLOS), mon_tour, "Rouvrir la négociation"),
    )


TRANSITIONS: tuple[Transition, ...] = tuple(t for partie in NEGOCIATEURS for t in _de(partie))


def trouver(genre: str, partie: str, etat: str) -> Transition | None:
    """Return the move of this kind that this party may make from a state, or None."""
    return next((t for t in TRANSITIONS if (t.genre, t.partie) == (genre, partie) and etat in t.depuis), None)


def verifier(genre: str, partie: str, etat: str) -> Transition:
    """Return the move, or stop.

    Raises:
        ActionRefusee: naming the present state and what it allows.
    """
    transition = trouver(genre, partie, etat)
    if transition is None:
        libelle = Etat(etat).label
        acte = Genre(genre).label.lower()
        raise ActionRefusee(f"« {acte} » n’est pas possible maintenant : {libelle.lower()}. {SUITES[etat]}")
    return transition


def possibles(partie: str, etat: str) -> list[Transition]:
    """Return the moves a party may make from a state."""
    return [t for t in TRANSITIONS if t.partie == partie and etat in t.depuis]
