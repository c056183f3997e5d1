"""Correction of a value by hand, held against the next imports for a set time."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.db import transaction
from django.utils import timezone

from convenir.mesure.donnees import parametres, policies
from convenir.mesure.donnees.actions import actes
from convenir.mesure.donnees.actions.imports import verifier_motif
from convenir.mesure.donnees.annexes.corrections import lire_valeur_annexe, lire_valeur_structure
from convenir.mesure.donnees.annexes.lecture import AnnexeDuFichier
from convenir.mesure.donnees.models import AnnexeLue, Correction
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.periodes import ajouter_mois
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.actions import enregistrer_structures
from convenir.socle.organisations.models import Structure
from convenir.socle.organisations.perimetre import Perimetre
from convenir.socle.organisations.rules import StructureLue
from convenir.socle.territoires.models import Commune

Objet = Structure | AnnexeLue


@transaction.atomic
def corriger(objet: Objet, champ: str, valeur: str, motif: str, acteur: Acteur) -> Correction:
    """Correct one field of a structure or of a version of an annexe.

    The correction outlives the imports until `iae.correction.duree_mois` months from today; each import that disagrees
    says so in its report. A new correction of the same field replaces the one before.

    Args:
        objet: structure or version of an annexe.
        champ: one of `CHAMPS_STRUCTURE` or `CHAMPS_ANNEXE`.
        valeur: the right value, as typed (decimal comma accepted, dates AAAA-MM-JJ).
        motif: why; kept with the correction and in the journal.

    Raises:
        ActionRefusee: the role does not allow it, or the structure is outside the perimeter.
        EntreeInvalide: unknown field, unreadable value, value already held, empty reason.
    """
    acteur.exiger(Capacite.CORRIGER_DONNEES)
    structure = objet if isinstance(objet, Structure) else objet.structure
    policies.exiger_structure(acteur, structure)
    net, motif = _lire(objet, champ, valeur), verifier_motif(motif)
    actuelle = _valeur(objet, champ)
    if net == actuelle:
        raise EntreeInvalide("Cette valeur est déjà celle de Convenir : il n'y a rien à corriger.")
    precedente = _en_cours(objet, champ)
    if precedente is not None:
        precedente.levee_le = timezone.now()
        precedente.save(update_fields=["levee_le"])
    _ecrire(objet, champ, net, acteur.auteur)
    correction = Correction.objects.create(
        **_cible(objet),
        champ=champ,
        valeur=net,
        valeur_fichier=precedente.valeur_fichier if precedente else actuelle,
        motif=motif,
        auteur_id=acteur.auteur.utilisateur_id,
        auteur_nom=acteur.auteur.nom,
        jusquau=ajouter_mois(timezone.localdate(), parametres.duree_correction(timezone.localdate())),
    )
    journaliser(
        actes.CORRIGEE,
        objet,
        auteur=acteur.auteur,
        avant={champ: actuelle},
        apres={champ: net, "motif": motif, "jusquau": correction.jusquau},
    )
    return correction


@transaction.atomic
def lever(correction: Correction, motif: str, acteur: Acteur) -> None:
    """Lift a correction before its time: the value of the file comes back at once.

    Raises:
        ActionRefusee, EntreeInvalide: as `corriger`.
    """
    acteur.exiger(Capacite.CORRIGER_DONNEES)
    objet: Objet = correction.objet
    policies.exiger_structure(acteur, objet if isinstance(objet, Structure) else objet.structure)
    if correction.levee_le:
        raise EntreeInvalide("Cette correction est déjà levée.")
    motif = verifier_motif(motif)
    _ecrire(objet, correction.champ, correction.valeur_fichier, acteur.auteur)
    correction.levee_le = timezone.now()
    correction.save(update_fields=["levee_le"])
    journaliser(
        actes.CORRECTION_LEVEE,
        objet,
        auteur=acteur.auteur,
        avant={correction.champ: correction.valeur},
        apres={correction.champ: correction.valeur_fichier, "motif": motif},
    )


def _cible(objet: Objet) -> dict[str, Any]:
    return {"structure": objet} if isinstance(objet, Structure) else {"annexe": objet}


def _en_cours(objet: Objet, champ: str) -> Correction | None:
    return Correction.objects.select_for_update().filter(**_cible(objet), champ=champ, levee_le=None).first()


def _lire(objet: Objet, champ: str, valeur: str) -> str:
    if isinstance(objet, AnnexeLue):
        return str(lire_valeur_annexe(champ, valeur))
    net = lire_valeur_structure(champ, valeur)
    if champ == "commune" and not Commune.objects.filter(code=net).exists():
        raise EntreeInvalide(f"« {valeur} » n'est pas le code Insee d'une commune (par exemple 54323).")
    return net


def _valeur(objet: Objet, champ: str) -> str:
    """Return the present value, as a correction writes it."""
    if isinstance(objet, Structure):
        return str((objet.commune_id if champ == "commune" else getattr(objet, champ)) or "")
    valeur = getattr(objet, champ)
    return "" if valeur is None else str(lire_valeur_annexe(champ, str(valeur)))


def _ecrire(objet: Objet, champ: str, valeur: str, auteur: Auteur) -> None:
    if isinstance(objet, Structure):
        _ecrire_structure(objet, champ, valeur, auteur)
        return
    setattr(objet, champ, lire_valeur_annexe(champ, valeur) if valeur else None)
    if objet.fin_incluse < objet.debut:
        raise EntreeInvalide("L'annexe finirait avant de commencer.")
    objet.empreinte = _empreinte(objet)
    objet.save()


def _empreinte(annexe: AnnexeLue) -> str:
    valeurs = {c.name: getattr(annexe, c.name) for c in fields(AnnexeDuFichier) if c.name != "numero_convention"}
    numero = annexe.convention.numero if annexe.convention else ""
    return AnnexeDuFichier(**valeurs, numero_convention=numero).empreinte


def _ecrire_structure(structure: Structure, champ: str, valeur: str, auteur: Auteur) -> None:
    """Write through the same door as the imports, so that the search text and the département follow."""
    champs = {
        "denomination": structure.denomination,
        "siret_signature": structure.siret_signature,
        "siret_actualise": structure.siret_actualise,
        "forme_juridique": structure.forme_juridique,
        "code_naf": structure.code_naf,
        "commune_code": structure.commune_id or "",
        "departement_code": structure.departement_id,
    }
    champs["commune_code" if champ == "commune" else champ] = valeur
    if champ == "commune" and valeur:
        champs["departement_code"] = ""
    lue = StructureLue(structure.id_asp, structure.categorie, **champs)
    enregistrer_structures([lue], auteur, timezone.localdate(), couverture=Perimetre.aucun())
    structure.refresh_from_db()
