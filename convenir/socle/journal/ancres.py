"""Anchors: the head of the chain written each day outside the database, so that a cut at the end can be seen."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils import timezone

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.empreintes import instant_canonique
from convenir.socle.journal.models import Tete

FORMAT = "convenir-ancre-1"


@dataclass(frozen=True)
class TeteDuJournal:
    """The last entry: its number (0 when the journal is empty) and its hash, in hexadecimal."""

    numero: int
    empreinte: str


def tete() -> TeteDuJournal:
    """Return the head of the chain, as printed on documents and written in anchors."""
    ligne = Tete.objects.filter(pk=1).first() or Tete()
    return TeteDuJournal(ligne.numero, ligne.empreinte)


def ancrer(dossier: Path) -> Path:
    """Write the head to `ancre-AAAA-MM-JJ.json` and return the file; the first anchor of a day is never rewritten.

    Keep a copy of the folder where whoever administers the database cannot write.
    """
    instant = timezone.now()
    jour = timezone.localtime(instant).date().isoformat()
    chemin = dossier / f"ancre-{jour}.json"
    contenu = {"format": FORMAT, "jour": jour, "instant": instant_canonique(instant), **asdict(tete())}
    dossier.mkdir(parents=True, exist_ok=True)
    if not chemin.exists():
        _ecrire_une_fois(chemin, json.dumps(contenu, ensure_ascii=False, indent=2) + "\n")
    return chemin


def _ecrire_une_fois(chemin: Path, texte: str) -> None:
    """Write whole or not at all, and never over an existing anchor, even with two processes at once."""
    provisoire = chemin.with_name(f".{chemin.name}.{os.getpid()}")
    provisoire.write_text(texte, encoding="utf-8")
    provisoire.chmod(0o444)
    try:
        os.link(provisoire, chemin)
    except FileExistsError:
        pass
    finally:
        provisoire.unlink()


def lire_ancres(chemin: Path) -> list[TeteDuJournal]:
    """Read one anchor, or every anchor of a folder.

    Raises:
        EntreeInvalide: no anchor there, or a file that is not one.
    """
    fichiers = sorted(chemin.glob("ancre-*.json")) if chemin.is_dir() else [chemin]
    if not fichiers:
        raise EntreeInvalide(f"{chemin} : aucune ancre (ancre-AAAA-MM-JJ.json) dans ce dossier.")
    return [_lire(fichier) for fichier in fichiers]


def _lire(fichier: Path) -> TeteDuJournal:
    try:
        contenu = json.loads(fichier.read_text(encoding="utf-8"))
        lue = TeteDuJournal(int(contenu["numero"]), str(contenu["empreinte"]))
    except OSError as erreur:
        raise EntreeInvalide(f"{fichier} : impossible de lire ce fichier. Vérifiez son chemin.") from erreur
    except (ValueError, KeyError, TypeError) as erreur:
        raise EntreeInvalide(
            f"{fichier} : ce n'est pas une ancre du journal. Prenez le fichier tel qu'écrit."
        ) from erreur
    if lue.numero < 0 or len(lue.empreinte) != 64:
        raise EntreeInvalide(f"{fichier} : numéro ou empreinte impossibles. Cette ancre a été modifiée.")
    return lue
