"""Écrire des entrées, et falsifier le journal comme le ferait quelqu'un qui tient la base."""

from __future__ import annotations

from typing import Any

from django.db import connection, models, transaction

from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.models import Entree

NADIA = Auteur(7, "Nadia Ferrand", 3, "DDETS de la Vaire", "req-1")


def ecrire(nombre: int = 1, **precisions: Any) -> list[Entree]:
    """Ajouter `nombre` entrées ; chacune dans sa transaction."""
    entrees = []
    for rang in range(nombre):
        with transaction.atomic():
            entrees.append(
                journaliser(
                    precisions.get("acte", "test.acte"),
                    precisions.get("objet", ("test.objet", str(rang), f"Objet {rang}")),
                    auteur=precisions.get("auteur", NADIA),
                    avant=precisions.get("avant", {"etp": rang}),
                    apres=precisions.get("apres", {"etp": rang + 1}),
                )
            )
    return entrees


def falsifier(rang: int, /, **champs: Any) -> None:
    """Changer une entrée sous le nez de Django."""
    assert models.QuerySet(Entree).filter(numero=rang).update(**champs) == 1


def retirer(*numeros: int) -> None:
    """Retirer des entrées et leur charge."""
    with connection.cursor() as curseur:
        for numero in numeros:
            curseur.execute("DELETE FROM journal_charge WHERE entree_id = %s", [numero])
            curseur.execute("DELETE FROM journal_entree WHERE numero = %s", [numero])
