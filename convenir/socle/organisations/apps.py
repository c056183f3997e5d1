"""Declaration of the application."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """State services, structures, funders and networks."""

    name = "convenir.socle.organisations"
    verbose_name = "Organisations"
