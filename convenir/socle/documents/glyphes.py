"""Keep to the signs that can be printed: what no font has is replaced and reported, never an error page."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from convenir.socle.commun.francais import courber, nombre

POLICES = Path(__file__).parent / "polices"
SECOURS = "□"
MOT_LONG = 34
JOINTS = frozenset("\u00ad\u200b\u200c\u200d")  # soft hyphen, break, joiners of scripts
IMPOSSIBLES = frozenset({"Co", "Cn", "Cs"})  # usage privé, non attribué, demi-signe : aucune police n'y peut rien
_EMPREINTE = re.compile(r"[0-9a-fA-F]{40,}\Z")


@dataclass(frozen=True)
class Remplacement:
    """A sign that no font used has, and how many times it was replaced."""

    signe: str
    fois: int

    def __str__(self) -> str:
        code = " ".join(f"U+{ord(lettre):04X}" for lettre in self.signe)
        nom = unicodedata.name(self.signe[0], "sans nom").lower()
        return f"Signe absent des polices ({code}, {nom}) : remplacé {nombre(self.fois)} fois par « {SECOURS} »."


@lru_cache(maxsize=1)
def signes_connus() -> frozenset[int]:
    """Return the code points that at least one bundled font can print."""
    fichiers = sorted((*POLICES.glob("*.otf"), *POLICES.glob("*.ttf")))
    signes: set[int] = set()
    for fichier in fichiers:
        with TTFont(fichier, lazy=True) as police:
            signes.update(police.getBestCmap())
    return frozenset(signes)


class Nettoyage:
    """Clean the texts of a document and count what had to be replaced.

    Args:
        interdits: signs that the typesetter refused.
        livrees: keep to the bundled fonts (PDF). A DOCX is displayed with the fonts of whoever opens it, which
            complete each other: only what no font can have (private, unassigned, surrogate) is replaced there.
    """

    def __init__(self, interdits: Sequence[str] = (), *, livrees: bool = True) -> None:
        self._livrees = livrees
        self._interdits = tuple(sorted(interdits, key=len, reverse=True))
        self._comptes: Counter[str] = Counter()

    @property
    def remplacements(self) -> tuple[Remplacement, ...]:
        """Replaced signs, in the order of their codes."""
        return tuple(Remplacement(signe, fois) for signe, fois in sorted(self._comptes.items()))

    def nettoyer(self, valeur: Any) -> Any:
        """Return the same data with texts that can be printed; keys, numbers and None are left as they are."""
        if isinstance(valeur, str):
            return self.texte(valeur)
        if isinstance(valeur, Mapping):
            return {cle: self.nettoyer(dedans) for cle, dedans in valeur.items()}
        if isinstance(valeur, list | tuple):
            return [self.nettoyer(dedans) for dedans in valeur]
        return valeur

    def texte(self, texte: str) -> str:
        """Return one text, composed (NFC), with the apostrophe of typographers, with « □ » for what no font has."""
        for interdit in self._interdits:
            if interdit in texte:
                self._comptes[interdit] += texte.count(interdit)
                texte = texte.replace(interdit, SECOURS)
        net = "".join(self._signe(signe) for signe in unicodedata.normalize("NFC", texte))
        return net if net.startswith("<svg") else _souple(courber(net))

    def _signe(self, signe: str) -> str:
        if signe == "\n" or 0x20 <= ord(signe) < 0x7F:
            return signe
        categorie = unicodedata.category(signe)
        if categorie in ("Cc", "Zl", "Zp"):
            return " "
        if categorie == "Cf" or "VARIATION SELECTOR" in unicodedata.name(signe, ""):
            return signe if signe in JOINTS else ""  # invisible by nature; a direction override could mislead
        if categorie not in IMPOSSIBLES and (not self._livrees or ord(signe) in signes_connus()):
            return signe
        self._comptes[signe] += 1
        return SECOURS


def _souple(texte: str) -> str:
    """Give a very long word places to break, so that it does not run over the margin; hashes are left alone."""
    return re.sub(rf"[^\s\u200b]{{{MOT_LONG},}}", lambda m: _couper(m.group()), texte)


def _couper(mot: str) -> str:
    if _EMPREINTE.match(mot):
        return mot
    pas = MOT_LONG // 2
    return "\u200b".join(mot[rang : rang + pas] for rang in range(0, len(mot), pas))
