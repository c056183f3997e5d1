"""Public archives: the services that keep them, in their départements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from convenir.socle.archives.models import Bordereau
from convenir.socle.documents.stockage import deposer
from tests.factories_dossiers import PDF
from tests.restitution.table_acces.commun import CORRIGENT, Lieu, Ligne

LECTURES = ("liste", "preparer", "bordereau", "exporter_la_liste", "visa", "viser", "refuser")
ACTES = ("executer", "exporter")

LIGNES = [
    *(Ligne(f"archives:{n}", CORRIGENT) for n in LECTURES),
    *(Ligne(f"archives:{n}", set(), non=405, sans_adhesion=405, anonyme=302) for n in ACTES),
    *(Ligne(f"archives:{n}", CORRIGENT, methode="post", oui=302) for n in ACTES),
]


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about: a slip of the département, visaed."""
    de_bordereau = ("bordereau", "exporter_la_liste", "visa", "viser", "refuser", *ACTES)
    return {
        "archives:preparer": lambda: [lieu.s.departement_id, "dossiers.demande"],
        **{f"archives:{n}": lambda: [_bordereau(lieu)] for n in de_bordereau},
    }


def _bordereau(lieu: Lieu) -> int:
    return Bordereau.objects.create(
        sens="elimination", departement=lieu.s.departement, etat="bordereau_vise", signataire="x", qualite="x",
        prepare_le=date(2026, 1, 5), prepare_par="x", vise_par="x", vise_le=date(2026, 1, 6), nom_fichier="visa.pdf",
        sha256=deposer(PDF, "visa.pdf").sha256,
    ).pk  # fmt: skip
