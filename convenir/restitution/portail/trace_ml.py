"""What « d'où vient ce chiffre » prints for a mission locale: formula, definition of that date, months, breakdowns,
parameters, files, snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.indicateurs import queries_ml as ml
from convenir.mesure.indicateurs.definitions import Version
from convenir.mesure.indicateurs.gel_ml.sources import AGREGATS
from convenir.mesure.indicateurs.releves_ml.definitions import IndicateurMl
from convenir.mesure.indicateurs.valeurs import Statut, Unite, Valeur, ecrire
from convenir.restitution.fiches_ml import graphiques
from convenir.restitution.fiches_ml.assemblage import annees_des_termes, reserve
from convenir.restitution.fiches_ml.modele import FicheMl
from convenir.restitution.portail.periodes import en_mots
from convenir.restitution.portail.trace import SENS
from convenir.socle.commun import francais
from convenir.socle.figures.figure import Figure


@dataclass(frozen=True)
class DecoupagePresente:
    """A breakdown: its name, and the value of each modality with the share of the whole."""

    libelle: str
    lignes: tuple[tuple[str, Valeur, str], ...]


@dataclass(frozen=True)
class MoisPresente:
    """A month, the months since January, and the same of last year."""

    nom: str
    valeur: Valeur
    avant: Valeur


@dataclass(frozen=True)
class TraceMl:
    """A figure of a mission locale and its source, worded."""

    fiche: FicheMl
    indicateur: IndicateurMl
    valeur: Valeur

    @classmethod
    def de(cls, fiche: FicheMl, code: str, periode: str, ventilation: str, modalite: str) -> TraceMl | None:
        """Return the trace; None when this reader has no such figure."""
        i = fiche.catalogue.indicateurs.get(code)
        if i is None or not i.montre or (ventilation and ventilation not in i.ventilations):
            return None
        valeur = fiche.valeurs.get(code, periode, ventilation, modalite)
        cachee = valeur.statut == Statut.SECRET or (valeur.statut == Statut.MANQUANT and fiche.masquee)
        return None if cachee else cls(fiche, i, valeur)

    @property
    def titre(self) -> str:
        """Name of the figure, with what it is about."""
        libelle = ml.libelle_entier(self.fiche.catalogue, self.indicateur)
        v = self.valeur
        if not v.ventilation:
            return libelle
        return f"{libelle}, {ml.libelle_modalite(self.fiche.catalogue, v.ventilation, v.modalite).lower()}"

    @property
    def periode(self) -> str:
        """The period in words."""
        return en_mots(self.valeur.periode)

    @property
    def sens(self) -> str:
        """Which way is favourable."""
        return SENS.get(self.indicateur.sens, "Sans sens favorable : le chiffre situe")

    @property
    def numerateur(self) -> str:
        """The numerator, printed."""
        return self._nombre(self.valeur.numerateur)

    @property
    def denominateur(self) -> str:
        """The denominator, printed; empty when the figure is not a ratio."""
        return "" if self.valeur.denominateur is None else self._nombre(self.valeur.denominateur)

    def _nombre(self, valeur: Decimal | None) -> str:
        if valeur is None:
            return ""
        if self.indicateur.unite == Unite.EUROS and valeur == self.valeur.numerateur:
            return ecrire(valeur, Unite.EUROS)
        return francais.nombre(valeur, 0 if valeur == valeur.to_integral_value() else 2)

    @property
    def formule(self) -> str:
        """The formula read aloud."""
        debut = f"{self.numerateur} {self.indicateur.numerateur.mots}"
        if not self.denominateur or self.indicateur.denominateur is None:
            return f"{debut}, soit {self.valeur.texte}"
        return f"{debut}, divisé par {self.denominateur} {self.indicateur.denominateur.mots}, soit {self.valeur.texte}"

    @property
    def version(self) -> Version:
        """Version of the definition at the end of the year."""
        fin = date(self.fiche.annee, 12, 31)
        return [v for v in self.indicateur.versions if v.depuis <= fin][-1]

    @property
    def annees_des_termes(self) -> str:
        """Years of the numerator and of the denominator of a ratio of resources."""
        return annees_des_termes(self.indicateur, self.fiche.catalogue, self.fiche.moment)

    @property
    def reserve(self) -> str:
        """How complete the figure is, and its best and worst readings."""
        v = self.valeur
        return reserve(self.fiche.valeurs, v.indicateur, v.periode, v.ventilation, v.modalite)

    @property
    def rupture(self) -> str:
        """What changed in the definition over the years that the fiche shows; empty when nothing did."""
        return ml.rupture(self.indicateur, self.fiche.annees)

    @property
    def figure(self) -> Figure | None:
        """The months of the year, when the reader may see them."""
        if self.fiche.masquee or self.valeur.ventilation or not self.mois:
            return None
        avant = self.fiche.moments[1]
        return graphiques.courbe(self.fiche.valeurs, self.indicateur, self.fiche.moment, avant, "mois")

    @property
    def mois(self) -> list[MoisPresente]:
        """The closed months of the year beside those of the year before; none when it is not monthly."""
        if self.fiche.masquee or not {"mois", "stock"} & set(self.indicateur.periodes):
            return []
        lus = graphiques.mois_par_mois(self.fiche.valeurs, self.indicateur, self.fiche.moment, self.fiche.moments[1])
        return [
            MoisPresente(francais.MOIS[m - 1].capitalize(), v, a) for m, v, a in lus if m <= self.fiche.moment.mois
        ]

    @property
    def decoupages(self) -> list[DecoupagePresente]:
        """Every breakdown of the year; none for a reader outside."""
        if self.fiche.masquee:
            return []
        periode = self.fiche.moment.periode(self.indicateur)
        tout = self.fiche.valeurs.get(self.indicateur.code, periode)
        return [d for v in self.indicateur.ventilations if (d := self._decoupage(v, periode, tout)).lignes]

    def _decoupage(self, ventilation: str, periode: str, tout: Valeur) -> DecoupagePresente:
        cat = self.fiche.catalogue
        lues = self.fiche.valeurs.modalites(self.indicateur.code, periode, ventilation)
        rangs = {m.code: m.rang for m in cat.ventilations[ventilation].modalites}
        lignes = tuple(
            (ml.libelle_modalite(cat, ventilation, v.modalite), v, _part(v, tout, self.indicateur))
            for v in sorted(lues, key=lambda v: (rangs.get(v.modalite, 99), v.modalite))
        )
        return DecoupagePresente(cat.ventilations[ventilation].libelle, lignes)

    @property
    def parametres(self) -> list[Mapping[str, Any]]:
        """Parameters applied, as they were."""
        return [
            {**p, "verifie_le": date.fromisoformat(str(p["verifie_le"]))}
            for p in ml.parametres_de(self.fiche.instantane, self.indicateur, self.fiche.annee)
        ]

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables of the records that the figure is read from."""
        releves = self.fiche.catalogue.releves
        sources = [self.indicateur]
        for terme in (self.indicateur.numerateur, self.indicateur.denominateur):
            if terme and terme.indicateur in self.fiche.catalogue.indicateurs:
                sources.append(self.fiche.catalogue.indicateurs[terme.indicateur])
        return tuple(dict.fromkeys(t for i in sources if i.releve for t in releves[i.releve].tables))

    @property
    def fichiers(self) -> list[Mapping[str, Any]]:
        """Files behind the figure: those of its tables, or the aggregates received."""
        lus = self.fiche.instantane.fichiers
        connues = set(tables_missions_locales())
        return [f for f in lus if f["vue"] in self.tables or f["vue"] not in connues]

    @property
    def phrase_lignes(self) -> str:
        """What is known of the lines counted."""
        if self.valeur.source == AGREGATS:
            return (
                "Ce chiffre a été calculé par la mission locale sur sa machine : seuls les agrégats ont été transmis. "
                "Ses enregistrements n’ont pas quitté la mission locale."
            )
        noms = ", ".join(self.tables)
        return (
            f"Le chiffre se lit dans les tables {noms}. Aucun écran n’ouvre l’enregistrement d’un jeune : les "
            "fichiers sont désignés par leurs empreintes, qui restent quand ils sont effacés."
        )


def _part(valeur: Valeur, tout: Valeur, i: IndicateurMl) -> str:
    """Share of the whole, for a count."""
    if i.genre == "rapport" or not tout.valeur or valeur.valeur is None:
        return valeur.effectif if i.unite == Unite.POURCENT else ""
    return francais.pourcent(100 * valeur.valeur / tout.valeur)
