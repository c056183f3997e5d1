"""Recording of the structures of a delivery: read what is known, compare, write the difference, journal it once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import date
from itertools import islice
from typing import Any

from django.db import models, transaction

from convenir.socle.journal.actes import declarer
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import Nature, Organisation, Structure
from convenir.socle.organisations.perimetre import Perimetre
from convenir.socle.organisations.rules import Cle, Comparaison, Effets, Etat, Reperes, StructureLue, comparer
from convenir.socle.territoires.models import Commune, Departement
from convenir.socle.territoires.queries import communes_actuelles

ENREGISTRER_STRUCTURES = declarer("organisations.enregistrer_structures", "Structures mises à jour par une livraison")
CHAMPS = tuple(c.name for c in fields(Etat))
LOT = 500


def comparer_structures(lignes: Iterable[StructureLue], *, couverture: Perimetre | None = None) -> Effets:
    """Say what `enregistrer_structures` would do, and write nothing.

    Raises:
        EntreeInvalide: as `enregistrer_structures`.
    """
    return _comparer(list(lignes), couverture).effets


@transaction.atomic
def enregistrer_structures(
    lignes: Iterable[StructureLue], auteur: Auteur, jour: date, *, couverture: Perimetre | None = None
) -> Effets:
    """Bring the structures to what a delivery says: create, update what changed, end those that vanished.

    Nothing is ever deleted: a vanished structure gets `suivie_jusquau`, a returning one loses it. The same delivery
    twice writes nothing. One journal entry for the batch, with before and after of what changed.

    Args:
        lignes: rows of the delivery, in any order.
        auteur: who applies the delivery.
        jour: day of the extraction, written on the structures that vanished.
        couverture: territory that the delivery covers wholly (france, region or departement); None for the
            départements in which it has at least one structure; `Perimetre.aucun()` to end none.

    Raises:
        EntreeInvalide: a row cannot be recorded (unknown département or category, wrong SIRET, two rows for one key).
    """
    lues = list(lignes)
    comparaison = _comparer(lues, couverture)
    avant = _avant(comparaison)
    porteurs, porteurs_ecrits = _enregistrer_porteurs(lues)
    _creer(comparaison.a_creer, porteurs)
    _modifier(comparaison.a_modifier, porteurs)
    _terminer(comparaison.a_terminer, jour)
    effets = comparaison.effets
    if effets or porteurs_ecrits:
        journaliser(
            ENREGISTRER_STRUCTURES,
            ("organisations.Structure", jour.isoformat(), f"Structures de la livraison du {jour:%d/%m/%Y}"),
            auteur=auteur,
            avant=avant,
            apres=_apres(comparaison, jour) | {"porteurs": porteurs_ecrits},
        )
    return effets


def lire_reperes() -> Reperes:
    """Return the official geography as the rules need it (three queries)."""
    communes = list(Commune.objects.values_list("code", "nom", "departement"))
    return Reperes(
        communes=communes_actuelles(),
        noms={code: nom for code, nom, _ in communes},
        departement_de={code: departement for code, _, departement in communes},
        departements=set(Departement.objects.values_list("code", flat=True)),
    )


def _comparer(lignes: Sequence[StructureLue], couverture: Perimetre | None) -> Comparaison:
    connues = {
        Cle(id_asp, categorie): Etat(*valeurs)
        for id_asp, categorie, *valeurs in Structure.objects.values_list("id_asp", "categorie", *CHAMPS)
    }
    return comparer(connues, lignes, lire_reperes(), _departements_couverts(couverture))


def _departements_couverts(couverture: Perimetre | None) -> set[str] | None:
    if couverture is None:
        return None
    return {
        code
        for code, region in Departement.objects.values_list("code", "region")
        if couverture.couvre_departement(code, region)
    }


def _lots(elements: Iterable[Any]) -> Iterator[list[Any]]:
    reste = iter(elements)
    while lot := list(islice(reste, LOT)):
        yield lot


def _structures(cles: Iterable[Cle]) -> Iterator[Structure]:
    """Yield the structures of these keys, a batch at a time."""
    voulues = set(cles)
    for lot in _lots(sorted({cle.id_asp for cle in voulues})):
        for structure in Structure.objects.filter(id_asp__in=lot):
            if Cle(structure.id_asp, structure.categorie) in voulues:
                yield structure


def _ecraser(modele: type[models.Model], objets: Sequence[models.Model], champs: Iterable[str]) -> None:
    """Write some fields of existing rows in bulk, by upsert on the primary key."""
    modele._default_manager.bulk_create(
        objets, update_conflicts=True, unique_fields=["id"], update_fields=sorted(champs)
    )


def _champs_du_modele(attributs: Iterable[str]) -> set[str]:
    return {a.removesuffix("_id") for a in attributs}


def _enregistrer_porteurs(lignes: Sequence[StructureLue]) -> tuple[dict[int, int], int]:
    """Create or update the carrier of each ASP id; return their keys by ASP id and the number written.

    Several categories of one id share the carrier; the first in alphabetical order names it.
    """
    premieres: dict[int, StructureLue] = {}
    for ligne in sorted(lignes, key=lambda x: x.cle):
        premieres.setdefault(ligne.id_asp, ligne)
    connus = {
        o.code_externe: o for o in Organisation.objects.filter(nature=Nature.SIAE_PORTEUR).exclude(code_externe="")
    }
    nouveaux, changes = [], []
    for id_asp, ligne in premieres.items():
        voulu = {"nom": ligne.denomination.strip(), "siret": ligne.siret_actualise or ligne.siret_signature}
        porteur = connus.get(str(id_asp))
        if porteur is None:
            porteur = connus[str(id_asp)] = Organisation(nature=Nature.SIAE_PORTEUR, code_externe=str(id_asp), **voulu)
            nouveaux.append(porteur)
        elif any(getattr(porteur, champ) != valeur for champ, valeur in voulu.items()):
            porteur.nom, porteur.siret = voulu["nom"], voulu["siret"]
            changes.append(porteur)
    Organisation.objects.bulk_create(nouveaux)
    _ecraser(Organisation, changes, ("nom", "siret"))
    return {id_asp: connus[str(id_asp)].pk for id_asp in premieres}, len(nouveaux) + len(changes)


def _creer(a_creer: dict[Cle, Etat], porteurs: dict[int, int]) -> None:
    Structure.objects.bulk_create(
        Structure(id_asp=cle.id_asp, categorie=cle.categorie, porteur_id=porteurs[cle.id_asp], **asdict(etat))
        for cle, etat in sorted(a_creer.items())
    )


def _modifier(a_modifier: dict[Cle, dict[str, object]], porteurs: dict[int, int]) -> None:
    """Write the changed fields; a structure without carrier receives one."""
    objets, champs = [], {"porteur"}
    for structure in _structures(a_modifier):
        ecarts = a_modifier[Cle(structure.id_asp, structure.categorie)]
        for champ, valeur in ecarts.items():
            setattr(structure, champ, valeur)
        structure.porteur_id = structure.porteur_id or porteurs[structure.id_asp]
        champs |= _champs_du_modele(ecarts)
        objets.append(structure)
    if objets:
        _ecraser(Structure, objets, champs)


def _terminer(cles: Sequence[Cle], jour: date) -> None:
    for lot in _lots(structure.pk for structure in _structures(cles)):
        Structure.objects.filter(pk__in=lot).update(suivie_jusquau=jour)


def _avant(comparaison: Comparaison) -> dict[str, Any]:
    """Return the fields about to change, by code of structure."""
    avant: dict[str, Any] = {}
    for structure in _structures([*comparaison.a_modifier, *comparaison.a_terminer]):
        ecarts = comparaison.a_modifier.get(Cle(structure.id_asp, structure.categorie), {"suivie_jusquau": None})
        avant[structure.code] = _lisible({champ: getattr(structure, champ) for champ in ecarts})
    return avant


def _apres(comparaison: Comparaison, jour: date) -> dict[str, Any]:
    apres = {cle.code: _lisible(asdict(etat)) for cle, etat in comparaison.a_creer.items()}
    apres |= {cle.code: _lisible(ecarts) for cle, ecarts in comparaison.a_modifier.items()}
    return apres | {cle.code: {"suivie_jusquau": jour.isoformat()} for cle in comparaison.a_terminer}


def _lisible(champs: dict[str, Any]) -> dict[str, Any]:
    """Drop the derived search text; write dates as text."""
    return {
        champ.removesuffix("_id"): valeur.isoformat() if isinstance(valeur, date) else valeur
        for champ, valeur in champs.items()
        if champ != "recherche"
    }
