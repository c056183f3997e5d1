"""Shapes of the files of the law."""

from __future__ import annotations

from typing import Any

from convenir.socle.reglementation.scalaires import TYPES
from convenir.socle.reglementation.schema import (
    Booleen,
    Choix,
    Dictionnaire,
    Forme,
    Jour,
    Liste,
    Objet,
    Scalaire,
    Texte,
)

CODE = Texte(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)+", "des mots séparés par des points, comme iae.socle.ACI")
CLE = Texte(r"[a-z0-9_]+(-[a-z0-9_]+)*", "des mots en minuscules séparés par des tirets, comme arrete-2024-12-04")
SOURCE = Texte()


def _doute(lu: dict[str, Any]) -> dict[str, Any]:
    if lu.get("a_confirmer") and not lu.get("pourquoi"):
        raise ValueError("« a_confirmer » sans « pourquoi » : dites ce qui reste à confirmer")
    if lu.get("pourquoi") and not lu.get("a_confirmer"):
        raise ValueError("« pourquoi » n'a de sens qu'avec « a_confirmer: oui »")
    return lu


def _valeur(lu: dict[str, Any]) -> dict[str, Any]:
    if ("valeur" in lu) == ("renvoi" in lu):
        raise ValueError("donnez « valeur », ou « renvoi » vers un autre paramètre, et l'un des deux seulement")
    if lu.get("reconduit_depuis") and lu["reconduit_depuis"] <= lu["debut"]:
        raise ValueError("« reconduit_depuis » doit suivre « debut »")
    if lu.get("fin") and lu["fin"] < lu["debut"]:
        raise ValueError("« fin », dernier jour compris, précède « debut »")
    return _doute(lu)


DOUTE: dict[str, Forme] = {"a_confirmer": Booleen(), "pourquoi": Texte()}
VALEUR = Objet(
    requis={"debut": Jour(), "texte": CLE, "source": SOURCE},
    permis={
        "valeur": Scalaire(), "renvoi": CODE, "fin": Jour(), "publie_le": Jour(), "verifie_le": Jour(),
        "reconduit_depuis": Jour(), "pourquoi_reconduit": Texte(), "note": Texte(), **DOUTE,
    },
    construire=_valeur,
    ligne="_ligne",
)  # fmt: skip
PARAMETRE = Objet(
    requis={"code": CODE, "libelle": Texte(), "type": Choix(TYPES), "valeurs": Liste(VALEUR)},
    permis={
        "court": Texte(), "unite": Texte(), "choix": Dictionnaire(Texte()), "description": Texte(),
        "revision_annuelle": Booleen(), "secondaire": Booleen(), "general": CODE,
        "territoire": Texte(r"[0-9AB]{2,3}", "un code de département"), "portee": Texte(),
    },
    ligne="_ligne",
)  # fmt: skip
PARAMETRES = Objet(requis={"famille": CLE, "verifie_le": Jour(), "parametres": Liste(PARAMETRE, 1)})

FAMILLE = Objet(
    requis={"code": CLE, "groupe": Texte(), "libelle": Texte(), "chapo": Texte()},
    permis={"croisee": Booleen(), "lecture": Texte(), "principe": Texte(), "usages": Texte()},
    ligne="_ligne",
)
FAMILLES = Objet(requis={"familles": Liste(FAMILLE, 1)})

NATURES = ("loi", "decret", "arrete", "circulaire", "instruction", "note", "lettre", "code", "document", "defaut")
TEXTE = Objet(
    requis={"code": CLE, "nature": Choix(NATURES), "titre": Texte(), "objet": Texte(), "source": SOURCE},
    permis={
        "numero": Texte(), "date": Jour(), "nor": Texte(r"[A-Z]{4}[0-9]{7}[A-Z]", "un NOR, comme MTRD2129488A"),
        "publie_le": Jour(), "applicable_du": Jour(), "fin": Jour(), "remplace": Liste(CLE, 1), "verifie_le": Jour(),
        "note": Texte(), **DOUTE,
    },
    construire=_doute,
    ligne="_ligne",
)  # fmt: skip
TEXTES = Objet(requis={"verifie_le": Jour(), "textes": Liste(TEXTE, 1)})

ELEMENT = Objet(
    requis={"code": Texte(), "libelle": Texte()},
    permis={"attributs": Dictionnaire(Texte()), **DOUTE},
    construire=_doute,
    ligne="_ligne",
)
REFERENTIEL = Objet(
    requis={
        "code": CLE, "libelle": Texte(), "chapo": Texte(), "source": SOURCE, "verifie_le": Jour(),
        "elements": Liste(ELEMENT, 1),
    },
    permis={"colonnes": Dictionnaire(Texte())},
    ligne="_ligne",
)  # fmt: skip
