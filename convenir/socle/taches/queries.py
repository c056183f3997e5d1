"""What a person has to do, in the order in which it presses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import ROLES_STRUCTURE
from convenir.socle.organisations.models import Structure
from convenir.socle.taches.models import Tache


@dataclass
class AFaire:
    """Open tasks in three groups, each by due date then risk; without a due date comes last."""

    en_retard: list[Tache] = field(default_factory=list)
    cette_semaine: list[Tache] = field(default_factory=list)
    plus_tard: list[Tache] = field(default_factory=list)

    @property
    def nombre(self) -> int:
        """How many tasks in all."""
        return len(self.en_retard) + len(self.cette_semaine) + len(self.plus_tard)

    @property
    def premiere(self) -> Tache | None:
        """The task that presses most."""
        return next(iter([*self.en_retard, *self.cette_semaine, *self.plus_tard]), None)


def taches_visibles(acteur: Acteur) -> QuerySet[Tache]:
    """Return the open tasks of the person's current organisation: theirs, and those of everyone there.

    Whoever follows a few structures of a carrier sees the tasks of these alone, and those of no structure.
    """
    if acteur.utilisateur is None or acteur.organisation is None:
        return Tache.objects.none()
    pour_moi = Q(destinataire=None) | Q(destinataire=acteur.utilisateur)
    taches = Tache.objects.filter(pour_moi, organisation=acteur.organisation, faite_le=None)
    if acteur.role in ROLES_STRUCTURE:
        visibles = Structure.objects.visibles_par(acteur.perimetre).values("pk")
        taches = taches.filter(Q(structure=None) | Q(structure__in=visibles))
    return taches.select_related("structure")


def a_faire(acteur: Acteur, jour: date) -> AFaire:
    """Return what a person has to do on a day, in one SQL query.

    Late: due before that day. This week: due up to the Sunday of that day's week. Later: after, or without a due date.
    """
    dimanche = jour + timedelta(days=6 - jour.weekday())
    resultat = AFaire()
    ordre = (F("echeance").asc(nulls_last=True), "-risque", "pk")
    for tache in taches_visibles(acteur).order_by(*ordre):
        if tache.echeance is None or tache.echeance > dimanche:
            resultat.plus_tard.append(tache)
        elif tache.echeance < jour:
            resultat.en_retard.append(tache)
        else:
            resultat.cette_semaine.append(tache)
    return resultat
