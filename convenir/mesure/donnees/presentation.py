"""What the page of a delivery shows, in the order of reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from convenir.mesure.donnees import policies
from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.states import EtatLivraison
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur

E = EtatLivraison
# States in which the records of a deposit are still there, and so what was measured of them.
LISIBLES = (E.CONTROLEE, E.A_CONFIRMER, E.APPLIQUEE)

SUITE_PRIVEE = (
    "Dans votre espace privé, rien n'en est appliqué : calculez les indicateurs, les enregistrements sont oubliés."
)


@dataclass(frozen=True)
class PageLivraison:
    """A delivery, who looks at it, and where its records are in force.

    `remplaces` are the départements it covers where another delivery holds; None when it holds nowhere.
    """

    livraison: Livraison
    acteur: Acteur
    remplaces: frozenset[str] | None

    @property
    def en_vigueur(self) -> bool:
        """Whether it holds somewhere."""
        return self.remplaces is not None

    @property
    def dont_remplaces(self) -> list[str]:
        """Départements of its structures where another delivery holds, while it holds elsewhere."""
        return sorted(set(self.livraison.departements) & (self.remplaces or frozenset()))

    @property
    def rapport(self) -> dict[str, Any]:
        """The stored report."""
        return self.livraison.rapport

    @property
    def phrase(self) -> str:
        """First sentence of the page; once related or forgotten, the report of the control is no longer the news."""
        if self.livraison.etat in (E.A_RELIER, E.OUBLIEE):
            return self.livraison.suite
        if self.peut_oublier and "lecture" in self.rapport:
            return f"{self.rapport['lecture']} {SUITE_PRIVEE}"
        return self.livraison.message or self.rapport.get("phrase") or self.livraison.suite

    @property
    def importe(self) -> bool:
        """Whether the person may decide."""
        return policies.peut_deposer(self.acteur)

    @property
    def peut_appliquer(self) -> bool:
        """Whether the button « Appliquer » is shown."""
        return self._decide and not self.livraison.prive

    @property
    def _decide(self) -> bool:
        return self.importe and self.livraison.etat in (E.CONTROLEE, E.A_CONFIRMER) and not self.livraison.en_cours

    @property
    def peut_oublier(self) -> bool:
        """Whether the button « Calculer et oublier » is shown."""
        return self._decide and self.livraison.prive

    @property
    def _sienne(self) -> bool:
        return self.importe and self.livraison.organisation_id == self.acteur.auteur.organisation_id

    @property
    def relie(self) -> bool:
        """Whether the person may relate the columns of this deposit."""
        return self._sienne and bool(self.livraison.tetes)

    @property
    def qualite(self) -> str:
        """What the quality of the entry asks for, read before any figure; empty when there is nothing to say of it."""
        mesurees = self._mesurees
        if len(mesurees) < 2:
            return next((str(m["phrase"]) for m in mesurees), "")
        reprises = sum(1 for m in mesurees if m["a_reprendre"])
        return (
            f"{pluriel(len(mesurees), 'mission locale mesurée', 'missions locales mesurées')} ; "
            f"{pluriel(reprises, 'demande une reprise', 'demandent une reprise')} avant de lire les résultats."
        )

    @property
    def a_reprendre(self) -> list[str]:
        """The articles that the quality asks to take up, when the deposit is that of one mission locale."""
        return list(self._mesurees[0]["a_reprendre"]) if len(self._mesurees) == 1 else []

    @property
    def _mesurees(self) -> list[dict[str, Any]]:
        lisible = self._sienne and self.livraison.etat in LISIBLES
        return list(self.rapport.get("qualite", {}).values()) if lisible else []

    @property
    def peut_abandonner(self) -> bool:
        """Whether the button « Abandonner » is shown."""
        return (
            self._decide
            or self.livraison.etat == E.A_RELIER
            or (self.importe and self.livraison.etat == E.RECUE and self.livraison.demarree_le is None)
        )

    @property
    def peut_remettre(self) -> bool:
        """Whether an earlier delivery may be put in force again."""
        return (
            self.importe and self.livraison.etat == E.APPLIQUEE and (not self.en_vigueur or bool(self.dont_remplaces))
        )

    @property
    def a_redeposer(self) -> bool:
        """Whether the way out is to deposit the files again."""
        return self.importe and self.livraison.etat in (E.REFUSEE, E.INTERROMPUE, E.ABANDONNEE)

    @property
    def vues(self) -> list[tuple[str, dict[str, int]]]:
        """Lines by view, without the reference tables."""
        return [(nom, comptes) for nom, comptes in self._vues() if not nom.startswith("Ref")]

    @property
    def tables_de_reference(self) -> list[tuple[str, dict[str, int]]]:
        """Lines by reference table."""
        return [(nom, comptes) for nom, comptes in self._vues() if nom.startswith("Ref")]

    def _vues(self) -> list[tuple[str, dict[str, int]]]:
        return sorted(self.rapport.get("vues", {}).items())

    @property
    def groupes(self) -> list[dict[str, Any]]:
        """What was set aside, by message: first the faults, then what they drag along."""
        groupes = [_avec_exemples(g) for g in self.rapport.get("par_message", []) if g["gravite"] == "quarantaine"]
        return sorted(groupes, key=lambda g: g["message"].endswith("ou sa ligne est mise à l'écart."))

    @property
    def avertissements(self) -> list[dict[str, Any]]:
        """What was read all the same, by message."""
        return [_avec_exemples(g) for g in self.rapport.get("par_message", []) if g["gravite"] != "quarantaine"]

    @property
    def effets(self) -> list[tuple[str, dict[str, int]]]:
        """Numbers created, changed, ended, by kind of object."""
        noms = {
            "structures": "Structures", "annexes": "Versions d'annexes", "missions_locales": "Missions locales",
            "communes": "Communes des ressorts",
        }  # fmt: skip
        return [(noms[cle], comptes) for cle, comptes in self.rapport.get("effets_par_objet", {}).items()]


def _avec_exemples(groupe: dict[str, Any]) -> dict[str, Any]:
    """Pair the first lines of a group with their values."""
    valeurs = groupe.get("valeurs") or []
    lignes = groupe.get("lignes") or []
    exemples = [
        {"ligne": ligne, "valeur": valeurs[rang] if rang < len(valeurs) else ""} for rang, ligne in enumerate(lignes)
    ]
    return {**groupe, "exemples": exemples}
