"""Acts on objectives. Each checks the right, opens one transaction, writes, journals, tells those concerned."""

from convenir.contrat.objectifs.actions.commun import ObjectifChange
from convenir.contrat.objectifs.actions.jugement import juger
from convenir.contrat.objectifs.actions.pose import (
    Changements,
    NouvelObjectif,
    modifier,
    poser,
    poser_sorties,
    retirer,
)
from convenir.contrat.objectifs.actions.positions import Reponse, donner_avis, ouvrir, repondre, reprendre

__all__ = [
    "Changements", "NouvelObjectif", "ObjectifChange", "Reponse", "donner_avis", "juger", "modifier", "ouvrir",
    "poser", "poser_sorties", "repondre", "reprendre", "retirer",
]  # fmt: skip
