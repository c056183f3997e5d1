"""What a file must hold, as dated data: sections required by law, pieces by legal form, axes of the project. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from convenir.socle.reglementation.chargeur import ErreurYaml, charger_yaml_strict, refuser_doublons
from convenir.socle.reglementation.schema import Booleen, Choix, Dictionnaire, Entier, Jour, Liste, Objet, Texte

DOSSIER = Path(__file__).resolve().parent / "donnees"
ML = "ML"
CADRES = ("EI", "ETTI", "AI", "ACI", "EITI", ML)
TYPES = ("texte", "court", "entier", "decimal", "montant", "oui_non", "choix", "siret")
VOLETS = ("commun", "base", "efforts")
FINANCEURS = ("etat", "departement", "region", "commune", "france_travail", "fse", "autre")
FORMES = ("association", "fondation", "societe", "collectivite", "etablissement_public", "gip")
QUAND = ("toujours", "premiere", "renouvellement")
FORMATS = ("pdf", "docx", "odt", "xlsx", "ods", "jpeg", "png")

_CHAMP = Objet(
    requis={"code": Texte(), "libelle": Texte(), "type": Choix(TYPES)},
    permis={
        "aide": Texte(), "facultatif": Booleen(), "volet": Choix(VOLETS), "prerempli": Texte(),
        "choix": Dictionnaire(Texte()), "cadres": Liste(Choix(CADRES), 1),
    },
)  # fmt: skip
_SECTION = Objet(
    requis={
        "code": Texte(), "titre": Texte(), "debut": Jour(), "cadres": Dictionnaire(Texte()), "champs": Liste(_CHAMP, 1)
    },
    permis={"fin": Jour(), "doutes": Dictionnaire(Texte()), "pour": Liste(Choix(FINANCEURS), 1)},
    ligne="_ligne",
)  # fmt: skip
_SECTIONS = Objet(
    requis={
        "verifie_le": Jour(), "sources": Dictionnaire(Texte()), "doutes": Dictionnaire(Texte()),
        "sections": Liste(_SECTION, 1),
    }
)  # fmt: skip
_PIECE = Objet(
    requis={
        "code": Texte(), "libelle": Texte(), "quand": Choix(QUAND), "formats": Liste(Choix(FORMATS), 1),
        "taille_mo": Entier(), "debut": Jour(), "texte": Texte(), "source": Texte(),
    },
    permis={
        "aide": Texte(), "formes": Liste(Choix(FORMES), 1), "facultatif": Booleen(), "fin": Jour(),
        "a_confirmer": Booleen(), "pourquoi": Texte(),
    },
    ligne="_ligne",
)  # fmt: skip
_DETENUE = Objet(requis={"quoi": Texte(), "detenteur": Texte()})
_PIECES = Objet(requis={"verifie_le": Jour(), "pieces": Liste(_PIECE, 1), "non_redemandees": Liste(_DETENUE)})
_AXE = Objet(requis={"code": Texte(), "titre": Texte(), "dispositif": Choix(("iae", "ml"))})
_ELEMENT = Objet(
    requis={"code": Texte(), "axe": Texte(), "libelle": Texte()}, permis={"exemple": Booleen()}, ligne="_ligne"
)
_PROJET = Objet(
    requis={"verifie_le": Jour(), "source": Texte(), "axes": Liste(_AXE, 1), "elements": Liste(_ELEMENT, 1)}
)


@dataclass(frozen=True)
class Champ:
    """One question; `code` is unique in the file: « moyens.encadrants_etp »."""

    code: str
    libelle: str
    type: str
    aide: str = ""
    facultatif: bool = False
    volet: str = "commun"
    prerempli: str = ""
    choix: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """A section for one category of structure: what asks for it, what is doubtful, its questions, its funders."""

    code: str
    titre: str
    texte: str
    source: str
    doute: str
    pour: tuple[str, ...]
    champs: tuple[Champ, ...]


@dataclass(frozen=True)
class TypeDePiece:
    """A kind of piece: who must join it, when, in which formats, up to which size (bytes)."""

    code: str
    libelle: str
    aide: str
    formes: tuple[str, ...]
    quand: str
    facultatif: bool
    formats: tuple[str, ...]
    taille_max: int
    debut: date
    fin: date | None
    texte: str
    source: str
    doute: str


@dataclass(frozen=True)
class Axe:
    """An axis of the projet d'insertion (four for SIAE) or of the offer of service (five for a mission locale)."""

    code: str
    titre: str
    dispositif: str


@dataclass(frozen=True)
class Element:
    """An item of the référentiel: a support, never a duty; `exemple` marks an item of Convenir, to be replaced."""

    code: str
    axe: str
    libelle: str
    exemple: bool


