"""Manual corrections laid over what the files say, and what to tell when they disagree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from convenir.mesure.donnees.annexes.corrections import lire_valeur_annexe
from convenir.mesure.donnees.annexes.lecture import AnnexeDuFichier, Geographie, departement_de_commune
from convenir.mesure.donnees.models import Correction
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.organisations.rules import StructureLue


@dataclass
class Surcharge:
    """Outcome: the corrections that outlive this import, those that have run out, and what to say."""

    echues: list[int] = field(default_factory=list)
    ecarts: list[dict[str, Any]] = field(default_factory=list)


def corriger_lectures(
    structures: list[StructureLue],
    annexes: list[AnnexeDuFichier],
    corrections: Iterable[Correction],
    jour: date,
    geographie: Geographie,
) -> Surcharge:
    """Replace in place the values that a correction in force holds.

    A correction past its day no longer holds: the file's value comes back and the report says so.
    """
    resultat = Surcharge()
    rangs = {(s.id_asp, s.categorie): rang for rang, s in enumerate(structures)}
    par_cle = {annexe.cle: annexe for annexe in annexes}
    for correction in corrections:
        if correction.structure is not None:
            rang = rangs.get((correction.structure.id_asp, correction.structure.categorie))
            lue = None if rang is None else getattr(structures[rang], _champ_lu(correction.champ))
        else:
            annexe = par_cle.get((correction.annexe.id_annexe, correction.annexe.id_avenant))  # type: ignore[union-attr]
            lue = None if annexe is None else getattr(annexe, correction.champ)
        if correction.jusquau < jour:
            resultat.echues.append(correction.pk)
            resultat.ecarts.append(_dire(correction, lue, echue=True))
            continue
        if lue is not None and not _egale(correction, lue):
            resultat.ecarts.append(_dire(correction, lue, echue=False))
        if correction.structure is not None and rang is not None:
            structures[rang] = _structure(structures[rang], correction, geographie)
        elif correction.annexe is not None and annexe is not None:
            setattr(annexe, correction.champ, lire_valeur_annexe(correction.champ, correction.valeur))
    return resultat


def _champ_lu(champ: str) -> str:
    return "commune_code" if champ == "commune" else champ


def _structure(structure: StructureLue, correction: Correction, geographie: Geographie) -> StructureLue:
    champs: dict[str, Any] = {_champ_lu(correction.champ): correction.valeur}
    if correction.champ == "commune":
        departement = departement_de_commune(correction.valeur, geographie)
        champs["departement_code"] = departement or structure.departement_code
    return replace(structure, **champs)


def _egale(correction: Correction, lue: Any) -> bool:
    if correction.structure is not None:
        return str(lue) == correction.valeur
    return bool(lire_valeur_annexe(correction.champ, correction.valeur) == lue)


def _dire(correction: Correction, lue: Any, *, echue: bool) -> dict[str, Any]:
    objet = str(correction.objet)
    qui = f"{correction.auteur_nom}, le {en_mots(timezone.localdate(correction.faite_le))} : {correction.motif}"
    if echue:
        message = f"La correction a pris fin le {en_mots(correction.jusquau)} ; la valeur du fichier revient ({qui})."
    else:
        message = f"Le fichier dit autre chose ; la correction tient jusqu'au {en_mots(correction.jusquau)} ({qui})."
    return {
        "objet": objet, "champ": correction.libelle, "valeur_fichier": "" if lue is None else str(lue),
        "valeur_corrigee": correction.valeur, "message": message, "echue": echue,
    }  # fmt: skip
