"""What each role may do: one declared table, read everywhere, and the reason of a refusal in words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from convenir.socle.comptes.roles import Role

if TYPE_CHECKING:
    from convenir.socle.comptes.acteur import Acteur


class Capacite(StrEnum):
    """Something a role may do; which objects it may do it on comes from the perimeter."""

    VOIR_STRUCTURES = "voir_structures"
    VOIR_MISSIONS_LOCALES = "voir_missions_locales"
    VOIR_MARQUES_SENSIBLES = "voir_marques_sensibles"
    IMPORTER_DONNEES = "importer_donnees"
    VOIR_LIVRAISONS = "voir_livraisons"
    DEPOSER_MISSION_LOCALE = "deposer_mission_locale"
    CORRIGER_DONNEES = "corriger_donnees"
    VOIR_PARAMETRES = "voir_parametres"
    AJOUTER_PARAMETRE = "ajouter_parametre"
    AJOUTER_PARAMETRE_LOCAL = "ajouter_parametre_local"
    VOIR_JOURNAL = "voir_journal"
    VOIR_JOURNAL_ENTIER = "voir_journal_entier"
    EFFACER_CHARGE = "effacer_charge"
    INVITER = "inviter"
    GERER_COMPTES = "gerer_comptes"
    VOIR_CONVENTIONS = "voir_conventions"
    REDIGER_DEMANDE = "rediger_demande"
    DEPOSER_DEMANDE = "deposer_demande"
    INSTRUIRE_CONVENTION = "instruire_convention"
    ENREGISTRER_AVIS = "enregistrer_avis"
    SIGNER_CONVENTION = "signer_convention"
    DECIDER_CONVENTION = "decider_convention"
    VOIR_OBJECTIFS = "voir_objectifs"
    NEGOCIER_OBJECTIFS = "negocier_objectifs"
    DONNER_AVIS_OBJECTIFS = "donner_avis_objectifs"
    VOIR_COMMISSION = "voir_commission"
    VOIR_TRAVAUX = "voir_travaux"
    ECRIRE_TRAVAUX = "ecrire_travaux"
    TENIR_ARCHIVES = "tenir_archives"


C = Capacite
LECTURE = frozenset({C.VOIR_STRUCTURES, C.VOIR_MISSIONS_LOCALES, C.VOIR_PARAMETRES})
PARTIE = frozenset({C.VOIR_CONVENTIONS, C.SIGNER_CONVENTION, C.VOIR_TRAVAUX})
INSTRUCTION = PARTIE | {
    C.INSTRUIRE_CONVENTION, C.ENREGISTRER_AVIS, C.DECIDER_CONVENTION, C.TENIR_ARCHIVES, C.VOIR_COMMISSION,
}  # fmt: skip
NEGOCIATION = frozenset({C.VOIR_OBJECTIFS, C.NEGOCIER_OBJECTIFS})
AVIS_SUR_OBJECTIFS = frozenset({C.VOIR_OBJECTIFS, C.DONNER_AVIS_OBJECTIFS})
CAPACITES_PAR_ROLE: dict[Role, frozenset[Capacite]] = {
    Role.NATIONAL: LECTURE
    | {
        C.VOIR_CONVENTIONS,
        C.VOIR_OBJECTIFS,
        C.VOIR_MARQUES_SENSIBLES,
        C.VOIR_LIVRAISONS,
        C.VOIR_JOURNAL,
        C.INVITER,
        C.VOIR_TRAVAUX,
    },
    Role.REGIONAL: LECTURE
    | INSTRUCTION
    | {
        C.VOIR_OBJECTIFS,
        C.VOIR_MARQUES_SENSIBLES,
        C.IMPORTER_DONNEES,
        C.VOIR_LIVRAISONS,
        C.CORRIGER_DONNEES,
        C.AJOUTER_PARAMETRE_LOCAL,
        C.VOIR_JOURNAL,
        C.INVITER,
    },
    Role.DEPARTEMENTAL: LECTURE
    | INSTRUCTION
    | NEGOCIATION
    | {
        C.VOIR_MARQUES_SENSIBLES,
        C.IMPORTER_DONNEES,
        C.VOIR_LIVRAISONS,
        C.CORRIGER_DONNEES,
        C.AJOUTER_PARAMETRE_LOCAL,
        C.VOIR_JOURNAL,
        C.INVITER,
    },
    Role.SIGNATAIRE: LECTURE
    | PARTIE
    | {
        C.DECIDER_CONVENTION,
        C.VOIR_OBJECTIFS,
        C.VOIR_MARQUES_SENSIBLES,
        C.VOIR_LIVRAISONS,
        C.VOIR_JOURNAL,
        C.VOIR_COMMISSION,
    },
    Role.DIRECTION_STRUCTURE: LECTURE
    | PARTIE
    | NEGOCIATION
    | {
        C.REDIGER_DEMANDE,
        C.DEPOSER_DEMANDE,
        C.DEPOSER_MISSION_LOCALE,
        C.ECRIRE_TRAVAUX,
        C.VOIR_MARQUES_SENSIBLES,
        C.VOIR_JOURNAL,
        C.INVITER,
    },
    Role.COLLABORATION_STRUCTURE: LECTURE
    | {
        C.VOIR_CONVENTIONS,
        C.REDIGER_DEMANDE,
        C.VOIR_OBJECTIFS,
        C.DEPOSER_MISSION_LOCALE,
        C.VOIR_MARQUES_SENSIBLES,
        C.VOIR_TRAVAUX,
        C.ECRIRE_TRAVAUX,
    },
    Role.FRANCE_TRAVAIL: LECTURE | PARTIE | AVIS_SUR_OBJECTIFS,
    Role.FINANCEUR: LECTURE | PARTIE | AVIS_SUR_OBJECTIFS,
    Role.MEMBRE_CDIAE: LECTURE - {C.VOIR_MISSIONS_LOCALES} | {C.VOIR_OBJECTIFS, C.VOIR_COMMISSION},
    Role.RESEAU: LECTURE - {C.VOIR_MISSIONS_LOCALES},
    Role.ANIMATION_REGIONALE: frozenset({C.VOIR_MISSIONS_LOCALES, C.VOIR_PARAMETRES}),
    Role.DONNEES_NATIONALES: frozenset({C.IMPORTER_DONNEES, C.VOIR_LIVRAISONS, C.VOIR_PARAMETRES, C.VOIR_JOURNAL}),
    Role.ADMINISTRATION: frozenset(
        {
            C.VOIR_PARAMETRES,
            C.AJOUTER_PARAMETRE,
            C.VOIR_JOURNAL,
            C.VOIR_JOURNAL_ENTIER,
            C.EFFACER_CHARGE,
            C.INVITER,
            C.GERER_COMPTES,
        }
    ),
}

# Held only by those whose organisation is a mission locale: the role is the same in a SIAE.
DUNE_MISSION_LOCALE = frozenset({C.DEPOSER_MISSION_LOCALE, C.ECRIRE_TRAVAUX})

EN_MOTS: dict[Capacite, str] = {
    C.VOIR_STRUCTURES: "consulter les structures et leurs fiches",
    C.VOIR_MISSIONS_LOCALES: "consulter les missions locales et leurs indicateurs",
    C.VOIR_MARQUES_SENSIBLES: "voir les petits effectifs des données sensibles",
    C.IMPORTER_DONNEES: "importer une livraison de données",
    C.VOIR_LIVRAISONS: "consulter les livraisons de données",
    C.DEPOSER_MISSION_LOCALE: "déposer les données de sa mission locale",
    C.CORRIGER_DONNEES: "corriger une donnée importée",
    C.VOIR_PARAMETRES: "consulter les textes et les paramètres",
    C.AJOUTER_PARAMETRE: "ajouter une valeur réglementaire",
    C.AJOUTER_PARAMETRE_LOCAL: "ajouter un paramètre local",
    C.VOIR_JOURNAL: "consulter le journal",
    C.VOIR_JOURNAL_ENTIER: "consulter le journal de toutes les organisations",
    C.EFFACER_CHARGE: "effacer le détail d'une entrée du journal",
    C.INVITER: "inviter une personne",
    C.GERER_COMPTES: "gérer les comptes",
    C.TENIR_ARCHIVES: "tenir les archives : bordereaux, visas, éliminations, versements",
    C.VOIR_CONVENTIONS: "consulter les conventions",
    C.REDIGER_DEMANDE: "rédiger une demande de convention",
    C.DEPOSER_DEMANDE: "ouvrir et déposer une demande de convention",
    C.INSTRUIRE_CONVENTION: "instruire une convention et préparer ses avenants",
    C.ENREGISTRER_AVIS: "enregistrer l'avis d'une commission",
    C.SIGNER_CONVENTION: "enregistrer une signature",
    C.VOIR_OBJECTIFS: "consulter les objectifs et leur négociation",
    C.NEGOCIER_OBJECTIFS: "négocier les objectifs d'une convention",
    C.DONNER_AVIS_OBJECTIFS: "donner l'avis de son organisation sur un objectif",
    C.VOIR_COMMISSION: "lire ce que le service dit à la commission",
    C.VOIR_TRAVAUX: "consulter le registre des travaux des missions locales",
    C.ECRIRE_TRAVAUX: "tenir le registre des travaux de sa mission locale",
    C.DECIDER_CONVENTION: "prendre une décision défavorable sur une convention",
}


def roles_ayant(capacite: Capacite) -> list[Role]:
    """Return the roles that hold a capability, in the order of their declaration."""
    return [role for role in Role if capacite in CAPACITES_PAR_ROLE[role]]


def raison_du_refus(acteur: Acteur, capacite: Capacite) -> str | None:
    """Say why a person may not do something, in one or two French sentences; None when they may."""
    if acteur.peut(capacite):
        return None
    acte = EN_MOTS[capacite]
    if acteur.adhesion is None:
        return (
            f"Pour {acte}, il faut une adhésion en cours à une organisation. Votre compte n'en a aucune aujourd'hui."
        )
    roles = ", ".join(str(role.label) for role in roles_ayant(capacite))
    return (
        f"Le rôle « {acteur.adhesion.get_role_display()} » que vous tenez pour {acteur.organisation} "
        f"ne permet pas {_de(acte)}. Rôles qui le permettent : {roles}."
    )


def _de(verbe: str) -> str:
    """Write « de » before a verb: « de gérer », « d'inviter »."""
    return f"d'{verbe}" if verbe[0] in "aeéiou" else f"de {verbe}"
