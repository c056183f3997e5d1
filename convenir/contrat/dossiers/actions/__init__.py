"""Acts on files. Each checks the right, opens one transaction, writes, journals, gives the next task."""

from convenir.contrat.dossiers.actions.instruction import (
    commenter,
    declarer_complet,
    deposer,
    obstacle_au_rejet,
    rejeter,
    renvoyer,
    repondre,
    retirer_commentaire,
)
from convenir.contrat.dossiers.actions.pieces import PieceAttendue, abandonner_demande, demander, joindre, retirer
from convenir.contrat.dossiers.actions.projet import (
    ActionEcrite,
    confirmer_les_actions,
    ecrire_action,
    ecrire_librement,
    retirer_action,
)
from convenir.contrat.dossiers.actions.redaction import (
    Conflit,
    Demande,
    Enregistrement,
    Saisie,
    confirmer_financements,
    demander_financement,
    demander_une_convention,
    enregistrer,
    ouvrir,
    retirer_financement,
)

__all__ = [
    "ActionEcrite",
    "Conflit",
    "Demande",
    "Enregistrement",
    "PieceAttendue",
    "Saisie",
    "abandonner_demande",
    "commenter",
    "confirmer_financements",
    "confirmer_les_actions",
    "declarer_complet",
    "demander",
    "demander_financement",
    "demander_une_convention",
    "deposer",
    "ecrire_action",
    "ecrire_librement",
    "enregistrer",
    "joindre",
    "obstacle_au_rejet",
    "ouvrir",
    "rejeter",
    "renvoyer",
    "repondre",
    "retirer",
    "retirer_action",
    "retirer_commentaire",
    "retirer_financement",
]
