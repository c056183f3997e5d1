"""What a delivered view looks like, and a strict reader of that description."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from convenir.socle.commun.lecture_yaml import LecteurSur


class TypeColonne(StrEnum):
    """Type of the values of a column once checked."""

    ENTIER = "entier"
    DECIMAL = "decimal"
    TEXTE = "texte"
    DATE = "date"
    HORODATAGE = "horodatage"
    BOOLEEN = "booleen"
    DUREE = "duree"


class Disposition(StrEnum):
    """What becomes of the values of a column before anything is written."""

    GARDER = "garder"
    SUPPRIMER = "supprimer"
    PSEUDONYME = "pseudonyme"
    MOIS = "mois"
    PRESENCE = "presence"


class FormatInvalide(ValueError):
    """The description of a format is wrong; the message names the file and the key."""


@dataclass(frozen=True)
class Colonne:
    """A known column of a view.

    `nom` is the ASP's name, normalised; `nom_conserve` the name in the copy, empty when the column is dropped.
    `echelle` is the number of decimals; bounds are inclusive; `reference` is `Vue.colonne`; `valeurs` is the closed
    list of codes, empty when any value is accepted; `titre` is the label of the published schema; `deduite` tells a
    column that no file has: the reading adds it.
    """

    nom: str
    type: TypeColonne = TypeColonne.TEXTE
    echelle: int | None = None
    obligatoire: bool = False
    disposition: Disposition = Disposition.GARDER
    devient: str = ""
    minimum: int | None = None
    maximum: int | None = None
    controle: str = ""
    reference: str = ""
    motif: str = ""
    alias: tuple[str, ...] = ()
    titre: str = ""
    valeurs: tuple[str, ...] = ()
    deduite: bool = False

    @property
    def nom_conserve(self) -> str:
        """Name of the column in the pseudonymised copy, empty when its values are dropped."""
        return "" if self.disposition is Disposition.SUPPRIMER else self.devient or self.nom

    @property
    def personnelle(self) -> bool:
        """Tell whether the values received may identify someone: they are masked in every message."""
        return self.disposition is not Disposition.GARDER or bool(self.motif)


@dataclass(frozen=True)
class Vue:
    """A view of the delivery: its key, its known columns and whether their values are kept.

    An empty `principale` view refuses the delivery; another may be empty when its FIN line says so.
    """

    nom: str
    contenu: str
    conservee: bool
    principale: bool = False
    cle: tuple[str, ...] = ()
    partition: str = ""
    ordre_connu: bool = False
    colonnes: tuple[Colonne, ...] = ()

    @cached_property
    def par_nom(self) -> dict[str, Colonne]:
        """Known columns by normalised name, aliases included."""
        return {nom: colonne for colonne in self.colonnes for nom in (colonne.nom, *colonne.alias)}

    def colonne(self, nom: str) -> Colonne | None:
        """Return the known column of that name or alias, or None."""
        return self.par_nom.get(nom)

    @property
    def publiee(self) -> bool:
        """Tell whether Convenir publishes the format: each column then has its label."""
        return bool(self.colonnes) and all(c.titre for c in self.colonnes)

    @property
    def conservees(self) -> tuple[Colonne, ...]:
        """Columns present in the pseudonymised copy, in order of description."""
        return tuple(c for c in self.colonnes if c.nom_conserve)

    @cached_property
    def cles_etrangeres(self) -> dict[str, dict[str, str]]:
        """Foreign keys: referenced view → column here → column there; several columns make one composite key."""
        trouvees: dict[str, dict[str, str]] = {}
        for colonne in self.colonnes:
            if colonne.reference:
                vue, visee = colonne.reference.split(".")
                trouvees.setdefault(vue, {})[colonne.nom] = visee
        return trouvees


_CLES_VUE = {"contenu", "conservee", "principale", "cle", "partition", "ordre_connu", "colonnes"}
_CLES_COLONNE = {
    "type", "echelle", "obligatoire", "disposition", "devient", "minimum", "maximum", "controle", "reference", "motif",
    "alias", "titre", "valeurs", "deduite",
}  # fmt: skip
_CONTROLES = {"", "siret"}


class LecteurYaml(LecteurSur):
    """YAML reader that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping, refusing a repeated key."""
        cles = [self.construct_object(cle, deep=True) for cle, _ in node.value]
        doubles = {cle for cle in cles if cles.count(cle) > 1}
        if doubles:
            raise FormatInvalide(f"clé répétée : {', '.join(map(str, sorted(doubles)))}")
        return super().construct_mapping(node, deep)


def lire_vues(chemin: Path) -> dict[str, Vue]:
    """Read the description of the views of a source.

    Raises:
        FormatInvalide: unknown or repeated key, unknown type, key column that is not described, wrong pattern.
    """
    try:
        contenu = yaml.load(chemin.read_text(encoding="utf-8"), Loader=LecteurYaml)
        _verifier_cles("racine", contenu, {"vues"}, {"vues"})
        return {nom: _lire_vue(nom, corps) for nom, corps in contenu["vues"].items()}
    except (yaml.YAMLError, FormatInvalide) as erreur:
        raise FormatInvalide(f"{chemin.name} : {erreur}") from erreur


def _lire_vue(nom: str, corps: dict[str, Any]) -> Vue:
    _verifier_cles(nom, corps, _CLES_VUE, {"contenu", "conservee"})
    decrites = corps.get("colonnes", {})
    _verifier_cles(nom, decrites, set(decrites))
    colonnes = tuple(_lire_colonne(nom, c, d) for c, d in decrites.items())
    vue = Vue(
        nom=nom,
        contenu=corps["contenu"],
        conservee=corps["conservee"],
        principale=corps.get("principale", False),
        cle=tuple(corps.get("cle", ())),
        partition=corps.get("partition", ""),
        ordre_connu=corps.get("ordre_connu", False),
        colonnes=colonnes,
    )
    inconnues = [c for c in (*vue.cle, *filter(None, [vue.partition])) if colonnes and not vue.colonne(c)]
    if inconnues:
        raise FormatInvalide(f"{nom} : colonne de clé ou de partition non décrite : {', '.join(inconnues)}")
    return vue


def _lire_colonne(vue: str, nom: str, corps: dict[str, Any]) -> Colonne:
    lieu = f"{vue}.{nom}"
    _verifier_cles(lieu, corps, _CLES_COLONNE)
    try:
        re.compile(corps.get("motif", ""))
        convertis = {
            "type": TypeColonne(corps.get("type", "texte")),
            "disposition": Disposition(corps.get("disposition", "garder")),
            "alias": tuple(corps.get("alias", ())),
            "valeurs": _lire_valeurs(corps.get("valeurs", [])),
        }
    except (ValueError, re.error) as erreur:
        raise FormatInvalide(f"{lieu} : {erreur}") from erreur
    if corps.get("controle", "") not in _CONTROLES:
        raise FormatInvalide(f"{lieu} : contrôle inconnu « {corps['controle']} »")
    if (convertis["type"] is TypeColonne.DECIMAL) != ("echelle" in corps):
        raise FormatInvalide(f"{lieu} : « echelle » va avec le type decimal, et lui seul")
    return Colonne(nom=nom, **{**corps, **convertis})


def _lire_valeurs(codes: Any) -> tuple[str, ...]:
    """Read a closed list of codes; YAML must not have turned one into a number or a boolean."""
    if not isinstance(codes, list) or not all(isinstance(c, str) for c in codes) or len(set(codes)) < len(codes):
        raise ValueError(f"« valeurs » attend une liste de codes distincts, entre guillemets au besoin : {codes}")
    return tuple(codes)


def _verifier_cles(lieu: str, corps: Any, connues: set[str], exigees: Set[str] = frozenset()) -> None:
    if not isinstance(corps, dict):
        raise FormatInvalide(f"{lieu} : une liste de clés est attendue")
    for texte, cles in (("inconnue", set(corps) - connues), ("absente", exigees - set(corps))):
        if cles:
            raise FormatInvalide(f"{lieu} : clé {texte} : {', '.join(sorted(cles))}")
