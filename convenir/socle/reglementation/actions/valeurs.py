"""Add a dated value to the law, withdraw one: the past record is never rewritten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.reglementation import actes
from convenir.socle.reglementation.actions.commun import annoncer, retirer, signer
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.definitions import Parametre, ValeurDeclaree
from convenir.socle.reglementation.droit import ValeurApplicable
from convenir.socle.reglementation.models import ValeurAjoutee
from convenir.socle.reglementation.queries import charger
from convenir.socle.reglementation.saisies import declaree_de
from convenir.socle.reglementation.scalaires import ecrire_scalaire, lire_scalaire


@dataclass(frozen=True)
class SaisieValeur:
    """A value to add, as entered; `texte` is how to cite the text, `motif` why it is added."""

    code: str
    debut: date
    valeur: str
    texte: str
    source: str
    motif: str
    texte_code: str = ""
    dernier_jour: date | None = None
    publie_le: date | None = None
    a_confirmer: bool = False
    pourquoi: str = ""


@dataclass(frozen=True)
class Apercu:
    """What an addition would change: the value on its date of effect, before and after."""

    avant: ValeurApplicable | None
    apres: ValeurApplicable
    remplace: bool
    suivis: list[str] = field(default_factory=list)


def apercu(saisie: SaisieValeur) -> Apercu:
    """Show what adding a value would change, without writing anything.

    Raises:
        ParametreInconnu: the code names nothing.
        EntreeInvalide: the entry is wrong; the message says what to mend.
    """
    droit = charger()
    declaree = _verifier(saisie, droit.definition(saisie.code))
    avant = droit.valeur_ou_rien(saisie.code, saisie.debut)
    apres = droit.avec(saisie.code, declaree).valeur(saisie.code, saisie.debut)
    suivis = [p.libelle for p in droit.catalogue.parametres.values() if any(_suit(v, saisie) for v in p.valeurs)]
    return Apercu(avant, apres, avant is not None and avant.debut == saisie.debut, suivis)


def _suit(valeur: ValeurDeclaree, saisie: SaisieValeur) -> bool:
    apres_la_fin = valeur.dernier_jour is not None and valeur.dernier_jour < saisie.debut
    return valeur.renvoi == saisie.code and not apres_la_fin


def _verifier(saisie: SaisieValeur, parametre: Parametre) -> ValeurDeclaree:
    try:
        lire_scalaire(parametre.type, saisie.valeur, parametre.choix)
    except ValueError as erreur:
        raise EntreeInvalide(f"Valeur : {erreur}.") from erreur
    if saisie.dernier_jour and saisie.dernier_jour < saisie.debut:
        raise EntreeInvalide("Le dernier jour précède la date d'effet. Corrigez l'une des deux dates.")
    for nom, contenu in (("le texte", saisie.texte), ("la source", saisie.source), ("le motif", saisie.motif)):
        if not contenu.strip():
            raise EntreeInvalide(f"Indiquez {nom} : une valeur réglementaire n'est jamais seule.")
    if saisie.a_confirmer and not saisie.pourquoi.strip():
        raise EntreeInvalide("Dites pourquoi la valeur est à confirmer.")
    return declaree_de(_ligne(saisie, parametre), parametre)


def _ligne(saisie: SaisieValeur, parametre: Parametre) -> ValeurAjoutee:
    valeur = lire_scalaire(parametre.type, saisie.valeur, parametre.choix)
    return ValeurAjoutee(
        code=saisie.code,
        debut=saisie.debut,
        dernier_jour=saisie.dernier_jour,
        valeur=ecrire_scalaire(valeur),
        texte_code=saisie.texte_code,
        texte=saisie.texte.strip(),
        source=saisie.source.strip(),
        publie_le=saisie.publie_le,
        verifie_le=timezone.localdate(),
        a_confirmer=saisie.a_confirmer,
        pourquoi=saisie.pourquoi.strip() if saisie.a_confirmer else "",
        motif=saisie.motif.strip(),
    )


def ajouter_valeur(acteur: Acteur, saisie: SaisieValeur) -> ValeurAjoutee:
    """Add a dated value: it closes the former one on its date of effect; both stay in the history.

    Raises:
        ActionRefusee: the person may not add values.
        ParametreInconnu: the code names nothing.
        EntreeInvalide: the entry is wrong, or a value was already added at that date of effect.
    """
    acteur.exiger(Capacite.AJOUTER_PARAMETRE)
    vue = apercu(saisie)
    ligne = signer(_ligne(saisie, catalogue().parametres[saisie.code]), acteur)
    try:
        with transaction.atomic():
            ligne.save()
            avant = _valeur_en_journal(vue.avant) if vue.avant else None
            journaliser(
                actes.VALEUR_AJOUTEE, ligne, auteur=acteur.auteur, avant=avant, apres=_valeur_en_journal(vue.apres)
            )
    except IntegrityError as erreur:
        raise EntreeInvalide(
            f"Une valeur a déjà été ajoutée pour ce paramètre au {en_mots(saisie.debut)}. "
            "Retirez-la d'abord, depuis l'histoire du paramètre."
        ) from erreur
    annoncer()
    return ligne


def retirer_valeur(acteur: Acteur, cle: int, motif: str) -> ValeurAjoutee:
    """Withdraw an added value: it stops counting and stays in the history.

    Raises:
        ActionRefusee: the person may not.
        EntreeInvalide: no reason, no such value, or already withdrawn.
    """
    acteur.exiger(Capacite.AJOUTER_PARAMETRE)
    with transaction.atomic():
        ligne = ValeurAjoutee.objects.select_for_update().filter(pk=cle).first()
        retirer(ligne, acteur, motif, actes.VALEUR_RETIREE)
    assert ligne is not None
    return ligne


def _valeur_en_journal(valeur: ValeurApplicable) -> dict[str, Any]:
    return {
        "code": valeur.code,
        "valeur": ecrire_scalaire(valeur.valeur),
        "debut": valeur.debut.isoformat(),
        "texte": valeur.texte,
        "source": valeur.source,
        "a_confirmer": valeur.a_confirmer,
    }
