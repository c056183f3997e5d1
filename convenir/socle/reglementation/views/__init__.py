"""Pages of « Textes et paramètres »."""

from convenir.socle.reglementation.views.ajouts import ajouter_valeur, retirer_valeur
from convenir.socle.reglementation.views.lecture import historique, index, parametre
from convenir.socle.reglementation.views.locaux import ajouter_local, locaux, terminer_local
from convenir.socle.reglementation.views.textes import institutions, referentiel, texte, textes

__all__ = [
    "ajouter_local", "ajouter_valeur", "historique", "index", "institutions", "locaux",
    "parametre", "referentiel", "retirer_valeur", "terminer_local", "texte", "textes",
]  # fmt: skip
