"""Acts on conventions. Each checks the right, opens one transaction, writes, journals."""

from convenir.contrat.conventions.actions.annexes import etablir_pour_l_annee, revoir, saisir
from convenir.contrat.conventions.actions.avenants import NouvelAvenant, preparer_avenant
from convenir.contrat.conventions.actions.avis import AvisRendu, rendre_avis
from convenir.contrat.conventions.actions.constats import Signataire, SignatureRecue
from convenir.contrat.conventions.actions.creation import NouvelleConvention, creer
from convenir.contrat.conventions.actions.decisions import (
    Lettre,
    Projet,
    clore_manquement,
    decider_apres_controle,
    engager_manquement,
    notifier,
    observer,
    recevoir_recours,
    refuser,
    repondre_au_recours,
    reprendre_des_sommes,
    resilier,
)
from convenir.contrat.conventions.actions.lots import RapportDeLot, preparer_avenants
from convenir.contrat.conventions.actions.numerotation import tirer_reference
from convenir.contrat.conventions.actions.parapheurs import remettre_au_parapheur, revenir_du_parapheur
from convenir.contrat.conventions.actions.passages import accomplir, passer
from convenir.contrat.conventions.actions.reprises import reprendre, reprendre_nee_ailleurs
from convenir.contrat.conventions.actions.scans import deposer_scan
from convenir.contrat.conventions.actions.signatures import (
    annuler_signatures,
    deliberer,
    mettre_en_signature,
    relancer,
    retirer_de_la_signature,
    signer,
    substituer,
)
from convenir.contrat.conventions.actions.termes import Periode, TermesChanges, modifier_periode, modifier_termes

__all__ = [
    "AvisRendu",
    "Lettre",
    "NouvelAvenant",
    "NouvelleConvention",
    "Periode",
    "Projet",
    "RapportDeLot",
    "Signataire",
    "SignatureRecue",
    "TermesChanges",
    "accomplir",
    "annuler_signatures",
    "clore_manquement",
    "creer",
    "decider_apres_controle",
    "deliberer",
    "deposer_scan",
    "engager_manquement",
    "etablir_pour_l_annee",
    "mettre_en_signature",
    "modifier_periode",
    "modifier_termes",
    "notifier",
    "observer",
    "passer",
    "preparer_avenant",
    "preparer_avenants",
    "recevoir_recours",
    "refuser",
    "relancer",
    "remettre_au_parapheur",
    "rendre_avis",
    "repondre_au_recours",
    "reprendre",
    "reprendre_des_sommes",
    "reprendre_nee_ailleurs",
    "resilier",
    "retirer_de_la_signature",
    "revenir_du_parapheur",
    "revoir",
    "saisir",
    "signer",
    "substituer",
    "tirer_reference",
]
