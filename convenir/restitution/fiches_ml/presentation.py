"""What a fiche of a mission locale prints, ready for the page and for the PDF: head figures, sentences, figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from convenir.mesure.indicateurs import queries_ml as ml
from convenir.mesure.indicateurs.rules import bornes_du_taux
from convenir.mesure.indicateurs.valeurs import Statut
from convenir.restitution.fiches_ml import graphiques, phrases
from convenir.restitution.fiches_ml.modele import FicheMl, LigneMl, Moment, SectionMl
from convenir.socle.commun import francais
from convenir.socle.figures.figure import Figure

TETE = ("ACT02", "ACT07", "RES01", "TX02")


@dataclass(frozen=True)
class SectionPresentee:
    """A section with its sentence and its figure."""

    section: SectionMl
    phrase: str
    figure: Figure | None


@dataclass(frozen=True)
class FicheMlPresentee:
    """The fiche, worded."""

    fiche: FicheMl

    @property
    def tete(self) -> list[tuple[LigneMl, str]]:
        """The four head figures, each with its sentence."""
        lignes = [ligne for code in TETE if (ligne := self.fiche.ligne(code))]
        return [(ligne, self._detail(ligne)) for ligne in lignes]

    def _detail(self, ligne: LigneMl) -> str:
        """The count behind a rate, and the same months of the year before."""
        valeur, i, avant = ligne.courante, ligne.indicateur, self.fiche.moments[1]
        effectif = f"{valeur.effectif}. " if i.unite == "%" and valeur.effectif else ""
        if self.fiche.moment.est_clos or self.fiche.masquee:
            return f"{effectif}{avant.annee} : {ligne.annees[1].texte}."
        memes = Moment(avant.annee, self.fiche.moment.mois, avant.jour)
        ancienne = self.fiche.valeurs.get(i.code, memes.cumul(i))
        return f"{effectif}{ancienne.texte} aux mêmes mois de {avant.annee}."

    @property
    def entetes(self) -> list[str]:
        """Years of the columns, the one in progress said so."""
        m = self.fiche.moment
        premiere = str(m.annee) if m.est_clos or not m.mois else f"{m.annee}, à fin {francais.MOIS_COURTS[m.mois - 1]}"
        return [premiere, *(str(a) for a in self.fiche.annees[1:])]

    @cached_property
    def _figures(self) -> Mapping[str, Figure]:
        return graphiques.toutes(self.fiche)

    @property
    def sections(self) -> list[SectionPresentee]:
        """Sections in the order of annexe 2."""
        return [
            SectionPresentee(s, phrases.section(self.fiche, s), self._figures.get(s.axe))
            for s in self.fiche.sections
            if s.lignes
        ]

    @property
    def qualite(self) -> list[LigneMl]:
        """What the figures themselves say of the entry: exits unknown, youths without proposition."""
        return [ligne for code in ("TX09", "TX06") if (ligne := self.fiche.ligne(code))]

    @property
    def manquants(self) -> list[str]:
        """Labels of the indicators without data this year."""
        lignes = [ligne for s in self.fiche.sections for ligne in s.lignes]
        cat = self.fiche.catalogue
        return [ml.libelle_entier(cat, x.indicateur) for x in lignes if x.courante.statut == Statut.MANQUANT]

    @property
    def nombre_indicateurs(self) -> int:
        """How many indicators the frame has."""
        return sum(len(s.lignes) for s in self.fiche.sections)

    @property
    def phrase_qualite(self) -> str:
        """How far the entry lets the results be read."""
        ligne = self.fiche.ligne("TX09")
        if ligne is None or not ligne.courante.est_disponible or not ligne.courante.denominateur:
            return "Aucune sortie n’est connue : les résultats des dispositifs ne se lisent pas encore."
        v = ligne.courante
        inconnues = int(v.numerateur or 0)
        if not inconnues:
            return "La situation de tous les jeunes sortis est connue : les taux de sortie se lisent sans réserve."
        sortis = francais.pluriel(inconnues, "jeune sorti", "jeunes sortis")
        return (
            f"La situation de {sortis} sur {francais.nombre(v.denominateur)} est inconnue.{self._bornes()} "
            f"Lisez les résultats avec cette réserve."
        )

    def _bornes(self) -> str:
        """Best and worst rate of durable exits, according to what the unknown ones became."""
        durable, inconnues = self.fiche.ligne("TX02"), self.fiche.ligne("RES03x")
        if durable is None or inconnues is None or durable.courante.numerateur is None:
            return ""
        if inconnues.courante.valeur is None or not durable.courante.denominateur:
            return ""
        bornes = bornes_du_taux(
            int(durable.courante.numerateur), int(inconnues.courante.valeur), int(durable.courante.denominateur)
        )
        if bornes is None:
            return ""
        bas, haut = (francais.pourcent(min(b, Decimal(100))) for b in bornes)
        return f" Selon elle, le taux de sortie en emploi durable irait de {bas} à {haut}."

    @property
    def periode(self) -> str:
        """« janvier à octobre 2026 », or the year."""
        m = self.fiche.moment
        return str(m.annee) if m.est_clos or not m.mois else f"janvier à {francais.MOIS[m.mois - 1]} {m.annee}"

    @property
    def voie(self) -> str:
        """How the values came."""
        return phrases.voie(self.fiche)

    @property
    def voies_autour(self) -> list[str]:
        """What to say of the territories: sums with double counts, or why there is nothing."""
        dits = []
        for a in self.fiche.autour:
            source = a.valeurs.get("ACT01", str(self.fiche.annee)).source
            if source == ml.SOMME:
                dits.append(f"{a.nom} : {ml.VOIES[ml.SOMME]}.")
        message = str(self.fiche.instantane.perimetre.get("message", ""))
        if message:
            dits.append(f"France : {message.replace(' d. : ', ' d., ')}.")
        return dits
