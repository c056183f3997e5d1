"""The law on a day: values of the files and values added by people, merged without rewriting the past. Pure.

A value holds from its date of effect until the next one. An added value takes the place of the one that has the same
date of effect, and closes the one before it; nothing is erased: `histoire` shows both. A value carried forward beyond
the year for which it is known says so (`reconduit`) and is to be confirmed.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import zip_longest
from typing import Any

from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.periodes import Periode
from convenir.socle.commun.valeurs_datees import Chronique, ValeurDatee
from convenir.socle.reglementation.catalogue import Catalogue
from convenir.socle.reglementation.definitions import Parametre, ValeurDeclaree
from convenir.socle.reglementation.scalaires import Scalaire, ecrire_scalaire

NON_TROUVE = "aucune valeur plus récente n'a été trouvée, la dernière connue est reconduite"
MOTIF = "iae.sorties.motif."


class ParametreInconnu(ErreurMetier):
    """No parameter has this code."""


class ValeurAbsente(ErreurMetier):
    """The parameter exists and has no known value on that day: it is « n. d. », never zero."""


@dataclass(frozen=True)
class ValeurApplicable:
    """A value on a day, with what makes it opposable: text, source, date last checked, doubt.

    `debut` is its date of effect; `fin` is the first day it no longer holds (None: still in force). `officiel` tells a
    text that the Journal officiel publishes.
    """

    code: str
    libelle: str
    valeur: Scalaire
    unite: str
    texte: str
    texte_code: str
    source: str
    verifie_le: date
    a_confirmer: bool
    debut: date
    fin: date | None
    portee: str
    affichage: str
    publie_le: date | None = None
    officiel: bool = True
    reconduit: bool = False
    pourquoi: str = ""
    note: str = ""
    ajout: int | None = None

    @property
    def nombre(self) -> Decimal:
        """The value as a number.

        Raises:
            TypeError: if the parameter is a text.
        """
        if isinstance(self.valeur, str):
            raise TypeError(f"{self.code} n'est pas un nombre.")
        return Decimal(self.valeur)

    @property
    def retard(self) -> int | None:
        """Days between the date of effect and the publication, when it came after."""
        return (self.publie_le - self.debut).days if self.publie_le and self.publie_le > self.debut else None


@dataclass(frozen=True)
class Ajout:
    """A value added by a person, and its withdrawal if any."""

    cle: int
    code: str
    declaree: ValeurDeclaree
    ajoute_le: datetime
    ajoute_par: str
    organisation: str
    motif: str
    retire_le: datetime | None = None
    retire_par: str = ""
    motif_retrait: str = ""


@dataclass(frozen=True)
class DefinitionLocale:
    """A reason of exit that a département holds as positive in a period."""

    cle: int
    departement: str
    motif: str
    periode: Periode
    libelle: str
    organe: str
    adopte_le: date
    reference: str


@dataclass(frozen=True)
class Priorite:
    """A public that a département holds as a priority in a period: the share sought, in percent, who adopted it."""

    departement: str
    public: str
    part: Decimal
    periode: Periode
    organe: str
    adopte_le: date
    reference: str


@dataclass(frozen=True)
class LigneHistoire:
    """One value of the history: in force in its time (`fin` = first day out), replaced, or withdrawn."""

    applicable: ValeurApplicable | None
    declaree: ValeurDeclaree
    fin: date | None
    etat: str
    ajout: Ajout | None = None

    @property
    def dernier_jour(self) -> date | None:
        """Last day on which it held."""
        return self.fin - timedelta(days=1) if self.fin else None


class Reglementation:
    """Every value of the law, merged once; batch code keeps one and asks it as often as needed, without SQL."""

    def __init__(
        self,
        catalogue: Catalogue,
        ajouts: Iterable[Ajout] = (),
        locales: Callable[[], Iterable[DefinitionLocale]] = tuple,
        priorites: Callable[[], Iterable[Priorite]] = tuple,
    ) -> None:
        self.catalogue = catalogue
        tous = sorted(ajouts, key=lambda a: (a.declaree.debut, a.cle))
        self.ajouts = tuple(a for a in tous if a.code in catalogue.parametres)
        self.orphelins = tuple(a for a in tous if a.code not in catalogue.parametres)
        self._lire_locales, self._lire_priorites = locales, priorites
        self._chroniques: dict[str, Chronique[ValeurApplicable]] = {}

    @cached_property
    def definitions_locales(self) -> tuple[DefinitionLocale, ...]:
        """Local sorties positives, read when first asked."""
        return tuple(self._lire_locales())

    @cached_property
    def toutes_les_priorites(self) -> tuple[Priorite, ...]:
        """Priority publics of every département, read when first asked."""
        return tuple(self._lire_priorites())

    def priorites(self, departement: str, jour: date) -> dict[str, Priorite]:
        """Return the priority publics of a département in force on a day, by code of public."""
        return {
            p.public: p for p in self.toutes_les_priorites if p.departement == departement and p.periode.contient(jour)
        }

    def definition(self, code: str) -> Parametre:
        """Return what a parameter is.

        Raises:
            ParametreInconnu: naming the nearest codes.
        """
        if code in self.catalogue.parametres:
            return self.catalogue.parametres[code]
        proches = difflib.get_close_matches(code, self.catalogue.parametres, n=3, cutoff=0.6)
        aide = f" Codes proches : {', '.join(proches)}." if proches else " La page « Textes et paramètres » les liste."
        raise ParametreInconnu(f"Le paramètre « {code} » n'existe pas.{aide}")

    def chronique(self, code: str) -> Chronique[ValeurApplicable]:
        """Return the values of a parameter in order of time; one that is carried forward is cut in two.

        Raises:
            ParametreInconnu: the code names nothing.
        """
        if code not in self._chroniques:
            parametre = self.definition(code)
            segments = [
                s for declaree, fin in self._paliers(parametre) for s in self._segments(parametre, declaree, fin)
            ]
            self._chroniques[code] = Chronique(segments)
        return self._chroniques[code]

    def valeur_ou_rien(self, code: str, jour: date, *, territoire: str | None = None) -> ValeurApplicable | None:
        """Return the value on a day, or None when no value is known on that day.

        Args:
            code: code of the parameter, always the general one.
            jour: calendar day.
            territoire: code of a département: its own amount (Mayotte) or its local definition prevails.

        Raises:
            ParametreInconnu: the code names nothing.
        """
        self.definition(code)
        variante = self.catalogue.variante(code, territoire) if territoire else None
        trouvee = self.chronique(variante.code if variante else code).au(jour)
        if trouvee is None:
            return None
        locale = self._locale(code, jour, territoire) if territoire and code.startswith(MOTIF) else None
        if locale is None:
            return trouvee.valeur
        return _localisee(trouvee.valeur, locale, self.definition(code).dire("positive"))

    def valeur(self, code: str, jour: date, *, territoire: str | None = None) -> ValeurApplicable:
        """Return the value on a day.

        Raises:
            ParametreInconnu: the code names nothing.
            ValeurAbsente: no value is known on that day.
        """
        trouvee = self.valeur_ou_rien(code, jour, territoire=territoire)
        if trouvee is None:
            libelle = self.definition(code).libelle
            raise ValeurAbsente(f"Aucune valeur n'est connue au {en_mots(jour)} pour « {libelle} » ({code}).")
        return trouvee

    def nombre(self, code: str, jour: date, *, territoire: str | None = None) -> Decimal:
        """Return a value as a number, in the unit of the parameter (25 for 25 %).

        Raises:
            ParametreInconnu, ValeurAbsente: as `valeur`.
            TypeError: the parameter is a text.
        """
        return self.valeur(code, jour, territoire=territoire).nombre

    def motifs_positifs_locaux(self, departement: str, jour: date) -> set[str]:
        """Return the reason codes that a département holds as positive on a day."""
        return {d.motif for d in self.definitions_locales if d.departement == departement and d.periode.contient(jour)}

    def terminee_le(self, code: str, jour: date) -> date | None:
        """Return the last day of a parameter that the texts ended before `jour`; None if it goes on or is unknown."""
        paliers = self._paliers(self.definition(code))
        fin = paliers[-1][1] if paliers else None
        return fin - timedelta(days=1) if fin is not None and fin <= jour else None

    def histoire(self, code: str) -> list[LigneHistoire]:
        """Return every value ever known, the newest first: in force in its time, replaced, withdrawn."""
        parametre = self.definition(code)
        ajouts = {a.cle: a for a in self.ajouts if a.code == code}
        lignes = [self._ligne(parametre, d, fin, ajouts.get(d.ajout or 0)) for d, fin in self._paliers(parametre)]
        gardees = {id(ligne.declaree) for ligne in lignes}
        lignes += [_ecartee(d, None, "remplacee") for d in parametre.valeurs if id(d) not in gardees]
        lignes += [_ecartee(a.declaree, a, "retiree") for a in ajouts.values() if a.retire_le]
        return sorted(lignes, key=lambda li: (li.declaree.debut, li.etat == "en_vigueur"), reverse=True)

    @cached_property
    def version(self) -> str:
        """SHA-256 of every value in force, local definitions included: a snapshot says which law it used."""
        lignes: list[list[Any]] = []
        for code in sorted(self.catalogue.parametres):
            for segment in self.chronique(code):
                v, p = segment.valeur, segment.periode
                lignes.append([code, str(p.debut), str(p.fin), ecrire_scalaire(v.valeur), v.texte, v.a_confirmer])
        for d in sorted(self.definitions_locales, key=lambda d: (d.departement, d.motif, d.periode.debut, d.cle)):
            lignes.append(["local", d.departement, d.motif, str(d.periode.debut), str(d.periode.fin)])
        return hashlib.sha256(json.dumps(lignes, ensure_ascii=False).encode()).hexdigest()

    def avec(self, code: str, declaree: ValeurDeclaree) -> Reglementation:
        """Return the law as it would be with one more added value, to show what it changes."""
        essai = Ajout(0, code, declaree, datetime.now(UTC), "", "", "")
        return Reglementation(self.catalogue, [*self.ajouts, *self.orphelins, essai], lambda: self.definitions_locales)

    def _paliers(self, parametre: Parametre) -> list[tuple[ValeurDeclaree, date | None]]:
        """Return the values in force with the first day each no longer holds."""
        par_debut = {v.debut: v for v in parametre.valeurs}
        par_debut |= {
            a.declaree.debut: a.declaree for a in self.ajouts if a.code == parametre.code and not a.retire_le
        }
        suite = [par_debut[debut] for debut in sorted(par_debut)]
        debuts = [v.debut for v in suite]
        return [(v, _fin(v, suivante)) for v, suivante in zip_longest(suite, debuts[1:])]

    def _segments(
        self, parametre: Parametre, declaree: ValeurDeclaree, fin: date | None
    ) -> list[ValeurDatee[ValeurApplicable]]:
        if declaree.renvoi:
            return self._suivre(parametre, declaree, Periode(declaree.debut, fin))
        valeur = self._applicable(parametre, declaree, fin)
        coupe = declaree.reconduit_depuis
        if coupe is None or (fin is not None and fin <= coupe):
            return [ValeurDatee(valeur, Periode(declaree.debut, fin))]
        reconduite = replace(valeur, reconduit=True, a_confirmer=True, pourquoi=_pourquoi_reconduite(declaree))
        return [
            ValeurDatee(valeur, Periode(declaree.debut, coupe)),
            ValeurDatee(reconduite, Periode(coupe, fin)),
        ]

    def _suivre(
        self, parametre: Parametre, declaree: ValeurDeclaree, periode: Periode
    ) -> list[ValeurDatee[ValeurApplicable]]:
        """Take the values of another parameter, under this one's name, in a period."""
        suivies = []
        for segment in self.chronique(declaree.renvoi):
            if commune := segment.periode.intersection(periode):
                v = segment.valeur
                debut, fin = max(v.debut, periode.debut), _premier(v.fin, periode.fin)
                nom = {"code": parametre.code, "libelle": parametre.libelle, "portee": parametre.portee}
                suivies.append(ValeurDatee(replace(v, debut=debut, fin=fin, **nom), commune))  # type: ignore[arg-type]
        return suivies

    def _applicable(self, parametre: Parametre, declaree: ValeurDeclaree, fin: date | None) -> ValeurApplicable:
        assert declaree.valeur is not None
        texte = self.catalogue.textes.get(declaree.texte)
        return ValeurApplicable(
            code=parametre.code,
            libelle=parametre.libelle,
            valeur=declaree.valeur,
            unite=parametre.unite,
            texte=declaree.reference or (texte.titre if texte else ""),
            texte_code=declaree.texte,
            source=declaree.source,
            verifie_le=declaree.verifie_le,
            a_confirmer=declaree.a_confirmer,
            debut=declaree.debut,
            fin=fin,
            portee=parametre.portee,
            affichage=parametre.dire(declaree.valeur),
            officiel=texte is None or texte.officiel,
            publie_le=declaree.publie_le or (texte.publie_le if texte else None),
            pourquoi=declaree.pourquoi,
            note=declaree.note,
            ajout=declaree.ajout,
        )

    def _ligne(
        self, parametre: Parametre, declaree: ValeurDeclaree, fin: date | None, ajout: Ajout | None
    ) -> LigneHistoire:
        applicable = None if declaree.renvoi else self._applicable(parametre, declaree, fin)
        return LigneHistoire(applicable, declaree, fin, "en_vigueur", ajout)

    def _locale(self, code: str, jour: date, departement: str) -> DefinitionLocale | None:
        motif = code.removeprefix(MOTIF)
        return next(
            (
                d
                for d in self.definitions_locales
                if d.departement == departement and d.motif == motif and d.periode.contient(jour)
            ),
            None,
        )


