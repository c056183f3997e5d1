"""Long works in the background: asked for, done bit by bit, each bit kept, how far told as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions import actes
from convenir.contrat.conventions.models import EtatOperation, GenreOperation, Operation
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide, ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.territoires.models import Departement

T = TypeVar("T")
PATIENCE = timedelta(hours=1)
ARRETEE = "L'opération s'est arrêtée. Ce qui est fait reste ; demandez-la de nouveau."
Ouvrage = Callable[[Acteur, Operation, "Suite"], None]
_OUVRAGES: dict[str, Ouvrage] = {}


def ouvrage(genre: GenreOperation) -> Callable[[Ouvrage], Ouvrage]:
    """Decorate what does the works of a kind."""

    def declarer(fait: Ouvrage) -> Ouvrage:
        _OUVRAGES[genre] = fait
        return fait

    return declarer


@transaction.atomic
def demander(
    acteur: Acteur,
    genre: GenreOperation,
    departement: Departement,
    *,
    essai: bool,
    maintenant: datetime,
    annee: int | None = None,
    archive: tuple[str, str] = ("", ""),
) -> Operation:
    """Ask for a long work on a département; `archive` is the fingerprint and the name of the file received.

    Raises:
        ActionRefusee: no right on this département.
        EntreeInvalide: the same work is not finished yet.
    """
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if not acteur.perimetre.couvre_departement(departement.pk, departement.region_id):
        raise ActionRefusee(f"{departement} n'est pas dans votre territoire.")
    _liberer(genre, departement, annee, essai, maintenant)
    operation = Operation.objects.create(
        genre=genre, departement=departement, annee=annee, essai=essai, archive=archive[0], archive_nom=archive[1],
        demandee_le=maintenant, demandee_par=acteur.auteur.nom,
    )  # fmt: skip
    apres = {"genre": genre, "departement": departement.pk, "annee": annee, "essai": essai, "archive": archive[0]}
    journaliser(actes.OPERATION, operation, auteur=acteur.auteur, apres=apres)
    return operation


def _liberer(
    genre: GenreOperation, departement: Departement, annee: int | None, essai: bool, maintenant: datetime
) -> None:
    """Refuse a second request while the first goes on; one left without an end by a stopped machine is closed."""
    memes = Operation.objects.filter(genre=genre, departement=departement, annee=annee, essai=essai)
    ouvertes = memes.filter(etat__in=[EtatOperation.DEMANDEE, EtatOperation.EN_COURS])
    if ouvertes.filter(demandee_le__gt=maintenant - PATIENCE).exists():
        raise EntreeInvalide(
            "Cette opération est déjà demandée : suivez son avancement. Sans fin une heure après, elle se redemande."
        )
    ouvertes.update(etat=EtatOperation.ECHOUEE, finie_le=maintenant, message=ARRETEE)


class Suite:
    """How far a work is: its lines are kept as they come."""

    def __init__(self, operation: Operation, total: int = 0) -> None:
        self.operation, self.total, self.faits = operation, total, 0

    def compter(self, total: int) -> None:
        """Say how many there are to do."""
        self.total = total

    def avancer(self, lignes: Sequence[dict[str, Any]], faits: int | None = None) -> None:
        """Keep the lines of a bit, and how far the whole is."""
        self.operation.rapport += lignes
        self.faits += len(lignes) if faits is None else faits
        self.operation.progression = min(99, self.faits * 100 // self.total) if self.total else 0
        self.operation.save(update_fields=["rapport", "progression"])


def par_lots(elements: Iterable[T], taille: int) -> Iterator[list[T]]:
    """Cut into lists of a size at most."""
    reste = iter(elements)
    while lot := list(islice(reste, taille)):
        yield lot


def executer(acteur: Acteur, operation: Operation) -> Operation:
    """Do the work; what stops it is said, and what was done before stays. A work already begun is not begun again."""
    prise = Operation.objects.filter(pk=operation.pk, etat=EtatOperation.DEMANDEE).update(etat=EtatOperation.EN_COURS)
    operation.refresh_from_db()
    if not prise:
        return operation
    try:
        _OUVRAGES[operation.genre](acteur, operation, Suite(operation))
    except ErreurMetier as erreur:
        operation.etat, operation.message = EtatOperation.ECHOUEE, str(erreur)
    except Exception:
        operation.etat = EtatOperation.ECHOUEE
        operation.message = ARRETEE
        operation.finie_le = timezone.now()
        operation.save()
        raise
    else:
        operation.etat, operation.progression = EtatOperation.FINIE, 100
    operation.finie_le = timezone.now()
    with transaction.atomic():
        operation.save()
        apres = {"etat": operation.etat, "comptes": operation.comptes, "message": operation.message}
        journaliser(actes.OPERATION_FINIE, operation, auteur=acteur.auteur, apres=apres)
    return operation
