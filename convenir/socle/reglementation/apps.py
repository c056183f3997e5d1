"""Declaration of the application."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class ReglementationConfig(AppConfig):
    """The law as data: dated parameters, texts, local parameters."""

    name = "convenir.socle.reglementation"
    verbose_name = "Textes et paramètres"

    def ready(self) -> None:
        """Keep one reading of the added values per request."""
        from convenir.socle.reglementation import memoire

        request_started.connect(memoire.ouvrir, dispatch_uid="reglementation.ouvrir")
        request_finished.connect(memoire.fermer, dispatch_uid="reglementation.fermer")
