"""Writing to the journal: append an entry, erase a payload."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal import actes
from convenir.socle.journal.ancres import ancrer
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.droits import EFFACER, Demandeur
from convenir.socle.journal.empreintes import empreinte_charge, empreinte_entree, normaliser, texte_sur
from convenir.socle.journal.models import Charge, Entree, Tete

__all__ = ["ancrer", "effacer_charge", "journaliser"]

Objet = Model | tuple[str, str, str]


def journaliser(
    acte: str,
    objet: Objet,
    *,
    auteur: Auteur,
    avant: dict[str, Any] | None = None,
    apres: dict[str, Any] | None = None,
) -> Entree:
    """Append one entry, inside the caller's transaction: the act and its trace are written together or not at all.

    The head of the chain stays locked until the transaction ends: journal last, just before it does.

    Args:
        acte: code declared in `actes` (« comptes.adhesion_terminee »).
        objet: a saved model instance, or (type, identifier, label).
        avant: values before, without personal identity; dates, decimals and enumerations are written as texts.
        apres: values after.

    Raises:
        RuntimeError: outside a transaction.
        TypeError: for a value that has no agreed JSON form.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Journalisez dans la transaction de l'acte (transaction.atomic).")
    tete, _ = Tete.objects.select_for_update().get_or_create(pk=1)
    sel, avant, apres = secrets.token_hex(16), normaliser(avant), normaliser(apres)
    champs = _decrire(acte, objet, auteur) | {
        "numero": tete.numero + 1,
        "instant": timezone.now(),
        "charge_empreinte": empreinte_charge(sel, avant, apres),
        "precedente": tete.empreinte,
    }
    entree = Entree(**champs, empreinte=empreinte_entree(champs))
    entree.save()
    Charge.objects.create(entree=entree, sel=sel, avant=avant, apres=apres)
    tete.numero, tete.empreinte = entree.numero, entree.empreinte
    tete.save()
    return entree


def _decrire(acte: str, objet: Objet, auteur: Auteur) -> dict[str, Any]:
    """Return who, what and on what, each text cut to its column."""
    genre, identifiant, libelle = _objet(objet)
    return {
        "acteur_id": auteur.utilisateur_id,
        "acteur_nom": texte_sur(auteur.nom, 200),
        "organisation_id": auteur.organisation_id,
        "organisation_nom": texte_sur(auteur.organisation, 300),
        "requete_id": texte_sur(auteur.requete_id, 64),
        "acte": texte_sur(acte, 100),
        "objet_type": texte_sur(genre, 100),
        "objet_id": texte_sur(identifiant, 100),
        "objet_libelle": texte_sur(libelle, 300),
    }


def _objet(objet: Objet) -> tuple[str, str, str]:
    if isinstance(objet, Model):
        return objet._meta.label_lower, str(objet.pk), str(objet)
    return objet


def effacer_charge(numero: int, motif: str, *, demandeur: Demandeur) -> Entree:
    """Erase the before/after values of an entry (archives, RGPD) and journal the erasure; the chain stays whole.

    Must run inside a transaction. The salt goes with the values: the digest left in the entry says nothing of them.

    Raises:
        ActionRefusee: if the person may not erase.
        EntreeInvalide: no reason, no such entry, already erased, or an entry that is itself an erasure.
    """
    demandeur.exiger(EFFACER)
    if not motif.strip():
        raise EntreeInvalide("Dites pourquoi ce détail doit être effacé : le motif reste au journal.")
    charge = _charge_a_effacer(numero)
    objet = (Entree._meta.label_lower, str(numero), f"Entrée n° {numero}")
    effacement = journaliser(actes.CHARGE_EFFACEE, objet, auteur=demandeur.auteur, apres={"motif": motif.strip()})
    charge.sel, charge.avant, charge.apres, charge.effacee_le = "", None, None, effacement.instant
    charge.save()
    return effacement


def _charge_a_effacer(numero: int) -> Charge:
    charge = Charge.objects.select_for_update().select_related("entree").filter(pk=numero).first()
    if charge is None:
        raise EntreeInvalide(f"Le journal n'a pas d'entrée n° {numero}.")
    if charge.entree.acte == actes.CHARGE_EFFACEE:
        raise EntreeInvalide("Le motif d'un effacement ne s'efface pas : il en est la preuve.")
    if charge.effacee_le:
        raise EntreeInvalide(f"Le détail de l'entrée n° {numero} est déjà effacé.")
    return charge
