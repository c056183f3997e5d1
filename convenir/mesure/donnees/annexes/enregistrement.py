"""Recording of the annexes and conventions of a delivery: compare with what is known, write the difference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from convenir.mesure.donnees.annexes.lecture import COLONNES, AnnexeDuFichier
from convenir.mesure.donnees.annexes.rules import versions_retenues
from convenir.mesure.donnees.models import AnnexeLue, ConventionLue, Livraison
from convenir.socle.organisations.models import Structure

Cle = tuple[int, int]
LOT = 400
CHAMPS_LUS = tuple(champ for champ in COLONNES if champ != "numero_convention")


@dataclass
class ComparaisonAnnexes:
    """Difference between the annexes of a delivery and those known."""

    crees: list[AnnexeDuFichier] = field(default_factory=list)
    modifies: list[AnnexeDuFichier] = field(default_factory=list)
    termines: list[int] = field(default_factory=list)
    numeros_termines: list[str] = field(default_factory=list)
    demarquees: list[int] = field(default_factory=list)
    retenues: set[Cle] = field(default_factory=set)
    connues: int = 0


def comparer_annexes(annexes: Sequence[AnnexeDuFichier], couverts: Collection[str]) -> ComparaisonAnnexes:
    """Say what recording these annexes would change, and write nothing.

    Args:
        annexes: rows of the delivery, corrections applied.
        couverts: codes of the départements the delivery covers; an annexe known there and absent here has vanished.
    """
    resultat = ComparaisonAnnexes(retenues=versions_retenues(a for a in annexes if a.categorie))
    presentes = {annexe.cle for annexe in annexes}
    ids = {annexe.id_structure_asp for annexe in annexes}
    ids_annexes = {annexe.id_annexe for annexe in annexes}
    structures = cles_des_structures()
    connues: dict[Cle, tuple[Any, ...]] = {}
    for pk, numero, id_structure, departement, id_annexe, id_avenant, *etat in _lire_connues():
        cle = (id_annexe, id_avenant)
        connues[cle] = tuple(etat)
        retenue, disparue = etat[1], etat[3]
        if retenue and cle not in resultat.retenues and (id_annexe in ids_annexes or id_structure in ids):
            resultat.demarquees.append(pk)
        if disparue is None and (departement in couverts or id_structure in ids):
            resultat.connues += 1
            if cle not in presentes:
                resultat.termines.append(pk)
                resultat.numeros_termines.append(numero)
    for annexe in annexes:
        connue = connues.get(annexe.cle)
        structure = structures.get((annexe.id_structure_asp, annexe.categorie or ""))
        if connue is None:
            resultat.crees.append(annexe)
        elif connue != (annexe.empreinte, annexe.cle in resultat.retenues, structure, None):
            resultat.modifies.append(annexe)
    return resultat


def cles_des_structures() -> dict[tuple[int, str], int]:
    """Return the primary keys of the structures by ASP id and category."""
    return {(id_asp, cat): pk for id_asp, cat, pk in Structure.objects.values_list("id_asp", "categorie", "pk")}


def _lire_connues() -> Iterable[tuple[Any, ...]]:
    lignes = AnnexeLue.objects.order_by().values_list(
        "pk", "numero", "id_structure_asp", "structure__departement", "id_annexe", "id_avenant", "empreinte",
        "retenue", "structure", "disparue_le",
    )  # fmt: skip
    return lignes.iterator()


def enregistrer_annexes(comparaison: ComparaisonAnnexes, livraison: Livraison, jour: date) -> None:
    """Write the difference, inside the caller's transaction; what vanished is dated, never deleted.

    Args:
        comparaison: what `comparer_annexes` found, under the same lock.
        livraison: the delivery being applied.
        jour: day of the extraction, written on the annexes that vanished.
    """
    a_ecrire = [*comparaison.crees, *comparaison.modifies]
    structures = cles_des_structures()
    conventions = _enregistrer_conventions(a_ecrire, structures, livraison)
    # One version per annexe is marked: unmark first, so that no moment has two.
    for lot in _lots(comparaison.demarquees):
        AnnexeLue.objects.filter(pk__in=lot).update(retenue=False)
    objets = [_objet(annexe, structures, conventions, comparaison.retenues, livraison) for annexe in a_ecrire]
    AnnexeLue.objects.bulk_create(
        objets,
        update_conflicts=True,
        unique_fields=["id_annexe", "id_avenant"],
        update_fields=[*CHAMPS_LUS[3:], "id_structure_asp", "structure", "convention", "retenue", "disparue_le",
                       "livraison", "empreinte"],
        batch_size=LOT,
    )  # fmt: skip
    for lot in _lots(comparaison.termines):
        AnnexeLue.objects.filter(pk__in=lot).update(disparue_le=jour, retenue=False)


def _objet(
    annexe: AnnexeDuFichier,
    structures: dict[tuple[int, str], int],
    conventions: dict[tuple[int, str], int],
    retenues: set[Cle],
    livraison: Livraison,
) -> AnnexeLue:
    structure = structures.get((annexe.id_structure_asp, annexe.categorie or ""))
    return AnnexeLue(
        **{champ: getattr(annexe, champ) for champ in CHAMPS_LUS},
        structure_id=structure,
        convention_id=conventions.get((structure or 0, annexe.numero_convention)),
        retenue=annexe.cle in retenues,
        livraison=livraison,
        empreinte=annexe.empreinte,
    )


def _enregistrer_conventions(
    annexes: Iterable[AnnexeDuFichier], structures: dict[tuple[int, str], int], livraison: Livraison
) -> dict[tuple[int, str], int]:
    """Create or widen the conventions of these annexes; return their keys by structure and number."""
    bornes: dict[tuple[int, str], tuple[date, date]] = {}
    for annexe in annexes:
        structure = structures.get((annexe.id_structure_asp, annexe.categorie or ""))
        if structure is None or not annexe.numero_convention:
            continue
        cle = (structure, annexe.numero_convention)
        debut, fin = bornes.get(cle, (annexe.debut, annexe.fin_incluse))
        bornes[cle] = (min(debut, annexe.debut), max(fin, annexe.fin_incluse))
    connues = {(c.structure_id, c.numero): c for c in ConventionLue.objects.all()}
    objets = []
    for (structure, numero), (debut, fin) in bornes.items():
        connue = connues.get((structure, numero))
        if connue is not None:
            debut, fin = min(debut, connue.debut), max(fin, connue.fin_incluse)
        objets.append(
            ConventionLue(structure_id=structure, numero=numero, debut=debut, fin_incluse=fin, livraison=livraison)
        )
    ConventionLue.objects.bulk_create(
        objets, update_conflicts=True, unique_fields=["structure", "numero"],
        update_fields=["debut", "fin_incluse", "livraison"], batch_size=LOT,
    )  # fmt: skip
    return {(s, n): pk for s, n, pk in ConventionLue.objects.values_list("structure_id", "numero", "pk")}


def _lots(elements: Iterable[Any]) -> Iterable[list[Any]]:
    tous = list(elements)
    return (tous[rang : rang + LOT] for rang in range(0, len(tous), LOT))
