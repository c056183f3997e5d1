"""Which delivery holds where: for each département, the last one put in force that covers it. Pure, with its SQL.

A delivery of one département leaves the others to the deliveries that cover them. The records in force of a view are
then those of several deliveries, each without the structures that another one holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.connexion import parquet

Cle = TypeVar("Cle", bound=int | str)
TERRITOIRE = "territoire"
# What attaches a line of a view to a structure: its column, and what this column names.
RATTACHEMENTS = {
    "Structure": ("structure_id_siae", "structure"),
    "AnnexeFinanciere": ("af_id_structure", "structure"),
    "ContratMission": ("contrat_id_structure", "structure"),
    "EtatMensuelIndiv": ("emi_afi_id", "annexe"),
    "Accompagnement": ("acc_afi_id", "annexe"),
    "Missions": ("mission_id_ctr", "contrat"),
    "Formations": ("formation_id_ctr", "contrat"),
    "Salarie": ("salarie_id", "personne"),
}
VUES_AGREGEES = frozenset({"BilanAnnexe", "SuiviDgefp", "ExportAnnexes", "AnnexeMois"})


@dataclass(frozen=True)
class Partie:
    """The records of a view in one delivery.

    Attributes:
        motif: glob of the Parquet files, `<delivery>/<view>/enregistrements/**/*.parquet`.
        remplaces: départements of the delivery where another one holds.
    """

    motif: str
    remplaces: frozenset[str] = frozenset()

    @property
    def dossier(self) -> Path:
        """Folder of the delivery."""
        return Path(self.motif.split("*")[0]).parent.parent


def repartir(couvertures: Mapping[Cle, Mapping[str, datetime]]) -> dict[Cle, frozenset[str]]:
    """Return the deliveries that hold somewhere, the latest first, with the départements another one has taken.

    Args:
        couvertures: for each delivery, since when it covers each département.
    """
    tenants = {
        departement: max((depuis[departement], cle) for cle, depuis in couvertures.items() if departement in depuis)[1]
        for departement in {d for depuis in couvertures.values() for d in depuis}
    }
    tenues = sorted(set(tenants.values()), key=lambda cle: (max(couvertures[cle].values()), cle), reverse=True)
    return {cle: frozenset(d for d in couvertures[cle] if tenants[d] != cle) for cle in tenues}


def relation(vue: str, parties: Sequence[Partie]) -> str:
    """Return the SQL relation of the records in force of a view.

    Args:
        vue: name of the view.
        parties: deliveries that hold somewhere, the latest first.
    """
    if vue.startswith("Ref"):
        parties = parties[:1]
    if len(parties) == 1 and not parties[0].remplaces:
        return _lire(parties[0].motif)
    morceaux = []
    for rang, partie in enumerate(parties):
        conditions = _tenues(vue, partie, parties[:rang])
        filtre = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        morceaux.append(f"SELECT * FROM {_lire(partie.motif)}{filtre}")
    return f"({' UNION ALL BY NAME '.join(morceaux)})"


def dans_les_departements(vue: str, parties: Sequence[Partie], departements: Collection[str]) -> str | None:
    """Return the relation of the records in force that lie in some départements, or None if they cannot be placed."""
    if vue in VUES_AGREGEES:
        return f"(SELECT * FROM {relation(vue, parties)} WHERE departement IN ({_liste(departements)}))"
    morceaux = []
    for rang, partie in enumerate(parties):
        voulues = f"{_structures(partie)} WHERE departement IN ({_liste(departements)})"
        dedans = _appartient(vue, partie, voulues)
        if dedans is None:
            return None
        conditions = " AND ".join([dedans, *_tenues(vue, partie, parties[:rang])])
        morceaux.append(f"SELECT * FROM {_lire(partie.motif)} WHERE {conditions}")
    return f"({' UNION ALL BY NAME '.join(morceaux)})"


def _tenues(vue: str, partie: Partie, recentes: Sequence[Partie]) -> list[str]:
    """Return the conditions on the lines of a delivery that still holds them."""
    if vue in VUES_AGREGEES:
        return [f"COALESCE(departement, '') NOT IN ({_liste(partie.remplaces)})"] if partie.remplaces else []
    if vue == "Salarie":
        # A person is the same wherever they work: the latest line says the most.
        return [f"salarie_id NOT IN (SELECT salarie_id FROM {_lire(autre.motif)})" for autre in recentes]
    exclues = []
    if partie.remplaces:
        exclues.append(f"{_structures(partie)} WHERE departement IN ({_liste(partie.remplaces)})")
    # A structure that has moved is in both: the latest delivery that holds it prevails.
    exclues += [
        f"{_structures(autre)}" + (f" WHERE departement NOT IN ({_liste(autre.remplaces)})" if autre.remplaces else "")
        for autre in recentes
    ]
    dehors = _appartient(vue, partie, " UNION ALL ".join(exclues)) if exclues else None
    return [f"NOT ({dehors})"] if dehors else []


def _appartient(vue: str, partie: Partie, structures: str) -> str | None:
    """Return the condition that a line belongs to one of the structures of a query, or None if nothing says it."""
    if vue not in RATTACHEMENTS:
        return None
    colonne, nommee = RATTACHEMENTS[vue]
    if nommee == "structure":
        return f"{colonne} IN ({structures})"
    if nommee == "annexe":
        annexes = parquet(partie.dossier / TERRITOIRE / "annexes.parquet")
        return f"{colonne} IN (SELECT id_annexe FROM {annexes} WHERE id_structure IN ({structures}))"
    contrats = partie.dossier / "ContratMission" / "enregistrements"
    if not contrats.is_dir():
        return None
    cle = "contrat_id_pph" if nommee == "personne" else "contrat_id_ctr"
    lus = _lire(str(contrats / "**" / "*.parquet"))
    return f"{colonne} IN (SELECT {cle} FROM {lus} WHERE contrat_id_structure IN ({structures}))"


def _structures(partie: Partie) -> str:
    return f"SELECT id_structure FROM {parquet(partie.dossier / TERRITOIRE / 'structures.parquet')}"


def _lire(motif: str) -> str:
    return f"read_parquet({texte(motif)}, union_by_name=true, hive_partitioning=false)"


def _liste(codes: Iterable[str]) -> str:
    return ", ".join(map(texte, sorted(codes))) or "''"
