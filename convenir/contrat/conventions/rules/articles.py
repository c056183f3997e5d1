"""The articles of the Code du travail that govern each category: what a convention holds, its life, its breach. Pure.

Read in the official LEGI data on 28 November 2026. No regulatory text of an EITI was read: it has none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Articles:
    """The articles of a category, each printed as it is cited.

    Attributes:
        contenu: what the convention holds.
        bilan: its length, its yearly avenants, the accounts and the bilan.
        continuite: what becomes of it without a signed avenant.
        controle: what the employer proves on request.
        manquement: notice of termination, with at least one month for observations.
        fausse_declaration: mandatory termination.
    """

    contenu: str
    bilan: str
    continuite: str
    controle: str
    manquement: str
    fausse_declaration: str


ARTICLES: Mapping[str, Articles] = MappingProxyType({
    "EI": Articles("R. 5132-2", "R. 5132-3", "R. 5132-3-1", "R. 5132-4", "R. 5132-5", "R. 5132-6"),
    "ETTI": Articles(
        "R. 5132-10-7", "R. 5132-10-8", "R. 5132-10-8-1", "R. 5132-10-9", "R. 5132-10-10", "R. 5132-10-11"
    ),
    "AI": Articles("R. 5132-12", "R. 5132-13", "R. 5132-14", "R. 5132-15", "R. 5132-16", "R. 5132-26"),
    "ACI": Articles("R. 5132-28", "R. 5132-29", "R. 5132-29-1", "R. 5132-35", "R. 5132-32", "R. 5132-43"),
})  # fmt: skip
# L'expérimentation des EITI n'est pas dans le code : la loi qui l'ouvre, faute d'un texte d'application lu.
LOI_DES_EITI = "article 83 de la loi du 5 septembre 2018"


def fondement(categorie: str) -> str:
    """Name what a convention of a category rests on, to be cited in a decision."""
    articles = ARTICLES.get(categorie)
    return f"Code du travail, articles L. 5132-2 et {articles.contenu}" if articles else LOI_DES_EITI.capitalize()
