"""Report of an import: what was read, what was set aside, what would change. The page and `--json` show the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from convenir.socle.commun.francais import enumeration, pluriel

LISTE_STOCKEE = 200
VERBES = {"crees": "créée", "modifies": "modifiée", "termines": "terminée"}
NOMS = {
    "structures": ("structure", "structures"),
    "annexes": ("version d'annexe", "versions d'annexes"),
    "agregats": ("valeur de référence", "valeurs de référence"),
    "missions_locales": ("mission locale", "missions locales"),
    "communes": ("commune d'un ressort", "communes des ressorts"),
}


class Issue(StrEnum):
    """How the import ended."""

    ESSAI = "essai"
    APPLIQUEE = "appliquee"
    A_CONFIRMER = "a_confirmer"
    REFUSEE = "refusee"
    DEJA_IMPORTEE = "deja_importee"


@dataclass
class Rapport:
    """What an import found and does, or would do.

    Attributes:
        vues: lines by outcome per view (`lues`, `acceptees`, `quarantaine`, `doublons`).
        anomalies: refusals and lines set aside (`fichier`, `ligne`, `colonne`, `valeur`, `message`).
        avertissements: what was read all the same, in the same shape.
        anomalies_total, avertissements_total: their full numbers; the lists may be cut, never the export.
        fichier_quarantaine: file where every one of them was written, when one was asked for.
        par_message: anomalies grouped, with their number and their first lines.
        effets: number of objects created, changed, ended.
        effets_par_objet: the same by kind of object (`structures`, `annexes`).
        details: the first codes and numbers of each.
        refus: why the delivery is refused whole.
        seuils: thresholds reached, which ask for a reason.
        sans_fin: files without a FIN line, which ask for a reason.
        couverture: years brought, by mission locale.
        qualite: what the quality of the entry asks for in the last year, by mission locale (`phrase`,
            `a_reprendre`).
        corrections: manual corrections that the files contradict, and those that have run out.
    """

    issue: Issue = Issue.ESSAI
    source: str = ""
    vues: dict[str, dict[str, int]] = field(default_factory=dict)
    anomalies: list[dict[str, Any]] = field(default_factory=list)
    avertissements: list[dict[str, Any]] = field(default_factory=list)
    anomalies_total: int = 0
    avertissements_total: int = 0
    par_message: list[dict[str, Any]] = field(default_factory=list)
    effets: dict[str, int] = field(default_factory=lambda: {"crees": 0, "modifies": 0, "termines": 0})
    effets_par_objet: dict[str, dict[str, int]] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    refus: list[str] = field(default_factory=list)
    seuils: list[dict[str, Any]] = field(default_factory=list)
    sans_fin: list[str] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    absentes: list[str] = field(default_factory=list)
    decrites: list[dict[str, Any]] = field(default_factory=list)
    sans_reference: dict[str, list[str]] = field(default_factory=dict)
    departements: list[str] = field(default_factory=list)
    couverture: dict[str, list[int]] = field(default_factory=dict)
    qualite: dict[str, dict[str, Any]] = field(default_factory=dict)
    date_extraction: str | None = None
    deja_importee: str | None = None
    livraison: str | None = None
    fichier_quarantaine: str | None = None

    @property
    def quarantaine(self) -> int:
        """Lines set aside, all views together."""
        return sum(vue["quarantaine"] for vue in self.vues.values())

    @property
    def demande_un_motif(self) -> bool:
        """Whether applying asks for a reason."""
        return bool(self.seuils or self.sans_fin)

    @property
    def phrase(self) -> str:
        """The report in one sentence, said first."""
        if self.refus:
            return f"La livraison est refusée, rien n'est modifié. {self.refus[0]}"
        if self.deja_importee:
            return f"Ces fichiers sont déjà en vigueur ({self.deja_importee}) : rien à faire."
        return f"{self.lecture} {self._phrase_effets()}"

    @property
    def lecture(self) -> str:
        """What was read, in one sentence."""
        lues = sum(vue["lues"] for vue in self.vues.values())
        ecart = (
            pluriel(self.quarantaine, "mise à l'écart", "mises à l'écart") if self.quarantaine else "aucune à l'écart"
        )
        return f"{pluriel(lues, 'ligne lue', 'lignes lues')}, {ecart}."

    def _phrase_effets(self) -> str:
        parts = [part for cle, mot in VERBES.items() if (part := self._part(cle, mot))]
        if not parts:
            return "Aucune mission locale ne change." if self.couverture else "Aucune structure ni annexe ne change."
        debut = "Effet" if self.issue is Issue.APPLIQUEE else "Si elle est appliquée"
        return f"{debut} : {enumeration(parts)}."

    def _part(self, effet: str, mot: str) -> str:
        comptes = [
            pluriel(comptes[effet], *NOMS[objet]) for objet, comptes in self.effets_par_objet.items() if comptes[effet]
        ]
        total = self.effets[effet]
        return f"{enumeration(comptes)} {mot}{'s' if total > 1 else ''}" if comptes else ""

    @property
    def listes_entieres(self) -> bool:
        """Whether every line set aside and every warning is in the lists."""
        return self.anomalies_total <= len(self.anomalies) and self.avertissements_total <= len(self.avertissements)

    def as_dict(self, *, limite: int | None = None) -> dict[str, Any]:
        """Return the report as data, with how many lines it lists; `limite` cuts the lists, for storage."""
        contenu = {
            **self.__dict__,
            "issue": str(self.issue),
            "phrase": self.phrase,
            "lecture": self.lecture,
            "quarantaine": self.quarantaine,
        }
        if limite is not None:
            for cle in ("anomalies", "avertissements"):
                contenu[cle] = contenu[cle][:limite]
        contenu["anomalies_listees"] = len(contenu["anomalies"])
        contenu["avertissements_listes"] = len(contenu["avertissements"])
        return contenu