@lru_cache(maxsize=1)
def _sections_lues() -> dict[str, Any]:
    chemin = DOSSIER / "sections.yaml"
    lu: dict[str, Any] = charger_yaml_strict(chemin, _SECTIONS)
    refuser_doublons(((s["code"], chemin, s["_ligne"]) for s in lu["sections"]), "section")
    for s in lu["sections"]:
        if inconnus := set(s["cadres"]) - set(CADRES):
            raise ErreurYaml(chemin, s["code"], f"cadre inconnu : {', '.join(sorted(inconnus))}", s["_ligne"])
    return lu


@lru_cache(maxsize=64)
def sections(cadre: str, jour: date) -> tuple[Section, ...]:
    """Return the sections required of a category of SIAE (or `ML`) on a day, in the order of the law.

    Raises:
        ErreurYaml: the data file is wrong.
    """
    lu = _sections_lues()
    return tuple(
        _section(s, cadre, lu)
        for s in lu["sections"]
        if cadre in s["cadres"] and s["debut"] <= jour and (s.get("fin") is None or jour <= s["fin"])
    )


def _section(s: dict[str, Any], cadre: str, lu: dict[str, Any]) -> Section:
    champs = tuple(_champ(s["code"], c) for c in s["champs"] if cadre in c.get("cadres", CADRES))
    doute = s.get("doutes", {}).get(cadre) or lu["doutes"].get(cadre, "")
    pour = tuple(s.get("pour", FINANCEURS))
    return Section(s["code"], s["titre"], s["cadres"][cadre], lu["sources"].get(cadre, ""), doute, pour, champs)


def _champ(section: str, c: dict[str, Any]) -> Champ:
    autres = {nom: c[nom] for nom in ("aide", "facultatif", "volet", "prerempli") if nom in c}
    return Champ(f"{section}.{c['code']}", c["libelle"], c["type"], choix=tuple(c.get("choix", {}).items()), **autres)


def champs(cadre: str, jour: date) -> dict[str, Champ]:
    """Return every question by code."""
    return {c.code: c for s in sections(cadre, jour) for c in s.champs}


@lru_cache(maxsize=1)
def types_de_pieces() -> dict[str, TypeDePiece]:
    """Return the kinds of pieces by code, in the order of the file.

    Raises:
        ErreurYaml: the data file is wrong.
    """
    chemin = DOSSIER / "pieces.yaml"
    lu = charger_yaml_strict(chemin, _PIECES)
    refuser_doublons(((p["code"], chemin, p["_ligne"]) for p in lu["pieces"]), "pièce")
    return {p["code"]: _piece(p) for p in lu["pieces"]}


def _piece(p: dict[str, Any]) -> TypeDePiece:
    return TypeDePiece(
        p["code"], p["libelle"], p.get("aide", ""), tuple(p.get("formes", FORMES)), p["quand"],
        p.get("facultatif", False), tuple(p["formats"]), p["taille_mo"] * 1024 * 1024, p["debut"], p.get("fin"),
        p["texte"], p["source"], p.get("pourquoi", "") if p.get("a_confirmer") else "",
    )  # fmt: skip


@lru_cache(maxsize=1)
def non_redemandees() -> tuple[tuple[str, str], ...]:
    """Return what is not asked for, and who holds it."""
    lu = charger_yaml_strict(DOSSIER / "pieces.yaml", _PIECES)
    return tuple((d["quoi"], d["detenteur"]) for d in lu["non_redemandees"])


@lru_cache(maxsize=1)
def _projet_lu() -> tuple[tuple[Axe, ...], tuple[Element, ...]]:
    chemin = DOSSIER / "projet.yaml"
    lu = charger_yaml_strict(chemin, _PROJET)
    refuser_doublons(((e["code"], chemin, e["_ligne"]) for e in lu["elements"]), "élément")
    lus = tuple(Axe(**a) for a in lu["axes"])
    connus = {a.code for a in lus}
    for e in lu["elements"]:
        if e["axe"] not in connus:
            raise ErreurYaml(chemin, e["code"], f"axe inconnu : {e['axe']}", e["_ligne"])
    elements = tuple(Element(e["code"], e["axe"], e["libelle"], e.get("exemple", False)) for e in lu["elements"])
    return lus, elements


def axes(cadre: str) -> tuple[Axe, ...]:
    """Return the axes of a category of SIAE (four) or of a mission locale (five)."""
    dispositif = "ml" if cadre == ML else "iae"
    return tuple(a for a in _projet_lu()[0] if a.dispositif == dispositif)


def elements(axe: str = "") -> tuple[Element, ...]:
    """Return the items of the référentiel, all or those of an axis."""
    return tuple(e for e in _projet_lu()[1] if not axe or e.axe == axe)
