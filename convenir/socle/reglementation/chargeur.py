"""Strict reading of a YAML file: every error names the file, the key and the line, in French.

Used for the law as data and for the catalogue of indicators. Nothing is guessed: an unknown key, a key written twice,
a bad date or a wrong type stops the loading.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.lecture_yaml import LecteurSur
from convenir.socle.reglementation.schema import ErreurSchema, Forme


class ErreurYaml(EntreeInvalide):
    """A file that cannot be used as it is.

    Attributes:
        fichier: name of the file, with its folder.
        cle: path of the key, such as `parametres[3].valeurs[0].debut`; empty for the whole file.
        message: what is wrong.
        ligne: line in the file, from 1; None when the whole file is meant.
    """

    def __init__(self, fichier: Path | str, cle: str, message: str, ligne: int | None = None) -> None:
        chemin = Path(fichier)
        self.fichier = f"{chemin.parent.name}/{chemin.name}" if chemin.parent.name else chemin.name
        self.cle, self.message, self.ligne = cle, message, ligne
        super().__init__(self._phrase())

    def _phrase(self) -> str:
        ou = self.fichier
        if self.ligne is not None:
            ou += f", ligne {self.ligne}"
        if self.cle:
            ou += f", clé « {self.cle} »"
        return f"{ou} : {self.message}."


def charger_yaml_strict(chemin: Path, schema: Forme) -> Any:
    """Read a file by its shape.

    Args:
        chemin: the YAML file, in UTF-8.
        schema: shape of the whole document, usually a `schema.Objet`.

    Raises:
        ErreurYaml: the file is absent, is not YAML, or does not have the shape.
    """
    noeud = _composer(chemin)
    try:
        return schema.lire(noeud, "")
    except ErreurSchema as erreur:
        raise ErreurYaml(chemin, erreur.cle, erreur.message, erreur.ligne) from erreur


def _composer(chemin: Path) -> yaml.Node:
    try:
        texte = chemin.read_text(encoding="utf-8")
    except OSError as erreur:
        raise ErreurYaml(chemin, "", f"le fichier ne se lit pas ({erreur.strerror})") from erreur
    except UnicodeDecodeError as erreur:
        raise ErreurYaml(chemin, "", "le fichier n'est pas en UTF-8 ; enregistrez-le dans cet encodage") from erreur
    try:
        noeud = _noeuds(texte)
    except yaml.YAMLError as erreur:
        repere = getattr(erreur, "problem_mark", None)
        ligne = repere.line + 1 if repere else None
        raise ErreurYaml(
            chemin, "", "ce n'est pas du YAML correct (ponctuation ou retrait à revoir)", ligne
        ) from erreur
    if noeud is None:
        raise ErreurYaml(chemin, "", "le fichier est vide")
    return noeud


def _noeuds(texte: str) -> yaml.Node | None:
    """Return the tree of a text; a text that is refused is read again by PyYAML itself, which says the right line."""
    try:
        return yaml.compose(texte, Loader=LecteurSur)
    except yaml.YAMLError:
        return yaml.compose(texte, Loader=yaml.SafeLoader)


def fichiers_yaml(dossier: Path) -> list[Path]:
    """Return the YAML files of a folder, in the order of their names."""
    return sorted(dossier.glob("*.yaml"))


def refuser_doublons(elements: Iterable[tuple[str, Path, int]], quoi: str) -> None:
    """Refuse a code defined twice, in one file or in two.

    Args:
        elements: code, file and line of each definition.
        quoi: what the code names (« paramètre »), for the message.

    Raises:
        ErreurYaml: naming both places.
    """
    vus: dict[str, tuple[Path, int]] = {}
    for code, chemin, ligne in elements:
        if code in vus:
            ou = f"{vus[code][0].name}, ligne {vus[code][1]}"
            raise ErreurYaml(chemin, code, f"{quoi} défini deux fois (déjà dans {ou})", ligne)
        vus[code] = (chemin, ligne)
