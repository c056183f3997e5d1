"""Pages of the deliveries."""

from convenir.mesure.donnees.views.liste import livraisons

__all__ = ["livraisons"]
