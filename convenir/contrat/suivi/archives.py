"""The fonds of the bilans d'activité: each filed bilan as one JSON file, handed over once its convention is over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from django.db.models import QuerySet
from django.utils import timezone

from convenir.contrat.conventions.queries.archives import closes, cloture
from convenir.contrat.conventions.queries.publication import decimal
from convenir.contrat.suivi.models import Bilan, ChiffreBilan
from convenir.contrat.suivi.queries.publication import en_bilan
from convenir.socle.archives.registre import Fonds, declarer
from convenir.socle.archives.rules import Article, Fichier
from convenir.socle.documents.stockage import deposer

CODE = "suivi.bilans"
SUFFIXE = ".json"


def _bilans() -> QuerySet[Bilan]:
    liees = ("convention__structure__porteur", "convention__mission_locale__organisation")
    deposes = Bilan.objects.filter(convention__in=closes(), depose_le__isnull=False).select_related(*liees)
    return deposes.prefetch_related("rubriques", "chiffres").order_by("convention__reference", "annee")


def en_octets(bilan: Bilan) -> bytes:
    """Return all that a bilan says: its dates, its six items, its figures in both sources; same data, same bytes."""
    contenu = {
        "convention": bilan.convention.reference,
        "structure": bilan.convention.nom_de_la_partie,
        **en_bilan(bilan),
        "rubriques": {r.get_code_display(): r.texte for r in sorted(bilan.rubriques.all(), key=lambda r: r.code)},
        "chiffres": {c.get_code_display(): _chiffre(c) for c in sorted(bilan.chiffres.all(), key=lambda c: c.code)},
    }
    return f"{json.dumps(contenu, ensure_ascii=False, indent=1)}\n".encode()


def _chiffre(chiffre: ChiffreBilan) -> dict[str, str | None]:
    return {
        "extranet": decimal(chiffre.extranet),
        "structure": decimal(chiffre.structure),
        "retenu": chiffre.decision,
        "motif": chiffre.motif,
    }


def _article(bilan: Bilan, octets: bytes) -> Article:
    convention, fin = bilan.convention, cloture(bilan.convention)
    nom = f"bilan-{convention.reference}-{bilan.annee}{SUFFIXE}".lower()
    fichier = Fichier(nom, sha256(octets).hexdigest(), SUFFIXE, len(octets))
    libelle = f"Bilan {bilan.annee}, {convention.reference}, {convention.nom_de_la_partie}"
    ouvert = timezone.localdate(bilan.ouvert_le)
    return Article(f"{convention.reference}-{bilan.annee}", libelle, min(ouvert, fin), fin, (fichier,))


def lister(departement: str, avant: date) -> Iterable[Article]:
    """Return the filed bilans of the conventions of a département closed before a day."""
    siens = _bilans().filter(convention__departement=departement)
    return [a for b in siens if (a := _article(b, en_octets(b))).clos_le < avant]


def lire(cle: str) -> Article | None:
    """Return a bilan as it is now, its file kept so that it may be handed over."""
    reference, _, annee = cle.rpartition("-")
    bilan = _bilans().filter(convention__reference=reference, annee=annee).first() if annee.isdecimal() else None
    if bilan is None:
        return None
    octets = en_octets(bilan)
    deposer(octets, f"bilan{SUFFIXE}")
    return _article(bilan, octets)


declarer(Fonds(CODE, lister, lire))
