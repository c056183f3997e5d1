"""Strict reading of a zoning file `code_zone,nom,code_commune[,part]`. Pure: bytes in, zones and findings out."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import pluriel

COLONNES = ("code_zone", "nom", "code_commune")
PARTS = ("totale", "partielle")
ERREURS_MONTREES = 20


@dataclass
class ZonageLu:
    """What a file says.

    Attributes:
        zones: name of each zone by code.
        parts: `totale` or `partielle` by (zone, current commune).
        inconnues: (line, code) of the communes that the official geography does not know, even as old codes.
        anciens: number of rows read through an old commune code.
    """

    zones: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    inconnues: list[tuple[int, str]] = field(default_factory=list)
    anciens: int = 0


@dataclass(frozen=True)
class _Ligne:
    numero: int
    zone: str
    nom: str
    commune: str
    part: str


def lire_zonage(
    octets: bytes, fichier: str, *, communes: Collection[str], anciens: Mapping[str, str], exclusif: bool
) -> ZonageLu:
    """Read a whole file or refuse it whole.

    Args:
        octets: content, UTF-8 (BOM allowed), comma.
        fichier: name shown in messages.
        communes: codes of the current communes.
        anciens: current code by old code.
        exclusif: True when a commune lies in one zone only (zones d'emploi).

    Raises:
        EntreeInvalide: naming file, line, column, value and the way out.
    """
    erreurs: list[str] = []
    lignes = list(_lignes(octets, fichier, erreurs))
    lu = ZonageLu()
    _nommer(lignes, fichier, lu, erreurs)
    _rattacher_actuelles([x for x in lignes if x.commune in communes], fichier, lu, erreurs)
    _rattacher_anciennes(
        [x for x in lignes if x.commune in anciens and x.commune not in communes], anciens, lu, exclusif
    )
    lu.inconnues = [(x.numero, x.commune) for x in lignes if x.commune not in communes and x.commune not in anciens]
    if exclusif:
        _verifier_exclusivite(lu, fichier, erreurs)
    if lignes and not lu.parts and not erreurs:
        erreurs.append(
            f"{fichier}, colonne code_commune : aucun code n'est connu de la géographie officielle. "
            "Vérifiez que la colonne porte des codes Insee à cinq caractères (« 01004 », « 2A004 »)."
        )
    _refuser(erreurs)
    return lu


def _refuser(erreurs: list[str]) -> None:
    """Raise with the first errors, and say how many more there are."""
    if not erreurs:
        return
    reste = len(erreurs) - ERREURS_MONTREES
    suite = [f"… et {reste} autres erreurs."] if reste > 1 else erreurs[ERREURS_MONTREES:]
    raise EntreeInvalide("\n".join([*erreurs[:ERREURS_MONTREES], *suite]))


def _texte(octets: bytes, fichier: str) -> str:
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = octets[: erreur.start].count(b"\n") + 1
        raise EntreeInvalide(
            f"{fichier}, ligne {ligne} : le fichier n'est pas en UTF-8. "
            "Enregistrez-le depuis votre tableur au format « CSV UTF-8 », puis recommencez."
        ) from erreur


def _entetes(premiere: list[str] | None, fichier: str) -> list[str]:
    """Return the header, or refuse it."""
    if not premiere:
        raise EntreeInvalide(f"{fichier} est vide. Fournissez un fichier dont la première ligne nomme les colonnes.")
    entetes = [e.strip() for e in premiere]
    attendues = "code_zone,nom,code_commune et, si besoin, part"
    if len(entetes) == 1 and ";" in entetes[0]:
        raise EntreeInvalide(
            f"{fichier}, ligne 1 : les colonnes sont séparées par des points-virgules. Séparez-les par des virgules "
            f"({attendues})."
        )
    if manquantes := [c for c in COLONNES if c not in entetes]:
        raise EntreeInvalide(
            f"{fichier}, ligne 1 : il manque la colonne {', '.join(manquantes)}. Colonnes attendues : {attendues}."
        )
    surplus = [e for i, e in enumerate(entetes) if e not in (*COLONNES, "part") or e in entetes[:i]]
    if surplus:
        raise EntreeInvalide(
            f"{fichier}, ligne 1 : colonne en trop ou répétée, « {surplus[0]} ». Colonnes attendues : {attendues}."
        )
    return entetes


def _lignes(octets: bytes, fichier: str, erreurs: list[str]) -> Iterator[_Ligne]:
    """Yield the well-formed rows; put a message in `erreurs` for each other one."""
    lecteur = csv.reader(io.StringIO(_texte(octets, fichier), newline=""), strict=True)
    try:
        entetes = _entetes(next(lecteur, None), fichier)
        for cellules in lecteur:
            if any(c.strip() for c in cellules):
                yield from _ligne(entetes, cellules, lecteur.line_num, fichier, erreurs)
    except csv.Error as erreur:
        raise EntreeInvalide(
            f"{fichier}, ligne {lecteur.line_num} : guillemet mal fermé ou mal placé. "
            "Doublez les guillemets à l'intérieur d'un nom, ou retirez-les."
        ) from erreur


def _ligne(entetes: list[str], cellules: list[str], numero: int, fichier: str, erreurs: list[str]) -> Iterator[_Ligne]:
    if len(cellules) != len(entetes):
        erreurs.append(
            f"{fichier}, ligne {numero} : {pluriel(len(cellules), 'valeur')} au lieu de {len(entetes)}. "
            "Mettez entre guillemets un nom qui contient une virgule."
        )
        return
    valeurs = {e: c.strip() for e, c in zip(entetes, cellules, strict=True)}
    part = valeurs.get("part") or "totale"
    vides = [c for c in COLONNES if not valeurs[c]]
    for colonne in vides:
        erreurs.append(
            f"{fichier}, ligne {numero}, colonne {colonne} : valeur vide. Renseignez-la ou retirez la ligne."
        )
    if part not in PARTS:
        erreurs.append(
            f"{fichier}, ligne {numero}, colonne part : « {part} ». Valeurs admises : totale, partielle, ou rien."
        )
    code = valeurs["code_commune"]
    if code and not (len(code) == 5 and code.isalnum() and code.isascii()):
        erreurs.append(
            f"{fichier}, ligne {numero}, colonne code_commune : « {code} » n'a pas la forme d'un code Insee. "
            "Attendu : cinq caractères, zéro initial compris (« 01004 », « 2A004 »)."
        )
    if max(len(valeurs["code_zone"]) - 20, len(valeurs["nom"]) - 160) > 0:
        erreurs.append(
            f"{fichier}, ligne {numero}, colonnes code_zone et nom : texte trop long. "
            "Un code compte au plus 20 caractères, un nom 160."
        )
    yield _Ligne(numero, valeurs["code_zone"], valeurs["nom"], code.upper(), part)


def _nommer(lignes: list[_Ligne], fichier: str, lu: ZonageLu, erreurs: list[str]) -> None:
    for ligne in lignes:
        nom = lu.zones.setdefault(ligne.zone, ligne.nom)
        if nom != ligne.nom:
            erreurs.append(
                f"{fichier}, ligne {ligne.numero}, colonne nom : « {ligne.nom} », alors que la zone {ligne.zone} "
                f"s'appelle « {nom} » plus haut. Donnez un seul nom par zone."
            )


def _rattacher_actuelles(lignes: list[_Ligne], fichier: str, lu: ZonageLu, erreurs: list[str]) -> None:
    for ligne in lignes:
        cle = (ligne.zone, ligne.commune)
        if cle in lu.parts:
            erreurs.append(
                f"{fichier}, ligne {ligne.numero}, colonne code_commune : « {ligne.commune} » est déjà dans la zone "
                f"{ligne.zone}. Gardez une seule ligne."
            )
        lu.parts[cle] = ligne.part


def _rattacher_anciennes(lignes: list[_Ligne], anciens: Mapping[str, str], lu: ZonageLu, exclusif: bool) -> None:
    """Attach through old codes, without ever overriding a row that names the current commune.

    An old code covers only a piece of the current commune: the part is then `partielle`, except for zonings that
    share out the whole territory (zones d'emploi).
    """
    directes = {commune for _, commune in lu.parts}
    for ligne in lignes:
        lu.anciens += 1
        actuelle = anciens[ligne.commune]
        if exclusif and actuelle in directes:
            continue
        lu.parts.setdefault((ligne.zone, actuelle), ligne.part if exclusif else "partielle")


def _verifier_exclusivite(lu: ZonageLu, fichier: str, erreurs: list[str]) -> None:
    premiere: dict[str, str] = {}
    for zone, commune in lu.parts:
        autre = premiere.setdefault(commune, zone)
        if autre != zone:
            erreurs.append(
                f"{fichier}, colonne code_commune : « {commune} » est dans deux zones ({autre} et {zone}). "
                "Donnez une seule ligne à la commune actuelle."
            )
