"""Dated names of institutions, as data: strict reading of `noms_institutions.yaml` and choice of a name. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.lecture_yaml import LecteurSur
from convenir.socle.commun.periodes import Periode

FICHIER = Path(__file__).resolve().parent / "noms_institutions.yaml"
_OBLIGATOIRES = {"role", "sigle", "nom", "modele", "debut", "fin", "source", "verifie_le", "a_confirmer"}
_FACULTATIVES = {"zones", "regions", "departements"}
_REDECOUPAGE = {"le", "regions", "source"}


@dataclass(frozen=True)
class Territoire:
    """What a name needs to know of a territory: codes for the choice, words for the form."""

    nom: str = ""
    complement: str = ""
    zone: str = ""
    region: str = ""
    departement: str = ""


@dataclass(frozen=True)
class NomInstitution:
    """A name given by the texts, from `debut` (in) to `fin` (out), everywhere or in some territories."""

    role: str
    sigle: str
    nom: str
    modele: str
    debut: date | None
    fin: date | None
    source: str
    verifie_le: date
    a_confirmer: bool
    zones: frozenset[str] = field(default_factory=frozenset)
    regions: frozenset[str] = field(default_factory=frozenset)
    departements: frozenset[str] = field(default_factory=frozenset)

    def vaut(self, jour: date, territoire: Territoire) -> bool:
        """Tell whether the name holds on a day in a territory."""
        dans_le_temps = (self.debut is None or self.debut <= jour) and (self.fin is None or jour < self.fin)
        return dans_le_temps and (self.rang == 0 or self._nomme(territoire))

    def _nomme(self, territoire: Territoire) -> bool:
        return (
            territoire.zone in self.zones
            or territoire.region in self.regions
            or territoire.departement in self.departements
        )

    @property
    def rang(self) -> int:
        """How narrow the entry is: a département prevails over a région, a région over a zone, a zone over all."""
        return 3 if self.departements else 2 if self.regions else 1 if self.zones else 0

    def imprimer(self, territoire: Territoire) -> str:
        """Return the printed form: « DDETS du Rhône », or « DDETS » without territory."""
        if not territoire.complement:
            return self.modele.split("{")[0].removesuffix(", département ").rstrip(" (,")
        return self.modele.format(complement=territoire.complement, nom=territoire.nom)


@dataclass(frozen=True)
class NomsInstitutions:
    """All the names, and the day the map of the régions changed."""

    noms: tuple[NomInstitution, ...]
    redecoupage: date
    regions_redecoupees: frozenset[str]

    def au(self, role: str, jour: date, territoire: Territoire) -> NomInstitution:
        """Return the narrowest name of a role that holds on a day.

        Raises:
            KeyError: if the role is unknown; a known role always has a name, which the loader checks.
        """
        candidats = [n for n in self.noms if n.role == role and n.vaut(jour, territoire)]
        if not candidats:
            raise KeyError(role)
        return max(candidats, key=lambda n: n.rang)

    def forme(self, role: str, jour: date, territoire: Territoire) -> str:
        """Return the printed form of the name of a role on a day."""
        nom = self.au(role, jour, territoire)
        if role == "service_regional" and jour < self.redecoupage and territoire.region in self.regions_redecoupees:
            return f"{nom.sigle} (territoire actuel : {territoire.nom})"
        return nom.imprimer(territoire)


class _ChargeurStrict(LecteurSur):
    """Refuses a key written twice in the same entry, and a date that does not exist."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        vues: set[Hashable] = set()
        for cle_noeud, _ in node.value:
            cle = self.construct_object(cle_noeud, deep=deep)
            if cle in vues:
                raise EntreeInvalide(f"ligne {cle_noeud.start_mark.line + 1} : la clé « {cle} » est écrite deux fois.")
            vues.add(cle)
        return super().construct_mapping(node, deep=deep)

    def construct_date(self, node: yaml.ScalarNode) -> date:
        """Read a date, or say which one does not exist."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as erreur:
            raise EntreeInvalide(
                f"ligne {node.start_mark.line + 1} : « {node.value} » n'est pas une date."
            ) from erreur


_ChargeurStrict.add_constructor("tag:yaml.org,2002:timestamp", _ChargeurStrict.construct_date)


@cache
def noms_institutions() -> NomsInstitutions:
    """Return the names carried by the application, read once."""
    return lire_noms(FICHIER.read_text("utf-8"), FICHIER.name)


def lire_noms(texte: str, fichier: str) -> NomsInstitutions:
    """Read and check the names.

    Raises:
        EntreeInvalide: naming file, entry and key: unknown or missing key, bad date, empty source, gap or overlap.
    """
    try:
        contenu = yaml.load(texte, Loader=_ChargeurStrict)
    except EntreeInvalide as erreur:
        raise EntreeInvalide(f"{fichier}, {erreur}") from erreur
    except yaml.YAMLError as erreur:
        raise EntreeInvalide(f"{fichier} n'est pas du YAML lisible : {erreur}") from erreur
    _cles(contenu, {"redecoupage_des_regions", "noms"}, set(), fichier)
    redecoupage = contenu["redecoupage_des_regions"]
    _cles(redecoupage, _REDECOUPAGE, set(), f"{fichier}, redecoupage_des_regions")
    noms = tuple(_entree(e, f"{fichier}, noms[{i}]") for i, e in enumerate(contenu["noms"] or (), start=1))
    for role in sorted({n.role for n in noms}):
        _verifier_role([n for n in noms if n.role == role], f"{fichier}, rôle {role}")
    le = _date(redecoupage["le"], f"{fichier}, redecoupage_des_regions, le")
    return NomsInstitutions(noms, le, _codes(redecoupage["regions"], f"{fichier}, redecoupage_des_regions, regions"))


def _cles(entree: Any, obligatoires: set[str], facultatives: set[str], lieu: str) -> None:
    if not isinstance(entree, dict):
        raise EntreeInvalide(f"{lieu} : des clés sont attendues ici ({', '.join(sorted(obligatoires))}).")
    if inconnues := sorted(set(entree) - obligatoires - facultatives, key=str):
        raise EntreeInvalide(f"{lieu} : clé inconnue « {inconnues[0]} ». Retirez-la ou corrigez son nom.")
    if manquantes := sorted(obligatoires - set(entree)):
        raise EntreeInvalide(f"{lieu} : il manque la clé « {manquantes[0]} ».")


def _entree(entree: Any, lieu: str) -> NomInstitution:
    _cles(entree, _OBLIGATOIRES, _FACULTATIVES, lieu)
    for cle in ("role", "sigle", "nom", "modele", "source"):
        if not isinstance(entree[cle], str) or not entree[cle].strip():
            raise EntreeInvalide(f"{lieu}, {cle} : texte attendu, « {entree[cle]} » trouvé.")
    if not isinstance(entree["a_confirmer"], bool):
        raise EntreeInvalide(f"{lieu}, a_confirmer : true ou false attendu.")
    if sorted(_reperes(entree["modele"], lieu)) not in ([], ["complement"], ["nom"]):
        raise EntreeInvalide(f"{lieu}, modele : seuls {{complement}} ou {{nom}} peuvent y figurer, une fois.")
    champs: dict[str, Any] = {c: entree[c] for c in ("role", "sigle", "nom", "modele", "source", "a_confirmer")}
    for cle in ("debut", "fin"):
        champs[cle] = None if entree[cle] is None else _date(entree[cle], f"{lieu}, {cle}")
    for cle in sorted(_FACULTATIVES):
        champs[cle] = _codes(entree.get(cle) or [], f"{lieu}, {cle}")
    return NomInstitution(**champs, verifie_le=_date(entree["verifie_le"], f"{lieu}, verifie_le"))


def _reperes(modele: str, lieu: str) -> list[str]:
    try:
        return [nom for _, nom, _, _ in Formatter().parse(modele) if nom is not None]
    except ValueError as erreur:
        raise EntreeInvalide(f"{lieu}, modele : accolade mal fermée dans « {modele} ».") from erreur


def _date(valeur: Any, lieu: str) -> date:
    if type(valeur) is not date:
        raise EntreeInvalide(f"{lieu} : date attendue (AAAA-MM-JJ), « {valeur} » trouvé.")
    return valeur


def _codes(valeur: Any, lieu: str) -> frozenset[str]:
    if not isinstance(valeur, list) or not all(isinstance(v, str) for v in valeur):
        raise EntreeInvalide(f"{lieu} : liste de codes entre guillemets attendue.")
    return frozenset(valeur)


def _verifier_role(noms: list[NomInstitution], lieu: str) -> None:
    """Check that the general names follow one another without gap nor end, and that no two names compete."""
    generaux = sorted((n for n in noms if n.rang == 0), key=lambda n: n.debut or date.min)
    if not generaux or generaux[0].debut is not None or generaux[-1].fin is not None:
        raise EntreeInvalide(f"{lieu} : les noms généraux doivent couvrir tous les jours (première entrée sans début, "
                             "dernière sans fin).")  # fmt: skip
    for avant, apres in pairwise(generaux):
        if avant.fin != apres.debut:
            raise EntreeInvalide(f"{lieu} : « {avant.nom} » finit le {avant.fin} et « {apres.nom} » commence le "
                                 f"{apres.debut}. Ces deux dates doivent être la même.")  # fmt: skip
    for rang in (1, 2, 3):
        _verifier_recouvrements([n for n in noms if n.rang == rang], lieu)


def _verifier_recouvrements(noms: Iterable[NomInstitution], lieu: str) -> None:
    poses: list[NomInstitution] = []
    for nom in noms:
        periode = Periode(nom.debut or date.min, nom.fin)
        for autre in poses:
            communs = (
                (nom.zones & autre.zones) | (nom.regions & autre.regions) | (nom.departements & autre.departements)
            )
            if communs and periode.intersection(Periode(autre.debut or date.min, autre.fin)):
                raise EntreeInvalide(f"{lieu} : « {nom.nom} » et « {autre.nom} » valent le même jour pour "
                                     f"{', '.join(sorted(communs))}.")  # fmt: skip
        poses.append(nom)
