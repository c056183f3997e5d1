"""The read API and its tokens."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "convenir.restitution.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        """Give the journal the words of this module's acts."""
        from convenir.socle.journal.actes import declarer

        declarer("api.jeton.creer", "Création d'un jeton d'accès")
        declarer("api.jeton.revoquer", "Révocation d'un jeton d'accès")