def _fin(valeur: ValeurDeclaree, suivante: date | None) -> date | None:
    return _premier(valeur.dernier_jour + timedelta(days=1) if valeur.dernier_jour else None, suivante)


def _premier(*jours: date | None) -> date | None:
    connus = [j for j in jours if j is not None]
    return min(connus) if connus else None


def _pourquoi_reconduite(declaree: ValeurDeclaree) -> str:
    reconduite = declaree.pourquoi_reconduit or NON_TROUVE
    return f"{declaree.pourquoi} ; {reconduite}" if declaree.pourquoi else reconduite


def _ecartee(declaree: ValeurDeclaree, ajout: Ajout | None, etat: str) -> LigneHistoire:
    return LigneHistoire(None, declaree, None, etat, ajout)


def _localisee(national: ValeurApplicable, locale: DefinitionLocale, affichage: str) -> ValeurApplicable:
    reference = f"{locale.organe}, {locale.reference}, adopté le {en_mots(locale.adopte_le)}"
    return replace(
        national,
        valeur="positive",
        affichage=affichage,
        texte=reference,
        texte_code="",
        source=reference,
        a_confirmer=False,
        pourquoi="",
        reconduit=False,
        debut=locale.periode.debut,
        fin=locale.periode.fin,
        portee=f"Département {locale.departement}",
        note=locale.libelle,
    )
