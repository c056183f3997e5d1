"""Comparison of the structures of a delivery with the structures known. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import NamedTuple

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.identifiants import siret_valide
from convenir.socle.organisations.normalisation import texte_de_recherche

CATEGORIES = ("EI", "ETTI", "AI", "ACI", "EITI")
LONGUEURS = {"denomination": 200, "forme_juridique": 4, "code_naf": 6}
ERREURS_MONTREES = 20


class Cle(NamedTuple):
    """Key of a SIAE."""

    id_asp: int
    categorie: str

    @property
    def code(self) -> str:
        """« 900002-ACI »."""
        return f"{self.id_asp}-{self.categorie}"


@dataclass(frozen=True)
class StructureLue:
    """One SIAE as a delivery describes it; codes are those of the official geography, empty when unknown."""

    id_asp: int
    categorie: str
    denomination: str
    siret_signature: str = ""
    siret_actualise: str = ""
    forme_juridique: str = ""
    code_naf: str = ""
    commune_code: str = ""
    departement_code: str = ""

    @property
    def cle(self) -> Cle:
        """Key (ASP id, category)."""
        return Cle(self.id_asp, self.categorie)

    @property
    def code(self) -> str:
        """« 900002-ACI »."""
        return self.cle.code


@dataclass(frozen=True)
class Etat:
    """What is stored of a structure and follows the deliveries; names are those of the model."""

    denomination: str
    siret_signature: str
    siret_actualise: str
    forme_juridique: str
    code_naf: str
    commune_id: str | None
    departement_id: str
    recherche: str
    suivie_jusquau: date | None = None

    def ecarts(self, autre: Etat) -> dict[str, object]:
        """Return the fields of `autre` that differ from these."""
        return {c.name: v for c in fields(self) if (v := getattr(autre, c.name)) != getattr(self, c.name)}


@dataclass(frozen=True)
class Reperes:
    """The official geography, as the comparison needs it.

    Attributes:
        communes: current commune code by code, old codes included.
        noms: name of each current commune.
        departement_de: département code of each current commune.
        departements: known département codes.
    """

    communes: Mapping[str, str]
    noms: Mapping[str, str]
    departement_de: Mapping[str, str]
    departements: Collection[str]

    def departement(self, ligne: StructureLue) -> str:
        """Return the département of a row: the one it says, else that of its commune, else empty."""
        if ligne.departement_code:
            return ligne.departement_code if ligne.departement_code in self.departements else ""
        return self.departement_de.get(self.communes.get(ligne.commune_code, ""), "")


@dataclass(frozen=True)
class Effets:
    """What a delivery does, or would do, to the structures: their codes, in order.

    Attributes:
        sans_commune: structures whose commune code is not in the official geography; kept, without commune.
    """

    crees: list[str] = field(default_factory=list)
    modifies: list[str] = field(default_factory=list)
    termines: list[str] = field(default_factory=list)
    sans_commune: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.crees or self.modifies or self.termines)


@dataclass(frozen=True)
class Comparaison:
    """Difference between a delivery and what is known."""

    a_creer: dict[Cle, Etat]
    a_modifier: dict[Cle, dict[str, object]]
    a_terminer: list[Cle]
    sans_commune: list[Cle]

    @property
    def effets(self) -> Effets:
        """Codes of the structures, for the report."""
        groupes = (self.a_creer, self.a_modifier, self.a_terminer, self.sans_commune)
        return Effets(*([cle.code for cle in sorted(groupe)] for groupe in groupes))


def defauts(ligne: StructureLue, reperes: Reperes) -> list[str]:
    """Return what forbids to record a row, in French; empty when it is sound."""
    trouves = []
    if ligne.categorie not in CATEGORIES:
        trouves.append(f"catégorie « {ligne.categorie} » inconnue ; attendu : {', '.join(CATEGORIES)}")
    if ligne.id_asp <= 0:
        trouves.append(f"identifiant ASP « {ligne.id_asp} » ; un entier positif est attendu")
    if not ligne.denomination.strip():
        trouves.append("dénomination vide")
    for champ in ("siret_signature", "siret_actualise"):
        if (siret := getattr(ligne, champ)) and not (siret.isdecimal() and siret_valide(siret)):
            trouves.append(
                f"{champ} « {siret} » n'est pas un SIRET (quatorze chiffres, le dernier contrôle les autres)"
            )
    trouves += [
        f"{champ} « {valeur} » dépasse {longueur} caractères"
        for champ, longueur in LONGUEURS.items()
        if len(valeur := getattr(ligne, champ)) > longueur
    ]
    if not reperes.departement(ligne):
        trouves.append(f"département « {ligne.departement_code} » inconnu de la géographie officielle")
    return trouves


def etat_lu(ligne: StructureLue, reperes: Reperes) -> Etat:
    """Return the state that a row gives to a structure."""
    commune = reperes.communes.get(ligne.commune_code)
    denomination = ligne.denomination.strip()
    recherche = texte_de_recherche(
        [denomination, reperes.noms.get(commune or "", ""), ligne.siret_signature, ligne.siret_actualise, ligne.code]
    )
    return Etat(
        denomination=denomination,
        siret_signature=ligne.siret_signature,
        siret_actualise=ligne.siret_actualise,
        forme_juridique=ligne.forme_juridique,
        code_naf=ligne.code_naf,
        commune_id=commune,
        departement_id=reperes.departement(ligne),
        recherche=recherche,
    )


def comparer(
    connues: Mapping[Cle, Etat], lignes: Iterable[StructureLue], reperes: Reperes, couverts: Collection[str] | None
) -> Comparaison:
    """Compare a delivery with what is known. The order of the rows does not matter.

    Args:
        connues: state stored by key.
        lignes: rows of the delivery; a row given twice identically counts once.
        reperes: official geography.
        couverts: codes of the départements that the delivery covers wholly, so that an absent structure has ended;
            None for those in which it has at least one structure.

    Raises:
        EntreeInvalide: a row cannot be recorded, or two rows of one key differ; the message lists the structures.
    """
    lues = _par_cle(lignes, reperes)
    etats = {cle: etat_lu(ligne, reperes) for cle, ligne in lues.items()}
    ecarts = {cle: connues[cle].ecarts(etat) for cle, etat in etats.items() if cle in connues}
    territoire = {e.departement_id for e in etats.values()} if couverts is None else couverts
    return Comparaison(
        a_creer={cle: etat for cle, etat in etats.items() if cle not in connues},
        a_modifier={cle: ecart for cle, ecart in ecarts.items() if ecart},
        a_terminer=[
            cle
            for cle, etat in connues.items()
            if cle not in etats and etat.suivie_jusquau is None and etat.departement_id in territoire
        ],
        sans_commune=[cle for cle, x in lues.items() if x.commune_code and x.commune_code not in reperes.communes],
    )


def _par_cle(lignes: Iterable[StructureLue], reperes: Reperes) -> dict[Cle, StructureLue]:
    lues: dict[Cle, StructureLue] = {}
    erreurs: set[str] = set()
    for ligne in lignes:
        erreurs.update(f"Structure {ligne.code} : {d}." for d in defauts(ligne, reperes))
        if lues.setdefault(ligne.cle, ligne) != ligne:
            erreurs.add(
                f"Structure {ligne.code} : donnée deux fois avec un contenu différent. Gardez une seule ligne."
            )
    if erreurs:
        reste = len(erreurs) - ERREURS_MONTREES
        suite = [f"… et {reste} autre(s) structure(s) à corriger."] if reste > 0 else []
        raise EntreeInvalide("\n".join([*sorted(erreurs)[:ERREURS_MONTREES], *suite]))
    return lues
