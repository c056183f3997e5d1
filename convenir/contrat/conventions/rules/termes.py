"""Terms of a convention: what a version says, whole. Typed here, kept as JSON; two versions differ term by term.

A version carries all its terms, never the difference alone: reading one needs no other. The difference is computed,
and applying it to the earlier version gives the later one back (`appliquer(a, differences(a, b)) == b`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from convenir.socle.commun.montants import montant_annexe

Scalaire = str | int | Decimal
Chemin = tuple[str, ...]
CENT = Decimal(100)


@dataclass(frozen=True)
class Cofinancement:
    """What another funder brings: `cle` is its organisation, `postes` in ETP, `montant` in euros a year."""

    cle: str
    nom: str
    postes: Decimal | None = None
    montant: Decimal | None = None


@dataclass(frozen=True)
class Chantier:
    """A site of an ACI and its share of the posts (R. 5132-28, 3°), in ETP."""

    cle: str
    nom: str
    lieu: str = ""
    activite: str = ""
    postes: Decimal | None = None


@dataclass(frozen=True)
class Ecrit:
    """A written part: an axis of the project or a section required by the code, by its code."""

    cle: str
    texte: str


@dataclass(frozen=True)
class Termes:
    """Everything a version agrees. None: the version says nothing of it.

    Attributes:
        postes: aided insertion posts, in ETP a year (R. 5132-2, 3°).
        montant_unitaire: socle of one ETP, in euros a year.
        modulation_max: highest modulated part, in percent of the socle.
        heures_etp: hours of one annual ETP.
        sorties_prevues: exits expected in the year.
        taux_durable, taux_transition, taux_positives: targets, in percent of the exits.
        encadrement, accompagnement: staff of the structure, in ETP.
        dotation: amount granted by the State for the year, in euros (mission locale).
    """

    postes: Decimal | None = None
    montant_unitaire: Decimal | None = None
    modulation_max: Decimal | None = None
    heures_etp: Decimal | None = None
    sorties_prevues: int | None = None
    taux_durable: Decimal | None = None
    taux_transition: Decimal | None = None
    taux_positives: Decimal | None = None
    encadrement: Decimal | None = None
    accompagnement: Decimal | None = None
    dotation: Decimal | None = None
    cofinancements: tuple[Cofinancement, ...] = ()
    chantiers: tuple[Chantier, ...] = ()
    axes: tuple[Ecrit, ...] = ()
    sections: tuple[Ecrit, ...] = ()

    def __post_init__(self) -> None:
        """Put the records in the order of their keys; refuse impossible numbers.

        Raises:
            ValueError: in French, naming the term.
        """
        for champ in LISTES:
            liste = tuple(sorted(getattr(self, champ), key=lambda e: e.cle))
            if len({e.cle for e in liste}) < len(liste):
                raise ValueError(f"{LIBELLES[champ]} : deux lignes portent la même clé.")
            object.__setattr__(self, champ, liste)
        lignes = ((c, n, getattr(e, n, None)) for c in LISTES for e in getattr(self, c) for n in DECIMAUX_DE_LIGNE)
        for champ, nom, valeur in (*((n, n, getattr(self, n)) for n in NOMBRES), *lignes):
            if valeur is not None:
                _verifier(LIBELLES[champ], nom, valeur)
        if (somme := self.taux_dynamique) is not None and somme > CENT:
            raise ValueError(f"Les trois taux de sortie font {somme} % : leur somme ne dépasse pas 100 %.")

    @property
    def taux_dynamique(self) -> Decimal | None:
        """Durable + transition + positive, in percent (the sum is the rule); None unless the three are agreed."""
        trois = (self.taux_durable, self.taux_transition, self.taux_positives)
        connus = [t for t in trois if t is not None]
        return sum(connus, Decimal(0)) if len(connus) == 3 else None

    @property
    def montant_socle(self) -> Decimal | None:
        """Socle of twelve months, in euros, rounded as the annexes are."""
        if self.postes is None or self.montant_unitaire is None:
            return None
        return montant_annexe(self.postes, self.montant_unitaire, 12)

    @property
    def postes_cofinances(self) -> Decimal:
        """Posts that other funders pay for, in ETP."""
        return sum((c.postes or Decimal(0) for c in self.cofinancements), Decimal(0))

    def section(self, cle: str) -> str:
        """Return a written section, or nothing."""
        return next((p.texte for p in self.sections if p.cle == cle), "")

    def axe(self, cle: str) -> str:
        """Return what is written of an axis, or nothing."""
        return next((p.texte for p in self.axes if p.cle == cle), "")


LISTES: dict[str, type] = {
    "cofinancements": Cofinancement,
    "chantiers": Chantier,
    "axes": Ecrit,
    "sections": Ecrit,
}
LIBELLES: dict[str, str] = {
    "postes": "Postes d'insertion",
    "montant_unitaire": "Montant d'un poste",
    "modulation_max": "Part modulée maximale",
    "heures_etp": "Heures d'un ETP annuel",
    "sorties_prevues": "Sorties prévues",
    "taux_durable": "Sorties en emploi durable",
    "taux_transition": "Sorties en emploi de transition",
    "taux_positives": "Sorties positives",
    "encadrement": "Encadrement technique",
    "accompagnement": "Accompagnement socioprofessionnel",
    "dotation": "Dotation de l'État",
    "cofinancements": "Cofinancement",
    "chantiers": "Chantier",
    "axes": "Axe",
    "sections": "Clause",
}
NOMBRES = tuple(champ.name for champ in fields(Termes) if champ.name not in LISTES)
ENTIERS = frozenset({"sorties_prevues"})
DECIMAUX_DE_LIGNE = ("postes", "montant")
TAUX = frozenset({"taux_durable", "taux_transition", "taux_positives"})
# Au-delà, c'est une faute de frappe : l'annexe financière n'a pas la place de l'écrire.
PLUS_GRANDS = {"dotation": 10**10, "montant": 10**10, "montant_unitaire": 10**6}
PLUS_GRAND = 10**5


def _verifier(libelle: str, nom: str, valeur: Decimal | int) -> None:
    """Refuse a number that no annexe can hold: negative, too large, or a rate with more than two decimals.

    Raises:
        ValueError: in French, naming the term.
    """
    if valeur < 0:
        raise ValueError(f"{libelle} : {valeur} est négatif.")
    if valeur >= PLUS_GRANDS.get(nom, PLUS_GRAND):
        raise ValueError(f"{libelle} : ce nombre est trop grand, vérifiez-le.")
    if nom in TAUX and valeur != round(valeur, 2):
        raise ValueError(f"{libelle} : un taux s'écrit avec deux décimales au plus.")


def aplatir(termes: Termes) -> dict[Chemin, Scalaire]:
    """Return each term said, by its path: `("postes",)`, `("cofinancements", "42", "montant")`."""
    plat: dict[Chemin, Scalaire] = {(n,): v for n in NOMBRES if (v := getattr(termes, n)) is not None}
    for champ in LISTES:
        for ligne in getattr(termes, champ):
            for f in fields(ligne):
                valeur = getattr(ligne, f.name)
                if f.name != "cle" and valeur not in (None, ""):
                    plat[(champ, ligne.cle, f.name)] = valeur
    return plat


def relever(plat: Mapping[Chemin, Scalaire]) -> Termes:
    """Rebuild the terms from their paths: the inverse of `aplatir`.

    Raises:
        ValueError: a path that names no term.
    """
    nombres: dict[str, Any] = {}
    lignes: dict[str, dict[str, dict[str, Any]]] = {champ: {} for champ in LISTES}
    for chemin, valeur in plat.items():
        if len(chemin) == 1 and chemin[0] in NOMBRES:
            nombres[chemin[0]] = valeur
        elif len(chemin) == 3 and chemin[0] in LISTES:
            lignes[chemin[0]].setdefault(chemin[1], {})[chemin[2]] = valeur
        else:
            raise ValueError(f"« {'/'.join(chemin)} » n'est pas un terme de convention.")
    listes: dict[str, Any] = {c: tuple(_ligne(c, cle, v) for cle, v in par.items()) for c, par in lignes.items()}
    return Termes(**nombres | listes)


def _ligne(champ: str, cle: str, valeurs: dict[str, Any]) -> Any:
    """Build one record; a text that the paths leave out is empty."""
    return LISTES[champ](cle, **({"texte": ""} if champ in {"axes", "sections"} else {"nom": ""}) | valeurs)


@dataclass(frozen=True)
class Changement:
    """One term that differs; None: the version says nothing of it."""

    chemin: Chemin
    avant: Scalaire | None
    apres: Scalaire | None

    @property
    def champ(self) -> str:
        """The term or the list it belongs to."""
        return self.chemin[0]


def differences(avant: Termes, apres: Termes) -> tuple[Changement, ...]:
    """Return the terms that change from one version to another, in the order of their paths."""
    a, b = aplatir(avant), aplatir(apres)
    return tuple(Changement(c, a.get(c), b.get(c)) for c in sorted(a.keys() | b.keys()) if a.get(c) != b.get(c))


class Taux(NamedTuple):
    """The three rates of exit agreed for a year, in percent of the exits."""

    durable: Decimal
    transition: Decimal
    positives: Decimal


def avec_taux(termes: Termes, taux: Taux | None) -> Termes:
    """Return the terms with the three rates agreed, or as they are when none is."""
    if taux is None:
        return termes
    return replace(termes, taux_durable=taux.durable, taux_transition=taux.transition, taux_positives=taux.positives)


def appliquer(termes: Termes, changements: Iterable[Changement]) -> Termes:
    """Apply a difference.

    Raises:
        ValueError: the difference does not start from these terms.
    """
    plat = aplatir(termes)
    for changement in changements:
        if plat.get(changement.chemin) != changement.avant:
            raise ValueError(f"« {'/'.join(changement.chemin)} » ne vaut pas {changement.avant} dans ces termes.")
        if changement.apres is None:
            del plat[changement.chemin]
        else:
            plat[changement.chemin] = changement.apres
    return relever(plat)


def en_json(termes: Termes) -> dict[str, Any]:
    """Return the terms as plain JSON: amounts and ETP as decimal texts; what is not said is left out."""
    objet: dict[str, Any] = {}
    for chemin, valeur in sorted(aplatir(termes).items()):
        texte = _ecrire(valeur)
        if len(chemin) == 1:
            objet[chemin[0]] = texte
        else:
            objet.setdefault(chemin[0], {}).setdefault(chemin[1], {})[chemin[2]] = texte
    return objet


def depuis_json(objet: Mapping[str, Any]) -> Termes:
    """Read terms kept as JSON.

    Raises:
        ValueError: an unknown term, or a number that is not one.
    """
    plat: dict[Chemin, Scalaire] = {}
    for champ, valeur in objet.items():
        if champ in LISTES:
            for cle, ligne in valeur.items():
                for nom, v in ligne.items():
                    plat[(champ, cle, nom)] = _decimal(champ, v) if nom in DECIMAUX_DE_LIGNE else v
        else:
            plat[(champ,)] = int(valeur) if champ in ENTIERS else _decimal(champ, valeur)
    return relever(plat)


def _decimal(champ: str, valeur: Any) -> Decimal:
    try:
        return Decimal(str(valeur))
    except ArithmeticError as erreur:
        raise ValueError(f"{LIBELLES.get(champ, champ)} : « {valeur} » n'est pas un nombre.") from erreur


def _ecrire(valeur: Scalaire) -> str | int:
    """Write a decimal without exponent nor useless zeros: one number, one text, hence one fingerprint."""
    if isinstance(valeur, Decimal):
        normal = valeur.normalize()
        return format(normal if normal else Decimal(0), "f")
    return valeur


def empreinte(termes: Termes) -> str:
    """Return the SHA-256 of the terms, the same whatever the order or the way the numbers were typed."""
    return sha256(json.dumps(en_json(termes), ensure_ascii=False, sort_keys=True).encode()).hexdigest()
