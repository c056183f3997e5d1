"""At the end of a convention (circular of 2008, annex 7): a stronger partnership, or causes and solutions. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Issue(StrEnum):
    """What the results allow."""

    ATTEINT = "atteint"
    NON_ATTEINT = "non_atteint"
    A_APPRECIER = "a_apprecier"


# Les quatre causes que le texte invite à examiner.
CAUSES = {
    "contexte": "Évolution du contexte",
    "difficultes": "Difficultés particulières",
    "organisation": "Organisation de la structure",
    "publics": "Adéquation des publics accueillis aux objectifs",
}
CHEMINS = {
    Issue.ATTEINT: "Partenariat renforcé",
    Issue.NON_ATTEINT: "Analyse des causes",
    Issue.A_APPRECIER: "À apprécier ensemble",
}
PROPOSITIONS = {
    Issue.ATTEINT: "Les objectifs sont atteints : le texte invite à renforcer le partenariat, par exemple en confiant "
    "davantage de personnes à la structure.",
    Issue.NON_ATTEINT: "Les objectifs ne sont pas atteints : le texte invite à analyser les causes, à chercher des "
    "solutions et à mettre en œuvre des préconisations, éventuellement sur plusieurs années.",
    Issue.A_APPRECIER: "Les objectifs sont atteints en partie, ou leur résultat manque : les parties apprécient.",
}


def issue(resultats: Iterable[str]) -> Issue:
    """Judge a set of results: `atteint`, `partiellement`, `non_atteint`, or empty when not known yet."""
    lus = list(resultats)
    if lus and all(r == "atteint" for r in lus):
        return Issue.ATTEINT
    if any(r == "non_atteint" for r in lus):
        return Issue.NON_ATTEINT
    return Issue.A_APPRECIER
