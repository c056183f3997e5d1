"""Declaration of the application."""

from django.apps import AppConfig


class TerritoiresConfig(AppConfig):
    """Official geography and the zonings supplied by the users."""

    name = "convenir.socle.territoires"
    verbose_name = "Territoires"
