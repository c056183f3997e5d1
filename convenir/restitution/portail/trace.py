"""What the page « d'où vient ce chiffre » prints: formula, funnel, files, history, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.parametres import CATEGORIES
from convenir.mesure.indicateurs.queries import Definition, Trace, libelle_modalite
from convenir.mesure.indicateurs.valeurs import Dispersion, Unite, ecrire
from convenir.restitution.portail.periodes import en_mots
from convenir.socle.commun import francais
from convenir.socle.figures.entonnoir import Ecart, Soustraction, entonnoir_lignes
from convenir.socle.figures.figure import Figure
from convenir.socle.organisations.models import Structure

SENS = {"hausse": "Plus haut, plus favorable", "baisse": "Plus bas, plus favorable"}


@dataclass(frozen=True)
class TracePresentee:
    """A figure and its source, worded."""

    structure: Structure
    instantane: Instantane
    definition: Definition
    trace: Trace

    @property
    def titre(self) -> str:
        """Name of the figure, with the public or reason it is about."""
        v = self.trace.valeur
        if not v.ventilation:
            return self.definition.libelle
        return f"{self.definition.libelle}, {libelle_modalite(v.ventilation, v.modalite, self.instantane).lower()}"

    @property
    def lieu(self) -> str:
        """Whose figure it is."""
        return f"{self.structure.denomination}, {self.structure.categorie}"

    @property
    def periode(self) -> str:
        """The period in words."""
        return en_mots(self.trace.valeur.periode)

    @property
    def sens(self) -> str:
        """Which way is favourable."""
        return SENS.get(self.definition.sens, "Sans sens favorable : le chiffre situe")

    @property
    def termes(self) -> list[tuple[str, str]]:
        """Parts of the numerator: (figure, name)."""
        return [(self._nombre(v), mots) for mots, v in self.trace.termes if v is not None]

    @property
    def numerateur(self) -> str:
        """The numerator, printed."""
        return self._nombre(self.trace.valeur.numerateur)

    @property
    def denominateur(self) -> str:
        """The denominator, printed; empty when the figure is not a ratio."""
        d = self.trace.valeur.denominateur
        return "" if d is None else self._nombre(d)

    @property
    def formule(self) -> str:
        """The formula read aloud."""
        somme = " plus ".join(f"{n} {mots}" for n, mots in self.termes) if self.termes else self.numerateur
        if not self.denominateur:
            return f"{somme}, soit {self.trace.valeur.texte}"
        return f"{somme}, divisé par {self.denominateur}, soit {self.trace.valeur.texte}"

    @property
    def est_somme(self) -> bool:
        """Tell whether the named terms add up to the numerator."""
        connus = [v for _, v in self.trace.termes if v is not None]
        return len(connus) > 1 and sum(connus, Decimal(0)) == self.trace.valeur.numerateur

    def _nombre(self, valeur: Decimal | None) -> str:
        if valeur is None:
            return ""
        if self.definition.unite == Unite.EUROS:
            return ecrire(valeur, Unite.EUROS)
        return francais.nombre(valeur, 0 if valeur == valeur.to_integral_value() else 2)

    @property
    def reserve(self) -> str:
        """What the effectif allows to say: unknown reasons, interval."""
        t, phrases = self.trace, []
        if t.inconnus and t.bornes:
            phrases.append(
                f"{francais.pluriel(t.inconnus, 'sortie a', 'sorties ont')} un motif inconnu, au dénominateur seul. "
                f"Selon lui, le taux irait de {francais.pourcent(t.bornes[0])} à {francais.pourcent(t.bornes[1])}."
            )
        if t.intervalle:
            phrases.append(
                f"Avec {francais.pluriel(int(t.valeur.denominateur or 0), 'sortie')}, l’intervalle à 95 % va de "
                f"{francais.pourcent(t.intervalle[0], 0)} à {francais.pourcent(t.intervalle[1], 0)}."
            )
        return " ".join([*phrases, t.note]).strip()

    @property
    def phrase_absences(self) -> str:
        """What the delivery lacks, by which the figure is missing; empty when it lacks nothing."""
        noms = self.trace.absences.noms
        if not noms:
            return ""
        quoi = francais.enumeration([f"la {nom}" for nom in noms])
        return (
            f"Il manque à la livraison {quoi}. Ce chiffre en dépend : il reste « n. d. », jamais compté comme zéro, "
            f"jusqu’à une livraison qui {'la' if len(noms) == 1 else 'les'} porte."
        )

    @property
    def parametres(self) -> list[dict[str, Any]]:
        """The parameters applied to this structure: those of other categories are left out."""
        autres = set(CATEGORIES) - {self.structure.categorie}
        return [
            {**p, "verifie_le": date.fromisoformat(p["verifie_le"])}
            for p in self.trace.parametres
            if p["code"].rpartition(".")[2] not in autres
        ]

    @property
    def entonnoir(self) -> Figure | None:
        """The funnel drawn; None when the lines are not known."""
        etapes = self.trace.etapes
        if not etapes:
            return None
        ecarts = tuple(Ecart(e.libelle, e.ecarte) for e in etapes[1:] if e.ecarte)
        fin = etapes[-1].effectif
        dont = (
            self.trace.valeur.numerateur
            if self.definition.unite == Unite.POURCENT and self._compte_exact(fin)
            else None
        )
        soustraction = Soustraction(
            etapes[0].libelle, etapes[0].effectif, ecarts, "Lignes comptées", int(dont) if dont is not None else None
        )
        return entonnoir_lignes(soustraction, cle="lignes", titre=f"De {etapes[0].effectif} à {fin} lignes")

    def _compte_exact(self, fin: int) -> bool:
        v = self.trace.valeur
        return v.denominateur == fin and v.numerateur is not None and v.numerateur <= fin

    @property
    def phrase_lignes(self) -> str:
        """The subtraction in words."""
        etapes = self.trace.etapes
        if not etapes:
            return "Le détail des lignes n’est pas disponible pour ce chiffre."
        ecartees = etapes[0].effectif - etapes[-1].effectif
        if not ecartees:
            lues = francais.pluriel(etapes[0].effectif, "ligne est comptée", "lignes sont comptées")
            return f"{lues} ; aucune n’est écartée."
        return (
            f"{francais.pluriel(etapes[0].effectif, 'ligne lue', 'lignes lues')}, "
            f"{francais.pluriel(ecartees, 'écartée', 'écartées')}, chacune pour un motif nommé. "
            f"Il en reste {francais.nombre(etapes[-1].effectif)}."
        )


@dataclass(frozen=True)
class ReperePresente(TracePresentee):
    """A figure of the territory, beside one of a structure: the median of its category, or the whole of the SIAE."""

    territoire: str
    dispersion: Dispersion | None = None

    @property
    def lieu(self) -> str:
        """Whose figure it is."""
        return self.territoire

    @property
    def titre(self) -> str:
        """Name of the figure, with the category when it is about one."""
        if self.dispersion:
            return f"{self.definition.libelle}, médiane des {self.structure.categorie}"
        if self.trace.valeur.ventilation == "categorie":
            return f"{self.definition.libelle}, ensemble des {self.structure.categorie}"
        return super().titre

    @property
    def reserve(self) -> str:
        """A median has neither interval nor bounds: those of the territory's rate are another figure's."""
        return "" if self.dispersion else super().reserve

    @property
    def numerateur(self) -> str:
        """A median has no fraction: it is one of the values in order."""
        return "" if self.dispersion else super().numerateur

    @property
    def quartiles(self) -> list[tuple[str, int, str]]:
        """What the spread says: (name, rank of the structure in the order of the values, value)."""
        if not self.dispersion:
            return []
        d, n = self.dispersion, self.dispersion.effectif
        rangs = (("Premier quartile", (n + 3) // 4, d.q1), ("Médiane", (n + 1) // 2, d.mediane),
                 ("Troisième quartile", (3 * n + 3) // 4, d.q3))  # fmt: skip
        return [(nom, rang, self._ecrire(v.valeur)) for nom, rang, v in rangs]

    def _ecrire(self, valeur: Decimal | None) -> str:
        return "" if valeur is None else ecrire(valeur, self.definition.unite)

    @property
    def phrase_lignes(self) -> str:
        """How the figure is drawn from the structures."""
        if not self.dispersion:
            return "Les lignes de chaque structure se comptent depuis sa fiche ; le territoire en fait la somme."
        structures = francais.pluriel(self.dispersion.effectif, f"structure {self.structure.categorie}",
                                      f"structures {self.structure.categorie}")  # fmt: skip
        return (
            f"{structures} du territoire, dont ce chiffre est connu. Leurs valeurs sont rangées de la plus basse à la "
            "plus haute ; le repère est celle du rang indiqué. Aucune n’est nommée."
        )
