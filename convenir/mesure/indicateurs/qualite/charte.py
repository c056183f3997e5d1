"""The entry charter: each rule of quality is an article, with what measures it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from convenir.socle.reglementation.chargeur import charger_yaml_strict
from convenir.socle.reglementation.schema import Choix, Liste, Objet, Texte

FICHIER = Path(__file__).with_name("charte.yaml")


@dataclass(frozen=True)
class Article:
    """One article of the charter.

    Attributes:
        article: the rule, as the people who enter data read it.
        mesure: SQL relation that measures it (`mesures.py`).
        genre: evenements (share of events), jeunes (share of distinct youths), mediane (of days).
        consequence: what a fault changes in the figures.
        indicateurs: codes of the indicators that it changes.
        tables: tables without which it cannot be measured.
        seuil: code of the parameter above which the article asks for a correction.
    """

    code: str
    titre: str
    article: str
    libelle: str
    mesure: str
    genre: str
    unite: str
    numerateur: str
    denominateur: str
    consequence: str
    indicateurs: tuple[str, ...]
    tables: tuple[str, ...]
    seuil: str


@dataclass(frozen=True)
class Charte:
    """All the articles, and the text that calls for them."""

    texte: str
    articles: tuple[Article, ...]

    def article(self, code: str) -> Article:
        """Return an article by its code.

        Raises:
            KeyError: no article has this code.
        """
        return {a.code: a for a in self.articles}[code]


def _article(lu: dict[str, Any]) -> Article:
    return Article(**lu | {"indicateurs": tuple(lu["indicateurs"]), "tables": tuple(lu["tables"])})


_ARTICLE = Objet(
    {
        "code": Texte(r"QUA\d\d", "comme QUA01"), "titre": Texte(), "article": Texte(), "libelle": Texte(),
        "mesure": Texte(r"[a-z0-9_]+"), "genre": Choix(("evenements", "jeunes", "mediane")),
        "unite": Choix(("%", "jours")), "numerateur": Texte(), "denominateur": Texte(), "consequence": Texte(),
        "indicateurs": Liste(Texte(), 1), "tables": Liste(Texte(), 1), "seuil": Texte(r"qualite\.[a-z0-9_.]+"),
    },
    construire=_article,
)  # fmt: skip


@cache
def charte() -> Charte:
    """Return the charter that comes with Convenir.

    Raises:
        ErreurYaml: naming the line and the key of the first fault.
    """
    lue = charger_yaml_strict(FICHIER, Objet({"texte": Texte(), "articles": Liste(_ARTICLE, 1)}))
    return Charte(lue["texte"], tuple(lue["articles"]))
