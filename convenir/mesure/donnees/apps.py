"""The files received from the ASP and the DGEFP: control, provenance, application."""

from django.apps import AppConfig


class DonneesConfig(AppConfig):
    name = "convenir.mesure.donnees"
    label = "donnees"
    verbose_name = "Livraisons de données"

    def ready(self) -> None:
        """Declare what of the deliveries may be archived."""
        from convenir.mesure.donnees import archives  # noqa: F401
