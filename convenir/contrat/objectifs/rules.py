"""Rules of the negotiation: replay, sum of the three, clock, warnings, judgement, change from a year to the next.

Pure: no database, no clock. Rates are percentages on a scale of 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from convenir.contrat.objectifs.states import AVEC_VALEUR, SANS_RAISONS, Etat, Genre, Partie, autre, verifier
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import jour, points
from convenir.socle.figures.ecriture import part_courte

CENT = Decimal(100)
# The three kinds of exit whose sum is the dynamic exits (circulaire DGEFP n° 2008-21, annexe 7).
SORTIES: dict[str, str] = {
    "durable": "Emploi durable",
    "transition": "Emploi de transition",
    "positive": "Sorties positives",
}


@dataclass(frozen=True)
class Coup:
    """A move as the replay reads it; `valeur` in the unit of the objective, `attendu` in words when qualitative."""

    genre: str
    partie: str
    valeur: Decimal | None = None
    attendu: str = ""


@dataclass(frozen=True)
class Situation:
    """Where the moves lead: state, and the terms agreed when it is reached."""

    etat: Etat = Etat.OUVERT
    cible: Decimal | None = None
    attendu: str = ""


def rejouer(coups: Iterable[Coup]) -> Situation:
    """Return the state and the agreed terms after a sequence of moves.

    Raises:
        ActionRefusee: a move is not possible where it stands.
    """
    joues: list[Coup] = []
    ou = Situation()
    for coup in coups:
        ou = suivant(ou, joues, coup)
        joues.append(coup)
    return ou


def suivant(ou: Situation, joues: Sequence[Coup], coup: Coup) -> Situation:
    """Return the state after one more move; an opinion changes nothing.

    Raises:
        ActionRefusee: the table does not allow it, or there is nothing to accept, or the disagreement is already
            written by this party.
    """
    if coup.genre == Genre.AVIS:
        return ou
    transition = verifier(coup.genre, coup.partie, ou.etat)
    if coup.genre == Genre.ACCORD:
        offre = derniere_offre(joues, autre(coup.partie))
        if offre is None:
            raise ActionRefusee("Il n’y a rien à accepter : l’autre partie n’a pas proposé de valeur.")
        return Situation(Etat.CONVENU, offre.valeur, offre.attendu)
    if coup.genre == Genre.DESACCORD and _deja_consigne(joues, coup.partie):
        raise ActionRefusee("Votre position sur ce désaccord est déjà consignée.")
    return Situation(transition.vers)


def derniere_offre(coups: Sequence[Coup], partie: str) -> Coup | None:
    """Return the last value put forward by a party, or None."""
    offres = [c for c in coups if c.partie == partie and c.genre in AVEC_VALEUR]
    return offres[-1] if offres else None


def _deja_consigne(coups: Sequence[Coup], partie: str) -> bool:
    """Tell whether this party wrote its disagreement since the negotiation was last open."""
    for coup in reversed(coups):
        if coup.genre == Genre.DESACCORD and coup.partie == partie:
            return True
        if coup.genre not in (Genre.DESACCORD, Genre.AVIS):
            return False
    return False


def verifier_contenu(genre: str, valeur: Decimal | None, attendu: str, raisons: str, *, qualitatif: bool) -> None:
    """Check what a position must say.

    Raises:
        EntreeInvalide: value or reasons missing, naming what to write.
    """
    if genre in AVEC_VALEUR and not qualitatif and valeur is None:
        raise EntreeInvalide("Valeur proposée : écrivez la valeur que vous proposez.")
    if genre in AVEC_VALEUR and qualitatif and not attendu.strip():
        raise EntreeInvalide("Ce qui est attendu : écrivez ce que vous proposez.")
    if genre not in SANS_RAISONS and not raisons.strip():
        raise EntreeInvalide("Vos raisons : écrivez-les. L’autre partie les lira dans vos mots.")


def verifier_part(valeur: Decimal | None) -> None:
    """Check that a rate is between 0 and 100, with the two decimals that an annexe can print.

    Raises:
        EntreeInvalide: it is not.
    """
    if valeur is None:
        return
    if not 0 <= valeur <= CENT:
        raise EntreeInvalide("Valeur proposée : un taux est compris entre 0 et 100 %.")
    if valeur != round(valeur, 2):
        raise EntreeInvalide("Valeur proposée : un taux s’écrit avec deux décimales au plus.")


def verifier_bornes(bas: Decimal | None, cible: Decimal | None, haut: Decimal | None) -> None:
    """Check that the bounds enclose the target.

    Raises:
        EntreeInvalide: they do not.
    """
    connues = [v for v in (bas, cible, haut) if v is not None]
    if connues != sorted(connues):
        raise EntreeInvalide("Bornes : la borne basse, la cible et la borne haute vont en croissant.")


def verifier_cible_bornee(bas: Decimal | None, cible: Decimal | None, haut: Decimal | None) -> None:
    """Check that a target put forward, agreed or brought back is within the bounds of its objective.

    Raises:
        EntreeInvalide: it is not; the message gives the bounds.
    """
    if cible is None or ((bas is None or cible >= bas) and (haut is None or cible <= haut)):
        return
    ecrites = [
        f"{mot} {v.normalize():f}".replace(".", ",") for mot, v in (("basse", bas), ("haute", haut)) if v is not None
    ]
    raise EntreeInvalide(
        f"Cette cible sort des bornes de l’objectif (borne {', borne '.join(ecrites)}) : changez-la, ou les bornes."
    )


def verifier_trajectoire(paliers: Sequence[tuple[int, Decimal]], premiere: int, derniere: int) -> None:
    """Check the steps of a trajectory: one a year, inside the convention.

    Args:
        paliers: (year, value), in any order.
        premiere: first year of the convention.
        derniere: last year of the convention.

    Raises:
        EntreeInvalide: a year twice, or outside.
    """
    annees = [annee for annee, _ in paliers]
    if len(set(annees)) != len(annees):
        raise EntreeInvalide("Trajectoire : une année n’a qu’une valeur.")
    dehors = [a for a in annees if not premiere <= a <= derniere]
    if dehors:
        raise EntreeInvalide(
            f"Trajectoire : {dehors[0]} est hors de la convention, qui va de {premiere} à {derniere}."
        )


def somme_dynamique(taux: Mapping[str, Decimal | None]) -> Decimal | None:
    """Return durable + transition + positive; None while one of the three is not known.

    The dynamic rate is never entered: it is this sum (circulaire DGEFP n° 2008-21, annexe 7).
    """
    lus = [taux.get(type_) for type_ in SORTIES]
    connus = [v for v in lus if v is not None]
    return sum(connus, Decimal(0)) if len(connus) == len(SORTIES) else None


def verifier_somme(taux: Mapping[str, Decimal | None]) -> None:
    """Check that the three rates do not exceed the whole of the exits.

    Raises:
        EntreeInvalide: their sum is above 100 %.
    """
    somme = sum((v for v in (taux.get(type_) for type_ in SORTIES) if v is not None), Decimal(0))
    if somme > CENT:
        raise EntreeInvalide(
            f"La somme des trois taux serait de {part_courte(somme)} : elle ne peut dépasser 100 % des sorties."
        )


def echeance_nationale(premiere: date | None, annees: int) -> date | None:
    """Return the day by which the national reference is to be reached: `annees` years after the first negotiation.

    Args:
        premiere: day of the first negotiation with the structure; None when there has been none.
        annees: parameter `iae.objectifs.delai_ans`.
    """
    if premiere is None:
        return None
    try:
        return premiere.replace(year=premiere.year + annees)
    except ValueError:  # 29 février
        return date(premiere.year + annees, 3, 1)


@dataclass(frozen=True)
class Avertissement:
    """Something to know before answering; it never blocks."""

    code: str
    texte: str


def avertissements(
    taux: Mapping[str, Decimal | None],
    references: Mapping[str, Decimal],
    echeance: date | None,
    aujourdhui: date,
) -> list[Avertissement]:
    """Compare the rates on the table with the national reference; warn, never block.

    Args:
        taux: rates by kind of exit, `dynamique` being their sum, in percent.
        references: national references, `durable` and `dynamique`, in percent.
        echeance: end of the three years, or None when the first negotiation is not known.
        aujourdhui: day of reading.
    """
    lus = {**taux, "dynamique": somme_dynamique(taux)}
    noms = {"durable": "L’emploi durable", "dynamique": "Le total des sorties dynamiques"}
    dits = []
    for code, reference in references.items():
        valeur = lus.get(code)
        if valeur is not None and valeur < reference:
            manque = reference - valeur
            ecart = points(manque, 0 if manque == manque // 1 else 1).removeprefix("+")
            dits.append(
                Avertissement(
                    code,
                    f"{noms[code]} est sous la référence nationale de {part_courte(reference)} : "
                    f"l’écart est de {ecart}. Il est signalé ; il n’empêche rien.",
                )
            )
    if dits and echeance is not None and aujourdhui >= echeance:
        dits.append(
            Avertissement(
                "delai", f"Le délai pour atteindre la référence nationale est passé depuis le {jour(echeance)}."
            )
        )
    return dits


class Issue(StrEnum):
    """How an objective ended."""

    ATTEINT = "atteint"
    PARTIEL = "partiellement"
    NON = "non"
    NON_JUGE = "non_juge"


ISSUES: dict[str, str] = {
    Issue.ATTEINT: "Atteint",
    Issue.PARTIEL: "Partiellement atteint",
    Issue.NON: "Non atteint",
    Issue.NON_JUGE: "Ne peut être jugé",
}


@dataclass(frozen=True)
class Regle:
    """How a result is judged, as frozen with the objective.

    Attributes:
        sens: `hausse` when more is better, `baisse` when less is, as in the catalogue (`neutre`: as `hausse`).
        seuil_partiel: share of the target, in percent, from which it is partly reached.
    """

    sens: str
    seuil_partiel: Decimal


def juger(resultat: Decimal | None, cible: Decimal | None, borne: Decimal | None, regle: Regle) -> Issue:
    """Judge a result by the rule of its objective.

    Reached: the result is at the target, or at the tolerated bound (the low one when more is better, the high one
    when less is). Partly: at the declared share of the target. Without a result or a target: it cannot be judged,
    which is not a failure.

    Args:
        resultat: result under the frame and definition of the objective; None when it is not computable.
        cible: agreed target.
        borne: bound tolerated around the target; None without one.
        regle: the rule frozen with the objective.
    """
    if resultat is None or cible is None:
        return Issue.NON_JUGE
    exige = cible if borne is None else borne
    part = regle.seuil_partiel / CENT
    if regle.sens == "baisse":
        if resultat <= exige:
            return Issue.ATTEINT
        return Issue.PARTIEL if part > 0 and resultat <= cible / part else Issue.NON
    if resultat >= exige:
        return Issue.ATTEINT
    return Issue.PARTIEL if resultat >= cible * part else Issue.NON


class Evolution(StrEnum):
    """What became of an objective from a year to the next: the columns of the follow-up tables of 2011."""

    IDENTIQUE = "identique"
    RELEVE = "releve"
    ABAISSE = "abaisse"
    NOUVEAU = "nouveau"
    REFUSE = "refuse"
    DESACCORD = "desaccord"
    EN_COURS = "en_cours"


EVOLUTIONS: dict[str, str] = {
    Evolution.IDENTIQUE: "Repris à l’identique",
    Evolution.RELEVE: "Relevés",
    Evolution.ABAISSE: "Abaissés",
    Evolution.NOUVEAU: "Sans objectif l’année précédente",
    Evolution.REFUSE: "Refusés",
    Evolution.DESACCORD: "Désaccord consigné",
    Evolution.EN_COURS: "En négociation",
}


def evolution(etat: str, avant: Decimal | None, apres: Decimal | None) -> Evolution:
    """Compare the target of a year with that of the year before.

    Args:
        etat: state of the objective of the year.
        avant: target agreed the year before; None when there was none.
        apres: target agreed for the year; None unless agreed.
    """
    if etat == Etat.REFUSE:
        return Evolution.REFUSE
    if etat == Etat.DESACCORD:
        return Evolution.DESACCORD
    if etat != Etat.CONVENU or apres is None:
        return Evolution.EN_COURS
    if avant is None:
        return Evolution.NOUVEAU
    if apres == avant:
        return Evolution.IDENTIQUE
    return Evolution.RELEVE if apres > avant else Evolution.ABAISSE


def etat_des_trois(etats: Sequence[str]) -> Etat:
    """Return the state of the dynamic exits from those of their three parts.

    A refusal of one part is a refusal of the sum; then a disagreement; agreed when the three are; open otherwise.
    """
    if Etat.REFUSE in etats:
        return Etat.REFUSE
    if len(etats) == len(SORTIES) and all(e == Etat.CONVENU for e in etats):
        return Etat.CONVENU
    clos = {Etat.CONVENU, Etat.DESACCORD}
    if len(etats) == len(SORTIES) and all(e in clos for e in etats):
        return Etat.DESACCORD
    return Etat.OUVERT


__all__ = [
    "EVOLUTIONS",
    "ISSUES",
    "SORTIES",
    "Avertissement",
    "Coup",
    "Evolution",
    "Issue",
    "Partie",
    "Regle",
    "Situation",
    "avertissements",
    "derniere_offre",
    "echeance_nationale",
    "etat_des_trois",
    "evolution",
    "juger",
    "rejouer",
    "somme_dynamique",
    "suivant",
    "verifier_bornes",
    "verifier_cible_bornee",
    "verifier_contenu",
    "verifier_part",
    "verifier_somme",
    "verifier_trajectoire",
]  # fmt: skip
