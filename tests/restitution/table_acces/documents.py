"""Documents: who reads the object reads its document; who instructs the convention replaces it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.documents import CODE
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.actions import enregistrer
from convenir.socle.documents.models import DocumentProduit
from convenir.socle.documents.rendu import DocumentRendu
from tests.factories_conventions import convention_en_preparation
from tests.factories_objectifs import INSTANT
from tests.restitution.table_acces.commun import PERSONNE, TOUS, VOIENT_AILLEURS, Lieu, Ligne
from tests.restitution.table_acces.objectifs import LISENT

R = Role
# The funder reads the objectives it expects: there is none here.
ICI = LISENT - {R.FINANCEUR}
NOMS = ("document", "telecharger", "version")
ACTES = {"remplacer": 400, "revenir": 302}

LIGNES = [
    *(Ligne(f"documents:{n}", ICI, non=404, cible="dedans", sans_adhesion=404) for n in NOMS),
    *(Ligne(f"documents:{n}", VOIENT_AILLEURS, non=404, cible="ailleurs", sans_adhesion=404) for n in NOMS),
    *(Ligne(f"documents:{n}", ICI, oui=oui, non=404, cible="dedans", methode="post", sans_adhesion=404)
      for n, oui in ACTES.items()),
    *(Ligne(f"documents:{n}", VOIENT_AILLEURS, oui=oui, non=404, cible="ailleurs", methode="post", sans_adhesion=404)
      for n, oui in ACTES.items()),
    *(Ligne(f"documents:{n}", PERSONNE, non=405, sans_adhesion=405) for n in ACTES),
]  # fmt: skip
assert TOUS >= ICI


def _document(lieu: Lieu) -> DocumentProduit:
    convention = Convention.objects.filter(structure=lieu.s).first() or convention_en_preparation(
        "en_negociation", structure=lieu.s
    )
    rendus = {"pdf": DocumentRendu(b"%PDF-1.7 fictif", "0" * 64)}
    return enregistrer(
        Acteur.systeme("Essai"), CODE, f"{convention.reference}-2026", "Relevé fictif", rendus, maintenant=INSTANT
    )


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    un: Callable[[], list[Any]] = lambda: [_document(lieu).uuid]
    premiere: Callable[[], list[Any]] = lambda: [
        (d := _document(lieu)).uuid, d.versions.order_by("rang").first().pk,  # type: ignore[union-attr]
    ]  # fmt: skip
    return {
        "documents:document": un,
        "documents:remplacer": un,
        "documents:telecharger": lambda: [*un(), "pdf"],
        "documents:version": premiere,
        "documents:revenir": premiere,
    }
