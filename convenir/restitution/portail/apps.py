"""The portal: layout, home page by role, lists, error pages."""

from django.apps import AppConfig


class PortailConfig(AppConfig):
    name = "convenir.restitution.portail"
    label = "portail"
    verbose_name = "Portail"
