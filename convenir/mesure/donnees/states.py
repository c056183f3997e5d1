"""Life of a delivery: the one table of its states and of the moves between them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.capacites import Capacite


class EtatLivraison(TextChoices):
    """Where a delivery stands."""

    RECUE = "recue", "Reçue"
    CONTROLEE = "controlee", "Contrôlée"
    A_CONFIRMER = "a_confirmer", "À confirmer"
    APPLIQUEE = "appliquee", "Appliquée"
    REFUSEE = "refusee", "Refusée"
    ABANDONNEE = "abandonnee", "Abandonnée"
    INTERROMPUE = "interrompue", "Interrompue"
    A_RELIER = "a_relier", "Colonnes à relier"
    OUBLIEE = "oubliee", "Calculée, puis oubliée"
    ELIMINEE = "eliminee", "Éliminée"


E = EtatLivraison
# Appliquées un jour : elles en gardent la date, même éliminées.
APPLIQUEES = (E.APPLIQUEE, E.ELIMINEE)

# What happens next, told to the person on the page of the delivery.
SUITES: dict[str, str] = {
    E.RECUE: "Les fichiers sont lus et contrôlés. Rien n'est encore modifié.",
    E.CONTROLEE: "Le contrôle est fini. Rien n'est modifié tant que vous n'appliquez pas la livraison.",
    E.A_CONFIRMER: "Le contrôle est fini. Un point demande votre motif avant d'appliquer la livraison.",
    E.APPLIQUEE: "Cette livraison est appliquée : ce qu'elle apporte vaut tant qu'aucune autre ne la remplace.",
    E.REFUSEE: "Rien n'a été modifié. Corrigez le fichier à sa source, puis déposez-le de nouveau.",
    E.ABANDONNEE: "Rien n'a été modifié. Déposez de nouveau les fichiers si vous changez d'avis.",
    E.INTERROMPUE: "Le contrôle s'est arrêté avant la fin. Rien n'a été modifié. Déposez de nouveau les fichiers.",
    E.A_RELIER: "Des colonnes ou des fichiers ne sont pas reconnus. Reliez-les, puis relancez le contrôle.",
    E.OUBLIEE: "Les indicateurs sont calculés et figés. Les enregistrements sont supprimés.",
    E.ELIMINEE: "Ses copies sont éliminées, sur un bordereau visé par les Archives. Ses empreintes restent.",
}


@dataclass(frozen=True)
class Transition:
    """A move: its name, where from, where to, who may (None: the software itself), and the words of its button."""

    nom: str
    depuis: frozenset[str]
    vers: str
    capacite: Capacite | None
    libelle: str


def _t(nom: str, depuis: set[str], vers: str, capacite: Capacite | None, libelle: str) -> Transition:
    return Transition(nom, frozenset(depuis), vers, capacite, libelle)


_IMPORTER, _DEPOSER = Capacite.IMPORTER_DONNEES, Capacite.DEPOSER_MISSION_LOCALE
TRANSITIONS: dict[str, Transition] = {
    t.nom: t
    for t in (
        _t("controler", {E.RECUE}, E.CONTROLEE, None, "Contrôle fini"),
        _t("demander_confirmation", {E.RECUE, E.CONTROLEE}, E.A_CONFIRMER, None, "Motif demandé"),
        _t("refuser", {E.RECUE}, E.REFUSEE, None, "Livraison refusée"),
        _t("interrompre", {E.RECUE, E.A_RELIER, E.CONTROLEE, E.A_CONFIRMER}, E.INTERROMPUE, None, "Arrêt imprévu"),
        _t("relier", {E.RECUE}, E.A_RELIER, None, "Colonnes à relier"),
        # The way back of a mapping to be made: the same files are controlled again.
        _t("relancer", {E.A_RELIER}, E.RECUE, _DEPOSER, "Relancer le contrôle"),
        _t("oublier", {E.CONTROLEE, E.A_CONFIRMER}, E.OUBLIEE, _DEPOSER, "Calculer et oublier"),
        _t("appliquer", {E.RECUE, E.CONTROLEE, E.A_CONFIRMER}, E.APPLIQUEE, _IMPORTER, "Appliquer cette livraison"),
        _t("abandonner", {E.RECUE, E.A_RELIER, E.CONTROLEE, E.A_CONFIRMER}, E.ABANDONNEE, _IMPORTER, "Abandonner"),
        # The way back of an applied delivery: an earlier one, still kept, is put in force again.
        _t("remettre", {E.APPLIQUEE}, E.APPLIQUEE, _IMPORTER, "Remettre cette livraison en vigueur"),
        # No way back: nothing is left to read, and the visa of the Archives was needed.
        _t("eliminer", {E.APPLIQUEE}, E.ELIMINEE, None, "Élimination visée"),
    )
}


def verifier(nom: str, etat: str) -> Transition:
    """Return the transition `nom` if it starts from `etat`.

    Raises:
        ActionRefusee: naming the present state and what it allows.
    """
    transition = TRANSITIONS[nom]
    if etat not in transition.depuis:
        libelle = EtatLivraison(etat).label.lower()
        raise ActionRefusee(f"Cette livraison est {libelle}. {SUITES[etat]}")
    return transition


def possibles(etat: str) -> list[Transition]:
    """Return the moves a person may ask for from `etat`."""
    return [t for t in TRANSITIONS.values() if t.capacite is not None and etat in t.depuis]
