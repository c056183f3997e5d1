"""Control of received views: the format compiled to SQL, run by DuckDB over the pseudonymised copies."""

from convenir.mesure.donnees.controle.livraison import ResultatControle, controler
from convenir.mesure.donnees.controle.vue import CompteVue

__all__ = ["CompteVue", "ResultatControle", "controler"]
