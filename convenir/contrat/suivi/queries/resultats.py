"""How the objectives of a convention ended, with the means that served each: what the renewal starts from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.complements import complement
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.objectifs.rules import ISSUES
from convenir.contrat.objectifs.states import Etat
from convenir.contrat.suivi.models import Moyen
from convenir.contrat.suivi.rules import moyens as regles
from convenir.contrat.suivi.rules.renouvellement import CHEMINS, PROPOSITIONS, Issue, issue
from convenir.contrat.suivi.states import EtatMoyen
from convenir.socle.commun.francais import enumeration, pluriel

# Les mots de la salle des objectifs, dans ceux de l'analyse.
ISSUES_LUES = {"atteint": "atteint", "partiellement": "partiellement", "non": "non_atteint"}
MANQUES = frozenset({"partiellement", "non"})


@dataclass(frozen=True)
class Resultat:
    """An agreed objective, how it ended, and the means that served it."""

    objectif: Objectif
    moyens: tuple[Moyen, ...]

    @property
    def manque(self) -> bool:
        """Whether it was missed, wholly or in part."""
        return self.objectif.issue in MANQUES

    @property
    def issue(self) -> str:
        """« Non atteint », « à juger » while nobody said."""
        return ISSUES.get(self.objectif.issue, "À juger")

    @property
    def mise_en_garde(self) -> str:
        """What a missed objective says of its means that did not come; nothing otherwise."""
        if not self.manque:
            return ""
        return regles.mise_en_garde((m.lu for m in self.moyens), en_partie=self.objectif.issue == "partiellement")


@dataclass(frozen=True)
class Resultats:
    """Every agreed objective of a convention: of each, the latest year counts."""

    lignes: tuple[Resultat, ...]

    def de(self, annee: int) -> Resultats:
        """Those of one year."""
        return Resultats(tuple(r for r in self.lignes if r.objectif.annee == annee))

    @property
    def derniers(self) -> list[Resultat]:
        """The latest year of each objective."""
        par_objectif: dict[str, Resultat] = {}
        for r in sorted(self.lignes, key=lambda r: r.objectif.annee):
            par_objectif[r.objectif.indicateur or r.objectif.libelle] = r
        return list(par_objectif.values())

    @property
    def issue(self) -> Issue:
        """What the results allow, taken together."""
        return issue(ISSUES_LUES.get(r.objectif.issue, "") for r in self.derniers)

    @property
    def tous_juges(self) -> bool:
        """Whether nothing is left to judge."""
        return bool(self.lignes) and all(r.objectif.issue for r in self.derniers)

    @property
    def proposition(self) -> str:
        """What the text invites to: a stronger partnership, or the analysis of the causes."""
        return PROPOSITIONS[self.issue]

    @property
    def chemin(self) -> str:
        """The same in two words: « Partenariat renforcé », « Analyse des causes »."""
        return CHEMINS[self.issue]

    @property
    def phrase(self) -> str:
        """« 3 objectifs : 2 atteints, 1 non atteint. »."""
        if not self.lignes:
            return "Aucun objectif n’est convenu dans cette convention."
        comptes: dict[str, int] = defaultdict(int)
        for r in self.derniers:
            comptes[r.issue.lower()] += 1
        dits = [f"{n}\u00a0{_accorder(mots, n)}" for mots, n in comptes.items()]
        return f"{pluriel(len(self.derniers), 'objectif')} : {', '.join(dits)}."

    @property
    def difficultes(self) -> str:
        """What the analysis may start from: means that did not come, explanations already written."""
        dits = [r.mise_en_garde for r in self.derniers if r.mise_en_garde]
        dits += [f"{r.objectif.libelle} : {r.objectif.explication}" for r in self.derniers
                 if r.manque and r.objectif.explication]  # fmt: skip
        return "\n".join(dits)


def _accorder(mots: str, nombre: int) -> str:
    return mots.replace("atteint", "atteints") if nombre > 1 else mots


def resultats_de(
    convention: Convention, moyens: Iterable[Moyen] | None = None, parmi: QuerySet[Objectif] | None = None
) -> Resultats:
    """Return how the objectives of a convention ended.

    Args:
        moyens: its means, when they are read already.
        parmi: the objectives that the person reads; all when None.
    """
    par_objectif = _par_objectif(convention.moyens.all() if moyens is None else moyens)
    lus = Objectif.objects.all() if parmi is None else parmi
    objectifs = lus.filter(convention=convention, etat=Etat.CONVENU).order_by("annee", "axe", "pk")
    return Resultats(tuple(Resultat(o, tuple(par_objectif[o.pk])) for o in objectifs))


def _par_objectif(moyens: Iterable[Moyen]) -> dict[int | None, list[Moyen]]:
    par_objectif: dict[int | None, list[Moyen]] = defaultdict(list)
    for moyen in moyens:
        par_objectif[moyen.objectif_id].append(moyen)
    return par_objectif


@complement
def moyens_qui_manquent(objectifs: Sequence[Objectif]) -> Mapping[int, Sequence[str]]:
    """Say, beside each objective, which of its means did not come: missed, or not judged yet."""
    manquants = Moyen.objects.filter(objectif__in=[o.pk for o in objectifs]).exclude(etat=EtatMoyen.LIVRE)
    par_objectif = _par_objectif(manquants)
    dits: dict[int, list[str]] = {}
    for o in objectifs:
        siens = tuple(par_objectif[o.pk])
        non_livres = [str(m) for m in siens if m.etat == EtatMoyen.NON_LIVRE]
        if phrase := Resultat(o, siens).mise_en_garde:
            dits[o.pk] = [phrase]
        elif non_livres and not o.issue:
            dits[o.pk] = [f"Moyen non livré : {enumeration(non_livres)}. S’il n’est pas atteint, ce moyen manquait."]
    return dits
