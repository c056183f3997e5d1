"""Turn typed data into an accessible PDF: same data, same bytes; any warning of the typesetter is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol

import typst

from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.francais import pluriel
from convenir.socle.documents.glyphes import POLICES, Nettoyage, Remplacement

MODELES = Path(__file__).parent / "modeles"
NORME: Final = "ua-1"
ESSAIS = 20
REMPLACEMENTS_DITS = 8
_NON_AFFICHABLE = re.compile(r"the text `\"(.+?)\"` could not be displayed")


class DocumentImpossible(ErreurMetier):
    """The document cannot be made; the message says which and why."""


class Contexte(Protocol):
    """Typed data of a document."""

    def en_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists and texts."""
        ...


@dataclass(frozen=True)
class DocumentRendu:
    """The bytes of the PDF, their SHA-256 and the signs replaced for want of a font."""

    octets: bytes
    sha256: str
    remplacements: tuple[Remplacement, ...] = ()

    @property
    def avertissements(self) -> tuple[str, ...]:
        """One French sentence per sign replaced."""
        return tuple(str(remplacement) for remplacement in self.remplacements)


@lru_cache(maxsize=1)
def polices() -> Any:
    """Return the bundled fonts, read once; neither the system's nor typst's own are ever used."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(POLICES)])


def modeles() -> frozenset[str]:
    """Return the names of the models that can be rendered."""
    return frozenset(fichier.stem for fichier in MODELES.glob("*.typ")) - {"gabarit"}


def rendre(modele: str, donnees: Contexte | Mapping[str, Any], *, horodatage: datetime, fictif: bool) -> DocumentRendu:
    """Render a document as PDF/UA-1.

    Args:
        modele: name of a model, « fiche-bilan ».
        donnees: typed context, or plain data of the same shape.
        horodatage: instant written in the PDF, that of the freezing of the data, with its time zone.
        fictif: print « DONNÉES FICTIVES » on every page.

    Raises:
        DocumentImpossible: unknown model, data of another shape, any warning or error of the typesetter.
        ValueError: `horodatage` has no time zone.
    """
    if horodatage.tzinfo is None:
        raise ValueError("L'horodatage d'un document porte son fuseau.")
    if modele not in modeles():
        raise DocumentImpossible(f"Modèle de document inconnu : « {modele} ».")
    brut = dict(donnees if isinstance(donnees, Mapping) else donnees.en_json()) | {"fictif": fictif}
    interdits: list[str] = []
    for _ in range(ESSAIS):
        nettoyage = Nettoyage(interdits)
        net = nettoyage.nettoyer(brut)
        if nettoyage.remplacements:
            net["remplacements"] = dire(nettoyage.remplacements)
        texte = json.dumps(net, ensure_ascii=False, sort_keys=True)
        try:
            octets = _composer(modele, texte, int(horodatage.timestamp()))
        except _SigneRefuse as refus:
            interdits.extend(refus.signes)
            continue
        return DocumentRendu(octets, sha256(octets).hexdigest(), nettoyage.remplacements)
    raise DocumentImpossible(f"Le document « {modele} » contient trop de signes que les polices n'ont pas.")


def dire(remplacements: tuple[Remplacement, ...]) -> list[str]:
    """Report the first signs replaced, printed at the end of the document."""
    dits = [str(r) for r in remplacements[:REMPLACEMENTS_DITS]]
    reste = len(remplacements) - len(dits)
    return [*dits, f"Et {pluriel(reste, 'autre signe', 'autres signes')}."] if reste > 0 else dits


class _SigneRefuse(Exception):
    """The typesetter met signs it could not print: a cluster that no single font has whole."""

    def __init__(self, signes: list[str]) -> None:
        super().__init__(", ".join(signes))
        self.signes = signes


def _composer(modele: str, texte: str, instant: int) -> bytes:
    compilateur = typst.Compiler(root=str(MODELES), font_paths=polices(), ignore_system_fonts=True)
    try:
        octets, alertes = compilateur.compile_with_warnings(
            input=str(MODELES / f"{modele}.typ"),
            sys_inputs={"donnees": texte},
            pdf_standards=[NORME],
            timestamp=instant,
        )
    except typst.TypstError as erreur:
        signes = _NON_AFFICHABLE.findall(f"{erreur}\n{erreur.diagnostic}")
        if signes:
            raise _SigneRefuse([_deguiller(signe) for signe in signes]) from erreur
        raise DocumentImpossible(f"Le document « {modele} » n'a pas pu être composé : {erreur}") from erreur
    if alertes:
        motifs = " ; ".join(str(alerte) for alerte in alertes)
        raise DocumentImpossible(f"Le document « {modele} » n'a pas été composé proprement : {motifs}")
    if not isinstance(octets, bytes):
        raise DocumentImpossible(f"Le document « {modele} » est resté vide.")
    return octets


def _deguiller(signe: str) -> str:
    """Undo the escapes of the typesetter's message: `\\u{200d}` and quotes."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: chr(int(m.group(1), 16)), signe).replace('\\"', '"')
