"""What a person has to do, in the order in which it presses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from convenir.socle.commun.francais import enumeration, pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import ROLES_STRUCTURE
from convenir.socle.organisations.models import MissionLocale, Structure
from convenir.socle.taches.models import Tache
from convenir.socle.taches.portee import hors_de_portee


@dataclass(frozen=True)
class TacheAFaire:
    """An open task as read on a day.

    Attributes:
        retard: « en retard de 3 jours », or nothing.
        reste: « aujourd'hui », « demain », « dans 4 jours », or nothing (late, or without a due date).
    """

    libelle: str
    pourquoi: str
    url: str
    echeance: date | None
    risque: int
    structure: Structure | None
    mission_locale: MissionLocale | None = None
    retard: str = ""
    reste: str = ""


@dataclass(frozen=True)
class Groupe:
    """Tasks that press alike, under their title."""

    libelle: str
    taches: list[TacheAFaire]


@dataclass
class AFaire:
    """Open tasks in three groups, each by due date then risk; without a due date comes last."""

    en_retard: list[TacheAFaire] = field(default_factory=list)
    cette_semaine: list[TacheAFaire] = field(default_factory=list)
    plus_tard: list[TacheAFaire] = field(default_factory=list)

    @property
    def groupes(self) -> list[Groupe]:
        """The groups that hold something, the most pressing first."""
        tous = (("En retard", self.en_retard), ("Cette semaine", self.cette_semaine), ("Plus tard", self.plus_tard))
        return [Groupe(libelle, taches) for libelle, taches in tous if taches]

    @property
    def toutes(self) -> list[TacheAFaire]:
        """Every task, in order."""
        return [*self.en_retard, *self.cette_semaine, *self.plus_tard]

    @property
    def total(self) -> int:
        """How many tasks in all."""
        return len(self.toutes)

    @property
    def phrase(self) -> str:
        """The whole in one sentence: « 3 tâches, dont 1 en retard et 2 à finir cette semaine. »."""
        dont = [f"{len(self.en_retard)} en retard"] if self.en_retard else []
        dont += [f"{len(self.cette_semaine)} à finir cette semaine"] if self.cette_semaine else []
        return f"{pluriel(self.total, 'tâche')}{', dont ' + enumeration(dont) if dont else ''}."


def delai(echeance: date, jour: date) -> tuple[str, str]:
    """Return the delay and the time left, in words; one of them is empty."""
    jours = (echeance - jour).days
    if jours < 0:
        return f"en retard de {pluriel(-jours, 'jour')}", ""
    return "", {0: "aujourd'hui", 1: "demain"}.get(jours, f"dans {pluriel(jours, 'jour')}")


def taches_visibles(acteur: Acteur) -> QuerySet[Tache]:
    """Return the open tasks of the person's current organisation: theirs, and those of everyone there who may do them.

    Whoever follows a few structures of a carrier sees the tasks of these alone, and those of no structure.
    """
    if acteur.utilisateur is None or acteur.organisation is None:
        return Tache.objects.none()
    a_qui_peut = Q(destinataire=None) & ~Q(code__in=hors_de_portee(acteur))
    pour_moi = a_qui_peut | Q(destinataire=acteur.utilisateur)
    taches = Tache.objects.filter(pour_moi, organisation=acteur.organisation, faite_le=None)
    if acteur.role in ROLES_STRUCTURE:
        visibles = Structure.objects.visibles_par(acteur.perimetre).values("pk")
        siennes = MissionLocale.objects.visibles_par(acteur.perimetre).values("pk")
        taches = taches.filter(Q(structure=None) | Q(structure__in=visibles))
        taches = taches.filter(Q(mission_locale=None) | Q(mission_locale__in=siennes))
    return taches.select_related("structure", "mission_locale")


def a_faire(acteur: Acteur, jour: date) -> AFaire:
    """Return what a person has to do on a day, in one SQL query.

    Late: due before that day. This week: due up to the Sunday of that day's week. Later: after, or without a due date.
    """
    dimanche = jour + timedelta(days=6 - jour.weekday())
    resultat = AFaire()
    for tache in taches_visibles(acteur).order_by(F("echeance").asc(nulls_last=True), "-risque", "pk"):
        lue = _lire(tache, jour)
        if lue.retard:
            resultat.en_retard.append(lue)
        elif lue.echeance is None or lue.echeance > dimanche:
            resultat.plus_tard.append(lue)
        else:
            resultat.cette_semaine.append(lue)
    return resultat


def _lire(tache: Tache, jour: date) -> TacheAFaire:
    retard, reste = delai(tache.echeance, jour) if tache.echeance else ("", "")
    return TacheAFaire(
        tache.libelle, tache.pourquoi, tache.url, tache.echeance, tache.risque, tache.structure, tache.mission_locale,
        retard, reste,
    )  # fmt: skip
